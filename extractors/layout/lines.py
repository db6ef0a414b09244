"""Printed lines of text: words of one page grouped by baseline, with the text they spell.

Enters rows of words; leaves ``Line`` objects whose every character knows its glyph, footnote marks cut off.
"""

import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from extractors.glyphs import Bools, Floats, Indices
from extractors.layout.characters import SOFT_HYPHEN, is_combining
from extractors.layout.healing import load_words
from extractors.layout.marks import Flat, find_marks, flatten
from extractors.layout.page_text import PageText
from extractors.layout.printed_words import Words
from extractors.layout.rows import Rows
from extractors.runs import run_starts
from extractors.views import NO_GLYPH

_WIDE_GAP = 1.6  # of a line's size, and
_WIDE_TIMES = 2.0  # times the row's least gap: beyond, the two sides do not belong to one sentence
_PARTING_GAP = 3.0  # of a line's size: parts a row of few words whatever its other gaps
_MIN_SPACED = 4  # letters of a spaced-out word
_STRETCHED_GAP = 5.0  # of a line's size: as far as justified lines are stretched
_MARKER_WIDTH = 4.5  # of a line's size
_MARKER_GLYPHS = 7


@dataclass(slots=True, eq=False)
class Line:
    """A printed line, or a part of one where a wide gap parts it. ``origins`` are glyph numbers of the page.

    ``lead`` is a mark cut off the start, ``cut`` the glyphs of all cut marks. ``first_width`` is the width of the first
    word, ``lead_gap`` the blank behind it, in points. ``row`` numbers printed lines within a region. ``has_bullet``
    tells that a dot is drawn before it.
    """

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    text: str
    origins: Indices
    row: int
    is_bold: bool = False
    starts_bold: bool = False
    ends_bold: bool = False
    lead: str = ""
    first_width: float = 0.0
    lead_gap: float = 0.0
    paint: int = 0
    has_bullet: bool = False
    cut: list[int] = field(default_factory=list)


def make_lines(shared: PageText, words: Words, rows: Rows, *, split_wide: bool = True) -> list[Line]:
    """Return the lines that rows of words spell, in order; a row with a wide gap gives several."""
    if len(rows) == 0:
        return []
    which, row_of = rows.which, rows.row
    new_line = np.ones(len(which), dtype=np.bool_)
    new_line[1:] = row_of[1:] != row_of[:-1]
    if split_wide:
        _mark_wide_gaps(words, which, new_line)
    line_of = np.cumsum(new_line) - 1
    return _spell(shared, words, which, line_of, row_of[new_line])


def _mark_wide_gaps(words: Words, which: Indices, new_line: Bools) -> None:
    gap = words.x0[which[1:]] - words.x1[which[:-1]]
    size = np.minimum(words.size[which[1:]], words.size[which[:-1]])
    row_start = new_line.copy()
    for place in np.flatnonzero((gap > _WIDE_GAP * size) & ~new_line[1:]).tolist():
        first = place
        while not new_line[first]:
            first -= 1
        least, n_others = _least_gap(gap, row_start, place)
        is_stretched = n_others >= 3 and least < _STRETCHED_GAP * size[place]
        if gap[place] < _WIDE_TIMES * least and (is_stretched or gap[place] < _PARTING_GAP * size[place]):
            continue
        width = words.x1[which[place]] - words.x0[which[first]]
        n_glyphs = int((words.starts[which[first : place + 1] + 1] - words.starts[which[first : place + 1]]).sum())
        is_row_start = first == 0 or words.x0[which[first]] < words.x1[which[first - 1]]
        is_marker = is_row_start and width < _MARKER_WIDTH * size[place] and n_glyphs <= _MARKER_GLYPHS
        if not is_marker or gap[place] > 6.0 * size[place]:
            new_line[place + 1] = True


