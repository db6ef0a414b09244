"""The quick way gives the objects of a PDF as pdfminer's parser does, or leaves them to it."""

import logging
import random
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser

from extractors.reader import objects as quick_module
from extractors.reader.objects import QuickObjects, is_same
from extractors.reader.pages import ReadReport, read_pages
from tests.extractors.raw_pdf import assemble, make_pdf, make_stream

_FIRST = 10
_CATALOG = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}
_TOKENS = [
    *(
        b"/Name",
        b"/A#20B",
        b"/caf\xc3\xa9",
        b"/",
        b"/A/B",
        b"/x\x00y",
        b"1",
        b"-7",
        b"+3",
        b"007",
        b"99999999999999999",
    ),
    *(b"1.5", b"-.5", b"4.", b".", b"-", b"1.2.3", b"--2", b"1e5", b"5 0 R", b"12 0 R", b"1 R", b"0 0 R", b"5 0 Rx"),
    *(b"<<", b">>", b"<<", b">>", b"[", b"]", b"[", b"]", b"(a)", b"()", b"(a(b)c)", b"(a\\)b)", b"(\\101\\7x\\q)"),
    *(b"(\\\r\n)", b"(\r\n)", b"(\\777)", b"(open", b"<41>", b"<4>", b"<4 1>", b"<>", b"<zz>", b"true", b"false"),
    *(b"null", b"truex", b"endobj", b"stream", b"% note\n", b"{", b"}", b"\x00", b"\xff", b"obj", b"R", b"/K 1", b"/K"),
]
_BLANKS = (b" ", b" ", b" ", b"\n", b"\r\n", b"", b"\t", b"\x0c")


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


def open_both(data: bytes) -> tuple[PDFDocument, PDFDocument]:
    """Return a document as pdfminer reads it, and one that gives its objects the quick way."""
    plain, quick = (PDFDocument(PDFParser(BytesIO(data))) for _ in range(2))
    QuickObjects(quick, data)
    return plain, quick


def read(document: PDFDocument, number: int) -> object:
    """Return an object, or the name of the error that it raises."""
    try:
        return document.getobj(number)
    except Exception as error:  # noqa: BLE001 - whatever pdfminer raises is to be the same
        return type(error).__name__


def assert_equal(data: bytes) -> int:
    """Compare all objects of a document; return how many there are."""
    plain, quick = open_both(data)
    numbers = sorted({number for xref in plain.xrefs for number in xref.get_objids()})
    for number in numbers:
        one, other = read(plain, number), read(quick, number)
        assert is_same(one, other), (number, one, other)
    return len(numbers)


USUAL = {
    "page": b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.32 841.92]/Tabs/S/Contents 4 0 R/Rotate -90>>",
    "strings": b"<< /A (a\\(b\\)\\101) /B ((nested)) /C <FEFF0041> /D () >>",
    "words": b"[true false null /N 1 .5 -2. +3]",
    "null in a dictionary": b"<< /A null /B 1 /B null /A 2 >>",
    "a reference alone": b"7 0 R",
    "stream": make_stream(b"<< /Type /XObject >>", b"q BT (endobj) Tj ET Q"),
}


@pytest.mark.parametrize("body", USUAL.values(), ids=USUAL)
def test_usual_objects_are_read_quickly_and_equal(body: bytes) -> None:
    data = assemble({**_CATALOG, _FIRST: body})
    plain, quick = open_both(data)
    one = read(plain, _FIRST)
    # With nothing of pdfminer's parser left in it, the document can only give what the quick way reads.
    assert quick._parser is not None
    quick._parser.seek = None  # type: ignore[method-assign, assignment]
    assert is_same(one, read(quick, _FIRST))


def _random_body(dice: random.Random) -> bytes:
    words = [dice.choice(_TOKENS) + dice.choice(_BLANKS) for _ in range(dice.randrange(1, 9))]
    return dice.choice((b"<<%b>>", b"[%b]", b"%b", b"<</K %b>>", b"<</K[%b]/L 2>>")) % b"".join(words)


def _random_document(seed: int) -> bytes:
    dice = random.Random(seed)
    bodies = [_random_body(dice) for _ in range(12)]
    inside = [_random_body(dice) for _ in range(3)]
    starts = [sum(len(body) + 1 for body in inside[:number]) for number in range(len(inside))]
    head = b" ".join(b"%d %d" % (40 + number, start) for number, start in enumerate(starts)) + b" "
    packed = zlib.compress(head + b"\n".join(inside))
    stream = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode >>" % (len(inside), len(head))
    return assemble({**_CATALOG, **dict(enumerate(bodies, _FIRST)), 30: make_stream(stream, packed)})


def compare_at_random(seeds: range) -> None:
    """Compare documents made from seeds, and the object stream in each."""
    for seed in seeds:
        data = _random_document(seed)
        assert assert_equal(data) > 12, seed
        plain, quick = open_both(data)
        results: list[object] = []
        for document in (plain, quick):
            stream = document.getobj(30)
            try:
                results.append(document._get_objects(stream)[0])  # type: ignore[arg-type]
            except Exception as error:  # noqa: BLE001 - as above
                results.append(type(error).__name__)
        assert is_same(*results), (seed, results)


def test_objects_at_random_are_equal_or_left_to_pdfminer() -> None:
    compare_at_random(range(300))


@pytest.mark.slow
def test_many_objects_at_random_are_equal() -> None:
    compare_at_random(range(1000, 4000))


def test_objects_of_each_specimen_are_equal(shared: Path) -> None:
    counts = [assert_equal(path.read_bytes()) for path in sorted((shared / "corpus" / "dev").glob("*.pdf"))]
    assert sum(counts) > 1000


def test_a_different_object_sends_the_document_the_plain_way(monkeypatch: pytest.MonkeyPatch) -> None:
    make = quick_module._dictionary

    def wider(items: list[object]) -> dict[str, object]:
        found = make(items)
        return {**found, "MediaBox": [0, 0, 600, 842]} if "MediaBox" in found else found

    monkeypatch.setattr(quick_module, "_dictionary", wider)
    report = ReadReport()
    (page,) = read_pages(make_pdf(b"BT /F1 9 Tf 50 50 Td (a) Tj ET"), report=report)
    assert page.width == 595
    assert report.via == {"plain": 1}
    assert [issue.context for issue in report.issues] == [{"columns": ["objects"]}]
