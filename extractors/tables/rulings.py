"""Drawn lines of a page as whole rulings: pieces joined, double strokes made one, those that touch put together.

Enters ``PageGlyphs.edges``; leave groups of horizontal and vertical rulings that hang together, each a possible table
or frame. Slanted strokes and specks (bullets, dots of a rounded corner) are refused.
"""

from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Floats, Ints

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


def painted_areas(rects: Floats, is_filled: Bools) -> Floats:
    """Return the filled rectangles that are areas and no strokes."""
    size = np.minimum(rects[:, 2] - rects[:, 0], rects[:, 3] - rects[:, 1])
    areas: Floats = rects[is_filled & (size > STROKE)]
    return areas


def drawn_edges(edges: Floats, areas: Floats) -> Floats:
    """Return the edges that a pen may have drawn: without the sides of painted areas."""
    return _without_sides(edges, areas)


def cell_edges(edges: Floats, rects: Floats, is_filled: Bools) -> Floats:
    """Return the edges without the sides of painted areas that shade one line of text inside a painted cell: those as
    wide as the area they lie in."""
    areas = painted_areas(rects, is_filled)
    if len(areas) < 2 or len(areas) > MAX_RULINGS:
        return edges
    x0, top, x1, bottom = areas.T
    is_alike = (np.abs(x0[:, None] - x0) < 1.0) & (np.abs(x1[:, None] - x1) < 1.0)
    is_within = (top[:, None] >= top - 0.5) & (bottom[:, None] <= bottom + 0.5)
    is_smaller = (bottom - top)[:, None] < (bottom - top) - 0.5
    return _without_sides(edges, areas[(is_alike & is_within & is_smaller).any(axis=1)])


def _without_sides(edges: Floats, areas: Floats) -> Floats:
    """Return the edges that are not explained as sides of the areas."""
    if len(areas) == 0:
        return edges
    x0, top, x1, bottom = areas.T
    sides = [np.column_stack(side) for side in ((x0, top, x1, top), (x0, bottom, x1, bottom))]
    sides += [np.column_stack(side) for side in ((x0, top, x0, bottom), (x1, top, x1, bottom))]
    keys, counts = np.unique(_key(np.concatenate(sides)), return_counts=True)
    edge_keys = _key(edges)
    place = np.minimum(np.searchsorted(keys, edge_keys), len(keys) - 1)
    is_side = keys[place] == edge_keys
    # A line drawn exactly along a side comes once more than the areas explain.
    ordered = np.sort(edge_keys)
    totals = np.searchsorted(ordered, edge_keys, side="right") - np.searchsorted(ordered, edge_keys)
    rest: Floats = edges[~is_side | (totals > counts[place])]
    return rest


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


def _key(boxes: Floats) -> Floats:
    """Return one number per box, equal for equal boxes and hardly ever for others."""
    key: Floats = boxes[:, 0] + boxes[:, 1] * 1009.37 + boxes[:, 2] * 7919.13 + boxes[:, 3] * 104729.7
    return key


def read_rulings(edges: Floats) -> Rulings:
    """Return the page's rulings from edges (n, 4) given as x0, top, x1, bottom."""
    width, height = edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1]
    across = edges[(np.abs(height) < 0.1) & (width > 0)]
    down = edges[(np.abs(width) < 0.1) & (height > 0)]
    return Rulings(_join_pieces(across[:, [1, 0, 2]]), _join_pieces(down[:, [0, 1, 3]]))


