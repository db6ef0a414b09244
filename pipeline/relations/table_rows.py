"""Table rows with their meaning: which cell holds the project, the members, the dates, by the layout map's fields.

Tables, mentions and layout maps enter; one ``TableRow`` per body row of a mapped table leaves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.views import Block, BlockKind, TableView, TextView
from models.mentions import Mention, MentionKind
from pipeline.relations.layouts import KEY_FIELDS, TableMap, field_of
from pipeline.relations.sentences import block_mentions
from pipeline.relations.topics import Topic

# Fields whose cells hold free text; prose rules read them too.
FREE_FIELDS = frozenset({"remark", "done", "planned", "step", "note", "description"})
# What a box about one project tells, in a table of labels and values.
PROJECT_FIELDS = frozenset(
    {"project", "coordinator", "members", "observers", "third_states", "phase", "ioc", "foc", "launch", "closure"}
    | {"delivery_start", "delivery_end"}
)
_FEWEST_HEADINGS = 2
_FEWEST_PAIRS = 3
_KNOWN_SHARE = 0.6
_BLOCKS_ABOVE = 3
_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """A body row. ``cells`` maps a field to the indices of its cell blocks; ``project`` is the row's project; ``heads``
    pairs the cells of columns that no field explains with the cells that head them."""

    view: TextView
    mentions: Sequence[Mention]
    starts: Sequence[int]
    cells: dict[str, tuple[int, ...]]
    free: tuple[int, ...]
    project: Topic | None
    quote: str
    heads: tuple[tuple[Block, Block], ...] = ()

    def blocks(self, field: str) -> list[Block]:
        """Return the cell blocks of a field."""
        return [self.view.blocks[index] for index in self.cells.get(field, ())]

    def text(self, block: Block) -> str:
        """Return a cell's text."""
        return self.view.block_text(block)

    def mention_indices(self, block: Block) -> range:
        """Return the indices of the mentions in a cell."""
        return block_mentions(block, self.mentions, self.starts)

    def page_of(self, block: Block) -> int:
        """Return the page a cell starts on."""
        return self.view.page_of(block.span)

    @property
    def mapped_blocks(self) -> set[int]:
        """Return the indices of the cell blocks that a field explains and that hold no free text."""
        return {i for field, indices in self.cells.items() if field not in FREE_FIELDS for i in indices} - set(
            self.free
        )


def read_rows(view: TextView, mentions: Sequence[Mention], maps: Sequence[TableMap]) -> Iterator[TableRow]:
    """Yield the body rows of all tables whose meaning is known, in order.

    A row in the middle of a table that is itself a row of known headings gives those below it their meaning; a table
    of two columns whose left one holds headings is one row about the project named above it.
    """
    starts = [mention.span.start for mention in mentions]
    ends: dict[int, Topic | None] = {}
    for table, table_map in zip(view.tables, maps, strict=True):
        pairs = key_value_fields(view, table)
        if pairs is not None:
            for box in _boxes(view, mentions, starts, table, pairs):
                ends[max((i for cells in box.cells.values() for i in cells), default=0)] = box.project
                yield box
            continue
        fields = table_map.fields
        for number, row in enumerate(table.rows):
            if number in table.repeated_rows or number < table.n_header_rows:
                continue
            headings = heading_row_fields(view, row)
            if headings is not None:
                fields = headings
            elif any(fields):
                yield _to_row(view, mentions, starts, fields, row, _head_cells(table))
    yield from _label_rows(view, mentions, starts, ends)


def _label_rows(
    view: TextView, mentions: Sequence[Mention], starts: Sequence[int], ends: Mapping[int, Topic | None]
) -> Iterator[TableRow]:
    """Yield a row for each run of labels and values that stand as lines of their own, without a table round them.

    A run right behind a box of labels and values, whose last cell is among ``ends``, is the rest of that box.
    """
    run: list[tuple[str, int]] = []
    skip = -1
    for index in range(len(view.blocks)):
        if index <= skip:
            continue
        field = _label_at(view, index)
        has_value = index + 1 < len(view.blocks) and _label_at(view, index + 1) is None
        if field is not None and has_value and view.blocks[index + 1].kind != BlockKind.CELL:
            run.append((field, index + 1))
            skip = index + 1
        else:
            yield from _close_run(view, mentions, starts, run, ends)
            run = []
    yield from _close_run(view, mentions, starts, run, ends)


