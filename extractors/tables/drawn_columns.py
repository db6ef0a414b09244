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
    flat = edges[(np.abs(edges[:, 1] - edges[:, 3]) < 0.1) & (edges[:, 2] - edges[:, 0] >= MIN_PIECE)]
    found: list[Floats] = []
    for y in ys.tolist():
        pieces = flat[np.abs(flat[:, 1] - y) <= STROKE]
        inside = (pieces[:, 0] >= ends[0] - MEET) & (pieces[:, 2] <= ends[1] + MEET)
        found.append(_breaks(pieces[inside], ends))
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


def _breaks(pieces: Floats, ends: tuple[float, float]) -> Floats:
    """Return where a piece ends and another begins, away from the ends of the rule."""
    if len(pieces) < 2:
        return np.zeros(0)
    starts = np.unique(np.round(pieces[:, 0], 1))
    stops = np.unique(np.round(pieces[:, 2], 1))
    starts = starts[starts > ends[0] + MIN_PIECE]
    stops = stops[stops < ends[1] - MIN_PIECE]
    if len(starts) == 0 or len(stops) == 0 or len(starts) > MAX_BREAKS:
        return np.zeros(0)
    apart = np.abs(starts[:, None] - stops[None, :])
    meets = apart.min(axis=1) <= MEET
    places: Floats = (starts[meets] + stops[apart[meets].argmin(axis=1)]) / 2
    return places
