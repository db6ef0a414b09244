"""Which rows of a table are its head: what is bold or shaded at the top while the rows below are not.

Enter cells with their glyphs and the page; leaves a number of rows.
"""

from collections.abc import Sequence

import numpy as np

from extractors.glyphs import Bools, PageGlyphs
from extractors.grids import GridCell

_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi", "cmbx")


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


def count_header_rows(n_rows: int, cells: Sequence[GridCell], page: PageGlyphs) -> int:
    """Return how many rows at the top are headings, as far as this page alone shows; 0 when nothing sets them off."""
    is_bold = bold_glyphs(page)
    ink = np.array([not text.isspace() for text in page.text], dtype=np.bool_)
    bold = np.zeros(n_rows, dtype=np.int64)
    total = np.zeros(n_rows, dtype=np.int64)
    texts = np.zeros(n_rows, dtype=np.int64)
    for cell in cells:
        printed = cell.glyphs[ink[cell.glyphs]]
        if len(printed):
            bold[cell.row] += int(is_bold[printed].sum())
            total[cell.row] += len(printed)
            texts[cell.row] += 1
    is_head = (total > 0) & (bold >= 0.8 * np.maximum(total, 1)) & (texts > 1)
    count = 0
    while count < n_rows and is_head[count]:
        count += 1
    return 0 if count == n_rows and n_rows > 2 else count
