"""Which rows of a table are its head, and what a column is called.

A head is what is set off at the top: bold or shaded where the rows below are not, or words where the rows below hold
figures. Enter cells with their glyphs and the page; leaves a number of rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Floats, PageGlyphs
from extractors.grids import GridCell, JoinedCell, JoinedTable

MAX_HEADER_ROWS = 4
"""A longer run of rows that are set off is no head."""
BOLD_SHARE = 0.8
FILLED_SHARE = 0.6
_BOLD_NAMES = ("bold", "black", "heavy", "demi", "cmbx")


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row looks like: its cells with text, whether they are bold, shaded, and how many hold a digit."""

    n_texts: int
    n_places: int
    is_bold: bool
    is_shaded: bool
    n_figures: int
    is_spanned: bool


def is_bold_font(name: str) -> bool:
    """Tell whether a base font name says bold.

    >>> is_bold_font("BAAAAA+LiberationSans-Bold"), is_bold_font("Times-Roman")
    (True, False)
    """
    plain = name.rpartition("+")[2].lower()
    return any(word in plain for word in _BOLD_NAMES)


def bold_glyphs(page: PageGlyphs) -> Bools:
    """Return for each glyph whether its font is bold."""
    return np.array([is_bold_font(name) for name in page.fonts] or [False], dtype=np.bool_)[page.font]


def cell_text(page: PageGlyphs, cell: GridCell) -> str:
    """Return a cell's glyphs in painting order, blanks as painted: enough to compare cells, not to read them."""
    return "".join(page.text[glyph] for glyph in cell.glyphs).strip()


def count_header_rows(n_rows: int, n_columns: int, cells: Sequence[GridCell], page: PageGlyphs) -> int:
    """Return how many rows at the top are headings, as far as this page alone shows; 0 when nothing sets them off."""
    rows = _look_at_rows(min(n_rows, MAX_HEADER_ROWS + 2), n_columns, cells, page)
    for looks in ("is_bold", "is_shaded"):
        count = _leading(rows, looks)
        if 0 < count < n_rows or (count == n_rows and n_rows == 1 and rows[0].n_texts > 1):
            return count
    return 1 if _is_worded(rows) else 0


def column_headings(table: JoinedTable, text_of: Callable[[JoinedCell], str]) -> tuple[str, ...]:
    """Return the printed heading of each column, its levels from the top down joined by `` / ``, or ``""``. A heading
    over the whole width is a title and belongs to no column."""
    levels: list[list[str]] = [[] for _ in range(table.n_columns)]
    for cell in table.cells:
        if cell.row >= table.n_header_rows or (cell.column_span == table.n_columns > 1):
            continue
        text = text_of(cell)
        for column in range(cell.column, min(cell.column + cell.column_span, table.n_columns)):
            if text and text not in levels[column][-1:]:
                levels[column].append(text)
    return tuple(" / ".join(level) for level in levels)


def _leading(rows: Sequence[_Row], looks: str) -> int:
    """Return how many rows at the top share a look that the row after them lacks; a title over the whole width counts
    when headings follow it, and no run reaches the last row looked at."""
    count = 0
    while count < len(rows) and getattr(rows[count], looks) and rows[count].n_texts:
        count += 1
    if count > MAX_HEADER_ROWS:
        return 0
    while count and rows[count - 1].n_texts == 1 and rows[count - 1].is_spanned:
        count -= 1
    return count


def _is_worded(rows: Sequence[_Row]) -> bool:
    """Tell whether the first row is all words and the rows below hold figures in more than half their cells."""
    if len(rows) < 3 or rows[0].n_figures or rows[0].n_texts < max(2, rows[0].n_places - 1):
        return False
    texts = sum(row.n_texts for row in rows[1:])
    return sum(row.n_figures for row in rows[1:]) > 0.5 * texts


def _look_at_rows(n_rows: int, n_columns: int, cells: Sequence[GridCell], page: PageGlyphs) -> list[_Row]:
    is_bold = bold_glyphs(page)
    fills = page.rects[page.is_filled]
    found: list[list[tuple[bool, bool, bool, bool]]] = [[] for _ in range(n_rows)]
    places = [0] * n_rows
    spanned = [False] * n_rows
    for cell in cells:
        if cell.row >= n_rows:
            continue
        places[cell.row] += 1
        spanned[cell.row] |= cell.column_span == n_columns
        printed = [int(glyph) for glyph in cell.glyphs if not page.text[glyph].isspace()]
        if not printed:
            continue
        bold = float(np.mean(is_bold[printed])) >= BOLD_SHARE
        has_digit = any(character.isdigit() for glyph in printed for character in page.text[glyph])
        found[cell.row].append((bold, _is_filled(cell, fills), has_digit, True))
    return [
        _Row(
            n_texts=len(row),
            n_places=places[number],
            is_bold=bool(row) and all(look[0] for look in row),
            is_shaded=bool(row) and all(look[1] for look in row),
            n_figures=sum(look[2] for look in row),
            is_spanned=spanned[number],
        )
        for number, row in enumerate(found)
    ]


def _is_filled(cell: GridCell, fills: Floats) -> bool:
    """Tell whether one painted rectangle covers most of a cell."""
    if len(fills) == 0:
        return False
    box = cell.box
    width = np.minimum(fills[:, 2], box.x1) - np.maximum(fills[:, 0], box.x0)
    height = np.minimum(fills[:, 3], box.bottom) - np.maximum(fills[:, 1], box.top)
    area = (box.x1 - box.x0) * (box.bottom - box.top)
    return bool((np.clip(width, 0, None) * np.clip(height, 0, None)).max() > FILLED_SHARE * area)
