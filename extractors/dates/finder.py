"""Dates in a text: calendar dates at any precision, ranges, deadlines and open intervals, as EDTF values.

What enters is a ``TextView``; what leaves are hits in text order, and doubts for what looks like a date but has no
year or no place in the calendar. Legal numbers, money, counts, labels and brands are refused by named rules
(``rules/dates.yml``, ``ignored_numbers`` shows which). Only the neighbourhood of a year or month is ever read closely.
"""

from dataclasses import dataclass, field

from extractors.dates.completion import complete_chain
from extractors.dates.context import Reading, Refusal, Stretch, read_group
from extractors.dates.grammar import Chain, find_chains
from extractors.dates.tokens import cut_tokens
from extractors.dates.values import Value, make_groups, read_values
from extractors.dates.windows import find_windows
from extractors.dates.words import DateWords, load_date_words
from extractors.nlp import Finds
from extractors.views import Block, BlockKind, TextView
from models.dates import EdtfDate
from models.errors import EdtfError
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span


@dataclass(slots=True)
class _Found:
    """What was found so far."""

    readings: list[Reading] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def find_dates(view: TextView) -> Finds:
    """Return all dates of a view."""
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
    for block, windows in find_windows(view):
        _search_block(block, windows, view, words, found)
    return found


def _search_block(
    block: Block, windows: list[tuple[int, int]], view: TextView, words: DateWords, found: _Found
) -> None:
    """Read all chains of a block; those without a year wait until the dates around them are known."""
    text = view.text
    waiting: list[tuple[Chain, Stretch]] = []
    here: list[Reading | Refusal] = []
    breaks: list[tuple[int, int]] = []
    for start, end in windows:
        tokens = cut_tokens(text, start, end, words.classes)
        stretch = Stretch(text, block.span.start, block.span.end, tokens, words, breaks)
        here += [Refusal(begin, stop, "not_date.number") for begin, stop in tokens.parts_of_numbers]
        for chain in find_chains(tokens, text):
            _search_chain(chain, stretch, here, waiting)
    if block.kind is BlockKind.CELL and _is_amount(block, view, words):
        here = [Refusal(one.start, one.end, "not_date.amount_cell") for one in here]
    if waiting:
        dates = [one for one in here if isinstance(one, Reading)]
        for chain, stretch in waiting:
            completed = complete_chain(chain, stretch, dates, block.cell.heading if block.cell else "")
            here += completed.readings
            found.doubts += completed.doubts
    _keep(here, found)


def _search_chain(
    chain: Chain, stretch: Stretch, here: list[Reading | Refusal], waiting: list[tuple[Chain, Stretch]]
) -> None:
    """Read a chain that names a year; put one without, or a day whose neighbours gave it none, among the waiting."""
    values = read_values(chain, stretch.tokens, stretch.text)
    has_year = False
    lonely: list[tuple[Chain, Stretch]] = []
    for part, value in zip(chain.parts, values, strict=True):
        if value is None:
            continue
        if value.year:
            has_year = True
        elif value.unit == "date.day":
            lonely.append((Chain([part], []), stretch))
    if None in values:
        here += _refuse_parts(chain, values, stretch)
    if has_year:
        here += _read_chain(chain, values, stretch)
        # "In 2010, March 18 was ...": the dates beside it gave it no year, those of its sentence may.
        waiting += lonely
    elif any(part.shape in "dmKu" for part in chain.parts):
        waiting.append((chain, stretch))


def _refuse_parts(chain: Chain, values: list[Value | None], stretch: Stretch) -> list[Refusal]:
    """Return the numbers of a chain whose form fits a date while their value does not, such as ``23/2024``."""
    starts, ends = stretch.tokens.starts, stretch.tokens.ends
    return [
        Refusal(starts[part.first], ends[part.last], "not_date.number")
        for part, value in zip(chain.parts, values, strict=True)
        if value is None and part.shape in "INkFCY"
    ]


def _read_chain(chain: Chain, values: list[Value | None], stretch: Stretch) -> list[Reading | Refusal]:
    """Read the groups of a chain from left to right."""
    tokens, text = stretch.tokens, stretch.text
    first = tokens.starts[chain.parts[0].first]
    low = max(stretch.start, first - 8)
    before = text[low:first].lower()
    is_between = before.rstrip().endswith("between")
    read: list[Reading | Refusal] = []
    for group in make_groups(chain, values, is_between=is_between):
        one = read_group(group, read[-1] if read else None, stretch)
        if is_between and group.is_range and not read and isinstance(one[0], Reading):
            one[0].start = low + before.rfind("between")
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
    if len(here) > 1:
        here.sort(key=lambda reading: (reading.start, reading.end))
    for one in here:
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
