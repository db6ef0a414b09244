"""The fast reader compared with plain pdfplumber on one page of a document, chosen by the document's bytes."""

import zlib
from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1

from extractors.glyphs import PageGlyphs

_CANDIDATES = 8


def choose_page(data: bytes, pages: Sequence[tuple[int, PDFPage]]) -> tuple[int, PDFPage]:
    """Return the page to compare: of a few that the bytes choose, the shortest that is no blank sheet or cover.

    That is one whose content has a fifth of the length of the longest; pdfplumber takes its time over each page.
    """
    start = zlib.crc32(data)
    step = max(1, len(pages) // _CANDIDATES)
    chosen = {(start + i * step) % len(pages) for i in range(_CANDIDATES)}
    lengths = {i: _content_length(pages[i][1]) for i in sorted(chosen)}
    least = max(lengths.values()) / 5
    return pages[min((length, i) for i, length in lengths.items() if length >= least)[1]]


def _content_length(page: PDFPage) -> int:
    streams = [resolve1(item) for item in page.contents]
    return sum(len(stream.rawdata or stream.data or b"") for stream in streams if isinstance(stream, PDFStream))


def find_differences(one: PageGlyphs, other: PageGlyphs) -> list[str]:
    """Return the names of the columns in which two readings of a page differ by as little as one bit."""
    return [
        field.name for field in fields(PageGlyphs) if not _is_same(getattr(one, field.name), getattr(other, field.name))
    ]


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return one == other
