"""Tables with row rules only: horizontal rulings of one width over each other, columns by how the words stand.

Enter a page, its lines of words and its horizontal rulings; leave meshes. Running text between two rules, rules of
running heads and footnotes, axes of charts and text in frames are none.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.glyphs import Bools, Floats, Ints, PageGlyphs
from extractors.medians import median
from extractors.runs import run_starts
from extractors.tables.alignments import (
    WordLines,
    held_columns,
    mesh_lines,
    row_borders,
    split_columns,
    stands_in_columns,
)
from extractors.tables.drawn_columns import drawn_borders
from extractors.tables.line_rows import count_repeats, find_rows
from extractors.tables.meshes import Mesh
from extractors.tables.narrow_gutters import split_narrow
from extractors.tables.part_rules import find_part_rules, span_parts, without_group_heads
from extractors.tables.tabular import (
    MIN_ALIGNED,
    aligned_share,
    all_bold_lines,
    has_bold_head,
    is_aligned_table,
    is_anchored,
    is_listed,
    is_on_lines,
    is_prose_column,
    is_running_text,
)

MIN_RULE = 40.0
"""Shorter rules, in points, hold no table."""
SAME_END = 6.0
"""Rules of one table end within this many points of each other."""
PIECE_GAP = 12.0
"""Pieces of a rule at one height may leave gaps up to this, in points."""
DOUBLE_RULE = 8.0
"""Rules nearer than this with nothing between are one double rule."""
LONG_PHRASE = 0.72
"""A phrase over this share of a table's width is text over the whole width."""
MIN_TEXT_LINES = 3
"""So many single phrases over each other, one of them long, are a heading with its text."""
MAX_REPEATS = 0.3
"""When more of the lines than this are full though no rule is above them, rules part groups of rows."""
EDGE_SHARE = 0.14
"""Of the page's height: nearer to its edge stand the rules of running heads and feet."""
MAX_CROSSED = 0.25
"""Where more of the lines run over a place than this, no border stands there."""
MAX_HEAD_LINES = 4
PART = 0.35
TIGHT = 0.5
"""Lines of a head are no further apart than this share of their height; bold ones that hold few of the columns, than
the smaller."""
LARGE_TYPE = 1.15
TITLE_WHITE = 0.8
WIDE_WHITE = 1.6
"""A heading between two tables is set in type so much larger, with white above of so many line heights; or in the same
type, with wide white."""


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Rules of one table: their heights from the top, and their ends."""

    ys: Floats
    x0: float
    x1: float


def find_stacked(page: PageGlyphs, lines: WordLines, across: Floats) -> list[Mesh]:
    """Return the meshes of tables with row rules (y, x0, x1) only; ``lines`` are the page's words outside other
    tables."""
    stacks = find_stacks(across)
    if not stacks or len(lines) == 0:
        return []
    meshes = []
    for stack in stacks:
        for part in _break_up(_without_edge_rules(stack, lines, page.height), lines):
            mesh = _to_mesh(page, lines, part, across)
            if mesh is not None:
                meshes.append(mesh)
    return meshes


def find_stacks(across: Floats) -> list[Stack]:
    """Return which of the rulings (y, x0, x1) begin and end alike, two or more."""
    rules = [rule for rule in _join_row(across) if rule[2] - rule[1] >= MIN_RULE]
    groups: list[list[tuple[float, float, float]]] = []
    for rule in rules:
        for group in groups:
            if abs(group[-1][1] - rule[1]) <= SAME_END and abs(group[-1][2] - rule[2]) <= SAME_END:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [
        Stack(
            np.array([rule[0] for rule in group]),
            median(np.array([rule[1] for rule in group])),
            median(np.array([rule[2] for rule in group])),
        )
        for group in groups
        if len(group) > 1
    ]


def _join_row(across: Floats) -> list[tuple[float, float, float]]:
    """Return rules from the top, pieces at one height that leave small gaps as one."""
    joined: list[tuple[float, float, float]] = []
    for y, x0, x1 in sorted(map(tuple, across.tolist())):
        if joined and abs(joined[-1][0] - y) < 0.5 and x0 - joined[-1][2] <= PIECE_GAP:
            joined[-1] = (joined[-1][0], joined[-1][1], max(joined[-1][2], x1))
        else:
            joined.append((y, x0, x1))
    return joined


def _break_up(stack: Stack, lines: WordLines) -> list[Stack]:
    """Split a stack where running text or a wide blank stands between two rules."""
    inside = lines.select(_within(lines, stack))
    band = stack.ys.searchsorted(inside.middle)
    # Words on a rule are in no band.
    band[stack.ys.searchsorted(inside.middle, side="right") > band] = 0
    counts = np.bincount(band, minlength=len(stack.ys)).tolist()
    may_be_text = set(band[_may_be_long(inside, stack)[inside.line]].tolist()) if len(inside) else set()
    ys = stack.ys.tolist()
    first_tops = np.full(len(ys) + 1, np.inf)
    np.minimum.at(first_tops, band, inside.top)
    tops, height = first_tops.tolist(), inside.height if len(inside) else 0.0
    least = TITLE_WHITE * height
    parts: list[list[float]] = [ys[:1]]
    for number, (above, below) in enumerate(pairwise(ys), 1):
        is_empty = counts[number] == 0
        if is_empty and below - above < DOUBLE_RULE:
            continue
        is_text = number in may_be_text and _is_text_band(inside.select(band == number), stack)
        white = tops[number] - above
        if is_empty or is_text or (white > least and _opens_with_title(inside.select(band == number), white, height)):
            parts.append([])
        parts[-1].append(below)
    return [Stack(np.array(part), stack.x0, stack.x1) for part in parts if len(part) > 1]


def _may_be_long(words: WordLines, stack: Stack) -> Bools:
    """Tell which lines reach over a stack's width far enough to be, or to hold, one long phrase."""
    right = np.maximum.reduceat(words.x1, words.first)
    is_wide: Bools = right - words.x0.take(words.first) > LONG_PHRASE * (stack.x1 - stack.x0)
    return is_wide


