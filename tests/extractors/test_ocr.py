"""Pages that are pictures. Most of it needs the extra ``[ocr]`` and is skipped without it."""

import socket
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import extractors.ocr.engine as ocr
from extractors.glyphs import PageGlyphs
from extractors.ocr.engine import OcrUnavailableError, is_available, read_scanned_page
from pipeline.derive import derive_document
from pipeline.reading import ReadOptions


def spell(page: PageGlyphs) -> list[str]:
    """The page's words."""
    bounds = zip(page.word_starts, page.word_starts[1:], strict=False)
    return ["".join(page.text[i] for i in page.word_glyphs[start:end]) for start, end in bounds]


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda name: None)
    assert not is_available()
    with pytest.raises(OcrUnavailableError, match=r"\[ocr\]"):
        read_scanned_page(b"", 1)


@pytest.fixture
def words_module() -> object:
    """The module under test, which needs the extra's OpenCV."""
    pytest.importorskip("cv2")
    from extractors.ocr import words as ocr_words

    return ocr_words


def draw(*blots: tuple[int, int]) -> np.ndarray:
    """A white strip, 40 pixels high, with black blots from x to x."""
    pixels = np.full((40, 400), 255, dtype=np.uint8)
    for start, end in blots:
        pixels[12:28, start:end] = 0
    return pixels


@pytest.mark.parametrize(
    ("text", "blots", "healed"),
    [
        # Two letters and two figures, ten pixels each: a gap as wide as a blank parts them, a hairline does not.
        ("to31", [(0, 10), (11, 20), (30, 40), (41, 50)], "to 31"),
        ("H311", [(0, 10), (12, 20), (22, 30), (31, 40)], "H311"),
        ("a,be", [(0, 10), (11, 14), (24, 34), (35, 44)], "a, be"),
        ("3,14", [(0, 10), (11, 14), (16, 26), (27, 36)], "3,14"),
        # Between letters of a kind no blank is put back, whatever the gap.
        ("abcd", [(0, 10), (11, 20), (40, 50), (51, 60)], "abcd"),
    ],
)
def test_blanks_are_put_back_where_the_picture_shows_them(
    words_module: object, text: str, blots: list[tuple[int, int]], healed: str
) -> None:
    from extractors.ocr.picture import Picture
    from extractors.ocr.words import Line, make_page

    picture = Picture(draw(*blots), 2.0, 200.0, 20.0)
    spans = [(character, (float(start), float(end))) for character, (start, end) in zip(text, blots, strict=True)]
    page = make_page(7, picture, [Line(text, 0.0, 6.0, 60.0, 34.0, spans)], np.zeros((0, 4)))
    assert " ".join(spell(page)) == healed
    assert "".join(page.text) == healed
    assert (page.number, page.is_ocr, page.width) == (7, True, 200.0)
    assert page.x0[0] == 0.0
    assert page.x1[len(page) - 1] == blots[-1][1] / 2.0


def test_rulings_through_print_are_dropped(words_module: object) -> None:
    from extractors.ocr.picture import Picture
    from extractors.ocr.words import Line, make_page

    picture = Picture(draw((0, 100)), 1.0, 400.0, 40.0)
    spans = [(character, (10.0 * i, 10.0 * i + 10)) for i, character in enumerate("abcdefghij")]
    edges = np.array(
        [[0.0, 20.0, 100.0, 20.0], [0.0, 39.0, 100.0, 39.0], [55.0, 0.0, 55.0, 40.0], [200.0, 0, 200.0, 40]]
    )
    page = make_page(1, picture, [Line("abcdefghij", 0.0, 0.0, 100.0, 40.0, spans)], edges)
    assert page.edges.tolist() == [[0.0, 39.0, 100.0, 39.0], [200.0, 0.0, 200.0, 40.0]]


