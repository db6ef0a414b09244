"""First and last day of an EDTF value, as ``YYYY-MM-DD``: what makes dates comparable and sortable in SQL.

Enters a string of the kinds that ``gold`` values use, leaves two days or ``None`` where the interval is open. Refuses
everything else with ``EdtfError``. Approximation marks do not move the bounds.
"""

import calendar
import re
from datetime import date
from functools import lru_cache

from models.errors import EdtfError

Day = str
Bounds = tuple[Day | None, Day | None]

_ONE = re.compile(r"(?P<year>\d{4})(?:-(?P<part>\d\d))?(?:-(?P<day>\d\d))?", re.ASCII)
_DECADE = re.compile(r"(\d{3})X", re.ASCII)
# First month and number of months of the seasons, quarters, thirds and halves of ISO 8601-2.
_PARTS = {
    **{month: (month, 1) for month in range(1, 13)},
    **{21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3)},
    **{33 + n: (1 + 3 * n, 3) for n in range(4)},
    **{37 + n: (1 + 4 * n, 4) for n in range(3)},
    **{40 + n: (1 + 6 * n, 6) for n in range(2)},
}


@lru_cache(maxsize=4096)
def date_bounds(value: str) -> Bounds:
    """Return first and last day of an EDTF value; raises ``EdtfError``.

    >>> date_bounds("2024-35")
    ('2024-07-01', '2024-09-30')
    >>> date_bounds("../2025")
    (None, '2025-12-31')
    """
    start, slash, end = value.strip().partition("/")
    if not slash:
        return _one(start)
    first = None if start in ("..", "") else _one(start)[0]
    last = None if end in ("..", "") else _one(end)[1]
    if first is not None and last is not None and first > last:
        raise EdtfError(f"backwards: {value!r}")
    return first, last


def _one(text: str) -> tuple[Day, Day]:
    """Return first and last day of a date without a slash."""
    bare = text.strip().translate({ord(mark): None for mark in "~?%"})
    if decade := _DECADE.fullmatch(bare):
        return f"{decade[1]}0-01-01", f"{decade[1]}9-12-31"
    found = _ONE.fullmatch(bare)
    if found is None or found["year"] == "0000":
        raise EdtfError(f"no EDTF date: {text!r}")
    year = int(found["year"])
    if found["day"]:
        try:
            day = date(year, int(found["part"]), int(found["day"])).isoformat()
        except ValueError as error:
            raise EdtfError(f"no such day: {text!r}") from error
        return day, day
    if not found["part"]:
        return f"{year:04d}-01-01", f"{year:04d}-12-31"
    return _part_bounds(year, int(found["part"]), text)


def _part_bounds(year: int, part: int, text: str) -> tuple[Day, Day]:
    """Return first and last day of a month, season, quarter, third or half; winter ends in the next year."""
    if part not in _PARTS:
        raise EdtfError(f"no EDTF date: {text!r}")
    first, length = _PARTS[part]
    over, last = divmod(first + length - 2, 12)
    end_year, end_month = year + over, last + 1
    if end_year > 9999:
        raise EdtfError(f"no EDTF date: {text!r}")
    last_day = calendar.monthrange(end_year, end_month)[1]
    return f"{year:04d}-{first:02d}-01", f"{end_year:04d}-{end_month:02d}-{last_day:02d}"
