"""Which lines of words make one row of a table, where no ruling tells.

Enter words in lines with column borders; leave rows as (top, bottom) in points. Three signs are read: wider blanks
between rows than inside them, lines that lack most columns, and lines that only go on because the line before was full.
"""

from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Floats, Ints
from extractors.tables.alignments import WordLines, held_columns

FULL = 0.75
"""A line that holds this share of the columns is a full one."""
LOOSE = 0.12
"""Blanks between rows exceed those inside rows by at least this share of a word's height."""
BLANK = 0.3
"""The blank between two words is about this share of their height."""
SOUND = 0.8
"""Wider blanks tell the rows when in this share of them no line holds more than the first."""

Rows = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    top: Floats
    bottom: Floats
    held: Bools
    left: Floats
    right: Floats
    first_width: Floats


def find_rows(words: WordLines, xs: Floats) -> Rows:
    """Return the rows that lines make, from the top."""
    lines = _read(words, xs)
    starts = _starts_by_blanks(lines, words.height)
    if starts is None:
        starts = _starts_by_lines(lines, BLANK * words.height)
    first = np.flatnonzero(starts)
    last = np.append(first[1:], len(starts)) - 1
    return [(float(lines.top[a]), float(lines.bottom[b])) for a, b in zip(first, last, strict=True)]


def full_lines(words: WordLines, xs: Floats) -> Bools:
    """Return for each line whether it holds most columns."""
    held = held_columns(words, xs)
    full: Bools = held.sum(axis=1) >= FULL * held.shape[1]
    return full


def _read(words: WordLines, xs: Floats) -> _Lines:
    first = words.first
    shape = (words.n_lines, len(xs) - 1)
    column = np.clip(np.searchsorted(xs, words.centre) - 1, 0, shape[1] - 1)
    place = (words.line, column)
    left, right = np.full(shape, np.inf), np.full(shape, -np.inf)
    np.minimum.at(left, place, words.x0)
    np.maximum.at(right, place, words.x1)
    width = np.zeros(shape)
    is_first = words.x0 == left[place]
    width[words.line[is_first], column[is_first]] = (words.x1 - words.x0)[is_first]
    return _Lines(
        np.minimum.reduceat(words.top, first),
        np.maximum.reduceat(words.bottom, first),
        np.isfinite(left),
        left,
        right,
        width,
    )


def _starts_by_blanks(lines: _Lines, height: float) -> Bools | None:
    """Return which lines begin rows when blanks come in two sizes; ``None`` when they do not, or rows made by them
    would not begin with their fullest line."""
    gaps = lines.top[1:] - lines.bottom[:-1]
    if len(gaps) < 2:
        return None
    ordered = np.sort(gaps)
    steps = np.diff(ordered)
    if float(steps.max()) < LOOSE * height:
        return None
    limit = float(ordered[int(np.argmax(steps >= LOOSE * height))]) + 0.5 * LOOSE * height
    starts = np.append(True, gaps > limit)
    group = np.cumsum(starts) - 1
    counts = lines.held.sum(axis=1)
    is_sound = counts <= counts[np.flatnonzero(starts)][group]
    # A line that holds all the columns again is a row of its own.
    is_full = counts >= FULL * lines.held.shape[1]
    repeats = is_full & ~starts
    if repeats.sum() * 4 > len(starts) or is_sound.mean() < SOUND:
        return None
    return starts


def _starts_by_lines(lines: _Lines, blank: float) -> Bools:
    """Return which lines begin rows: all but those that lack the first column and most others, and those whose every
    text goes on a text that was full."""
    n_lines, n_columns = lines.held.shape
    wraps = _wraps(lines, blank)
    starts = np.ones(n_lines, dtype=np.bool_)
    for line in range(1, n_lines):
        held = lines.held[line]
        if held.sum() >= FULL * n_columns and held[0]:
            continue
        if not held[0] and held.sum() * 2 <= n_columns:
            starts[line] = False
            continue
        starts[line] = not bool(wraps[line][held].all())
    return starts


def find_wraps(words: WordLines, xs: Floats) -> Bools:
    """Return (lines, columns): whether a column's line may go on from the line before, which had no room for its first
    word."""
    return _wraps(_read(words, xs), BLANK * words.height)


def _wraps(lines: _Lines, blank: float) -> Bools:
    wraps = np.zeros_like(lines.held)
    room = lines.right[:-1] + blank + lines.first_width[1:]
    wraps[1:] = lines.held[1:] & lines.held[:-1] & (room > lines.right.max(axis=0))
    return wraps


def count_repeats(words: WordLines, xs: Floats, band: Ints) -> int:
    """Return how many full lines follow another line in their band; ``band`` numbers each line's band."""
    is_full = full_lines(words, xs)
    is_later = np.zeros(len(band), dtype=np.bool_)
    is_later[1:] = band[1:] == band[:-1]
    return int((is_full & is_later).sum())
