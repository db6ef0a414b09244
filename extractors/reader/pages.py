"""PDF bytes in, pages as columns of glyphs out: pdfplumber's characters, words, edges and rectangles.

A document that cannot be read raises ``ReadError`` with a typed reason. A page that cannot be read in an otherwise good
document is written into the ``ReadReport`` and left out, so that the rest loads. Pages go through the fast reader;
what it does not know, and a document on which it differs from pdfplumber, goes through pdfplumber itself.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, islice
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, int_value, resolve1
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from extractors.glyphs import PageGlyphs
from extractors.reader.check import choose_page, find_differences
from extractors.reader.fast import is_verified, read_fast_page
from extractors.reader.fonts import FontBook
from extractors.reader.lexer import Unusual
from extractors.reader.objects import QuickObjects
from extractors.reader.plain import DAMAGE, read_plain_page
from extractors.reader.read_errors import PageFailure, ReadError, ReadReason
from models.issues import Issue, Severity

_HEAD_BYTES = 1024
# The page to compare with plain pdfplumber is one of the first so many.
_CHECK_AMONG = 64


@dataclass(slots=True)
class ReadReport:
    """What came up while reading: pages left out, things to know, and how many pages went which way: ``fast``,
    ``slow_lexer`` (the same, content lexed by pdfminer's parser) or ``plain`` (pdfplumber itself)."""

    failures: list[PageFailure] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    via: Counter[str] = field(default_factory=Counter)


def read_pages(
    source: Path | bytes,
    *,
    password: str | None = None,
    pages: Sequence[int] | None = None,
    report: ReadReport | None = None,
    is_fast: bool = True,
    is_compared: bool = True,
) -> Iterator[PageGlyphs]:
    """Yield the pages of a PDF in order, each let go before the next is read.

    ``pages`` holds page numbers from 1 (a ``range`` is cheap), ``None`` means all. ``is_fast=False`` reads by plain
    pdfplumber; ``is_compared=False`` leaves out the comparison of a page with it, for the rest of a document that is
    compared elsewhere. Raises ``ReadError`` when the document cannot be opened, and on a broken page when no
    ``report`` is given to write it into.
    """
    data = _bytes(source)
    pdf = _open(data, password)
    objects = QuickObjects(pdf.doc, data) if is_fast and is_verified() else None
    reader = _Reader(pdf, report, objects)
    wanted = _walk(pdf, report, pages)
    first = list(islice(wanted, _CHECK_AMONG)) if is_compared else []
    if first and not reader.is_equal(first):
        # Pages, too, may have been read in the wrong way: all is read again.
        reader = _Reader(_open(data, password), report, None)
        first, wanted = [], _walk(reader.pdf, None if report is None else ReadReport(), pages)
    for number, page in chain(first, wanted):
        glyphs = reader.read(number, page)
        if glyphs is not None:
            yield glyphs


def count_pages(source: Path | bytes, *, password: str | None = None) -> int:
    """Return the number of pages without reading any; raises ``ReadError``."""
    return sum(1 for _ in _walk(_open(_bytes(source), password), ReadReport(), None))


def unreadable_share(page: PageGlyphs) -> float:
    """Return the share (0 to 1) of a page's printed glyphs whose text says nothing: ``(cid:NN)``, private use, control
    or replacement characters. A page without printed glyphs gives 0.
    """
    printed = {text: count for text, count in Counter(page.text).items() if not text.isspace()}
    if not printed:
        return 0.0
    return sum(count for text, count in printed.items() if _says_nothing(text)) / sum(printed.values())


def _says_nothing(text: str) -> bool:
    if text.startswith("(cid:"):
        return True
    return all(
        character < " " or "\x7f" <= character < "\xa0" or "\ue000" <= character <= "\uf8ff" or character == "\ufffd"
        for character in text
    )


class _Reader:
    """Reads the pages of one open document, each the fast way if it can be; ``objects`` is ``None`` for the plain
    way."""

    def __init__(self, pdf: PDF, report: ReadReport | None, objects: QuickObjects | None) -> None:
        self.pdf = pdf
        self._report = report
        self._objects = objects
        self._book = FontBook()

    def is_equal(self, pages: Sequence[tuple[int, PDFPage]]) -> bool:
        """Read one page both ways, and each object behind it; return whether all is equal, and report if not."""
        if self._objects is None:
            return True
        try:
            number, page = choose_page(pages)
            fast, _ = read_fast_page(self._book, page, number)
            self._objects.watch()
            resolve1(PDFObjRef(self.pdf.doc, int_value(page.pageid)))
            plain = read_plain_page(self.pdf, page, number)
            differences = find_differences(fast, plain)
        except (Unusual, *DAMAGE):
            # Then the page goes the plain way, or cannot be read at all.
            differences = []
        if not self._objects.end_watch():
            differences.append("objects")
        if differences and self._report is not None:
            message = "the fast reader differs from pdfplumber; the document was read by pdfplumber"
            context: dict[str, object] = {"columns": differences}
            self._report.issues.append(Issue("reader_difference", Severity.WARNING, number, message, context))
        return not differences

    def read(self, number: int, page: PDFPage) -> PageGlyphs | None:
        """Return a page, ``None`` for a broken one that the report names."""
        try:
            glyphs, via = self._read(number, page)
        except DAMAGE as error:
            _fail(self._report, number, error)
            return None
        if self._report is not None:
            self._report.via[via] += 1
        return glyphs

    def _read(self, number: int, page: PDFPage) -> tuple[PageGlyphs, str]:
        if self._objects is not None:
            try:
                return read_fast_page(self._book, page, number)
            except (Unusual, *DAMAGE):
                # pdfplumber has the last word on what the fast reader cannot read.
                pass
        return read_plain_page(self.pdf, page, number), "plain"


def _bytes(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _open(data: bytes, password: str | None) -> PDF:
    """Return the open document. It is never closed: it holds no file, and closing would make an object of each page."""
    if not data:
        raise ReadError(ReadReason.EMPTY, "0 bytes")
    try:
        return pdfplumber.open(BytesIO(data), password=password)
    except PdfminerException as error:
        raise _to_read_error(error.args[0] if error.args else error, data) from error
    except DAMAGE as error:
        raise _to_read_error(error, data) from error


def _to_read_error(error: object, data: bytes) -> ReadError:
    detail = _describe(error)
    if b"%PDF-" not in data[:_HEAD_BYTES]:
        return ReadError(ReadReason.NOT_A_PDF, detail)
    if isinstance(error, PDFPasswordIncorrect) or "Encrypt" in type(error).__name__ or "Encrypt" in detail:
        return ReadError(ReadReason.ENCRYPTED, detail)
    return ReadError(ReadReason.DAMAGED, detail)


def _describe(error: object) -> str:
    """Return type and text of an error, the same in every process: what Python adds to a ``RecursionError`` depends on
    where the stack happened to end."""
    if isinstance(error, RecursionError):
        return "RecursionError: maximum recursion depth exceeded"
    return f"{type(error).__name__}: {error}"[:200]


def _walk(pdf: PDF, report: ReadReport | None, wanted: Sequence[int] | None) -> Iterator[tuple[int, PDFPage]]:
    """Yield (number, page) over the wanted pages of the page tree; raises ``ReadError`` when there is no page."""
    found = PDFPage.create_pages(pdf.doc)
    chosen = None if wanted is None else frozenset(wanted)
    last = None if chosen is None else max(chosen, default=0)
    number = 0
    while last is None or number < last:
        try:
            page = next(found, None)
        except DAMAGE as error:
            if number == 0:
                raise ReadError(ReadReason.DAMAGED, f"page tree: {_describe(error)}"[:200]) from error
            _fail(report, number + 1, error)
            return
        if page is None:
            break
        number += 1
        if chosen is None or number in chosen:
            yield number, page
    if number == 0 and last != 0:
        raise ReadError(ReadReason.EMPTY, "no page")


def _fail(report: ReadReport | None, number: int, error: Exception) -> None:
    detail = _describe(error)
    if report is None:
        raise ReadError(ReadReason.DAMAGED, f"page {number}: {detail}") from error
    report.failures.append(PageFailure(number, ReadReason.DAMAGED, detail))
