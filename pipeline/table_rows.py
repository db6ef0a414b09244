"""Table rows with their meaning: which cell holds the project, the members, the dates, by the layout map's fields.

Tables, mentions and layout maps enter; one ``TableRow`` per body row of a mapped table leaves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.views import Block, TableView, TextView
from models.mentions import Mention, MentionKind
from pipeline.layouts import TableMap
from pipeline.sentences import block_mentions
from pipeline.topics import Topic

# Fields whose cells hold free text; prose rules read them too.
FREE_FIELDS = frozenset({"remark", "done", "planned", "step", "note", "description"})


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """A body row. ``cells`` maps a field to the indices of its cell blocks; ``project`` is the row's project."""

    view: TextView
    mentions: Sequence[Mention]
    starts: Sequence[int]
    table: TableView
    cells: dict[str, tuple[int, ...]]
    free: tuple[int, ...]
    project: Topic | None
    quote: str

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
    """Yield the body rows of all tables that a layout map explains, in order."""
    starts = [mention.span.start for mention in mentions]
    for table, table_map in zip(view.tables, maps, strict=True):
        if not any(table_map.fields):
            continue
        for number, row in enumerate(table.rows):
            if number >= table.n_header_rows and number not in table.repeated_rows:
                yield _to_row(view, mentions, starts, table, table_map, row)


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
    table: TableView,
    table_map: TableMap,
    row: tuple[int | None, ...],
) -> TableRow:
    """Return a row with its cells by field; a merged cell counts once, in its first column."""
    cells: dict[str, list[int]] = {}
    free: list[int] = []
    seen: set[int] = set()
    for column, index in enumerate(row):
        if index is None or index in seen:
            continue
        seen.add(index)
        field = table_map.fields[column] if column < len(table_map.fields) else None
        if field is not None:
            cells.setdefault(field, []).append(index)
        if field is None or field in FREE_FIELDS:
            free.append(index)
    fields = {field: tuple(indices) for field, indices in cells.items()}
    return TableRow(
        view=view,
        mentions=mentions,
        starts=starts,
        table=table,
        cells=fields,
        free=tuple(free),
        project=_row_project(view, mentions, starts, fields),
        quote=" | ".join(view.block_text(view.blocks[index]) for index in sorted(seen)) or "-",
    )


def _row_project(
    view: TextView, mentions: Sequence[Mention], starts: Sequence[int], cells: dict[str, tuple[int, ...]]
) -> Topic | None:
    """Return the one project of a row's project cell."""
    for index in cells.get("project", ()):
        for i in block_mentions(view.blocks[index], mentions, starts):
            if mentions[i].kind == MentionKind.PROJECT:
                return Topic(mentions[i].values[0], i)
    return None
