"""Running heads, running feet and page numbers: what stands in the outer rows of many pages.

Enters the outer printed lines of every page; leaves which of them are furniture. A line printed on one page only is
none unless it is that page's number, or ``extractors.layout.edge_rows`` knows it.
"""

import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.layout.edge_rows import find_edge_furniture
from extractors.layout.lines import Line
from extractors.layout.outer_rows import OuterPage, OuterRow

_EDGE_SHARE = 0.12  # of the page's height: a lone page number must stand within
_APART = 1.2  # of a line's size: white between a head and the text
_RUN = 6  # pages: so near to each other stand the pages of a run
_LEAST_GAP = 0.8  # of a line's size: more than between the lines of a text
_MOST = 0.6  # of the pages
_MAX_HEAD = 100  # letters
_NEAR = 3.0  # points: the same place on another page
_LOOSE = 16.0  # points: heads of odd and even pages
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|pg\.|seite)?\s*[-|/\[(]*\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:(?:[-/|]|of)\s*\d{1,4})?\s*[-|/\])]*",
    re.IGNORECASE,
)
_NUMBER_OF_ALL = re.compile(r"(?:page|p\.)?\s*(\d{1,4})\s*(?:/|\||of)\s*(\d{1,4})", re.IGNORECASE)
_NO_HEAD = re.compile(r"(?:table|figure|chart|box|graph|annex|article|commitment|project|step|phase)\b", re.IGNORECASE)
_NumberKey = tuple[bool, str, int, int]
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(slots=True, eq=False)
class _Sightings:
    """Where a text was seen: pages, in order, and distances from the edge."""

    pages: list[int] = field(default_factory=list)
    depths: list[float] = field(default_factory=list)
    counts: dict[tuple[float, float], int] = field(default_factory=dict)

    def add(self, page: int, depth: float) -> None:
        """Note one more."""
        self.pages.append(page)
        self.depths.append(depth)

    def count(self, row: OuterRow, reach: float) -> int:
        """Return on how many pages it was seen about as far from the edge as ``row``."""
        key = row.depth, reach
        if key not in self.counts:
            seen = zip(self.pages, self.depths, strict=True)
            self.counts[key] = len({page for page, depth in seen if abs(depth - row.depth) <= reach})
        return self.counts[key]

    def near(self, page: int, n_pages: int) -> "_Sightings":
        """Return those at most ``n_pages`` away from a page."""
        part = slice(bisect_left(self.pages, page - n_pages), bisect_right(self.pages, page + n_pages))
        return _Sightings(self.pages[part], self.depths[part])


@dataclass(slots=True, eq=False)
class _Memory:
    exact: dict[tuple[bool, str], _Sightings] = field(default_factory=lambda: defaultdict(_Sightings))
    numbered: dict[_NumberKey, _Sightings] = field(default_factory=lambda: defaultdict(_Sightings))
    body_edges: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})  # in rising order
    keys: dict[tuple[bool, str, int], tuple[_NumberKey, ...]] = field(default_factory=dict)

    def number_keys(self, is_top: bool, text: str, page: int) -> tuple[_NumberKey, ...]:
        """Return the keys of the numbers in a text; they are asked for each line some three times."""
        key = is_top, text, page
        if key not in self.keys:
            self.keys[key] = tuple(_number_keys(is_top, text, page))
        return self.keys[key]

    def is_body_zone(self, row: OuterRow, n_pages: int) -> bool:
        """Tell whether on a fifth of the pages text that is no furniture reaches as far out as ``row``."""
        beyond = bisect_right(self.body_edges[row.is_top], row.depth + _NEAR)
        return beyond > max(1, 0.2 * n_pages)


def find_furniture(pages: Sequence[OuterPage]) -> set[int]:
    """Return ``id(line)`` of each outer line that is furniture."""
    memory = _Memory()
    for page in pages:
        for row in (*page.top, *page.bottom):
            for line in row.lines:
                _remember(memory, page.number, row, line)
    edges = [(page, rows) for page in pages for rows in (page.top, page.bottom)]
    for _, rows in edges:
        _remember_body_edge(memory, rows, _needed(len(pages)))
        _widen_gaps(memory, rows, _needed(len(pages)))
    found: set[int] = set()
    for page, rows in edges:
        _judge_rows(memory, page, rows, len(pages), found)
    for is_top in (True, False):
        _fill_band(pages, found, is_top=is_top)
    for page in pages:
        found |= find_edge_furniture(page)
    return found


