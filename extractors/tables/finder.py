"""Tables of a page and of a document: where they are, their cells, and which glyphs stand in each.

Enter pages as glyphs with their drawn lines; leave ``PageTable`` and ``JoinedTable``. Frames round text, banners,
footnote rules and rules of running heads are no tables.
"""

import numpy as np

from extractors.glyphs import Floats, PageGlyphs
from extractors.grids import GridCell, PageTable
from extractors.tables.alignments import WordLines, read_lines
from extractors.tables.borderless import find_aligned
from extractors.tables.headers import count_header_rows
from extractors.tables.mesh_splits import split_rows, split_walls
from extractors.tables.meshes import OUTSIDE, Mesh, build_mesh, drop_slivers, place_glyphs, read_prints
from extractors.tables.rulings import (
    REACH,
    SPACING,
    Rulings,
    add_title_rules,
    cell_edges,
    count_strokes,
    drawn_edges,
    group_rulings,
    painted_areas,
    read_rulings,
    slanted_strokes,
)
from extractors.tables.stacks import find_stacked
from extractors.tables.turned_tables import Turn, find_turn, turn_cells, turned_columns
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
    lines = read_lines(page)
    strokes = slanted_strokes(page.edges)
    if len(page.edges):
        rulings = read_rulings(cell_edges(page.edges, page.rects, page.is_filled))
        drawn, shaded = _find_ruled(page, lines, rulings, strokes)
        found = _prefer_wider(drawn, shaded)
        found = _prefer_wider(found, _find_stacked(page, lines, rulings, drawn, strokes))
    aligned = [_to_table(mesh, page, is_ruled=False) for mesh in find_aligned(page, _outside(lines, found))]
    found += [table for table in aligned if not _is_drawing(strokes, table, around=NEAR_DRAWING)]
    found.sort(key=lambda table: (table.box.top, table.box.x0))
    return tuple(table for table in found if not any(_is_inside(table, other) for other in found))


def _find_ruled(
    page: PageGlyphs, lines: WordLines, rulings: Rulings, strokes: Floats
) -> tuple[list[PageTable], list[PageTable]]:
    """Return the tables that pens enclose, and those that shaded cells make."""
    areas = painted_areas(page.rects, page.is_filled)
    pens = read_rulings(drawn_edges(page.edges, areas)) if len(areas) else rulings
    drawn = [_to_table(mesh, page) for mesh in _find_meshes(page, lines, pens, strokes)]
    drawn = [table for table in drawn if _is_table(table) or _is_head_at_foot(table, lines, page)]
    if _are_inside(areas, drawn):
        return drawn, []
    meshes = _find_meshes(page, lines, rulings, strokes, reach=SPACING, has_walls=True)
    shaded = [_to_table(mesh, page) for mesh in meshes if _has_through_wall(mesh)]
    return drawn, [table for table in shaded if _is_table(table) and not _has_gaps(table)]


def _are_inside(areas: Floats, tables: list[PageTable]) -> bool:
    """Tell whether all painted areas lie in tables."""
    x, y = (areas[:, 0] + areas[:, 2]) / 2, (areas[:, 1] + areas[:, 3]) / 2
    is_free = np.ones(len(areas), dtype=np.bool_)
    for table in tables:
        box = table.box
        is_free &= (x < box.x0) | (x > box.x1) | (y < box.top) | (y > box.bottom)
    return not is_free.any()


def _find_meshes(
    page: PageGlyphs,
    lines: WordLines,
    rulings: Rulings,
    strokes: Floats,
    *,
    reach: float = REACH,
    has_walls: bool = False,
) -> list[Mesh]:
    """Return the meshes of more than one cell that rulings make and no drawing is; with ``has_walls`` only those of
    more than one column."""
    groups = [group for group in group_rulings(rulings, reach=reach) if len(group.down)]
    if has_walls:
        groups = [group for group in groups if _has_inner_wall(group, reach)]
    if not groups:
        return []
    meshes = []
    prints = read_prints(page)
    for group in groups:
        titled = add_title_rules(group, rulings.down)
        mesh = build_mesh(titled, reach=reach)
        if mesh is None or mesh.owners.max() == mesh.owners.min():
            continue
        if count_strokes(strokes, group.box) >= MIN_STROKES:
            continue
        mesh = split_walls(drop_slivers(mesh, prints), prints)
        meshes.append(split_rows(mesh, page, lines, has_titles=titled is not group))
    return meshes


def _has_inner_wall(group: Rulings, reach: float) -> bool:
    """Tell whether some ruling stands away from both sides."""
    left, _, right, _ = group.box
    x = group.down[:, 0]
    return bool(((x - left > reach) & (right - x > reach)).any())


