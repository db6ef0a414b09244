"""A page drawn by PDFium and its words read in pdfplumber's coordinates lie on each other, however the page lies."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

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
