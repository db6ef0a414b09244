"""Where a footnote hangs: the place in the text behind which its mark stands, smaller and raised, on the same page.

A view enters; for each footnote block with a mark leaves the offset of the character before that mark, if just one
such mark stands on the page. Marks are not in the text, so they are read from the glyphs that the view leaves out.
"""

from collections.abc import Iterator

import numpy as np

from extractors.glyphs import Ints
from extractors.views import NO_GLYPH, BlockKind, TextView

_FRAME = "()[] ."
_NEAR = 8.0
_SMALL = 0.9


def find_anchors(view: TextView) -> dict[int, int]:
    """Return, by index of a footnote block, the offset of the character its mark stands behind."""
    notes = {
        (view.page_of(block.span), block.marker.strip(_FRAME)): index
        for index, block in enumerate(view.blocks)
        if block.kind == BlockKind.FOOTNOTE and block.marker.strip(_FRAME)
    }
    if not notes:
        return {}
    offsets = _glyph_offsets(view)
    found: dict[int, list[int]] = {}
    for run in _left_out_runs(view, {page for page, _ in notes}):
        text = "".join(view.glyphs.text[glyph] for glyph in run.tolist()).strip(_FRAME)
        index = notes.get((int(view.glyphs.page[run[0]]), text))
        offset = None if index is None else _offset_before(view, offsets, run)
        if index is not None and offset is not None:
            found.setdefault(index, []).append(offset)
    return {index: places[0] for index, places in found.items() if len(places) == 1}


def _glyph_offsets(view: TextView) -> Ints:
    """Return the offset in the text of each glyph, or -1 for one that is left out."""
    offsets = np.full(len(view.glyphs.text), -1, dtype=np.int32)
    printed = np.flatnonzero(view.origins != NO_GLYPH)[::-1]
    offsets[view.origins[printed]] = printed
    return offsets


def _left_out_runs(view: TextView, pages: set[int]) -> Iterator[Ints]:
    """Yield runs of glyphs that are left out and stand side by side on the given pages."""
    glyphs = view.glyphs
    left_out = np.sort(view.left_out)
    left_out = left_out[np.isin(glyphs.page[left_out], sorted(pages))]
    if len(left_out) == 0:
        return
    first, second = left_out[:-1], left_out[1:]
    is_beside = (
        (second - first == 1)
        & (np.abs(glyphs.top[second] - glyphs.top[first]) < 1.0)
        & (np.abs(glyphs.x0[second] - glyphs.x1[first]) < _NEAR / 4)
    )
    yield from np.split(left_out, np.flatnonzero(~is_beside) + 1)


def _offset_before(view: TextView, offsets: Ints, run: Ints) -> int | None:
    """Return the offset of the character that a mark hangs on, or ``None`` where it stands alone: a label, a number."""
    glyphs, mark = view.glyphs, int(run[0])
    before = mark - 1
    while before >= 0 and glyphs.text[before].isspace():
        before -= 1
    if before < 0 or offsets[before] < 0 or glyphs.page[before] != glyphs.page[mark]:
        return None
    is_near = -1.0 <= glyphs.x0[mark] - glyphs.x1[before] <= _NEAR
    is_level = glyphs.top[mark] < glyphs.bottom[before] and glyphs.bottom[mark] > glyphs.top[before]
    is_small = glyphs.bottom[mark] - glyphs.top[mark] < _SMALL * (glyphs.bottom[before] - glyphs.top[before])
    return int(offsets[before]) if is_near and is_level and is_small else None
