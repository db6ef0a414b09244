"""The layout of one page: its words sorted out into furniture, notes, table cells and columns of body text.

Enters ``PageGlyphs`` and the page's tables; leaves ``PageFrame`` and later ``PageBody``. Nothing here looks at other
pages; what repeats over pages is decided in ``extractors.furniture``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from extractors.columns import order_regions
from extractors.furniture import OUTER_ROWS, OUTER_SHARE, OuterPage, OuterRow
from extractors.glyphs import Bools, Floats, Ints, PageGlyphs
from extractors.grids import PageTable
from extractors.lines import Line, PageText, Rows, find_rows, make_lines, page_text
from extractors.printed_words import CleanPage, Words, clean_page, with_blocks
from extractors.turned import turned_lines

_NOTE_START = re.compile(r"\(?\d{1,3}\)?|[*†‡]+|\([a-z]\)")
_NOTE_SIZE = 0.93
_DOT = 6.0  # points: the largest drawn bullet
_NOTE_RULE = (30.0, 320.0)  # points: how long the rule above footnotes may be


@dataclass(slots=True, eq=False)
class PageFrame:
    """A page's words and what of them is already placed. ``is_free`` marks words still to be placed."""

    page: PageGlyphs
    shared: PageText
    clean: CleanPage
    tables: Sequence[PageTable]
    cell_of: Ints
    is_free: Bools
    body_size: float
    outer: OuterPage
    dots: Floats
    outer_words: dict[int, Ints] = field(default_factory=dict)


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


def frame_page(page: PageGlyphs, tables: Sequence[PageTable]) -> PageFrame:
    """Sort a page's words: cells of tables, and the outer rows that may be furniture."""
    cell_of = np.full(len(page), -1, dtype=np.int64)
    for number, cell in enumerate(cell for table in tables for cell in table.cells):
        cell_of[cell.glyphs] = number
    clean = clean_page(page, cell_of)
    is_free = clean.words.cell < 0
    size = _usual_size(page, clean.words, is_free)
    outer = OuterPage(page.number, page.height, size)
    frame = PageFrame(page, page_text(page), clean, tables, cell_of, is_free, size, outer, _find_dots(page))
    if len(clean.words):
        _find_outer_rows(frame)
    return frame


def _usual_size(page: PageGlyphs, words: Words, is_free: Bools) -> float:
    """Return the size most glyphs of a page have, in points; of the text outside tables if there is enough."""
    if len(words) == 0:
        return 10.0
    chosen = is_free if int(is_free.sum()) > 20 else np.ones(len(words), dtype=np.bool_)
    weight = (words.starts[1:] - words.starts[:-1])[chosen]
    sizes = np.rint(page.size[words.glyphs[words.starts[:-1][chosen]]] * 2).astype(np.int64)
    return float(np.argmax(np.bincount(np.clip(sizes, 0, 400), weights=weight))) / 2


def _find_outer_rows(frame: PageFrame) -> None:
    words, page = frame.clean.words, frame.page
    middle = (words.top + words.bottom) / 2
    reach = OUTER_SHARE * page.height
    free = np.flatnonzero(frame.is_free)
    for is_top in (True, False):
        near = free[middle[free] < reach] if is_top else free[middle[free] > page.height - reach]
        rows = find_rows(words, near)
        if len(rows) == 0:
            continue
        rows = _outermost(rows, is_top=is_top)
        found = frame.outer.top if is_top else frame.outer.bottom
        found.extend(_outer_rows(frame, rows, is_top=is_top))


def _outermost(rows: Rows, *, is_top: bool) -> Rows:
    last = int(rows.row[-1])
    keep = rows.row < OUTER_ROWS if is_top else rows.row > last - OUTER_ROWS
    return Rows(rows.which[keep], rows.row[keep])


