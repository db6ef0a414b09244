"""pdfplumber's ``extract_words()`` with its defaults, over columns instead of dictionaries."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.glyphs import Bools, Floats, Indices, Ints

_TOLERANCE = 3
_BLANK, _ALONE = 1, 2
_FEW_LINES = 32_000


def find_words(
    kind: NDArray[np.int8], x0: Floats, top: Floats, x1: Floats, bottom: Floats, upright: Bools
) -> tuple[Ints, Ints]:
    """Return words as (starts, glyph indices), as ``PageGlyphs`` holds them.

    ``kind`` is 1 for a blank glyph, which parts words, 2 for one that stands for nothing, which is a word of its own.
    Runs of upright and of turned glyphs are grouped one by one, each into lines by its upper (or left) edges, lines
    into words where the gap is more than three points.
    """
    counts: list[Ints] = []
    members: list[Ints] = []
    turns = np.flatnonzero(upright[1:] != upright[:-1]) + 1
    for start, end in zip([0, *turns.tolist()], [*turns.tolist(), len(upright)], strict=True):
        part = slice(start, end)
        if end == start:
            continue
        if upright[start]:
            found = _split(kind[part], top[part], x0[part], x1[part], None)
        else:
            # pdfplumber orders turned glyphs that begin at the same height by their lower edges.
            found = _split(kind[part], x0[part], top[part], bottom[part], bottom[part])
        counts.append(found[0])
        members.append(found[1] + start)
    if not counts:
        return np.zeros(1, dtype=np.int32), np.zeros(0, dtype=np.int32)
    starts = np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.int32)
    return starts, np.concatenate(members).astype(np.int32)


def _split(kind: NDArray[np.int8], across: Floats, start: Floats, end: Floats, tie: Floats | None) -> tuple[Ints, Ints]:
    """Return words of glyphs with the same turn as (lengths, glyph indices). ``across`` tells lines apart,
    ``start`` and ``end`` are the edges along the line, ``tie`` orders glyphs with the same
    ``start``."""
    ordered = np.sort(across)
    firsts_of_lines = ordered[1:][ordered[1:] > ordered[:-1] + _TOLERANCE]
    line = np.searchsorted(firsts_of_lines, across, side="right")
    if len(firsts_of_lines) < _FEW_LINES:
        # Small numbers are sorted by their digits.
        line = line.astype(np.int16)
    order = _order(line, start, tie)
    kind, across, start, end, line = kind[order], across[order], start[order], end[order], line[order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (
        (line[1:] != line[:-1])
        | (kind[:-1] != 0)
        | (kind[1:] == _ALONE)
        | (start[1:] < start[:-1])
        | (start[1:] > end[:-1] + _TOLERANCE)
        | (np.abs(across[1:] - across[:-1]) > _TOLERANCE)
    )
    is_kept = kind != _BLANK
    firsts = np.flatnonzero(is_first[is_kept])
    members: Ints = order[is_kept]
    return np.diff(np.append(firsts, len(members))), members


def _order(line: NDArray[np.integer[Any]], start: Floats, tie: Floats | None) -> Indices:
    """Return glyphs by line, start and tie, then as they come. Most lines come in their order and need no sorting."""
    if tie is not None:
        return np.lexsort((tie, start, line))
    order = np.argsort(line, kind="stable")
    line, start = line[order], start[order]
    is_back = (start[1:] < start[:-1]) & (line[1:] == line[:-1])
    if is_back.any():
        is_mixed = np.zeros(int(line[-1]) + 1, dtype=np.bool_)
        is_mixed[line[1:][is_back]] = True
        mixed = np.flatnonzero(is_mixed[line])
        order[mixed] = order[mixed[np.lexsort((start[mixed], line[mixed]))]]
    return order
