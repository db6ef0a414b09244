"""Painted paths into pdfplumber's rectangles and edges.

Follows ``PDFLayoutAnalyzer.paint_path`` (what is a line, a rectangle, a curve) and pdfplumber's ``Container.edges``
(lines, then four edges per rectangle, then the pieces of curves). Paths of plain rectangles, by far the most, go
through numpy; the others one by one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from pdfminer.utils import Matrix, Point, apply_matrix_pt

from extractors.glyphs import Bools, Floats, Indices
from extractors.reader.columns import to_floats, to_indices
from extractors.reader.lexer import NUMBERS, OPERANDS, OPERATOR, Statement, read_number
from extractors.reader.record import PageRecord

_SUBPATH = re.compile(r"m[^m]+")
_N_OPERANDS = {b"m": 2, b"l": 2, b"c": 6, b"v": 4, b"y": 4, b"re": 4, b"h": 0}


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The page's box as pdfplumber has it: left and top of the media box, and the page's height, in points."""

    left: float
    top: float
    height: float

    def flip(self, x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return x0, top, x1, bottom of boxes given from the lower left corner."""
        return x0 + self.left, (self.height - y1) + self.top, x1 + self.left, (self.height - y0) + self.top


@dataclass(slots=True)
class _Shapes:
    """Shapes in pdfminer's coordinates, each with its place in the order of paths."""

    lines: list[tuple[int, Point, Point]] = field(default_factory=list)
    rects: list[tuple[int, Point, Point, bool]] = field(default_factory=list)
    curves: list[tuple[int, list[Point]]] = field(default_factory=list)


def make_paths(record: PageRecord, frame: PageFrame) -> tuple[Floats, Floats, Bools]:
    """Return edges (m, 4), rectangles (k, 4) and whether each rectangle is filled; raises ``ValueError`` for paths
    whose operands are no numbers."""
    shapes = _Shapes()
    rects, is_filled, places = _plain_rectangles(record, shapes)
    for path, ctm, filled, place in record.paths:
        _add_path(path, ctm, filled, place, shapes)
    if shapes.rects:
        boxes = [(min(p[0], q[0]), min(p[1], q[1]), max(p[0], q[0]), max(p[1], q[1])) for _, p, q, _ in shapes.rects]
        rects = np.concatenate([rects, np.array(boxes)])
        is_filled = np.concatenate([is_filled, np.array([rect[3] for rect in shapes.rects], dtype=np.bool_)])
        order = np.argsort(np.concatenate([places, [rect[0] for rect in shapes.rects]]), kind="stable")
        rects, is_filled = rects[order], is_filled[order]
    flipped = np.stack(frame.flip(*rects.T), axis=1)
    edges = [_line_edges(shapes, frame), _rect_edges(flipped, rects[:, 3] - rects[:, 1]), _curve_edges(shapes, frame)]
    return np.concatenate(edges), flipped, is_filled


def _plain_rectangles(record: PageRecord, shapes: _Shapes) -> tuple[Floats, Bools, Indices]:
    """Return boxes, fill and place of the rectangles that stand square; turned and flat ones become curves."""
    x, y, width, height = to_floats(record.rectangles).reshape(-1, 4).T
    setting, filled, place = to_indices(record.rectangle_heads).reshape(-1, 3).T
    a, b, c, d, e, f = to_floats(record.matrices).reshape(-1, 6)[setting].T
    right, high = x + width, y + height
    xs = [a * px + c * py + e for px, py in ((x, y), (right, y), (right, high), (x, high))]
    ys = [b * px + d * py + f for px, py in ((x, y), (right, y), (right, high), (x, high))]
    is_flat = (xs[3] == xs[0]) & (ys[3] == ys[0])
    is_square = ((xs[0] == xs[1]) & (ys[1] == ys[2]) & (xs[2] == xs[3]) & (ys[3] == ys[0])) | (
        (ys[0] == ys[1]) & (xs[1] == xs[2]) & (ys[2] == ys[3]) & (xs[3] == xs[0])
    )
    is_rect = is_square & ~is_flat
    for i in np.flatnonzero(~is_rect):
        points = [(float(px[i]), float(py[i])) for px, py in zip(xs, ys, strict=True)]
        # pdfminer drops the point before the closing when it is the first point again.
        shapes.curves.append((int(place[i]), points if is_flat[i] else [*points, points[0]]))
    boxes = np.stack(
        (np.minimum(xs[0], xs[2]), np.minimum(ys[0], ys[2]), np.maximum(xs[0], xs[2]), np.maximum(ys[0], ys[2])), axis=1
    )
    return boxes[is_rect], filled[is_rect] != 0, place[is_rect]


def _add_path(path: Sequence[Statement], ctm: Matrix, is_filled: bool, place: int, shapes: _Shapes) -> None:
    """Sort the subpaths of a path into lines, rectangles and curves."""
    segments = _segments(path)
    letters = "".join(segment[0] for segment in segments)
    if not letters.startswith("m"):
        return
    if letters.count("m") == 1:
        _add_subpath(letters, [segment[1] for segment in segments], ctm, is_filled, place, shapes)
        return
    for found in _SUBPATH.finditer(letters):
        points = [segment[1] for segment in segments[found.start() : found.end()]]
        _add_subpath(found.group(), points, ctm, is_filled, place, shapes)


def _segments(path: Sequence[Statement]) -> list[tuple[str, Point | None]]:
    """Return each path operator's letter and end point (``None`` for a closing)."""
    segments: list[tuple[str, Point | None]] = []
    for s in path:
        operator = s[OPERATOR]
        numbers = list(map(read_number, s[NUMBERS].split()))
        if s[OPERANDS] or len(numbers) < _N_OPERANDS[operator]:
            raise ValueError("operands are no numbers")
        if operator == b"re":
            x, y, width, height = numbers[-4:]
            corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
            segments += zip("mlll", corners, strict=True)
            segments.append(("h", None))
        elif operator == b"h":
            segments.append(("h", None))
        else:
            segments.append((operator.decode("ascii"), (numbers[-2], numbers[-1])))
    return segments


def _add_subpath(
    letters: str, ends: Sequence[Point | None], ctm: Matrix, is_filled: bool, place: int, shapes: _Shapes
) -> None:
    first = ends[0]
    assert first is not None
    points = [apply_matrix_pt(ctm, first if end is None else end) for end in ends]
    if len(letters) > 3 and letters[-2:] == "lh" and points[-2] == points[0]:
        letters = letters[:-2] + "h"
        points.pop()
    if letters in ("mlh", "ml"):
        shapes.lines.append((place, points[0], points[1]))
    elif letters in ("mlllh", "mllll") and _is_square(points):
        shapes.rects.append((place, points[0], points[2], is_filled))
    else:
        shapes.curves.append((place, points))


def _is_square(points: Sequence[Point]) -> bool:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3), last = points
    return points[0] == last and (
        (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)
    )


