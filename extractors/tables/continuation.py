"""Tables over page breaks: which pieces are one table, which heads are repeated, and which row the break cut in two.

Enter the tables of all pages with the pages' glyphs and the places of body text; leave ``JoinedTable``. A piece goes on
when it stands last on its page, the next one first on the next page, with the same columns and no body text between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from extractors.glyphs import PageGlyphs
from extractors.grids import GridCell, JoinedCell, JoinedTable, PageTable
from extractors.tables.headers import MAX_HEADER_ROWS, cell_text, count_styled_rows
from extractors.tables.row_cuts import Row, is_cut_row

COLUMN_SHIFT = 4.0
"""Column widths of two pieces may differ by this much, in points."""
LOOSE_BORDER = 0.5
"""Share of the narrower column beside it by which an inner border may wander."""
EDGE = 3.0
"""Body text may reach this far into a table's box, in points, and still stand outside."""

Body = Mapping[int, Sequence[tuple[float, float]]]


@dataclass(slots=True)
class _Joint:
    """A table being joined: its cells so far, and the text of its rows."""

    pieces: list[PageTable]
    cells: list[JoinedCell]
    rows: list[Row]
    n_header_rows: int
    repeated: list[int] = field(default_factory=list)

    @property
    def last(self) -> PageTable:
        return self.pieces[-1]


def join_tables(
    tables: Sequence[PageTable], pages: Mapping[int, PageGlyphs], body: Body | None = None
) -> tuple[JoinedTable, ...]:
    """Return the document's tables in reading order, pieces on following pages joined.

    ``pages`` maps page numbers to glyphs, at least for the pages with tables. ``body`` maps a page number to the (top,
    bottom) of its lines of body text: not furniture, footnotes, lines inside tables or notes that a table goes on.
    """
    lines = body or {}
    joints: list[_Joint] = []
    for table in sorted(tables, key=lambda table: (table.page, table.box.top, table.box.x0)):
        rows = _read_rows(table, pages[table.page])
        near = (joint for joint in reversed(joints) if _is_next(joint.last, table, tables, lines))
        joint = next((joint for joint in near if _goes_on(joint, table, rows, pages[table.page])), None)
        if joint is None:
            joints.append(_begin(table, rows))
        else:
            _append(joint, table, rows)
    return tuple(_finish(joint) for joint in joints)


def _is_next(last: PageTable, table: PageTable, tables: Sequence[PageTable], body: Body) -> bool:
    """Tell whether one table ends a page, another begins the next, and no body text stands between."""
    if table.page != last.page + 1:
        return False
    if any(other.page == last.page and other.box.top >= last.box.bottom - EDGE for other in tables):
        return False
    if any(other.page == table.page and other.box.bottom <= table.box.top + EDGE for other in tables):
        return False
    if any(top >= last.box.bottom - EDGE for top, _ in body.get(last.page, ())):
        return False
    return not any(bottom <= table.box.top + EDGE for _, bottom in body.get(table.page, ()))


def _goes_on(joint: _Joint, table: PageTable, rows: list[Row], page: PageGlyphs) -> bool:
    """Tell whether a table on the next page is another piece: the same head, or the same columns and no other head."""
    if table.n_columns != joint.last.n_columns:
        return False
    if _count_repeated(joint.rows, rows) > 0:
        return True
    has_other_head = joint.n_header_rows > 0 and count_styled_rows(table, page) > 0
    return not has_other_head and _has_same_columns(joint.last, table)


def _has_same_columns(first: PageTable, second: PageTable) -> bool:
    """Tell whether columns agree; the whole may be moved sideways, as on facing pages. Borders that only words show
    wander inside the blank between columns, so an inner border may differ by part of the narrower column beside it."""
    shift = second.columns[0] - first.columns[0]
    apart = [abs(b - a - shift) for a, b in zip(first.columns, second.columns, strict=True)]
    if max(apart) <= COLUMN_SHIFT:
        return True
    if first.is_ruled and second.is_ruled and (abs(shift) > COLUMN_SHIFT or apart[-1] > COLUMN_SHIFT):
        return False
    inner = [abs(b - a) for a, b in zip(first.columns[1:-1], second.columns[1:-1], strict=True)]
    widths = [b - a for a, b in zip(first.columns, first.columns[1:], strict=False)]
    return all(gap <= LOOSE_BORDER * min(pair) for gap, *pair in zip(inner, widths, widths[1:], strict=False))


