"""A mesh with the glyphs that stand in it as a table of its page.

Enter a ``Mesh`` and the page; leaves a ``PageTable``. What is read of the page for all its meshes is a ``Sheet``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from extractors.glyphs import Floats, PageGlyphs
from extractors.grids import GridCell, PageTable
from extractors.tables.alignments import WordLines
from extractors.tables.headers import count_header_rows
from extractors.tables.meshes import OUTSIDE, Mesh, Prints, place_glyphs, read_prints
from extractors.tables.turned_tables import Turn, find_turn, turn_cells, turned_columns
from models.spans import Box


@dataclass(frozen=True, eq=False)
class Sheet:
    """A page with its upright words in lines and its slanted strokes (x0, top, x1, bottom)."""

    page: PageGlyphs
    lines: WordLines
    strokes: Floats

    @cached_property
    def prints(self) -> Prints:
        """Its printed glyphs; most pages are done with before these are asked for."""
        return read_prints(self.page)


def to_table(mesh: Mesh, sheet: Sheet, *, is_ruled: bool = True) -> PageTable:
    """Return the table that a mesh makes of the glyphs in it."""
    page = sheet.page
    cells = _make_cells(mesh, sheet)
    xs, ys = mesh.xs.tolist(), mesh.ys.tolist()
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


def _make_cells(mesh: Mesh, sheet: Sheet) -> list[GridCell]:
    """Return the cells as they lie on the page, row by row."""
    placed = place_glyphs(mesh, sheet.page, sheet.prints)
    inside = (placed != OUTSIDE).nonzero()[0]
    owners = placed.take(inside)
    by_owner = owners.argsort(kind="stable")
    order, owners = inside.take(by_owner).astype(np.int32), owners.take(by_owner)
    rectangles = mesh.rectangles()
    first = owners.searchsorted(rectangles[:, 4]).tolist()
    last = owners.searchsorted(rectangles[:, 4], side="right").tolist()
    xs, ys = mesh.xs.tolist(), mesh.ys.tolist()
    number = sheet.page.number
    return [
        GridCell(
            row,
            column,
            row_span,
            column_span,
            Box(number, xs[column], ys[row], xs[column + column_span], ys[row + row_span]),
            order[start:end],
        )
        for (row, column, row_span, column_span, _), start, end in zip(rectangles.tolist(), first, last, strict=True)
    ]
