"""Values in words for a reader: numbers, dates, roles, kinds. What is not known is shown as it is."""

import re

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# The parts of a year of EDTF (ISO 8601-2), numbered as months are.
_PARTS = {
    21: "spring",
    22: "summer",
    23: "autumn",
    24: "winter",
    **{33 + i: f"quarter {i + 1} of" for i in range(4)},
    **{37 + i: f"{('first', 'second', 'last')[i]} four months of" for i in range(3)},
    40: "first half of",
    41: "second half of",
}
_WORDS = {
    "nip": "national implementation plan",
    "foc": "full operational capability",
    "ioc": "initial operational capability",
    "third_state": "third state",
    "not_met": "not met",
    "partly": "partly met",
    "commitment_area": "area of commitments",
    "needs_ocr": "needs OCR",
    "ALL": "all participating states",
}
_DATE = re.compile(r"(\d{3}[\dX])(?:-(\d\d)(?:-(\d\d))?)?([~?%]?)", re.ASCII)
_DOUBTS = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}


def in_figures(number: int | float | None) -> str:
    """Return a number with its thousands parted; nothing for nothing.

    >>> in_figures(103200), in_figures(None)
    ('103,200', '')
    """
    return "" if number is None else f"{number:,}"


def count_of(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> count_of(1, "page"), count_of(1200, "page"), count_of(2, "entry", "entries")
    ('1 page', '1,200 pages', '2 entries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_words(value: object) -> str:
    """Return a value of the database in words.

    >>> in_words("not_met"), in_words("annual_report"), in_words(None)
    ('not met', 'annual report', '')
    """
    return "" if value is None else _WORDS.get(str(value), str(value).replace("_", " "))


def date_in_words(date: str | None) -> str:
    """Return an EDTF date in words, never more precise than it is; what is none comes back as it came.

    >>> date_in_words("2024-11-06"), date_in_words("2025-35"), date_in_words("../2026"), date_in_words("2030~")
    ('6 November 2024', 'quarter 3 of 2025', 'until 2026', 'about 2030')
    >>> date_in_words("2026-05~/2026-08~"), date_in_words("2027/..")
    ('about May 2026 to about August 2026', 'from 2027')
    """
    first, is_interval, last = (date or "").partition("/")
    if not is_interval:
        return _simple_date(first)
    if last in ("", ".."):
        return f"from {_simple_date(first)}"
    if first in ("", ".."):
        return f"until {_simple_date(last)}"
    return f"{_simple_date(first)} to {_simple_date(last)}"


def day_and_time(moment: str | None) -> str:
    """Return a moment in UTC as the tables write it, without the signs between.

    >>> day_and_time("2026-11-25T00:44:25Z")
    '25 November 2026, 00:44 UTC'
    """
    day, _, time = (moment or "").partition("T")
    return f"{date_in_words(day)}, {time[:5]} UTC" if time else date_in_words(day)


def _simple_date(text: str) -> str:
    found = _DATE.fullmatch(text)
    if not found:
        return text
    year, month, day, doubt = found.groups()
    year = f"the {year[:3]}0s" if year.endswith("X") else year
    part = int(month or 0)
    if 1 <= part <= 12:
        words = f"{_MONTHS[part - 1]} {year}"
        words = f"{int(day)} {words}" if day else words
    else:
        words = f"{_PARTS[part]} {year}" if part in _PARTS else year if not part else text
    return _DOUBTS.get(doubt, "") + words


FILTERS = {
    "figures": in_figures,
    "count_of": count_of,
    "words": in_words,
    "date": date_in_words,
    "moment": day_and_time,
}
