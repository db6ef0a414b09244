"""Printed lines of text: words of one page grouped by baseline, with the text they spell.

Enters rows of words; leaves ``Line`` objects whose every character knows its glyph, footnote marks cut off.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from extractors.glyphs import Bools, Indices
from extractors.layout.characters import SOFT_HYPHEN, is_combining
from extractors.layout.healing import load_words
from extractors.layout.marks import Flat, find_marks, flatten
from extractors.layout.page_text import PageText
from extractors.layout.printed_words import Words
from extractors.layout.rows import Rows
from extractors.medians import median
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
    has_bullet: bool = False
    cut: list[int] = field(default_factory=list)


def make_lines(shared: PageText, words: Words, rows: Rows, *, n_whole: int = 0) -> list[Line]:
    """Return the lines that rows of words spell, in order; a row with a wide gap gives several.

    The last ``n_whole`` words stand in rows that are not parted.
    """
    if len(rows) == 0:
        return []
    which, row_of = rows.which, rows.row
    new_line = np.ones(len(which), dtype=np.bool_)
    np.not_equal(row_of[1:], row_of[:-1], out=new_line[1:])
    n_parted = len(which) - n_whole
    if n_parted > 1:
        _mark_wide_gaps(words, which[:n_parted], new_line[:n_parted])
    line_of = np.cumsum(new_line) - 1
    return _spell(shared, words, which, line_of, row_of[new_line])


def _mark_wide_gaps(words: Words, which: Indices, new_line: Bools) -> None:
    left, right, size = words.x0[which], words.x1[which], words.size[which]
    gap, size = left[1:] - right[:-1], np.minimum(size[1:], size[:-1])
    wide = (gap > _WIDE_GAP * size) & ~new_line[1:]
    places = wide.nonzero()[0].tolist()
    if not places:
        return
    # Plain lists: a handful of numbers is looked at one by one.
    row_start, is_start = new_line.tolist(), new_line.tolist()
    lefts, rights, gaps = left.tolist(), right.tolist(), gap.tolist()
    for place in places:
        first = place
        while not is_start[first]:
            first -= 1
        own, own_gap = float(size[place]), gaps[place]
        least, n_others = _least_gap(gaps, row_start, place)
        is_stretched = n_others >= 3 and least < _STRETCHED_GAP * own
        if own_gap < _WIDE_TIMES * least and (is_stretched or own_gap < _PARTING_GAP * own):
            continue
        is_row_start = first == 0 or lefts[first] < rights[first - 1]
        is_short = is_row_start and rights[place] - lefts[first] < _MARKER_WIDTH * own and own_gap <= 6.0 * own
        if not is_short or _count_glyphs(words, which[first : place + 1]) > _MARKER_GLYPHS:
            is_start[place + 1] = new_line[place + 1] = True


def begins_left(words: Words, rows: Rows, place: int, before: int) -> bool:
    """Tell whether the word at ``place`` of rows begins left of where the one at ``before`` ends, or none is before.
    How a row is parted depends on the row before it by nothing else."""
    return before < 0 or bool(words.x0[rows.which[place]] < words.x1[rows.which[before]])


def _count_glyphs(words: Words, which: Indices) -> int:
    return int((words.starts[which + 1] - words.starts[which]).sum())


def _least_gap(gaps: Sequence[float], row_start: Sequence[bool], place: int) -> tuple[float, int]:
    """Return the least other gap of the row around ``place`` (0 when there is none), and how many there are."""
    begin = place
    while not row_start[begin]:
        begin -= 1
    end = place + 1
    while end < len(row_start) and not row_start[end]:
        end += 1
    others = [*gaps[begin:place], *gaps[place + 1 : end - 1]]
    return min(others, default=0.0), len(others)


def _spell(shared: PageText, words: Words, which: Indices, line_of: Indices, row_of_line: Indices) -> list[Line]:
    flat = flatten(shared, words, which, line_of)
    is_cut, leads, tight = find_marks(shared, flat)
    _join_spaced_letters(shared, words, which, flat, tight)
    lines = _line_frames(shared, words, which, line_of, flat, row_of_line)
    for number, lead in leads.items():
        lines[number].lead = lead
    cut = is_cut.nonzero()[0].tolist()
    if not cut:
        _fill_text(shared, lines, flat.glyphs, flat.word, flat.line, tight)
        return lines
    for place in cut:
        lines[int(flat.line[place])].cut.append(int(flat.glyphs[place]))
    keep = ~is_cut
    if len(cut) < len(keep):
        _fill_text(shared, lines, flat.glyphs[keep], flat.word[keep], flat.line[keep], tight[keep])
    return lines


def _join_spaced_letters(shared: PageText, words: Words, which: Indices, flat: Flat, tight: Bools) -> None:
    """Mark letters of spaced-out words (C O U N C I L) as needing no blank, where a known word comes out."""
    first = words.starts[which]
    alone = words.starts[which + 1] - first == 1
    if np.count_nonzero(alone) < _MIN_SPACED:
        return
    glyph = words.glyphs[first]
    alone &= shared.is_letter[glyph]
    page = shared.page
    x0, x1, size = page.x0[glyph], page.x1[glyph], page.size[glyph]
    # Between words of one glyph each; others are in no chain.
    line = flat.line[flat.first]
    near = (x0[1:] - x1[:-1] < size[1:]) & (line[1:] == line[:-1])
    chained = np.zeros(len(which) + 1, dtype=np.bool_)
    chained[1:-1] = alone[1:] & alone[:-1] & near
    edges = (chained[1:] != chained[:-1]).nonzero()[0].tolist()
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if end - begin + 1 >= _MIN_SPACED:
            start = int(flat.first[begin])
            glyphs = flat.glyphs[start : start + end - begin + 1]
            _join_run(shared, glyphs, tight[start : start + len(glyphs)])


def _join_run(shared: PageText, glyphs: Indices, tight: Bools) -> None:
    """Join one run of single letters into the words its wider gaps part."""
    gap = shared.page.x0[glyphs[1:]] - shared.page.x1[glyphs[:-1]]
    wide = (gap > 1.5 * median(gap)).nonzero()[0] + 1
    for start, stop in pairwise([0, *wide.tolist(), len(glyphs)]):
        letters = "".join(shared.texts[glyph] for glyph in glyphs[start:stop].tolist())
        if len(letters) >= _MIN_SPACED and letters.isalpha() and letters.lower() in load_words():
            tight[start + 1 : stop] = True


def _fill_text(
    shared: PageText, lines: list[Line], glyphs: Indices, word: Indices, line: Indices, tight: Bools
) -> None:
    """Spell the lines: glyph texts, one blank between words."""
    full, starts = _with_blanks(shared, glyphs, word, line, tight)
    bounds = starts[np.searchsorted(line, np.arange(len(lines) + 1))]
    text, lengths = shared.spell(full)
    if lengths is not None:
        full_line = np.repeat(np.arange(len(lines)), bounds[1:] - bounds[:-1])
        for place in (lengths == 0).nonzero()[0].tolist():
            lines[int(full_line[place])].cut.append(int(full[place]))
        full = np.repeat(full, lengths)
        bounds = np.concatenate(([0], np.cumsum(lengths)))[bounds]
    has_soft_hyphens = SOFT_HYPHEN in text
    for printed, (begin, end) in zip(lines, pairwise(bounds.tolist()), strict=True):
        spelling = text[begin:end]
        printed.text, printed.origins = spelling, full[begin:end]
        if shared.has_accents:
            _compose(printed)
        if has_soft_hyphens and SOFT_HYPHEN in spelling:
            _drop_soft_hyphens(printed)
        spelling = printed.text
        if spelling[:1] == " " or spelling[-1:] == " " or "  " in spelling:
            _squeeze(printed)


def _with_blanks(
    shared: PageText, glyphs: Indices, word: Indices, line: Indices, tight: Bools
) -> tuple[Indices, Indices]:
    """Return the glyphs with ``NO_GLYPH`` before each word that a blank parts from the one before it in its line, and
    where each glyph then stands, with the end."""
    page = shared.page
    start = (word[1:] != word[:-1]).nonzero()[0] + 1
    first, last = glyphs[start], glyphs[start - 1]
    near = np.abs(page.x0[first] - page.x1[last]) < 0.1 * page.size[first]
    blank = start[(line[start] == line[start - 1]) & ~near & ~tight[start]]
    stands = np.arange(len(glyphs) + 1)
    steps = np.zeros(len(glyphs) + 1, dtype=np.int64)
    steps[blank] = 1
    stands += np.cumsum(steps)
    full = np.full(len(glyphs) + len(blank), NO_GLYPH, dtype=np.int64)
    full[stands[:-1]] = glyphs
    return full, stands


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
    begin = run_starts(line_of)
    second = begin + 1
    second[-1] = min(second[-1], len(which) - 1)
    first_word, second_word = which[begin], which[second]
    first_x0, first_x1 = words.x0[first_word], words.x1[first_word]
    columns = (
        first_x0,
        np.minimum.reduceat(words.top[which], begin),
        np.maximum.reduceat(words.x1[which], begin),
        np.maximum.reduceat(words.bottom[which], begin),
        flat.height,
        *_weights(shared, flat),
        first_x1 - first_x0,
        np.where(line_of[second] == line_of[begin], words.x0[second_word] - first_x1, 0.0),
        row_of_line,
    )
    number, none = shared.page.number, np.zeros(0, dtype=np.int64)
    return [
        Line(number, x0, top, x1, bottom, size, "", none, row, is_bold, starts, ends, "", first, gap)
        for x0, top, x1, bottom, size, is_bold, starts, ends, first, gap, row in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


def _weights(shared: PageText, flat: Flat) -> tuple[Bools, Bools, Bools]:
    """Return which lines are bold nearly throughout, and which start and end in bold."""
    bold = shared.is_bold[flat.glyphs]
    if not bold.any():
        none = np.zeros(len(flat.starts), dtype=np.bool_)
        return none, none, none
    ends = np.append(flat.starts[1:], len(bold))
    share = np.add.reduceat(bold.astype(np.float64), flat.starts) / (ends - flat.starts)
    return share >= 0.9, bold[flat.starts], bold[ends - 1]
