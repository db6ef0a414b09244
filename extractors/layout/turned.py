"""Sideways and upside-down text: turned upright, spelled, and given back as lines.

Enters a page's turned glyphs; leaves lines per direction, in coordinates as if the page were turned so that they can
be read. Their characters keep their glyphs, so their boxes are right on the page.
"""

from dataclasses import replace

import numpy as np

from extractors.glyphs import Indices, PageGlyphs
from extractors.layout.lines import Line, make_lines
from extractors.layout.page_text import PageText
from extractors.layout.printed_words import Words, make_words
from extractors.layout.rows import Rows, find_rows

# Right is for text whose matrix turns it by a half and whose negative size turns it back.
_UP, _DOWN, _LEFT, _RIGHT = _WAYS = range(4)
_WORD_GAP = 0.15  # of the size


def turned_lines(shared: PageText, glyphs: Indices, cell_of: Indices) -> list[tuple[int, Line]]:
    """Return the lines of turned text as (cell or -1, line), direction by direction."""
    if len(glyphs) == 0:
        return []
    page = shared.page
    glyphs = np.sort(glyphs)
    direction = _directions(page, glyphs)
    found: list[tuple[int, Line]] = []
    for way in _WAYS:
        chosen = glyphs[direction == way]
        if len(chosen):
            found.extend(_lines_one_way(shared, _turn(page, way), chosen, cell_of))
    return found


def _directions(page: PageGlyphs, glyphs: Indices) -> Indices:
    """Return for each glyph, in order of painting, which way its line runs: by the step to its neighbour."""
    x, y = (page.x0[glyphs] + page.x1[glyphs]) / 2, (page.top[glyphs] + page.bottom[glyphs]) / 2
    if len(glyphs) == 1:
        return np.full(1, _UP)
    dx, dy = np.diff(x), np.diff(y)
    level, steep = np.where(dx < 0, _LEFT, _RIGHT), np.where(dy < 0, _UP, _DOWN)
    step = np.where(np.abs(dx) > np.abs(dy), level, steep)
    size = np.maximum(page.x1[glyphs] - page.x0[glyphs], page.bottom[glyphs] - page.top[glyphs])
    is_far = np.maximum(np.abs(dx), np.abs(dy)) > 2.5 * np.minimum(size[1:], size[:-1])
    run = np.concatenate(([0], np.cumsum(is_far)))
    found = np.empty(len(glyphs), dtype=np.int64)
    for number in range(int(run[-1]) + 1):
        inside = np.flatnonzero(run == number)
        steps = step[inside[:-1]]
        found[inside] = int(np.argmax(np.bincount(steps, minlength=len(_WAYS)))) if len(steps) else -1
    known = found[found >= 0]
    usual = int(np.argmax(np.bincount(known, minlength=len(_WAYS)))) if len(known) else _UP
    found[found < 0] = usual
    return found


def _turn(page: PageGlyphs, way: int) -> PageGlyphs:
    """Return the page turned so that text running one way is upright."""
    x0, top, x1, bottom = page.x0, page.top, page.x1, page.bottom
    if way == _UP:
        x0, top, x1, bottom = page.height - bottom, x0, page.height - top, x1
    elif way == _DOWN:
        x0, top, x1, bottom = top, page.width - x1, bottom, page.width - x0
    elif way == _LEFT:
        x0, top, x1, bottom = page.width - x1, page.height - bottom, page.width - x0, page.height - top
    return replace(page, x0=x0, top=top, x1=x1, bottom=bottom, size=bottom - top)


def _lines_one_way(shared: PageText, page: PageGlyphs, glyphs: Indices, cell_of: Indices) -> list[tuple[int, Line]]:
    single = make_words(page, glyphs, np.arange(len(glyphs)), cell_of)
    order = find_rows(single, np.arange(len(glyphs)), single.cell)
    glyphs, row = single.glyphs[order.which], order.row
    gap = page.x0[glyphs[1:]] - page.x1[glyphs[:-1]]
    is_new = (gap > _WORD_GAP * page.size[glyphs[1:]]) | (row[1:] != row[:-1])
    owner = np.concatenate(([0], np.cumsum(is_new)))
    words = make_words(page, glyphs, owner, cell_of)
    rows = Rows(np.arange(len(words)), row[words.starts[:-1]])
    turned = replace(shared, page=page, narrow=None)
    return _with_cells(words, rows, make_lines(turned, words, rows))


def _with_cells(words: Words, rows: Rows, lines: list[Line]) -> list[tuple[int, Line]]:
    cell_of_row = dict(zip(rows.row.tolist(), words.cell[rows.which].tolist(), strict=True))
    return [(cell_of_row[line.row], line) for line in lines]
