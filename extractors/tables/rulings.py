"""Drawn lines of a page as whole rulings: pieces joined, double strokes made one, those that touch put together.

Enters ``PageGlyphs.edges``; leave groups of horizontal and vertical rulings that hang together, each a possible table
or frame. Slanted strokes and specks (bullets, dots of a rounded corner) are refused.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.glyphs import Bools, Floats, Indices, Ints
from extractors.runs import run_starts

STROKE = 2.5
"""Parallel edges this close, in points, are the two sides of one stroke."""
REACH = 3.0
SPACING = 3.6
"""Ends of rulings this close, in points, touch; shaded cells this close are neighbours."""
MIN_LENGTH = 4.0
"""Shorter rulings are specks."""
MIN_TITLE = 8.0
MAX_TITLE = 60.0
"""Walls break for a title over this height, in points."""
MAX_RULINGS = 1500
"""More rulings of one direction than this are a drawing; the longest are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Rulings:
    """Whole rulings: ``across`` (m, 3) as y, x0, x1 sorted from the top; ``down`` (k, 3) as x, top, bottom sorted from
    the left."""

    across: Floats
    down: Floats

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return the hull as x0, top, x1, bottom; needs at least one ruling."""
        across, down = self.across.T.tolist(), self.down.T.tolist()
        xs, ys = (*across[1], *across[2], *down[0]), (*across[0], *down[1], *down[2])
        return min(xs), min(ys), max(xs), max(ys)


def slanted_strokes(edges: Floats) -> Floats:
    """Return the slanted edges longer than a dot's: curves of a drawing."""
    width, height = np.abs(edges[:, 2] - edges[:, 0]), np.abs(edges[:, 3] - edges[:, 1])
    strokes: Floats = edges[(width > 0.1) & (height > 0.1) & (width + height > 2.0)]
    return strokes


def count_strokes(strokes: Floats, box: tuple[float, float, float, float]) -> int:
    """Return how many slanted strokes stand in a box (x0, top, x1, bottom)."""
    if len(strokes) == 0:
        return 0
    x0, top, x1, bottom = strokes.T
    return int(np.count_nonzero((x0 >= box[0]) & (x1 <= box[2]) & (top >= box[1]) & (bottom <= box[3])))


def read_rulings(edges: Floats) -> Rulings:
    """Return the page's rulings from edges (n, 4) given as x0, top, x1, bottom."""
    x0, top, x1, bottom = edges.T
    width, height = x1 - x0, bottom - top
    across = ((np.abs(height) < 0.1) & (width > 0)).nonzero()[0]
    down = ((np.abs(width) < 0.1) & (height > 0)).nonzero()[0]
    return Rulings(
        _join_pieces(top.take(across), x0.take(across), x1.take(across)),
        _join_pieces(x0.take(down), top.take(down), bottom.take(down)),
    )


def group_rulings(rulings: Rulings, *, reach: float = REACH) -> tuple[Rulings, ...]:
    """Return the rulings in groups that touch or cross each other within ``reach`` points, from the top of the page
    down; those that touch none are left out."""
    across, down = rulings.across, rulings.down
    if len(across) == 0 or len(down) == 0:
        return ()
    x, top, bottom = down.T
    y, x0, x1 = across.T[:, :, None]
    touches = (x >= x0 - reach) & (x <= x1 + reach) & (y >= top - reach) & (y <= bottom + reach)
    return tuple(Rulings(across[rows], down[columns]) for rows, columns in _hang_together(touches))


def add_title_rules(rulings: Rulings, others: Floats) -> Rulings:
    """Return rulings that hang together with rules added over and under each place where all inner walls break, two or
    more: there stands a title over all columns. Pieces of these walls that touch no rule are among ``others`` (x, top,
    bottom)."""
    left, top, right, bottom = rulings.box
    x = others[:, 0]
    is_inner = (x > left + REACH) & (x < right - REACH)
    inner = others[is_inner & (others[:, 1] > top - REACH) & (others[:, 2] < bottom + REACH)]
    # Rulings come sorted, those of one place together.
    starts = run_starts(inner[:, 0]).tolist() if len(inner) > 3 else []
    if len(starts) < 2 or len(inner) < 2 * len(starts):
        return rulings
    walls = [inner[start:end] for start, end in pairwise((*starts, len(inner)))]
    first = _breaks_of(walls[0])
    rest = [_breaks_of(wall) for wall in walls[1:]] if first else []
    added = [
        (y, left, right)
        for start, end in first
        if all(any(abs(a - start) < STROKE and abs(b - end) < STROKE for a, b in breaks) for breaks in rest)
        for y in (start, end)
        if float(np.abs(rulings.across[:, 0] - y).min(initial=np.inf)) > REACH
    ]
    if not added:
        return rulings
    across = np.concatenate((rulings.across, np.array(added)))
    is_outer = (rulings.down[:, 0] <= left + REACH) | (rulings.down[:, 0] >= right - REACH)
    return Rulings(across[np.argsort(across[:, 0], kind="stable")], np.concatenate((rulings.down[is_outer], inner)))


