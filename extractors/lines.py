"""Printed lines of text: words of one page grouped by baseline, with the text they spell.

Enters ``Words``; leaves ``Line`` objects whose every character knows its glyph. Raised footnote marks are cut off here,
where their size and height are known.
"""

import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np

from extractors.characters import SOFT_HYPHEN, is_combining, plain_text
from extractors.glyphs import Bools, Floats, Ints, PageGlyphs
from extractors.printed_words import Words, bold_fonts, flat_glyphs
from extractors.views import NO_GLYPH

_MARK = re.compile(r"[(\[]?(?:\d{1,3}(?:[,;\s-]+\d{1,3})*|[a-z])[)\]]?[,;]?")
_UNIT_END = re.compile(r"(?:^|[^A-Za-z])(?:[kcdmhµ]?m|ft|in|s|mi|CO|NO|SO|PM|CH|H|N|O|W/m|kg/m)$")
_RAISED_DIGITS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALL = 0.82
_RAISED = 0.22
_WIDE_GAP = 1.6  # of a line's size, and
_WIDE_TIMES = 2.0  # times the row's least gap: beyond, the two sides do not belong to one sentence
_PARTING_GAP = 3.0  # of a line's size: parts a row of few words whatever its other gaps
_STRETCHED_GAP = 5.0  # of a line's size: as far as justified lines are stretched
_MARKER_WIDTH = 4.5  # of a line's size
_MARKER_GLYPHS = 7


@dataclass(slots=True, eq=False)
class Line:
    """A printed line, or a part of one where a wide gap parts it. ``origins`` are glyph numbers of the page.

    ``lead`` is a raised mark cut off the start, ``cut`` the glyphs of all cut marks, ``first_width`` the width of the
    first word, ``lead_gap`` the blank behind it in points. ``row`` numbers printed lines within a region. ``has_bullet``
    tells that a dot is drawn before it.
    """

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    text: str
    origins: Ints
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


@dataclass(slots=True, eq=False)
class PageText:
    """What all lines of a page share: the page, the plain text of each glyph, which glyphs are bold."""

    page: PageGlyphs
    texts: list[str]
    is_bold: Bools
    has_accents: bool
    is_single: bool
    is_letter: Bools
    narrow: Bools | None = None


def page_text(page: PageGlyphs, narrow: Bools | None = None) -> PageText:
    """Prepare a page's glyph texts for spelling lines; ``narrow`` marks digits that are marks by their width."""
    plain = {text: plain_text(text) for text in set(page.text)}
    texts = list(map(plain.__getitem__, page.text))
    kinds = set(plain.values())
    if SOFT_HYPHEN in kinds:
        _show_soft_hyphens(page, texts)
    accents = any(len(text) == 1 and text > "\u02b0" and is_combining(text) for text in kinds)
    is_single = all(len(text) == 1 for text in kinds)
    letter = {text: text[:1].isalnum() for text in plain}
    is_letter = np.array(list(map(letter.__getitem__, page.text)), dtype=np.bool_)
    return PageText(page, [*texts, " "], bold_fonts(page.fonts)[page.font], accents, is_single, is_letter, narrow)


def _show_soft_hyphens(page: PageGlyphs, texts: list[str]) -> None:
    """A soft hyphen that takes room is a printed hyphen: some fonts name theirs so."""
    for place, text in enumerate(texts):
        if text == SOFT_HYPHEN and page.x1[place] - page.x0[place] > 0.1 * page.size[place]:
            texts[place] = "-"


@dataclass(slots=True, eq=False)
class Rows:
    """Words in reading order, and for each the number of its printed row, counted from 0."""

    which: Ints
    row: Ints

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.which)

    def starts(self) -> Ints:
        """Return where each row starts in ``which``; the rows hold at least one word."""
        return np.concatenate(([0], np.flatnonzero(self.row[1:] != self.row[:-1]) + 1))


