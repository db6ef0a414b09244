"""Printed words of one page as columns; what is doubled, outside the page or turned is set apart.

Enters ``PageGlyphs``; leaves ``Words`` whose glyph numbers index the page. Coordinates are points from the top left.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from extractors.glyphs import Bools, Floats, Indices, PageGlyphs

_BOLD_FONT = re.compile(
    r"bold|black|heavy|demi|[+-]cmbx|^cmbx|medi\b|-medi|sfbx|lmroman\d+-bold|\bbd\b|,b", re.IGNORECASE
)
_DOUBLE_SHIFT = 0.25  # of a glyph's width or height: fake bold is painted twice within this


@dataclass(slots=True, eq=False)
class Words:
    """Words as columns of length n; word i has the glyphs ``glyphs[starts[i]:starts[i + 1]]`` in reading order."""

    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    size: Floats
    starts: Indices
    glyphs: Indices
    paint: Indices
    cell: Indices

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.x0)


def with_blocks(words: Words, boxes: Floats, paint: Indices) -> Words:
    """Return the words followed by one word without glyphs for each box (k, 4), to hold its place among them."""
    if len(boxes) == 0:
        return words
    none = np.full(len(boxes), -1, dtype=np.int64)
    return Words(
        np.concatenate((words.x0, boxes[:, 0])),
        np.concatenate((words.top, boxes[:, 1])),
        np.concatenate((words.x1, boxes[:, 2])),
        np.concatenate((words.bottom, boxes[:, 3])),
        np.concatenate((words.size, np.zeros(len(boxes)))),
        np.concatenate((words.starts, np.full(len(boxes), words.starts[-1]))),
        words.glyphs,
        np.concatenate((words.paint, paint)),
        np.concatenate((words.cell, none)),
    )


def flat_glyphs(words: Words, which: Indices) -> tuple[Indices, Indices, Indices]:
    """Return the glyphs of the words ``which`` in that order, for each glyph its place in ``which``, and for each word
    where its glyphs start."""
    start = words.starts[which]
    lengths = words.starts[which + 1] - start
    owner = np.repeat(np.arange(len(which)), lengths)
    first = np.cumsum(lengths) - lengths
    at = np.arange(len(owner)) + (start - first)[owner]
    return words.glyphs[at], owner, first


@dataclass(slots=True, eq=False)
class CleanPage:
    """A page's upright words, its turned words' glyphs, and the glyphs set aside (doubled or outside the page)."""

    words: Words
    turned: Indices
    dropped: Indices


def clean_page(page: PageGlyphs, cell_of: Indices) -> CleanPage:
    """Return the upright words of a page, without doubled glyphs and glyphs outside the page.

    ``cell_of`` gives for each glyph the number of its table cell or -1; words that run over a cell's border are parted.
    """
    glyphs = page.word_glyphs.astype(np.int64)
    lengths = page.word_starts[1:] - page.word_starts[:-1]
    owner = np.repeat(np.arange(len(lengths)), lengths)
    is_dropped = _is_double(page, glyphs, owner)
    if not _is_all_inside(page):
        is_dropped |= _is_outside(page, glyphs)
    is_turned = ~page.upright[glyphs]
    is_dropped_or_turned = is_dropped | is_turned
    dropped = turned = glyphs[:0]
    if is_dropped_or_turned.any():
        dropped, turned = glyphs[is_dropped], glyphs[is_turned & ~is_dropped]
        keep = ~is_dropped_or_turned
        glyphs, owner = glyphs[keep], owner[keep]
    glyphs, owner = _split_glued(page, glyphs, owner)
    return CleanPage(make_words(page, glyphs, owner, cell_of), turned, dropped)


def make_words(page: PageGlyphs, glyphs: Indices, owner: Indices, cell_of: Indices) -> Words:
    """Return words over glyphs; equal neighbours in ``owner`` make one word unless they stand in different cells."""
    if len(glyphs) == 0:
        empty = np.zeros(0)
        none = np.zeros(0, dtype=np.int64)
        return Words(empty, empty, empty, empty, empty, np.zeros(1, dtype=np.int64), none, none, none)
    cell = cell_of[glyphs]
    is_first = np.ones(len(glyphs) + 1, dtype=np.bool_)
    is_first[1:-1] = (owner[1:] != owner[:-1]) | (cell[1:] != cell[:-1])
    starts = is_first.nonzero()[0]
    begin = starts[:-1]
    top, bottom = page.top[glyphs], page.bottom[glyphs]
    return Words(
        x0=np.minimum.reduceat(page.x0[glyphs], begin),
        top=np.minimum.reduceat(top, begin),
        x1=np.maximum.reduceat(page.x1[glyphs], begin),
        bottom=np.maximum.reduceat(bottom, begin),
        size=np.maximum.reduceat(bottom - top, begin),
        starts=starts,
        glyphs=glyphs,
        paint=np.minimum.reduceat(glyphs, begin),
        cell=cell[begin],
    )


@lru_cache(maxsize=256)
def bold_fonts(fonts: tuple[str, ...]) -> Bools:
    """Tell for each font name whether it is a bold one."""
    return np.array([_BOLD_FONT.search(name) is not None for name in fonts] or [False], dtype=np.bool_)


def _is_all_inside(page: PageGlyphs) -> bool:
    """Tell whether all glyphs stand inside the page, as on nearly all pages."""
    if len(page) == 0:
        return True
    is_low = page.x0.min() >= 0 and page.x1.min() >= 0 and page.top.min() >= 0 and page.bottom.min() >= 0
    is_high = max(page.x0.max(), page.x1.max()) <= page.width and max(page.top.max(), page.bottom.max()) <= page.height
    return bool(is_low and is_high)


def _is_outside(page: PageGlyphs, glyphs: Indices) -> Bools:
    middle = (page.x0[glyphs] + page.x1[glyphs]) / 2
    height = (page.top[glyphs] + page.bottom[glyphs]) / 2
    found: Bools = (middle < 0) | (middle > page.width) | (height < 0) | (height > page.height)
    return found


def _is_double(page: PageGlyphs, glyphs: Indices, owner: Indices) -> Bools:
    """Tell which glyphs repeat the one before at almost the same place."""
    found = np.zeros(len(glyphs), dtype=np.bool_)
    if len(glyphs) < 2:
        return found
    x0 = page.x0[glyphs]
    width = page.x1[glyphs] - x0
    close = ((np.abs(x0[1:] - x0[:-1]) <= _DOUBLE_SHIFT * width[1:]) & (owner[1:] == owner[:-1])).nonzero()[0]
    # Hardly two glyphs of a word start so close to each other; the rest is asked of these only.
    one, two = glyphs[close], glyphs[close + 1]
    near = np.abs(page.top[two] - page.top[one]) <= _DOUBLE_SHIFT * (page.bottom[two] - page.top[two])
    for place in close[near].tolist():
        found[place + 1] = page.text[glyphs[place]] == page.text[glyphs[place + 1]]
    return found


def _split_glued(page: PageGlyphs, glyphs: Indices, owner: Indices) -> tuple[Indices, Indices]:
    """Part words at gaps wide against their usual ones; return the glyphs with the words numbered anew."""
    if len(glyphs) < 2:
        return glyphs, owner
    gap = page.x0[glyphs[1:]] - page.x1[glyphs[:-1]]
    size = np.maximum(page.size[glyphs[1:]], 1.0)
    wide = (gap > 0.17 * size) & (owner[1:] == owner[:-1])
    if not wide.any():
        return glyphs, owner
    parts = np.zeros(len(glyphs), dtype=np.int64)
    for place in np.flatnonzero(wide).tolist():
        inside = np.flatnonzero(owner[1:] == owner[place])
        inside = inside[owner[inside] == owner[place]]
        if gap[place] > np.median(gap[inside]) + 0.12 * size[place]:
            parts[place + 1] = 1
    return glyphs, owner + np.cumsum(parts)