def _read_rows(table: PageTable, page: PageGlyphs) -> list[Row]:
    """Return the rows' texts by column; a cell over several rows counts in its first."""
    texts: list[dict[int, str]] = [{} for _ in range(table.n_rows)]
    spans = [1] * table.n_rows
    for cell in table.cells:
        text = cell_text(page, cell)
        if text:
            texts[cell.row][cell.column] = text
            spans[cell.row] = max(spans[cell.row], cell.column_span)
    return [
        Row(texts=text, is_title=len(text) == 1 and span == table.n_columns > 1)
        for text, span in zip(texts, spans, strict=True)
    ]


def _count_repeated(head: Sequence[Row], rows: Sequence[Row]) -> int:
    """Return how many rows at the top of a piece say what the table's first rows say."""
    count = 0
    while count < min(MAX_HEADER_ROWS, len(head), len(rows)) and head[count].key == rows[count].key != ():
        count += 1
    return count


def _begin(table: PageTable, rows: list[Row]) -> _Joint:
    cells = [_to_joined(cell, cell.row, table) for cell in table.cells]
    return _Joint([table], cells, list(rows), table.n_header_rows)


def _append(joint: _Joint, table: PageTable, rows: list[Row]) -> None:
    repeated = _count_repeated(joint.rows, rows)
    if joint.n_header_rows == 0:
        joint.n_header_rows = repeated
    repeated = min(repeated, joint.n_header_rows)
    is_cut = (
        len(rows) > repeated
        and len(joint.rows) > joint.n_header_rows
        and is_cut_row(
            joint.rows[joint.n_header_rows :],
            rows[repeated:],
            table.n_columns,
            is_open=joint.last.is_ruled and joint.last.is_open_bottom and not joint.pieces[0].is_open_top,
        )
    )
    start = len(joint.rows)
    joint.repeated.extend(range(start, start + repeated))
    for cell in table.cells:
        number = start + cell.row - (1 if is_cut and cell.row >= repeated else 0)
        if is_cut and cell.row == repeated:
            _continue_cell(joint, cell, number - repeated, table)
        else:
            joint.cells.append(_to_joined(cell, number, table))
    _extend_rows(joint, rows, repeated, is_cut=is_cut)
    joint.pieces.append(table)


def _extend_rows(joint: _Joint, rows: list[Row], repeated: int, *, is_cut: bool) -> None:
    """Add the rows' texts; a cut row's go to the row it continues."""
    if not is_cut:
        joint.rows.extend(rows)
        return
    joint.rows[-1] = joint.rows[-1].with_rest(rows[repeated])
    joint.rows.extend(rows[:repeated])
    joint.rows.extend(rows[repeated + 1 :])


def _continue_cell(joint: _Joint, cell: GridCell, last_row: int, table: PageTable) -> None:
    """Add a piece of a cut row to the cell above the break; ``last_row`` is the row that was cut."""
    for index in range(len(joint.cells) - 1, -1, -1):
        above = joint.cells[index]
        if (
            above.row + above.row_span - 1 == last_row
            and above.column <= cell.column < above.column + above.column_span
        ):
            joint.cells[index] = replace(
                above, row_span=above.row_span + cell.row_span - 1, parts=(*above.parts, (table.page, cell))
            )
            return
    joint.cells.append(_to_joined(cell, last_row, table))


def _to_joined(cell: GridCell, row: int, table: PageTable) -> JoinedCell:
    return JoinedCell(row, cell.column, cell.row_span, cell.column_span, False, ((table.page, cell),))


def _finish(joint: _Joint) -> JoinedTable:
    heads = {*range(joint.n_header_rows), *joint.repeated}
    cells = sorted(joint.cells, key=lambda cell: (cell.row, cell.column))
    return JoinedTable(
        n_rows=len(joint.rows),
        n_columns=joint.pieces[0].n_columns,
        n_header_rows=joint.n_header_rows,
        repeated_rows=tuple(joint.repeated),
        cells=tuple(replace(cell, is_header=cell.row in heads) for cell in cells),
        boxes=tuple(piece.box for piece in joint.pieces),
        is_ruled=joint.pieces[0].is_ruled,
    )
