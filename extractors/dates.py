"""Dates in a text: calendar dates at any precision, ranges, deadlines and open intervals, as EDTF values.

What enters is a ``TextView``; what leaves are hits in text order, and doubts for what looks like a date but has no
year or no place in the calendar. Legal numbers, money, counts, labels and brands are refused by named rules
(``rules/dates.yml``, ``ignored_numbers`` shows which). Only the neighbourhood of a year or month is ever read closely.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc

from extractors.date_completion import complete_chain, lone_year
from extractors.date_context import Reading, Refusal, Stretch, read_group
from extractors.date_grammar import Chain, find_chains
from extractors.date_tokens import cut_tokens
from extractors.date_values import make_groups, read_values
from extractors.date_words import DateWords, load_date_words
from extractors.nlp import Finds
from extractors.views import Block, BlockKind, TextView
from models.dates import EdtfDate
from models.errors import EdtfError
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

_YEAR = re.compile(r"[12][0-9]\d\d")
_SHORT = re.compile(r"\d(?:Q\d\d|H\d\d|\d[./]\d\d[./]\d\d)|[QH][1-4]\s?['\u2019/]\d\d|FY\s?\d\d")
_MONTH = re.compile(r"[JFMASOND](?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec|AN|EB|AR|PR|AY|UN|UL|UG|EP|CT|OV|EC)")
_CODE = re.compile(r"[QH][1-4](?!\w)")
_LEFT, _RIGHT = 64, 44


@dataclass(slots=True)
class _Found:
    """What was found so far."""

    readings: list[Reading] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def find_dates(doc: Doc, view: TextView) -> Finds:
    """Return all dates of a view. ``doc`` holds the same text and is not needed by these rules."""
    found = _search(view)
    hits = tuple(_make_hit(reading) for reading in found.readings)
    return Finds(hits, tuple(found.doubts))


def ignored_numbers(view: TextView) -> tuple[tuple[Span, str], ...]:
    """Return what looks like a date and is none, each with the rule that says so."""
    return tuple((Span(refusal.start, refusal.end), refusal.rule_id) for refusal in _search(view).refusals)


def _make_hit(reading: Reading) -> Hit:
    return Hit(MentionKind.DATE, Span(reading.start, reading.end), (reading.value,), reading.rule_id)


def _search(view: TextView) -> _Found:
    """Read every block that holds a sign of a date."""
    found = _Found()
    words = load_date_words()
    for block, anchors in _anchors(view):
        _search_block(block, anchors, view, words, found)
    return found


def _anchors(view: TextView) -> Iterator[tuple[Block, list[int]]]:
    """Yield blocks with the offsets around which to read: years, and months or codes where a year may complete them."""
    text = view.text
    starts = [block.span.start for block in view.blocks]
    years: dict[int, list[int]] = {}
    for pattern in (_YEAR, _SHORT):
        for match in pattern.finditer(text):
            years.setdefault(bisect_right(starts, match.start()) - 1, []).append(match.start())
    months: dict[int, list[int]] = {}
    for match in _MONTH.finditer(text):
        months.setdefault(bisect_right(starts, match.start()) - 1, []).append(match.start())
    for match in _CODE.finditer(text) if "Q" in text or "H" in text else ():
        months.setdefault(bisect_right(starts, match.start()) - 1, []).append(match.start())
    for index in sorted(years.keys() | months.keys()):
        if index < 0:
            continue
        block = view.blocks[index]
        anchors = years.get(index, [])
        if anchors or _may_complete(block, months[index], text):
            yield block, sorted(anchors + months.get(index, []))


def _may_complete(block: Block, offsets: list[int], text: str) -> bool:
    """Tell whether a block without a year may hold a date: a heading gives the year, or a day stands by a month."""
    if block.cell is not None and lone_year(block.cell.heading):
        return True
    return any(text[max(0, offset - 4) : offset].strip(" of")[-1:].isdigit() for offset in offsets)


def _windows(block: Block, anchors: list[int], text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches to read: around each anchor, joined where they touch, cut at blanks."""
    low, high = block.span.start, block.span.end
    if high - low <= 2 * (_LEFT + _RIGHT):
        yield low, high
        return
    begin = stop = -1
    for anchor in anchors:
        start, end = max(low, anchor - _LEFT), min(high, anchor + _RIGHT)
        if begin >= 0 and start <= stop:
            stop = max(stop, end)
            continue
        if begin >= 0:
            yield _cut_at_blanks(begin, stop, low, high, text)
        begin, stop = start, end
    yield _cut_at_blanks(begin, stop, low, high, text)


