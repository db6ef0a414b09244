"""Footnote marks: raised digits that hang on a word, known by size and height, or by the width of the font's own.

Enters the glyphs of lines in reading order; leaves which of them are marks. Units (m2) and ordinals (1st) are none.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Floats, Indices
from extractors.layout.characters import RAISED_DIGITS
from extractors.layout.page_text import PageText
from extractors.layout.printed_words import Words, flat_glyphs
from extractors.runs import run_starts

_MARK = re.compile(r"[(\[]?(?:\d{1,3}(?:[,;\s-]+\d{1,3})*|[a-z])[)\]]?[,;]?")
_UNIT_END = re.compile(r"(?:^|[^A-Za-z])(?:[kcdmhµ]?m|ft|in|s|mi|CO|NO|SO|PM|CH|H|N|O|W/m|kg/m)$")
_SMALL = 0.82
_RAISED = 0.22
_LESS_SMALL = 0.87
_MORE_RAISED = 0.33
"""Of the size of the line: a mark is small and raised, or less small and then raised more, as browsers print them."""


@dataclass(slots=True, eq=False)
class Flat:
    """The glyphs of many lines one after another, and which line and word each belongs to.

    ``first`` tells for each word where its glyphs start; ``starts``, ``height`` and ``floor`` for each line where it
    starts, its size and its lowest edge, ``is_mixed`` whether its print is of several sizes.
    """

    glyphs: Indices
    word: Indices
    line: Indices
    first: Indices
    starts: Indices
    height: Floats
    floor: Floats
    is_mixed: Bools


def flatten(shared: PageText, words: Words, which: Indices, line_of: Indices) -> Flat:
    """Return the glyphs of lines; a line's size and floor are those of its largest letters, not of bullets."""
    page = shared.page
    glyphs, word, first = flat_glyphs(words, which)
    line = line_of[word]
    starts = first[run_starts(line_of)]
    size, bottom = page.size[glyphs], page.bottom[glyphs]
    height, floor = np.maximum.reduceat(size, starts), np.maximum.reduceat(bottom, starts)
    is_mixed = height > 1.05 * np.minimum.reduceat(size, starts)
    if is_mixed.any():
        letters = shared.is_letter[glyphs]
        of_letters = np.maximum.reduceat(np.where(letters, size, 0.0), starts)
        lowest = np.maximum.reduceat(np.where(letters, bottom, -np.inf), starts)
        chosen = is_mixed & (of_letters > 0)
        height, floor = np.where(chosen, of_letters, height), np.where(chosen, lowest, floor)
    return Flat(glyphs, word, line, first, starts, height, floor, is_mixed)


def find_marks(shared: PageText, flat: Flat) -> tuple[Bools, dict[int, str], Bools]:
    """Return which glyphs are raised marks, the marks that lines start with, and which glyphs need no blank before."""
    is_cut = np.zeros(len(flat.glyphs), dtype=np.bool_)
    tight = np.zeros(len(flat.glyphs), dtype=np.bool_)
    leads: dict[int, str] = {}
    raised = _raised_print(shared, flat)
    if shared.has_raised_signs:
        raised |= np.array([shared.texts[glyph] in RAISED_DIGITS for glyph in flat.glyphs.tolist()], dtype=np.bool_)
    if shared.narrow is not None:
        raised |= shared.narrow[flat.glyphs]
    if not raised.any():
        return is_cut, leads, tight
    share = np.add.reduceat(raised.astype(np.float64), flat.starts)
    share /= np.diff(np.append(flat.starts, len(flat.glyphs)))
    raised &= share[flat.line] < 0.5
    starts = np.flatnonzero(raised & ~np.concatenate(([False], raised[:-1] & (flat.line[1:] == flat.line[:-1]))))
    for begin in starts.tolist():
        _cut_mark(shared, flat, raised, begin, (is_cut, tight), leads)
    return is_cut, leads, tight


def _raised_print(shared: PageText, flat: Flat) -> Bools:
    """Tell which glyphs are small and raised; only lines of several sizes can have any, and most have none."""
    raised = np.zeros(len(flat.glyphs), dtype=np.bool_)
    if not flat.is_mixed.any():
        return raised
    places = flat.is_mixed[flat.line].nonzero()[0]
    glyphs, line = flat.glyphs[places], flat.line[places]
    height, size = flat.height[line], shared.page.size[glyphs]
    lift = flat.floor[line] - shared.page.bottom[glyphs]
    is_raised = (size <= _SMALL * height) & (lift >= _RAISED * height)
    is_raised |= (size <= _LESS_SMALL * height) & (lift >= _MORE_RAISED * height)
    raised[places[is_raised]] = True
    return raised


def _cut_mark(
    shared: PageText, flat: Flat, raised: Bools, begin: int, flags: tuple[Bools, Bools], leads: dict[int, str]
) -> None:
    """Cut one run of raised glyphs if it reads as a footnote mark."""
    is_cut, tight = flags
    line, n_glyphs = flat.line[begin], len(flat.glyphs)
    end = begin + 1
    while end < n_glyphs and raised[end] and flat.line[end] == line:
        end += 1
    spell = [shared.texts[glyph] for glyph in flat.glyphs[max(0, begin - 12) : end + 1].tolist()]
    offset = begin - max(0, begin - 12)
    mark = unicodedata.normalize("NFKC", "".join(spell[offset : offset + end - begin]))
    if not _MARK.fullmatch(mark):
        return
    line_start = int(np.searchsorted(flat.line, line))
    before = "".join(spell[max(0, offset - (begin - line_start)) : offset])
    if (mark in ("2", "3") and _UNIT_END.search(before)) or (mark == "o" and before.endswith("N")):
        return
    after = spell[offset + end - begin] if end < n_glyphs and flat.line[end] == line else ""
    if before.endswith("(") and after == ")":
        begin, end = begin - 1, end + 1
        mark = f"({mark})"
    is_cut[begin:end] = True
    if begin == line_start:
        leads[int(line)] = mark.strip(",;")
    if end < n_glyphs and flat.line[end] == line and shared.texts[flat.glyphs[end]] in ",.;:)":
        tight[end] = True
