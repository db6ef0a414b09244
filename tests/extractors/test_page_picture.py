"""A page drawn by PDFium and its words read in pdfplumber's coordinates lie on each other, however the page lies."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extractors.ocr.engine import is_available, read_scanned_page
from extractors.page_picture import MAX_PIXELS, PagePicture, draw_page
from extractors.reader.pages import read_pages
from extractors.reader.read_errors import ReadError, ReadReason
from tests.turned_pages import SHAPES, Shape, print_shape

SCALE = 3.0


def ink(picture: PagePicture) -> np.ndarray:
    """Where the picture is dark."""
    pixels = np.asarray(Image.open(BytesIO(picture.png)).convert("L"))
    return pixels < 128


@pytest.mark.parametrize("is_fast", [True, False], ids=["fast reader", "pdfplumber"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_ink_lies_in_the_boxes_of_the_words(shape: Shape, is_fast: bool, tmp_path: Path) -> None:
    path = print_shape(shape, tmp_path / "page.pdf")
    [page] = read_pages(path, is_fast=is_fast)
    picture = draw_page(path.read_bytes(), 1, scale=SCALE)
    dark = ink(picture)
    assert dark.any()
    left, right = ((page.x0 - picture.x0) * SCALE).min(), ((page.x1 - picture.x0) * SCALE).max()
    top, bottom = ((page.top - picture.top) * SCALE).min(), ((page.bottom - picture.top) * SCALE).max()
    rows, columns = np.nonzero(dark)
    # All ink of the page, and it fills the boxes but for the room above and below the letters.
    assert left - 2 <= columns.min() <= left + 8
    assert right - 8 <= columns.max() <= right + 2
    assert top - 2 <= rows.min() <= top + 20
    assert bottom - 20 <= rows.max() <= bottom + 2


def test_a_page_is_never_finer_than_the_limit(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "large.pdf"), pagesize=(14000, 14000))
    canvas.drawString(100, 100, "far")
    canvas.save()
    picture = draw_page((tmp_path / "large.pdf").read_bytes(), 1, scale=4.0)
    width, height = Image.open(BytesIO(picture.png)).size
    assert width * height <= MAX_PIXELS * 1.01
    assert picture.width == 14000


def test_passwords_are_tried(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "locked.pdf"), encrypt=StandardEncryption("open sesame"))
    canvas.drawString(100, 100, "hidden")
    canvas.save()
    data = (tmp_path / "locked.pdf").read_bytes()
    assert ink(draw_page(data, 1, scale=1.0, passwords=("wrong", "open sesame"))).any()
    with pytest.raises(ReadError) as caught:
        draw_page(data, 1, scale=1.0, passwords=("wrong",))
    assert caught.value.reason is ReadReason.ENCRYPTED


@pytest.mark.parametrize("data", [b"", b"no pdf at all", b"%PDF-1.4\n%%EOF"])
def test_what_cannot_be_drawn_is_damaged(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        draw_page(data, 1, scale=1.0)
    assert caught.value.reason is ReadReason.DAMAGED


def test_a_page_that_is_not_there(tmp_path: Path) -> None:
    path = print_shape(SHAPES[0], tmp_path / "page.pdf")
    for number in (0, 2, 10**6):
        with pytest.raises(ReadError):
            draw_page(path.read_bytes(), number, scale=1.0)


@pytest.mark.skipif(not is_available(), reason="needs the extra [ocr]")
@pytest.mark.parametrize("shape", [SHAPES[1], SHAPES[4], SHAPES[9]], ids=lambda shape: shape.name)
def test_words_read_from_a_picture_lie_on_what_is_drawn(shape: Shape, tmp_path: Path) -> None:
    """Their places are those on the picture that PDFium draws: nothing needs to be moved."""
    printed = draw_page(print_shape(SHAPES[0], tmp_path / "printed.pdf").read_bytes(), 1, scale=4.0)
    upright = Image.open(BytesIO(printed.png)).rotate(shape.rotation, expand=True, fillcolor="white")
    canvas = Canvas(str(tmp_path / "scan.pdf"), pagesize=(440, 440), invariant=1)
    size = (printed.width, printed.height) if shape.rotation % 180 == 0 else (printed.height, printed.width)
    canvas.drawImage(ImageReader(upright), 10, 20, *size)
    canvas.save()
    pdf = pypdfium2.PdfDocument(str(tmp_path / "scan.pdf"))
    pdf[0].set_rotation(shape.rotation)
    if shape.crop:
        pdf[0].set_cropbox(5, 10, 435, 400)
    pdf.save(str(tmp_path / "turned.pdf"))
    pdf.close()
    data = (tmp_path / "turned.pdf").read_bytes()
    page = read_scanned_page(data, 1).glyphs
    assert "Cyber" in "".join(page.text)
    rows, columns = np.nonzero(ink(draw_page(data, 1, scale=SCALE)))
    assert abs(page.x0.min() * SCALE - columns.min()) < 12
    assert abs(page.x1.max() * SCALE - columns.max()) < 12
    assert page.top.min() * SCALE - 6 <= rows.min() <= rows.max() <= page.bottom.max() * SCALE + 6
