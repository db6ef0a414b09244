"""A date as printed: an EDTF string (ISO 8601-2) with its first and last day, never more precise than the print.

What enters is a string of the levels that documents print: days, months, seasons (21 to 24), quarters (33 to 36), four
months (37 to 39), halves (40, 41), years, decades (``198X``), ``~`` ``?`` ``%`` behind any of them, and intervals whose
ends may be open (``..`` or nothing). Everything else is refused with ``EdtfError``.

The PyPI package ``edtf`` is the judge in the tests, not the parser: its 5.0 needs milliseconds a date where a page has
forty, ends a winter with its December, refuses quarters inside intervals and accepts intervals that run backwards.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, total_ordering

from models.errors import EdtfError

OPEN = ".."
_SIMPLE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?[~?%]?", re.ASCII)
_DECADE = re.compile(r"(\d{3})X[~?%]?", re.ASCII)
# Months from and to of each part of a year; a winter ends in the February of the next year.
_PARTS = {
    21: (3, 5),
    22: (6, 8),
    23: (9, 11),
    24: (12, 2),
    33: (1, 3),
    34: (4, 6),
    35: (7, 9),
    36: (10, 12),
    37: (1, 4),
    38: (5, 8),
    39: (9, 12),
    40: (1, 6),
    41: (7, 12),
}


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class EdtfDate:
    """A date or an interval. ``first`` and ``last`` are the days it spans; ``None`` where the interval is open.

    Two dates are equal when their first and last days are equal; they are ordered by first day, then by last day,
    where an open beginning comes before and an open end after all days.

    >>> EdtfDate.parse("../2025") == EdtfDate.parse("../2025-12-31")
    True
    >>> str(EdtfDate.parse("2024-35").last)
    '2024-09-30'
    """

    text: str
    first: date | None = field(default=None)
    last: date | None = field(default=None)

    @classmethod
    def parse(cls, text: str) -> "EdtfDate":
        """Return the date that an EDTF string names; raises ``EdtfError``."""
        return _parse(text)

    def __str__(self) -> str:
        """Return the EDTF string."""
        return self.text

    def __eq__(self, other: object) -> bool:
        """Tell whether both span the same days."""
        if not isinstance(other, EdtfDate):
            return NotImplemented
        return (self.first, self.last) == (other.first, other.last)

    def __hash__(self) -> int:
        """Return the hash of the days spanned."""
        return hash((self.first, self.last))

    def __lt__(self, other: "EdtfDate") -> bool:
        """Tell whether this date begins earlier, or begins with the other and ends earlier."""
        return self._order() < other._order()

    def overlaps(self, other: "EdtfDate") -> bool:
        """Tell whether the two share a day."""
        return (self.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (
            self.last or date.max
        )

    def _order(self) -> tuple[date, date, bool, bool]:
        return (self.first or date.min, self.last or date.max, self.first is not None, self.last is None)


@lru_cache(maxsize=8192)
def _parse(text: str) -> EdtfDate:
    """Parse one string; cached, for a document prints the same dates again and again."""
    first, slash, last = text.partition("/")
    if not slash:
        return EdtfDate(text, *_span(text, text))
    begin = None if first in (OPEN, "") else _span(first, text)[0]
    end = None if last in (OPEN, "") else _span(last, text)[1]
    if begin is None and end is None:
        raise EdtfError(f"open at both ends: {text!r}")
    if begin is not None and end is not None and begin > end:
        raise EdtfError(f"runs backwards: {text!r}")
    return EdtfDate(text, begin, end)


def _span(part: str, whole: str) -> tuple[date, date]:
    """Return first and last day of a date without a slash; raises ``EdtfError``."""
    match = _SIMPLE.fullmatch(part)
    if match is None:
        decade = _DECADE.fullmatch(part)
        if decade is None or decade[1] == "000":
            raise EdtfError(f"not EDTF: {whole!r}")
        year = int(decade[1]) * 10
        return date(year, 1, 1), date(year + 9, 12, 31)
    year, month, day = (int(group or 0) for group in match.groups())
    if year == 0 or (match[2] is not None and month == 0):
        raise EdtfError(f"no such date: {whole!r}")
    if match[3] is not None:
        return (_day(year, month, day, whole),) * 2
    first, last = (1, 12) if month == 0 else (month, month) if month <= 12 else _PARTS.get(month, (0, 0))
    if first == 0:
        raise EdtfError(f"no month, season, quarter or half {month}: {whole!r}")
    last_year = year + (last < first)
    if last_year > date.max.year:
        raise EdtfError(f"too late: {whole!r}")
    return date(year, first, 1), date(last_year, last, monthrange(last_year, last)[1])


def _day(year: int, month: int, day: int, whole: str) -> date:
    """Return a day; raises ``EdtfError`` when the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise EdtfError(f"no such day: {whole!r}") from error
