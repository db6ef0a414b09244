"""Which rows of a table are its head, and what a column is called.

A head is what is set off at the top: bold or shaded where the rows below are not, or words where the rows below hold
figures (which alone never parts a table from the page before). Enter cells with their glyphs and the page; leaves a
number of rows.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from extractors.glyphs import Bools, Floats, PageGlyphs
from extractors.grids import GridCell, JoinedCell, JoinedTable, PageTable

MAX_HEADER_ROWS = 4
"""A longer run of rows that are set off is no head."""
BOLD_SHARE = 0.8
FILLED_SHARE = 0.6
"""Of a heading's glyphs are bold; of a heading's cell is painted."""
FIGURES = 0.6
"""A column holds figures when this share of its cells has a digit."""
_BOLD_NAMES = ("bold", "black", "heavy", "demi", "cmbx")


@lru_cache(maxsize=1024)
def is_bold_font(name: str) -> bool:
    """Tell whether a base font name says bold.

    >>> is_bold_font("BAAAAA+LiberationSans-Bold"), is_bold_font("Times-Roman")
    (True, False)
    """
    plain = name.rpartition("+")[2].lower()
    return any(word in plain for word in _BOLD_NAMES)


def bold_glyphs(page: PageGlyphs) -> Bools:
    """Return for each glyph whether its font is bold."""
    return _bold_fonts(page.fonts)[page.font]


@lru_cache(maxsize=256)
def _bold_fonts(names: tuple[str, ...]) -> Bools:
    return np.array([is_bold_font(name) for name in names] or [False], dtype=np.bool_)


def cell_text(page: PageGlyphs, cell: GridCell) -> str:
    """Return a cell's glyphs in painting order, blanks as painted: enough to compare cells, not to read them."""
    return "".join(page.text[glyph] for glyph in cell.glyphs).strip()


def count_header_rows(n_rows: int, n_columns: int, cells: Sequence[GridCell], page: PageGlyphs) -> int:
    """Return how many rows at the top are headings, as far as this page alone shows; 0 when nothing sets them off."""
    rows = _first_rows(n_rows, cells)
    return _count_styled(rows, n_rows, n_columns, page) or int(_is_worded(rows, n_columns, page))


def count_styled_rows(table: PageTable, page: PageGlyphs) -> int:
    """Return how many rows at the top of a piece of a table bold type or shading sets off."""
    return _count_styled(_first_rows(table.n_rows, table.cells), table.n_rows, table.n_columns, page)


def _first_rows(n_rows: int, cells: Sequence[GridCell]) -> list[list[GridCell]]:
    """Return the cells with text of the rows at the top."""
    rows: list[list[GridCell]] = [[] for _ in range(min(n_rows, MAX_HEADER_ROWS + 2))]
    for cell in cells:
        if cell.row < len(rows) and len(cell.glyphs):
            rows[cell.row].append(cell)
    return rows


def _count_styled(rows: Sequence[Sequence[GridCell]], n_rows: int, n_columns: int, page: PageGlyphs) -> int:
    is_bold = bold_glyphs(page)
    fills = page.rects[page.is_filled]
    looks: tuple[Callable[[GridCell], bool], ...] = (
        lambda cell: float(is_bold[cell.glyphs].mean()) >= BOLD_SHARE,
        lambda cell: _is_filled(cell, fills),
    )
    for look in looks:
        count = _leading(rows, n_columns, look)
        if any(row and all(look(cell) for cell in row) for row in rows[count + 1 :]):
            # Stripes, or one row among others that stands out: no sign of a head.
            continue
        if 0 < count < n_rows or (count == n_rows == 1 and len(rows[0]) > 1):
            return count
    return 0


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


def _leading(rows: Sequence[Sequence[GridCell]], n_columns: int, look: Callable[[GridCell], bool]) -> int:
    """Return how many rows at the top look set off while the row after them does not. A title over the whole width
    counts when headings follow it."""
    count = 0
    while count < len(rows) and rows[count] and all(look(cell) for cell in rows[count]):
        count += 1
    if count > MAX_HEADER_ROWS:
        return 0
    while count and len(rows[count - 1]) == 1 and _is_title(rows[count - 1][0], n_columns, count):
        count -= 1
    return count


def _is_title(cell: GridCell, n_columns: int, count: int) -> bool:
    """Tell whether the only text of the last of ``count`` rows titles the rows below it."""
    return cell.column_span == n_columns or (count > 1 and cell.column == 0)


def _is_worded(rows: Sequence[Sequence[GridCell]], n_columns: int, page: PageGlyphs) -> bool:
    """Tell whether the first row has a word for each column, and a column below holds figures in most rows."""
    if len(rows) < 3 or len(rows[0]) < n_columns or any(_has_digit(page, cell) for cell in rows[0]):
        return False
    columns: dict[int, list[bool]] = {}
    for cell in (cell for row in rows[1:] for cell in row):
        columns.setdefault(cell.column, []).append(_has_digit(page, cell))
    return any(len(figures) > 1 and sum(figures) >= FIGURES * len(figures) for figures in columns.values())


def _has_digit(page: PageGlyphs, cell: GridCell) -> bool:
    return any(character.isdigit() for glyph in cell.glyphs.tolist() for character in page.text[glyph])


def _is_filled(cell: GridCell, fills: Floats) -> bool:
    """Tell whether one painted rectangle covers most of a cell."""
    if len(fills) == 0:
        return False
    box = cell.box
    width = np.minimum(fills[:, 2], box.x1) - np.maximum(fills[:, 0], box.x0)
    height = np.minimum(fills[:, 3], box.bottom) - np.maximum(fills[:, 1], box.top)
    area = (box.x1 - box.x0) * (box.bottom - box.top)
    return bool((np.clip(width, 0, None) * np.clip(height, 0, None)).max() > FILLED_SHARE * area)
