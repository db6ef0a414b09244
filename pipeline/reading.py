"""A PDF becomes a text to find facts in: pages, tables, layout; scanned pages by the extra ``[ocr]`` or marked.

Bytes enter, a ``ReadDocument`` leaves, whose view is all that rules read. It depends on the bytes and the reader only,
never on rules, so it is kept and a rerun after a rule change opens no PDF. A long document can be read in stretches of
pages by several processes (``read_stretch``) and put together after (``join_stretches``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.glyphs import PageGlyphs, share_boxes
from extractors.grids import PageTable
from extractors.layout.builder import build_view
from extractors.ocr.engine import ScannedPage, is_available, read_scanned_page
from extractors.reader.pages import ReadReport, read_pages, unreadable_share
from extractors.tables.finder import find_tables
from models.issues import Issue, Severity
from pipeline.document import ReadDocument
from pipeline.memory import give_back

# Above this share of glyphs without meaning a text layer is worthless, and the page counts as one without text.
UNREADABLE_SHARE = 0.5
# Below this share of pictures an empty page is simply blank.
PICTURE_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read: the password, if one is known, and whether scanned pages go to optical character recognition."""

    password: str | None = None
    use_ocr: bool = True


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pages in a row with the tables on each; ``n_pages`` is the number of the last page met. The rest is as in
    ``ReadDocument``."""

    pages: list[PageGlyphs]
    tables: list[tuple[PageTable, ...]]
    n_pages: int
    needs_ocr: tuple[int, ...] = ()
    unreadable: tuple[int, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether nothing came up, so that reading it with the pages around it would have given the same."""
        return not self.needs_ocr and not self.issues and bool(self.pages)


def read_document(source: Path, options: ReadOptions) -> ReadDocument:
    """Read a PDF; raises ``ReadError`` with a typed reason when it cannot be read at all."""
    return join_stretches([read_stretch(source, options)])


def join_stretches(stretches: Sequence[Stretch]) -> ReadDocument:
    """Return the document whose stretches, in order, these are; they are emptied."""
    pages = share_boxes([page for stretch in stretches for page in stretch.pages])
    for stretch in stretches:
        stretch.pages.clear()
    tables = [found for stretch in stretches for found in stretch.tables]
    give_back(len(pages))
    return ReadDocument(
        view=build_view(pages, tables),
        n_pages=max(stretch.n_pages for stretch in stretches),
        needs_ocr=tuple(number for stretch in stretches for number in stretch.needs_ocr),
        unreadable=tuple(number for stretch in stretches for number in stretch.unreadable),
        issues=tuple(issue for stretch in stretches for issue in stretch.issues),
    )


def read_stretch(
    source: Path, options: ReadOptions, numbers: range | None = None, *, is_compared: bool = True
) -> Stretch:
    """Read the pages with these numbers (from 1), or all; raises ``ReadError`` when the PDF cannot be read at all.

    One page is compared with plain pdfplumber, but for stretches with ``is_compared=False``.
    """
    report = ReadReport()
    pages: list[PageGlyphs] = []
    needs_ocr: list[int] = []
    unreadable: list[int] = []
    doubtful: list[int] = []
    found = read_pages(source, password=options.password, pages=numbers, report=report, is_compared=is_compared)
    for page in found:
        is_garbage = unreadable_share(page) > UNREADABLE_SHARE
        if is_garbage or lacks_text(page):
            recognised = _recognise(source, page, options)
            if recognised is None:
                needs_ocr.append(page.number)
                unreadable += [page.number] * is_garbage
            else:
                doubtful += [page.number] * recognised.is_doubtful
            pages.append(page if recognised is None else recognised.glyphs)
        else:
            pages.append(page)
    tables = [find_tables(page) for page in pages]
    issues = (*report.issues, *_failure_issues(report), *_page_issues(needs_ocr, unreadable, doubtful))
    n_pages = max([page.number for page in pages] + [failure.number for failure in report.failures], default=0)
    return Stretch(pages, tables, n_pages, tuple(needs_ocr), tuple(unreadable), issues)


def lacks_text(page: PageGlyphs) -> bool:
    """Tell whether a page shows pictures and no printed glyph."""
    return page.image_share >= PICTURE_SHARE and all(text.isspace() for text in page.text)


def _recognise(source: Path, page: PageGlyphs, options: ReadOptions) -> ScannedPage | None:
    """Return the page read from its picture, or ``None`` where that is not wanted, not installed or gives no text."""
    if not options.use_ocr or not is_available():
        return None
    recognised = read_scanned_page(source, page.number, password=options.password)
    return recognised if recognised.glyphs.text else None


def _failure_issues(report: ReadReport) -> Iterator[Issue]:
    """Yield an issue for each page that failed inside a good file."""
    for failure in report.failures:
        yield Issue(
            "page_failed",
            Severity.ERROR,
            failure.number,
            f"page {failure.number} could not be read and is left out",
            {"reason": failure.reason.value, "detail": failure.detail},
        )


def _page_issues(needs_ocr: list[int], unreadable: list[int], doubtful: list[int]) -> Iterator[Issue]:
    """Yield an issue for each page without usable text, and for each recognised with little certainty."""
    for number in doubtful:
        message = "hardly a word of this picture was recognised with certainty; it may lie on its side, or be blurred"
        yield Issue("doubtful_ocr", Severity.ERROR, number, message, {})
    for number in needs_ocr:
        if number in unreadable:
            yield Issue("unreadable_text", Severity.ERROR, number, "the text layer has no usable characters", {})
        else:
            yield Issue(
                "needs_ocr",
                Severity.WARNING,
                number,
                "the page is a picture without a text layer; install the extra [ocr] to read it",
                {},
            )
