"""Tables of contents: rows that end in a page number behind leader dots, or below a heading that says so.

Enters the lines of a page in reading order; leaves the numbers of those that are a table of contents.
"""

import re
from collections.abc import Sequence

from extractors.layout.lines import Line

_LEADER = re.compile(
    r"(?:\.{4,}|(?:\.\s){3,}\.?|…{2,}|_{4,}|·{4,})\s*(?:p\.\s*)?(?:[A-Z]{0,3}-?\d{1,4}|[ivxlc]{1,7})\s*$"
)
_LEADER_OPEN = re.compile(r"(?:\.{4,}|(?:\.\s){4,}\.?|…{2,})\s*$")
_NUMBER = re.compile(r"(?:\d{1,4}|[ivxlc]{1,7})")
_TAIL_NUMBER = re.compile(r"\S.*\s(\d{1,4})")
_HEADING = re.compile(
    r"(?:table of )?contents(?: page)?|list of (?:tables|figures|boxes|charts|annexes|maps|abbreviations)|index|page",
    re.IGNORECASE,
)
_MAX_BETWEEN = 3
_MIN_ENTRIES = 3


def find_contents(lines: Sequence[Line], *, is_continued: bool) -> set[int]:
    """Return the indices of lines that belong to a table of contents.

    ``is_continued`` tells that the page before ended in one: then fewer entries suffice.
    """
    rows = _rows(lines)
    found = _by_leaders(lines, rows, _MIN_ENTRIES - is_continued)
    return found or _by_heading(lines, rows)


def is_contents_heading(text: str) -> bool:
    """Tell whether a line is the heading of a table of contents.

    >>> is_contents_heading("Table of contents"), is_contents_heading("Contents of the plan")
    (True, False)
    """
    return _HEADING.fullmatch(text.strip()) is not None and text.strip().lower() != "page"


def _rows(lines: Sequence[Line]) -> list[list[int]]:
    """Return line indices grouped by printed row."""
    rows: list[list[int]] = []
    for number, line in enumerate(lines):
        if rows:
            last = lines[rows[-1][-1]]
            if last.row == line.row and last.x1 <= line.x0 and abs(last.bottom - line.bottom) < 0.5 * line.size:
                rows[-1].append(number)
                continue
        rows.append([number])
    return rows


def _by_leaders(lines: Sequence[Line], rows: list[list[int]], needed: int) -> set[int]:
    entries: list[int] = []
    for number, row in enumerate(rows):
        text = " ".join(lines[place].text for place in row)
        has_dots = ".." in text or ". ." in text or "…" in text or "__" in text
        if has_dots and (_LEADER.search(text) or _LEADER_OPEN.search(text)):
            entries.append(number)
    if len(entries) < needed:
        return set()
    found = {entries[0]}
    for one, two in zip(entries, entries[1:], strict=False):
        found.update(range(one, two + 1) if two - one <= _MAX_BETWEEN + 1 else (two,))
    first = min(found)
    while first > 0 and _HEADING.fullmatch(_text(lines, rows[first - 1])):
        first -= 1
        found.add(first)
    return {place for number in found for place in rows[number]}


def _by_heading(lines: Sequence[Line], rows: list[list[int]]) -> set[int]:
    """Find rows below a heading that end in rising page numbers."""
    for start, row in enumerate(rows):
        if not _HEADING.fullmatch(_text(lines, row)) or _text(lines, row).lower() == "page":
            continue
        last, value, found = start, 0, 0
        for number in range(start + 1, len(rows)):
            page = _tail_number(lines, rows[number])
            if page is not None and page >= value:
                last, value, found = number, page, found + 1
            elif number - last > 2:
                break
        if found >= _MIN_ENTRIES and found >= 0.5 * (last - start):
            return {place for number in range(start, last + 1) for place in rows[number]}
    return set()


def _tail_number(lines: Sequence[Line], row: list[int]) -> int | None:
    last = lines[row[-1]].text
    if len(row) > 1 and _NUMBER.fullmatch(last) and last.isdigit():
        return int(last)
    match = _TAIL_NUMBER.fullmatch(_text(lines, row))
    return int(match[1]) if match else None


def _text(lines: Sequence[Line], row: list[int]) -> str:
    return " ".join(lines[place].text for place in row).strip()