def _find_stacked(
    page: PageGlyphs, lines: WordLines, rulings: Rulings, taken: list[PageTable], strokes: Floats
) -> list[PageTable]:
    """Return the tables with row rules only, outside those already found."""
    across = rulings.across
    for table in taken:
        box = table.box
        is_over = (across[:, 0] >= box.top - 2) & (across[:, 0] <= box.bottom + 2)
        across = across[~(is_over & (across[:, 2] >= box.x0) & (across[:, 1] <= box.x1))]
    found = []
    for mesh in find_stacked(page, _outside(lines, taken), across):
        table = _to_table(mesh, page)
        if _is_table(table) and not _is_drawing(strokes, table):
            found.append(table)
    return found


def _is_drawing(strokes: Floats, table: PageTable, around: float = 0.0) -> bool:
    """Tell whether a table, with ``around`` points on each side, holds the strokes of a drawing."""
    box = table.box
    rim = (box.x0 - around, box.top - around, box.x1 + around, box.bottom + around)
    return count_strokes(strokes, rim) >= (MIN_STROKES if around == 0 else 3 * MIN_STROKES)


def _outside(lines: WordLines, taken: list[PageTable]) -> WordLines:
    """Return the words outside tables."""
    for table in taken:
        box = table.box
        x, y = (lines.x0 + lines.x1) / 2, (lines.top + lines.bottom) / 2
        lines = lines.select((x < box.x0) | (x > box.x1) | (y < box.top) | (y > box.bottom))
    return lines


def _has_through_wall(mesh: Mesh) -> bool:
    walls = (mesh.owners[:, 1:] != mesh.owners[:, :-1]).sum(axis=0)
    return len(walls) > 0 and int(walls.max()) >= max(2.0, MIN_WALL_SHARE * mesh.n_rows)


def _has_gaps(table: PageTable) -> bool:
    held = {cell.column for cell in table.cells if len(cell.glyphs)}
    return len(held) < (1 - MAX_EMPTY_COLUMNS) * table.n_columns


def _prefer_wider(surer: list[PageTable], others: list[PageTable]) -> list[PageTable]:
    """Return the surer tables and what others add: tables where there is none, or none nearly as large."""
    kept = list(surer)
    for table in others:
        rivals = [other for other in kept if _share(other.box, table.box) > 0]
        if sum(_share(other.box, table.box) for other in rivals) < SAME_SHARE or _adds_rows(table, rivals):
            kept = [other for other in kept if other not in rivals]
            kept.append(table)
    return kept


def _adds_rows(table: PageTable, rivals: list[PageTable]) -> bool:
    """Tell whether a table is its only rival with rows more, as where stripes leave the first or last row white."""
    if len(rivals) != 1 or rivals[0].n_columns != table.n_columns or rivals[0].n_rows >= table.n_rows:
        return False
    is_longer = table.box.top < rivals[0].box.top - END or table.box.bottom > rivals[0].box.bottom + END
    return is_longer and _share(table.box, rivals[0].box) > SAME_SHARE


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


def _is_head_at_foot(table: PageTable, lines: WordLines, page: PageGlyphs) -> bool:
    """Tell whether a single row is a head that the page parted from its table: bold or shaded, and the last on the
    page but for its foot."""
    is_head = table.n_rows == table.n_header_rows == 1 and sum(len(cell.glyphs) > 0 for cell in table.cells) > 1
    below = lines.top[lines.top > table.box.bottom - 1]
    return is_head and not (below < FOOT * page.height).any()


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


def _to_table(mesh: Mesh, page: PageGlyphs, *, is_ruled: bool = True) -> PageTable:
    placed = place_glyphs(mesh, page)
    inside = np.flatnonzero(placed != OUTSIDE)
    order = inside[np.argsort(placed[inside], kind="stable")].astype(np.int32)
    rectangles = mesh.rectangles()
    first = np.searchsorted(placed[order], rectangles[:, 4]).tolist()
    last = np.searchsorted(placed[order], rectangles[:, 4], side="right").tolist()
    xs, ys = mesh.xs.tolist(), mesh.ys.tolist()
    cells = []
    for number, (row, column, row_span, column_span, _) in enumerate(rectangles.tolist()):
        box = Box(page.number, xs[column], ys[row], xs[column + column_span], ys[row + row_span])
        cells.append(GridCell(row, column, row_span, column_span, box, order[first[number] : last[number]]))
    n_rows, n_columns, columns = mesh.n_rows, mesh.n_columns, tuple(xs)
    turn = find_turn(cells, page)
    if turn is not Turn.UPRIGHT:
        cells = turn_cells(cells, mesh, turn)
        columns = turned_columns(mesh, page, turn)
        if turn is not Turn.OVER:
            n_rows, n_columns = n_columns, n_rows
    return PageTable(
        page=page.number,
        box=Box(page.number, xs[0], ys[0], xs[-1], ys[-1]),
        n_rows=n_rows,
        n_columns=n_columns,
        columns=columns,
        cells=tuple(cells),
        n_header_rows=count_header_rows(n_rows, n_columns, cells, page),
        is_ruled=is_ruled,
        is_open_top=mesh.is_open_top and turn is Turn.UPRIGHT,
        is_open_bottom=mesh.is_open_bottom and turn is Turn.UPRIGHT,
    )