def _without_edge_rules(stack: Stack, lines: WordLines, height: float) -> Stack:
    """Return a stack without the rule of a running head or foot: near the edge of the page and, other than the rules
    of rows, with white between it and the table."""
    ys = stack.ys
    for is_top in (True, False):
        place, edge = (0, ys[0]) if is_top else (len(ys) - 1, height - ys[-1])
        if len(ys) < 3 or not edge < EDGE_SHARE * height:
            continue
        inside = lines.select(_within(lines, stack))
        if len(inside) == 0:
            break
        others = [_white(inside, y, is_below=is_top) for y in ys[1:-1].tolist()]
        white = _white(inside, float(ys[place]), is_below=is_top)
        if white > max(inside.height, 2.0 * median(np.array(others))):
            ys = ys[1:] if is_top else ys[:-1]
    return Stack(ys, stack.x0, stack.x1)


def _white(words: WordLines, y: float, *, is_below: bool) -> float:
    """Return the blank between a rule and the nearest text below or above it; none is infinite."""
    apart = words.top - y if is_below else y - words.bottom
    return float(apart[apart > -1.0].min(initial=np.inf))


def _within(lines: WordLines, stack: Stack) -> Bools:
    within: Bools = (lines.centre > stack.x0 - 2) & (lines.centre < stack.x1 + 2)
    return within


def _is_text_band(band: WordLines, stack: Stack) -> bool:
    """Tell whether at least two lines and half of all are one phrase over nearly the whole width, or one of several
    lines that all are single phrases: a heading and its text."""
    n_long = int(np.count_nonzero(_long_lines(band, stack.x1 - stack.x0)))
    if n_long >= 2 and n_long * 2 >= band.n_lines:
        return True
    return n_long > 0 and band.n_lines >= MIN_TEXT_LINES and int(band.phrases[-1]) + 1 == band.n_lines


