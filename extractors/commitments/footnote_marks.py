"""Footnote marks that are glued to a number: ``commitment 2`` with a raised 1 is 2, never 21.

A view and the offsets of a run of digits enter, the offset where its digits of full size end leaves. A mark is lower
than the digit it follows, raised, or narrower (a superscript glyph of the font itself).
"""

from dataclasses import dataclass
from enum import Enum

from extractors.views import NO_GLYPH, TextView

_LOWER = 0.9
_NARROWER = 0.8
"""Of the two digits of a number from 10 to 20 the second is never clearly the narrower."""
_RAISED = 0.1
_MARK_OF_A_WORD = 0.82
"""Digits after a word may be set a little smaller, as in old-style figures; a mark is clearly lower."""
_STEEP = 2.0
"""Glyphs further below each other than so many times what they stand side by side run up or down the page."""


class _Way(Enum):
    """Which way text runs; upside down counts as level."""

    LEVEL = "level"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class _Size:
    """Width, height and lower edge of a glyph in points, as a reader of its line sees it."""

    width: float
    height: float
    bottom: float


def end_of_digits(view: TextView, start: int, end: int, word: int | None = None) -> int:
    """Return where the digits of full size end in ``view.text[start:end]``; ``start`` when all are a mark on the word
    whose first letter stands at ``word``. Glyphs that were only recognised from a picture have no certain size."""
    way = _find_way(view, *((start, end) if word is None else (word, start)))
    first = _size_of(view, start, way)
    if first is None:
        return end
    letter = None if word is None else _size_of(view, word, way)
    if letter is not None and first.height < _MARK_OF_A_WORD * letter.height:
        return start
    before = first
    for offset in range(start + 1, end):
        own = _size_of(view, offset, way)
        if own is None:
            return end
        is_raised = own.bottom < first.bottom - _RAISED * first.height
        if is_raised or own.height < _LOWER * first.height or own.width < _NARROWER * before.width:
            return offset
        before = own
    return end


def is_recognised(view: TextView, offset: int) -> bool:
    """Tell whether the character at an offset was recognised from a picture."""
    glyph = int(view.origins[offset])
    return glyph != NO_GLYPH and bool(view.glyphs.is_ocr[glyph])


def _find_way(view: TextView, start: int, end: int) -> _Way:
    """Return which way the first two glyphs from an offset on run. A raised mark may stand aslant to its digit: it is
    lower whichever way that is taken."""
    if end - start < 2:
        return _Way.LEVEL
    one, other = int(view.origins[start]), int(view.origins[start + 1])
    if NO_GLYPH in (one, other):
        return _Way.LEVEL
    glyphs = view.glyphs
    across = abs(glyphs.x0[other] + glyphs.x1[other] - glyphs.x0[one] - glyphs.x1[one])
    down = glyphs.top[other] + glyphs.bottom[other] - glyphs.top[one] - glyphs.bottom[one]
    if abs(down) <= _STEEP * across:
        return _Way.LEVEL
    return _Way.DOWN if down > 0 else _Way.UP


def _size_of(view: TextView, offset: int, way: _Way) -> _Size | None:
    """Return the size of the glyph behind an offset; ``None`` where none is or where it was only recognised."""
    glyph = int(view.origins[offset])
    glyphs = view.glyphs
    if glyph == NO_GLYPH or glyphs.is_ocr[glyph]:
        return None
    x0, x1 = float(glyphs.x0[glyph]), float(glyphs.x1[glyph])
    top, bottom = float(glyphs.top[glyph]), float(glyphs.bottom[glyph])
    if way is _Way.LEVEL:
        return _Size(x1 - x0, bottom - top, bottom)
    return _Size(bottom - top, x1 - x0, x1 if way is _Way.UP else -x0)
