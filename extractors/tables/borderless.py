"""Tables without any ruling: at least three lines whose words stand in columns with clear blanks between.

Enter a page and its lines of words outside other tables; leave meshes. When in doubt there is no table: columns of
running text, lists, contents, forms and centred titles are none.
"""

import numpy as np

from extractors.glyphs import Floats, Indices, PageGlyphs
from extractors.runs import run_starts
from extractors.tables.alignments import (
    WordLines,
    fill_shares,
    find_gutters,
    mesh_lines,
    row_borders,
    split_columns,
    stands_in_columns,
)
from extractors.tables.line_rows import find_rows
from extractors.tables.meshes import Mesh
from extractors.tables.tabular import MIN_ROWS, is_aligned_table

LEADING = 2.2
"""Lines further apart than this share of their height do not belong together."""
SHORT = 0.5
"""A line of one phrase up to this share of the width may belong to a row."""
NEAR = 0.4
"""A line nearer than this share of its height may go on with the last row."""
MIN_PAGE_LINES = 20
MIN_PAGE_GUTTER = 8.0
MAX_CROSSED = 0.2
OFF_MIDDLE = 0.15
MIN_SIDE = 0.5
PAGE_FILL = 0.65
"""A page of two columns: its lines; its gutter's width in points, the share of lines that may cross it, how far it may
stand from the middle; the share of the lines each side has, and how much of its width they fill on average."""
COLUMN_GAPS = ((4, 1.1), (8, 0.9))
MANY_LINES_GAP = 0.7
"""Blank strips between columns are at least this share of a word's height wide: for fewer lines than the first number
the second, else the last. The more lines keep a strip blank, the less it is chance."""


def find_aligned(page: PageGlyphs, lines: WordLines) -> list[Mesh]:
    """Return the meshes of tables that only the places of words show; on a page of two columns, of each by itself."""
    return [mesh for part in _text_columns(lines) for mesh in _find_in_column(page, part)]


def _text_columns(lines: WordLines) -> list[WordLines]:
    """Return the words of the two columns of a page of running text, or all of them."""
    if lines.n_lines < MIN_PAGE_LINES:
        return [lines]
    left, right = float(lines.x0.min()), float(lines.x1.max())
    for start, end in find_gutters(lines, least_gap=MIN_PAGE_GUTTER, may_cross=MAX_CROSSED):
        middle = (start + end) / 2
        if abs((middle - left) / (right - left) - 0.5) > OFF_MIDDLE:
            continue
        sides = [lines.select(lines.x1 <= middle), lines.select(lines.x0 >= middle)]
        inside = lines.select((lines.x1 <= middle) | (lines.x0 >= middle))
        is_full = all(side.n_lines >= MIN_SIDE * lines.n_lines for side in sides)
        if is_full and min(fill_shares(inside, np.array([left - 1, middle, right + 1]))) > PAGE_FILL:
            return sides
    return [lines]


def _find_in_column(page: PageGlyphs, lines: WordLines) -> list[Mesh]:
    if lines.n_lines < MIN_ROWS:
        return []
    n_phrases = np.bincount(lines.line[run_starts(lines.phrases)], minlength=lines.n_lines)
    if (n_phrases > 1).sum() < MIN_ROWS:
        return []
    meshes = []
    for start, end in _runs(lines, n_phrases):
        words = lines.select((lines.line >= start) & (lines.line < end))
        mesh = _to_mesh(page, words, lines.select(lines.line >= end))
        if mesh is not None:
            meshes.append(mesh)
    return meshes


def _runs(lines: WordLines, n_phrases: Indices) -> list[tuple[int, int]]:
    """Return runs of lines [start, end) that may be rows: two phrases or more, or one short one between them."""
    first = lines.first
    top, bottom = np.minimum.reduceat(lines.top, first), np.maximum.reduceat(lines.bottom, first)
    width = np.maximum.reduceat(lines.x1, first) - np.minimum.reduceat(lines.x0, first)
    may_go_on = (n_phrases > 1) | (width <= SHORT * float(lines.x1.max() - lines.x0.min()))
    may_go_on[0] = False
    may_go_on[1:] &= top[1:] - bottom[:-1] <= (LEADING - 1) * lines.height
    # A run starts with a line of two phrases and takes in all that may go on.
    counts = n_phrases.tolist()
    runs = []
    end = 0
    for start in (n_phrases > 1).nonzero()[0].tolist():
        if start < end:
            continue
        end = start + 1
        while end < len(counts) and may_go_on[end]:
            end += 1
        last = max(line for line in range(start, end) if counts[line] > 1) + 1
        if sum(count > 1 for count in counts[start:last]) >= MIN_ROWS:
            runs.append((start, last))
    return runs


def _to_mesh(page: PageGlyphs, words: WordLines, below: WordLines) -> Mesh | None:
    box = (float(words.x0.min()) - 1, float(words.x1.max()) + 1)
    share = next((gap for n_lines, gap in COLUMN_GAPS if words.n_lines < n_lines), MANY_LINES_GAP)
    few = words.n_lines < 8
    xs = split_columns(words, box, least_gap=share * words.height, may_cross=0.0 if few else 0.08)
    if len(xs) < 3:
        return None
    rows = find_rows(words, xs)
    if not is_aligned_table(page, words, xs, rows):
        return None
    ys = row_borders(rows, rows[0][0] - 1, _reach_down(below, xs, rows[-1][1]) + 1)
    return mesh_lines(words, xs, ys, is_open_top=True, is_open_bottom=True)


def _reach_down(below: WordLines, xs: Floats, bottom: float) -> float:
    """Return the bottom of a last row that lines below go on with: near, and within columns."""
    for number in range(below.n_lines):
        line = below.select(below.line == number)
        is_near = float(line.top.min()) - bottom <= NEAR * line.height
        is_inside = float(line.x0.min()) > xs[0] - 1 and float(line.x1.max()) < xs[-1] + 1
        if not (is_near and is_inside and stands_in_columns(line, xs)):
            break
        bottom = float(line.bottom.max())
    return bottom