def _outer_rows(frame: PageFrame, rows: Rows, *, is_top: bool) -> list[OuterRow]:
    words = frame.clean.words
    lines = make_lines(frame.shared, words, rows)
    found: list[OuterRow] = []
    by_row: dict[int, list[Line]] = {}
    for line in lines:
        by_row.setdefault(line.row, []).append(line)
    order = sorted(by_row, reverse=not is_top)
    free = frame.is_free
    for row in order:
        parts = by_row[row]
        top, bottom = min(line.top for line in parts), max(line.bottom for line in parts)
        if is_top:
            inner = words.top[free & (words.top > bottom - 0.3 * parts[0].size)]
            gap = float(inner.min()) - bottom if len(inner) else frame.page.height
            depth = top
        else:
            inner = words.bottom[free & (words.bottom < top + 0.3 * parts[0].size)]
            gap = top - float(inner.max()) if len(inner) else frame.page.height
            depth = frame.page.height - bottom
        found.append(OuterRow(is_top, depth, parts, gap))
        numbers = rows.which[rows.row == row]
        for line in parts:
            inside = (words.x0[numbers] >= line.x0 - 0.01) & (words.x1[numbers] <= line.x1 + 0.01)
            frame.outer_words[id(line)] = numbers[inside]
    return found


def lay_out_page(frame: PageFrame, furniture: set[int]) -> PageBody:
    """Drop the furniture, set footnotes apart, cut the rest into columns."""
    dropped = [
        line for row in (*frame.outer.top, *frame.outer.bottom[::-1]) for line in row.lines if id(line) in furniture
    ]
    for line in dropped:
        frame.is_free[frame.outer_words[id(line)]] = False
    which = np.flatnonzero(frame.is_free)
    body, notes = _split_notes(frame, which)
    regions = _body_regions(frame, body)
    if len(notes):
        lines = make_lines(frame.shared, frame.clean.words, find_rows(frame.clean.words, notes))
        regions.append(Region(lines, is_note=True))
    turned: dict[int, list[Line]] = {}
    for cell, line in turned_lines(frame.shared, frame.clean.turned, frame.cell_of):
        turned.setdefault(cell, []).append(line)
    return PageBody(frame, regions, dropped, turned.pop(-1, []), turned)


def _body_regions(frame: PageFrame, which: Ints) -> list[Region]:
    page, words = frame.page, frame.clean.words
    boxes = np.array([(t.box.x0, t.box.top, t.box.x1, t.box.bottom) for t in frame.tables]).reshape(-1, 4)
    paint = np.array([_first_glyph(table) for table in frame.tables], dtype=np.int64)
    places = np.arange(len(words), len(words) + len(boxes))
    placed = with_blocks(words, boxes, paint)
    uprights = page.edges[np.abs(page.edges[:, 0] - page.edges[:, 2]) < 0.5] if len(page.edges) else page.edges
    leaves = order_regions(placed, np.concatenate((which, places)), uprights, trust_paint=not page.is_ocr)
    regions: list[Region] = []
    notes: list[Ints] = []
    for leaf in leaves:
        is_table = leaf >= len(words)
        rest, below = _split_notes(frame, leaf[~is_table]) if len(leaves) > 1 else (leaf[~is_table], leaf[:0])
        if len(below):
            notes.append(below)
        regions.extend(_leaf_regions(frame, rest, (leaf[is_table] - len(words)).tolist()))
    for below in notes:
        regions.append(Region(make_lines(frame.shared, words, find_rows(words, below)), is_note=True))
    return regions


def _first_glyph(table: PageTable) -> int:
    return min((int(cell.glyphs.min()) for cell in table.cells if len(cell.glyphs)), default=0)


def _leaf_regions(frame: PageFrame, which: Ints, tables: list[int]) -> list[Region]:
    """Return the lines of a column above, between and below its tables."""
    words = frame.clean.words
    middle = (words.top[which] + words.bottom[which]) / 2
    regions: list[Region] = []
    done = np.zeros(len(which), dtype=np.bool_)
    for table in sorted(tables, key=lambda number: frame.tables[number].box.top):
        above = ~done & (middle < frame.tables[table].box.top)
        done |= above
        regions.extend(_text_region(frame, which[above]))
        regions.append(Region([], table=table))
    regions.extend(_text_region(frame, which[~done]))
    return regions


def _text_region(frame: PageFrame, which: Ints) -> list[Region]:
    if len(which) == 0:
        return []
    lines = make_lines(frame.shared, frame.clean.words, find_rows(frame.clean.words, which))
    _find_bullets(frame, lines)
    return [Region(lines)]


