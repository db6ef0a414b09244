"""PDF bytes in, pages as columns of glyphs out: pdfplumber's characters, words, edges and rectangles.

A document that cannot be read raises ``ReadError`` with a typed reason. A page that cannot be read in an otherwise good
document is written into the ``ReadReport`` and left out, so that the rest loads.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from extractors.glyphs import PageGlyphs
from extractors.read_errors import PageFailure, ReadError, ReadReason
from extractors.reader_plain import DAMAGE, read_plain_page
from models.issues import Issue

_HEAD_BYTES = 1024


@dataclass(slots=True)
class ReadReport:
    """What came up while reading: pages left out, things to know, and how many pages went which way."""

    failures: list[PageFailure] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    via: Counter[str] = field(default_factory=Counter)


def read_pages(
    source: Path | bytes,
    *,
    password: str | None = None,
    pages: Sequence[int] | None = None,
    report: ReadReport | None = None,
) -> Iterator[PageGlyphs]:
    """Yield the pages of a PDF in order, each let go before the next is read.

    ``pages`` holds page numbers from 1 (a ``range`` is cheap), ``None`` means all. Raises ``ReadError`` when the
    document cannot be opened, and on a broken page when no ``report`` is given to write it into.
    """
    wanted = None if pages is None else frozenset(pages)
    with _open(source, password) as pdf:
        for number, page in _walk(pdf, report):
            if wanted is not None and number not in wanted:
                continue
            try:
                glyphs = read_plain_page(pdf, page, number)
            except DAMAGE as error:
                _fail(report, number, error)
                continue
            if report is not None:
                report.via["plain"] += 1
            yield glyphs


def count_pages(source: Path | bytes, *, password: str | None = None) -> int:
    """Return the number of pages without reading any; raises ``ReadError``."""
    with _open(source, password) as pdf:
        return sum(1 for _ in _walk(pdf, None))


def unreadable_share(page: PageGlyphs) -> float:
    """Return the share (0 to 1) of a page's printed glyphs whose text says nothing: ``(cid:NN)``, private use, control
    or replacement characters. A page without printed glyphs gives 0.
    """
    printed = [text for text in page.text if not text.isspace()]
    if not printed:
        return 0.0
    return sum(_says_nothing(text) for text in printed) / len(printed)


def _says_nothing(text: str) -> bool:
    if text.startswith("(cid:"):
        return True
    return all(
        character < " " or "\x7f" <= character < "\xa0" or "\ue000" <= character <= "\uf8ff" or character == "\ufffd"
        for character in text
    )


def _open(source: Path | bytes, password: str | None) -> PDF:
    data = source if isinstance(source, bytes) else source.read_bytes()
    if not data:
        raise ReadError(ReadReason.EMPTY, "0 bytes")
    try:
        return pdfplumber.open(BytesIO(data), password=password)
    except PdfminerException as error:
        raise _to_read_error(error.args[0] if error.args else error, data) from error
    except DAMAGE as error:
        raise _to_read_error(error, data) from error


def _to_read_error(error: object, data: bytes) -> ReadError:
    detail = f"{type(error).__name__}: {error}"[:200]
    if b"%PDF-" not in data[:_HEAD_BYTES]:
        return ReadError(ReadReason.NOT_A_PDF, detail)
    if isinstance(error, PDFPasswordIncorrect) or "Encrypt" in type(error).__name__ or "Encrypt" in detail:
        return ReadError(ReadReason.ENCRYPTED, detail)
    return ReadError(ReadReason.DAMAGED, detail)


def _walk(pdf: PDF, report: ReadReport | None) -> Iterator[tuple[int, PDFPage]]:
    """Yield (number, page) over the page tree; raises ``ReadError`` when there is no page."""
    found = PDFPage.create_pages(pdf.doc)
    number = 0
    while True:
        try:
            page = next(found, None)
        except DAMAGE as error:
            if number == 0:
                raise ReadError(ReadReason.DAMAGED, f"page tree: {type(error).__name__}: {error}"[:200]) from error
            _fail(report, number + 1, error)
            return
        if page is None:
            break
        number += 1
        yield number, page
    if number == 0:
        raise ReadError(ReadReason.EMPTY, "no page")


def _fail(report: ReadReport | None, number: int, error: Exception) -> None:
    detail = f"{type(error).__name__}: {error}"[:200]
    if report is None:
        raise ReadError(ReadReason.DAMAGED, f"page {number}: {detail}") from error
    report.failures.append(PageFailure(number, ReadReason.DAMAGED, detail))
