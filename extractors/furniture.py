"""Running heads, running feet and page numbers: what stands in the outer rows of many pages.

Enters the outer printed lines of every page; leaves which of them are furniture. A line printed on one page only is
never furniture unless it is that page's number.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.lines import Line

OUTER_ROWS = 6
OUTER_SHARE = 0.22  # of the page's height
_EDGE_SHARE = 0.12  # of the page's height: a lone page number must stand within
_NEAR = 3.0  # points: the same place on another page
_LOOSE = 16.0  # points: heads of odd and even pages
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|pg\.|seite)?\s*[-|/\[(]*\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:(?:[-/|]|of)\s*\d{1,4})?\s*[-|/\])]*",
    re.IGNORECASE,
)
_NUMBER_OF_ALL = re.compile(r"(?:page|p\.)?\s*(\d{1,4})\s*(?:/|\||of)\s*(\d{1,4})", re.IGNORECASE)
_NO_HEAD = re.compile(r"(?:table|figure|chart|box|graph|annex|article|commitment|project|step|phase)\b", re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(slots=True, eq=False)
class OuterRow:
    """A printed row near the upper or lower edge; ``depth`` is its distance from that edge in points."""

    is_top: bool
    depth: float
    lines: list[Line]
    gap: float


@dataclass(slots=True, eq=False)
class OuterPage:
    """The outer rows of a page from the edge inwards."""

    number: int
    height: float
    body_size: float
    top: list[OuterRow] = field(default_factory=list)
    bottom: list[OuterRow] = field(default_factory=list)


@dataclass(slots=True)
class _Sighting:
    page: int
    depth: float


@dataclass(slots=True, eq=False)
class _Memory:
    exact: dict[tuple[bool, str], list[_Sighting]] = field(default_factory=lambda: defaultdict(list))
    numbered: dict[tuple[bool, str, int, int], list[_Sighting]] = field(default_factory=lambda: defaultdict(list))
    body_edges: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})

    def is_body_zone(self, row: OuterRow, n_pages: int) -> bool:
        """Tell whether on a fifth of the pages text that is no furniture reaches as far out as ``row``."""
        beyond = sum(depth <= row.depth + _NEAR for depth in self.body_edges[row.is_top])
        return beyond > max(1, 0.2 * n_pages)


def find_furniture(pages: Sequence[OuterPage]) -> set[int]:
    """Return ``id(line)`` of each outer line that is furniture."""
    memory = _Memory()
    for page in pages:
        for row in (*page.top, *page.bottom):
            for line in row.lines:
                _remember(memory, page.number, row, line)
    for page in pages:
        for rows in (page.top, page.bottom):
            _remember_body_edge(memory, rows)
    found: set[int] = set()
    for page in pages:
        for rows in (page.top, page.bottom):
            _judge_rows(memory, page, rows, len(pages), found)
    return found


def find_turned_furniture(pages: Sequence[tuple[int, Sequence[Line]]]) -> set[int]:
    """Return ``id(line)`` of each sideways line, given per page number, that most pages or three of them repeat."""
    seen: dict[str, set[int]] = defaultdict(set)
    for number, lines in pages:
        for line in lines:
            seen[line.text].add(number)
            for _, masked, place, offset in _number_keys(True, line.text, number):
                seen[f"{masked} {place} {offset}"].add(number)
    needed = _needed(len(pages))
    found: set[int] = set()
    for number, lines in pages:
        for line in lines:
            keys = [
                line.text,
                *(f"{masked} {place} {off}" for _, masked, place, off in _number_keys(True, line.text, number)),
            ]
            if any(len(seen[key]) >= needed for key in keys):
                found.add(id(line))
    return found


def _remember(memory: _Memory, page: int, row: OuterRow, line: Line) -> None:
    sighting = _Sighting(page, row.depth)
    memory.exact[row.is_top, line.text].append(sighting)
    for key in _number_keys(row.is_top, line.text, page):
        memory.numbered[key].append(sighting)


def _remember_body_edge(memory: _Memory, rows: list[OuterRow]) -> None:
    """Note how far out the first row stands that holds a text seen on this page only."""
    for row in rows:
        if all(len({seen.page for seen in memory.exact[row.is_top, line.text]}) == 1 for line in row.lines) and not any(
            _PAGE_NUMBER.fullmatch(line.text) for line in row.lines
        ):
            memory.body_edges[row.is_top].append(row.depth)
            return


def _number_keys(is_top: bool, text: str, page: int) -> Iterable[tuple[bool, str, int, int]]:
    """Yield a key for each number in a text, by its distance from the page's number."""
    if len(text) > 120:
        return
    masked = _DIGITS.sub("#", text)
    for place, match in enumerate(_DIGITS.finditer(text)):
        if len(match[0]) <= 4:
            yield is_top, masked, place, int(match[0]) - page
    if text.islower() and text.isalpha() and (value := _roman(text)) is not None:
        yield is_top, "roman", 0, value - page