def _opens_with_title(band: WordLines, white: float, height: float) -> bool:
    """Tell whether a band, with so much white above its first line, holds the heading of another table: one phrase with
    more lines below it, set off by white and larger type, or, as the first line, by much white.

    ``height`` is that of the words of all bands.
    """
    above = -white
    start = float(band.top.min())
    for number in range(band.n_lines - 1):
        line = band.select(band.line == number)
        apart = float(line.top.min()) - start - above
        is_large = float(np.median(line.bottom - line.top)) >= LARGE_TYPE * height
        is_apart = apart > (TITLE_WHITE if is_large else WIDE_WHITE) * height
        if is_apart and (is_large or number == 0) and int(line.phrases[-1]) == 0:
            return True
        above = float(line.bottom.max()) - start
    return False


def _long_lines(words: WordLines, width: float) -> Bools:
    """Return for each line whether it is one phrase over nearly the whole width."""
    phrase = words.phrases
    first = run_starts(phrase)
    left = words.x0[first]
    right = np.maximum.reduceat(words.x1, first)
    is_long = np.zeros(words.n_lines, dtype=np.bool_)
    is_long[words.line[first[right - left > LONG_PHRASE * width]]] = True
    return is_long


def _to_mesh(page: PageGlyphs, lines: WordLines, stack: Stack, across: Floats) -> Mesh | None:
    inside = lines.select(_within(lines, stack))
    middle = inside.middle
    words = inside.select((middle > stack.ys[0]) & (middle < stack.ys[-1]))
    if len(words) == 0:
        return None
    if len(stack.ys) == 2 and words.n_lines <= MAX_HEAD_LINES:
        # A head alone: the body may go on to the foot of the page.
        reached = _reach_down(inside, stack)
        words = inside.select((middle > stack.ys[0]) & (inside.bottom <= reached))
        stack = Stack(np.append(stack.ys, reached + 1), stack.x0, stack.x1) if reached > stack.ys[-1] else stack
    of_head = _with(inside, words, _above(inside, stack))
    xs = _columns(page, without_group_heads(of_head, stack.ys, across), stack)
    if len(xs) < 3:
        return None
    n_bands = len(stack.ys) - 1
    parts = find_part_rules(words, xs, stack.ys, across)
    rules = np.sort(np.append(stack.ys, [part.y for part in parts]))
    n_repeats = count_repeats(words, xs, _bands(words, rules))
    is_row_ruled = n_bands >= 3 and n_repeats <= MAX_REPEATS * words.n_lines
    if not is_row_ruled:
        parts = [part for part in parts if part.y < stack.ys[1]]
        rules = np.sort(np.append(stack.ys, [part.y for part in parts]))
    ys = list(rules) if is_row_ruled else _line_borders(words, xs, rules, n_head=1 + len(parts))
    head, foot = _rows_above(page, inside, stack, xs), _lines_below(inside, stack, xs)
    ys = [*head, *ys, *foot]
    words = inside.select((middle > ys[0]) & (middle < ys[-1]))
    if len(ys) < 3 or not _is_table(page, words, xs, n_rules=len(stack.ys), is_row_ruled=is_row_ruled):
        return None
    mesh = mesh_lines(words, xs, np.array(ys), is_open_top=bool(head), is_open_bottom=False)
    return span_parts(mesh, words, parts) if parts else mesh


def _reach_down(inside: WordLines, stack: Stack) -> float:
    """Return the bottom of the lines that follow a stack closely and may be rows: two phrases, or one short one."""
    below = inside.select(inside.top >= stack.ys[-1] - 1)
    reached = float(stack.ys[-1])
    if len(below) == 0:
        return reached
    is_long = _long_lines(below, stack.x1 - stack.x0)
    for number in range(below.n_lines):
        of_line = below.line == number
        if is_long[number] or float(below.top[of_line].min()) - reached > below.height:
            break
        reached = float(below.bottom[of_line].max())
    return reached