def _cut_at_blanks(start: int, end: int, low: int, high: int, text: str) -> tuple[int, int]:
    """Move the ends of a window out to the next blanks, so that no number is cut."""
    while start > low and text[start - 1] != " ":
        start -= 1
    while end < high and text[end] != " ":
        end += 1
    return start, end


def _search_block(block: Block, anchors: list[int], view: TextView, words: DateWords, found: _Found) -> None:
    """Read all chains of a block; those without a year wait until the dates around them are known."""
    text = view.text
    waiting: list[tuple[Chain, Stretch]] = []
    here: list[Reading | Refusal] = []
    for start, end in _windows(block, anchors, text):
        tokens = cut_tokens(text, start, end, words.classes)
        stretch = Stretch(text, block.span.start, block.span.end, tokens, words)
        here += [Refusal(begin, stop, "not_date.number") for begin, stop in tokens.parts_of_numbers]
        for chain in find_chains(tokens, text):
            values = read_values(chain, tokens, text)
            if any(value is not None and value.year for value in values):
                here += _read_chain(chain, stretch)
            elif any(part.shape in "dmKu" for part in chain.parts):
                waiting.append((chain, stretch))
    if block.kind is BlockKind.CELL and _is_amount(block, view, words):
        here = [Refusal(one.start, one.end, "not_date.amount_cell") for one in here]
    dates = [one for one in here if isinstance(one, Reading)]
    for chain, stretch in waiting:
        completed = complete_chain(chain, stretch, dates, block.cell.heading if block.cell else "")
        here += completed.readings
        found.doubts += completed.doubts
    _keep(here, found)


def _read_chain(chain: Chain, stretch: Stretch) -> list[Reading | Refusal]:
    """Read the groups of a chain from left to right."""
    tokens, text = stretch.tokens, stretch.text
    first = tokens.starts[chain.parts[0].first]
    is_between = text[max(stretch.start, first - 8) : first].rstrip().lower().endswith("between")
    read: list[Reading | Refusal] = []
    for group in make_groups(chain, read_values(chain, tokens, text), is_between=is_between):
        one = read_group(group, read[-1] if read else None, stretch)
        if is_between and group.is_range and not read and isinstance(one[0], Reading):
            one[0].start = text.lower().rfind("between", stretch.start, first)
        read += one
    return read


def _is_amount(block: Block, view: TextView, words: DateWords) -> bool:
    """Tell whether a cell holds but a number under a heading that counts or measures."""
    if block.cell is None or block.cell.is_header or not block.cell.heading:
        return False
    text = view.block_text(block).strip(" ()*.,")
    return text.isdigit() and words.amount_heading.search(block.cell.heading) is not None


def _keep(here: list[Reading | Refusal], found: _Found) -> None:
    """Keep what the calendar has; the rest is a doubt."""
    for one in sorted(here, key=lambda reading: (reading.start, reading.end)):
        if isinstance(one, Refusal):
            found.refusals.append(one)
            continue
        try:
            EdtfDate.parse(one.value)
        except EdtfError as error:
            span = Span(one.start, one.end)
            found.doubts.append(Doubt(MentionKind.DATE, span, (one.value,), one.rule_id, str(error)))
            continue
        found.readings.append(one)
