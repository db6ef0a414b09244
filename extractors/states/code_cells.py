"""Cells that hold one code of a state each and stand in a row or column of such cells: the head of a matrix.

A view and the places of its codes enter; the starts of the codes that such a line of cells makes states of leave.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from extractors.views import BlockKind, TextView

_FEWEST = 4
"""Cells in a line; fewer codes may be anything."""


def find_code_cells(
    view: TextView, codes: Iterable[tuple[str, int, int]], states: Collection[str], languages: Collection[str]
) -> frozenset[int]:
    """Return the starts of the codes that stand alone in their cells, in a row or column with three others at least.

    ``codes`` are texts with their spans. A line that holds a language's code is a line of languages.
    """
    if not view.tables:
        return frozenset()
    lines: dict[tuple[int, str, int], list[tuple[str, int]]] = defaultdict(list)
    for text, start, end in codes:
        block = view.block_at(start)
        if (
            block.kind is BlockKind.CELL
            and block.cell is not None
            and (block.span.start, block.span.end) == (start, end)
        ):
            lines[block.cell.table, "row", block.cell.row].append((text, start))
            lines[block.cell.table, "column", block.cell.column].append((text, start))
    return frozenset(
        start
        for line in lines.values()
        if _is_line_of_states({text for text, _ in line}, states, languages)
        for _, start in line
    )


def _is_line_of_states(texts: set[str], states: Collection[str], languages: Collection[str]) -> bool:
    """Tell whether the codes of a line are states: several, all of states, none of a language only."""
    return len(texts) >= _FEWEST and all(text in states for text in texts) and not any(t in languages for t in texts)
