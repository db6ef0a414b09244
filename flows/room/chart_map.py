"""The map of states by projects: shapes of ``europe.json`` and rows of ``pipeline.room.figures`` come in, a description
for Vega-Lite leaves."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from flows.room.charts import PathTo, Spec, dark_or_light, link
from pipeline.room.figures import StateCount

_EUROPE = Path(__file__).with_name("europe.json")


def europe(counts: Iterable[StateCount], path_to: PathTo) -> Spec:
    """Return a map of Europe: the darker a state, the more projects it takes part in."""
    features = _features(counts, path_to)
    labels = [feature["properties"] for feature in features if feature["properties"]["projects"]]
    most = max((label["projects"] for label in labels), default=1)
    scale = {"domain": [0, most], "range": ["#eaf1f8", "#1d4f8c"]}
    for label in labels:
        label["is_dark"] = label["projects"] > most * 0.55
    shapes = {"values": {"type": "FeatureCollection", "features": features}, "format": {"property": "features"}}
    shape = {"type": "geoshape", "stroke": "#fff", "strokeWidth": 0.8}
    return {
        "width": 660,
        "height": 640,
        "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
        "layer": [
            {
                "data": shapes,
                "mark": {**shape, "fill": "#e9ebee", "clip": True},
                "encoding": {"description": {"field": "properties.says"}},
            },
            {
                "data": shapes,
                "transform": [{"filter": "isValid(datum.properties.projects)"}],
                "mark": {**shape, "clip": True},
                "encoding": {
                    "color": {
                        "field": "properties.projects",
                        "type": "quantitative",
                        "scale": scale,
                        "legend": {"title": "projects", "orient": "top-left"},
                    },
                    "href": {"field": "properties.href"},
                    "description": {"field": "properties.says"},
                },
            },
            {
                "data": {"values": labels},
                "mark": {"type": "text", "fontSize": 11, "clip": True},
                "encoding": {
                    "longitude": {"field": "x", "type": "quantitative"},
                    "latitude": {"field": "y", "type": "quantitative"},
                    "text": {"field": "projects", "type": "quantitative"},
                    "color": dark_or_light(),
                },
            },
        ],
    }


def _features(counts: Iterable[StateCount], path_to: PathTo) -> list[dict[str, Any]]:
    """Return the shapes of the map, with the number of projects of each state that has any."""
    by_state = {count.state: count for count in counts}
    features: list[dict[str, Any]] = []
    for feature in shapes_of_europe():
        code, name = feature["properties"]["code"], feature["properties"]["name"]
        count = by_state.get(code)
        projects = count.projects if count else 0
        own = {"projects": projects or None, "says": f"{name}: {projects} projects" if count else name}
        own["href"] = link(path_to("states", code)) if count else None
        features.append({**feature, "properties": {**feature["properties"], **own}})
    return features


@cache
def shapes_of_europe() -> list[Any]:
    """Return the countries of the map as features; coordinates are pixels."""
    shapes: list[Any] = json.loads(_EUROPE.read_text(encoding="utf-8"))["features"]
    return shapes
