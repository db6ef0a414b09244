"""A page drawn as a picture by PDFium, with the place of its corner in pdfplumber's coordinates.

Enters a PDF's bytes and a page's number, leaves a PNG. PDFium draws what a viewer shows, the CropBox; pdfplumber counts
from the corner of the MediaBox, and the two differ on pages that are cropped or whose boxes do not begin at 0. A
hostile file can make PDFium take long or fall: call this in a process with limits.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from extractors.reader.read_errors import ReadError, ReadReason

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage  # type: ignore[import-untyped,unused-ignore]

Rectangle = tuple[float, float, float, float]
# An A4 page at four dots to the point has 8 million; no page is drawn finer than this.
MAX_PIXELS = 12_000_000
_ENCRYPTED = 4


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a PNG. ``width`` and ``height`` are its size in points as displayed, after /Rotate; ``x0`` and ``top``
    are where its upper left corner lies in pdfplumber's coordinates of the page."""

    png: bytes
    width: float
    height: float
    x0: float
    top: float


def load_painter() -> Any:  # noqa: ANN401 - pypdfium2 has no types
    """Return PDFium's bindings. They are loaded where pages are drawn, and nowhere else: the library has 6 MB."""
    import pypdfium2  # noqa: PLC0415 - see above

    return pypdfium2


def draw_page(data: bytes, number: int, *, scale: float, passwords: tuple[str, ...] = ()) -> PagePicture:
    """Return page ``number`` (from 1) at ``scale`` pixels to the point, fewer for a page of more than ``MAX_PIXELS``.

    Raises ``ReadError`` for a file or page that cannot be drawn.
    """
    pypdfium2 = load_painter()
    try:
        pdf = _open(data, passwords)
        try:
            return _draw(_load(pdf, number), scale)
        finally:
            pdf.close()
    except (pypdfium2.PdfiumError, IndexError, ValueError, ZeroDivisionError) as error:
        raise ReadError(ReadReason.DAMAGED, f"page {number}: {error}"[:200]) from error


def _open(data: bytes, passwords: tuple[str, ...]) -> "PdfDocument":
    """Return the open document, by the first password that opens it; raises ``ReadError``."""
    pypdfium2 = load_painter()
    for password in (None, *passwords):
        try:
            return pypdfium2.PdfDocument(data, password=password)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) != _ENCRYPTED:
                raise
    raise ReadError(ReadReason.ENCRYPTED, "none of the passwords opens it")


def _load(pdf: "PdfDocument", number: int) -> "PdfPage":
    """Return a page; one whose CropBox leaves nothing of it is shown whole, as viewers do."""
    page = pdf[number - 1]
    if min(page.get_size()) > 0:
        return page
    page.set_cropbox(*page.get_mediabox())
    page.close()
    return pdf[number - 1]


def _draw(page: "PdfPage", scale: float) -> PagePicture:
    width, height = page.get_size()
    scale = min(scale, (MAX_PIXELS / (max(width, 1.0) * max(height, 1.0))) ** 0.5)
    picture = BytesIO()
    page.render(scale=scale).to_pil().save(picture, "PNG", compress_level=4)
    x0, top = find_corner(tuple(page.get_mediabox()), tuple(page.get_cropbox()), page.get_rotation())
    return PagePicture(picture.getvalue(), float(width), float(height), x0, top)


def find_corner(media: Rectangle, crop: Rectangle, rotation: int) -> tuple[float, float]:
    """Return x0 and top, in pdfplumber's coordinates, of what a viewer shows of a page.

    Boxes are left, bottom, right, top in the page's own coordinates; ``rotation`` in degrees, clockwise. The viewer
    shows the CropBox as far as it lies in the MediaBox, all of the MediaBox when that is nothing. pdfplumber turns the
    page as a viewer does, and adds the left and takes away the lower bound of the (turned) MediaBox.

    >>> find_corner((0, 0, 600, 800), (50, 100, 550, 700), 0)
    (50, 100)
    >>> find_corner((0, 0, 600, 800), (50, 100, 550, 740), 90)
    (100, 50)
    """
    left, bottom, right, top = _sorted(media)
    shown = _sorted(crop)
    shown = (max(shown[0], left), max(shown[1], bottom), min(shown[2], right), min(shown[3], top))
    if shown[0] >= shown[2] or shown[1] >= shown[3]:
        shown = (left, bottom, right, top)
    cut = {
        0: (shown[0] - left, top - shown[3]),
        90: (shown[1] - bottom, shown[0] - left),
        180: (right - shown[2], shown[1] - bottom),
        270: (top - shown[3], right - shown[2]),
    }[rotation % 360]
    corner = (bottom, left) if rotation % 180 else (left, bottom)
    return cut[0] + corner[0], cut[1] - corner[1]


def _sorted(box: Rectangle) -> Rectangle:
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])
