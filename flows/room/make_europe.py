"""Make ``europe.json``, the shapes of the map of states, from Natural Earth as world-atlas packs it.

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    python -m flows.room.make_europe package/countries-50m.json

Natural Earth is in the public domain, world-atlas under the ISC licence. Countries in and round Europe stay, with the
points that a map of a screen's width can show; borders that two countries share stay shared.
"""

import json
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pycountry

Point = tuple[float, float]
Ring = list[Point]
TARGET = Path(__file__).with_name("europe.json")
# Longitudes and latitudes of what is kept, and the least distance between points, in degrees.
_WEST, _EAST, _SOUTH, _NORTH = -25.0, 46.0, 33.0, 72.0
_STEP = 0.15
_LEAST_POINTS = 7
_DIGITS = 2
_FURTHEST_EAST = 60.0
# The Union does not recognise the annexation of Crimea; Natural Earth draws who holds it.
_UKRAINE = ("UA", "Ukraine")
# The middle of the map, and where it lies in pixels: the map is 660 wide and 640 high.
_MIDDLE = (12.0, 52.0)
_LEFT, _TOP, _SCALE = 320.0, 300.0, 880.0
# Countries that Natural Earth has no number for.
_BY_NAME = {"Kosovo": "XK"}


def make_shapes(topology: dict[str, Any]) -> dict[str, Any]:
    """Return the countries in and round Europe as features of GeoJSON: code, name, and a point for a label. Coordinates
    are pixels of the map."""
    arcs = [_thin(_decode(arc, topology["transform"])) for arc in topology["arcs"]]
    shapes: dict[tuple[str, str], list[list[Ring]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = [[_ring(arcs, ring) for ring in polygon] for polygon in _polygons(geometry)]
        polygons = [[ring for ring in polygon if len(ring) > 3] for polygon in polygons]
        polygons = [polygon for polygon in polygons if polygon and _is_near(polygon[0])]
        code = _code(geometry)
        if code is None:
            continue
        for polygon in polygons:
            whose = _UKRAINE if code == "RU" and _is_crimea(polygon[0]) else (code, geometry["properties"]["name"])
            shapes.setdefault(whose, []).append(polygon)
    features = [_feature(code, name, _without_specks(polygons)) for (code, name), polygons in shapes.items()]
    return {"type": "FeatureCollection", "features": sorted(features, key=lambda one: str(one["properties"]["code"]))}


def _feature(code: str, name: str, polygons: list[list[Ring]]) -> dict[str, Any]:
    flat = [[[_project(point) for point in ring] for ring in polygon] for polygon in polygons]
    x, y = _middle(max((polygon[0] for polygon in flat), key=lambda ring: abs(_area(ring))))
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "x": round(x, 1), "y": round(y, 1)},
        "geometry": {"type": "MultiPolygon", "coordinates": flat},
    }


def _without_specks(polygons: list[list[Ring]]) -> list[list[Ring]]:
    """Return polygons without islets; the largest stays, however small."""
    first = max(polygons, key=lambda polygon: abs(_area(polygon[0])))
    return [polygon for polygon in polygons if polygon is first or len(polygon[0]) >= _LEAST_POINTS]


def _project(point: Point) -> Point:
    """Return the place of a point on the map, in pixels: Lambert's azimuthal equal-area projection round Europe."""
    x, y = math.radians(point[0] - _MIDDLE[0]), math.radians(point[1])
    y0 = math.radians(_MIDDLE[1])
    shrink = math.sqrt(2 / (1 + math.sin(y0) * math.sin(y) + math.cos(y0) * math.cos(y) * math.cos(x)))
    right = shrink * math.cos(y) * math.sin(x)
    up = shrink * (math.cos(y0) * math.sin(y) - math.sin(y0) * math.cos(y) * math.cos(x))
    return round(_LEFT + _SCALE * right, 1), round(_TOP - _SCALE * up, 1)


def _code(geometry: dict[str, Any]) -> str | None:
    name = geometry["properties"]["name"]
    if name in _BY_NAME:
        return _BY_NAME[name]
    country = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
    return None if country is None else str(country.alpha_2)


def _decode(arc: Iterable[Sequence[int]], transform: dict[str, Any]) -> Ring:
    """Return the points of an arc, which are written as steps."""
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    x = y = 0
    points: Ring = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * scale_x + shift_x, y * scale_y + shift_y))
    return points


def _thin(arc: Ring) -> Ring:
    """Return an arc without points that lie close to the one before; its ends stay."""
    kept = arc[:1]
    for point in arc[1:-1]:
        if math.dist(point, kept[-1]) >= _STEP:
            kept.append(point)
    points = [(round(min(x, _FURTHEST_EAST), _DIGITS), round(y, _DIGITS)) for x, y in [*kept, arc[-1]]]
    return [point for point, before in zip(points, [None, *points], strict=False) if point != before]


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    arcs: list[Any] = geometry.get("arcs", [])
    return [arcs] if geometry.get("type") == "Polygon" else arcs


def _ring(arcs: Sequence[Ring], numbers: Iterable[int]) -> Ring:
    """Return a ring from its arcs; a negative number is an arc from its end."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _is_near(ring: Ring) -> bool:
    return any(_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH for x, y in ring)


def _is_crimea(ring: Ring) -> bool:
    x, y = _middle(ring)
    return 32.0 < x < 37.0 and 44.0 < y < 46.5


def _area(ring: Ring) -> float:
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def _middle(ring: Ring) -> Point:
    """Return the centre of gravity of a ring."""
    area = _area(ring)
    if not area:
        return ring[0]
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    x = sum((x + u) * (x * v - u * y) for (x, y), (u, v) in pairs) / (6 * area)
    y = sum((y + v) * (x * v - u * y) for (x, y), (u, v) in pairs) / (6 * area)
    return x, y


if __name__ == "__main__":
    shapes = make_shapes(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    TARGET.write_text(json.dumps(shapes, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
