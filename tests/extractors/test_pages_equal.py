"""The fast reader gives pdfplumber's numbers to the last bit, on content at random and on real pages."""

import logging
from collections import Counter
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from pdfminer.cmapdb import CMapParser, FileUnicodeMap
from pdfminer.pdfpage import PDFPage

from extractors.reader.check import find_differences
from extractors.reader.fast import read_fast_page
from extractors.reader.fonts import FontBook
from extractors.reader.lexer import Unusual
from extractors.reader.pages import ReadReport, read_pages
from extractors.reader.plain import DAMAGE, read_plain_page
from extractors.reader.unicode import read_unicode_map
from tests.extractors.random_content import ContentWriter
from tests.extractors.raw_pdf import make_pdf


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("pdfminer").setLevel(logging.ERROR)


def compare(data: bytes, counts: Counter[str], every: int = 1) -> None:
    """Read a document's pages both ways, assert that they are equal, and count the ways taken."""
    with pdfplumber.open(BytesIO(data)) as pdf:
        book = FontBook()
        for number, page in enumerate(PDFPage.create_pages(pdf.doc), start=1):
            if (number - 1) % every:
                continue
            try:
                plain = read_plain_page(pdf, page, number)
            except DAMAGE:
                counts["plain fails"] += 1
                continue
            try:
                fast, via = read_fast_page(book, page, number)
            except (Unusual, *DAMAGE):
                counts["plain"] += 1
                continue
            counts[via] += 1
            counts["glyphs"] += len(fast)
            counts["words"] += fast.n_words
            counts["edges"] += len(fast.edges)
            assert find_differences(fast, plain) == []


