"""Bullets that a program drew instead of printing them: small dots or squares just before a line.

Enter a page's drawings and its lines; leaves which lines have one.
"""

from collections.abc import Sequence

import numpy as np

from extractors.glyphs import Floats, PageGlyphs
from extractors.layout.lines import Line

_DOT = 6.0  # points: the largest drawn bullet


def mark_bullets(dots: Floats, lines: Sequence[Line]) -> None:
    """Mark lines with a dot or square drawn just before them: some programs draw bullets instead of printing them."""
    if len(dots) == 0:
        return
    x, y = dots[:, 0][None, :], dots[:, 1][None, :]
    x0 = np.array([line.x0 for line in lines])[:, None]
    size = np.array([line.size for line in lines])[:, None]
    top = np.array([line.top for line in lines])[:, None]
    bottom = np.array([line.bottom for line in lines])[:, None]
    beside = (x < x0 - 0.15 * size) & (x > x0 - 2.2 * size)
    level = (y > top + 0.25 * (bottom - top)) & (y < bottom - 0.1 * (bottom - top))
    for number in np.flatnonzero((beside & level).any(axis=1)).tolist():
        lines[number].has_bullet = True


def find_dots(page: PageGlyphs) -> Floats:
    """Return the middles (k, 2) of small drawings, as high as wide, that may be bullets."""
    shapes = page.edges if len(page.rects) == 0 else np.concatenate((page.edges, page.rects))
    if len(shapes) == 0:
        return np.zeros((0, 2))
    small = shapes[((shapes[:, 2] - shapes[:, 0]) <= _DOT) & ((shapes[:, 3] - shapes[:, 1]) <= _DOT)]
    return np.column_stack(((small[:, 0] + small[:, 2]) / 2, (small[:, 1] + small[:, 3]) / 2))
