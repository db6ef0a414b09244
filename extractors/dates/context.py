"""What stands around a date: words that open it or make it approximate, and words that show that it is no date.

What enters is a group of ``date_values`` and its text; what leaves is a ``Reading`` (span and EDTF value) or the id of
the rule that refuses it. No value is judged by the document it stands in.
"""

import re
from dataclasses import dataclass, field

from extractors.dates.tokens import Tokens
from extractors.dates.values import Group, Value
from extractors.dates.words import DateWords, Left

_BRACKET_CODE = re.compile(r"\([A-Z]{2,8}(?:[,/ ]+[A-Z]{2,8})*\)$", re.IGNORECASE)
_BRACKET_NUMBER = re.compile(r"\s\d+(?:(?:,|\sand)\s\d+)*$")
_SERIES = re.compile(r"\b[A-Z]{1,6}\s?\($")
_SERIES_BEFORE = re.compile(r"\b[A-Z][A-Za-z]{1,7}\s?\((?:19|20)\d\d\)$")
_SERIES_NUMBER = re.compile(r"\)\s?\d")
_TAIL_STARTS = (" ", ",", "+")
_MEASURE_STARTS = " %\u20ac$\u00b0\u00d7"
_MOVE_LOOK_BACK = 64
_TIMES = re.compile(r"\s?[x\u00d7]\s?\d")
_PHONE_ENDS = tuple("0123456789+)-.")
# "from 2026 on the list": such a word shows that "on" belongs to what follows.
_DETERMINERS = ("the", "a", "an", "its", "their", "this", "that", "these", "those", "all", "each", "our", "his", "her")


@dataclass(slots=True)
class Stretch:
    """A block's text around some dates; ``start`` and ``end`` bound the block in ``text``.

    ``breaks`` is shared by the stretches of a block: where its sentences end and begin, once somebody asked.
    """

    text: str
    start: int
    end: int
    tokens: Tokens
    words: DateWords
    breaks: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """A date as read: its offsets, its EDTF value, the rule, and what its trigger means (``""`` for none)."""

    start: int
    end: int
    value: str
    rule_id: str
    meaning: str = ""


@dataclass(slots=True)
class Refusal:
    """A number that is no date: its offsets and the rule that says so."""

    start: int
    end: int
    rule_id: str


def read_group(group: Group, before: Reading | Refusal | None, stretch: Stretch) -> list[Reading | Refusal]:
    """Read one group of a chain; ``before`` is what the group before it in the chain became."""
    tokens = stretch.tokens
    start, end = tokens.starts[group.first], tokens.ends[group.last]
    limit = before.end if before is not None else stretch.start
    left = Left(stretch.text, limit, start)
    lead = _read_lead(group, start, left, stretch)
    refused = _refuse(group, start, end, before, lead, stretch)
    if refused:
        return [Refusal(start, end, refused)]
    if group.is_range and lead.is_move:
        return _split_move(group, stretch)
    tail_meaning, tail_end = _read_tail(end, lead, stretch)
    meaning = tail_meaning or _meaning_of(group, lead, before)
    if lead.meaning and lead.text == "from" and tail_meaning == "since":
        meaning = "since"
    begin = lead.start if meaning == lead.meaning or lead.is_open_range else start
    return [Reading(begin, tail_end, _value(group, meaning), _rule_id(group, meaning), meaning)]


@dataclass(slots=True)
class _Lead:
    """The trigger before a date, and the text before. ``is_origin``: it tells where something comes from, or how long
    after the date something is; then the date itself is plain."""

    left: Left
    start: int
    meaning: str = ""
    text: str = ""
    is_around: bool = False
    is_origin: bool = False
    is_move: bool = False
    is_open_range: bool = False


