"""Opening documents, choosing pages, and what happens to broken ones."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pdfminer.pdfpage import PDFPage

import extractors.reader.pages as pages_module
from extractors.glyphs import PageGlyphs, column_over, share_boxes
from extractors.reader import lexer
from extractors.reader.fonts import FontBook
from extractors.reader.pages import ReadReport, _describe, count_pages, read_pages, unreadable_share
from extractors.reader.read_errors import PageFailure, ReadError, ReadReason
from tests.extractors.raw_pdf import make_pdf

HELLO = make_pdf(b"BT /F1 12 Tf 72 700 Td (Hello, wide world) Tj ET 72 600 100 50 re f 72 500 m 172 500 l S")


def words(page: PageGlyphs) -> list[str]:
    """The page's words as text."""
    bounds = zip(page.word_starts, page.word_starts[1:], strict=False)
    return ["".join(page.text[i] for i in page.word_glyphs[start:end]) for start, end in bounds]


@pytest.mark.parametrize("is_fast", [True, False])
def test_a_page_has_glyphs_words_edges_and_rects(is_fast: bool) -> None:
    (page,) = read_pages(HELLO, is_fast=is_fast)
    assert "".join(page.text) == "Hello, wide world"
    assert words(page) == ["Hello,", "wide", "world"]
    assert (page.number, page.width, page.height, page.fonts) == (1, 595.0, 842.0, ("Helvetica",))
    assert page.x0[0] == 72.0
    assert page.edges.tolist()[0] == [72.0, 342.0, 172.0, 342.0]
    assert page.rects.tolist() == [[72.0, 192.0, 172.0, 242.0]]
    assert page.is_filled.tolist() == [True]
    assert page.image_share == 0.0


def test_a_picture_is_seen_by_its_share() -> None:
    image = b"<< /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray >>|x"
    data = make_pdf(b"q 595 0 0 421 0 0 cm /X0 Do Q", forms={"X0": image})
    (page,) = read_pages(data)
    assert len(page) == 0
    assert page.image_share == pytest.approx(0.5, abs=0.01)


def test_pages_are_chosen_by_number(shared: Path) -> None:
    path = shared / "corpus" / "dev" / "annual-report-2023.pdf"
    assert count_pages(path) == 14
    whole = list(read_pages(path))
    assert [page.number for page in whole] == list(range(1, 15))
    part = list(read_pages(path, pages=range(5, 8)))
    assert [page.number for page in part] == [5, 6, 7]
    assert part[1].text == whole[5].text
    assert np.array_equal(part[1].x0, whole[5].x0)
    assert list(read_pages(path, pages=[99])) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", ReadReason.EMPTY),
        (b"hello", ReadReason.NOT_A_PDF),
        (b"PK\x03\x04" + bytes(3000), ReadReason.NOT_A_PDF),
        (b"%PDF-1.7\nnothing else", ReadReason.DAMAGED),
        (HELLO.replace(b"/Type /Page /Parent", b"/Type /Pane /Parent"), ReadReason.EMPTY),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: ReadReason) -> None:
    with pytest.raises(ReadError) as caught:
        list(read_pages(data))
    assert caught.value.reason is reason
    assert reason in str(caught.value)


def test_a_password_opens(shared: Path) -> None:
    path = shared / "corpus" / "hostile" / "pdfplumber--password-example.pdf"
    with pytest.raises(ReadError) as caught:
        list(read_pages(path))
    assert caught.value.reason is ReadReason.ENCRYPTED
    assert len(next(read_pages(path, password="test"))) > 0


def test_a_broken_page_is_named_and_the_rest_loads() -> None:
    # A page without a usable box: pdfplumber refuses it.
    data = HELLO.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [8 0 R 3 0 R] /Count 2")
    bad = b"8 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [(a) 0 9 9] >>\nendobj\n"
    data = data.replace(b"xref\n0", bad + b"xref\n0").replace(b"startxref", b"startxref 9")
    report = ReadReport()
    numbers = [page.number for page in read_pages(data, report=report)]
    assert numbers == [2]
    assert [(failure.number, failure.reason) for failure in report.failures] == [(1, ReadReason.DAMAGED)]
    assert isinstance(report.failures[0], PageFailure)
    with pytest.raises(ReadError, match="page 1"):
        list(read_pages(data))


