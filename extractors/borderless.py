"""Tables without any ruling: at least three lines whose words stand in columns with clear blanks between.

Enter a page and its lines of words outside other tables; leave meshes. When in doubt there is no table: columns of
running text, lists, contents, forms and centred titles are none.
"""

import numpy as np

from extractors.alignments import WordLines, held_columns, mesh_lines, row_borders, split_columns
from extractors.glyphs import Floats, Ints, PageGlyphs
from extractors.meshes import Mesh
from extractors.tabular import is_aligned_table

MIN_ROWS = 3
LEADING = 2.2
"""Lines further apart than this share of their height do not belong together."""
SHORT = 0.5
"""A line of one phrase up to this share of the width may belong to a row."""
COLUMN_GAP = 1.1
"""Blank strips between columns are at least this share of a word's height wide."""
TIGHT = 0.85
"""A line nearer to the one before than this share of the usual pitch goes on with its row."""


def find_aligned(page: PageGlyphs, lines: WordLines) -> list[Mesh]:
    """Return the meshes of tables that only the places of words show."""
    if lines.n_lines < MIN_ROWS:
        return []
    phrase = lines.phrases()
    first = np.flatnonzero(np.diff(phrase, prepend=-1))
    n_phrases = np.bincount(lines.line[first], minlength=lines.n_lines).astype(np.int32)
    if (n_phrases > 1).sum() < MIN_ROWS:
        return []
    meshes = []
    for start, end in _runs(lines, n_phrases):
        words = lines.select((lines.line >= start) & (lines.line < end))
        mesh = _to_mesh(page, words)
        if mesh is not None:
            meshes.append(mesh)
    return meshes


def _runs(lines: WordLines, n_phrases: Ints) -> list[tuple[int, int]]:
    """Return runs of lines [start, end) that may be rows: two phrases or more, or one short one between them."""
    first = np.flatnonzero(np.diff(lines.line, prepend=-1))
    top, bottom = np.minimum.reduceat(lines.top, first), np.maximum.reduceat(lines.bottom, first)
    width = np.maximum.reduceat(lines.x1, first) - np.minimum.reduceat(lines.x0, first)
    may_go_on = (n_phrases > 1) | (width <= SHORT * float(lines.x1.max() - lines.x0.min()))
    runs = []
    start = None
    for line in range(lines.n_lines):
        is_near = line > 0 and top[line] - bottom[line - 1] <= (LEADING - 1) * lines.height
        if start is not None and not (may_go_on[line] and is_near):
            runs.append((start, line))
            start = None
        if start is None and n_phrases[line] > 1:
            start = line
    if start is not None:
        runs.append((start, lines.n_lines))
    return [
        run for run in (_trim(run, n_phrases) for run in runs) if (n_phrases[run[0] : run[1]] > 1).sum() >= MIN_ROWS
    ]


def _trim(run: tuple[int, int], n_phrases: Ints) -> tuple[int, int]:
    start, end = run
    while end > start and n_phrases[end - 1] < 2:
        end -= 1
    return start, end


def _to_mesh(page: PageGlyphs, words: WordLines) -> Mesh | None:
    box = (float(words.x0.min()) - 1, float(words.x1.max()) + 1)
    few = words.n_lines < 8
    xs = split_columns(words, box, least_gap=COLUMN_GAP * words.height, may_cross=0.0 if few else 0.08)
    if len(xs) < 3 or not is_aligned_table(page, words, xs):
        return None
    ys = _row_borders(words, xs)
    if len(ys) <= MIN_ROWS:
        return None
    return mesh_lines(words, xs, ys, is_open_top=True, is_open_bottom=True)


def _row_borders(words: WordLines, xs: Floats) -> Floats:
    """Return row borders: a line begins a row when it holds the first column or most others, unless it follows tightly
    with its first column only."""
    held = held_columns(words, xs)
    first = np.flatnonzero(np.diff(words.line, prepend=-1))
    top, bottom = np.minimum.reduceat(words.top, first), np.maximum.reduceat(words.bottom, first)
    is_main = held.sum(axis=1) * 2 > held.shape[1]
    mains = top[is_main & held[:, 0]]
    pitch = float(np.median(np.diff(mains))) if len(mains) > 1 else 0.0
    rows: list[tuple[float, float]] = []
    for line in range(words.n_lines):
        goes_on = bool(rows) and not is_main[line] and (not held[line, 0] or top[line] - top[line - 1] < TIGHT * pitch)
        if goes_on:
            rows[-1] = (rows[-1][0], float(bottom[line]))
        else:
            rows.append((float(top[line]), float(bottom[line])))
    return row_borders(rows, float(top[0]) - 1, float(bottom[-1]) + 1)
