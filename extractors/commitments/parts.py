"""A table that begins anew within itself: rows below a second heading row are a table of their own.

A table enters; it leaves whole, or cut before each body row that is nothing but headings (``Project | Role | IOC``). A
head repeated on a later page ends no part.
"""

from collections.abc import Sequence
from dataclasses import replace

from extractors.commitments.rules import load_commitment_rules
from extractors.nlp import fold
from extractors.views import TableView, TextView

_MIN_HEADS = 3


def table_parts(table: TableView, view: TextView) -> tuple[TableView, ...]:
    """Return the parts of a table in row order; the first keeps its head, each other has its first row for one."""
    words = load_commitment_rules().words
    known = {*words.other_subjects, *words.status_headings, *words.label_headings, *words.label_company} - {""}
    subjects = frozenset(words.other_subjects)
    cuts = [
        row
        for row in range(table.n_header_rows, len(table.rows))
        if row not in table.repeated_rows and _is_head(table.rows[row], view, known, subjects)
    ]
    if not cuts:
        return (table,)
    ends = [*cuts[1:], len(table.rows)]
    parts = [_part(table, view, start, end) for start, end in zip(cuts, ends, strict=True)]
    if cuts[0] > table.n_header_rows:
        repeated = tuple(row for row in table.repeated_rows if row < cuts[0])
        parts.insert(0, replace(table, rows=table.rows[: cuts[0]], repeated_rows=repeated))
    return tuple(parts)


def _is_head(cells: Sequence[int | None], view: TextView, known: set[str], subjects: frozenset[str]) -> bool:
    """Tell whether a row is nothing but headings, several of them, that name what the rows below are about.

    Few rows begin like that, so the first cell is looked at before the others.
    """
    blocks = list(dict.fromkeys(cell for cell in cells if cell is not None))
    if len(blocks) < _MIN_HEADS or _text(blocks[0], view) not in subjects:
        return False
    texts = [_text(block, view) for block in blocks]
    return all(text in known for text in texts) and len(set(texts)) == len(texts)


def _text(block: int, view: TextView) -> str:
    """Return the text of a cell as headings are compared."""
    return fold(view.block_text(view.blocks[block])).strip(" :")


def _part(table: TableView, view: TextView, start: int, end: int) -> TableView:
    """Return the rows from a heading row on as a table."""
    heads = table.rows[start]
    return replace(
        table,
        caption="",
        headings=tuple("" if cell is None else view.block_text(view.blocks[cell]) for cell in heads),
        rows=table.rows[start:end],
        n_header_rows=1,
        repeated_rows=tuple(row - start for row in table.repeated_rows if start < row < end),
    )
