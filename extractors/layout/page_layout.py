"""The layout of one page: its words sorted out into furniture, notes, table cells and columns of body text.

Enters ``PageGlyphs`` and the page's tables; leaves ``PageFrame`` and later ``PageBody``. Nothing here looks at other
pages; what repeats over pages is decided in ``extractors.layout.furniture``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf

import numpy as np

from extractors.glyphs import Bools, Floats, Indices, PageGlyphs
from extractors.grids import PageTable
from extractors.layout.bullets import find_dots, mark_bullets
from extractors.layout.columns import order_regions
from extractors.layout.lines import Line, begins_left, make_lines
from extractors.layout.outer_rows import OUTER_ROWS, OUTER_SHARE, OuterPage, OuterRow
from extractors.layout.page_text import PageText
from extractors.layout.printed_words import CleanPage, Words, clean_page, with_blocks
from extractors.layout.rows import Rows, find_rows
from extractors.layout.turned import turned_lines
from extractors.medians import median
from extractors.runs import run_starts

_NOTE_START = re.compile(r"\(?\d{1,3}\)?|[*†‡]+|\([a-z]\)")
_SURE_NOTE_START = re.compile(r"\(?\d{1,3}\)?|[*†‡]+")
_NOTE_SIZE = 0.93
_NOTE_RULE = (30.0, 320.0)  # points: how long the rule above footnotes may be


@dataclass(slots=True, eq=False)
class PageFrame:
    """A page's words and what of them is already placed.

    ``rows`` holds the words outside tables in printed rows over the whole width, ``lines`` what these spell, ``outer``
    the outer ones of them; ``cell_lines`` holds the lines of each cell by its number.
    """

    page: PageGlyphs
    shared: PageText
    clean: CleanPage
    tables: Sequence[PageTable]
    cell_of: Indices
    rows: Rows
    lines: list[Line]
    cell_lines: dict[int, list[Line]]
    body_size: float
    outer: OuterPage
    dots: Floats


@dataclass(slots=True, eq=False)
class Region:
    """A column's lines, or the number of a table that stands there."""

    lines: list[Line]
    table: int | None = None
    is_note: bool = False
    is_turned: bool = False


@dataclass(slots=True, eq=False)
class PageBody:
    """A page in reading order; ``furniture`` holds its dropped lines, ``turned`` its sideways text, ``turned_cells``
    that inside tables by the cell's number."""

    frame: PageFrame
    regions: list[Region]
    furniture: list[Line]
    turned: list[Line]
    turned_cells: dict[int, list[Line]]


def frame_page(shared: PageText, tables: Sequence[PageTable]) -> PageFrame:
    """Sort a page's words: cells of tables, outer rows that may be furniture."""
    page = shared.page
    cell_of = np.full(len(page), -1, dtype=np.int64)
    for number, cell in enumerate(cell for table in tables for cell in table.cells):
        cell_of[cell.glyphs] = number
    clean = clean_page(page, cell_of)
    words = clean.words
    is_free = words.cell < 0
    size = _usual_size(page, words, is_free)
    rows, lines, cell_lines = _spell_page(shared, words, int(np.count_nonzero(is_free)))
    outer = OuterPage(page.number, page.height, size, largest=float(words.size.max(initial=0.0)))
    frame = PageFrame(page, shared, clean, tables, cell_of, rows, lines, cell_lines, size, outer, find_dots(page))
    if len(rows):
        _find_outer_rows(frame)
    return frame


def _spell_page(shared: PageText, words: Words, n_free: int) -> tuple[Rows, list[Line], dict[int, list[Line]]]:
    """Return the rows of the ``n_free`` words outside tables, their lines, and those of each cell: all is spelled at
    once, as each step over a page takes about as long for a few words as for all."""
    rows = find_rows(words, np.arange(len(words)), words.cell)
    found = make_lines(shared, words, rows, n_whole=len(words) - n_free)
    free = Rows(rows.which[:n_free], rows.row[:n_free])
    if n_free == len(words):
        return free, found, {}
    first = int(rows.row[n_free])
    starts = run_starts(rows.row)
    cell_of_row = words.cell[rows.which[starts]].tolist()
    cell_lines: dict[int, list[Line]] = {}
    for line in found:
        if line.row >= first:
            cell_lines.setdefault(cell_of_row[line.row], []).append(line)
    return free, [line for line in found if line.row < first], cell_lines


def _usual_size(page: PageGlyphs, words: Words, is_free: Bools) -> float:
    """Return the size most glyphs of a page have, in points; of the text outside tables if there is enough."""
    if len(words) == 0:
        return 10.0
    chosen = is_free if int(is_free.sum()) > 20 else np.ones(len(words), dtype=np.bool_)
    weight = (words.starts[1:] - words.starts[:-1])[chosen]
    sizes = np.rint(page.size[words.glyphs[words.starts[:-1][chosen]]] * 2).astype(np.int64)
    return float(np.argmax(np.bincount(np.clip(sizes, 0, 400), weights=weight))) / 2


