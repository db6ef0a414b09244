"""What the rows and columns of a table of statuses are: which hold states, statuses, lists or labels of commitments.

A table enters with the view and the mentions; answers about its columns and cells leave. Decides nothing about facts.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from extractors.views import Block, TableView, TextView
from models.facts import Status
from models.mentions import MentionKind
from pipeline.relations.mention_index import MentionIndex
from pipeline.relations.status_facts import Who
from pipeline.relations.status_reader import StatusReader

# A heading that is nothing but a year, or little more: one column of statuses per year.
_YEAR = re.compile(r"\W*(?:(?:in|report|plan|year|end)\s+)?(?:19|20)\d\d\W*", re.IGNORECASE)
Row = Sequence[int | None]
_MOST = 0.6
_MANY = 0.75
_LABEL_LEAD = 4
_MAX_SYMBOLS = 8
_STATE_ROWS = 0.3
"""A column headed ``State`` needs this share of rows that name one; other columns need ``_MANY``."""


class StatusColumns:
    """One table, seen for its statuses."""

    def __init__(self, view: TextView, index: MentionIndex, table: TableView, reader: StatusReader) -> None:
        """Keep what is needed and set the body rows apart."""
        self._view = view
        self._index = index
        self._table = table
        self._reader = reader
        self._first = min((block for row in table.rows for block in row if block is not None), default=0)
        skipped = {*range(table.n_header_rows), *table.repeated_rows}
        self.rows: list[Row] = [row for number, row in enumerate(table.rows) if number not in skipped]
        self.columns = range(max((len(row) for row in table.rows), default=0))

    # --- cells

    def text(self, block: int) -> str:
        """Return a cell's text."""
        return self._view.block_text(self._view.blocks[block])

    def status_of(self, text: str) -> Status | None:
        """Return the status that a cell of this table says."""
        return self._reader.status_of(text, self._first)

    def is_nothing(self, text: str) -> bool:
        """Tell whether a cell of this table says nothing."""
        return self._reader.is_nothing(text, self._first)

    def heading(self, column: int) -> str:
        """Return a column's heading, or an empty string."""
        return self._table.headings[column] if column < len(self._table.headings) else ""

    def mentions(self, block: int, kind: MentionKind) -> list[int]:
        """Return the mentions of a kind in a cell."""
        return list(self._index.within(self._view.blocks[block].span, kind))

    def cell(self, row: Row, column: int) -> int | None:
        """Return the block at a place of a row, or ``None``."""
        return row[column] if column < len(row) else None

    def _body(self, column: int) -> list[int]:
        """Return a column's body cells, each once, without rows that are one cell over all columns."""
        found: dict[int, None] = {}
        for row in self.rows:
            block = self.cell(row, column)
            is_section = len(self.columns) > 1 and len(set(row)) == 1
            if block is not None and not is_section:
                found[block] = None
        return list(found)

    def _heads(self, column: int) -> list[Block]:
        rows = self._table.rows[: self._table.n_header_rows]
        blocks = dict.fromkeys(block for row in rows if (block := self.cell(row, column)) is not None)
        return [self._view.blocks[block] for block in blocks]

    def _covers(self, block: int, kind: MentionKind) -> bool:
        """Tell whether a cell is little more than mentions of a kind."""
        covered = sum(len(self._index.mentions[mention].span) for mention in self.mentions(block, kind))
        return covered >= _MOST * len(self._view.blocks[block].span)

    # --- columns

    def status_columns(self) -> list[int]:
        """Return the columns whose cells say statuses; of several for different years the latest."""
        found = [column for column in self.columns if self._is_status_column(column)]
        named = [column for column in found if self._is_named(column) or _YEAR.fullmatch(self.heading(column))]
        if len(found) > 1:
            found = named  # columns of who knows whom contradict each other
        years = {column: _latest_year(self.heading(column)) for column in found}
        latest = max(years.values(), default=0)
        return [column for column in found if years[column] in (0, latest)]

    def _is_status_column(self, column: int) -> bool:
        cells = [text for text in map(self.text, self._body(column)) if not self.is_nothing(text)]
        said = self._count_said(cells)
        if not said:
            return False
        is_named = self._is_named(column)
        return said >= (_MOST if is_named else _MANY) * len(cells) and (is_named or said > 1)

    def _is_named(self, column: int) -> bool:
        """Tell whether a column is headed as one of statuses, or by a state."""
        return self._reader.is_status_heading(self.heading(column)) or bool(self.head_states(column))

    def _count_said(self, cells: Sequence[str]) -> int:
        """Return how many cells say a status; many different short words are codes, and no legend is looked for."""
        if len({text for text in cells if self._reader.is_symbol(text)}) > _MAX_SYMBOLS:
            return sum(1 for text in cells if self._reader.phrases.of_cell(text) is not None)
        return sum(1 for text in cells if self.status_of(text) is not None)

    def commitment_columns(self) -> dict[int, int]:
        """Return the columns that commitments head and whose cells say statuses, with the mention in the head."""
        found: dict[int, int] = {}
        for column in self.columns:
            heads = [mention for block in self._heads(column) for mention in self._within(block)]
            if heads and self._is_status_column_of_any_name(column):
                found[column] = heads[-1]
        return found

    def _within(self, block: Block) -> list[int]:
        return list(self._index.within(block.span, MentionKind.COMMITMENT))

    def _is_status_column_of_any_name(self, column: int) -> bool:
        cells = [text for text in map(self.text, self._body(column)) if not self.is_nothing(text)]
        said = self._count_said(cells)
        return bool(said) and said >= _MOST * len(cells)

    def list_columns(self) -> dict[int, Status]:
        """Return the columns whose heading names a status and whose cells are bare lists of commitments."""
        found: dict[int, Status] = {}
        for column in self.columns:
            status = self._reader.phrases.of_heading(self.heading(column))
            if status is None:
                continue
            cells = [block for block in self._body(column) if not self.is_nothing(self.text(block))]
            lists = sum(1 for block in cells if self.is_list(block))
            if lists and lists >= _MANY * len(cells):
                found[column] = status
        return found

    def tick_columns(self) -> dict[int, Status]:
        """Return the columns whose heading is a status and whose cells are ticks, or say yes and no."""
        found: dict[int, Status] = {}
        for column in self.columns:
            status = self._reader.phrases.of_column(self.heading(column))
            cells = [self.text(block) for block in self._body(column)] if status is not None else []
            if (
                status is not None
                and cells
                and all(map(self._is_answer, cells))
                and any(map(self._reader.phrases.is_yes, cells))
            ):
                found[column] = status
        return found

    def _is_answer(self, text: str) -> bool:
        phrases = self._reader.phrases
        return phrases.is_yes(text) or phrases.is_no(text) or self.is_nothing(text) or phrases.of_cell(text) is not None

    def answer(self, row: Row, columns: dict[int, Status]) -> tuple[int, Status] | None:
        """Return the cell of a row that is ticked, and what that says; ``None`` where none or several are.

        A lone column may also say no, or say the status itself: ``Fulfilled? | partly``.
        """
        phrases, found = self._reader.phrases, []
        for column, status in columns.items():
            block = self.cell(row, column)
            text = "" if block is None else self.text(block)
            own = phrases.of_cell(text)
            if own is None and phrases.is_no(text) and status is Status.MET and len(columns) == 1:
                own = Status.NOT_MET
            if block is not None and (phrases.is_yes(text) or own is not None):
                found.append((block, own or status))
        return found[0] if len(found) == 1 else None

    def state_lists(self) -> dict[int, Status]:
        """Return the columns whose heading is a status and whose cells are lists of states: ``Met by``."""
        found: dict[int, Status] = {}
        for column in self.columns:
            status = self._reader.phrases.of_column(self.heading(column))
            cells = [block for block in self._body(column) if not self.is_nothing(self.text(block))]
            if status is not None and cells and all(self._covers(block, MentionKind.STATE) for block in cells):
                found[column] = status
        return found

    def is_list(self, block: int) -> bool:
        """Tell whether a cell holds commitments and next to nothing else."""
        return self._covers(block, MentionKind.COMMITMENT)

    @cached_property
    def state_column(self) -> int | None:
        """The column that names a state in most rows, or ``None``."""
        for column in self.columns:
            blocks = self._body(column)
            named = sum(1 for block in blocks if self._covers(block, MentionKind.STATE))
            is_headed = self._reader.is_state_heading(self.heading(column))
            if named and named >= (_STATE_ROWS if is_headed else _MANY) * len(blocks):
                return column
        return None

    # --- who, and which commitments

    def head_states(self, column: int) -> tuple[Who, ...]:
        """Return the states that head a column."""
        return self._states(
            m for block in self._heads(column) for m in self._index.within(block.span, MentionKind.STATE)
        )

    def row_states(self, row: Row) -> tuple[Who, ...]:
        """Return the states that a row is about: those in the column of states."""
        block = None if self.state_column is None else self.cell(row, self.state_column)
        return () if block is None else self.cell_states(block)

    def cell_states(self, block: int) -> tuple[Who, ...]:
        """Return the states that a cell names."""
        return self._states(self.mentions(block, MentionKind.STATE))

    def _states(self, mentions: Iterable[int]) -> tuple[Who, ...]:
        return tuple(Who(value, mention) for mention in mentions for value in self._index.mentions[mention].values)

    def row_labels(self, row: Row, but: Sequence[int]) -> list[int]:
        """Return the commitments that label a row: those of the first cell that begins with one.

        Where the label has text behind it (``Commitment 7: support for commitment 8``) only the first counts.
        """
        for column, block in enumerate(row):
            if block is None or column in but:
                continue
            found = self.mentions(block, MentionKind.COMMITMENT)
            if found and self._index.mentions[found[0]].span.start - self._view.blocks[block].span.start <= _LABEL_LEAD:
                return found if self.is_list(block) else found[:1]
        return []


def _latest_year(heading: str) -> int:
    """Return the latest year in a heading, 0 without one.

    >>> _latest_year("Status 2023 (was 2022)"), _latest_year("Status")
    (2023, 0)
    """
    return max(map(int, re.findall(r"\b(?:19|20)\d\d\b", heading)), default=0)
