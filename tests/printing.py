"""Text in, PDF out: documents that tests print themselves."""

from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PAGE_SIZE = (595, 842)
MARGIN = 48
LINES_PER_PAGE = 54


def print_pdf(text: str, path: Path) -> Path:
    """Print ``text`` line by line, on as many A4 pages as it takes; the same text gives the same bytes."""
    registerFont(TTFont("Vera", "Vera.ttf"))  # comes with reportlab
    canvas = Canvas(str(path), pagesize=PAGE_SIZE, invariant=1)
    lines = text.splitlines()
    for first in range(0, max(1, len(lines)), LINES_PER_PAGE):
        canvas.setFont("Vera", 7)
        block = canvas.beginText(MARGIN, PAGE_SIZE[1] - MARGIN)
        block.setLeading(13)
        for line in lines[first : first + LINES_PER_PAGE]:
            block.textLine(line.rstrip())
        canvas.drawText(block)
        canvas.showPage()
    canvas.save()
    return path
