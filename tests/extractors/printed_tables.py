"""Tables that tests print with reportlab and read back."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from extractors.glyphs import PageGlyphs
from extractors.grids import GridCell, JoinedTable, PageTable
from extractors.reader.pages import read_pages
from extractors.tables.continuation import join_tables
from extractors.tables.finder import find_tables

GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
BOLD_HEAD = [("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]
STYLE = getSampleStyleSheet()["BodyText"]
PROSE = Paragraph("The participating Member States raised their defence budgets in real terms each year. " * 5, STYLE)

Command = tuple[object, ...]


def make_table(rows: Sequence[Sequence[object]], style: Sequence[Command], **options: object) -> Table:
    """Return a table to print; strings longer than 24 characters wrap in their column."""
    wrapped = [[Paragraph(c, STYLE) if isinstance(c, str) and len(c) > 24 else c for c in row] for row in rows]
    return Table(wrapped, style=list(style), **options)


def print_pages(*parts: Flowable, size: tuple[float, float] = A4) -> list[PageGlyphs]:
    """Print the parts one below the other and return the pages as they are read."""
    file = BytesIO()
    SimpleDocTemplate(file, pagesize=size, invariant=1).build(list(parts))
    return list(read_pages(file.getvalue()))


def find_one(*parts: Flowable) -> tuple[PageTable, PageGlyphs]:
    """Return the only table of the only page, with the page."""
    (page,) = print_pages(*parts)
    (table,) = find_tables(page)
    return table, page


def text_of(page: PageGlyphs, cell: GridCell) -> str:
    """Return a cell's words, joined by blanks."""
    inside = set(cell.glyphs.tolist())
    words = []
    for first, last in zip(page.word_starts, page.word_starts[1:], strict=False):
        word = "".join(page.text[g] for g in page.word_glyphs[first:last].tolist() if g in inside)
        words += [word] if word else []
    return " ".join(words)


def rows_of(table: PageTable, page: PageGlyphs) -> list[list[str]]:
    """Return the texts of a table's cells, row by row."""
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(text_of(page, cell))
    return rows


def join_pages(pages: Sequence[PageGlyphs], **body: Sequence[tuple[float, float]]) -> tuple[JoinedTable, ...]:
    """Return the tables of all pages, joined; ``p2=[(top, bottom)]`` says where body text stands on page 2."""
    tables = [table for page in pages for table in find_tables(page)]
    lines = {int(name[1:]): bands for name, bands in body.items()}
    return join_tables(tables, {page.number: page for page in pages}, lines)


def joined_rows(table: JoinedTable, pages: Sequence[PageGlyphs]) -> list[list[str]]:
    """Return the texts of a joined table's cells, row by row, pieces over pages joined by a stroke."""
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(" | ".join(text_of(pages[number - 1], part) for number, part in cell.parts))
    return rows
