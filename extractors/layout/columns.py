"""Columns: the words of a page cut into regions of one column each, in reading order.

A gutter is an upright strip of white with running text on both sides. List labels, the blanks of justified lines and
the columns of small tables are no gutters: what stands on one line there belongs together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from extractors.glyphs import Bools, Floats, Indices
from extractors.layout.printed_words import Words
from extractors.medians import median
from extractors.runs import run_starts

_BIN = 1.0  # points
_MIN_GUTTER = 6.0  # points
_WINDOW = int(_MIN_GUTTER / _BIN)  # bins
_TEXT_WIDTH = 5  # of the size: as wide is a column of text at least
_SURE_GUTTER = 10.0  # points: without help from the order of painting
_MANY_CUTS = 0.4
_MAX_TRIES = 8
_MAX_DEPTH = 8
_BLOCK_ROW = 14.0  # points: a table counts as this many rows of text of so many letters
_BLOCK_LETTERS = 30


def order_regions(words: Words, which: Indices, uprights: Floats, *, trust_paint: bool = True) -> list[Indices]:
    """Return the words as regions of one column, in reading order.

    ``uprights`` (m, 4) are drawn vertical rules. ``trust_paint`` tells that the order of painting means something.
    """
    found: list[Indices] = []
    _cut(words, which, _Hints(uprights, trust_paint), found, 0)
    return found


@dataclass(slots=True, eq=False)
class _Hints:
    uprights: Floats
    trust_paint: bool


@dataclass(slots=True, eq=False)
class _Strips:
    """Words between horizontal whites: strip number of each word, and for each strip its weight and its edges.

    ``left`` and ``right`` are the half-open stretches of bins that the words cover, counted from ``origin``; all lie
    before ``n_bins``. ``least`` is the size of the smallest word.
    """

    number: Indices
    count: int
    left: Indices
    right: Indices
    n_bins: int
    weight: Floats
    top: Floats
    bottom: Floats
    origin: float
    least: float


@dataclass(slots=True, eq=False)
class _Whites:
    """Places (bins) where strips of some weight have white as wide as a gutter between words.

    ``between`` tells for each strip and place whether it has that there, ``free`` whether it has no word there, if only
    on one side.
    """

    places: Indices
    free: Bools
    between: Bools


def _cut(words: Words, which: Indices, hints: _Hints, found: list[Indices], depth: int) -> None:
    if len(which) == 0:
        return
    gutter = _find_gutter(words, which, hints) if depth < _MAX_DEPTH and len(which) >= 8 else None
    if gutter is None:
        found.append(which)
        return
    for part in gutter:
        _cut(words, part, hints, found, depth + 1)


def _make_strips(words: Words, which: Indices) -> _Strips:
    size = words.size[which]
    top, bottom = words.top[which] + 0.2 * size, words.bottom[which] - 0.2 * size
    order = np.argsort(top, kind="stable")
    ordered, reach = top[order], np.maximum.accumulate(bottom[order])
    starts = np.concatenate(([0], np.flatnonzero(ordered[1:] > reach[:-1]) + 1))
    count = len(starts)
    number = np.empty(len(which), dtype=np.int64)
    number[order] = np.repeat(np.arange(count), np.append(starts[1:], len(which)) - starts)
    x0, x1 = words.x0[which], words.x1[which]
    origin = float(x0.min())
    n_bins = int((x1.max() - origin) / _BIN) + 2
    left = ((x0 - origin) / _BIN).astype(np.int64)
    right = np.maximum(np.ceil((x1 - origin) / _BIN).astype(np.int64), left + 1)
    tops, bottoms = ordered[starts], np.maximum.reduceat(bottom[order], starts)
    pitch = max(1.0, 1.2 * median(size))
    weight = np.maximum(1.0, np.rint((bottoms - tops) / pitch))
    return _Strips(number, count, left, right, n_bins, weight, tops, bottoms, origin, float(size.min()))


def _find_whites(strips: _Strips) -> _Whites:
    """Return where strips of a weight of two or more have white between words.

    A strip has few gaps that are wide enough; only they are looked at, not each bin of each strip.
    """
    width = strips.n_bins + 1
    offset = strips.number * width
    order = np.argsort(offset + strips.left)
    number = strips.number[order]
    begin, reach = strips.left[order], np.maximum.accumulate((offset + strips.right)[order]) - offset[order]
    is_gap = (begin[1:] - reach[:-1] >= _WINDOW) & (number[1:] == number[:-1])
    gaps = is_gap.nonzero()[0]
    row, first, end = number[gaps], reach[gaps], begin[gaps + 1] - _WINDOW + 1
    steps = np.bincount(first, weights=strips.weight[row], minlength=width)
    steps -= np.bincount(end, weights=strips.weight[row], minlength=width)
    places = (np.cumsum(steps) >= 2).nonzero()[0]
    none = np.zeros((strips.count, 0), dtype=np.bool_)
    if len(places) == 0:
        return _Whites(places, none, none)
    n_places = len(places) + 1
    low, high = np.searchsorted(places, first), np.searchsorted(places, end)
    size = strips.count * n_places
    marks = np.bincount(row * n_places + low, minlength=size) - np.bincount(row * n_places + high, minlength=size)
    between = np.cumsum(marks.reshape(strips.count, n_places), axis=1)[:, :-1] > 0
    starts = run_starts(number)
    ends = np.append(starts[1:], len(number)) - 1
    before, after = begin[starts][:, None], reach[ends][:, None]
    return _Whites(places, between | (places + _WINDOW <= before) | (places >= after), between)


def _find_gutter(words: Words, which: Indices, hints: _Hints) -> list[Indices] | None:
    """Return the regions above, left, right and below of the best gutter, or ``None``."""
    strips = _make_strips(words, which)
    # What stands left of a place is no wider than its distance from the left edge.
    least = _TEXT_WIDTH * strips.least / _BIN
    whites = _find_whites(strips)
    places = whites.places
    if strips.n_bins <= _WINDOW + 4 or len(places) == 0 or places[-1] < least:
        return None
    support, reach = _best_run(whites.free, whites.between * strips.weight[:, None])
    tried: list[int] = []
    # Among equals the longest strip of white is the gutter.
    for number in np.argsort(-(support + reach / (strips.count + 1)), kind="stable").tolist():
        place = int(places[number])
        if support[number] < 2 or len(tried) >= _MAX_TRIES:
            return None
        if any(abs(place - other) < _WINDOW for other in tried):
            continue
        tried.append(place)
        if place < least:
            continue
        flags = whites.free[:, number], whites.between[:, number]
        parts = _try_gutter(words, which, strips, flags, place, hints)
        if parts is not None:
            return parts
    return None


def _best_run(free: Bools, weight: Floats) -> tuple[Floats, Floats]:
    """Return for each column of ``free`` the weight and the length of its heaviest run of set places; of equally heavy
    ones the longest."""
    total, length = _sums_of_runs(free, weight), _sums_of_runs(free, np.ones(free.shape))
    support = total.max(axis=0, initial=0.0)
    return support, np.where(total == support, length, 0.0).max(axis=0, initial=0.0)


def _sums_of_runs(free: Bools, weight: Floats) -> Floats:
    """Return for each place the sum of whole, non-negative weights from the start of its run of set places on."""
    total = np.cumsum(weight, axis=0)
    sums: Floats = total - np.maximum.accumulate(np.where(free, 0.0, total), axis=0)
    return sums


def _try_gutter(
    words: Words, which: Indices, strips: _Strips, flags: tuple[Bools, Bools], place: int, hints: _Hints
) -> list[Indices] | None:
    """Try the runs of free strips at one place, the best supported first."""
    free, both = flags
    edge = np.flatnonzero(np.diff(np.concatenate(([0], free.astype(np.int64), [0]))))
    runs = edge.reshape(-1, 2).tolist()
    runs.sort(key=lambda run: -float((both[run[0] : run[1]] * strips.weight[run[0] : run[1]]).sum()))
    x = strips.origin + (place + _MIN_GUTTER / _BIN / 2) * _BIN
    middle = (words.x0[which] + words.x1[which]) / 2
    for first, end in runs[:2]:
        if float((both[first:end] * strips.weight[first:end]).sum()) < 2:
            return None
        while _belongs_above(strips, first, end, middle < x):
            first += 1
        if hints.trust_paint and end - first > 1:
            first, end = _narrow_band(words.paint[which], strips, (first, end), middle < x)
        inside = (strips.number >= first) & (strips.number < end)
        left, right = which[inside & (middle < x)], which[inside & (middle >= x)]
        if _is_gutter(words, left, right, hints):
            return [which[strips.number < first], left, right, which[strips.number >= end]]
    return None


def _belongs_above(strips: _Strips, first: int, end: int, is_left: Bools) -> bool:
    """Tell whether a band's first strip is the short last line of the full-width text above it."""
    if first == 0 or end - first < 3 or not is_left[strips.number == first].all():
        return False
    return bool(strips.top[first] - strips.bottom[first - 1] < 0.9 * (strips.top[first + 1] - strips.bottom[first]))


