"""Recognised lines into glyph columns and words.

The engine gives a line's text and, roughly, where each character stands. It now and then runs words together; a blank
is put back where letter and figure, or a stop and what follows, stand apart in the picture as words do.
"""

from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Floats, PageGlyphs
from extractors.ocr.picture import Picture, Pixels, find_ink

# The engine's boxes are higher than the type; this much of them is about the type's size.
_TYPE_SHARE = 0.75
# A blank is at least this much of the type's size; the gap between letters stays well below.
_BLANK_SHARE = 0.2
_MAX_COVERED = 0.25
_WAVER = 0.25
_BOLD_SHARE = 1.35
# Paper is no darker than this below white.
_PAPER = 40.0
_STOPS = ",;:)"


# Where something begins and ends along a line, in pixels.
Extent = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print: its text, its box in pixels, and the engine's characters (without blanks) with their extents."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    spans: list[tuple[str, Extent]]


@dataclass(slots=True)
class _Glyphs:
    text: list[str]
    x0: list[float]
    x1: list[float]
    line: list[int]
    starts: list[int]
    members: list[int]


def make_page(number: int, picture: Picture, lines: list[Line], edges: Floats) -> PageGlyphs:
    """Return the page of recognised lines, places in points."""
    ink = find_ink(picture.pixels)
    glyphs = _Glyphs([], [], [], [], [0], [])
    for index, line in enumerate(lines):
        _add_line(index, line, ink, glyphs)
    line_of = np.array(glyphs.line, dtype=np.int64)
    middle = np.array([(line.top + line.bottom) / 2 for line in lines], dtype=np.float64)[line_of]
    size = _sizes(lines)[line_of]
    n = len(line_of)
    x0, x1 = (np.array(column, dtype=np.float64) / picture.scale for column in (glyphs.x0, glyphs.x1))
    top, bottom = (middle - size / 2) / picture.scale, (middle + size / 2) / picture.scale
    return PageGlyphs(
        number=number,
        width=picture.width,
        height=picture.height,
        text=tuple(glyphs.text),
        x0=x0,
        top=top,
        x1=x1,
        bottom=bottom,
        size=size / picture.scale,
        upright=np.ones(n, dtype=np.bool_),
        font=_find_bold(lines, picture.pixels).astype(np.int32)[line_of],
        fonts=("Recognised", "Recognised-Bold"),
        word_starts=np.array(glyphs.starts, dtype=np.int32),
        word_glyphs=np.array(glyphs.members, dtype=np.int32),
        edges=_keep_clear(edges, np.stack((x0, top, x1, bottom), axis=1)),
        rects=np.zeros((0, 4)),
        is_filled=np.zeros(0, dtype=np.bool_),
        image_share=1.0,
        is_ocr=True,
    )


def _sizes(lines: list[Line]) -> Floats:
    """Return the type size of each line in pixels. The height of the engine's boxes wavers; where it is near the usual
    one of the page, that is taken."""
    heights = np.array([line.bottom - line.top for line in lines], dtype=np.float64)
    if len(heights) == 0:
        return heights
    usual = float(np.median(np.repeat(heights, [len(line.text) for line in lines])))
    heights[np.abs(heights / usual - 1) <= _WAVER] = usual
    sizes: Floats = heights * _TYPE_SHARE
    return sizes


def _find_bold(lines: list[Line], pixels: Pixels) -> Bools:
    """Return which lines are printed bold: their strokes are clearly wider than the page's usually are."""
    widths = np.array([_stroke_width(line, pixels) for line in lines], dtype=np.float64)
    if len(widths) == 0:
        return np.zeros(0, dtype=np.bool_)
    usual = float(np.median(np.repeat(widths, [len(line.text) for line in lines])))
    found: Bools = widths > usual * _BOLD_SHARE
    return found


def _stroke_width(line: Line, pixels: Pixels) -> float:
    """Return about how wide a line's strokes are, in pixels: the darkness in it over the steps into and out of it."""
    rows, columns = (
        slice(max(0, round(line.top)), round(line.bottom)),
        slice(max(0, round(line.left)), round(line.right)),
    )
    dark = np.clip(255.0 - _PAPER - pixels[rows, columns], 0.0, None)
    steps = float(np.abs(np.diff(dark, axis=1)).sum())
    return 2 * float(dark.sum()) / steps if steps else 0.0


def _keep_clear(edges: Floats, boxes: Floats) -> Floats:
    """Return the edges that do not run through print for a quarter of their length or more."""
    if len(boxes) == 0:
        return edges
    kept = []
    left, top, right, bottom = boxes.T
    for edge in edges:
        x0, y0, x1, y1 = edge
        if y0 == y1:
            through = (top < y0) & (y0 < bottom)
            covered = np.clip(np.minimum(right, x1) - np.maximum(left, x0), 0, None)[through].sum() / (x1 - x0)
        else:
            through = (left < x0) & (x0 < right)
            covered = np.clip(np.minimum(bottom, y1) - np.maximum(top, y0), 0, None)[through].sum() / (y1 - y0)
        if covered < _MAX_COVERED:
            kept.append(edge)
    return np.array(kept, dtype=np.float64).reshape(-1, 4)


