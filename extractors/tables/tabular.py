"""What tells a table from running text, lists and contents, where no ruling does.

Enter words in lines with column borders; leave yes or no.
"""

import re

import numpy as np

from extractors.glyphs import Bools, Floats, PageGlyphs
from extractors.medians import median
from extractors.tables.alignments import WordLines, fill_shares, held_columns
from extractors.tables.headers import bold_glyphs
from extractors.tables.line_rows import Rows, find_wraps

FULL = 0.7
"""Columns whose lines fill this share of their width on average are running text."""
FIGURES = 0.5
"""A column has figures when this share of its lines hold a digit."""
MIN_PROSE_LINES = 4
GOES_ON = 0.3
PROSE_WORDS = 3.0
"""Lines of sentences have this many words on average, and this share of them go on from the line before."""
SAME_BASELINE = 0.6
ON_LINES = 0.75
"""Words of neighbouring columns differ in height by at most this, in points, in this share of the cases."""
_MARKER = re.compile(r"[^\w]*|[(\[]?(?:\d{1,3}|[a-z]{1,4})[.)\]:]*|[^\w\s]*\w[.)]", re.IGNORECASE)
_BULLET = re.compile(r"[^\w\s]{1,2}|[(\[]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]", re.IGNORECASE)
SAME_PLACE = 2.0
"""Edges this close, in points, are aligned."""
MIN_ALIGNED = 0.7
"""Share of a column's lines that begin, end or have their middle at one place."""
MIN_ANCHORED = 3
ANCHORED = 0.8
BEGUN = 0.7
SHORT_LABELS = 0.7
"""Of a table with prose in its cells: columns; rows whose first line holds a label and this share of the columns; the
share of the lines that hold labels."""
MIN_ROWS = 3
MIN_PLAIN_ROWS = 5
MIN_PLAIN_CELLS = 16
"""Fewer rows with a bold head are no table, nor fewer rows and cells without."""
FULL_PAIRS = 0.9
HELD_ROWS = 0.7
"""This share of the rows holds both of two columns, or all of more columns but one."""
MAX_PAGE_DIGITS = 3
_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}|_{6,}")


def word_text(page: PageGlyphs, word: int) -> str:
    """Return the text of a word by its number."""
    glyphs = page.word_glyphs[page.word_starts[word] : page.word_starts[word + 1]]
    return "".join(page.text[glyph] for glyph in glyphs)


def column_lines(page: PageGlyphs, words: WordLines, xs: Floats, column: int) -> dict[int, str]:
    """Return the text of each line that a column holds, by the line's number."""
    place = np.searchsorted(xs, words.centre) - 1
    texts: dict[int, str] = {}
    for index in np.flatnonzero(place == column):
        line = int(words.line[index])
        text = word_text(page, int(words.word[index]))
        texts[line] = f"{texts[line]} {text}" if line in texts else text
    return texts


def column_texts(page: PageGlyphs, words: WordLines, xs: Floats, column: int) -> list[str]:
    """Return the text of each line that a column holds, from the top."""
    return list(column_lines(page, words, xs, column).values())


def is_running_text(words: WordLines, xs: Floats) -> bool:
    """Tell whether the columns are columns of prose: their lines have several words and run to the next column."""
    if words.n_lines < MIN_PROSE_LINES or len(words) < PROSE_WORDS * held_columns(words, xs).sum():
        return False
    return min(fill_shares(words, xs)) > FULL


def is_prose_column(page: PageGlyphs, words: WordLines, xs: Floats, column: int) -> bool:
    """Tell whether a column's lines are pieces of sentences: of several words, and many go on with a small letter from
    a line that was full."""
    texts = column_lines(page, words, xs, column)
    if len(texts) < MIN_PROSE_LINES:
        return False
    wraps = find_wraps(words, xs)[:, column]
    goes_on = sum(text[:1].islower() and bool(wraps[line]) for line, text in texts.items()) / len(texts)
    n_words = sum(text.count(" ") + 1 for text in texts.values()) / len(texts)
    return (goes_on >= GOES_ON and n_words >= PROSE_WORDS) or (goes_on >= GOES_ON / 2 and n_words >= 2 * PROSE_WORDS)