def group_rulings(rulings: Rulings, *, reach: float = REACH) -> tuple[Rulings, ...]:
    """Return the rulings in groups that touch or cross each other within ``reach`` points, from the top of the page
    down."""
    across, down = rulings.across, rulings.down
    if len(across) == 0 or len(down) == 0:
        return tuple(Rulings(across[[row]], down[:0]) for row in range(len(across)))
    touches = (
        (down[None, :, 0] >= across[:, None, 1] - reach)
        & (down[None, :, 0] <= across[:, None, 2] + reach)
        & (across[:, None, 0] >= down[None, :, 1] - reach)
        & (across[:, None, 0] <= down[None, :, 2] + reach)
    )
    groups = []
    is_free = np.ones(len(across), dtype=np.bool_)
    is_alone = np.logical_not(touches.any(axis=1)).tolist()
    for row in range(len(across)):
        if is_alone[row]:
            groups.append(Rulings(across[row : row + 1], down[:0]))
            continue
        if not is_free[row]:
            continue
        rows, columns = _grow(touches, row)
        is_free &= ~rows
        groups.append(Rulings(across[rows], down[columns]))
    return tuple(groups)


def add_title_rules(rulings: Rulings, others: Floats) -> Rulings:
    """Return rulings that hang together with rules added over and under each place where all inner walls break, two or
    more: there stands a title over all columns. Pieces of these walls that touch no rule are among ``others`` (x, top,
    bottom)."""
    left, top, right, bottom = rulings.box
    is_inner = (others[:, 0] > left + REACH) & (others[:, 0] < right - REACH)
    inner = others[is_inner & (others[:, 1] > top - REACH) & (others[:, 2] < bottom + REACH)]
    places = np.unique(inner[:, 0])
    if len(places) < 2 or len(inner) < 2 * len(places):
        return rulings
    breaks = [_breaks_of(inner[inner[:, 0] == place]) for place in places]
    added = [
        (y, left, right)
        for start, end in breaks[0]
        if all(any(abs(a - start) < STROKE and abs(b - end) < STROKE for a, b in other) for other in breaks[1:])
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
    np.cumsum(values[1:] - values[:-1] > tolerance, out=numbers[1:])
    return numbers


def cluster_means(values: Floats, tolerance: float) -> Floats:
    """Return the mean of each cluster of ``values``, sorted."""
    if len(values) == 0:
        return values
    ordered = np.sort(values)
    labels = cluster(ordered, tolerance)
    means: Floats = np.bincount(labels, weights=ordered) / np.bincount(labels)
    return means


def _grow(touches: Bools, row: int) -> tuple[Bools, Bools]:
    """Return masks of the rows and columns of a boolean matrix that hang together with ``row``."""
    rows = np.zeros(touches.shape[0], dtype=np.bool_)
    rows[row] = True
    columns = touches[row].copy()
    while True:
        more_rows = rows | touches[:, columns].any(axis=1)
        more_columns = columns | touches[more_rows].any(axis=0)
        if (more_rows == rows).all() and (more_columns == columns).all():
            return rows, columns
        rows, columns = more_rows, more_columns


def _join_pieces(pieces: Floats) -> Floats:
    """Return (place, start, end) pieces as whole rulings: one place per stroke, overlapping and touching pieces one."""
    if len(pieces) == 0:
        return pieces
    pieces = pieces[np.argsort(pieces[:, 0], kind="stable")]
    labels = cluster(pieces[:, 0], STROKE)
    places = np.bincount(labels, weights=pieces[:, 0]) / np.bincount(labels)
    order = np.lexsort((pieces[:, 1], labels))
    labels, starts, ends = labels[order], pieces[order, 1], pieces[order, 2]
    # A running maximum per place: shift each place's pieces clear of the one before, so that one pass does all.
    shift = labels * (float(np.abs(pieces[:, 1:]).max()) * 2 + 100.0)
    reached = np.maximum.accumulate(ends + shift)
    is_new = np.ones(len(starts), dtype=np.bool_)
    is_new[1:] = (starts + shift)[1:] > reached[:-1] + REACH
    first = np.flatnonzero(is_new)
    whole: Floats = np.column_stack((places[labels[first]], starts[first], np.maximum.reduceat(ends, first)))
    whole = whole[whole[:, 2] - whole[:, 1] >= MIN_LENGTH]
    if len(whole) > MAX_RULINGS:
        longest = np.argsort(whole[:, 1] - whole[:, 2], kind="stable")[:MAX_RULINGS]
        whole = whole[np.sort(longest)]
    return whole
