"""Commitment statuses that tables say: a row or column per commitment, a row per state, lists under ``Partly met``.

A view and its mentions enter; statuses leave, each with the cells it was read from, and issues for cells under a status
heading that say nothing known. Letters and symbols count where a legend of the document explains them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from extractors.nlp import fold
from extractors.views import Block, TableView, TextView
from models.facts import CommitmentStatus, Status
from models.issues import Issue, Severity
from models.mentions import MentionKind
from pipeline.mention_index import MentionIndex
from pipeline.status_prose import ALL, Who, WhoAt
from pipeline.status_rules import any_of, load_status_phrases, load_status_rules, read_legends

Make = Callable[[int, Sequence[Who], Status, str, str], Iterator[CommitmentStatus]]
_MOST = 0.6
_MANY = 0.75
_LABEL_LEAD = 4
_MIN_LEGEND, _MAX_LEGEND = 8, 600


class StatusTables:
    """Reads statuses from tables; one object per document. ``issues`` fills while ``find`` runs."""

    def __init__(self, view: TextView, index: MentionIndex, make: Make, who_at: WhoAt) -> None:
        """Keep what is needed."""
        self.view = view
        self.index = index
        self.make = make
        self.who_at = who_at
        self.phrases = load_status_phrases()
        words = load_status_rules().words
        self.status_heading = re.compile(any_of(words.headings))
        self.group_heading = re.compile(any_of(words.group_headings))
        self.state_headings = frozenset(words.state_headings)
        self.issues: list[Issue] = []
        self._read: dict[str, Status | None] = {}

    def find(self) -> Iterator[CommitmentStatus]:
        """Yield the statuses of all tables."""
        for table in self.view.tables:
            reader = TableReader(self, table)
            if reader.has_commitments():
                yield from reader.find()

    @cached_property
    def legend(self) -> dict[str, Status]:
        """What letters and symbols stand for, by the legends of the whole document."""
        blocks = (block for block in self.view.blocks if _MIN_LEGEND <= len(block.span) <= _MAX_LEGEND)
        texts = (self.view.block_text(block) for block in blocks)
        return read_legends((*texts, *(table.caption for table in self.view.tables)))

    def status_of(self, text: str) -> Status | None:
        """Return the status a cell says, in words or by a legend."""
        if text not in self._read:
            self._read[text] = self._status_of(text)
        return self._read[text]

    def _status_of(self, text: str) -> Status | None:
        plain = text.strip()
        status = self.phrases.of_cell(plain)
        if status is None and 0 < len(plain) <= 6 and not self.phrases.is_nothing(plain):
            return self.legend.get(plain) or self.legend.get(plain.strip("()[]."))
        return status


class TableReader:
    """Reads one table: what its columns are, then its rows."""

    def __init__(self, tables: StatusTables, table: TableView) -> None:
        """Keep what is needed."""
        self._tables = tables
        self._view = tables.view
        self._index = tables.index
        self._table = table
        skipped = {*range(table.n_header_rows), *table.repeated_rows}
        self._rows = [row for number, row in enumerate(table.rows) if number not in skipped]
        self._heads = [tables.view.blocks[b] for row in table.rows[: table.n_header_rows] for b in row if b is not None]
        self._n_columns = max((len(row) for row in table.rows), default=0)

    def has_commitments(self) -> bool:
        """Tell whether a commitment stands in any cell."""
        blocks = {block for row in self._table.rows for block in row if block is not None}
        return any(self._index.has(self._view.blocks[block].span, MentionKind.COMMITMENT) for block in sorted(blocks))

    def find(self) -> Iterator[CommitmentStatus]:
        """Yield the table's statuses by the first way of reading it that fits."""
        heads = {
            column: mention
            for column in range(self._n_columns)
            if (mention := self._head_commitment(column)) is not None
        }
        lists = {
            column: status for column in range(self._n_columns) if (status := self._list_status(column)) is not None
        }
        if heads:
            yield from self._by_columns(heads)
        elif lists:
            yield from self._by_lists(lists)
        else:
            yield from self._by_rows(self._status_columns())

    # --- a row per commitment

    def _by_rows(self, columns: Sequence[int]) -> Iterator[CommitmentStatus]:
        for row in self._rows:
            labels = self._row_labels(row, columns)
            for column in columns:
                block = row[column] if column < len(row) else None
                if block is None or not labels:
                    continue
                text = self._text(block)
                status = self._tables.status_of(text)
                if status is None:
                    self._report(labels[0], text)
                    continue
                whos = self._whos(row, column, block)
                for label in labels:
                    yield from self._tables.make(
                        label, whos, status, "status.row", f"{self._index.mentions[label].text} | {text}"
                    )
        if not columns:
            yield from self._by_status_rows()

    def _row_labels(self, row: Sequence[int | None], columns: Sequence[int]) -> list[int]:
        """Return the commitments that label a row: those of the first cell that begins with one."""
        for column, block in enumerate(row):
            if block is None or column in columns:
                continue
            found = list(self._index.within(self._view.blocks[block].span, MentionKind.COMMITMENT))
            if found and self._index.mentions[found[0]].span.start - self._view.blocks[block].span.start <= _LABEL_LEAD:
                return (
                    found[:1]
                    if self._tables.view.blocks[block].span.end - self._index.mentions[found[0]].span.end > 2
                    else found
                )
        return []

    def _by_status_rows(self) -> Iterator[CommitmentStatus]:
        """Yield from rows such as ``Partly met | commitments 4 and 9``."""
        for row in self._rows:
            blocks = list(dict.fromkeys(block for block in row if block is not None))
            status = self._tables.phrases.of_cell(self._text(blocks[0])) if len(blocks) > 1 else None
            for block in blocks[1:] if status else ():
                if status and self._is_list(block):
                    for mention in self._index.within(self._view.blocks[block].span, MentionKind.COMMITMENT):
                        quote = f"{self._text(blocks[0])} | {self._text(block)}"
                        yield from self._tables.make(
                            mention, self._row_states(row) or self._tables.who_at(block), status, "status.list", quote
                        )

    def _status_columns(self) -> list[int]:
        """Return the columns whose cells say statuses; of several for different years the latest."""
        found = [column for column in range(self._n_columns) if self._is_status_column(column)]
        years = {
            column: max(map(int, re.findall(r"\b(?:19|20)\d\d\b", self._heading(column))), default=0)
            for column in found
        }
        latest = max(years.values(), default=0)
        return [column for column in found if not years[column] or years[column] == latest]

    def _is_status_column(self, column: int) -> bool:
        cells = [self._text(block) for block in self._column(column)]
        cells = [cell for cell in cells if not self._tables.phrases.is_nothing(cell)]
        said = sum(1 for cell in cells if self._tables.status_of(cell) is not None)
        if not said:
            return False
        is_named = bool(self._tables.status_heading.search(fold(self._heading(column)))) or bool(
            self._head_states(column)
        )
        return said >= (_MOST if is_named else _MANY) * len(cells) and (is_named or said > 1)

    # --- a column per commitment, a row per state

    def _head_commitment(self, column: int) -> int | None:
        """Return the commitments that head a column whose cells say statuses."""
        heads = [block for block in self._head_blocks(column) if self._index.has(block.span, MentionKind.COMMITMENT)]
        cells = [self._text(block) for block in self._column(column)]
        said = sum(1 for cell in cells if self._tables.status_of(cell) is not None)
        if not heads or said < max(1.0, _MOST * sum(not self._tables.phrases.is_nothing(cell) for cell in cells)):
            return None
        return next(self._index.within(heads[-1].span, MentionKind.COMMITMENT))

    def _by_columns(self, heads: dict[int, int]) -> Iterator[CommitmentStatus]:
        for row in self._rows:
            for column, mention in heads.items():
                block = row[column] if column < len(row) else None
                if block is None:
                    continue
                text = self._text(block)
                status = self._tables.status_of(text)
                if status is None:
                    self._report(mention, text)
                    continue
                whos = self._whos(row, column, block)
                quote = f"{self._index.mentions[mention].text} | {text}"
                for fact in self._tables.make(mention, whos, status, "status.column", quote):
                    page = self._view.page_of(self._view.blocks[block].span)
                    yield fact.model_copy(update={"page": page})

    # --- a row per state, lists under "Partly met"

    def _list_status(self, column: int) -> Status | None:
        """Return the status that a column's heading names, where its cells are bare lists of commitments."""
        status = self._tables.phrases.of_heading(self._heading(column))
        if status is None:
            return None
        cells = [block for block in self._column(column) if not self._tables.phrases.is_nothing(self._text(block))]
        lists = sum(1 for block in cells if self._is_list(block))
        return status if lists and lists >= _MANY * len(cells) else None

    def _is_list(self, block: int) -> bool:
        """Tell whether a cell holds commitments and next to nothing else."""
        span = self._view.blocks[block].span
        covered = sum(
            len(self._index.mentions[mention].span) for mention in self._index.within(span, MentionKind.COMMITMENT)
        )
        return covered > 0 and covered >= _MOST * len(span)

    def _by_lists(self, lists: dict[int, Status]) -> Iterator[CommitmentStatus]:
        for row in self._rows:
            for column, status in lists.items():
                block = row[column] if column < len(row) else None
                if block is None:
                    continue
                whos = self._row_states(row) or self._tables.who_at(block)
                names = " | ".join(self._index.mentions[who.mention].text for who in whos if who.mention is not None)
                for mention in self._index.within(self._view.blocks[block].span, MentionKind.COMMITMENT):
                    quote = " | ".join(part for part in (names, self._heading(column), self._text(block)) if part)
                    yield from self._tables.make(mention, whos, status, "status.list", quote)

    # --- who and what

    def _whos(self, row: Sequence[int | None], column: int, block: int) -> tuple[Who, ...]:
        """Return who a status cell is about: the state or group that heads its column, its row's state, or the section's."""
        heads = self._head_states(column)
        if heads:
            return heads
        states = self._row_states(row)
        if not states and self._tables.group_heading.search(fold(self._heading(column))):
            return (Who(ALL),)
        return states or self._tables.who_at(block)

    def _row_states(self, row: Sequence[int | None]) -> tuple[Who, ...]:
        """Return the states that a row is about: those in the column of states."""
        column = self._state_column
        block = row[column] if column is not None and column < len(row) else None
        if block is None:
            return ()
        found = self._index.within(self._view.blocks[block].span, MentionKind.STATE)
        return tuple(Who(value, mention) for mention in found for value in self._index.mentions[mention].values)

    @cached_property
    def _state_column(self) -> int | None:
        """The column that names a state in most rows, or ``None``."""
        for column in range(self._n_columns):
            blocks = self._column(column)
            named = sum(1 for block in blocks if self._names_state(block))
            is_headed = fold(self._heading(column)).strip() in self._tables.state_headings
            if named and named >= (0.3 if is_headed else _MANY) * len(blocks):
                return column
        return None

    def _names_state(self, block: int) -> bool:
        """Tell whether a cell is little more than the names of states."""
        span = self._view.blocks[block].span
        covered = sum(
            len(self._index.mentions[mention].span) for mention in self._index.within(span, MentionKind.STATE)
        )
        return covered >= _MOST * len(span)

    def _head_states(self, column: int) -> tuple[Who, ...]:
        found = [m for block in self._head_blocks(column) for m in self._index.within(block.span, MentionKind.STATE)]
        return tuple(Who(value, mention) for mention in found for value in self._index.mentions[mention].values)

    def _head_blocks(self, column: int) -> list[Block]:
        rows = self._table.rows[: self._table.n_header_rows]
        blocks = dict.fromkeys(row[column] for row in rows if column < len(row) and row[column] is not None)
        return [self._view.blocks[block] for block in blocks if block is not None]

    def _heading(self, column: int) -> str:
        return self._table.headings[column] if column < len(self._table.headings) else ""

    def _column(self, column: int) -> list[int]:
        """Return a column's body cells, each once, without rows that are one cell over all columns."""
        found: dict[int, None] = {}
        for row in self._rows:
            block = row[column] if column < len(row) else None
            is_section = self._n_columns > 1 and len(set(row)) == 1
            if block is not None and not is_section:
                found[block] = None
        return list(found)

    def _text(self, block: int) -> str:
        return self._view.block_text(self._view.blocks[block])

    def _report(self, mention: int, text: str) -> None:
        """Note a cell in a column of statuses that says nothing known."""
        if self._tables.phrases.is_nothing(text):
            return
        found = self._index.mentions[mention]
        message = f"the status {text[:80]!r} of {found.text!r} is not known"
        context: dict[str, object] = {"status": text[:200], "commitment": found.text, "values": list(found.values)}
        self._tables.issues.append(Issue("unknown_status", Severity.WARNING, found.page, message, context))
