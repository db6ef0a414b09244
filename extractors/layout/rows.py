"""Printed rows: words of one column, or of many cells at once, grouped by baseline.

Enters ``Words``; leaves ``Rows``, words in reading order with the number of their row.
"""

from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Floats, Indices
from extractors.layout.printed_words import Words
from extractors.runs import run_starts


@dataclass(slots=True, eq=False)
class Rows:
    """Words in reading order, and for each the number of its printed row, counted from 0."""

    which: Indices
    row: Indices

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.which)

    def starts(self) -> Indices:
        """Return where each row starts in ``which``; the rows hold at least one word."""
        return run_starts(self.row)


def find_rows(words: Words, which: Indices, group: Indices | None = None) -> Rows:
    """Group words into printed rows from top to bottom, each from left to right.

    ``group`` (as long as ``which``) keeps words of different groups (columns, cells) apart; rows follow group order.
    """
    if len(which) == 0:
        return Rows(which, which)
    groups = np.zeros(len(which), dtype=np.int64) if group is None else group
    top, bottom = words.top[which], words.bottom[which]
    middle = (top + bottom) / 2
    is_one = group is None or bool((groups == groups[0]).all())
    order = np.argsort(middle, kind="stable") if is_one else np.lexsort((middle, groups))
    row = _number_rows(top[order], bottom[order], groups[order])
    which = which[order]
    sizes = words.size[which]
    if float(sizes.min()) <= 0.85 * float(sizes.max()):
        row = _merge_small(words, which, row, groups[order])
    order = np.lexsort((words.x0[which], row))
    return Rows(which[order], row[order])


def _number_rows(top: Floats, bottom: Floats, group: Indices) -> Indices:
    """Return row numbers of words sorted by group and middle; a middle below a row's lower quarter opens a row."""
    is_other = np.ones(len(top), dtype=np.bool_)
    is_other[1:] = (top[1:] != top[:-1]) | (bottom[1:] != bottom[:-1]) | (group[1:] != group[:-1])
    # Words as high as the one before stand in its row.
    others = np.flatnonzero(is_other)
    columns = (column[others].tolist() for column in (top, bottom, group))
    numbers: list[int] = []
    row, limit, height, current = -1, 0.0, 0.0, None
    for above, below, own_group in zip(*columns, strict=True):
        own = below - above
        if own_group != current or (above + below) / 2 > limit:
            row, current = row + 1, own_group
            limit, height = below - 0.25 * own, own
        elif own > height:
            limit, height = below - 0.25 * own, own
        numbers.append(row)
    found: Indices = np.array(numbers, dtype=np.int64)[np.cumsum(is_other) - 1]
    return found


def _merge_small(words: Words, which: Indices, row: Indices, groups: Indices) -> Indices:
    """Put rows of small print (raised marks, indices) into the row they hang on; ``row`` is sorted."""
    starts = run_starts(row)
    top = np.minimum.reduceat(words.top[which], starts)
    bottom = np.maximum.reduceat(words.bottom[which], starts)
    size = np.maximum.reduceat(words.size[which], starts)
    low, high = np.minimum(size[1:], size[:-1]), np.maximum(size[1:], size[:-1])
    overlap = np.minimum(bottom[1:], bottom[:-1]) - np.maximum(top[1:], top[:-1])
    least = np.minimum(bottom[1:] - top[1:], bottom[:-1] - top[:-1])
    near = (low <= 0.85 * high) & (overlap >= 0.5 * least) & (groups[starts[1:]] == groups[starts[:-1]])
    if not near.any():
        return row
    step = np.ones(len(starts), dtype=np.int64)
    ends = np.append(starts[1:], len(which))
    for place in np.flatnonzero(near).tolist():
        one, two = which[starts[place] : ends[place]], which[starts[place + 1] : ends[place + 1]]
        left = np.maximum(words.x0[one][:, None], words.x0[two][None, :])
        right = np.minimum(words.x1[one][:, None], words.x1[two][None, :])
        if bool(((right - left) < 1.0).all()):
            step[place + 1] = 0
    number: Indices = (np.cumsum(step) - 1)[row - row[0]]
    return number