def _read_lead(group: Group, start: int, left: Left, stretch: Stretch) -> _Lead:
    """Read the trigger phrase that ends where the group starts, an approximation between them included."""
    text, words = stretch.text, stretch.words
    lead = _Lead(left, start)
    found = words.triggers.before(left)
    if found is None:
        return lead
    limit = left.start
    if found[0] == "around":
        lead.is_around, lead.meaning, lead.start = True, "around", found[1]
        found = words.triggers.before(Left(text, limit, lead.start))
    if found is not None:
        end = lead.start
        lead.meaning, lead.start = found
        lead.text = text[lead.start : end].strip(" (").lower()
    if group.is_range and lead.text == "from":
        sentence = text[max(stretch.start, start - 80) : lead.start]
        lead.is_move = words.moves.search(sentence) is not None and group.low_last >= 0
        lead.is_open_range = True
    if lead.text == "from":
        lead.is_origin = words.origins.before(Left(text, stretch.start, lead.start)) is not None or _is_moved(
            lead, stretch
        )
    if not lead.is_origin and lead.text in words.rules.context.elapsed_triggers:
        lead.is_origin = (
            words.elapsed.search(text[max(stretch.start, lead.start - 30) : lead.start].rstrip()) is not None
        )
    return lead


def _is_moved(lead: _Lead, stretch: Stretch) -> bool:
    """Tell whether a verb of moving stands right before ``from``, words that say how far or how often between them."""
    left = stretch.text[max(stretch.start, lead.start - _MOVE_LOOK_BACK) : lead.start].rstrip()
    return stretch.words.moved.search(left) is not None


def _meaning_of(group: Group, lead: _Lead, before: Reading | Refusal | None) -> str:
    """Return what the trigger makes of the group."""
    if lead.is_origin:
        return "around" if lead.is_around else ""
    if group.is_range and lead.meaning == "since":
        has_end = lead.text == "from" or _is_joined_by_word(group)
        return "" if has_end else "since"
    if lead.meaning:
        return lead.meaning
    if group.join not in ("l", "L") or not isinstance(before, Reading) or before.meaning == "since":
        return ""
    return before.meaning


def _is_joined_by_word(group: Group) -> bool:
    """Tell whether two dates were joined (``since 2018 until 2020``), not printed as one (``2018/2019``)."""
    return group.is_range and group.low_last >= 0


def _read_tail(end: int, lead: _Lead, stretch: Stretch) -> tuple[str, int]:
    """Return (meaning, end) of the phrase behind a date; ("", end) if none counts."""
    if stretch.text[end : end + 1] not in _TAIL_STARTS:
        return "", end
    match = stretch.words.triggers_after.match(stretch.text, end, stretch.end)
    if match is None:
        return "", end
    phrase = match[1].lower()
    if phrase == "on":
        # "from 2026 on": the same words before another noun belong to that noun.
        following = stretch.text[match.end() : min(stretch.end, match.end() + 7)].split(" ")
        is_taken = len(following) > 1 and (following[1] in _DETERMINERS or not following[1][:1].islower())
        if lead.meaning != "since" or is_taken:
            return "", end
        return "since", match.end()
    return stretch.words.meaning_after[phrase], match.end()


def _split_move(group: Group, stretch: Stretch) -> list[Reading | Refusal]:
    """Return the two plain dates of ``moved from 2024 to 2026``."""
    tokens = stretch.tokens
    low = Group(group.low, group.low, group.first, group.low_last)
    high = Group(group.high, group.high, group.high_first, group.last)
    return [
        Reading(tokens.starts[one.first], tokens.ends[one.last], _value(one, ""), one.low.unit) for one in (low, high)
    ]


def _rule_id(group: Group, meaning: str) -> str:
    """Return the rule that gave the value: the trigger's, else the form's."""
    return f"date.{meaning}" if meaning else group.unit


def _value(group: Group, meaning: str) -> str:
    """Return the EDTF value; an open one needs no sign for about."""
    low, high = group.low.ends()
    if group.high is not group.low:
        high = group.high.ends()[1]
    if meaning == "until":
        return f"../{_end_of_year(group.high) or high.rstrip('~')}"
    if meaning == "since":
        return f"{low.rstrip('~')}/.."
    if meaning == "around":
        low, high = low.rstrip("~") + "~", high.rstrip("~") + "~"
    return low if low == high else f"{low}/{high}"


