"""Glyphs that stand on their heads. pdfminer and pdfplumber call them upright: they ask whether text runs level, not
which way.

A page's record, or pdfplumber's characters, enter; a flag per glyph leaves. Words stay those that pdfplumber makes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from extractors.glyphs import Bools
from extractors.reader.record import PageRecord


def find_overturned(record: PageRecord, n_glyphs: int) -> Bools | None:
    """Return for each glyph of a page whether its text matrix, with the page's, turns it by a half; ``None`` when that
    is plain for all of them: a page seldom has a matrix that mirrors or turns."""
    places, matrices = record.places, record.matrices
    is_level = not any(matrices[2::6]) or not any(places[2::7])
    if is_level and min(places[1::7], default=0.0) >= 0 and min(matrices[0::6], default=0.0) >= 0:
        return None
    ctm = np.array(record.heads, dtype=np.int64).reshape(-1, 4)[:, 1]
    a1, b1 = np.array(places, dtype=np.float64).reshape(-1, 7)[:, 1:3].T
    a0, _, c0, _, _, _ = np.array(matrices, dtype=np.float64).reshape(-1, 6)[ctm].T
    lengths = np.concatenate(([0], np.cumsum(record.lengths)))
    ends = lengths[np.cumsum(record.counts)] if record.counts else np.zeros(0, dtype=np.int64)
    found: Bools = np.repeat(a0 * a1 + c0 * b1 < 0, np.diff(ends, prepend=0))
    return found if len(found) == n_glyphs and found.any() else None


def upright_of(chars: Iterable[Mapping[str, Any]]) -> Bools:
    """Return for each of pdfplumber's characters whether it stands upright, as ``PageGlyphs`` has it."""
    return np.array([bool(char["upright"]) and not char["matrix"][0] < 0 for char in chars], dtype=np.bool_)
