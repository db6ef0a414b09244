"""Cells of the document's tables as blocks in the making, at the place where each table starts.

Enters laid-out pages and joined tables; leaves drafts per table, one per cell with text, row by row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from extractors.grids import JoinedCell, JoinedTable
from extractors.layout.blocks import Draft
from extractors.layout.lines import Line
from extractors.layout.page_layout import PageBody
from extractors.tables.headers import column_headings
from extractors.views import BlockKind, Cell


@dataclass(slots=True, eq=False)
class TableDrafts:
    """Drafts of each joined table; ``starts`` maps (page, table on that page) to the joined table that starts there."""

    tables: tuple[JoinedTable, ...]
    headings: list[tuple[str, ...]] = field(default_factory=list)
    drafts: list[list[Draft]] = field(default_factory=list)
    starts: dict[tuple[int, int], int] = field(default_factory=dict)

    def drafts_at(self, page: int, table: int) -> list[Draft]:
        """Return the drafts of the table that starts as number ``table`` on ``page``; none for a later piece."""
        number = self.starts.get((page, table))
        return [] if number is None else self.drafts[number]


def draft_tables(bodies: Sequence[PageBody], joined: tuple[JoinedTable, ...]) -> TableDrafts:
    """Return the drafts of all tables."""
    lines = {body.frame.page.number: _cell_lines(body) for body in bodies if body.frame.tables}
    by_page = {body.frame.page.number: body for body in bodies}
    found = TableDrafts(joined)
    for number, table in enumerate(joined):
        drafts: list[Draft] = []
        texts: dict[tuple[int, int], str] = {}
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
            draft = _draft_cell(cell, number, by_page, lines)
            if draft is not None:
                drafts.append(draft)
                texts[cell.row, cell.column] = " ".join(line.text for line in draft.lines)
        headings = column_headings(table, _reader(texts))
        for draft in drafts:
            _set_heading(draft, headings)
        found.headings.append(headings)
        found.drafts.append(drafts)
        box = table.boxes[0]
        for place, piece in enumerate(by_page[box.page].frame.tables):
            if piece.box == box:
                found.starts[box.page, place] = number
    return found


def _reader(texts: dict[tuple[int, int], str]) -> Callable[[JoinedCell], str]:
    """Return a function that gives a cell's text."""

    def text_of(cell: JoinedCell) -> str:
        return texts.get((cell.row, cell.column), "")

    return text_of


def _cell_lines(body: PageBody) -> dict[int, list[Line]]:
    """Return the lines of each cell of a page, by the cell's number on the page."""
    found = {cell: list(lines) for cell, lines in body.frame.cell_lines.items()}
    for cell, lines in body.turned_cells.items():
        found.setdefault(cell, []).extend(lines)
    return found


def _draft_cell(
    cell: JoinedCell, table: int, bodies: dict[int, PageBody], lines: dict[int, dict[int, list[Line]]]
) -> Draft | None:
    found: list[Line] = []
    for page, part in cell.parts:
        if len(part.glyphs):
            number = int(bodies[page].frame.cell_of[part.glyphs[0]])
            found.extend(lines[page].get(number, []))
    if not any(line.text for line in found):
        return None
    place = Cell(table, cell.row, cell.column, "", cell.is_header, cell.row_span, cell.column_span)
    draft = Draft(BlockKind.CELL, found, found[0].x0, max(line.x1 for line in found), 0, cell=place)
    bold = sum(len(line.text) for line in found if line.is_bold)
    draft.is_bold = bold >= 0.6 * sum(len(line.text) for line in found)
    return draft


def _set_heading(draft: Draft, headings: tuple[str, ...]) -> None:
    cell = draft.cell
    if cell is not None and cell.column < len(headings) and not cell.is_header:
        draft.cell = Cell(
            cell.table,
            cell.row,
            cell.column,
            headings[cell.column],
            cell.is_header,
            cell.row_span,
            cell.column_span,
        )
