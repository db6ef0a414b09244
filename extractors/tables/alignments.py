"""Columns and rows by how words stand: lines of words, the blank gutters between columns, and meshes made from them.

Enter a page's words or some of them; leave lines, gutters and ``Mesh``. No ruling is read here but the places of row
rules that a caller hands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from extractors.glyphs import Bools, Floats, Indices, Ints, PageGlyphs
from extractors.medians import median
from extractors.runs import run_starts
from extractors.tables.meshes import Mesh

SAME_LINE = 0.35
"""Words whose middles differ by less than this share of their height stand on one line."""
PHRASE_GAP = 0.9
"""Words further apart than this share of their height are two phrases."""
BLANK_GAP = 0.45
"""The least gap between columns where a word of one row meets a word of the next, as a share of height."""
LEAST_GAP = 0.36
"""Of a word's height: a narrower strip is no more than the blank between two words."""
SAME_PLACE = 1.0
"""The middle of the one gap that a border was set into is this near to it, in points."""
MAX_TITLES = 0.4
"""Lines of one phrase up to this share of all may run over gutters."""
MIN_HELD = 0.3
MIN_BESIDE = 0.5
"""A column must hold words in this share of the lines, or in this share of as many as the first column."""


@dataclass(frozen=True, eq=False)
class WordLines:
    """Upright words of a page as columns, sorted by line from the top and by x; ``line`` numbers lines from 0. ``word``
    is the number of the word on its page."""

    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    line: Ints
    word: Ints

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.x0)

    @property
    def n_lines(self) -> int:
        """Return the number of lines."""
        return int(self.line[-1]) + 1 if len(self.line) else 0

    @cached_property
    def height(self) -> float:
        """The usual height of a word in points; nan without any."""
        return median(self.bottom - self.top)

    @cached_property
    def middle(self) -> Floats:
        """The height of the middle of each word."""
        middle: Floats = (self.top + self.bottom) / 2
        return middle

    @cached_property
    def centre(self) -> Floats:
        """How far right the middle of each word stands."""
        centre: Floats = (self.x0 + self.x1) / 2
        return centre

    @cached_property
    def first(self) -> Indices:
        """The first word of each line."""
        return run_starts(self.line)

    def select(self, which: Bools) -> "WordLines":
        """Return some of the words, their lines numbered anew."""
        index = which.nonzero()[0]
        if len(index) == len(which):
            return self
        line = self.line.take(index)
        numbers = np.zeros(len(line), dtype=np.int32)
        (line[1:] != line[:-1]).cumsum(out=numbers[1:])
        return WordLines(
            self.x0.take(index),
            self.top.take(index),
            self.x1.take(index),
            self.bottom.take(index),
            numbers,
            self.word.take(index),
        )

    @cached_property
    def phrases(self) -> Ints:
        """The number of each word's phrase: words of a line with only common blanks between."""
        numbers = np.zeros(len(self), dtype=np.int32)
        gap = self.x0[1:] - self.x1[:-1]
        is_new = (self.line[1:] != self.line[:-1]) | (gap > PHRASE_GAP * self.height)
        is_new.cumsum(out=numbers[1:])
        return numbers


