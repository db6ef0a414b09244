"""Glyph columns of a page from its record, in numpy, with pdfminer's order of floating-point operations.

pdfminer adds up the pen position glyph by glyph, so the sums here are sequential too: ``np.add.accumulate`` along runs
that follow one another. Everything else is element by element.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from extractors.glyphs import Bools, Floats, Indices, Ints
from extractors.reader.fonts import Coding, FontTable
from extractors.reader.record import PageRecord

# Chains are summed together, each padded to the longest, unless that takes more than so many places for each run.
_MAX_WASTE = 64


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


@dataclass(frozen=True, slots=True)
class _Runs:
    """Columns over the runs of a page. ``matrix`` is the text matrix times the ctm, as six columns; ``scaling`` is 1
    for 100 percent; ``n_strings`` and ``n_glyphs`` are how many a run has."""

    font: Indices
    size: Floats
    scaling: Floats
    charspace: Floats
    wordspace: Floats
    rise: Floats
    matrix: tuple[Floats, ...]
    is_chained: Indices
    n_strings: Indices
    n_glyphs: Indices

    def over_glyphs(self, column: Floats) -> Floats:
        """Return a column over runs as one over glyphs."""
        return np.repeat(column, self.n_glyphs)


def to_floats(values: Sequence[float]) -> Floats:
    """Return decimals as a column. This and ``to_indices`` take half the time of ``np.array``, which looks twice."""
    return np.fromiter(values, dtype=np.float64, count=len(values))


def to_indices(values: Sequence[int]) -> Indices:
    """Return whole numbers as a column."""
    return np.fromiter(values, dtype=np.int64, count=len(values))


def make_columns(record: PageRecord) -> GlyphColumns:
    """Return the glyph columns of a page."""
    codes = np.frombuffer(b"".join(record.codes), dtype=">u2").astype(np.uint16)
    lengths = to_indices(record.lengths)
    runs = _make_runs(record, lengths)
    tables = list(record.fonts)
    font = np.repeat(runs.font, runs.n_glyphs)
    text, kind, width = _look_up(tables, font, codes)
    advance = width * runs.over_glyphs(runs.size)
    advance *= runs.over_glyphs(runs.scaling)
    x = _pen_positions(record, runs, lengths, codes, advance)
    descent = np.array([table.descent for table in tables], dtype=np.float64)[runs.font]
    x0, y0, x1, y1 = _boxes(runs, x, advance, descent)
    a, b, c, d, _, _ = runs.matrix
    upright = (a * d * runs.scaling > 0) & (b * c <= 0)
    names, index = _name_fonts(tables, runs)
    return GlyphColumns(text, kind, x0, y0, x1, y1, np.repeat(upright, runs.n_glyphs), index[font], names)


def _make_runs(record: PageRecord, lengths: Indices) -> _Runs:
    font, ctm, spacing, is_chained = to_indices(record.heads).reshape(-1, 4).T
    size, a1, b1, c1, d1, e1, f1 = to_floats(record.places).reshape(-1, 7).T
    a0, b0, c0, d0, e0, f0 = to_floats(record.matrices).reshape(-1, 6)[ctm].T
    scaling, charspace, wordspace, rise = to_floats(record.spacings).reshape(-1, 4)[spacing].T
    n_strings = to_indices(record.counts)
    glyphs_before = np.concatenate((_ZERO, np.cumsum(lengths)))
    return _Runs(
        font=font,
        size=size,
        scaling=scaling * 0.01,
        charspace=charspace,
        wordspace=wordspace,
        rise=rise,
        matrix=(
            a0 * a1 + c0 * b1,
            b0 * a1 + d0 * b1,
            a0 * c1 + c0 * d1,
            b0 * c1 + d0 * d1,
            a0 * e1 + c0 * f1 + e0,
            b0 * e1 + d0 * f1 + f0,
        ),
        is_chained=is_chained,
        n_strings=n_strings,
        n_glyphs=np.diff(glyphs_before[np.concatenate((_ZERO, np.cumsum(n_strings)))]),
    )


def _look_up(
    tables: list[FontTable], font: Indices, codes: NDArray[np.uint16]
) -> tuple[NDArray[np.object_], NDArray[np.int8], Floats]:
    """Return text, kind and width (in text space, for size 1) of each glyph."""
    slots = np.zeros(len(codes), dtype=np.int64)
    if len(tables) == 1:
        slots[:] = tables[0].slots(codes)
    else:
        for number, table in enumerate(tables):
            where = np.flatnonzero(font == number)
            slots[where] = table.slots(codes[where])
        # All tables one behind the other.
        before = list(accumulate((len(table.texts) for table in tables), initial=0))
        slots += np.array(before, dtype=np.int64)[font]
    text = np.concatenate([_NO_TEXT, *(table.texts for table in tables)])
    kind = np.concatenate([_NO_KIND, *(table.blank for table in tables)])
    width = np.concatenate([_NO_WIDTH, *(table.widths for table in tables)])
    return text[slots], kind[slots], width[slots]


def _name_fonts(tables: list[FontTable], runs: _Runs) -> tuple[tuple[str, ...], Ints]:
    """Return font names in order of first appearance and the index in them of each table."""
    names: dict[str, int] = {}
    index = np.zeros(len(tables), dtype=np.int32)
    for number in dict.fromkeys(runs.font[runs.n_glyphs > 0].tolist()):
        index[number] = names.setdefault(tables[number].name, len(names))
    return tuple(names), index


def _pen_positions(
    record: PageRecord, runs: _Runs, lengths: Indices, codes: NDArray[np.uint16], advance: Floats
) -> Floats:
    """Return the pen position of each glyph along its run's text line, before text matrix and ctm."""
    is_spaced = (runs.charspace != 0) | (runs.wordspace != 0)
    stride = np.where(is_spaced, 3, 1)
    chains, shift = _place_chains(runs, stride)
    ends = np.cumsum(lengths)
    # Steps: per glyph its advance (in spaced runs with character space before and word space after it), per string the
    # number behind it.
    before = np.arange(len(lengths)) + np.repeat(shift, runs.n_strings)
    place = np.repeat(before, lengths)
    if is_spaced.any():
        place += np.arange(len(codes)) * np.repeat(stride, runs.n_glyphs) + np.repeat(is_spaced, runs.n_glyphs)
        before += ends * np.repeat(stride, runs.n_strings)
    else:
        place += np.arange(len(codes))
        before += ends
    steps = np.zeros(chains.size)
    steps[place] = advance
    dxscale = 0.001 * runs.size * runs.scaling
    steps[before] = -(to_floats(record.numbers) * np.repeat(dxscale, runs.n_strings))
    if is_spaced.any():
        where = np.flatnonzero(np.repeat(is_spaced, runs.n_glyphs))
        charspace = runs.over_glyphs(runs.charspace * runs.scaling)
        charspace[_unspaced(runs, lengths)] = 0.0
        steps[place[where] - 1] = charspace[where]
        is_one_byte = np.array([table.coding is Coding.ONE_BYTE for table in record.fonts], dtype=np.bool_)
        wordspace = np.where(is_one_byte[runs.font], runs.wordspace * runs.scaling, 0.0)
        steps[place[where] + 1] = np.where(codes == 32, runs.over_glyphs(wordspace), 0.0)[where]
    return _sum_chains(steps, chains)[place]