def _find_outer_rows(frame: PageFrame) -> None:
    """Spell the rows near the upper and lower edge."""
    words, rows, page = frame.clean.words, frame.rows, frame.page
    starts = rows.starts()
    top = np.minimum.reduceat(words.top[rows.which], starts).tolist()
    bottom = np.maximum.reduceat(words.bottom[rows.which], starts).tolist()
    heads, feet = _outer_numbers(frame, top, bottom)
    by_row: dict[int, list[Line]] = {}
    for line in _outer_lines(frame, starts, sorted({*heads, *feet})):
        by_row.setdefault(line.row, []).append(line)
    reach = accumulate(bottom, max)
    above = [inf, *(own - lowest for own, lowest in zip(top[1:], reach, strict=False)), inf]
    for row in heads:
        frame.outer.top.append(OuterRow(True, top[row], by_row.get(row, []), above[row + 1]))
    rules = _wide_rules(page) if feet else []
    for row in reversed(feet):
        depth, gap = page.height - bottom[row], above[row]
        low, high = top[row] - min(gap, page.height) - 1, top[row] + 1
        is_ruled = any(low <= rule <= high for rule in rules)
        frame.outer.bottom.append(OuterRow(False, depth, by_row.get(row, []), gap, is_ruled))


def _outer_numbers(frame: PageFrame, top: Sequence[float], bottom: Sequence[float]) -> tuple[list[int], list[int]]:
    """Return which of the rows with these edges are near the upper edge, and which near the lower. What stands below
    the head of a table is no head of the page."""
    height, n_rows = frame.page.height, len(top)
    lowest = min((table.box.top for table in frame.tables), default=inf)
    highest = max((table.box.bottom for table in frame.tables), default=-inf)
    heads: list[int] = []
    feet: list[int] = []
    for row in sorted({*range(min(OUTER_ROWS, n_rows)), *range(max(n_rows - OUTER_ROWS, 0), n_rows)}):
        middle = (top[row] + bottom[row]) / 2
        if row < OUTER_ROWS and middle < OUTER_SHARE * height:
            heads.extend([row] if middle < lowest else [])
        elif row >= n_rows - OUTER_ROWS and middle > (1 - OUTER_SHARE) * height and middle > highest:
            feet.append(row)
    return heads, feet


def _outer_lines(frame: PageFrame, starts: Indices, outer: Sequence[int]) -> list[Line]:
    """Return the lines of the outer rows, spelled anew in the rare case that one is parted otherwise next to them than
    next to all rows."""
    words, rows = frame.clean.words, frame.rows
    ends = [*starts[1:].tolist(), len(rows)]
    before = -1
    for row in outer:
        start = ends[row - 1] if row else 0
        is_left = before == start - 1 or begins_left(words, rows, start, start - 1)
        if before != start - 1 and is_left != begins_left(words, rows, start, before):
            chosen = np.isin(rows.row, outer)
            return make_lines(frame.shared, words, Rows(rows.which[chosen], rows.row[chosen]))
        before = ends[row] - 1
    is_outer = set(outer)
    return [line for line in frame.lines if line.row in is_outer]


def _wide_rules(page: PageGlyphs) -> list[float]:
    """Return the heights of horizontal rules over most of the page's width."""
    edges = page.edges
    if len(edges) == 0:
        return []
    is_wide = (edges[:, 2] - edges[:, 0] > 0.3 * page.width) & (np.abs(edges[:, 1] - edges[:, 3]) < 0.6)
    found: list[float] = edges[is_wide, 1].tolist()
    return found


def lay_out_page(frame: PageFrame, furniture: set[int]) -> PageBody:
    """Drop the furniture, set footnotes apart, cut the rest into columns."""
    dropped = [
        line for row in (*frame.outer.top, *frame.outer.bottom[::-1]) for line in row.lines if id(line) in furniture
    ]
    rows = _without(frame, dropped)
    body, notes = _split_notes(frame, rows)
    segments = _body_segments(frame, body.which)
    if len(notes):
        segments.append(_Segment(notes.which, is_note=True))
    turned: dict[int, list[Line]] = {}
    for cell, line in turned_lines(frame.shared, frame.clean.turned, frame.cell_of):
        turned.setdefault(cell, []).append(line)
    return PageBody(frame, _spell_segments(frame, segments), dropped, turned.pop(-1, []), turned)