def _least_gap(gap: Floats, row_start: Bools, place: int) -> tuple[float, int]:
    """Return the least other gap of the row around ``place`` (0 when there is none), and how many there are."""
    begin = place
    while not row_start[begin]:
        begin -= 1
    end = place + 1
    while end < len(row_start) and not row_start[end]:
        end += 1
    others = np.delete(gap[begin : end - 1], place - begin)
    return (float(others.min()) if len(others) else 0.0), len(others)


def _spell(shared: PageText, words: Words, which: Indices, line_of: Indices, row_of_line: Indices) -> list[Line]:
    flat = flatten(shared, words, which, line_of)
    is_cut, leads, tight = find_marks(shared, flat)
    _join_spaced_letters(shared, flat, tight)
    lines = _line_frames(shared, words, which, line_of, flat, row_of_line)
    for number, lead in leads.items():
        lines[number].lead = lead
    if is_cut.any():
        for place in np.flatnonzero(is_cut).tolist():
            lines[int(flat.line[place])].cut.append(int(flat.glyphs[place]))
    keep = ~is_cut
    glyphs, word, line, tight = flat.glyphs[keep], flat.word[keep], flat.line[keep], tight[keep]
    if len(glyphs):
        _fill_text(shared, lines, glyphs, word, line, tight)
    return lines


def _join_spaced_letters(shared: PageText, flat: Flat, tight: Bools) -> None:
    """Mark letters of spaced-out words (C O U N C I L) as needing no blank, where a known word comes out."""
    glyphs, word = flat.glyphs, flat.word
    if len(glyphs) < _MIN_SPACED:
        return
    first = np.concatenate(([True], word[1:] != word[:-1]))
    alone = first & np.append(first[1:], True) & shared.is_letter[glyphs]
    x0, x1 = shared.page.x0[glyphs], shared.page.x1[glyphs]
    gap = np.concatenate(([np.inf], x0[1:] - x1[:-1]))
    gap[flat.starts] = np.inf
    chained = np.append(alone[1:] & alone[:-1] & (gap[1:] < shared.page.size[glyphs[1:]]), False)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], chained.astype(np.int64)))))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if end - begin + 1 >= _MIN_SPACED:
            _join_run(shared, glyphs, gap, (begin, end + 1), tight)


def _join_run(shared: PageText, glyphs: Indices, gap: Floats, run: tuple[int, int], tight: Bools) -> None:
    """Join one run of single letters into the words its wider gaps part."""
    begin, end = run
    usual = float(np.median(gap[begin + 1 : end]))
    breaks = [begin, *(place for place in range(begin + 1, end) if gap[place] > 1.5 * usual), end]
    for start, stop in pairwise(breaks):
        letters = "".join(shared.texts[glyph] for glyph in glyphs[start:stop].tolist())
        if len(letters) >= _MIN_SPACED and letters.isalpha() and letters.lower() in load_words():
            tight[start + 1 : stop] = True


def _fill_text(
    shared: PageText, lines: list[Line], glyphs: Indices, word: Indices, line: Indices, tight: Bools
) -> None:
    """Spell the lines: glyph texts, one blank between words."""
    page = shared.page
    same_line = line[1:] == line[:-1]
    gap = page.x0[glyphs[1:]] - page.x1[glyphs[:-1]]
    near = np.abs(gap) < 0.1 * page.size[glyphs[1:]]
    is_blank = np.zeros(len(glyphs), dtype=np.bool_)
    is_blank[1:] = same_line & (word[1:] != word[:-1]) & ~near & ~tight[1:]
    # A glyph with a blank before it comes twice, the first time as the blank.
    times = is_blank + 1
    full, full_line = np.repeat(glyphs, times), np.repeat(line, times)
    blank = np.flatnonzero(is_blank)
    full[blank + np.arange(len(blank))] = NO_GLYPH
    spelled = list(map(shared.texts.__getitem__, full.tolist()))
    text = "".join(spelled)
    if not shared.is_single:
        lengths = np.fromiter(map(len, spelled), dtype=np.int64, count=len(spelled))
        for place in np.flatnonzero(lengths == 0).tolist():
            lines[int(full_line[place])].cut.append(int(full[place]))
        full, full_line = np.repeat(full, lengths), np.repeat(full_line, lengths)
    bounds = np.searchsorted(full_line, np.arange(len(lines) + 1)).tolist()
    has_soft_hyphens = SOFT_HYPHEN in text
    for printed, begin, end in zip(lines, bounds, bounds[1:], strict=False):
        spelling = text[begin:end]
        printed.text, printed.origins = spelling, full[begin:end]
        if shared.has_accents:
            _compose(printed)
        if has_soft_hyphens and SOFT_HYPHEN in spelling:
            _drop_soft_hyphens(printed)
        if "  " in printed.text or printed.text[:1] == " " or printed.text[-1:] == " ":
            _squeeze(printed)