def test_text_that_says_nothing_is_measured() -> None:
    (page,) = read_pages(make_pdf(b"BT /F3 12 Tf 72 700 Td <0001> Tj <00F0> Tj <00F1> Tj /F1 9 Tf (\\040\\003) Tj ET"))
    assert page.text == ("A", "(cid:240)", "(cid:241)", " ", "(cid:3)")
    assert unreadable_share(page) == 0.75
    assert unreadable_share(replace(page, text=("\ue001", "\x02", "a", " ", "\ufffd"))) == 0.75
    assert unreadable_share(next(read_pages(HELLO))) == 0.0


def test_a_difference_sends_the_document_the_plain_way(monkeypatch: pytest.MonkeyPatch) -> None:
    read = pages_module.read_fast_page

    def shifted(book: FontBook, source: PDFPage, number: int) -> tuple[PageGlyphs, str]:
        page, via = read(book, source, number)
        return replace(page, x0=page.x0 + 1e-12), via

    monkeypatch.setattr(pages_module, "read_fast_page", shifted)
    report = ReadReport()
    (page,) = read_pages(HELLO, report=report)
    assert page.x0[0] == 72.0
    assert report.via == {"plain": 1}
    assert [(issue.code, issue.page, issue.context) for issue in report.issues] == [
        ("reader_difference", 1, {"columns": ["x0"]})
    ]


def test_another_pdfminer_goes_the_plain_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.reader.fast.version", lambda name: "20990101")
    report = ReadReport()
    assert len(list(read_pages(HELLO, report=report))) == 1
    assert report.via == {"plain": 1}


def test_forms_that_call_themselves_end() -> None:
    form = b"<< /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X0 21 0 R >> /Font << /F1 4 0 R >> >> >>|"
    data = make_pdf(b"/X0 Do", forms={"X0": form + b"BT /F1 9 Tf (a) Tj ET /X0 Do"})
    (page,) = read_pages(data)
    assert page.text == ("a",)


@pytest.mark.parametrize("content", [b"(" * 60_000, b"[" * 60_000, b"<<" * 60_000, b"1 " * 60_000, b"(\\" * 60_000])
def test_content_made_to_slow_a_lexer_ends(content: bytes) -> None:
    counts: Counter[str] = Counter()
    report = ReadReport()
    list(read_pages(make_pdf(content), report=report))
    counts.update(report.via)
    assert counts.total() + len(report.failures) == 1


def test_what_is_said_of_too_deep_nesting_does_not_depend_on_the_stack() -> None:
    texts = {_describe(RecursionError(f"maximum recursion depth exceeded{where}")) for where in ("", " in comparison")}
    assert len(texts) == 1


def test_pages_share_their_boxes_and_a_view_takes_them_as_they_are(shared: Path) -> None:
    pages = list(read_pages(shared / "corpus" / "load" / "italy.pdf", pages=range(1, 4)))
    joined = share_boxes(pages)
    for name in ("x0", "top", "x1", "bottom"):
        whole = np.concatenate([getattr(page, name) for page in pages])
        assert np.array_equal(column_over(joined, name), whole)
        assert np.array_equal(column_over(pages, name), whole)
        assert column_over(joined, name) is getattr(joined[0], name).base
        # Not all of them, or in another order: then they are put together.
        assert np.array_equal(column_over(joined[1:], name), whole[len(pages[0]) :])
        backwards = np.concatenate([getattr(page, name) for page in reversed(pages)])
        assert np.array_equal(column_over(joined[::-1], name), backwards)


def test_one_page_of_a_document_is_compared_and_only_where_it_is_asked_for(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    monkeypatch.setattr(pages_module, "read_plain_page", lambda _pdf, _page, number: compared.append(number))
    monkeypatch.setattr(pages_module, "find_differences", lambda _one, _other: [])
    source = shared / "corpus" / "load" / "italy.pdf"
    lengths = [len(page) for page in read_pages(source, report=ReadReport())]
    assert len(compared) == 1
    # It has text: pages are read beside it in vain when it is blank.
    assert lengths[compared[0] - 1] > 200
    list(read_pages(source, pages=range(11, 20), report=ReadReport(), is_compared=False))
    assert len(compared) == 1


def test_numbers_that_were_read_do_not_pile_up() -> None:
    for number in range(3 * lexer._MAX_NUMBERS):
        assert lexer.read_number(b"%d" % number) == number
    long = b"1" * 200
    assert lexer.read_number(long) == float(long)
    known = lexer.read_number.__self__  # type: ignore[attr-defined]
    assert len(known) <= lexer._MAX_NUMBERS
    assert long not in known
