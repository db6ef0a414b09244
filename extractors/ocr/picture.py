"""The picture of a page: set straight, told ink from paper, searched for rulings."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extractors.glyphs import Bools, Floats

Pixels = NDArray[np.uint8]

_MAX_LEAN = 3.0
_SMALL_SIDE = 700


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Grey pixels of a page, ``scale`` of them to the point, and the page's size in points. ``lean`` is the angle in
    degrees by which it was turned to stand straight."""

    pixels: Pixels
    scale: float
    width: float
    height: float
    lean: float = 0.0


def set_straight(picture: Picture) -> Picture:
    """Return the picture turned so that its lines of print run level; a lean of less than 0.05 degrees stays."""
    import cv2

    factor = min(1.0, _SMALL_SIDE / max(picture.pixels.shape))
    small = cv2.resize(picture.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = find_ink(np.asarray(small, dtype=np.uint8)).astype(np.uint8)
    if ink.sum() < 50:
        return picture
    rough = _best_angle(ink, np.arange(-_MAX_LEAN, _MAX_LEAN + 0.05, 0.2))
    lean = _best_angle(ink, np.arange(rough - 0.2, rough + 0.21, 0.04))
    if abs(lean) < 0.05:
        return picture
    rows, columns = picture.pixels.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), lean, 1.0)
    paper = int(np.median(picture.pixels))
    straight = cv2.warpAffine(picture.pixels, turn, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=paper)
    return replace(picture, pixels=np.asarray(straight, dtype=np.uint8), lean=float(lean))


def _best_angle(ink: Pixels, angles: Floats) -> float:
    """Return the angle at which the ink falls most unevenly over the rows: lines of print against gaps."""
    import cv2

    rows, columns = ink.shape
    best, found = -1.0, 0.0
    for angle in sorted(angles.tolist(), key=abs):
        turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
        turned = cv2.warpAffine(ink * 255, turn, (columns, rows), flags=cv2.INTER_LINEAR)
        profile = turned.sum(axis=1, dtype=np.float64)
        score = float(np.square(np.diff(profile)).sum())
        if score > best * 1.0001:
            best, found = score, float(angle)
    return found


def find_ink(pixels: Pixels) -> Bools:
    """Return where ink is: clearly darker than the paper around it, so that shaded cells are paper."""
    import cv2

    around = max(15, (max(pixels.shape) // 60) | 1)
    paper = cv2.medianBlur(pixels, min(around, 255) | 1)
    found: Bools = paper.astype(np.int16) - pixels > 45
    return found


def find_rulings(picture: Picture) -> Floats:
    """Return rulings as edges (m, 4) in points: x0, top, x1, bottom, level or upright, at the middle of the stroke.

    A row of letters may look like one: the caller drops those that run through print.
    """
    import cv2

    pixels = picture.pixels
    around = max(15, round(picture.scale * 8) | 1)
    ink = cv2.adaptiveThreshold(pixels, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, 12)
    length, bridge, thick = round(picture.scale * 18), round(picture.scale * 1.5), picture.scale * 3
    edges: list[tuple[float, float, float, float]] = []
    for is_level in (True, False):
        close = (bridge, 1) if is_level else (1, bridge)
        reach = (length, 1) if is_level else (1, length)
        drawn = cv2.dilate(ink, np.ones((3, 1) if is_level else (1, 3), np.uint8))
        drawn = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, np.ones(close[::-1], np.uint8))
        drawn = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones(reach[::-1], np.uint8))
        _, _, boxes, _ = cv2.connectedComponentsWithStats(drawn)
        for left, top, width, height, _ in boxes[1:].tolist():
            if (height if is_level else width) > thick:
                continue
            if is_level:
                edges.append((left, top + height / 2, left + width, top + height / 2))
            else:
                edges.append((left + width / 2, top, left + width / 2, top + height))
    return np.array(sorted(edges, key=lambda edge: (edge[1], edge[0])), dtype=np.float64).reshape(-1, 4) / picture.scale
