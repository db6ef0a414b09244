"""Commitment statuses that tables say: a row or column per commitment, a row per state, lists under ``Partly met``.

A view and its mentions enter; statuses leave, each with the cells it was read from, and issues for cells under a status
heading that say nothing known. Letters and symbols count where a legend of the document explains them.
"""

from collections.abc import Iterator

from extractors.commitments.parts import table_parts
from extractors.views import TableView, TextView
from models.facts import CommitmentStatus, Status
from models.issues import Issue, Severity
from models.mentions import MentionKind
from pipeline.relations.mention_index import MentionIndex
from pipeline.relations.status_columns import Row, StatusColumns
from pipeline.relations.status_facts import ALL, Said, Who, make_statuses
from pipeline.relations.status_reader import StatusReader
from pipeline.relations.status_sections import Sections


class StatusTables:
    """Reads statuses from tables; one object per document. ``issues`` fills while ``find`` runs."""

    def __init__(self, view: TextView, index: MentionIndex, sections: Sections) -> None:
        """Keep what is needed."""
        self._view = view
        self._index = index
        self._sections = sections
        self._reader = StatusReader(view)
        self.issues: list[Issue] = []

    def find(self) -> Iterator[CommitmentStatus]:
        """Yield the statuses of all tables, each read in the first way that fits."""
        for table in (part for whole in self._view.tables for part in table_parts(whole, self._view)):
            blocks = sorted({block for row in table.rows for block in row if block is not None})
            if any(block in self._sections.named for block in blocks):
                yield from self._find_in(StatusColumns(self._view, self._index, table, self._reader))
            elif blocks and self._sections.commitment_at(blocks[0]) is not None:
                yield from self._under_heading(table, blocks[0])

    def _find_in(self, table: StatusColumns) -> Iterator[CommitmentStatus]:
        heads, lists = table.commitment_columns(), table.list_columns()
        if heads:
            yield from self._by_columns(table, heads)
        elif lists:
            yield from self._by_lists(table, lists)
        elif states := table.state_lists():
            yield from self._by_state_lists(table, states)
        elif ticks := table.tick_columns():
            yield from self._by_ticks(table, ticks)
        elif columns := table.status_columns():
            yield from self._by_rows(table, columns)
        else:
            yield from self._by_status_rows(table)

    def _by_rows(self, table: StatusColumns, columns: list[int]) -> Iterator[CommitmentStatus]:
        """Yield from rows that a commitment labels, with a cell that says how far it is met."""
        for row in table.rows:
            labels = table.row_labels(row, columns)
            for column in columns:
                block = table.cell(row, column)
                if block is None or not labels:
                    continue
                said = self._read(table, labels[0], block, "status.row")
                if said is not None:
                    for label in labels:
                        yield from make_statuses(self._index, label, self._whos(table, row, column, block), said)

    def _by_columns(self, table: StatusColumns, heads: dict[int, int]) -> Iterator[CommitmentStatus]:
        """Yield from columns that a commitment heads; the page is that of the cell."""
        for row in table.rows:
            for column, mention in heads.items():
                block = table.cell(row, column)
                said = None if block is None else self._read(table, mention, block, "status.column")
                if said is None or block is None:
                    continue
                page = self._view.page_of(self._view.blocks[block].span)
                for fact in make_statuses(self._index, mention, self._whos(table, row, column, block), said):
                    yield fact.model_copy(update={"page": page})

    def _by_lists(self, table: StatusColumns, lists: dict[int, Status]) -> Iterator[CommitmentStatus]:
        """Yield from lists of commitments under a heading such as ``Partly met``."""
        for row in table.rows:
            for column, status in lists.items():
                block = table.cell(row, column)
                if block is None:
                    continue
                whos = table.row_states(row) or self._sections.who_at(block)
                names = [self._index.mentions[who.mention].text for who in whos if who.mention is not None]
                said = Said(status, "status.list", " | ".join((*names, table.heading(column), table.text(block))))
                for mention in table.mentions(block, MentionKind.COMMITMENT):
                    yield from make_statuses(self._index, mention, whos, said)

    def _by_state_lists(self, table: StatusColumns, lists: dict[int, Status]) -> Iterator[CommitmentStatus]:
        """Yield from rows that a commitment labels, with lists of states under headings such as ``Not met by``."""
        for row in table.rows:
            labels = table.row_labels(row, list(lists))
            for column, status in lists.items():
                block = table.cell(row, column)
                whos = () if block is None else table.cell_states(block)
                for label in labels if block is not None and whos else ():
                    quote = f"{self._index.mentions[label].text} | {table.heading(column)} | {table.text(block or 0)}"
                    yield from make_statuses(self._index, label, whos, Said(status, "status.list", quote))

    def _by_ticks(self, table: StatusColumns, ticks: dict[int, Status]) -> Iterator[CommitmentStatus]:
        """Yield from rows that a commitment labels, with one cell ticked under a heading such as ``Partly met``."""
        for row in table.rows:
            answer = table.answer(row, ticks)
            if answer is None:
                continue
            block, status = answer
            whos = table.row_states(row) or self._sections.who_at(block)
            for label in table.row_labels(row, list(ticks)):
                quote = f"{self._index.mentions[label].text} | {status.value} | {table.text(block)}"
                yield from make_statuses(self._index, label, whos, Said(status, "status.tick", quote))

    def _by_status_rows(self, table: StatusColumns) -> Iterator[CommitmentStatus]:
        """Yield from rows such as ``Partly met | commitments 4 and 9``."""
        for row in table.rows:
            cells = list(dict.fromkeys(block for block in row if block is not None))
            first = cells[0] if cells else None
            status = None if first is None else self._reader.phrases.of_cell(table.text(first))
            if status is None or first is None:
                continue
            for block in cells[1:]:
                said = Said(status, "status.list", f"{table.text(first)} | {table.text(block)}")
                for mention in table.mentions(block, MentionKind.COMMITMENT) if table.is_list(block) else ():
                    whos = table.row_states(row) or self._sections.who_at(block)
                    yield from make_statuses(self._index, mention, whos, said)

    def _under_heading(self, view: TableView, first: int) -> Iterator[CommitmentStatus]:
        """Yield from a table that stands under a commitment's heading: its status column, or a row ``Status | met``."""
        mention = self._sections.commitment_at(first)
        if mention is None:
            return
        table = StatusColumns(self._view, self._index, view, self._reader)
        columns = [column for column in table.status_columns() if self._reader.is_status_heading(table.heading(column))]
        for row in table.rows:
            cells = list(dict.fromkeys(block for block in row if block is not None))
            titled = [b for a, b in zip(cells, cells[1:], strict=False) if self._reader.is_status_title(table.text(a))]
            for block in (*titled, *(b for column in columns if (b := table.cell(row, column)) is not None)):
                said = self._read(table, mention, block, "status.heading")
                if said is not None:
                    yield from make_statuses(self._index, mention, self._sections.who_at(block), said)

    def _whos(self, table: StatusColumns, row: Row, column: int, block: int) -> tuple[Who, ...]:
        """Return who a status cell is about: who heads its column, its row's state, or the section's."""
        if heads := table.head_states(column):
            return heads
        states = table.row_states(row)
        if not states and self._reader.is_group_heading(table.heading(column)):
            return (Who(ALL),)
        return states or self._sections.who_at(block)

    def _read(self, table: StatusColumns, mention: int, block: int, rule_id: str) -> Said | None:
        """Return what a status cell says of a commitment; notes an issue when it says nothing known."""
        text = table.text(block)
        found = self._index.mentions[mention]
        status = table.status_of(text)
        if status is not None:
            return Said(status, rule_id, f"{found.text} | {text}")
        if not table.is_nothing(text):
            message = f"the status {text[:80]!r} of {found.text!r} is not known"
            context: dict[str, object] = {"status": text[:200], "commitment": found.text, "values": list(found.values)}
            self.issues.append(Issue("unknown_status", Severity.WARNING, found.page, message, context))
        return None
