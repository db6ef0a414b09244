"""Footnote marks that are glued to a number: ``commitment 2`` with a raised 1 is 2, never 21.

A view and the offsets of a run of digits enter, the offset where its digits of full size end leaves. A mark is lower
than the digit it follows, raised, or narrower (a superscript glyph of the font itself).
"""

from dataclasses import dataclass

from extractors.views import NO_GLYPH, TextView

_LOWER = 0.9
_NARROWER = 0.8
"""Of the two digits of a number from 10 to 20 the second is never clearly the narrower."""
_RAISED = 0.1
_MARK_OF_A_WORD = 0.82
"""Digits after a word may be set a little smaller, as in old-style figures; a mark is clearly lower."""


@dataclass(frozen=True, slots=True)
class _Size:
    """Width, height and lower edge of a glyph in points."""

    width: float
    height: float
    bottom: float


def end_of_digits(view: TextView, start: int, end: int, word: int | None = None) -> int:
    """Return where the digits of full size end in ``view.text[start:end]``; ``start`` when all are a mark on the word
    whose first letter stands at ``word``. Glyphs that were only recognised from a picture have no certain size."""
    first = _size_of(view, start)
    if first is None:
        return end
    letter = None if word is None else _size_of(view, word)
    if letter is not None and first.height < _MARK_OF_A_WORD * letter.height:
        return start
    before = first
    for offset in range(start + 1, end):
        own = _size_of(view, offset)
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


def _size_of(view: TextView, offset: int) -> _Size | None:
    """Return the size of the glyph behind an offset; ``None`` where none is or where it was only recognised."""
    glyph = int(view.origins[offset])
    glyphs = view.glyphs
    if glyph == NO_GLYPH or glyphs.is_ocr[glyph]:
        return None
    top, bottom = float(glyphs.top[glyph]), float(glyphs.bottom[glyph])
    return _Size(float(glyphs.x1[glyph] - glyphs.x0[glyph]), bottom - top, bottom)