def compare_random(seeds: range, oddness: float) -> Counter[str]:
    """Compare on documents made from seeds."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        writer = ContentWriter(seed, oddness)
        data = make_pdf(writer.streams(), page=writer.page(), forms=writer.forms())
        try:
            compare(data, counts)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, oddness {oddness}") from error
    return counts


def test_usual_content_is_read_fast_and_equal() -> None:
    counts = compare_random(range(150), 0.0)
    assert counts["fast"] > 100
    assert counts["glyphs"] > 1000
    assert counts["edges"] > 300


_ROW = b" q %b BT /F1 12 Tf 1 0 0 1 50 700 Tm 0 g [(ab)-3(c)] TJ ET Q "
_CLIPPED, _OPEN = _ROW % b"0 0 500 800 re W* n", _ROW % b""
ROWS = {
    "a clip drops the path before it": b"10 10 50 50 re " + _CLIPPED + b" f",
    "without a clip the path stays": b"10 10 50 50 re " + _OPEN + b" f",
    "a fill behind other paths": b"5 5 m 9 9 l 10 10 50 50 re f 1 1 9 9 re f* 5 5 m 5 9 l f",
    "an area before a row, on a path": b"5 5 m 5 9 l 10 10 50 50 re f " + _CLIPPED + b"1 1 9 9 re f* " + _OPEN,
    "areas in a row": b"1 1 9 9 re f 2 2 9 9 re f* 3 3 9 9 re f q 0 0 9 9 re W n 4 4 9 9 re f Q 5 5 9 9 re f",
    "returning before a row": b"q 2 0 0 2 9 9 cm 1 1 9 9 re f " + _CLIPPED + b"Q 1 1 9 9 re f* " + _CLIPPED + b"Q Q",
    "a clip without text drops the path": b"5 5 m 5 9 l q 0 0 9 9 re W* n 1 1 9 9 re f Q 5 9 l f",
    "what was set before holds after": b"BT /F2 9 Tf 1 0 0 1 5 5 Tm (x) Tj "
    + 2 * _CLIPPED
    + b" 1 0 0 1 5 50 Tm (y) Tj T* (z) Tj",
    "spaces hold inside": b"3 Tc 4 Tw 50 Tz 2 Ts " + _CLIPPED + b" 0 Tc " + _CLIPPED,
    "the matrix holds inside and returns after": b"q 2 0 0 2 9 9 cm "
    + 2 * _CLIPPED
    + b" /X0 Do "
    + 2 * _CLIPPED
    + b" Q "
    + _OPEN,
    "text goes on after the row": _CLIPPED.removesuffix(b"ET Q ") + b"(d) Tj ET Q (e) Tj",
    "numbers at either end of arrays": b" ".join(
        _OPEN.replace(b"(ab)-3(c)", array)
        for array in (b"120 (a)", b"(a) -5", b"-5", b" ", b"()", b"(a)3 4(b)", b"7(a)8(b)9")
    ),
}


@pytest.mark.parametrize("content", ROWS.values(), ids=ROWS)
def test_rows_read_as_one_are_equal(content: bytes) -> None:
    counts: Counter[str] = Counter()
    form = {"X0": b"<< /Subtype /Form /BBox [0 0 100 100] /Matrix [1 0 0 1 40 5] >>|" + _OPEN}
    compare(make_pdf(content, forms=form), counts)
    assert counts["fast"] == 1


def test_odd_content_is_equal_or_left_to_pdfplumber() -> None:
    counts = compare_random(range(150), 0.02)
    assert counts["fast"] > 20
    assert counts["slow_lexer"] > 20


@pytest.mark.slow
@pytest.mark.parametrize("oddness", [0.0, 0.005, 0.05])
def test_much_content_at_random_is_equal(oddness: float) -> None:
    counts = compare_random(range(1000, 3000), oddness)
    assert counts["fast"] > 100


def test_some_pages_of_each_specimen_are_equal(shared: Path) -> None:
    counts: Counter[str] = Counter()
    for path in sorted((shared / "corpus" / "dev").glob("*.pdf")):
        compare(path.read_bytes(), counts, every=7)
    assert counts["plain"] == counts["slow_lexer"] == 0
    assert counts["words"] > 1000


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("folder", ["dev", "real", "tables", "load"])
def test_every_page_is_equal_and_hardly_any_falls_back(shared: Path, folder: str) -> None:
    counts: Counter[str] = Counter()
    for path in sorted((shared / "corpus" / folder).glob("*.pdf")):
        compare(path.read_bytes(), counts)
    pages = counts["fast"] + counts["slow_lexer"] + counts["plain"]
    assert pages > 20
    assert counts["plain"] + counts["plain fails"] < 0.01 * pages


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_hostile_pages_that_pdfplumber_reads_are_equal(shared: Path) -> None:
    counts: Counter[str] = Counter()
    for path in sorted((shared / "corpus" / "hostile").glob("*.pdf")):
        # pdfplumber does not come to an end with this one.
        if path.name == "pdf.js--issue12295.pdf":
            continue
        try:
            compare(path.read_bytes(), counts)
        except DAMAGE:
            counts["unopened"] += 1
    assert counts["fast"] > 200


MAPS = {
    "chars": b"2 beginbfchar <01> <0041> <02> <D83DDE00> endbfchar",
    "ranges": b"2 beginbfrange <0005> <0009> <0061> <0010> <0011> [<0062> <00630064>] endbfrange",
    "range crosses a byte": b"1 beginbfrange <0000> <0300> <00F0> endbfrange",
    "identity": b"1 beginbfrange <0000> <FFFF> <0000> endbfrange",
    "long target": b"1 beginbfrange <0001> <0003> <004100420043> endbfrange",
    "lengths differ": b"1 beginbfrange <01> <0003> <0041> endbfrange",
    "later wins": b"1 beginbfrange <01> <09> <0041> endbfrange 1 beginbfchar <02> <007A> endbfchar",
    "space, then no-break": b"2 beginbfchar <03> <0020> <03> <00A0> endbfchar 1 beginbfchar <04> <00A0> endbfchar",
    "in one block twice": b"3 beginbfchar <03> <0041> <03> <0042> <03> <0043> endbfchar",
    "list too short": b"1 beginbfrange <01> <09> [<0041>] endbfrange",
    "list too long": b"1 beginbfrange <01> <02> [<0041> <0042> <0043>] endbfrange",
    "odd digits": b"1 beginbfchar <1> <0041> endbfchar",
    "lower case": b"1 beginbfchar <0a> <00e9> endbfchar 1 beginbfrange <0b> <0f> <00fe> endbfrange",
    "names": b"1 beginbfrange <01> <02> [/A /B] endbfrange",
    "after the end": b"1 beginbfchar <01> <0041> endbfchar endcmap 1 beginbfchar <01> <0042> endbfchar",
    "comment": b"% beginbfchar <01> <0043> endbfchar\n1 beginbfchar <01> <0041> endbfchar",
    "in a string": b"(beginbfchar <01> <0043> endbfchar) pop 1 beginbfchar <01> <0041> endbfchar",
    "surrogate half": b"1 beginbfrange <01> <02> <D800> endbfrange",
}


@pytest.mark.parametrize("body", MAPS.values(), ids=MAPS)
def test_unicode_map_answers_as_pdfminers(body: bytes) -> None:
    data = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def " + body + b" endcmap end end"
    )
    theirs = FileUnicodeMap()
    CMapParser(theirs, BytesIO(data)).run()
    ours = read_unicode_map(data)
    if ours is None:
        return
    for code in range(0x400):
        try:
            got: str | None = ours.get_unichr(code)
        except KeyError:
            got = None
        assert got == theirs.cid2unichr.get(code), code


def test_usual_unicode_maps_are_read_by_range() -> None:
    for name in (
        "chars",
        "ranges",
        "identity",
        "long target",
        "later wins",
        "space, then no-break",
        "lower case",
    ):
        assert read_unicode_map(b"begincmap " + MAPS[name] + b" endcmap") is not None, name


def test_blanks_made_to_slow_a_unicode_map_end() -> None:
    assert read_unicode_map(b"beginbfchar <01> <0041>" + b" " * 1_000_000 + b"[ endbfchar") is None


def test_report_counts_the_ways() -> None:
    report = ReadReport()
    fast = make_pdf(b"BT /F1 12 Tf 72 700 Td (Hello) Tj ET")
    slow = make_pdf(b"BT /F1 12 Tf 72 700 Td (Hello) Tj ET BI /W 1 /H 1 /BPC 8 /CS /G ID x EI")
    plain = make_pdf(b"BT /F4 12 Tf 72 700 Td <00010002> Tj ET")
    for data in (fast, slow, plain):
        assert len(list(read_pages(data, report=report))) == 1
    assert report.via == {"fast": 1, "slow_lexer": 1, "plain": 1}
    assert report.failures == report.issues == []
