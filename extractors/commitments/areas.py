"""Areas a to e of the commitments: ``commitments in area c``, ``point (c) commitments``, ``area b`` where meant.

In goes a view, out come hits with one letter or more. A letter counts right beside the word commitments; the noun area
alone counts where its paragraph, the headings above it or its table speak of commitments. Points of an article, list
letters and areas of other kinds do not. Numbers in brackets after an area (``(12 to 14)``) are commitments.
"""

import re
from collections.abc import Iterator
from functools import cache

from extractors.commitments.numbers import NumberGrammar, alternatives
from extractors.commitments.rules import CommitmentWords, load_commitment_rules
from extractors.commitments.tables import CommitmentTables
from extractors.pieces import split_pieces, word_of
from extractors.views import BlockKind, TextView
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

_HEADINGS = (BlockKind.TITLE, BlockKind.HEADING)
_COMMITMENT = re.compile(r"(?<![A-Za-z])commitments?(?![A-Za-z])", re.IGNORECASE)
_BESIDE_AFTER = re.compile(r"\s+(?:of\s+the\s+)?commitments?(?![A-Za-z])", re.IGNORECASE)
_BESIDE_BEFORE = re.compile(
    r"(?<![A-Za-z])commitments?(?:\s+(?:in|under|of|for|from|on|within|by|(?:belonging|related|relating)\s+to|(?:listed|set\s+out)\s+(?:in|under))"
    r"(?:\s+the)?\s+|\s*[(,:]\s*|\s+)$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r",?\s+of\s+(?:the\s+)?(?:article|protocol|paragraph|first|second|third|treaty|regulation|directive)\b",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*\((?=\s?(?:nos?\.?\s*)?\d)", re.IGNORECASE)
_SAFE_AFTER_ARTICLE = re.compile(
    r"\s*(?:[.,;:!?)\]/]|$|[-\u2013\u2014])|\s+(?:of\s+the\s+commitments|commitments?|[a-z]+s)\b"
)
_NUMBERED = re.compile(r"(?<![A-Za-z])commitments?\s+(?:nos?\.?\s+)?\d", re.IGNORECASE)
_LEAD = re.compile(r"[\W\d]*")
_BEFORE, _AFTER = 60, 200


class AreaPatterns:
    """The compiled patterns of the words, made once."""

    def __init__(self, words: CommitmentWords) -> None:
        """Compile."""
        self.strong = frozenset(words.area_nouns)
        every = (*words.area_nouns, *words.weak_area_nouns)
        self.heads = tuple(dict.fromkeys(word_of(split_pieces(noun)[0]) for noun in every))
        letter = r"\(?[a-eA-E](?![\w\u2019'])\)?"
        join = r"(?: ?, ?| ?,? (?:and|or|to) | ?[-\u2013&/] ?)"
        self.area = re.compile(
            rf"(?P<noun>{alternatives(every)})[ -](?P<list>{letter}(?:{join}{letter}){{0,4}})", re.IGNORECASE
        )
        self.not_area = re.compile(rf"(?<![\w-])(?:{alternatives(words.not_areas)})\s+$", re.IGNORECASE)
        self.safe = re.compile(rf"\s+(?:{alternatives(words.safe_after)})\b")


@cache
def load_area_patterns() -> AreaPatterns:
    """Return the compiled patterns; made once."""
    return AreaPatterns(load_commitment_rules().words)


