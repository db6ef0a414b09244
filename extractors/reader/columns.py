"""Glyph columns of a page from its record, in numpy, with pdfminer's order of floating-point operations.

pdfminer adds up the pen position glyph by glyph, so the sums here are sequential too: ``np.add.accumulate`` along runs
that follow one another. Everything else is element by element.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.glyphs import Bools, Floats, Ints
from extractors.reader.fonts import Coding, FontTable
from extractors.reader.record import (
    RUN_CHAINED,
    RUN_CHARSPACE,
    RUN_COLUMNS,
    RUN_CTM,
    RUN_FONT,
    RUN_MATRIX,
    RUN_RISE,
    RUN_SCALING,
    RUN_SIZE,
    RUN_STRINGS,
    RUN_WORDSPACE,
    PageRecord,
)

Indices = NDArray[np.int64]

# Chains of up to this many steps are summed together in one padded array, longer ones one by one.
_PADDED = (24, 96, 256)


@dataclass(frozen=True, slots=True)
class GlyphColumns:
    """Glyphs in pdfminer's coordinates: points from the lower left corner of the page."""

    text: NDArray[np.object_]
    kind: NDArray[np.int8]
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    upright: Bools
    font: Ints
    fonts: tuple[str, ...]


def make_columns(record: PageRecord) -> GlyphColumns:
    """Return the glyph columns of a page."""
    runs = np.array(record.runs, dtype=np.float64).reshape(-1, RUN_COLUMNS)
    codes = np.frombuffer(b"".join(record.codes), dtype=">u2").astype(np.uint16)
    lengths = np.array(record.lengths, dtype=np.int64)
    run_of_string: Indices = np.repeat(np.arange(len(runs)), runs[:, RUN_STRINGS].astype(np.int64))
    run_of_glyph: Indices = np.repeat(run_of_string, lengths)
    tables = list(record.fonts)
    text, kind, width, descent = _look_up(tables, runs[:, RUN_FONT].astype(np.int32)[run_of_glyph], codes)
    size, scaling = runs[:, RUN_SIZE][run_of_glyph], (runs[:, RUN_SCALING] * 0.01)[run_of_glyph]
    advance = width * size * scaling
    x = _pen_positions(record, runs, lengths, run_of_string, codes, advance)
    x0, y0, x1, y1 = _boxes(runs, run_of_glyph, x, advance, descent * size)
    matrix = _matrices(runs)
    upright = (matrix[0] * matrix[3] * (runs[:, RUN_SCALING] * 0.01) > 0) & (matrix[1] * matrix[2] <= 0)
    names, font = _name_fonts(tables, runs[:, RUN_FONT].astype(np.int32)[run_of_glyph])
    return GlyphColumns(text, kind, x0, y0, x1, y1, upright[run_of_glyph], font, names)


def _look_up(
    tables: list[FontTable], font: Ints, codes: NDArray[np.uint16]
) -> tuple[NDArray[np.object_], NDArray[np.int8], Floats, Floats]:
    """Return text, kind, width and descent (both in text space, for size 1) of each glyph."""
    n = len(codes)
    text = np.empty(n, dtype=object)
    kind = np.empty(n, dtype=np.int8)
    width = np.empty(n)
    descent = np.empty(n)
    for number, table in enumerate(tables):
        where = np.flatnonzero(font == number)
        slots = table.slots(codes[where])
        text[where] = table.texts[slots]
        kind[where] = table.blank[slots]
        width[where] = table.widths[slots]
        descent[where] = table.descent
    return text, kind, width, descent


def _name_fonts(tables: list[FontTable], font: Ints) -> tuple[tuple[str, ...], Ints]:
    """Return font names in order of first appearance and each glyph's index in them."""
    present, first = np.unique(font, return_index=True)
    names: dict[str, int] = {}
    index = np.zeros(len(tables), dtype=np.int32)
    for number in present[np.argsort(first)]:
        index[number] = names.setdefault(tables[number].name, len(names))
    return tuple(names), index[font]


def _matrices(runs: Floats) -> tuple[Floats, ...]:
    """Return text matrix times ctm, as six columns over runs."""
    a1, b1, c1, d1, e1, f1 = runs[:, RUN_MATRIX : RUN_MATRIX + 6].T
    a0, b0, c0, d0, e0, f0 = runs[:, RUN_CTM : RUN_CTM + 6].T
    return (
        a0 * a1 + c0 * b1,
        b0 * a1 + d0 * b1,
        a0 * c1 + c0 * d1,
        b0 * c1 + d0 * d1,
        a0 * e1 + c0 * f1 + e0,
        b0 * e1 + d0 * f1 + f0,
    )


