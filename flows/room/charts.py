"""Pictures drawn: a description for Vega-Lite comes in, SVG leaves, with links and a title at each mark.

Drawing takes a tenth of a second, and a second the first time in a process; a picture that was drawn is kept by its
description, rows included, so it is drawn again when and only when what it shows has changed. Nothing is loaded from
elsewhere: all rows stand in the description. What leaves is written anew from the parsed SVG, with only the elements
and attributes that a picture needs.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import vl_convert

VERSION = "6.4"
# Links are written with this in front, as Vega takes whole addresses only, and leave without it.
HERE = "https://room.invalid"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, SOFT, LINE = "#1c2430", "#55606e", "#d9dde3"
_WIDE = 544.0
_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = frozenset(
    {"svg", "g", "a", "path", "rect", "line", "text", "tspan", "circle", "defs", "clipPath", "linearGradient", "stop"}
)
_ATTRIBUTES = frozenset(
    {
        *(
            "width",
            "height",
            "viewBox",
            "transform",
            "d",
            "x",
            "y",
            "x1",
            "x2",
            "y1",
            "y2",
            "cx",
            "cy",
            "r",
            "dx",
            "dy",
        ),
        *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"),
        *(
            "stroke-linecap",
            "stroke-linejoin",
            "stroke-miterlimit",
            "opacity",
            "clip-path",
            "id",
            "offset",
            "stop-color",
        ),
        *("font-family", "font-size", "font-weight", "font-style", "text-anchor", "class"),
    }
)
_CONFIG = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "gridColor": "#eceff3",
        "domainColor": LINE,
        "tickColor": LINE,
        "labelLimit": 0,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "header": {"labelColor": INK, "titleColor": SOFT},
}
Spec = dict[str, Any]
PathTo = Callable[..., str]


def draw(spec: Spec) -> str:
    """Return a picture as SVG, made to stand inside a page. Slow: call it in a thread."""
    whole = {**spec, "config": _CONFIG, "$schema": "https://vega.github.io/schema/vega-lite/v6.json"}
    return _draw(json.dumps(whole, sort_keys=True))


def link(path: str) -> str:
    """Return a path of this site as an address that Vega takes."""
    return HERE + path


def dark_or_light() -> Spec:
    """Return white for rows whose ``is_dark`` says so."""
    return {"condition": {"test": "datum.is_dark", "value": "#fff"}, "value": INK}


def warm_up() -> None:
    """Draw something, so that the first picture that a reader asks for is quick."""
    spec = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    draw(spec)


@lru_cache(maxsize=64)
def _draw(spec: str) -> str:
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(spec, vl_version=VERSION))
    cleaned = _clean(drawn)
    # One that is wider than a phone is not made smaller than can be read; it scrolls.
    cleaned.set("class", "drawn wide" if float(drawn.get("width", "0")) > _WIDE else "drawn")
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(cleaned, encoding="unicode")


def _clean(element: ElementTree.Element) -> ElementTree.Element:
    """Return an element with what is allowed in it, a mark's description as its title, and links to this site only."""
    copy = ElementTree.Element(element.tag, {key: value for key, value in element.items() if key in _ATTRIBUTES})
    href = element.get(_HREF) or element.get("href") or ""
    if href.startswith(f"{HERE}/"):
        copy.set("href", href.removeprefix(HERE))
        copy.set("tabindex", "-1")  # the table beside leads to the same places
    words = element.get("aria-label")
    if words and element.get("role") == "graphics-symbol":
        ElementTree.SubElement(copy, f"{{{_SVG}}}title").text = words
    copy.text, copy.tail = element.text, element.tail
    copy.extend(_clean(child) for child in element if child.tag.removeprefix(f"{{{_SVG}}}") in _ELEMENTS)
    return copy
