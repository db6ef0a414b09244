"""Tables of a page and of a document: where they are, their cells, and which glyphs stand in each.

Enter pages as glyphs with their drawn lines; leave ``PageTable`` and ``JoinedTable``. Frames round text, banners,
footnote rules and rules of running heads are no tables.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from extractors.glyphs import Floats, PageGlyphs
from extractors.grids import PageTable
from extractors.tables.alignments import WordLines, read_lines
from extractors.tables.borderless import find_aligned
from extractors.tables.mesh_splits import split_rows, split_walls
from extractors.tables.meshes import Frame, Mesh, build_mesh, read_frame
from extractors.tables.page_tables import Sheet, to_table
from extractors.tables.painted import read_paint
from extractors.tables.rulings import (
    REACH,
    SPACING,
    Rulings,
    add_title_rules,
    count_strokes,
    group_rulings,
    read_rulings,
    slanted_strokes,
)
from extractors.tables.stacks import find_stacked
from models.spans import Box

MIN_FILLED_SHARE = 0.25
"""A mesh with fewer of its cells filled is a drawing."""
MIN_STROKES = 10
"""A mesh with so many slanted strokes inside is a drawing."""
END = 5.0
"""A table reaches beyond another when it does so by this, in points."""
NEAR_DRAWING = 40.0
"""Words in columns this near to a drawing, in points, are its legend."""
SAME_SHARE = 0.8
"""Surer tables that cover this share of another are that table."""
FOOT = 0.9
"""Below this share of a page's height stands its foot."""
MIN_WALL_SHARE = 0.5
"""Shaded cells make a table when some wall between them runs through this share of the rows."""
MAX_EMPTY_COLUMNS = 0.25
"""Shaded areas with more columns empty than this are the bars of a chart."""


