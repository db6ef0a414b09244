"""One page the fast way: pdfplumber's columns without pdfplumber's objects.

Enters a page of pdfminer, leaves ``PageGlyphs`` equal to the plain reader's in every number. Raises ``Unusual`` for a
page that it does not know, and what pdfminer raises for a broken one.
"""

from importlib.metadata import version

import numpy as np
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import list_value
from pdfminer.utils import Matrix, apply_matrix_rect
from pdfplumber.page import Page

from extractors.glyphs import Floats, PageGlyphs
from extractors.reader.columns import make_columns
from extractors.reader.content import ContentRunner
from extractors.reader.fonts import FontBook
from extractors.reader.lexer import Unusual
from extractors.reader.overturned import find_overturned
from extractors.reader.paths import PageFrame, make_paths
from extractors.reader.plain import image_share
from extractors.reader.record import PageRecord
from extractors.reader.words import find_words

# The releases that this reader was compared with, page by page. With others, pages go the plain way.
VERIFIED = {"pdfminer.six": "20260107", "pdfplumber": "0.11.10"}

_FAR = 1e9


def is_verified() -> bool:
    """Return whether the installed pdfminer.six and pdfplumber are those that the fast reader follows."""
    return all(version(name) == release for name, release in VERIFIED.items())


def read_fast_page(book: FontBook, source: PDFPage, number: int) -> tuple[PageGlyphs, str]:
    """Return page ``number`` (from 1) and the way it went: ``fast``, or ``slow_lexer`` where its content was lexed by
    pdfminer's parser. Raises ``Unusual`` or what pdfminer raises."""
    try:
        return _read(book, source, number, is_slow=False), "fast"
    except (Unusual, ValueError):
        return _read(book, source, number, is_slow=True), "slow_lexer"
    finally:
        book.let_go(source.doc, source.contents)


def _read(book: FontBook, source: PDFPage, number: int, *, is_slow: bool) -> PageGlyphs:
    page = Page(None, source, page_number=number)  # type: ignore[arg-type]  # the page's boxes need no document
    record = PageRecord()
    runner = ContentRunner(book, record, is_slow=is_slow)
    runner.run(source.resources, list_value(source.contents), _page_matrix(source))
    record.finish()
    # Numbers out of range are looked for at the end, so they need no warning on the way.
    with np.errstate(over="ignore", invalid="ignore"):
        return _to_page(page, record)


def _page_matrix(source: PDFPage) -> Matrix:
    """Return the matrix from the page's own coordinates to the page as displayed, as pdfminer sets it."""
    x0, y0, x1, y1 = source.mediabox
    turned: dict[int, Matrix] = {90: (0, -1, 1, 0, -y0, x1), 180: (-1, 0, 0, -1, x1, y1), 270: (0, 1, -1, 0, y1, -x0)}
    return turned.get(source.rotate, (1, 0, 0, 1, -x0, -y0))


def _to_page(page: Page, record: PageRecord) -> PageGlyphs:
    frame = PageFrame(page.mediabox[0], page.mediabox[1], page.height)
    glyphs = make_columns(record)
    x0, top, x1, bottom = frame.flip(glyphs.x0, glyphs.y0, glyphs.x1, glyphs.y1)
    edges, rects, is_filled = make_paths(record, frame)
    # pdfminer's bounds end at 2**31 - 1; a page that goes there, or to infinity, is left to it.
    if not all(_is_near(column) for column in (x0, top, x1, bottom, edges)):
        raise Unusual("numbers out of range")
    starts, members = find_words(glyphs.kind, x0, top, x1, bottom, glyphs.upright)
    overturned = find_overturned(record, len(x0))
    return PageGlyphs(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        text=tuple(glyphs.text.tolist()),
        x0=x0,
        top=top,
        x1=x1,
        bottom=bottom,
        size=glyphs.y1 - glyphs.y0,
        upright=glyphs.upright if overturned is None else glyphs.upright & ~overturned,
        font=glyphs.font,
        fonts=glyphs.fonts,
        word_starts=starts,
        word_glyphs=members,
        edges=edges,
        rects=rects,
        is_filled=is_filled,
        image_share=_image_share(page, record, frame),
    )


def _is_near(column: Floats) -> bool:
    """Tell whether all numbers are within range; one that is no number is not."""
    return column.size == 0 or bool(column.max() < _FAR and column.min() > -_FAR)


def _image_share(page: Page, record: PageRecord, frame: PageFrame) -> float:
    if not record.images:
        return 0.0
    corners = np.array([apply_matrix_rect(matrix, (0, 0, 1, 1)) for matrix in record.images], dtype=np.float64)
    return image_share(np.stack(frame.flip(*corners.T), axis=1), page.bbox)
