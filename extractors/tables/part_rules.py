"""Rules over some of a table's columns only: they part the rows of a grouped head, or of all columns but one.

Enter words in lines, column borders and rulings; leave row borders and which cells go on past them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.glyphs import Bools, Floats
from extractors.tables.alignments import WordLines
from extractors.tables.meshes import Mesh

INSIDE = 3.0
"""A part rule stands at least this far, in points, from the rules over the whole width."""
COVERED = 0.7
CLEAR = 0.3
"""A rule covers a column when it covers this share of its text, and leaves it when it covers less than the other."""


@dataclass(frozen=True, slots=True)
class PartRule:
    """A rule at height ``y`` over the columns that ``covers`` marks."""

    y: float
    covers: tuple[bool, ...]


def find_part_rules(words: WordLines, xs: Floats, ys: Floats, across: Floats) -> list[PartRule]:
    """Return the rules (y, x0, x1) of ``across`` that stand between the whole rules ``ys`` and over some columns, with
    text over and under them; from the top, one for each height."""
    found: dict[float, list[bool]] = {}
    inside = across[(across[:, 1] > xs[0] - INSIDE) & (across[:, 2] < xs[-1] + INSIDE)]
    for y, x0, x1 in inside.tolist():
        if not (ys[0] < y < ys[-1]) or float(np.abs(ys - y).min()) < INSIDE:
            continue
        band = int(np.searchsorted(ys, y))
        middle = words.middle
        covers = _covered(words.select((middle > ys[band - 1]) & (middle < ys[band])), xs, (y, x0, x1))
        if covers is None:
            continue
        known = next((place for place in found if abs(place - y) < INSIDE), None)
        if known is None:
            found[y] = covers
        else:
            found[known] = [one or two for one, two in zip(found[known], covers, strict=True)]
    return [PartRule(y, tuple(covers)) for y, covers in sorted(found.items()) if any(covers) and not all(covers)]


def without_group_heads(words: WordLines, ys: Floats, across: Floats) -> WordLines:
    """Return words without the headings over a part rule in the head, which run over the gaps between columns."""
    middle = words.middle
    is_group = np.zeros(len(words), dtype=np.bool_)
    for y, x0, x1 in across[(across[:, 0] > ys[0] + INSIDE) & (across[:, 0] < ys[1] - INSIDE)].tolist():
        is_group |= (middle > ys[0]) & (middle < y) & (words.x1 > x0) & (words.x0 < x1)
    return words if is_group.all() or not is_group.any() else words.select(~is_group)


def _covered(words: WordLines, xs: Floats, rule: tuple[float, float, float]) -> list[bool] | None:
    """Return for each column whether a rule covers it; ``None`` when it covers part of one, or no text stands on one of
    its sides."""
    y, x0, x1 = rule
    column = np.searchsorted(xs, words.centre) - 1
    covers = []
    for number in range(len(xs) - 1):
        left, right = float(xs[number]), float(xs[number + 1])
        share = max(0.0, min(x1, right) - max(x0, left)) / max(right - left, 1e-9)
        if CLEAR < share < COVERED:
            of_column: Bools = column == number
            if not of_column.any():
                return None
            left, right = float(words.x0[of_column].min()), float(words.x1[of_column].max())
            share = max(0.0, min(x1, right) - max(x0, left)) / max(right - left, 1e-9)
        if CLEAR < share < COVERED:
            return None
        covers.append(share >= COVERED)
    is_over = (words.x1 > x0) & (words.x0 < x1)
    above, below = is_over & (words.bottom < y + 1.5), is_over & (words.top > y - 1.5)
    if not above.any() or not below.any() or (is_over & ~above & ~below).any():
        return None
    return covers


def span_parts(mesh: Mesh, words: WordLines, rules: Sequence[PartRule]) -> Mesh:
    """Return the mesh with the cells of the columns that a part rule leaves made one over it, and a heading over such a
    rule made to reach over the columns beside it that have none."""
    owners = mesh.owners.copy()
    rows = np.searchsorted(mesh.ys, words.middle) - 1
    columns = np.searchsorted(mesh.xs, words.centre) - 1
    held = set(zip(rows.tolist(), columns.tolist(), strict=True))
    for rule in rules:
        row = int(np.abs(mesh.ys - rule.y).argmin())
        if not 0 < row < mesh.n_rows or abs(float(mesh.ys[row]) - rule.y) > INSIDE:
            continue
        for column, is_covered in enumerate(rule.covers):
            upper, lower = owners[row - 1, column], owners[row, column]
            if not is_covered:
                if (owners[row] == lower).sum() == 1 and (owners[row - 1] == upper).sum() == 1:
                    owners[row, column] = upper
            elif row == 1 and column and rule.covers[column - 1] and (0, column) not in held:
                owners[0, column] = owners[0, column - 1]
    return replace(mesh, owners=owners)