def _without(frame: PageFrame, dropped: Sequence[Line]) -> Rows:
    """Return the page's rows without the words of dropped lines."""
    if not dropped:
        return frame.rows
    words = frame.clean.words
    is_dropped = np.zeros(len(frame.page), dtype=np.bool_)
    for line in dropped:
        is_dropped[line.origins[line.origins >= 0]] = True
        is_dropped[line.cut] = True
    keep = ~is_dropped[words.glyphs[words.starts[:-1]]][frame.rows.which]
    return Rows(frame.rows.which[keep], frame.rows.row[keep])


@dataclass(slots=True, eq=False)
class _Segment:
    """Words of one column between its tables, or a table's number."""

    which: Indices
    table: int | None = None
    is_note: bool = False


def _spell_segments(frame: PageFrame, segments: Sequence[_Segment]) -> list[Region]:
    """Return the segments with their lines, all spelled at once."""
    words = frame.clean.words
    regions = [Region([], segment.table, segment.is_note) for segment in segments]
    which = np.concatenate([segment.which for segment in segments]) if segments else np.zeros(0, dtype=np.int64)
    group = np.repeat(np.arange(len(segments)), [len(segment.which) for segment in segments])
    group_of = np.zeros(len(words), dtype=np.int64)
    group_of[which] = group
    if len(which) == 0:
        return regions
    part = _stretch_of(frame, which, group)
    if part is not None:
        rows = Rows(frame.rows.which[part], frame.rows.row[part])
        first, last = int(rows.row[0]), int(rows.row[-1])
        lines = [line for line in frame.lines if first <= line.row <= last]
    else:
        rows = find_rows(words, which, group)
        lines = make_lines(frame.shared, words, rows)
    starts = rows.starts()
    group_of_row = dict(zip(rows.row[starts].tolist(), group_of[rows.which[starts]].tolist(), strict=True))
    mark_bullets(frame.dots, lines)
    for line in lines:
        regions[group_of_row[line.row]].lines.append(line)
    return regions


def _stretch_of(frame: PageFrame, which: Indices, group: Indices) -> slice | None:
    """Return where words stand in the page's rows when they are whole rows that follow each other, each in one group,
    as on a page of one column: then their rows and lines are the page's. ``None`` otherwise."""
    rows = frame.rows
    start = int((rows.which == which[0]).argmax())
    end = start + len(which)
    row = rows.row[start:end]
    if not np.array_equal(rows.which[start:end], which) or ((group[1:] != group[:-1]) & (row[1:] == row[:-1])).any():
        return None
    is_whole = (start == 0 or rows.row[start - 1] != row[0]) and (end == len(rows) or rows.row[end] != row[-1])
    return slice(start, end) if is_whole and begins_left(frame.clean.words, rows, start, start - 1) else None


def _body_segments(frame: PageFrame, which: Indices) -> list[_Segment]:
    page, words = frame.page, frame.clean.words
    placed, everything = words, which
    if frame.tables:
        boxes = np.array([(t.box.x0, t.box.top, t.box.x1, t.box.bottom) for t in frame.tables])
        paint = np.array([_first_glyph(table) for table in frame.tables], dtype=np.int64)
        placed = with_blocks(words, boxes, paint)
        everything = np.concatenate((which, np.arange(len(words), len(words) + len(boxes))))
    uprights = page.edges[np.abs(page.edges[:, 0] - page.edges[:, 2]) < 0.5] if len(page.edges) else page.edges
    leaves = order_regions(placed, everything, uprights, trust_paint=not page.is_ocr)
    if len(leaves) == 1 and not frame.tables:
        return [_Segment(which)]
    segments: list[_Segment] = []
    notes: list[_Segment] = []
    for leaf in leaves:
        is_table = leaf >= len(words)
        rest = leaf[~is_table]
        if len(leaves) > 1:
            text, below = _split_notes(frame, find_rows(words, rest))
            rest = text.which
            notes.extend([_Segment(below.which, is_note=True)] if len(below) else [])
        segments.extend(_leaf_segments(frame, rest, (leaf[is_table] - len(words)).tolist()))
    return segments + notes


def _first_glyph(table: PageTable) -> int:
    return min((int(cell.glyphs.min()) for cell in table.cells if len(cell.glyphs)), default=0)


def _leaf_segments(frame: PageFrame, which: Indices, tables: list[int]) -> list[_Segment]:
    """Return the words of a column above, between and below its tables."""
    words = frame.clean.words
    middle = (words.top[which] + words.bottom[which]) / 2
    segments: list[_Segment] = []
    done = np.zeros(len(which), dtype=np.bool_)
    for table in sorted(tables, key=lambda number: frame.tables[number].box.top):
        above = ~done & (middle < frame.tables[table].box.top)
        done |= above
        segments.append(_Segment(which[above]))
        segments.append(_Segment(which[:0], table=table))
    segments.append(_Segment(which[~done]))
    return [segment for segment in segments if len(segment.which) or segment.table is not None]