def _close_run(
    view: TextView,
    mentions: Sequence[Mention],
    starts: Sequence[int],
    run: list[tuple[str, int]],
    ends: Mapping[int, Topic | None],
) -> Iterator[TableRow]:
    """Yield the row of a run of labels and values that is long enough to be one."""
    if len({field for field, _ in run}) < _FEWEST_PAIRS:
        return
    cells: dict[str, tuple[int, ...]] = {}
    for field, index in run:
        cells[field] = (*cells.get(field, ()), index)
    first = run[0][1] - 1
    project = _row_project(view, mentions, starts, cells) or _project_before(view, mentions, starts, first)
    project = project or ends.get(first - 1)
    quote = " | ".join(view.block_text(view.blocks[index + step]) for _, index in run for step in (-1, 0))
    yield TableRow(view, mentions, starts, cells, (), project, quote)


def _label_at(view: TextView, index: int) -> str | None:
    """Return the field that a short block outside tables is the label of, or ``None``."""
    block = view.blocks[index]
    if block.kind == BlockKind.CELL or len(block.span) > _LONGEST_LABEL:
        return None
    field = field_of(view.block_text(block).strip().rstrip(":"))
    return field if field in PROJECT_FIELDS else None


def heading_row_fields(view: TextView, row: Sequence[int | None]) -> tuple[str | None, ...] | None:
    """Return the fields of a row that is made of known headings, one of them a key, or ``None`` for any other row."""
    texts = [None if index is None else view.block_text(view.blocks[index]).strip() for index in row]
    distinct = {index: text for index, text in zip(row, texts, strict=True) if index is not None and text}
    fields = {index: field_of(text) for index, text in distinct.items()}
    known = [field for field in fields.values() if field is not None]
    if len(known) < _FEWEST_HEADINGS or len(known) < _KNOWN_SHARE * len(distinct) or not KEY_FIELDS & set(known):
        return None
    return tuple(None if index is None else fields.get(index) for index in row)


def key_value_fields(view: TextView, table: TableView) -> tuple[tuple[str, int], ...] | None:
    """Return (field, index of its value's cell) of a table of two columns, labels and values, or ``None``."""
    if any(len(row) != 2 for row in table.rows) or len(table.rows) < _FEWEST_PAIRS:
        return None
    pairs: list[tuple[str, int]] = []
    n_labels = 0
    for label, value in table.rows:
        if label is None or label == value:
            continue
        n_labels += 1
        field = field_of(view.block_text(view.blocks[label]).strip().rstrip(":"))
        if field is not None and value is not None:
            pairs.append((field, value))
    is_about_project = len({field for field, _ in pairs} & PROJECT_FIELDS) >= _FEWEST_PAIRS
    return tuple(pairs) if is_about_project and len(pairs) >= _KNOWN_SHARE * n_labels else None


def _boxes(
    view: TextView,
    mentions: Sequence[Mention],
    starts: Sequence[int],
    table: TableView,
    pairs: Sequence[tuple[str, int]],
) -> Iterator[TableRow]:
    """Yield a row per project of a table of labels and values: a row over both columns that names one opens its box.

    The project of a box without such a row is its own, or the one named right above the table.
    """
    above = _project_above(view, mentions, starts, table)
    sections: list[tuple[Topic | None, list[tuple[int | None, ...]]]] = [(above, [])]
    for row in table.rows:
        title = _only_project(view, mentions, starts, row[0]) if row[0] is not None and row[0] == row[1] else None
        if title is not None:
            sections.append((title, []))
        sections[-1][1].append(row)
    field_of_value = {index: field for field, index in pairs}
    for project, rows in sections:
        own = [(field_of_value[row[1]], row[1]) for row in rows if row[1] in field_of_value and row[1] is not None]
        if own:
            yield _box(view, mentions, starts, project, own, rows)


def _box(
    view: TextView,
    mentions: Sequence[Mention],
    starts: Sequence[int],
    project: Topic | None,
    pairs: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[int | None]],
) -> TableRow:
    """Return labels and values as one row about a project."""
    cells: dict[str, tuple[int, ...]] = {}
    for field, index in pairs:
        cells[field] = (*cells.get(field, ()), index)
    free = tuple(index for field, index in pairs if field in FREE_FIELDS)
    own = _row_project(view, mentions, starts, cells) or project
    texts = (view.block_text(view.blocks[index]) for row in rows for index in row if index is not None)
    return TableRow(view, mentions, starts, cells, free, own, " | ".join(texts) or "-")


