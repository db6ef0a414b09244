"""Column borders that the drawing of row rules gives away: rules drawn cell by cell break at the borders.

Enter a page's edges and the heights of a table's rules; leave x positions. Dots and dashes are no pieces.
"""

import numpy as np

from extractors.glyphs import Floats
from extractors.tables.rulings import STROKE, cluster

MIN_PIECE = 8.0
"""Shorter pieces of a rule, in points, are dots, dashes or corners."""
MEET = 2.0
"""One piece ends and the next begins within this many points."""
MIN_SHARE = 0.6
"""Rules drawn by cell break at a border in this share of all of them, and in two at least."""
MAX_BREAKS = 40
"""A rule with more breaks than this is dashed."""


def drawn_borders(edges: Floats, ys: Floats, ends: tuple[float, float]) -> Floats:
    """Return where most of the rules at heights ``ys`` break between two pieces, inside ``ends`` (left, right)."""
    x0, y, x1, bottom = edges.T
    is_piece = (np.abs(y - bottom) < 0.1) & (x1 - x0 >= MIN_PIECE)
    pieces = edges[is_piece & (x0 >= ends[0] - MEET) & (x1 <= ends[1] + MEET)]
    starts, heights, stops = pieces[:, 0].round(1), pieces[:, 1], pieces[:, 2].round(1)
    begins, ends_inside = starts > ends[0] + MIN_PIECE, stops < ends[1] - MIN_PIECE
    if not (begins.any() and ends_inside.any()):
        return np.zeros(0)
    found: list[Floats] = []
    for height in ys.tolist():
        is_near = np.abs(heights - height) <= STROKE
        found.append(_breaks(np.unique(starts[is_near & begins]), np.unique(stops[is_near & ends_inside])))
    places = np.concatenate(found) if found else np.zeros(0)
    if len(places) == 0:
        return places
    owner = np.repeat(np.arange(len(found)), [len(part) for part in found])
    order = np.argsort(places, kind="stable")
    places, owner = places[order], owner[order]
    group = cluster(places, MEET)
    needed = max(2.0, MIN_SHARE * len(ys))
    kept = [number for number in range(int(group[-1]) + 1) if len(np.unique(owner[group == number])) >= needed]
    return np.array([float(places[group == number].mean()) for number in kept])


def _breaks(starts: Floats, stops: Floats) -> Floats:
    """Return where a piece ends and another begins, of those that do so away from the ends of the rule."""
    if len(starts) == 0 or len(stops) == 0 or len(starts) > MAX_BREAKS:
        return np.zeros(0)
    apart = np.abs(starts[:, None] - stops)
    meets = apart.min(axis=1) <= MEET
    places: Floats = (starts[meets] + stops[apart[meets].argmin(axis=1)]) / 2
    return places