def _roman(text: str) -> int | None:
    if len(text) > 7 or any(letter not in _ROMAN for letter in text):
        return None
    values = [_ROMAN[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def _judge_rows(memory: _Memory, page: OuterPage, rows: list[OuterRow], n_pages: int, found: set[int]) -> None:
    """Go from the edge inwards; ``is_outermost`` holds as long as only furniture was met."""
    is_outermost = True
    for row in rows:
        hits = [line for line in row.lines if _is_furniture(memory, page, row, line, n_pages, is_outermost)]
        if hits and len(hits) < len(row.lines) and is_outermost:
            is_sure = len(hits) >= 2
            hits = [
                line
                for line in row.lines
                if line in hits or _goes_along(memory, page, row, line, n_pages, is_sure=is_sure)
            ]
        found.update(id(line) for line in hits)
        is_outermost = is_outermost and len(hits) == len(row.lines)


def _goes_along(memory: _Memory, page: OuterPage, row: OuterRow, line: Line, n_pages: int, *, is_sure: bool) -> bool:
    """Tell whether a line goes with the furniture in its row: repeated too, or small print set apart from the text.

    ``is_sure`` tells that two parts of the row are furniture: then the third needs no white below or above.
    """
    if _count(memory.exact[row.is_top, line.text], row, _NEAR) >= _needed(n_pages):
        return True
    if _PAGE_NUMBER.fullmatch(line.text):
        return True
    if page.number == 1 or (row.gap < 0.8 * line.size and not is_sure):
        return False
    return line.size <= page.body_size + 0.5 and len(line.text) < 100


def _count(sightings: list[_Sighting], row: OuterRow, reach: float) -> int:
    """Return on how many pages a text was seen about as far from the edge as ``row``."""
    return len({seen.page for seen in sightings if abs(seen.depth - row.depth) <= reach})


def _is_furniture(
    memory: _Memory, page: OuterPage, row: OuterRow, line: Line, n_pages: int, is_outermost: bool
) -> bool:
    same = memory.exact[row.is_top, line.text]
    needed = _needed(n_pages)
    near = _count(same, row, _NEAR)
    if near >= max(needed, 0.6 * n_pages):
        return True
    if is_outermost and not memory.is_body_zone(row, n_pages):
        if near >= needed and _may_repeat(line, page):
            return True
        if _count(same, row, _LOOSE) >= max(3, needed) and _may_repeat(line, page):
            return True
    if _is_numbered(memory, page, row, line, needed, is_outermost):
        return True
    return is_outermost and _is_lone_number(page, row, line, n_pages)


def _needed(n_pages: int) -> int:
    """Return on how many pages a line must stand: both of two, three of more."""
    return 2 if n_pages < 4 else 3


def _may_repeat(line: Line, page: OuterPage) -> bool:
    """Refuse what looks like a heading of the text."""
    return line.size <= page.body_size + 0.5 and not _NO_HEAD.match(line.text)


def _is_numbered(memory: _Memory, page: OuterPage, row: OuterRow, line: Line, needed: int, is_outermost: bool) -> bool:
    """Tell whether a line counts with the pages at the same place."""
    is_plain = _PAGE_NUMBER.fullmatch(line.text.strip()) is not None
    if not is_plain and (_NO_HEAD.match(line.text) or not is_outermost):
        return False
    for key in _number_keys(row.is_top, line.text, page.number):
        count = _count(memory.numbered[key], row, _LOOSE if is_plain else _NEAR)
        if count >= (needed if is_plain else max(3, needed)) or (count == 2 and needed == 2):
            return True
    return False


def _is_lone_number(page: OuterPage, row: OuterRow, line: Line, n_pages: int) -> bool:
    """Tell whether a row is nothing but this page's number at its very edge, or a line its number of so many."""
    of_all = _NUMBER_OF_ALL.fullmatch(line.text)
    if of_all is not None and (int(of_all[1]), int(of_all[2])) == (page.number, n_pages):
        return row.depth <= _EDGE_SHARE * page.height
    if row.depth > _EDGE_SHARE * page.height or len(row.lines) > 1 or _PAGE_NUMBER.fullmatch(line.text) is None:
        return False
    match = _DIGITS.search(line.text)
    return match is not None and int(match[0]) == page.number and row.gap >= line.size
