"""Painted areas of a page, and which of its edges are only their sides.

Enter a page's edges and rectangles; leave the edges that a pen may have drawn, and those that part cells, drawn or
shaded.
"""

from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Floats, Indices
from extractors.tables.rulings import MAX_RULINGS, STROKE

ALIKE = 1.0
"""An area this close, in points, to another's left and right edge is as wide."""
SLACK = 0.5
"""An area may reach out of the one it lies in by this, in points, and is lower by more."""
_SIDES = np.array([[0, 1, 2, 1], [0, 3, 2, 3], [0, 1, 0, 3], [2, 1, 2, 3]])


@dataclass(frozen=True, slots=True, eq=False)
class Paint:
    """The filled rectangles that are areas and no strokes, with the edges that are left without the sides of all
    (``drawn``), and without the sides of those that shade one line of text inside a painted cell (``cells``). All as
    x0, top, x1, bottom; where nothing is left out, the page's own edges."""

    areas: Floats
    drawn: Floats
    cells: Floats


def read_paint(edges: Floats, rects: Floats, is_filled: Bools) -> Paint:
    """Return the painted areas and the edges without their sides."""
    size = np.minimum(rects[:, 2] - rects[:, 0], rects[:, 3] - rects[:, 1])
    areas: Floats = rects[is_filled & (size > STROKE)]
    if len(areas) == 0:
        return Paint(areas, edges, edges)
    n_edges = len(edges)
    # Edges and sides that are equal get one number, all at once: sorting takes the time.
    keys = _key(np.concatenate((edges, areas[:, _SIDES].reshape(-1, 4))))
    order = np.argsort(keys)
    ordered = keys[order]
    numbers = np.zeros(len(keys), dtype=np.int64)
    numbers[order[1:]] = np.cumsum(ordered[1:] != ordered[:-1])
    of_edges, of_sides = numbers[:n_edges], numbers[n_edges:].reshape(-1, len(_SIDES))
    drawn = edges[_is_left(of_edges, of_sides)]
    shades = _inside_alike(areas) if 1 < len(areas) <= MAX_RULINGS else ()
    cells = edges[_is_left(of_edges, of_sides[shades])] if len(shades) else edges
    return Paint(areas, drawn, cells)


def _is_left(edges: Indices, sides: Indices) -> Bools:
    """Tell which edges are not explained as sides, both given as numbers. A line drawn exactly along a side comes once
    more than the areas explain."""
    n_sides = np.bincount(sides.ravel(), minlength=int(edges.max(initial=0)) + 1)
    n_edges = np.bincount(edges, minlength=len(n_sides))
    is_left: Bools = ((n_sides == 0) | (n_edges > n_sides))[edges]
    return is_left


def _inside_alike(areas: Floats) -> Indices:
    """Return the indices of the areas that lie in one as wide and higher."""
    order = np.argsort(areas[:, 0], kind="stable")
    x0, top, x1, bottom = np.ascontiguousarray(areas[order].T)
    # Only areas that begin near each other are looked at, in pairs: a few for each, where all pairs are ten thousands.
    first = np.searchsorted(x0, x0 - ALIKE)
    counts = np.searchsorted(x0, x0 + ALIKE, side="right") - first
    inner = np.repeat(np.arange(len(x0)), counts)
    outer = np.arange(len(inner)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    height = bottom - top
    is_lower = np.flatnonzero(height[inner] < (height - SLACK)[outer])
    inner, outer = inner[is_lower], outer[is_lower]
    is_alike = (np.abs(x0[inner] - x0[outer]) < ALIKE) & (np.abs(x1[inner] - x1[outer]) < ALIKE)
    is_within = (top[inner] >= (top - SLACK)[outer]) & (bottom[inner] <= (bottom + SLACK)[outer])
    found = np.zeros(len(x0), dtype=np.bool_)
    found[order[inner[is_alike & is_within]]] = True
    return np.flatnonzero(found)


def _key(boxes: Floats) -> Floats:
    """Return one number per box, equal for equal boxes and hardly ever for others."""
    key: Floats = boxes[:, 0] + boxes[:, 1] * 1009.37 + boxes[:, 2] * 7919.13 + boxes[:, 3] * 104729.7
    return key