def find_tables(page: PageGlyphs) -> tuple[PageTable, ...]:
    """Return the tables of one page, from the top down."""
    if page.n_words == 0:
        return ()
    found: list[PageTable] = []
    sheet = Sheet(page, read_lines(page), slanted_strokes(page.edges))
    if len(page.edges):
        paint = read_paint(page.edges, page.rects, page.is_filled)
        rulings = read_rulings(paint.cells)
        drawn = _find_drawn(sheet, rulings if paint.drawn is paint.cells else read_rulings(paint.drawn))
        shaded = () if _are_inside(paint.areas, drawn) else _find_shaded(sheet, rulings)
        found = _prefer_wider(drawn, shaded)
        found = _prefer_wider(found, _find_stacked(sheet, rulings, drawn))
    aligned = [to_table(mesh, sheet, is_ruled=False) for mesh in find_aligned(page, _outside(sheet.lines, found))]
    found += [table for table in aligned if not _is_drawing(sheet, table, around=NEAR_DRAWING)]
    found.sort(key=lambda table: (table.box.top, table.box.x0))
    return tuple(table for table in found if not any(_is_inside(table, other) for other in found))


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A table that may be: its box, and what makes it or finds that it is none, which takes far longer than the box."""

    box: Box
    make: Callable[[], PageTable | None]


def _find_drawn(sheet: Sheet, pens: Rulings) -> list[PageTable]:
    """Return the tables that pens enclose."""
    frames = _frames(sheet, pens, group_rulings(pens), REACH)
    meshes = [_make_mesh(sheet, group, frame) for group, frame in frames]
    tables = [to_table(mesh, sheet) for mesh in meshes if mesh is not None]
    return [table for table in tables if _is_table(table) or _is_head_at_foot(table, sheet)]


def _find_shaded(sheet: Sheet, rulings: Rulings) -> Iterator[_Candidate]:
    """Yield the tables that shaded cells make."""
    groups = [group for group in group_rulings(rulings, reach=SPACING) if _has_inner_wall(group)]
    for group, frame in _frames(sheet, rulings, groups, SPACING):
        yield _Candidate(_box_of(sheet, frame), partial(_make_shaded, sheet, group, frame))


def _make_shaded(sheet: Sheet, group: Rulings, frame: Frame) -> PageTable | None:
    mesh = _make_mesh(sheet, group, frame)
    if mesh is None or not _has_through_wall(mesh):
        return None
    table = to_table(mesh, sheet)
    return table if _is_table(table) and not _has_gaps(table) else None


def _frames(sheet: Sheet, rulings: Rulings, groups: Sequence[Rulings], reach: float) -> Iterator[tuple[Rulings, Frame]]:
    """Yield groups of rulings with the frames that they give."""
    for group in groups:
        frame = read_frame(add_title_rules(group, rulings.down), sheet.prints, reach=reach)
        if frame is not None:
            yield group, frame


def _make_mesh(sheet: Sheet, group: Rulings, frame: Frame) -> Mesh | None:
    """Return the mesh in a frame of a group; ``None`` for a drawing and where the rulings part no cells."""
    if count_strokes(sheet.strokes, group.box) >= MIN_STROKES:
        return None
    mesh = build_mesh(frame)
    if mesh is None:
        return None
    return split_rows(split_walls(mesh, sheet.prints), sheet.page, sheet.lines, has_titles=frame.rulings is not group)


def _box_of(sheet: Sheet, mesh: Mesh | Frame) -> Box:
    """Return the box of the table that a mesh or frame may make."""
    xs, ys = mesh.xs, mesh.ys
    return Box(sheet.page.number, float(xs[0]), float(ys[0]), float(xs[-1]), float(ys[-1]))


def _are_inside(areas: Floats, tables: list[PageTable]) -> bool:
    """Tell whether all painted areas lie in tables."""
    x, y = (areas[:, 0] + areas[:, 2]) / 2, (areas[:, 1] + areas[:, 3]) / 2
    is_free = np.ones(len(areas), dtype=np.bool_)
    for table in tables:
        box = table.box
        is_free &= (x < box.x0) | (x > box.x1) | (y < box.top) | (y > box.bottom)
    return not is_free.any()


def _has_inner_wall(group: Rulings) -> bool:
    """Tell whether some ruling stands away from both sides of shaded cells."""
    left, _, right, _ = group.box
    return any(x - left > SPACING and right - x > SPACING for x in group.down[:, 0].tolist())


def _find_stacked(sheet: Sheet, rulings: Rulings, taken: list[PageTable]) -> Iterator[_Candidate]:
    """Yield the tables with row rules only, outside those already found."""
    across = rulings.across
    for table in taken:
        box = table.box
        is_over = (across[:, 0] >= box.top - 2) & (across[:, 0] <= box.bottom + 2)
        across = across[~(is_over & (across[:, 2] >= box.x0) & (across[:, 1] <= box.x1))]
    for mesh in find_stacked(sheet.page, _outside(sheet.lines, taken), across):
        yield _Candidate(_box_of(sheet, mesh), partial(_make_stacked, sheet, mesh))


def _make_stacked(sheet: Sheet, mesh: Mesh) -> PageTable | None:
    table = to_table(mesh, sheet)
    return table if _is_table(table) and not _is_drawing(sheet, table) else None


def _is_drawing(sheet: Sheet, table: PageTable, around: float = 0.0) -> bool:
    """Tell whether a table, with ``around`` points on each side, holds the strokes of a drawing."""
    box = table.box
    rim = (box.x0 - around, box.top - around, box.x1 + around, box.bottom + around)
    return count_strokes(sheet.strokes, rim) >= (MIN_STROKES if around == 0 else 3 * MIN_STROKES)


def _outside(lines: WordLines, taken: list[PageTable]) -> WordLines:
    """Return the words outside tables."""
    for table in taken:
        box = table.box
        x, y = lines.centre, lines.middle
        lines = lines.select((x < box.x0) | (x > box.x1) | (y < box.top) | (y > box.bottom))
    return lines


def _has_through_wall(mesh: Mesh) -> bool:
    walls = (mesh.owners[:, 1:] != mesh.owners[:, :-1]).sum(axis=0)
    return len(walls) > 0 and int(walls.max()) >= max(2.0, MIN_WALL_SHARE * mesh.n_rows)


def _has_gaps(table: PageTable) -> bool:
    held = {cell.column for cell in table.cells if len(cell.glyphs)}
    return len(held) < (1 - MAX_EMPTY_COLUMNS) * table.n_columns


def _prefer_wider(surer: list[PageTable], others: Iterable[_Candidate]) -> list[PageTable]:
    """Return the surer tables and what others add: tables where there is none, or none nearly as large."""
    kept = list(surer)
    for other in others:
        rivals = [table for table in kept if _share(table.box, other.box) > 0]
        is_covered = sum(_share(table.box, other.box) for table in rivals) >= SAME_SHARE
        # Most are covered and no longer than their rival: these are never made.
        if is_covered and not _may_add_rows(other.box, rivals):
            continue
        table = other.make()
        if table is not None and (not is_covered or _has_more_rows(table, rivals[0])):
            kept = [one for one in kept if one not in rivals]
            kept.append(table)
    return kept


def _may_add_rows(box: Box, rivals: list[PageTable]) -> bool:
    """Tell whether a table may be its only rival with rows more, as where stripes leave the first or last row white."""
    if len(rivals) != 1:
        return False
    is_longer = box.top < rivals[0].box.top - END or box.bottom > rivals[0].box.bottom + END
    return is_longer and _share(box, rivals[0].box) > SAME_SHARE


def _has_more_rows(table: PageTable, rival: PageTable) -> bool:
    return rival.n_columns == table.n_columns and rival.n_rows < table.n_rows


def _share(inner: Box, outer: Box) -> float:
    """Return the share of ``outer`` that ``inner`` covers."""
    width = min(inner.x1, outer.x1) - max(inner.x0, outer.x0)
    height = min(inner.bottom, outer.bottom) - max(inner.top, outer.top)
    area = (outer.x1 - outer.x0) * (outer.bottom - outer.top)
    return max(width, 0.0) * max(height, 0.0) / max(area, 1e-9)


def _is_table(table: PageTable) -> bool:
    filled = [cell for cell in table.cells if len(cell.glyphs)]
    columns = {cell.column for cell in filled}
    if len(columns) < 2 or len(filled) < MIN_FILLED_SHARE * len(table.cells):
        return False
    return table.n_rows > 1 or len(columns) > 2 or table.is_open_top or table.is_open_bottom


def _is_head_at_foot(table: PageTable, sheet: Sheet) -> bool:
    """Tell whether a single row is a head that the page parted from its table: bold or shaded, and the last on the
    page but for its foot."""
    is_head = table.n_rows == table.n_header_rows == 1 and sum(len(cell.glyphs) > 0 for cell in table.cells) > 1
    tops = sheet.lines.top
    return is_head and not ((tops > table.box.bottom - 1) & (tops < FOOT * sheet.page.height)).any()


def _is_inside(table: PageTable, other: PageTable) -> bool:
    """Tell whether a table is drawn inside a cell of another."""
    return any(
        cell.box.x0 <= table.box.x0
        and cell.box.top <= table.box.top
        and table.box.x1 <= cell.box.x1
        and table.box.bottom <= cell.box.bottom
        for cell in other.cells
        if other is not table
    )
