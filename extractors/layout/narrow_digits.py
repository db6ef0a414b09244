"""Superscript digits that a font draws itself: as large as the others by their numbers, but narrower.

Enters the pages' glyphs; leaves which digits are markedly narrower than the same digit usually is in that font. Figures
set to their natural width (where only the 1 is narrow, and often) are none.
"""

from collections.abc import Sequence

import numpy as np

from extractors.glyphs import Bools, Floats, Indices, PageGlyphs
from extractors.layout.characters import Codes

_NARROW = 0.8
_MANY_ONES = 4


def find_narrow_digits(pages: Sequence[PageGlyphs], codes: Sequence[Codes]) -> list[Bools | None]:
    """Return for each page which of its glyphs are such digits, ``None`` where there is none.

    ``codes`` are the ``single_codes`` of each page's glyphs.
    """
    fonts: dict[str, int] = {}
    found = [_digits_of(page, singles, fonts) for page, singles in zip(pages, codes, strict=True)]
    usual = np.zeros((len(fonts) + 1, 10))
    for _, font, digit, width in found:
        np.maximum.at(usual, (font, digit), width)
    narrow = [width < _NARROW * usual[font, digit] for _, font, digit, width in found]
    counts = np.zeros((len(fonts) + 1, 10), dtype=np.int64)
    for (_, font, digit, _), is_narrow in zip(found, narrow, strict=True):
        np.add.at(counts, (font[is_narrow], digit[is_narrow]), 1)
    has_marks = (counts.sum(axis=1) > counts[:, 1]) | (counts[:, 1] <= _MANY_ONES)
    return [
        _spread(page, place[is_narrow & has_marks[font]])
        for page, (place, font, _, _), is_narrow in zip(pages, found, narrow, strict=True)
    ]


def _spread(page: PageGlyphs, places: Indices) -> Bools | None:
    if len(places) == 0:
        return None
    flags = np.zeros(len(page), dtype=np.bool_)
    flags[places] = True
    return flags


def _digits_of(page: PageGlyphs, codes: Codes, fonts: dict[str, int]) -> tuple[Indices, Indices, Indices, Floats]:
    """Return place, font, value and width (in sizes) of a page's upright digits; ``fonts`` numbers fonts by name."""
    number = np.array([fonts.setdefault(name, len(fonts)) for name in page.fonts] or [0], dtype=np.int64)
    place = np.flatnonzero((codes >= ord("0")) & (codes <= ord("9")) & page.upright)
    if page.is_ocr:
        place = place[:0]
    digit = codes[place].astype(np.int64) - ord("0")
    width = (page.x1[place] - page.x0[place]) / np.maximum(page.size[place], 0.1)
    return place, number[page.font[place]], digit, width
