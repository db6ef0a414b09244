"""Reads the cells and headings of one document for statuses, with the legends it prints.

A view enters; answers about single texts leave. A letter or symbol says what the legend nearest to its table says.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

from extractors.nlp import fold
from extractors.views import TextView
from models.facts import Status
from pipeline.relations.status_rules import any_of, load_status_phrases, load_status_roots, load_status_rules

_MAX_LEGEND = 600
_MAX_SYMBOL = 6
_SYMBOL = r"[A-Za-z]{1,6}|[^\w\s.,;:()=/-]{1,3}|[+-]|\+/-|\(?[\u2713\u2714\u2717\u2718]\)?|\d"


class _LegendPatterns:
    """The patterns of ``M = met`` and ``met (M)``, each with a quick test that spares most texts the slow one."""

    def __init__(self, phrase: str) -> None:
        """Compile them."""
        sign = r"(?:=|:|\u2013|-|(?<=stands\s)for|means)"
        self._sign = re.compile(r"[=:\u2013-]|stands|means")
        self._forward_test = re.compile(rf"{sign}\s*{phrase}", re.IGNORECASE)
        self._forward = re.compile(rf"(?<!\w)({_SYMBOL})\s*(?:stands\s+)?{sign}\s*({phrase})", re.IGNORECASE)
        # a sign that is no letter needs no "=": "* met"; colours follow each other without one
        self._bare_test = re.compile(r"[^\w\s.,;:()=/'\"\u2013-]\)?\s+\w")
        self._bare = re.compile(rf"(?<!\w)(\([^\w\s]\)|[^\w\s.,;:()=/'\"\u2013-]{{1,2}})\s+({phrase})", re.IGNORECASE)
        colours = "|".join(load_status_rules().words.colours)
        self._colour = re.compile(rf"(?:,|;|\band)\s+\W?({colours})\W?\s+(?:is\s+|for\s+)?({phrase})", re.IGNORECASE)
        self._backward_test = re.compile(rf"\w\s*\((?:{_SYMBOL})\)")
        self._backward = re.compile(rf"({phrase})\s*\(({_SYMBOL})\)", re.IGNORECASE)

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """Return the symbols of a text with the phrases that explain them."""
        found: list[tuple[str, str]] = []
        if self._sign.search(text) and self._forward_test.search(text):
            found += self._forward.findall(text)
            found += self._colour.findall(text)
        elif self._bare_test.search(text):
            found += self._bare.findall(text)
        if len(self._backward_test.findall(text)) > 1 and load_status_roots().search(text.lower()):
            found += [(symbol, phrase) for phrase, symbol in self._backward.findall(text)]
        return found


@cache
def _load_legend_patterns() -> _LegendPatterns:
    """Return the compiled patterns; made once."""
    return _LegendPatterns(load_status_phrases().pattern)


def read_legend(texts: Sequence[str]) -> dict[str, Status]:
    """Return what letters and symbols stand for by texts that stand together, such as ``M = met, P = partly met``.

    A legend explains two symbols or more; a symbol explained in two ways is left out.
    """
    phrases, patterns = load_status_phrases(), _load_legend_patterns()
    legend: dict[str, Status] = {}
    clashes: set[str] = set()
    for text in texts:
        for symbol, phrase in patterns.pairs(text):
            status = phrases.of_phrase(phrase)
            if legend.setdefault(symbol, status) != status:
                clashes.add(symbol)
    if len(legend) < 2:
        return {}
    return {symbol: status for symbol, status in legend.items() if symbol not in clashes}


class StatusReader:
    """Reads the cells and headings of one document, with the legends it prints."""

    def __init__(self, view: TextView) -> None:
        """Keep the view; legends are looked for only when a cell needs one."""
        self._view = view
        self.phrases = load_status_phrases()
        words = load_status_rules().words
        self._headings = re.compile(any_of(words.headings))
        self._groups = re.compile(any_of(words.group_headings))
        self._titles = frozenset(map(fold, words.headings))
        self._states = frozenset(words.state_headings)
        self._said: dict[str, Status | None] = {}

    @cached_property
    def _legends(self) -> list[tuple[int, dict[str, Status]]]:
        """The legends of the document, each with the block where it begins."""
        return [(first, legend) for first, texts in self._runs() if (legend := read_legend(texts))]

    def _runs(self) -> Iterator[tuple[int, list[str]]]:
        """Yield runs of neighbouring blocks that explain symbols, and the captions of tables."""
        patterns = _load_legend_patterns()
        run: list[str] = []
        first = last = 0
        for number, block in enumerate(self._view.blocks):
            text = self._view.block_text(block) if len(block.span) <= _MAX_LEGEND else ""
            # a legend that opens with its first sign looks like an item of a list
            text = f"{block.marker} {text}" if block.marker and not block.marker[0].isalnum() else text
            if not text or not patterns.pairs(text):
                continue
            if run and number > last + 1:
                yield first, run
                run = []
            first, last = (first if run else number), number
            run.append(text)
        yield first, run
        for table in self._view.tables:
            cells = [block for row in table.rows for block in row if block is not None]
            if cells and table.caption:
                yield min(cells), [table.caption]

    def status_of(self, text: str, at: int) -> Status | None:
        """Return the status a cell says, in words or by the legend nearest to the block ``at``."""
        plain = text.strip()
        if plain not in self._said:
            self._said[plain] = self.phrases.of_cell(plain)
        status = self._said[plain]
        if status is None and self.is_symbol(plain):
            return self._by_legend(plain, at)
        return status

    def _by_legend(self, symbol: str, at: int) -> Status | None:
        """Return what the nearest legend says that explains a symbol."""
        for _, legend in sorted(self._legends, key=lambda legend: (abs(legend[0] - at), legend[0])):
            for form in (symbol, symbol.strip("()[]."), symbol.lower(), symbol.capitalize()):
                if form in legend:
                    return legend[form]
        return None

    def is_symbol(self, text: str) -> bool:
        """Tell whether a cell is short enough for a letter or symbol that a legend explains."""
        return 0 < len(text.strip()) <= _MAX_SYMBOL

    def is_nothing(self, text: str, at: int) -> bool:
        """Tell whether a cell says nothing, also by the legend nearest to the block ``at``."""
        return self.phrases.is_nothing(text) and self.status_of(text, at) is None

    def is_status_heading(self, heading: str) -> bool:
        """Tell whether a heading speaks of statuses."""
        return bool(self._headings.search(fold(heading)))

    def is_status_title(self, text: str) -> bool:
        """Tell whether a cell is nothing but a title such as ``Status``."""
        return fold(text).strip(" :") in self._titles

    def is_group_heading(self, heading: str) -> bool:
        """Tell whether a heading speaks of all participating States together."""
        return bool(self._groups.search(fold(heading)))

    def is_state_heading(self, heading: str) -> bool:
        """Tell whether a heading says that states stand below it."""
        return fold(heading).strip() in self._states