def _end_of_year(value: Value) -> str:
    """Return the year for ``the end of 2025``: as a limit the two are one."""
    return f"{value.year:04d}" if value.mod == "E" and not value.level and not value.last_year else ""


def _refuse(group: Group, start: int, end: int, before: Reading | Refusal | None, lead: _Lead, stretch: Stretch) -> str:
    """Return the id of the rule that says the group is no date, or ``""``."""
    if isinstance(before, Refusal) and group.is_bare and group.join in ("l", "L", "c", "/", "r", "t"):
        return before.rule_id
    printed = stretch.text[start:end]
    letter = stretch.tokens.letters[group.first]
    if group.first == group.last and (letter == "N" or (letter == "R" and "/" in printed)) and not lead.meaning:
        return _refuse_act(start, lead.left, stretch)
    if not group.is_bare:
        return ""
    refused = "" if lead.meaning else _refuse_before(start, end, lead.left, stretch)
    return refused or _refuse_after(end, lead.left, stretch)


def _refuse_act(start: int, left: Left, stretch: Stretch) -> str:
    """Refuse the number of an act: its name, or a code in brackets, stands before it."""
    found = stretch.words.acts_before.before(left)
    if found is None and stretch.text[start + 1] == "/":
        found = stretch.words.series_before.before(left)
    return "not_date.act" if found is not None or _BRACKET_CODE.search(left.cased) else ""


def _refuse_after(end: int, left: Left, stretch: Stretch) -> str:
    """Refuse a number that the words behind it count or measure."""
    text, words = stretch.text, stretch.words
    following = text[end : end + 1]
    if following not in _MEASURE_STARTS or not following:
        return ""
    if words.money_after.match(text, end, stretch.end):
        return "not_date.money"
    if words.unit_after.match(text, end, stretch.end) or _TIMES.match(text, end):
        return "not_date.unit"
    is_counted = words.count_after.match(text, end, stretch.end) is not None
    return "not_date.count" if is_counted and words.date_leads.before(left) is None else ""


def _refuse_before(start: int, end: int, left: Left, stretch: Stretch) -> str:
    """Refuse a number that the words before it label, count or price, or that is part of a brand."""
    words = stretch.words
    found = words.standards_before.before(left) or words.vetoes_before.before(left)
    if found is not None:
        return found[0]
    if _is_brand(left.cased, stretch.text[start : start + 4], words) or words.names_after.match(stretch.text, start):
        return "not_date.programme"
    last = left.cased[-1:]
    if last == "(" and stretch.text[end : end + 1] == ")":
        return _refuse_bracket(left.cased, end, stretch)
    if last == ")" and _SERIES_BEFORE.search(left.cased):
        return "not_date.number"
    if last == ":":
        return "not_date.count" if words.count_label.search(left.cased) else ""
    return "not_date.label" if last in _PHONE_ENDS and words.phone_before.search(left.cased) else ""


def _is_brand(left: str, year: str, words: DateWords) -> bool:
    """Tell whether the words before a year make a brand with it."""
    return any(
        left.endswith(head) and not left[: -len(head)][-1:].isalnum()
        for key in (year, "*")
        for head, _ in words.names_before.get(key, ())
    )


def _refuse_bracket(left: str, end: int, stretch: Stretch) -> str:
    """Refuse a year in brackets that is part of a number: ``SWD (2021) 300``, ``UNSCR 2117 (2013)``."""
    if _SERIES.search(left) and _SERIES_NUMBER.match(stretch.text, end):
        return "not_date.number"
    number = _BRACKET_NUMBER.search(left[:-1].rstrip())
    is_named = number and stretch.words.resolution_before.before(Left(left, 0, number.start()))
    return "not_date.resolution" if is_named else ""
