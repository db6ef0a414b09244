"""What the reader gives of one page: glyphs as columns, pdfplumber's words over them, and the drawn rules.

All coordinates are points from the top left of the page as displayed (after /Rotate), exactly pdfplumber's.
``extractors.reader.pages`` makes the pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PageGlyphs:
    """One page. Glyph columns all have length n, in the order in which the PDF paints them.

    ``text`` holds what each glyph stands for (a ligature has several characters); ``font`` indexes ``fonts`` (base font
    names). ``upright`` is pdfplumber's, but false for text upside down too. Blank glyphs are kept.

    Words are pdfplumber's ``extract_words()`` with its defaults: word i consists of the glyphs
    ``word_glyphs[word_starts[i]:word_starts[i + 1]]``; ``word_starts`` has one more entry than there are words.

    ``edges`` (m, 4) are pdfplumber's ``page.edges`` as x0, top, x1, bottom: horizontal where top equals bottom,
    vertical where x0 equals x1. ``rects`` (k, 4) are its ``page.rects``, ``is_filled`` (k,) whether they are painted
    inside.
    ``image_share`` is the share of the page's area that images cover, 0 to 1.
    ``is_ocr`` is true when the glyphs were recognised from a picture.
    """

    number: int
    width: float
    height: float
    text: tuple[str, ...]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    size: Floats
    upright: Bools
    font: Ints
    fonts: tuple[str, ...]
    word_starts: Ints
    word_glyphs: Ints
    edges: Floats
    rects: Floats
    is_filled: Bools
    image_share: float = 0.0
    is_ocr: bool = False

    def __len__(self) -> int:
        """Return the number of glyphs."""
        return len(self.text)

    @property
    def n_words(self) -> int:
        """Return the number of words."""
        return len(self.word_starts) - 1


def share_boxes(pages: Sequence[PageGlyphs]) -> list[PageGlyphs]:
    """Return the pages with their glyphs' boxes as slices of columns over all pages, which ``column_over`` returns:
    a view of the document then needs no copy of them, an eighth of all the memory that a long document takes."""
    if len(pages) < 2:
        return list(pages)
    x0, top, x1, bottom = (np.concatenate([getattr(page, name) for page in pages]) for name in _BOX)
    found: list[PageGlyphs] = []
    start = 0
    for page in pages:
        part = slice(start, start + len(page))
        found.append(replace(page, x0=x0[part], top=top[part], x1=x1[part], bottom=bottom[part]))
        start += len(page)
    return found


def column_over(pages: Sequence[PageGlyphs], name: str) -> Floats:
    """Return a column over all pages: the one that they share, or a new one."""
    columns: list[Floats] = [getattr(page, name) for page in pages]
    base = columns[0].base if columns else np.zeros(0)
    if base is None or base.shape != (sum(map(len, columns)),):
        return np.concatenate(columns)
    whole: Floats = base
    start = 0
    for column in columns:
        if column.base is not whole or not _starts_at(column, whole, start):
            return np.concatenate(columns)
        start += len(column)
    return whole


def _starts_at(column: Floats, whole: Floats, start: int) -> bool:
    """Tell whether a slice of ``whole`` starts at this index."""
    place: int = column.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    return len(column) == 0 or place == start * whole.itemsize


_BOX = ("x0", "top", "x1", "bottom")