def _compose(line: Line) -> None:
    """Join an accent that is a glyph of its own with the letter before it."""
    text: list[str] = []
    origins: list[int] = []
    for character, origin in zip(line.text, line.origins.tolist(), strict=True):
        if text and is_combining(character):
            joined = unicodedata.normalize("NFC", text[-1] + character)
            if len(joined) == 1:
                text[-1] = joined
                line.cut.append(origin)
                continue
        text.append(character)
        origins.append(origin)
    line.text, line.origins = "".join(text), np.array(origins, dtype=np.int64)


def _drop_soft_hyphens(line: Line) -> None:
    """Take soft hyphens without width out of a line; at its end one is a hyphen."""
    if line.text.endswith(SOFT_HYPHEN):
        line.text = line.text[:-1] + "-"
    kept = [place for place, character in enumerate(line.text) if character != SOFT_HYPHEN]
    line.cut.extend(int(line.origins[place]) for place in range(len(line.text)) if line.text[place] == SOFT_HYPHEN)
    line.text, line.origins = line.text.replace(SOFT_HYPHEN, ""), line.origins[kept]


def _squeeze(line: Line) -> None:
    """Leave one blank where several meet, none at the ends."""
    kept = [
        place
        for place, character in enumerate(line.text)
        if character != " " or (0 < place < len(line.text) - 1 and line.text[place - 1] != " ")
    ]
    while kept and line.text[kept[-1]] == " ":
        kept.pop()
    line.text = "".join(line.text[place] for place in kept)
    line.origins = line.origins[kept] if kept else line.origins[:0]


def _line_frames(
    shared: PageText, words: Words, which: Indices, line_of: Indices, flat: Flat, row_of_line: Indices
) -> list[Line]:
    """Return lines with all but their text."""
    page = shared.page
    begin = run_starts(line_of)
    end = np.append(begin[1:], len(which)) - 1
    counts = np.diff(np.append(flat.starts, len(flat.glyphs)))
    bold = shared.is_bold[flat.glyphs]
    share = np.add.reduceat(bold.astype(np.float64), flat.starts) / counts
    last = np.append(flat.starts[1:], len(flat.glyphs)) - 1
    second = np.minimum(begin + 1, end)
    first_word, second_word = which[begin], which[second]
    columns = (
        words.x0[first_word],
        np.minimum.reduceat(words.top[which], begin),
        np.maximum.reduceat(words.x1[which], begin),
        np.maximum.reduceat(words.bottom[which], begin),
        flat.height,
        share >= 0.9,
        bold[flat.starts],
        bold[last],
        words.x1[first_word] - words.x0[first_word],
        np.where(second > begin, words.x0[second_word] - words.x1[first_word], 0.0),
        np.minimum.reduceat(words.paint[which], begin),
        row_of_line,
    )
    none = np.zeros(0, dtype=np.int64)
    return [
        Line(page.number, x0, top, x1, bottom, size, "", none, row, is_bold, starts, ends, "", first, gap, paint)
        for x0, top, x1, bottom, size, is_bold, starts, ends, first, gap, paint, row in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