def test_a_line_whose_characters_do_not_agree_is_shared_out(words_module: object) -> None:
    from extractors.ocr.picture import Picture
    from extractors.ocr.words import Line, make_page

    picture = Picture(draw((100, 120), (130, 150)), 1.0, 400.0, 40.0)
    page = make_page(1, picture, [Line("ab cd", 100.0, 0.0, 150.0, 40.0, [("a", (0.0, 1.0))])], np.zeros((0, 4)))
    assert spell(page) == ["ab", "cd"]
    assert page.x0.tolist() == [100.0, 110.0, 120.0, 130.0, 140.0]


def test_wide_strokes_are_bold(words_module: object) -> None:
    from extractors.ocr.picture import Picture
    from extractors.ocr.words import Line, make_page

    thin = draw(*[(x, x + 2) for x in range(0, 200, 10)])
    thick = draw(*[(x, x + 5) for x in range(0, 100, 10)])
    lines = [Line("n" * 20, 0.0, 0.0, 200.0, 40.0, []), Line("b" * 10, 0.0, 40.0, 100.0, 80.0, [])]
    page = make_page(1, Picture(np.vstack((thin, thick)), 1.0, 400.0, 80.0), lines, np.zeros((0, 4)))
    assert {page.fonts[font] for font in page.font[:20]} == {"Recognised"}
    assert {page.fonts[font] for font in page.font[20:]} == {"Recognised-Bold"}


@pytest.mark.slow
@pytest.mark.skipif(not is_available(), reason="the extra [ocr] is not installed")
def test_a_scan_is_read_without_network(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    scanned = read_scanned_page(shared / "corpus" / "dev" / "nip-gr-2024-scan.pdf", 1)
    assert not scanned.is_doubtful
    page = scanned.glyphs
    text = " ".join(spell(page))
    assert "commitments 3, 5, 6, 8, 10, 15, 18 and 19 the text of January 2023 remains valid." in text
    assert "country meets 14 of the 20 commitments." in text
    # Four columns between five rulings, thirteen rows between fourteen.
    uprights = page.edges[page.edges[:, 0] == page.edges[:, 2]]
    levels = page.edges[page.edges[:, 1] == page.edges[:, 3]]
    assert len(np.unique(np.rint(uprights[:, 0] / 5))) >= 5
    assert len(levels) >= 14


def print_scan(path: Path, angle: int) -> Path:
    """Print a page that is a picture of two sentences, turned by so many degrees."""
    canvas = Canvas(str(path), pagesize=(400, 400), invariant=1)
    canvas.setFont("Helvetica", 14)
    canvas.drawString(40, 300, "Finland fulfilled commitment 12 in 2024.")
    canvas.drawString(40, 270, "Sweden fulfilled commitments 1 to 4 in 2023.")
    canvas.save()
    pdf = pypdfium2.PdfDocument(path.read_bytes())
    picture = pdf[0].render(scale=2.5).to_pil().rotate(angle)
    pdf.close()
    canvas = Canvas(str(path), pagesize=(400, 400), invariant=1)
    canvas.drawImage(ImageReader(picture), 0, 0, 400, 400)
    canvas.save()
    return path


@pytest.mark.skipif(not is_available(), reason="the extra [ocr] is not installed")
def test_a_scan_upside_down_is_read_the_right_way_up(tmp_path: Path) -> None:
    upright = derive_document(print_scan(tmp_path / "upright.pdf", 0), ReadOptions())
    over = derive_document(print_scan(tmp_path / "over.pdf", 180), ReadOptions())
    assert "commitment 12" in [mention.text for mention in over.mentions]
    assert [(one.kind, one.values) for one in over.mentions] == [(one.kind, one.values) for one in upright.mentions]
    assert over.issues == ()
    for here, there in zip(upright.mentions, over.mentions, strict=True):
        box, turned = here.boxes[0], there.boxes[0]
        assert abs(400 - turned.x1 - box.x0) < 4
        assert abs(400 - turned.bottom - box.top) < 4


@pytest.mark.skipif(not is_available(), reason="the extra [ocr] is not installed")
def test_a_scan_on_its_side_is_no_silent_loss(tmp_path: Path) -> None:
    side = derive_document(print_scan(tmp_path / "side.pdf", 90), ReadOptions())
    assert [(issue.code, issue.page) for issue in side.issues] == [("doubtful_ocr", 1)]