def _unspaced(runs: _Runs, lengths: Indices) -> Indices:
    """Return the glyphs that no character space precedes: the first of each run, unless a number stands before it."""
    first_glyph = np.cumsum(runs.n_glyphs) - runs.n_glyphs
    first_string = np.cumsum(runs.n_strings) - runs.n_strings
    # A number before all strings stands behind an empty one.
    is_led = lengths[first_string[runs.n_glyphs > 0]] == 0
    found: Indices = first_glyph[runs.n_glyphs > 0][~is_led]
    return found


@dataclass(frozen=True, slots=True)
class _Chains:
    """Chains of steps (runs that start at the origin of their matrix, with those that go on from there) in one array:
    each chain has ``width`` places, or just as many as it has steps (``sizes``) when ``width`` is 0."""

    sizes: Indices
    width: int

    @property
    def size(self) -> int:
        """The number of places."""
        return len(self.sizes) * self.width if self.width else int(self.sizes.sum())


def _place_chains(runs: _Runs, stride: Indices) -> tuple[_Chains, Indices]:
    """Return the chains, and for each run what to add to get the place of a step: to the numbers, counted over the
    page, of its string and (times ``stride``, the steps per glyph of the run) of its glyph."""
    ends = np.cumsum(stride * runs.n_glyphs + runs.n_strings)
    is_first = runs.is_chained == 0
    starts_of_runs = ends - stride * runs.n_glyphs - runs.n_strings
    starts = starts_of_runs[is_first]
    sizes = np.diff(starts, append=ends[-1:])
    longest = int(sizes.max(initial=0))
    if longest * len(sizes) > _MAX_WASTE * len(runs.font) + 8 * int(sizes.sum()):
        longest = 0
    else:
        starts_of_runs += (np.arange(len(starts)) * longest - starts)[np.cumsum(is_first) - 1]
    glyphs_before = np.cumsum(runs.n_glyphs) - runs.n_glyphs
    strings_before = np.cumsum(runs.n_strings) - runs.n_strings
    return _Chains(sizes, longest), starts_of_runs - stride * glyphs_before - strings_before