class AreaFinder:
    """Finds areas in a view; one object per document."""

    def __init__(self, view: TextView, grammar: NumberGrammar, tables: CommitmentTables) -> None:
        """Keep what is needed."""
        self._view = view
        self._grammar = grammar
        self._tables = tables
        self._patterns = load_area_patterns()
        self._is_about: dict[int, bool] = {}

    def find(self) -> Iterator[Hit | Doubt]:
        """Yield areas, and the commitments in brackets behind them, in text order."""
        text = self._view.text
        for place in self._places():
            before = text[place - 1] if place else " "
            found = None if before.isalnum() or before in "_-" else self._patterns.area.match(text, place)
            if found is not None:
                yield from self._judge(found)

    def _places(self) -> list[int]:
        """Return where a noun might begin: asking each distinct piece is many times faster than searching the text."""
        pieces, heads = self._view.pieces(), self._patterns.heads
        return pieces.places_of(word_of(piece) for piece in pieces.distinct if piece.lower().startswith(heads))

    def _judge(self, found: re.Match[str]) -> Iterator[Hit | Doubt]:
        text = self._view.text
        lead = max(0, found.start() - _BEFORE)
        block_start = max(text.rfind("\n", lead, found.start()) + 1, lead)
        before = text[block_start : found.start()]
        stop = text.find("\n", found.end(), found.end() + _AFTER)
        after = text[found.end() : stop if stop >= 0 else found.end() + _AFTER]
        if self._patterns.not_area.search(before) or self._is_article(found, after):
            return
        beside = _BESIDE_BEFORE.search(before)
        behind = _BESIDE_AFTER.match(after)
        letters = _letters(found["list"])
        start = block_start + beside.start() if beside else found.start()
        span = Span(start, found.end() + (behind.end() if behind and not beside else 0))
        if _ARTICLE.match(after):
            if beside or behind:
                reason = "a point of an article, though the commitments are near"
                yield Doubt(MentionKind.COMMITMENT_AREA, span, letters, "commitment_area.commitments", reason)
            return
        if beside or behind:
            yield Hit(MentionKind.COMMITMENT_AREA, span, letters, "commitment_area.commitments")
            yield from self._numbers_behind(found.end(), after)
        elif found["noun"].lower() in self._patterns.strong and self._is_about_commitments(found.start()):
            yield Hit(MentionKind.COMMITMENT_AREA, span, letters, "commitment_area.alone")
            yield from self._numbers_behind(found.end(), after)

    def _is_article(self, found: re.Match[str], after: str) -> bool:
        """Tell whether the letter is the word ``a`` (``in the area a brigade``) or a letter of another word's."""
        letter = found["list"]
        if letter not in ("a", "A"):
            return False
        return not (_SAFE_AFTER_ARTICLE.match(after) or self._patterns.safe.match(after))

    def _is_about_commitments(self, offset: int) -> bool:
        """Tell whether the block at an offset, the headings above it or its table speak of commitments."""
        index = self._view.block_index_at(offset)
        if index not in self._is_about:
            self._is_about[index] = self._says_commitments(index)
        return self._is_about[index]

    def _says_commitments(self, index: int) -> bool:
        view = self._view
        block = view.blocks[index]
        if _COMMITMENT.search(view.block_text(block)):
            return True
        if block.cell is not None and block.cell.table < len(view.tables):
            return self._tables.is_about_commitments(view.tables[block.cell.table])
        if self._heads_commitments(index):
            return True
        return any(_COMMITMENT.search(heading) for heading in self._tables.headings_above(index))

    def _heads_commitments(self, index: int) -> bool:
        """Tell whether a block is a heading that begins with an area and whose own section numbers commitments."""
        view = self._view
        heading = view.blocks[index]
        lead = _LEAD.match(view.block_text(heading))
        start = heading.span.start + (lead.end() if lead else 0)
        if heading.kind not in _HEADINGS or not self._patterns.area.match(view.text, start):
            return False
        for block in view.blocks[index + 1 :]:
            if block.kind in _HEADINGS:
                return False
            if _NUMBERED.search(view.block_text(block)):
                return True
        return False

    def _numbers_behind(self, end: int, after: str) -> Iterator[Hit]:
        """Yield the commitments that brackets behind an area name: ``commitments in area c (12 to 14)``."""
        opened = _BRACKET.match(after)
        numbers = self._grammar.read(after, opened.end()) if opened else None
        if (
            opened
            and numbers
            and numbers.values
            and not numbers.outside
            and after[numbers.end :].lstrip().startswith(")")
        ):
            span = Span(end + opened.end(), end + numbers.end)
            yield Hit(MentionKind.COMMITMENT, span, tuple(map(str, numbers.values)), "commitment.number")


def _letters(printed: str) -> tuple[str, ...]:
    """Return the letters of a printed list or range, in lower case.

    >>> _letters("a to c"), _letters("(b) and (d)")
    (('a', 'b', 'c'), ('b', 'd'))
    """
    letters = [
        character for character in re.sub(r"(?i)\b(?:and|or|to)\b", " ", printed).lower() if character in "abcde"
    ]
    is_range = len(letters) == 2 and re.search(r"(?i)\bto\b|[-\u2013]", printed)
    if is_range and letters[0] < letters[1]:
        return tuple("abcde"["abcde".index(letters[0]) : "abcde".index(letters[1]) + 1])
    return tuple(letters)
