"""The fast reader compared with plain pdfplumber on one page of a document."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1

from extractors.glyphs import PageGlyphs


def choose_page(pages: Sequence[tuple[int, PDFPage]]) -> tuple[int, PDFPage]:
    """Return the page to compare: the shortest that is no blank sheet or cover, for pdfplumber takes its time.

    That is one whose content has a third of the mean length.
    """
    lengths = [_content_length(page) for _, page in pages]
    least = sum(lengths) / len(lengths) / 3
    return pages[min((length, i) for i, length in enumerate(lengths) if length >= least)[1]]


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