def _breaks_of(pieces: Floats) -> list[tuple[float, float]]:
    """Return where a wall given as (x, top, bottom) pieces breaks for at least the height of a line of print."""
    ordered = pieces[np.argsort(pieces[:, 1], kind="stable")]
    ends = zip(ordered[:, 2].tolist(), ordered[1:, 1].tolist(), strict=False)
    return [(start, end) for start, end in ends if MIN_TITLE <= end - start <= MAX_TITLE]


def cluster(values: Floats, tolerance: float) -> Ints:
    """Return for each of the sorted ``values`` the number of its cluster; neighbours within ``tolerance`` share one.

    >>> cluster(np.array([1.0, 2.0, 9.0]), 1.5).tolist()
    [0, 0, 1]
    """
    numbers = np.zeros(len(values), dtype=np.int32)
    (values[1:] - values[:-1] > tolerance).cumsum(out=numbers[1:])
    return numbers


def cluster_means(values: Floats, tolerance: float) -> Floats:
    """Return the mean of each cluster of ``values``, sorted."""
    if len(values) == 0:
        return values
    ordered = np.sort(values)
    labels = cluster(ordered, tolerance)
    means: Floats = np.bincount(labels, weights=ordered) / np.bincount(labels)
    return means


def _hang_together(touches: Bools) -> list[tuple[list[int], Indices]]:
    """Return rows and columns of a boolean matrix in parts that hang together, by their first rows; empty rows are in
    none."""
    # Sets of columns as the bits of whole numbers: one operation tells whether two sets meet, however wide they are.
    parts: list[tuple[int, list[int]]] = []
    for row, bits in enumerate(np.packbits(touches, axis=1)):
        columns, rows = int.from_bytes(bits.tobytes()), [row]
        if columns == 0:
            continue
        met = [number for number, (taken, _) in enumerate(parts) if taken & columns]
        for number in reversed(met):
            taken, others = parts.pop(number)
            columns |= taken
            rows = others + rows
        # The first of them keeps its place: parts come in the order of their first rows.
        parts.insert(met[0] if met else len(parts), (columns, rows))
    return [(sorted(rows), np.logical_or.reduce(touches[rows]).nonzero()[0]) for _, rows in parts]


def _join_pieces(places: Floats, starts: Floats, ends: Floats) -> Floats:
    """Return pieces as whole rulings (place, start, end): one place per stroke, overlapping and touching pieces one."""
    if len(places) == 0:
        return np.zeros((0, 3))
    order = places.argsort(kind="stable")
    places, starts, ends = places.take(order), starts.take(order), ends.take(order)
    labels = cluster(places, STROKE)
    places = np.bincount(labels, weights=places) / np.bincount(labels)
    order = np.lexsort((starts, labels))
    labels, starts, ends = labels.take(order), starts.take(order), ends.take(order)
    # A running maximum per place: shift each place's pieces clear of the one before, so that one pass does all.
    shift = labels * (max(map(abs, (*_range(starts), *_range(ends)))) * 2 + 100.0)
    reached = np.maximum.accumulate(ends + shift)
    is_new = np.ones(len(starts), dtype=np.bool_)
    np.greater((starts + shift)[1:], reached[:-1] + REACH, out=is_new[1:])
    first = is_new.nonzero()[0]
    starts, ends = starts.take(first), np.maximum.reduceat(ends, first)
    is_long = (ends - starts >= MIN_LENGTH).nonzero()[0]
    if len(is_long) > MAX_RULINGS:
        longest = (starts - ends)[is_long].argsort(kind="stable")[:MAX_RULINGS]
        is_long = is_long[np.sort(longest)]
    whole: Floats = np.array((places[labels[first[is_long]]], starts[is_long], ends[is_long])).T
    return whole


def _range(values: Floats) -> tuple[float, float]:
    return float(values.min()), float(values.max())