def read_lines(page: PageGlyphs) -> WordLines:
    """Return the upright words of a page in lines."""
    starts = page.word_starts[:-1]
    if len(starts) == 0:
        none = np.zeros(0)
        return WordLines(none, none, none, none, np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    glyphs = page.word_glyphs.astype(np.int64)
    x0 = np.minimum.reduceat(page.x0.take(glyphs), starts)
    top = np.minimum.reduceat(page.top.take(glyphs), starts)
    x1 = np.maximum.reduceat(page.x1.take(glyphs), starts)
    bottom = np.maximum.reduceat(page.bottom.take(glyphs), starts)
    word = np.arange(len(starts), dtype=np.int32)
    if not page.upright.all():
        word = word[np.logical_and.reduceat(page.upright.take(glyphs), starts)]
        x0, top, x1, bottom = x0.take(word), top.take(word), x1.take(word), bottom.take(word)
    return _sort_lines(x0, top, x1, bottom, word)


def _sort_lines(x0: Floats, top: Floats, x1: Floats, bottom: Floats, word: Ints) -> WordLines:
    if len(x0) == 0:
        return WordLines(x0, top, x1, bottom, np.zeros(0, dtype=np.int32), word)
    middle = (top + bottom) / 2
    by_middle = middle.argsort(kind="stable")
    middle = middle.take(by_middle)
    number = np.zeros(len(x0), dtype=np.int32)
    (middle[1:] - middle[:-1] > SAME_LINE * median(bottom - top)).cumsum(out=number[1:])
    line = np.empty_like(number)
    line[by_middle] = number
    order = np.lexsort((x0, line))
    return WordLines(
        x0.take(order), top.take(order), x1.take(order), bottom.take(order), line.take(order), word.take(order)
    )


def find_gutters(words: WordLines, *, least_gap: float, may_cross: float) -> list[tuple[float, float]]:
    """Return the blank strips (x0, x1) that part columns, from the left; the margins are none.

    A strip is at least ``least_gap`` points wide and crossed by at most the share ``may_cross`` of the lines; where
    some cross it, the part that fewest cross is returned.
    """
    if len(words) == 0:
        return []
    left, right = float(words.x0.min()), float(words.x1.max())
    n_bins = int(np.ceil(right - left)) + 2
    steps = np.bincount(np.floor(words.x0 - left).astype(np.int64), minlength=n_bins).astype(np.int64)
    steps[:n_bins] -= np.bincount(np.ceil(words.x1 - left).astype(np.int64), minlength=n_bins)[:n_bins]
    cover = np.cumsum(steps)
    gutters = []
    for start, end in _runs_of(cover <= may_cross * words.n_lines):
        if end - start < least_gap or start == 0 or left + end >= right:
            continue
        clearest = _runs_of(cover[start:end] == cover[start:end].min())
        # Texts begin at one place more often than they end at one, so the border stands before the next column.
        wide = [run for run in clearest if run[1] - run[0] >= BLANK_GAP * words.height]
        first, last = wide[-1] if wide else max(clearest, key=lambda run: run[1] - run[0])
        gutters.append((left + start + first, left + start + last))
    return gutters


def _runs_of(flags: Bools) -> list[tuple[int, int]]:
    """Return where flags are set, as [start, end) runs."""
    padded = np.zeros(len(flags) + 2, dtype=np.bool_)
    padded[1:-1] = flags
    edges = (padded[1:] != padded[:-1]).nonzero()[0].tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def split_columns(
    words: WordLines, box: tuple[float, float], *, least_gap: float, may_cross: float, n_head: int = 0
) -> Floats:
    """Return column borders between ``box`` (left, right): the middles of gutters, without columns that hold too few
    words to be one; a heading that stands apart in the first ``n_head`` lines makes one without any."""
    gutters = find_gutters(words, least_gap=least_gap, may_cross=may_cross)
    several = words.select(_is_of_several(words))
    if 1 < several.n_lines < words.n_lines and words.n_lines - several.n_lines <= MAX_TITLES * words.n_lines:
        # Titles between rows run over gutters that the rows keep.
        untitled = find_gutters(several, least_gap=least_gap, may_cross=may_cross)
        gutters = untitled if len(untitled) > len(gutters) else gutters
    borders = [(a + b) / 2 for a, b in gutters]
    column = np.searchsorted(np.array(borders), words.centre)
    held = np.zeros((words.n_lines, len(borders) + 1), dtype=np.bool_)
    held[words.line, column] = True
    # Where cells have many lines, a column of short texts is held once a row, as is the first.
    n_held = held.sum(axis=0)
    least = min(MIN_HELD * words.n_lines, max(2.0, MIN_BESIDE * n_held[0]))
    headed = _headed(words, column, len(borders) + 1, n_head) if n_head else np.zeros(len(borders) + 1, dtype=np.bool_)
    kept = [border for border, is_kept in zip(borders, ((n_held >= least) | headed)[1:], strict=True) if is_kept]
    return np.array([box[0], *kept, box[1]])


def _headed(words: WordLines, column: Indices, n_columns: int, n_head: int) -> Bools:
    """Return which columns have a phrase of their own in one of the first ``n_head`` lines."""
    is_start = np.diff(words.phrases, prepend=-1) > 0
    found = np.zeros(n_columns, dtype=np.bool_)
    found[column[is_start & (words.line < n_head)]] = True
    return found


def _is_of_several(words: WordLines) -> Bools:
    """Return for each word whether its line has two phrases or more."""
    first = run_starts(words.phrases)
    several: Bools = (np.bincount(words.line[first], minlength=words.n_lines) > 1)[words.line]
    return several


def mesh_lines(words: WordLines, xs: Floats, ys: Floats, *, is_open_top: bool, is_open_bottom: bool) -> Mesh:
    """Return a mesh with the given borders; a phrase that crosses borders makes its places one cell, and the whole row
    when it stands alone there."""
    n_rows, n_columns = len(ys) - 1, len(xs) - 1
    owners = np.arange(n_rows * n_columns, dtype=np.int32).reshape(n_rows, n_columns)
    row = np.searchsorted(ys, words.middle) - 1
    phrase = words.phrases
    for border in range(1, n_columns):
        for crossed in np.unique(row[_crosses(words, phrase, float(xs[border]))]):
            if 0 <= crossed < n_rows:
                owners[crossed, border] = owners[crossed, border - 1]
    for number in np.flatnonzero((owners[:, 1:] == owners[:, :-1]).any(axis=1)):
        held = np.unique(owners[number, np.searchsorted(xs, _middles(words, row == number)) - 1])
        if len(held) == 1:
            owners[number] = owners[number, 0]
    return Mesh(xs=xs, ys=ys, owners=owners, is_open_top=is_open_top, is_open_bottom=is_open_bottom)


def _middles(words: WordLines, which: Bools) -> Floats:
    middles: Floats = words.centre[which]
    return middles


def _crosses(words: WordLines, phrase: Ints, x: float) -> Bools:
    """Tell which words belong to a phrase that runs over ``x`` with no more than a common blank there."""
    over = (words.x0 < x - 1.0) & (words.x1 > x + 1.0)
    gap = words.x0[1:] - words.x1[:-1]
    joins = (phrase[1:] == phrase[:-1]) & (words.x1[:-1] <= x + 1.0) & (words.x0[1:] >= x - 1.0)
    # The one gap that a border was set into is none that a phrase runs over, as narrow as it is.
    is_border = (gap >= LEAST_GAP * words.height) & (np.abs((words.x0[1:] + words.x1[:-1]) / 2 - x) < SAME_PLACE)
    over[1:] |= joins & (gap < BLANK_GAP * words.height) & ~is_border
    return over


def stands_in_columns(line: WordLines, xs: Floats) -> bool:
    """Tell whether no phrase of a line crosses a column border."""
    phrase = line.phrases
    return not any(_crosses(line, phrase, float(x)).any() for x in xs[1:-1])


def fill_shares(words: WordLines, xs: Floats) -> list[float]:
    """Return for each column how much of the way to the next column its lines fill on average: near 1 for columns of
    running text. The last column is measured by its longest line."""
    column = np.clip(np.searchsorted(xs, words.centre) - 1, 0, len(xs) - 2)
    shape = (words.n_lines, len(xs) - 1)
    left, right = np.full(shape, np.inf), np.full(shape, -np.inf)
    np.minimum.at(left, (words.line, column), words.x0)
    np.maximum.at(right, (words.line, column), words.x1)
    held = np.isfinite(left)
    starts = np.append(left.min(axis=0), right.max())
    shares = []
    for number in range(len(xs) - 1):
        lines = held[:, number]
        width = float(starts[number + 1] - starts[number])
        mean = float((right - left)[lines, number].mean()) if lines.any() else 0.0
        shares.append(mean / width if np.isfinite(width) and width > 0 else 0.0)
    return shares


def held_columns(words: WordLines, xs: Floats) -> Bools:
    """Return (lines, columns): where a line has words."""
    column = np.clip(np.searchsorted(xs, words.centre) - 1, 0, len(xs) - 2)
    held = np.zeros((words.n_lines, len(xs) - 1), dtype=np.bool_)
    held[words.line, column] = True
    return held


def row_borders(groups: Sequence[tuple[float, float]], first: float, last: float) -> Floats:
    """Return row borders for rows given as (top, bottom): the middles between them, ``first`` and ``last`` outside."""
    middles = [(a[1] + b[0]) / 2 for a, b in zip(groups, groups[1:], strict=False)]
    return np.array([first, *middles, last])
