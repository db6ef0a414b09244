"""Plain pdfplumber: one page as columns. The slow, certain way; the fast reader must give exactly the same.

Enters a page of pdfminer, leaves ``PageGlyphs``. Whatever pdfminer or pdfplumber raise on a broken page passes through
as one of ``DAMAGE``.
"""

import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from extractors.glyphs import Floats, PageGlyphs
from extractors.reader.overturned import upright_of

# What a hostile page makes pdfminer raise: its own errors and those of code that trusted a value.
DAMAGE = (
    PDFException,
    PSException,
    PdfminerException,
    MalformedPDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

_COVER_CELLS = 100


def read_plain_page(pdf: PDF, source: PDFPage, number: int) -> PageGlyphs:
    """Return page ``number`` (from 1) by pdfplumber's own code; raises one of ``DAMAGE``."""
    page = Page(pdf, source, page_number=number, initial_doctop=0)
    try:
        return _to_columns(page)
    finally:
        page.close()


def _to_columns(page: Page) -> PageGlyphs:
    chars = page.chars
    fonts: dict[str, int] = {}
    font = [fonts.setdefault(str(char["fontname"]), len(fonts)) for char in chars]
    starts, glyphs = _find_words(page)
    rects = page.rects
    return PageGlyphs(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        text=tuple(char["text"] for char in chars),
        x0=_column(chars, "x0"),
        top=_column(chars, "top"),
        x1=_column(chars, "x1"),
        bottom=_column(chars, "bottom"),
        size=_column(chars, "size"),
        upright=upright_of(chars),
        font=np.array(font, dtype=np.int32),
        fonts=tuple(fonts),
        word_starts=np.array(starts, dtype=np.int32),
        word_glyphs=np.array(glyphs, dtype=np.int32),
        edges=_boxes(page.edges),
        rects=_boxes(rects),
        is_filled=np.array([bool(rect["fill"]) for rect in rects], dtype=np.bool_),
        image_share=image_share(_boxes(page.images), page.bbox),
    )


def _find_words(page: Page) -> tuple[list[int], list[int]]:
    """Return pdfplumber's words as (starts, glyph indices)."""
    index = {id(char): number for number, char in enumerate(page.chars)}
    starts: list[int] = [0]
    glyphs: list[int] = []
    for word in page.extract_words(return_chars=True):
        glyphs.extend(index[id(char)] for char in word["chars"])
        starts.append(len(glyphs))
    return starts, glyphs


def _column(objects: Iterable[Mapping[str, Any]], key: str) -> Floats:
    return np.array([item[key] for item in objects], dtype=np.float64)


def _boxes(objects: Iterable[Mapping[str, Any]]) -> Floats:
    boxes = [(item["x0"], item["top"], item["x1"], item["bottom"]) for item in objects]
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def image_share(boxes: Floats, page_box: tuple[float, float, float, float]) -> float:
    """Return the share (0 to 1) of a page that boxes (m, 4) cover, overlaps counted once, to about a hundredth."""
    left, top, right, bottom = (float(value) for value in page_box)
    width, height = right - left, bottom - top
    if len(boxes) == 0 or not width > 0 or not height > 0:
        return 0.0
    scale = np.array([width, height, width, height]) / _COVER_CELLS
    cells = (boxes - np.array([left, top, left, top])) / scale
    cells = np.rint(np.clip(np.nan_to_num(cells), 0, _COVER_CELLS)).astype(np.int64)
    cover = np.zeros((_COVER_CELLS, _COVER_CELLS), dtype=np.bool_)
    for x0, y0, x1, y1 in np.unique(cells, axis=0):
        cover[y0:y1, x0:x1] = True
    return float(cover.mean())