def _narrow_band(paint: Indices, strips: _Strips, band: tuple[int, int], is_left: Bools) -> tuple[int, int]:
    """Cut a band where the page was painted in two steps, all above before all below; return the best part.

    Inside columns there is no such place, as the foot of the left one is painted before the head of the right one.
    Where there are many, painting went line by line and says nothing.
    """
    first, end = band
    inside = (strips.number >= first) & (strips.number < end)
    number, paint, is_left = strips.number[inside] - first, paint[inside], is_left[inside]
    lowest, highest = np.full(end - first, np.iinfo(np.int64).max), np.full(end - first, -1)
    np.minimum.at(lowest, number, paint)
    np.maximum.at(highest, number, paint)
    low, high = lowest.tolist(), highest.tolist()
    start, stop = _without_ends(low, high)
    before = list(accumulate(high[start:stop], max))
    after = list(accumulate(reversed(low[start:stop]), min))[::-1]
    # What stands on the right only below the rest, or on the left only above it, is the same column going on.
    left, right = number[is_left], number[~is_left]
    last_left = int(left[left < stop].max(initial=-1))
    first_right = int(right[right >= start].min(initial=end))
    cuts = [
        cut
        for cut in range(start + 1, stop)
        if before[cut - 1 - start] < after[cut - start] and first_right < cut <= last_left
    ]
    if len(cuts) > max(2, _MANY_CUTS * (stop - start)):
        return band
    borders = [start, *cuts, stop]
    best = max(pairwise(borders), key=lambda part: (part[1] - part[0], -part[0]))
    return first + best[0], first + best[1]


