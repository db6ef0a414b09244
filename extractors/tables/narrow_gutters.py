"""Columns set so close that their gap is hardly more than a blank: their text begins at one place in every line.

Enter words in lines with the column borders that wide gaps give; leave more borders.
"""

import numpy as np

from extractors.glyphs import Bools, Floats
from extractors.tables.alignments import BLANK_GAP, LEAST_GAP, PHRASE_GAP, WordLines

SAME_START = 1.0
"""Words that begin within this many points begin at one place."""
MIN_LINES = 3
WIDE_SHARE = 0.6
"""A strip parts columns when this share of the lines leave far more blank there, two at least."""


def split_narrow(words: WordLines, xs: Floats) -> Floats:
    """Return column borders with those added that stand in narrow strips."""
    borders = list(xs)
    middle = words.centre
    for left, right in zip(xs, xs[1:], strict=False):
        column = words.select((middle > left) & (middle < right))
        if column.n_lines >= MIN_LINES:
            borders.extend(_strips(column, words.height))
    return np.array(sorted(borders))


def _strips(words: WordLines, height: float) -> list[float]:
    """Return the borders inside one column."""
    order = np.argsort(words.x0, kind="stable")
    reach = np.maximum.accumulate(words.x1[order])
    starts = words.x0[order][1:]
    found = []
    for place in np.flatnonzero(starts - reach[:-1] >= LEAST_GAP * height).tolist():
        x = (float(reach[place]) + float(starts[place])) / 2
        if _parts_columns(words, float(starts[place]), height):
            found.append(x)
    return found


def _parts_columns(words: WordLines, start: float, height: float) -> bool:
    """Tell whether all text right of a strip begins at its right edge, and far from the text left of it in most lines
    or in the first, the head."""
    is_right = words.x0 >= start - 0.1
    left, right = np.full(words.n_lines, -np.inf), np.full(words.n_lines, np.inf)
    np.maximum.at(left, words.line[~is_right], words.x1[~is_right])
    np.minimum.at(right, words.line[is_right], words.x0[is_right])
    held = np.isfinite(right)
    if held.sum() < MIN_LINES or (right[held] > start + SAME_START).any():
        return False
    both = held & np.isfinite(left)
    gap = right[both] - left[both]
    if len(gap) < 2:
        return False
    is_wide: Bools = gap >= PHRASE_GAP * height
    if is_wide.sum() >= max(2, WIDE_SHARE * len(gap)):
        return True
    return bool(both[0] and is_wide[0] and gap.min() >= BLANK_GAP * height)
