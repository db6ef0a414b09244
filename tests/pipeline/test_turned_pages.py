"""Pages that lie on their sides or stand on their heads say what they say upright."""

from collections import Counter
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from extractors.reader.pages import read_pages
from models.extraction import Extraction
from pipeline.derive import derive_document
from pipeline.reading import ReadOptions

WIDE, HIGH = 595, 842
SENTENCES = (
    "The PESCO project Military Mobility is led by the Netherlands.",
    "Full operational capability is planned for March 2027.",
    "Finland fulfilled Commitment 12 and commitments 1 to 4.",
)
# Moves the corner back onto the page.
CORNERS = {0: (0, 0), 90: (WIDE, 0), 180: (WIDE, HIGH), 270: (0, HIGH)}


def print_turned(path: Path, matrix: int, rotation: int) -> Path:
    """Print sentences with a text matrix turned by so many degrees, on a page shown turned by so many."""
    canvas = Canvas(str(path), pagesize=(WIDE, HIGH), invariant=1)
    canvas.translate(*CORNERS[matrix])
    canvas.rotate(matrix)
    canvas.setFont("Helvetica", 12)
    for number, sentence in enumerate(SENTENCES * 2):
        canvas.drawString(60, 520 - 16 * number, sentence)
    canvas.save()
    return turn_pages(path, path, rotation)


def turn_pages(source: Path, path: Path, rotation: int) -> Path:
    """Write a document with every page turned on by so many degrees."""
    pdf = pypdfium2.PdfDocument(source.read_bytes())
    for page in pdf:
        page.set_rotation((page.get_rotation() + rotation) % 360)
    pdf.save(str(path))
    pdf.close()
    return path


def derive(path: Path) -> Extraction:
    return derive_document(path, ReadOptions(use_ocr=False))


def values_of(found: Extraction) -> Counter[tuple[str, str]]:
    return Counter((mention.kind.value, value) for mention in found.mentions for value in mention.values)


@pytest.mark.parametrize("matrix", [0, 90, 180, 270])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_every_way_a_page_can_lie_reads_the_same(matrix: int, rotation: int, tmp_path: Path) -> None:
    found = derive(print_turned(tmp_path / "turned.pdf", matrix, rotation))
    assert found.page_texts == (derive(print_turned(tmp_path / "upright.pdf", 0, 0)).page_texts)
    assert values_of(found)["commitment", "12"] == 2
    assert found.participations != ()


def test_a_sample_upside_down_says_what_it_says(root: Path, tmp_path: Path) -> None:
    sample = root / "data" / "raw" / "nip-fi-2025.pdf"
    upright, over = derive(sample), derive(turn_pages(sample, tmp_path / "over.pdf", 180))
    assert values_of(over) == values_of(upright)
    assert [(fact.commitment, fact.status) for fact in over.statuses] == [
        (fact.commitment, fact.status) for fact in upright.statuses
    ]
    assert len(over.milestones) == len(upright.milestones)


def test_words_upside_down_stay_those_of_pdfplumber(tmp_path: Path) -> None:
    path = print_turned(tmp_path / "over.pdf", 0, 180)
    (page,) = read_pages(path)
    (plain,) = read_pages(path, is_fast=False)
    assert not page.upright.any()
    assert (page.upright == plain.upright).all()
    with pdfplumber.open(path) as pdf:
        words = [word["text"] for word in pdf.pages[0].extract_words()]
    bounds = page.word_starts.tolist()
    read = [page.word_glyphs[start:end] for start, end in zip(bounds, bounds[1:], strict=False)]
    assert ["".join(page.text[glyph] for glyph in word) for word in read] == words
    assert words[0] == ".4"  # its letters, from the left


def test_boxes_of_mentions_upside_down_lie_on_their_words(tmp_path: Path) -> None:
    path = print_turned(tmp_path / "over.pdf", 180, 0)
    found = derive(path)
    with pdfplumber.open(path) as pdf:
        (page,) = pdf.pages
        for mention in found.mentions:
            (box,) = mention.boxes
            inside = [char for char in page.chars if box.x0 <= (char["x0"] + char["x1"]) / 2 <= box.x1]
            inside = [char for char in inside if box.top <= (char["top"] + char["bottom"]) / 2 <= box.bottom]
            assert "".join(char["text"] for char in sorted(inside, key=lambda char: -char["x0"])) == mention.text


def test_a_negative_size_turns_back_what_a_matrix_turned(tmp_path: Path) -> None:
    path = tmp_path / "back.pdf"
    canvas = Canvas(str(path), pagesize=(WIDE, HIGH), invariant=1, pageCompression=0)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(60, 700, "Finland fulfilled commitment 12.")
    canvas.save()
    data = path.read_bytes()
    turned = data.replace(b"1 0 0 1 60 700 Tm", b"-1 0 0 -1 60 700 Tm").replace(b"/F1 12 Tf", b"/F1 -12 Tf")
    assert turned.count(b"-1 0 0 -1 60 700 Tm") == turned.count(b"/F1 -12 Tf") - 1 == 1
    path.write_bytes(turned)
    assert values_of(derive(path)) == {("state", "FI"): 1, ("commitment", "12"): 1}
