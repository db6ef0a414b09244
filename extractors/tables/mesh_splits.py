"""Borders that a table leaves undrawn but its text keeps: walls drawn in the head only, rows told apart by lines only.

Enter a ``Mesh`` from rulings and the page; leaves a mesh with more cells, or the same.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.glyphs import Floats, Ints, PageGlyphs
from extractors.tables.alignments import WordLines, held_columns, row_borders
from extractors.tables.line_rows import find_rows, full_lines
from extractors.tables.meshes import Mesh, Prints
from extractors.tables.tabular import is_anchored, is_prose_column

CLEAR_GAP = 4.0
"""A blank this wide, in points, on a wall's place lets the wall through."""
CLEAR_SHARE = 0.6
"""A wall goes through when it would be clear in this share of the rows that lack it."""
MAX_BANDS = 3
MIN_LINES = 4
MIN_ROWS = 3
FULL_ROWS = 0.8
"""Lines make rows when this share of the rows begin with a line that holds most columns, and no other line with a label
does."""


def split_walls(mesh: Mesh, prints: Prints) -> Mesh:
    """Return the mesh with cells over several columns cut where a wall drawn in other rows finds blanks on its way."""
    if mesh.owners.max() + 1 == mesh.owners.size:
        return mesh
    cells = mesh.rectangles()
    spans = cells[(cells[:, 3] > 1) & (cells[:, 2] == 1)].tolist()
    if not spans:
        return mesh
    is_clear = _look_at_walls(mesh, prints, spans)
    owners = mesh.owners.copy()
    for border in range(1, mesh.n_columns):
        votes = is_clear.get(border, {})
        if len(votes) > 1 and sum(votes.values()) >= CLEAR_SHARE * len(votes):
            for row in (row for row, clear in votes.items() if clear):
                _cut(owners, row, border)
    return replace(mesh, owners=owners)


def _look_at_walls(mesh: Mesh, prints: Prints, spans: Sequence[Sequence[int]]) -> dict[int, dict[int, bool]]:
    """Return by border, then by row, inside cells over several columns whether the text there leaves it clear."""
    bounds = np.searchsorted(prints.y, mesh.ys, side="right").tolist()
    found: dict[int, dict[int, bool]] = {}
    for row, column, _, column_span, _ in spans:
        of_row = slice(bounds[row], bounds[row + 1])
        left, right = prints.x0[of_row], prints.x1[of_row]
        inside = (left >= mesh.xs[column] - 1) & (right <= mesh.xs[column + column_span] + 1)
        verdicts = _look(left[inside], right[inside], mesh.xs[column + 1 : column + column_span])
        for border, verdict in enumerate(verdicts, column + 1):
            if verdict is not None:
                found.setdefault(border, {})[row] = verdict
    return found


def _look(x0: Floats, x1: Floats, walls: Floats) -> list[bool | None]:
    """Tell for each wall whether glyphs leave its place clear, with text on both sides; ``None`` when one side is
    empty."""
    is_left = ((x0 + x1) / 2)[:, None] < walls
    end = np.where(is_left, x1[:, None], -np.inf).max(axis=0, initial=-np.inf)
    begin = np.where(is_left, np.inf, x0[:, None]).min(axis=0, initial=np.inf)
    return [gap >= CLEAR_GAP if gap < np.inf else None for gap in (begin - end).tolist()]


def _cut(owners: Ints, row: int, border: int) -> None:
    """Give the places right of a border in a row, as far as its cell goes, a number of their own."""
    owner = owners[row, border - 1]
    places = np.flatnonzero(owners[row] == owner)
    owners[row, places[places >= border]] = owners.max() + 1


def split_rows(mesh: Mesh, page: PageGlyphs, lines: WordLines, *, has_titles: bool = False) -> Mesh:
    """Return the mesh with its body cut into lines, where few rules part the rows and each line fills the columns.
    ``has_titles`` tells that breaks in the walls, no rules, part the groups of rows: those may be short."""
    if (mesh.n_rows > MAX_BANDS and not has_titles) or mesh.n_columns < 2:
        return mesh
    middle = lines.middle
    across = lines.centre
    ys, owners = [float(mesh.ys[0])], []
    number = int(mesh.owners.max()) + 1
    for row in range(mesh.n_rows):
        top, bottom = float(mesh.ys[row]), float(mesh.ys[row + 1])
        is_inside = (middle > top) & (middle < bottom) & (across > mesh.xs[0]) & (across < mesh.xs[-1])
        words = lines.select(is_inside)
        borders = _line_rows(mesh, page, words, row, (top, bottom), least=2 if has_titles else MIN_ROWS)
        ys.extend(borders)
        owners.append(mesh.owners[row])
        for _ in borders[1:]:
            owners.append(np.arange(number, number + mesh.n_columns, dtype=np.int32))
            number += mesh.n_columns
    if len(owners) == mesh.n_rows:
        return mesh
    # Where no rules part the rows, a missing one at the foot does not tell that a row is cut.
    return replace(mesh, ys=np.array(ys), owners=np.array(owners), is_open_bottom=False)


def _line_rows(
    mesh: Mesh, page: PageGlyphs, words: WordLines, row: int, band: tuple[float, float], least: int
) -> list[float]:
    """Return the lower borders of the rows in a band; one when it is a single row or has fewer than ``least``."""
    is_plain = all((mesh.owners == owner).sum() == 1 for owner in mesh.owners[row])
    if not is_plain or words.n_lines < (MIN_LINES if least == MIN_ROWS else least):
        return [band[1]]
    rows = find_rows(words, mesh.xs)
    tops = {top for top, _ in rows}
    first = words.first
    begins = np.isin(np.minimum.reduceat(words.top, first), list(tops))
    is_full = full_lines(words, mesh.xs)
    is_new = is_full & held_columns(words, mesh.xs)[:, 0] & ~begins
    if len(rows) < least or is_full[begins].mean() < FULL_ROWS or is_new.any():
        return [band[1]]
    has_prose = any(is_prose_column(page, words, mesh.xs, column) for column in range(mesh.n_columns))
    if has_prose and not is_anchored(page, words, mesh.xs, rows):
        return [band[1]]
    return [float(y) for y in row_borders(rows, *band)[1:]]