def _split_notes(frame: PageFrame, rows: Rows) -> tuple[Rows, Rows]:
    """Part rows into body and footnotes: small rows at the end, below a rule or from the first one with a mark on."""
    words = frame.clean.words
    if len(rows) == 0:
        return rows, rows
    starts = rows.starts()
    size = np.maximum.reduceat(words.size[rows.which], starts)
    usual = min(frame.body_size, median(words.size[rows.which]))
    is_big = np.flatnonzero(size > _NOTE_SIZE * usual)
    first_small = int(is_big[-1]) + 1 if len(is_big) else 0
    first = _note_row(frame, rows, starts, first_small)
    if first is None or first == 0:
        return rows, Rows(rows.which[:0], rows.row[:0])
    cut = int(starts[first])
    return Rows(rows.which[:cut], rows.row[:cut]), Rows(rows.which[cut:], rows.row[cut:])


def _note_row(frame: PageFrame, rows: Rows, starts: Indices, first_small: int) -> int | None:
    """Return the row where footnotes start, or ``None``."""
    ruled = _ruled_row(frame, rows, starts)
    if ruled is not None and (ruled >= first_small or _is_sure_note(frame, rows, starts, ruled)):
        return ruled
    for row in range(first_small, len(starts)):
        if _has_mark(frame, rows, int(starts[row])) and (row == first_small or _stands_apart(frame, rows, starts, row)):
            return row
    return None


def _is_sure_note(frame: PageFrame, rows: Rows, starts: Indices, row: int) -> bool:
    """Tell whether a row below a rule starts with a footnote mark, or all below is smaller than what stands above."""
    size = np.maximum.reduceat(frame.clean.words.size[rows.which], starts)
    if row > 0 and size[row:].max() <= 0.95 * median(size[:row]):
        return True
    return bool(size[row:].max() <= 1.15 * size[row]) and _has_mark(frame, rows, int(starts[row]), is_sure=True)


def _stands_apart(frame: PageFrame, rows: Rows, starts: Indices, row: int) -> bool:
    """Tell whether a row's first mark is raised, or the row is set off from the one above."""
    words, page = frame.clean.words, frame.page
    start = int(starts[row])
    first = int(words.glyphs[words.starts[rows.which[start]]])
    end = int(starts[row + 1]) if row + 1 < len(starts) else len(rows)
    size = float(words.size[rows.which[start:end]].max())
    if page.size[first] < 0.85 * size:
        return True
    above = rows.which[int(starts[row - 1]) : start]
    return float(words.bottom[rows.which[start:end]].max() - words.bottom[above].max()) > 1.6 * size


def _ruled_row(frame: PageFrame, rows: Rows, starts: Indices) -> int | None:
    """Return the first row below a short horizontal rule that stands in the lower part of the page."""
    edges = frame.page.edges
    if len(edges) == 0:
        return None
    words = frame.clean.words
    flat = edges[np.abs(edges[:, 1] - edges[:, 3]) < 0.6]
    length = flat[:, 2] - flat[:, 0]
    left = float(words.x0[rows.which].min())
    flat = flat[(length >= _NOTE_RULE[0]) & (length <= _NOTE_RULE[1]) & (np.abs(flat[:, 0] - left) < 30)]
    for table in frame.tables:
        flat = flat[(flat[:, 1] < table.box.top - 3) | (flat[:, 1] > table.box.bottom + 3)]
    tops = np.minimum.reduceat(words.top[rows.which], starts)
    bottoms = np.maximum.reduceat(words.bottom[rows.which], starts)
    for rule in np.unique(flat[:, 1]).tolist():
        below = np.flatnonzero(tops > rule - 3.0)
        if len(below) == 0 or rule < 0.35 * frame.page.height:
            continue
        row = int(below[0])
        is_clear = row == 0 or float(bottoms[:row].max()) < rule + 3.0
        if is_clear and float(tops[row]) - rule < 4.0 * frame.body_size:
            return row
    return None


def _has_mark(frame: PageFrame, rows: Rows, start: int, *, is_sure: bool = False) -> bool:
    """Tell whether a row starts with a footnote mark; ``is_sure`` wants one that is no label of a heading or list."""
    words, shared = frame.clean.words, frame.shared
    word = int(rows.which[start])
    glyphs = words.glyphs[words.starts[word] : words.starts[word + 1]].tolist()
    text = "".join(shared.texts[glyph] for glyph in glyphs)
    if is_sure:
        is_narrow = shared.narrow is not None and bool(shared.narrow[glyphs[0]])
        return _SURE_NOTE_START.fullmatch(text) is not None or (is_narrow and text[:1].isdigit())
    return _NOTE_START.match(text) is not None