def _add_line(index: int, line: Line, ink: Bools, glyphs: _Glyphs) -> None:
    """Add a line's characters, and a blank glyph between words."""
    text, extents = _place(line)
    gaps = _gaps(line, ink)
    words = _heal(text, extents, gaps).split()
    bounds = _word_bounds(words, extents, gaps, _BLANK_SHARE * _TYPE_SHARE * (line.bottom - line.top))
    first = 0
    for number, (word, (left, right)) in enumerate(zip(words, bounds, strict=True)):
        if number:
            _add_glyph(glyphs, " ", bounds[number - 1][1], left, index)
        # The engine's characters have holes between them; inside a word each one reaches to the next.
        middles = [sum(extent) / 2 for extent in extents[first : first + len(word)]]
        cuts = [left, *((a + b) / 2 for a, b in zip(middles, middles[1:], strict=False)), right]
        cuts = np.maximum.accumulate(np.clip(cuts, left, right)).tolist()
        for character, start, end in zip(word, cuts, cuts[1:], strict=False):
            glyphs.members.append(len(glyphs.text))
            _add_glyph(glyphs, character, start, end, index)
        glyphs.starts.append(len(glyphs.members))
        first += len(word)


def _add_glyph(glyphs: _Glyphs, text: str, x0: float, x1: float, line: int) -> None:
    glyphs.text.append(text)
    glyphs.x0.append(x0)
    glyphs.x1.append(x1)
    glyphs.line.append(line)


def _word_bounds(words: list[str], extents: list[Extent], gaps: list[Extent], blank: float) -> list[Extent]:
    """Return where each word begins and ends: at the gap in the ink between it and the next, if one is seen there."""
    if not words:
        return []
    bounds = [extents[0][0]]
    last = -1
    for word in words[:-1]:
        last += len(word)
        before, after = extents[last], extents[last + 1]
        low, high = sum(before) / 2, sum(after) / 2
        seen = [(max(low, start), min(high, end)) for start, end in gaps if low < (start + end) / 2 < high]
        middle = (before[1] + after[0]) / 2
        widest = max(seen, key=_width) if seen else (middle - blank / 2, middle + blank / 2)
        bounds += widest
    bounds.append(max(extents[-1][1], bounds[-1]))
    return list(zip(bounds[::2], bounds[1::2], strict=True))


def _width(extent: Extent) -> float:
    return extent[1] - extent[0]


def _place(line: Line) -> tuple[str, list[Extent]]:
    """Return the text and the extent of each character that is no blank: the engine's, or even shares of the line."""
    text = " ".join(line.text.split())
    printed = text.replace(" ", "")
    if "".join(span[0] for span in line.spans) == printed and len(line.spans) == len(printed):
        return text, [span[1] for span in line.spans]
    step = (line.right - line.left) / max(1, len(text))
    places = [(line.left + i * step, line.left + (i + 1) * step) for i, c in enumerate(text) if c != " "]
    return text, places


def _heal(text: str, extents: list[Extent], gaps: list[Extent]) -> str:
    """Return the text with blanks put back between words that the engine ran together."""
    healed = text[:1]
    place = 0
    for before, after in zip(text, text[1:], strict=False):
        if after != " ":
            if before != " " and _may_part(before, after) and _is_apart(extents[place], extents[place + 1], gaps):
                healed += " "
            place += 1
        healed += after
    return healed


def _may_part(before: str, after: str) -> bool:
    """Return whether two characters seldom stand together inside a word."""
    if before in _STOPS:
        return after.isalnum()
    if before == ".":
        return after.isupper()
    return (
        (before.isalpha() and after.isdigit())
        or (before.isdigit() and after.isalpha())
        or (before.islower() and after.isupper())
    )


def _gaps(line: Line, ink: Bools) -> list[Extent]:
    """Return the stretches of a line, in pixels, that hold no ink and are as wide as a blank."""
    height = line.bottom - line.top
    margin = height * (1 - _TYPE_SHARE) / 2
    top, bottom = max(0, round(line.top + margin)), max(0, round(line.bottom - margin))
    left, right = max(0, round(line.left)), max(0, round(line.right))
    columns = ink[top:bottom, left:right].any(axis=0)
    bounds = np.flatnonzero(np.diff(np.concatenate(([True], columns, [True])).astype(np.int8)))
    gaps = [(float(left + start), float(left + end)) for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    return [gap for gap in gaps if gap[1] - gap[0] >= height * _TYPE_SHARE * _BLANK_SHARE]


def _is_apart(before: Extent, after: Extent, gaps: list[Extent]) -> bool:
    """Return whether the middle of a gap lies between the middles of two characters."""
    start, end = sum(before) / 2, sum(after) / 2
    return any(start < (gap[0] + gap[1]) / 2 < end for gap in gaps)