def _only_project(view: TextView, mentions: Sequence[Mention], starts: Sequence[int], index: int) -> Topic | None:
    """Return the project whose name is most of a cell, or ``None``."""
    block = view.blocks[index]
    inside = [i for i in block_mentions(block, mentions, starts) if mentions[i].kind == MentionKind.PROJECT]
    named = sum(len(mentions[i].span) for i in inside)
    if len({mentions[i].values[0] for i in inside}) != 1 or 2 * named < len(block.span):
        return None
    return Topic(mentions[inside[0]].values[0], inside[0])


def _project_above(
    view: TextView, mentions: Sequence[Mention], starts: Sequence[int], table: TableView
) -> Topic | None:
    """Return the project that the block right above a table names first, looking past blocks that name none."""
    first = min((index for row in table.rows for index in row if index is not None), default=0)
    return _project_before(view, mentions, starts, first)


def _project_before(view: TextView, mentions: Sequence[Mention], starts: Sequence[int], first: int) -> Topic | None:
    """Return the project named first in the nearest of the blocks before one that names any."""
    for index in range(first - 1, max(-1, first - 1 - _BLOCKS_ABOVE), -1):
        if view.blocks[index].kind == BlockKind.CELL:
            return None
        for i in block_mentions(view.blocks[index], mentions, starts):
            if mentions[i].kind == MentionKind.PROJECT:
                return Topic(mentions[i].values[0], i)
    return None


def row_dates(view: TextView, mentions: Sequence[Mention]) -> dict[int, int]:
    """Return, for each cell right of one that is nothing but a date, the index of that date, as in a time line.

    With more columns than two, a cell with a date of its own follows that one.
    """
    starts = [mention.span.start for mention in mentions]
    found: dict[int, int] = {}

    def dated(cell: int) -> bool:
        return any(mentions[i].kind == MentionKind.DATE for i in block_mentions(view.blocks[cell], mentions, starts))

    for table in view.tables:
        for row in table.rows:
            if len(row) < 2 or row[0] is None or row[0] in row[1:]:
                continue
            inside = block_mentions(view.blocks[row[0]], mentions, starts)
            text = view.block_text(view.blocks[row[0]]).strip()
            if len(inside) == 1 and mentions[inside[0]].kind == MentionKind.DATE and mentions[inside[0]].text == text:
                found |= {
                    cell: inside[0] for cell in row[1:] if cell is not None and not (len(row) > 2 and dated(cell))
                }
    return found


def row_topics(rows: Sequence[TableRow]) -> dict[int, Topic]:
    """Return, for each cell block of rows with a project, that project."""
    return {
        index: row.project
        for row in rows
        if row.project is not None
        for indices in (*row.cells.values(), row.free)
        for index in indices
    }


def _to_row(
    view: TextView,
    mentions: Sequence[Mention],
    starts: Sequence[int],
    fields: Sequence[str | None],
    row: tuple[int | None, ...],
    head: Sequence[int | None],
) -> TableRow:
    """Return a row with its cells by field; a merged cell counts once, in its first column."""
    cells: dict[str, list[int]] = {}
    free: list[int] = []
    heads: list[tuple[Block, Block]] = []
    seen: set[int] = set()
    for column, index in enumerate(row):
        if index is None or index in seen:
            continue
        seen.add(index)
        field = fields[column] if column < len(fields) else None
        if field is not None:
            cells.setdefault(field, []).append(index)
        if field is None or field in FREE_FIELDS:
            free.append(index)
        own_head = head[column] if column < len(head) else None
        if own_head is not None and (field is None or field == "role"):
            heads.append((view.blocks[index], view.blocks[own_head]))
    by_field = {field: tuple(indices) for field, indices in cells.items()}
    return TableRow(
        view=view,
        mentions=mentions,
        starts=starts,
        cells=by_field,
        free=tuple(free),
        project=_row_project(view, mentions, starts, by_field),
        quote=" | ".join(view.block_text(view.blocks[index]) for index in sorted(seen)) or "-",
        heads=tuple(heads),
    )


def _head_cells(table: TableView) -> tuple[int | None, ...]:
    """Return the cells of the lowest row of a table's head."""
    return table.rows[table.n_header_rows - 1] if 0 < table.n_header_rows <= len(table.rows) else ()


def _row_project(
    view: TextView, mentions: Sequence[Mention], starts: Sequence[int], cells: dict[str, tuple[int, ...]]
) -> Topic | None:
    """Return the one project of a row's project cell."""
    for index in cells.get("project", ()):
        for i in block_mentions(view.blocks[index], mentions, starts):
            if mentions[i].kind == MentionKind.PROJECT:
                return Topic(mentions[i].values[0], i)
    return None