def _without_ends(low: Sequence[int], high: Sequence[int]) -> tuple[int, int]:
    """Return the range of strips left when those at the ends are taken off that were painted out of turn, as heads and
    feet often are: a first one after all others, a last one before them, or both after all between."""
    start, stop = 0, len(low)
    while stop - start > 3:
        first, last = start, stop - 1
        if low[first] > max(high[first + 1 : stop]):
            start += 1
        elif high[last] < min(low[start:last]):
            stop -= 1
        elif min(low[first], low[last]) > max(high[first + 1 : last]):
            start, stop = start + 1, stop - 1
        else:
            break
    return start, stop


@dataclass(slots=True, eq=False)
class _Side:
    """What a side of a gutter looks like: number of rows, their median width, letters per row, share of full rows."""

    n_rows: int
    width: float
    fill: float
    letters: float

    def holds_text(self, size: float) -> bool:
        """Tell whether a side is wide and long enough for text of a size in points."""
        return self.width >= _TEXT_WIDTH * size and self.letters > 7 and self.n_rows >= 2


def _look_at(words: Words, side: Indices) -> _Side:
    size = words.size[side]
    top, bottom = words.top[side] + 0.3 * size, words.bottom[side] - 0.3 * size
    order = np.argsort(top, kind="stable")
    reach = np.maximum.accumulate(bottom[order])
    starts = np.concatenate(([0], np.flatnonzero(top[order][1:] > reach[:-1]) + 1))
    numbers = side[order]
    left = np.minimum.reduceat(words.x0[numbers], starts)
    right = np.maximum.reduceat(words.x1[numbers], starts)
    lengths = words.starts[numbers + 1] - words.starts[numbers]
    height = words.bottom[numbers] - words.top[numbers]
    is_block = lengths == 0
    n_rows = len(starts) + int((height[is_block] / _BLOCK_ROW).sum())
    letters = float(lengths.sum() + _BLOCK_LETTERS * (height[is_block] / _BLOCK_ROW).sum()) / max(n_rows, 1)
    width = float(right.max() - left.min())
    return _Side(n_rows, width, median(right - left) / max(width, 1.0), letters)


def _is_gutter(words: Words, left: Indices, right: Indices, hints: _Hints) -> bool:
    """Decide whether what stands left and right are columns of text."""
    if len(left) == 0 or len(right) == 0:
        return False
    size = median(words.size[np.concatenate((left, right))])
    one = _look_at(words, left)
    if not one.holds_text(size):
        return False
    two = _look_at(words, right)
    if not two.holds_text(size):
        return False
    if _has_rule(words, left, right, hints):
        return True
    n_rows = min(one.n_rows, two.n_rows)
    changes = _paint_changes(words, left, right)
    if hints.trust_paint and changes <= max(1, 0.15 * n_rows):
        return True
    if not all(side.n_rows >= 3 and side.fill >= 0.5 and side.letters >= 14 for side in (one, two)):
        return False
    if hints.trust_paint and changes < 0.6 * n_rows:
        return True
    is_wide = float(words.x0[right].min() - words.x1[left].max()) >= _SURE_GUTTER
    return is_wide and all(side.n_rows >= 5 and side.fill >= 0.8 and side.letters >= 24 for side in (one, two))


def _paint_changes(words: Words, left: Indices, right: Indices) -> int:
    """Count how often painting went over from one side to the other."""
    paint = np.concatenate((words.paint[left], words.paint[right]))
    side = np.zeros(len(paint), dtype=np.int64)
    side[len(left) :] = 1
    return int(np.count_nonzero(np.diff(side[np.argsort(paint, kind="stable")])))


def _has_rule(words: Words, left: Indices, right: Indices, hints: _Hints) -> bool:
    """Tell whether a drawn upright rule stands in the gutter along most of its height."""
    if len(hints.uprights) == 0:
        return False
    x0, x1 = float(words.x1[left].max()), float(words.x0[right].min())
    both = np.concatenate((left, right))
    top, bottom = float(words.top[both].min()), float(words.bottom[both].max())
    rules = hints.uprights[(hints.uprights[:, 0] >= x0 - 1) & (hints.uprights[:, 0] <= x1 + 1)]
    if len(rules) == 0:
        return False
    covered = np.minimum(rules[:, 3], bottom) - np.maximum(rules[:, 1], top)
    return bool(covered.max() >= 0.7 * (bottom - top))