def _fill_band(pages: Sequence[OuterPage], found: set[int], *, is_top: bool) -> None:
    """Add heads that change from page to page: short lines set apart, where most pages have their furniture."""
    outer = [(page, (page.top if is_top else page.bottom)[:1]) for page in pages]
    depths = [
        row.depth for _, rows in outer for row in rows if row.lines and all(id(line) in found for line in row.lines)
    ]
    if len(depths) < max(_needed(len(pages)), _MOST * len(pages)):
        return
    for page, rows in outer:
        for row in rows:
            is_head = page.number != 1 and all(_is_small_and_apart(page, row, line) for line in row.lines)
            if not is_head or not _has_furniture(page, found):
                continue
            if sum(abs(depth - row.depth) <= _NEAR for depth in depths) >= _MOST * len(pages):
                found.update(id(line) for line in row.lines)


def _has_furniture(page: OuterPage, found: set[int]) -> bool:
    """Tell whether a page has some furniture already, as pages of the usual make have."""
    return any(id(line) in found for row in (*page.top, *page.bottom) for line in row.lines)


def _is_small_and_apart(page: OuterPage, row: OuterRow, line: Line) -> bool:
    """Tell whether a line is short, no larger than the text, and with white between it and the text."""
    return row.gap >= _APART * line.size and line.size <= page.body_size + 0.5 and len(line.text) < _MAX_HEAD


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
    memory.exact[row.is_top, line.text].add(page, row.depth)
    for key in memory.number_keys(row.is_top, line.text, page):
        memory.numbered[key].add(page, row.depth)


def _remember_body_edge(memory: _Memory, rows: list[OuterRow], needed: int) -> None:
    """Note how far out the first row of running text stands: seen on this page only, close to the row after."""
    for row in rows:
        is_apart = row.gap >= _APART * max((line.size for line in row.lines), default=0.0)
        if not is_apart and not any(_is_seen_often(memory, row, line, needed) for line in row.lines):
            insort(memory.body_edges[row.is_top], row.depth)
            return


def _widen_gaps(memory: _Memory, rows: list[OuterRow], needed: int) -> None:
    """Give each line of a head of several lines the white below the last one."""
    for row, after in pairwise(rows):
        if after.lines and all(
            memory.exact[row.is_top, line.text].count(after, _NEAR) >= needed for line in after.lines
        ):
            row.gap = max(row.gap, after.gap)


def _is_seen_often(memory: _Memory, row: OuterRow, line: Line, needed: int) -> bool:
    """Tell whether a line, or one like it that counts with the pages, stands on several pages."""
    pages = memory.exact[row.is_top, line.text].pages
    if pages[0] != pages[-1]:
        return True
    page = pages[0]
    return any(len(memory.numbered[key].pages) >= needed for key in memory.number_keys(row.is_top, line.text, page))


def _number_keys(is_top: bool, text: str, page: int) -> Iterable[_NumberKey]:
    """Yield a key for each number in a text, by its distance from the page's number."""
    if len(text) > 120:
        return
    numbers = _DIGITS.findall(text)
    masked = _DIGITS.sub("#", text) if numbers else ""
    for place, number in enumerate(numbers):
        if len(number) <= 4:
            yield is_top, masked, place, int(number) - page
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
    if memory.exact[row.is_top, line.text].count(row, _NEAR) >= _needed(n_pages):
        return True
    if _PAGE_NUMBER.fullmatch(line.text):
        return True
    if page.number == 1 or (row.gap < 0.8 * line.size and not is_sure):
        return False
    return line.size <= page.body_size + 0.5 and len(line.text) < _MAX_HEAD


def _is_furniture(
    memory: _Memory, page: OuterPage, row: OuterRow, line: Line, n_pages: int, is_outermost: bool
) -> bool:
    same = memory.exact[row.is_top, line.text]
    needed = _needed(n_pages)
    near = same.count(row, _NEAR)
    if near >= max(needed, _MOST * n_pages):
        return True
    if is_outermost and not memory.is_body_zone(row, n_pages):
        same = same.near(page.number, _RUN)
        near = same.count(row, _NEAR)
        if near >= needed and _may_repeat(line, page) and row.gap >= _LEAST_GAP * line.size:
            return True
        if same.count(row, _LOOSE) >= max(3, needed) and _may_repeat(line, page):
            return True
        if (
            near == 2
            and _is_on_next_page(same, page)
            and _may_repeat(line, page)
            and row.depth < _EDGE_SHARE * page.height
        ):
            return _is_small_and_apart(page, row, line)
    if _is_numbered(memory, page, row, line, needed, is_outermost):
        return True
    return is_outermost and _is_lone_number(page, row, line, n_pages)


def _is_on_next_page(sightings: _Sightings, page: OuterPage) -> bool:
    """Tell whether a text was seen on a neighbouring page, or the one after as odd and even heads are."""
    return any(0 < abs(seen - page.number) <= 2 for seen in sightings.pages)


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
    for key in memory.number_keys(row.is_top, line.text, page.number):
        count = memory.numbered[key].count(row, _LOOSE if is_plain else _NEAR)
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