def find_rows(words: Words, which: Ints, group: Ints | None = None) -> Rows:
    """Group words into printed rows from top to bottom, each from left to right.

    ``group`` (as long as ``which``) keeps words of different groups (columns, cells) apart; rows follow group order.
    """
    if len(which) == 0:
        return Rows(which, which)
    groups = np.zeros(len(which), dtype=np.int64) if group is None else group
    top, bottom = words.top[which], words.bottom[which]
    order = np.lexsort(((top + bottom) / 2, groups))
    row = _number_rows(top[order].tolist(), bottom[order].tolist(), groups[order].tolist())
    which = which[order]
    sizes = words.size[which]
    if float(sizes.min()) <= 0.85 * float(sizes.max()):
        row = _merge_small(words, which, row, groups[order])
    order = np.lexsort((words.x0[which], row))
    return Rows(which[order], row[order])


def _number_rows(tops: list[float], bottoms: list[float], groups: list[int]) -> Ints:
    """Number rows of words sorted by group and middle: a word whose middle lies below a row's lower quarter opens one."""
    numbers: list[int] = []
    row, limit, height, current = -1, 0.0, 0.0, None
    for above, below, group in zip(tops, bottoms, groups, strict=True):
        own = below - above
        if group != current or (above + below) / 2 > limit:
            row, current = row + 1, group
            limit, height = below - 0.25 * own, own
        elif own > height:
            limit, height = below - 0.25 * own, own
        numbers.append(row)
    return np.array(numbers, dtype=np.int64)


def _merge_small(words: Words, which: Ints, row: Ints, groups: Ints) -> Ints:
    """Put rows of small print (raised marks, indices) into the row they hang on; ``row`` is sorted."""
    starts = np.concatenate(([0], np.flatnonzero(row[1:] != row[:-1]) + 1))
    top = np.minimum.reduceat(words.top[which], starts)
    bottom = np.maximum.reduceat(words.bottom[which], starts)
    size = np.maximum.reduceat(words.size[which], starts)
    low, high = np.minimum(size[1:], size[:-1]), np.maximum(size[1:], size[:-1])
    overlap = np.minimum(bottom[1:], bottom[:-1]) - np.maximum(top[1:], top[:-1])
    least = np.minimum(bottom[1:] - top[1:], bottom[:-1] - top[:-1])
    near = (low <= 0.85 * high) & (overlap >= 0.5 * least) & (groups[starts[1:]] == groups[starts[:-1]])
    if not near.any():
        return row
    step = np.ones(len(starts), dtype=np.int64)
    ends = np.append(starts[1:], len(which))
    for place in np.flatnonzero(near).tolist():
        one, two = which[starts[place] : ends[place]], which[starts[place + 1] : ends[place + 1]]
        left = np.maximum(words.x0[one][:, None], words.x0[two][None, :])
        right = np.minimum(words.x1[one][:, None], words.x1[two][None, :])
        if bool(((right - left) < 1.0).all()):
            step[place + 1] = 0
    number: Ints = (np.cumsum(step) - 1)[row - row[0]]
    return number


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


def _mark_wide_gaps(words: Words, which: Ints, new_line: Bools) -> None:
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
    """Return the least gap of the row around ``place``, that one left out (0 when there is no other), and their number."""
    begin = place
    while not row_start[begin]:
        begin -= 1
    end = place + 1
    while end < len(row_start) and not row_start[end]:
        end += 1
    others = np.delete(gap[begin : end - 1], place - begin)
    return (float(others.min()) if len(others) else 0.0), len(others)


@dataclass(slots=True, eq=False)
class _Flat:
    """The glyphs of many lines one after another, and which line and word each belongs to."""

    glyphs: Ints
    word: Ints
    line: Ints
    starts: Ints
    height: Floats
    floor: Floats