def _with(inside: WordLines, words: WordLines, more: WordLines) -> WordLines:
    """Return both of two parts of ``inside``."""
    return inside.select(np.isin(inside.word, np.concatenate((words.word, more.word))))


def _columns(page: PageGlyphs, words: WordLines, stack: Stack) -> Floats:
    """Return column borders: those that the rules are drawn in pieces at, else those that blanks show."""
    if len(words) == 0:
        return np.array([stack.x0, stack.x1])
    drawn = [x for x in drawn_borders(page.edges, stack.ys, (stack.x0, stack.x1)).tolist() if _is_clear(words, x)]
    if drawn:
        return np.array([min(stack.x0, float(words.x0.min()) - 1), *drawn, max(stack.x1, float(words.x1.max()) + 1)])
    is_long = _long_lines(words, stack.x1 - stack.x0)
    short = words.select(~is_long[words.line])
    if len(short) == 0:
        return np.array([stack.x0, stack.x1])
    few = short.n_lines < 6
    xs = split_columns(
        short,
        (min(stack.x0, float(short.x0.min()) - 1), max(stack.x1, float(short.x1.max()) + 1)),
        least_gap=(0.7 if few else 0.6) * words.height,
        may_cross=0.0 if few else 0.12,
        n_head=_count_head_lines(short, stack),
    )
    return split_narrow(short, xs)


def _count_head_lines(words: WordLines, stack: Stack) -> int:
    """Return how many lines stand over the first rule, or else over the second; none when those are too many."""
    middle = words.middle
    over = words.line[middle < stack.ys[0]]
    if len(over) == 0 and len(stack.ys) > 2:
        over = words.line[middle < stack.ys[1]]
    n_lines = int(over[-1]) + 1 if len(over) else 0
    return n_lines if n_lines <= MAX_HEAD_LINES else 0


def _is_clear(words: WordLines, x: float) -> bool:
    """Tell whether few lines have a word that runs over a border."""
    crossed = np.unique(words.line[(words.x0 < x - 1.0) & (words.x1 > x + 1.0)])
    return len(crossed) <= MAX_CROSSED * words.n_lines


def _line_borders(words: WordLines, xs: Floats, rules: Floats, *, n_head: int) -> list[float]:
    """Return row borders where rules part groups of rows only: the first ``n_head`` bands are the head, one row each;
    below, lines tell the rows."""
    band = _bands(words, rules)
    borders = [float(rules[0])]
    for number in range(1, len(rules)):
        of_band = words.select((band == number)[words.line])
        is_head = number <= n_head < len(rules) - 1 and of_band.n_lines <= MAX_HEAD_LINES
        rows = [] if is_head or len(of_band) == 0 else find_rows(of_band, xs)
        borders.extend(row_borders(rows, 0.0, float(rules[number]))[1:].tolist())
    return borders


def _bands(words: WordLines, rules: Floats) -> Ints:
    """Return for each line the number of the rule below it."""
    first = words.first
    middle = (np.minimum.reduceat(words.top, first) + np.maximum.reduceat(words.bottom, first)) / 2
    return np.searchsorted(rules, middle).astype(np.int32)


def _above(inside: WordLines, stack: Stack) -> WordLines:
    """Return the words of the lines right above the first rule that may be a head: a few, close to each other, of which
    the first has two phrases or more; else none."""
    above = inside.select(inside.bottom <= stack.ys[0] + 1)
    reached = float(stack.ys[0])
    first = above.n_lines
    for number in range(above.n_lines - 1, max(-1, above.n_lines - 1 - MAX_HEAD_LINES), -1):
        line = above.select(above.line == number)
        if reached - float(line.bottom.max()) > (1.0 if first == above.n_lines else TIGHT) * line.height:
            break
        reached = float(line.top.min())
        if line.phrases[-1] > 0:
            first = number
    return above.select(above.line >= first)


