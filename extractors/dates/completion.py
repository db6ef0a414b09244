"""Days, months and quarters whose year is not beside them: taken from their sentence, citation or column heading.

What enters is a chain without a year and the dates around it; what leaves are its readings, or a doubt when no year
stands near enough. Dates that come back every year, and relative ones (``next June``), are none.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from extractors.dates.context import Reading, Refusal, Stretch, read_group
from extractors.dates.grammar import Chain
from extractors.dates.values import Value, full_year, make_groups, read_values
from extractors.dates.words import Left
from models.mentions import Doubt, MentionKind
from models.spans import Span

_LONE_YEAR = re.compile(r"(?<![\w/.,-])(?:19|20)\d\d(?![\w/-])")
# "Act 4/2011 of 24 November": the year of the act's number, in the same citation.
_ACT_YEAR = re.compile(r"\d/((?:19|20)\d\d)\)?,?\s?(?:(?:of|dated)\s)?(?:the\s)?$")
# An abbreviation's full stop ends no sentence.
_BREAK = re.compile(
    r"(?<!\bref)(?<!\bvol)(?<!\bdoc)(?<!\bart)(?<!\bfig)(?<!\bpara)(?<!\bincl)(?<!\bresp)(?<!\bapprox)"
    r"(?:(?<=[A-Z\d)]{2})|(?<=[a-z\d)%]{3})|(?<=May))[.!?;][\"'\u2019\u201d)]*\s+(?=[A-Z(\"'\u2018\u201c])"
)
# A year further away belongs to something else, and a hostile page may have no full stop at all.
_LONG_SENTENCE = 900
# "5 Sep 08": two digits that nothing follows which they could count are the year, and no other is.
_SHORT_YEAR = re.compile(r"\s?(?:['\u2019](\d\d)(?!\w)|(?<=[\s.])(\d\d)(?=[,;)\]\n]|\.(?!\d)|\s?$|\n))")
_IN_BEFORE = re.compile(r"(?<!\w)in$")
_OF_YEAR = re.compile(r"\sof\s(?:the|that|the same)\s(?:same\s)?(?:calendar\s)?year\b")


@dataclass(slots=True)
class Completed:
    """What a chain without a year became."""

    readings: list[Reading | Refusal] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def lone_year(heading: str) -> int:
    """Return the one year that a heading names, 0 if it names none or several.

    >>> lone_year("Milestones 2025 / Date")
    2025
    """
    years = {int(match) for match in _LONE_YEAR.findall(heading)}
    return years.pop() if len(years) == 1 else 0


def complete_chain(chain: Chain, stretch: Stretch, dates: list[Reading], heading: str) -> Completed:
    """Give a chain its year and read it."""
    done = Completed()
    tokens, text = stretch.tokens, stretch.text
    start, end = tokens.starts[chain.parts[0].first], tokens.ends[chain.parts[-1].last]
    values = read_values(chain, tokens, text)
    kept = [value for value in values if value is not None and value.unit.startswith("date.")]
    if not kept or not _is_date(kept[0], start, end, heading, stretch):
        return done
    short = _SHORT_YEAR.match(text, end, stretch.end) if kept[-1].day else None
    if short is not None:
        done = _read_with(full_year(int(short[1] or short[2])), "date.day", chain, values, stretch)
        if done.readings:
            done.readings[-1].end = short.end()
        return done
    # "In January plans are sent, and in 2025 ...": a month alone is completed by a year before it only.
    later = dates if any(value.day for value in kept) else dates[: bisect_left(dates, start, key=_start_of)]
    year, rule_id = _year_near(start, end, later, heading, stretch)
    if not year:
        if any(value.day for value in kept):
            reason = "a day and a month whose year stands neither in the sentence nor in the heading"
            done.doubts.append(Doubt(MentionKind.DATE, Span(start, end), (), "date.completed", reason))
        return done
    return _read_with(year, rule_id, chain, values, stretch)


def _read_with(year: int, rule_id: str, chain: Chain, values: list[Value | None], stretch: Stretch) -> Completed:
    """Read a chain as if the year stood at its end."""
    done = Completed()
    for index, value in enumerate(values):
        if value is None:
            continue
        following = next((later for later in values[index + 1 :] if later is not None and later.day), None)
        if value.unit == "day alone" and following is not None:
            value.unit, value.level = "date.day", following.level
        if value.unit.startswith("date."):
            value.year = year
    for group in make_groups(chain, values, is_between=False):
        for one in read_group(group, done.readings[-1] if done.readings else None, stretch):
            if isinstance(one, Reading):
                one.rule_id = rule_id
            done.readings.append(one)
    return done


def _is_date(value: Value, start: int, end: int, heading: str, stretch: Stretch) -> bool:
    """Tell whether the words around allow a date: it does not recur, is not relative, and a bare month has a lead."""
    text, words = stretch.text, stretch.words
    left = Left(text, stretch.start, start)
    if words.recurring_after.match(text, end, stretch.end) or words.recurring_before.before(left):
        return False
    if value.day and text[start].isalpha() and (value.mod or _IN_BEFORE.search(left.lower)):
        # "In March 8 ...", "the end of March 8": no day is said like this.
        return False
    if value.unit == "date.month":
        is_cell = bool(heading) and text[stretch.start : stretch.end].strip(" ()") == text[start:end]
        return is_cell or words.month_leads.before(left) is not None
    is_unit = value.unit in ("date.quarter", "date.half") and text[start : start + 2].strip("QHS1234") != ""
    return not is_unit or _OF_YEAR.match(text, end) is not None


def _year_near(start: int, end: int, dates: list[Reading], heading: str, stretch: Stretch) -> tuple[int, str]:
    """Return (year, rule id): of the act just cited, the date before or behind in the sentence, or the heading."""
    text = stretch.text
    act = _ACT_YEAR.search(text, max(stretch.start, start - 24), start)
    if act is not None:
        return int(act[1]), "date.completed"
    low, high = _sentence(start, end, stretch)
    first = bisect_left(dates, low, key=_start_of)
    single = [date for date in dates[first : bisect_left(dates, high, key=_start_of)] if _year_in(date)]
    before = [date for date in single if date.end <= start]
    after = [date for date in single if date.start >= end]
    if before or after:
        return _year_in(before[-1] if before else after[0]), "date.completed"
    year = lone_year(heading)
    return year, "date.heading"


def _start_of(date: Reading) -> int:
    """Return where a date starts; readings of a block are in text order."""
    return date.start


def _year_in(date: Reading) -> int:
    """Return the year of a date that lies in one, 0 for a range of years."""
    years = {piece[:4] for piece in date.value.split("/") if piece != ".."}
    return int(years.pop()) if len(years) == 1 else 0


def _sentence(start: int, end: int, stretch: Stretch) -> tuple[int, int]:
    """Return the bounds of the sentence around a stretch, no further away than any year could matter."""
    breaks = stretch.breaks
    if not breaks:
        found = _BREAK.finditer(stretch.text, stretch.start, stretch.end)
        breaks += [(stretch.start, stretch.start), *((match.start(), match.end()) for match in found)]
        breaks.append((stretch.end, stretch.end))
    following = bisect_left(breaks, (end, end))
    low = breaks[max(0, following - 1)][1]
    if low > start and following > 1:
        low = breaks[following - 2][1]
    high = breaks[min(following, len(breaks) - 1)][0]
    return max(low, start - _LONG_SENTENCE), min(max(high, end), end + _LONG_SENTENCE)
