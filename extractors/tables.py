"""Tables of a page and of a document: where they are, their cells, and which glyphs stand in each.

Enter pages as glyphs with their drawn lines; leave ``PageTable`` and ``JoinedTable``. Frames round text, banners,
footnote rules and rules of running heads are no tables.
"""

import numpy as np

from extractors.glyphs import Floats, Ints, PageGlyphs
from extractors.grids import GridCell, PageTable
from extractors.headers import count_header_rows
from extractors.meshes import OUTSIDE, Mesh, build_mesh, drop_slivers, place_glyphs
from extractors.rulings import count_strokes, drop_fill_edges, group_rulings, read_rulings
from models.spans import Box

MIN_FILLED_SHARE = 0.25
"""A mesh with fewer of its cells filled is a drawing."""
MIN_STROKES = 10
"""A mesh with so many slanted strokes inside is a drawing."""
SAME_SHARE = 0.8
"""Drawn tables that cover this share of a shaded one are that table."""


def find_tables(page: PageGlyphs) -> tuple[PageTable, ...]:
    """Return the tables of one page, from the top down."""
    if len(page.edges) == 0:
        return ()
    pens = drop_fill_edges(page.edges, page.rects, page.is_filled)
    found = _find_ruled(page, pens)
    if len(pens) < len(page.edges):
        found = _prefer_wider(found, _find_ruled(page, page.edges))
    found.sort(key=lambda table: (table.box.top, table.box.x0))
    return tuple(table for table in found if not any(_is_inside(table, other) for other in found))


def _find_ruled(page: PageGlyphs, edges: Floats) -> list[PageTable]:
    """Return the tables that rulings enclose."""
    found = []
    for group in group_rulings(read_rulings(edges)):
        mesh = build_mesh(group) if len(group.down) else None
        if mesh is None or mesh.owners.max() == mesh.owners.min():
            continue
        if count_strokes(page.edges, group.box) >= MIN_STROKES:
            continue
        mesh = drop_slivers(mesh, page)
        table = _to_table(mesh, place_glyphs(mesh, page), page)
        if _is_table(table):
            found.append(table)
    return found


def _prefer_wider(drawn: list[PageTable], shaded: list[PageTable]) -> list[PageTable]:
    """Return the tables that pens drew, and those that shaded areas add: where nothing is drawn, or much less."""
    kept = list(drawn)
    for table in shaded:
        rivals = [other for other in kept if _share(other.box, table.box) > 0]
        if sum(_share(other.box, table.box) for other in rivals) < SAME_SHARE:
            kept = [other for other in kept if other not in rivals]
            kept.append(table)
    return kept


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


def _to_table(mesh: Mesh, placed: Ints, page: PageGlyphs) -> PageTable:
    order = np.argsort(placed, kind="stable").astype(np.int32)
    ordered = placed[order]
    cells = []
    for row, column, row_span, column_span in mesh.rectangles():
        owner = mesh.owners[row, column]
        first, last = np.searchsorted(ordered, owner), np.searchsorted(ordered, owner, side="right")
        box = Box(
            page.number,
            float(mesh.xs[column]),
            float(mesh.ys[row]),
            float(mesh.xs[column + column_span]),
            float(mesh.ys[row + row_span]),
        )
        glyphs = order[first:last] if owner != OUTSIDE else order[:0]
        cells.append(GridCell(row, column, row_span, column_span, box, glyphs))
    return PageTable(
        page=page.number,
        box=Box(page.number, float(mesh.xs[0]), float(mesh.ys[0]), float(mesh.xs[-1]), float(mesh.ys[-1])),
        n_rows=mesh.n_rows,
        n_columns=mesh.n_columns,
        columns=tuple(float(x) for x in mesh.xs),
        cells=tuple(cells),
        n_header_rows=count_header_rows(mesh.n_rows, mesh.n_columns, cells, page),
        is_ruled=True,
        is_open_top=mesh.is_open_top,
        is_open_bottom=mesh.is_open_bottom,
    )