def _flatten(shared: PageText, words: Words, which: Ints, line_of: Ints) -> _Flat:
    """Return the glyphs of lines; a line's size and floor are those of its largest letters, not of bullets."""
    page = shared.page
    glyphs, word = flat_glyphs(words, which)
    line = line_of[word]
    starts = np.concatenate(([0], np.flatnonzero(line[1:] != line[:-1]) + 1))
    size, bottom = page.size[glyphs], page.bottom[glyphs]
    height, floor = np.maximum.reduceat(size, starts), np.maximum.reduceat(bottom, starts)
    is_mixed = height > 1.05 * np.minimum.reduceat(size, starts)
    if is_mixed.any():
        letters = shared.is_letter[glyphs]
        of_letters = np.maximum.reduceat(np.where(letters, size, 0.0), starts)
        lowest = np.maximum.reduceat(np.where(letters, bottom, -np.inf), starts)
        chosen = is_mixed & (of_letters > 0)
        height, floor = np.where(chosen, of_letters, height), np.where(chosen, lowest, floor)
    return _Flat(glyphs, word, line, starts, height, floor)


def _spell(shared: PageText, words: Words, which: Ints, line_of: Ints, row_of_line: Ints) -> list[Line]:
    flat = _flatten(shared, words, which, line_of)
    is_cut, leads, tight = _find_marks(shared, flat)
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


def _fill_text(shared: PageText, lines: list[Line], glyphs: Ints, word: Ints, line: Ints, tight: Bools) -> None:
    """Spell the lines: glyph texts, one blank between words."""
    page = shared.page
    same_line = line[1:] == line[:-1]
    gap = page.x0[glyphs[1:]] - page.x1[glyphs[:-1]]
    near = np.abs(gap) < 0.1 * page.size[glyphs[1:]]
    blank = np.flatnonzero(same_line & (word[1:] != word[:-1]) & ~near & ~tight[1:]) + 1
    full = np.insert(glyphs, blank, NO_GLYPH)
    full_line = np.insert(line, blank, line[blank])
    spelled = list(map(shared.texts.__getitem__, full.tolist()))
    text = "".join(spelled)
    if not shared.is_single:
        lengths = np.fromiter(map(len, spelled), dtype=np.int64, count=len(spelled))
        full, full_line = np.repeat(full, lengths), np.repeat(full_line, lengths)
    bounds = np.searchsorted(full_line, np.arange(len(lines) + 1)).tolist()
    for number, printed in enumerate(lines):
        begin, end = bounds[number], bounds[number + 1]
        printed.text, printed.origins = text[begin:end], full[begin:end]
        if shared.has_accents:
            _compose(printed)
        if SOFT_HYPHEN in printed.text:
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
    shared: PageText, words: Words, which: Ints, line_of: Ints, flat: _Flat, row_of_line: Ints
) -> list[Line]:
    """Return lines with all but their text."""
    page = shared.page
    begin = np.concatenate(([0], np.flatnonzero(line_of[1:] != line_of[:-1]) + 1))
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


def _find_marks(shared: PageText, flat: _Flat) -> tuple[Bools, dict[int, str], Bools]:
    """Return which glyphs are raised marks, the marks that lines start with, and which glyphs need no blank before."""
    page = shared.page
    is_cut = np.zeros(len(flat.glyphs), dtype=np.bool_)
    tight = np.zeros(len(flat.glyphs), dtype=np.bool_)
    leads: dict[int, str] = {}
    height, floor = flat.height[flat.line], flat.floor[flat.line]
    raised = (page.size[flat.glyphs] <= _SMALL * height) & (floor - page.bottom[flat.glyphs] >= _RAISED * height)
    signs = [place for place, glyph in enumerate(flat.glyphs.tolist()) if shared.texts[glyph] in _RAISED_DIGITS]
    raised[signs] = True
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


def _cut_mark(
    shared: PageText, flat: _Flat, raised: Bools, begin: int, flags: tuple[Bools, Bools], leads: dict[int, str]
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
    if mark in ("2", "3") and _UNIT_END.search(before):
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
