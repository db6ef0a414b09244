"""The state that files a national plan.

What enters are the states of a view; what leaves is the one that title, cover, place, offices, language and the text
as a whole point to. With too little evidence, or two states nearly as likely, there is no answer.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.identity.dates import DatedPlace
from extractors.identity.rules import StateRules, has_phrase, load_identity_rules, plain
from extractors.identity.titles import Opening, Title, page_of
from extractors.views import TextView
from models.mentions import Hit

_OPENING_BLOCKS = 10
_SHORT_LINE = 60
_OFFICE_REACH = 40
# How much more often the filing state is named than the next one.
_OFTEN = 1.5


@dataclass(frozen=True, slots=True)
class FilingState:
    """A state's code, and the print that says most."""

    value: str
    page: int
    printed: str


@dataclass(slots=True)
class _Tally:
    """Weights by state, and each state's best print."""

    weights: Counter[str]
    prints: dict[str, tuple[int, int, str]]

    def add(self, code: str, weight: int, page: int, printed: str) -> None:
        """Count evidence for a state."""
        self.weights[code] += weight
        if code not in self.prints or self.prints[code][0] < weight:
            self.prints[code] = (weight, page, printed)


def read_state(
    view: TextView,
    opening: Opening,
    title: Title | None,
    states: Sequence[Hit],
    own_date: DatedPlace | None,
    language: str | None,
) -> FilingState | None:
    """Return the filing state, ``None`` when the evidence does not single one out."""
    rules = load_identity_rules().states
    tally = _Tally(Counter(), {})
    _weigh_opening(view, opening, title, states, rules, tally)
    _weigh_running(view, opening, states, rules, tally)
    _weigh_words(opening, own_date, language, rules, tally)
    _weigh_frequency(view, states, rules, tally)
    ranked = sorted(tally.weights.items(), key=lambda one: (-one[1], one[0]))
    if not ranked or ranked[0][1] < rules.threshold:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < rules.margin:
        return None
    _, page, printed = tally.prints[ranked[0][0]]
    return FilingState(ranked[0][0], page, printed)


def _weigh_opening(
    view: TextView, opening: Opening, title: Title | None, states: Sequence[Hit], rules: StateRules, tally: _Tally
) -> None:
    """Weigh states in the title, in short lines of the cover, and beside offices."""
    spans = title.spans if title else ()
    blocks = [one for one in opening.blocks[:_OPENING_BLOCKS] if len(one.text) <= _SHORT_LINE]
    for hit in states:
        code = hit.values[0]
        page = page_of(view, hit.span)
        if page is None or page > 2:
            break
        if title is not None and any(span.contains(hit.span) for span in spans):
            tally.add(code, rules.title, title.page, title.text)
            continue
        for one in blocks:
            if one.block.span.contains(hit.span):
                tally.add(code, rules.opening, one.page, one.text)
        around = view.text[max(0, hit.span.start - _OFFICE_REACH) : hit.span.end + _OFFICE_REACH]
        if any(has_phrase(plain(around), office) for office in rules.offices):
            tally.add(code, rules.office, page, around.replace("\n", " ").strip())


def _weigh_running(view: TextView, opening: Opening, states: Sequence[Hit], rules: StateRules, tally: _Tally) -> None:
    """Weigh states whose names, as the text prints them, stand in a repeated line."""
    names = {view.text[hit.span.start : hit.span.end]: hit.values[0] for hit in states if len(hit.span) > 3}
    for line in opening.running:
        for name in sorted(names):
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line):
                tally.add(names[name], rules.running, 1, line)


def _weigh_words(
    opening: Opening, own_date: DatedPlace | None, language: str | None, rules: StateRules, tally: _Tally
) -> None:
    """Weigh the place before the date, the language it was translated from, and its own."""
    if own_date is not None:
        place = plain(own_date.before)
        for code, capitals in rules.capitals.items():
            if any(has_phrase(place, capital) for capital in capitals):
                tally.add(code, rules.place, own_date.page, own_date.printed)
    for one in opening.blocks:
        text = plain(one.text)
        for code, name in rules.languages.values():
            if any(has_phrase(text, f"{lead} {name}") for lead in rules.translated_from):
                tally.add(code, rules.translated, one.page, one.text)
    if language in rules.languages:
        code, name = rules.languages[language]
        tally.add(code, rules.language, 1, name)


def _weigh_frequency(view: TextView, states: Sequence[Hit], rules: StateRules, tally: _Tally) -> None:
    """Weigh the state that the text names clearly more often than any other."""
    counts = Counter(hit.values[0] for hit in states if len(hit.values) == 1)
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:2]
    if not ranked or (len(ranked) > 1 and ranked[0][1] < _OFTEN * ranked[1][1]):
        return
    code = ranked[0][0]
    first = next(hit for hit in states if hit.values[0] == code)
    page = page_of(view, first.span)
    if page is not None and ranked[0][1] > 2:
        tally.add(code, rules.frequent, page, view.text[first.span.start : first.span.end])
