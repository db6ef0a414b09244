"""PDFs whose pages are turned, cropped or begin elsewhere than at 0: the same words, boxes set anew."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

WORDS = "Cyber and Information Domain Coordination Centre"
_SIZE = (420, 320)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a page lies: boxes are left, bottom, right, top; ``None`` leaves them as printed. Rotation in degrees."""

    name: str
    rotation: int = 0
    media: tuple[float, float, float, float] | None = None
    crop: tuple[float, float, float, float] | None = None


SHAPES = (
    Shape("as printed"),
    *(Shape(f"turned by {degrees}", degrees) for degrees in (90, 180, 270)),
    *(Shape(f"cropped and turned by {degrees}", degrees, crop=(30, 90, 400, 290)) for degrees in (0, 90, 180, 270)),
    *(
        Shape(f"moved, cropped and turned by {degrees}", degrees, (10, -40, 410, 310), (25, 70, 380, 300))
        for degrees in (0, 90, 180, 270)
    ),
    Shape("cropped beyond the page", 0, None, (-50, 50, 500, 400)),
    Shape("cropped to nothing", 0, None, (500, 500, 600, 600)),
)


def print_shape(shape: Shape, path: Path, words: str = WORDS) -> Path:
    """Print a page with one line of words, in the upper half but one side of the middle, in that shape."""
    printed = BytesIO()
    canvas = Canvas(printed, pagesize=_SIZE, invariant=1)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(60, 210, words)
    canvas.showPage()
    canvas.save()
    pdf = pypdfium2.PdfDocument(printed.getvalue())
    page = pdf[0]
    if shape.media:
        page.set_mediabox(*shape.media)
    if shape.crop:
        page.set_cropbox(*shape.crop)
    page.set_rotation(shape.rotation)
    pdf.save(str(path))
    pdf.close()
    return path