def _pen_positions(
    record: PageRecord,
    runs: Floats,
    lengths: Indices,
    run_of_string: Indices,
    codes: NDArray[np.uint16],
    advance: Floats,
) -> Floats:
    """Return the pen position of each glyph along its run's text line, before text matrix and ctm."""
    has_spacing = bool(runs[:, RUN_CHARSPACE].any() or runs[:, RUN_WORDSPACE].any())
    stride = 3 if has_spacing else 1
    n_strings = len(lengths)
    ends = np.cumsum(lengths)
    string_of_glyph = np.repeat(np.arange(n_strings), lengths)
    # Steps: per glyph its advance (with character space before and word space after it), per string the number behind.
    place = stride * np.arange(len(codes)) + string_of_glyph + (1 if has_spacing else 0)
    steps = np.zeros(stride * len(codes) + n_strings)
    scaling = runs[:, RUN_SCALING] * 0.01
    steps[place] = advance
    dxscale = 0.001 * runs[:, RUN_SIZE] * scaling
    steps[stride * ends + np.arange(n_strings)] = -(np.array(record.numbers) * dxscale[run_of_string])
    if has_spacing:
        run_of_glyph = run_of_string[string_of_glyph]
        charspace = (runs[:, RUN_CHARSPACE] * scaling)[run_of_glyph]
        charspace[_unspaced(lengths, run_of_string, ends)] = 0.0
        steps[place - 1] = charspace
        is_one_byte = np.array([table.coding is Coding.ONE_BYTE for table in record.fonts], dtype=np.bool_)
        has_words = is_one_byte[runs[:, RUN_FONT].astype(np.int32)]
        wordspace = np.where(has_words, runs[:, RUN_WORDSPACE] * scaling, 0.0)[run_of_glyph]
        steps[place + 1] = np.where(codes == 32, wordspace, 0.0)
    sums: Floats = _sum_chains(steps, _chain_starts(runs, lengths, stride, n_strings))[place]
    return sums


def _unspaced(lengths: Indices, run_of_string: Indices, ends: Indices) -> Indices:
    """Return the glyphs that no character space precedes: the first of each run, unless a number stands before it."""
    filled = np.flatnonzero(lengths > 0)
    runs, first = np.unique(run_of_string[filled], return_index=True)
    firsts = filled[first]
    # A number before all strings stands behind an empty one.
    is_led = firsts > np.searchsorted(run_of_string, runs)
    found: Indices = (ends - lengths)[firsts[~is_led]]
    return found


def _chain_starts(runs: Floats, lengths: Indices, stride: int, n_strings: int) -> Indices:
    """Return the step at which each chain begins: runs that start at the origin of their matrix."""
    strings_before = np.concatenate(([0], np.cumsum(runs[:, RUN_STRINGS].astype(np.int64))))[:-1]
    glyphs_before = np.concatenate(([0], np.cumsum(lengths)))
    starts: Indices = (stride * glyphs_before[strings_before] + strings_before)[runs[:, RUN_CHAINED] == 0]
    return starts


def _sum_chains(steps: Floats, starts: Indices) -> Floats:
    """Return for each step the sum of the steps before it in its chain, added one after another from zero."""
    sums = np.zeros(len(steps))
    sizes = np.diff(np.append(starts, len(steps)))
    low = 0
    for high in _PADDED:
        chosen = np.flatnonzero((sizes > low) & (sizes <= high))
        low = high
        if len(chosen) == 0:
            continue
        counts = sizes[chosen]
        row = np.repeat(np.arange(len(chosen)), counts)
        column = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        step = np.repeat(starts[chosen], counts) + column
        padded = np.zeros((len(chosen), int(counts.max()) + 1))
        padded[row, column + 1] = steps[step]
        np.add.accumulate(padded, axis=1, out=padded)
        sums[step] = padded[row, column]
    for chain in np.flatnonzero(sizes > low):
        start, end = int(starts[chain]), int(starts[chain] + sizes[chain])
        sums[start + 1 : end] = np.add.accumulate(steps[start : end - 1])
    return sums


def _boxes(
    runs: Floats, run: Indices, x: Floats, advance: Floats, descent: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the boxes of glyphs in page space, as ``LTChar`` makes them."""
    a, b, c, d, e, f = (column[run] for column in _matrices(runs))
    # The pen never leaves the line of a horizontal font: y is 0, and adding 0 * c changes nothing.
    e = x * a + e
    f = x * b + f
    low = descent + runs[:, RUN_RISE][run]
    high = low + runs[:, RUN_SIZE][run]
    if not (b.any() or c.any()):
        left, right, bottom, top = e, a * advance + e, d * low + f, d * high + f
        return np.minimum(left, right), np.minimum(bottom, top), np.maximum(left, right), np.maximum(bottom, top)
    xs = np.stack((c * low + e, a * advance + c * low + e, a * advance + c * high + e, c * high + e))
    ys = np.stack((d * low + f, b * advance + d * low + f, b * advance + d * high + f, d * high + f))
    return xs.min(axis=0), ys.min(axis=0), xs.max(axis=0), ys.max(axis=0)