def is_on_lines(words: WordLines, xs: Floats) -> bool:
    """Tell whether words of different columns stand on common lines, not on lines of their own."""
    column = np.searchsorted(xs, words.centre)
    is_next = (words.line[1:] == words.line[:-1]) & (column[1:] != column[:-1])
    if not is_next.any():
        return True
    same = np.minimum(np.abs(np.diff(words.bottom)), np.abs(np.diff(words.top)))[is_next] <= SAME_BASELINE
    return bool(same.mean() >= ON_LINES)


def is_listed(page: PageGlyphs, words: WordLines, xs: Floats) -> bool:
    """Tell whether two columns are a list: bullets or numbers before text, or text before page numbers."""
    if len(xs) != 3:
        return False
    first = column_texts(page, words, xs, 0)
    second = column_texts(page, words, xs, 1)
    if sum(_MARKER.fullmatch(text) is not None for text in first) >= 0.8 * len(first):
        return True
    return sum(_LEADER.search(text) is not None for text in (*first, *second)) * 3 >= len(first)


def count_marker_columns(page: PageGlyphs, words: WordLines, xs: Floats) -> int:
    """Return how many columns hold only bullets, numbers or letters of a list."""
    count = 0
    for column in range(len(xs) - 2):
        texts = column_texts(page, words, xs, column)
        count += all(_BULLET.fullmatch(text) is not None for text in texts)
    return count


def is_contents(page: PageGlyphs, words: WordLines, xs: Floats) -> bool:
    """Tell whether the last column holds page numbers that never fall, or leaders run to it."""
    last = column_texts(page, words, xs, len(xs) - 2)
    numbers = [int(text) for text in last if text.isdecimal() and len(text) <= MAX_PAGE_DIGITS]
    if len(numbers) == len(last) > 2 and numbers == sorted(numbers) and len(set(numbers)) > 1:
        return True
    texts = [text for column in range(len(xs) - 1) for text in column_texts(page, words, xs, column)]
    return sum(_LEADER.search(text) is not None for text in texts) * 3 >= words.n_lines


def aligned_share(words: WordLines, xs: Floats, column: int) -> float:
    """Return the share of a column's lines that begin, end or have their middle at the usual place."""
    inside = np.searchsorted(xs, words.centre) - 1 == column
    if not inside.any():
        return 0.0
    _, line = np.unique(words.line[inside], return_inverse=True)
    left, right = np.full(line.max() + 1, np.inf), np.full(line.max() + 1, -np.inf)
    np.minimum.at(left, line, words.x0[inside])
    np.maximum.at(right, line, words.x1[inside])
    places = (left, right, (left + right) / 2)
    return max(float(np.mean(np.abs(place - median(place)) <= SAME_PLACE)) for place in places)


def has_figures(page: PageGlyphs, words: WordLines, xs: Floats) -> bool:
    """Tell whether at least half of some column's lines hold a digit."""
    for column in range(len(xs) - 1):
        texts = column_texts(page, words, xs, column)
        if len(texts) > 2 and sum(any(c.isdigit() for c in text) for text in texts) >= FIGURES * len(texts):
            return True
    return False


def all_bold_lines(page: PageGlyphs, words: WordLines) -> Bools:
    """Return for each line whether all its words are bold."""
    is_bold = bold_glyphs(page)[page.word_glyphs[page.word_starts[words.word]]]
    bold_lines = np.ones(words.n_lines, dtype=np.bool_)
    np.logical_and.at(bold_lines, words.line, is_bold)
    return bold_lines


