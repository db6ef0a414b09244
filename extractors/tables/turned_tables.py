"""Tables printed sideways on an upright page, whose rows are the page's columns, and those that stand on their heads.

Enter cells as they lie on the page; leave cells numbered as a reader who turns the page sees them. Boxes stay those of
the page.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

import numpy as np

from extractors.glyphs import PageGlyphs
from extractors.grids import GridCell
from extractors.tables.meshes import Mesh

TURNED_SHARE = 0.6
"""A table is printed sideways when this share of its glyphs is not upright."""


class Turn(Enum):
    """Which way the text runs."""

    UPRIGHT = "upright"
    UP = "up"
    DOWN = "down"
    OVER = "over"


def find_turn(cells: Sequence[GridCell], page: PageGlyphs) -> Turn:
    """Return which way most of a table's text runs."""
    glyphs = np.concatenate([cell.glyphs for cell in cells]) if cells else np.zeros(0, dtype=np.int32)
    if len(glyphs) == 0 or (~page.upright[glyphs]).mean() < TURNED_SHARE:
        return Turn.UPRIGHT
    down = np.concatenate([np.diff(page.top[cell.glyphs]) for cell in cells])
    along = np.concatenate([np.diff(page.x0[cell.glyphs]) for cell in cells])
    if len(down) and float(np.median(np.abs(along))) > float(np.median(np.abs(down))):
        return Turn.OVER
    return Turn.UP if float(np.median(down)) < 0 else Turn.DOWN


def turn_cells(cells: Sequence[GridCell], mesh: Mesh, turn: Turn) -> list[GridCell]:
    """Return the cells numbered along the text, row by row."""
    turned = []
    for cell in cells:
        from_below, from_right = mesh.n_rows - cell.row - cell.row_span, mesh.n_columns - cell.column - cell.column_span
        if turn is Turn.OVER:
            turned.append(replace(cell, row=from_below, column=from_right))
            continue
        row, column = (cell.column, from_below) if turn is Turn.UP else (from_right, cell.row)
        turned.append(replace(cell, row=row, column=column, row_span=cell.column_span, column_span=cell.row_span))
    return sorted(turned, key=lambda cell: (cell.row, cell.column))


def turned_columns(mesh: Mesh, page: PageGlyphs, turn: Turn) -> tuple[float, ...]:
    """Return the places of column borders in points along the text, from where its lines begin."""
    if turn is Turn.OVER:
        return tuple(page.width - x for x in reversed(mesh.xs.tolist()))
    if turn is Turn.UP:
        return tuple(page.height - y for y in reversed(mesh.ys.tolist()))
    return tuple(mesh.ys.tolist())