def _find_bullets(frame: PageFrame, lines: list[Line]) -> None:
    """Mark lines with a dot or square drawn just before them: some programs draw bullets instead of printing them."""
    if len(frame.dots) == 0:
        return
    x, y = frame.dots[:, 0][None, :], frame.dots[:, 1][None, :]
    x0 = np.array([line.x0 for line in lines])[:, None]
    size = np.array([line.size for line in lines])[:, None]
    top = np.array([line.top for line in lines])[:, None]
    bottom = np.array([line.bottom for line in lines])[:, None]
    beside = (x < x0 - 0.15 * size) & (x > x0 - 2.2 * size)
    level = (y > top + 0.25 * (bottom - top)) & (y < bottom - 0.1 * (bottom - top))
    for number in np.flatnonzero((beside & level).any(axis=1)).tolist():
        lines[number].has_bullet = True


def _find_dots(page: PageGlyphs) -> Floats:
    """Return the middles (k, 2) of small drawings, as high as wide, that may be bullets."""
    shapes = page.edges if len(page.rects) == 0 else np.concatenate((page.edges, page.rects))
    if len(shapes) == 0:
        return np.zeros((0, 2))
    small = shapes[((shapes[:, 2] - shapes[:, 0]) <= _DOT) & ((shapes[:, 3] - shapes[:, 1]) <= _DOT)]
    return np.column_stack(((small[:, 0] + small[:, 2]) / 2, (small[:, 1] + small[:, 3]) / 2))


def _split_notes(frame: PageFrame, which: Ints) -> tuple[Ints, Ints]:
    """Part words into body and footnotes: small rows at the end, below a rule or from the first one with a mark on."""
    words = frame.clean.words
    nothing = which[:0]
    if len(which) == 0:
        return which, nothing
    rows = find_rows(words, which)
    starts = np.concatenate(([0], np.flatnonzero(rows.row[1:] != rows.row[:-1]) + 1))
    ends = np.append(starts[1:], len(rows))
    size = np.array([float(np.median(words.size[rows.which[a:b]])) for a, b in zip(starts, ends, strict=True)])
    n_small = 0
    usual = min(frame.body_size, float(np.median(words.size[which])))
    while n_small < len(size) and size[-1 - n_small] <= _NOTE_SIZE * usual:
        n_small += 1
    first = _note_row(frame, rows, starts, len(size) - n_small)
    if first is None or first == 0:
        return which, nothing
    return rows.which[: starts[first]], rows.which[starts[first] :]


def _note_row(frame: PageFrame, rows: Rows, starts: Ints, first_small: int) -> int | None:
    """Return the row where footnotes start, or ``None``."""
    ruled = _ruled_row(frame, rows, starts)
    if ruled is not None and (ruled >= first_small or _has_mark(frame, rows, int(starts[ruled]))):
        return ruled
    for row in range(first_small, len(starts)):
        if _has_mark(frame, rows, int(starts[row])) and (row == first_small or _stands_apart(frame, rows, starts, row)):
            return row
    return None


def _stands_apart(frame: PageFrame, rows: Rows, starts: Ints, row: int) -> bool:
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


def _ruled_row(frame: PageFrame, rows: Rows, starts: Ints) -> int | None:
    """Return the first row below a short horizontal rule that stands in the lower part of the page."""
    edges = frame.page.edges
    if len(edges) == 0:
        return None
    words = frame.clean.words
    flat = edges[np.abs(edges[:, 1] - edges[:, 3]) < 0.6]
    length = flat[:, 2] - flat[:, 0]
    left = float(words.x0[rows.which].min())
    flat = flat[(length >= _NOTE_RULE[0]) & (length <= _NOTE_RULE[1]) & (np.abs(flat[:, 0] - left) < 30)]
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


def _has_mark(frame: PageFrame, rows: Rows, start: int) -> bool:
    words = frame.clean.words
    word = int(rows.which[start])
    glyphs = words.glyphs[words.starts[word] : words.starts[word + 1]].tolist()
    return _NOTE_START.match("".join(frame.shared.texts[glyph] for glyph in glyphs)) is not None