def _rows_above(page: PageGlyphs, inside: WordLines, stack: Stack, xs: Floats) -> list[float]:
    """Return the upper borders of rows that stand over the first rule, as a head or a row that stripes leave white."""
    above = inside.select(inside.bottom <= stack.ys[0] + 1)
    reached = float(stack.ys[0])
    first = above.n_lines
    is_bold = all_bold_lines(page, above)
    for number in range(above.n_lines - 1, -1, -1):
        line = above.select(above.line == number)
        gap = reached - float(line.bottom.max())
        if gap > line.height or not stands_in_columns(line, xs):
            break
        reached = float(line.top.min())
        # The upper lines of a head may hold a few of the columns only.
        is_part = (
            first == number + 1 < above.n_lines and is_bold[number : number + 2].all() and gap < PART * line.height
        )
        if _fits(line, xs) or (is_part and above.n_lines - number <= MAX_HEAD_LINES):
            first = number
    if first == above.n_lines:
        return []
    if (
        is_bold[first:].all()
        and above.n_lines - first <= MAX_HEAD_LINES
        and _is_tight(above.select(above.line >= first))
    ):
        return [float(above.top[above.line >= first].min()) - 1]
    rows = find_rows(above.select(above.line >= first), xs)
    return [float(y) for y in row_borders(rows, rows[0][0] - 1, 0.0)[:-1]]


def _is_tight(words: WordLines) -> bool:
    """Tell whether lines stand as close as those of one text."""
    first = words.first
    top, bottom = np.minimum.reduceat(words.top, first), np.maximum.reduceat(words.bottom, first)
    return bool((top[1:] - bottom[:-1] < PART * words.height).all())


def _lines_below(lines: WordLines, stack: Stack, xs: Floats) -> list[float]:
    """Return the lower border of a last row that no rule closes, or nothing."""
    inside = lines.select(lines.top >= stack.ys[-1] - 1)
    reached = float(stack.ys[-1])
    for number in range(inside.n_lines):
        line = inside.select(inside.line == number)
        fits = _fits(line, xs) if number == 0 else stands_in_columns(line, xs)
        if float(line.top.min()) - reached > 0.9 * lines.height or not fits:
            break
        reached = float(line.bottom.max())
    return [reached + 1] if reached > stack.ys[-1] else []


def _fits(line: WordLines, xs: Floats) -> bool:
    """Tell whether a line holds at least two and half of the columns and crosses no border."""
    n_held = int(held_columns(line, xs).sum())
    return n_held >= 2 and n_held * 2 >= len(xs) - 1 and stands_in_columns(line, xs)


def _is_table(page: PageGlyphs, words: WordLines, xs: Floats, *, n_rules: int, is_row_ruled: bool) -> bool:
    held = held_columns(words, xs)
    if held.any(axis=0).sum() < 2 or (held.sum(axis=1) > 1).sum() < 2:
        return False
    if is_row_ruled:
        return True
    rows = find_rows(words, xs)
    if n_rules == 2 and is_aligned_table(page, words, xs, rows):
        return True
    if n_rules == 2 and not (len(xs) > 3 and has_bold_head(page, words)):
        return False
    if not is_on_lines(words, xs) or is_running_text(words, xs) or is_listed(page, words, xs):
        return False
    n_prose = sum(is_prose_column(page, words, xs, column) for column in range(len(xs) - 1))
    n_loose = sum(aligned_share(words, xs, column) < MIN_ALIGNED for column in range(len(xs) - 1))
    if n_prose and is_anchored(page, words, xs, rows):
        n_prose = 0
    return (n_prose + n_loose) * 2 < len(xs) - 1