def _line_edges(shapes: _Shapes, frame: PageFrame) -> Floats:
    if not shapes.lines:
        return np.zeros((0, 4))
    ends = np.array([(*p, *q) for _, p, q in shapes.lines])
    x0, x1 = np.minimum(ends[:, 0], ends[:, 2]), np.maximum(ends[:, 0], ends[:, 2])
    y0, y1 = np.minimum(ends[:, 1], ends[:, 3]), np.maximum(ends[:, 1], ends[:, 3])
    return np.stack(frame.flip(x0, y0, x1, y1), axis=1)


def _rect_edges(rects: Floats, height: Floats) -> Floats:
    """Return four edges per rectangle: top, bottom, left, right. The bottom one hangs from the top by the height."""
    x0, top, x1, bottom = rects.T
    edges = ((x0, top, x1, top), (x0, top + height, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom))
    return np.array(edges).transpose(2, 0, 1).reshape(-1, 4)


def _curve_edges(shapes: _Shapes, frame: PageFrame) -> Floats:
    edges: list[tuple[float, float, float, float]] = []
    low = frame.top + frame.height
    for _, points in sorted(shapes.curves, key=lambda curve: curve[0]):
        placed = [(frame.left + x, low - y) for x, y in points]
        for (px, py), (qx, qy) in zip(placed, placed[1:], strict=False):
            edges.append((min(px, qx), min(py, qy), max(px, qx), max(py, qy)))
    return np.array(edges, dtype=np.float64).reshape(-1, 4)