def _sum_chains(steps: Floats, chains: _Chains) -> Floats:
    """Return for each step the sum of the steps before it in its chain, added one after another from zero."""
    sums = np.zeros(len(steps))
    if chains.width:
        rows = sums.reshape(-1, chains.width)
        np.add.accumulate(steps.reshape(-1, chains.width)[:, :-1], axis=1, out=rows[:, 1:])
        return sums
    start = 0
    for size in chains.sizes.tolist():
        sums[start + 1 : start + size] = np.add.accumulate(steps[start : start + size - 1])
        start += size
    return sums


def _boxes(runs: _Runs, x: Floats, advance: Floats, descent: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the boxes of glyphs in page space, as ``LTChar`` makes them; ``descent`` is that of each run's font."""
    a, b, c, d, e, f = runs.matrix
    low = descent * runs.size + runs.rise
    high = low + runs.size
    a_ = runs.over_glyphs(a)
    # The pen never leaves the line of a horizontal font: y is 0, and adding 0 * c changes nothing.
    left = x * a_ + runs.over_glyphs(e)
    if not (b.any() or c.any()):
        # All glyphs of a run have the same height.
        bottom, top = d * low + f, d * high + f
        y0, y1 = runs.over_glyphs(np.minimum(bottom, top)), runs.over_glyphs(np.maximum(bottom, top))
        right = a_ * advance + left
        return np.minimum(left, right), y0, np.maximum(left, right), y1
    b, c, d, f, low, high = map(runs.over_glyphs, (b, c, d, f, low, high))
    e, f = left, x * b + f
    xs = np.stack((c * low + e, a_ * advance + c * low + e, a_ * advance + c * high + e, c * high + e))
    ys = np.stack((d * low + f, b * advance + d * low + f, b * advance + d * high + f, d * high + f))
    return xs.min(axis=0), ys.min(axis=0), xs.max(axis=0), ys.max(axis=0)


_ZERO = np.zeros(1, dtype=np.int64)
_NO_TEXT: NDArray[np.object_] = np.empty(0, dtype=object)
_NO_KIND = np.empty(0, dtype=np.int8)
_NO_WIDTH = np.empty(0)