def has_bold_head(page: PageGlyphs, words: WordLines) -> bool:
    """Tell whether the first line is bold and no other line is all bold."""
    bold_lines = all_bold_lines(page, words)
    return bool(bold_lines[0]) and not bold_lines[1:].any()


def is_anchored(page: PageGlyphs, words: WordLines, xs: Floats, rows: Rows) -> bool:
    """Tell whether columns of prose belong to a table: three columns or more, of which the first holds a short label at
    the top of each row, and most others begin there."""
    n_columns = len(xs) - 1
    if n_columns < MIN_ANCHORED or len(rows) < MIN_ROWS or is_prose_column(page, words, xs, 0):
        return False
    held = held_columns(words, xs)
    first = words.first
    tops = np.minimum.reduceat(words.top, first)
    row = np.searchsorted(np.array([top for top, _ in rows]), tops, side="right") - 1
    begins = np.flatnonzero(np.diff(row, prepend=-1))
    # A row with one text only titles those below it.
    begun = held[begins][held[begins].sum(axis=1) > 1]
    if len(begun) < ANCHORED * MIN_ROWS or len(begun) * 2 < len(rows):
        return False
    is_labelled = begun[:, 0].mean() >= ANCHORED
    is_full = (begun.sum(axis=1) >= BEGUN * n_columns).mean() >= ANCHORED
    return bool(is_labelled and is_full and held[:, 0].mean() < SHORT_LABELS)


def is_aligned_table(page: PageGlyphs, words: WordLines, xs: Floats, rows: Rows) -> bool:
    """Tell whether columns that no ruling shows are those of a table; ``rows`` as (top, bottom)."""
    n_columns = len(xs) - 1
    if len(rows) < MIN_ROWS or not is_on_lines(words, xs) or is_running_text(words, xs):
        return False
    if any(aligned_share(words, xs, column) < MIN_ALIGNED for column in range(n_columns)):
        return False
    return not _is_list(page, words, xs, rows) and _has_full_rows(page, words, xs, rows)


def _is_list(page: PageGlyphs, words: WordLines, xs: Floats, rows: Rows) -> bool:
    """Tell whether columns are a list, contents, or sentences that no label in the first column parts."""
    if is_listed(page, words, xs) or is_contents(page, words, xs):
        return True
    has_prose = any(is_prose_column(page, words, xs, column) for column in range(len(xs) - 1))
    return has_prose and not is_anchored(page, words, xs, rows)


def _has_full_rows(page: PageGlyphs, words: WordLines, xs: Floats, rows: Rows) -> bool:
    """Tell whether there are rows enough and most of them hold all columns but one."""
    n_columns = len(xs) - 1
    n_kept = n_columns - count_marker_columns(page, words, xs)
    held = _held_rows(words, xs, rows)
    has_head = has_bold_head(page, words)
    is_small = len(held) < MIN_PLAIN_ROWS and len(held) * n_kept < MIN_PLAIN_CELLS
    if n_kept < 2 or (is_small and not has_head):
        return False
    if n_kept > 2 and (held.sum(axis=1) > 1).mean() > HELD_ROWS:
        # A row with one text only titles those below it.
        held = held[held.sum(axis=1) > 1]
    n_full = int((held.sum(axis=1) >= max(2, n_columns - 1)).sum())
    if n_kept == 2:
        return n_full >= FULL_PAIRS * len(held) and (has_head or has_figures(page, words, xs))
    return n_full >= HELD_ROWS * len(held)


def _held_rows(words: WordLines, xs: Floats, rows: Rows) -> Bools:
    """Return (rows, columns): where a row has words."""
    tops = np.array([top for top, _ in rows])
    row = np.clip(np.searchsorted(tops, words.middle) - 1, 0, len(rows) - 1)
    column = np.clip(np.searchsorted(xs, words.centre) - 1, 0, len(xs) - 2)
    held = np.zeros((len(rows), len(xs) - 1), dtype=np.bool_)
    held[row, column] = True
    return held
