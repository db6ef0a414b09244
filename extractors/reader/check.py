"""The fast reader compared with plain pdfplumber on one page of a document."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from pdfminer.pdfinterp import LITERAL_FORM
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, dict_value, resolve1

from extractors.glyphs import PageGlyphs
from extractors.reader.fonts import FontBook


def choose_page(pages: Sequence[tuple[int, PDFPage]]) -> tuple[int, PDFPage]:
    """Return the page to compare: the shortest that is no blank sheet or cover, for pdfplumber takes its time.

    That is one whose content has a third of the mean length; the length of its forms (drawn emblems) counts as well.
    """
    lengths = [_content_length(page) for _, page in pages]
    least = sum(lengths) / len(lengths) / 3
    shortest: tuple[int, int] | None = None
    for length, place in sorted((length, place) for place, length in enumerate(lengths) if length >= least):
        if shortest is not None and length >= shortest[0]:
            break
        whole = (length + _forms_length(pages[place][1]), place)
        shortest = whole if shortest is None else min(shortest, whole)
    assert shortest is not None
    return pages[shortest[1]]


def _forms_length(page: PDFPage) -> int:
    """Return the length of the forms among a page's resources."""
    found = 0
    for item in dict_value(page.resources.get("XObject")).values():
        stream = resolve1(item)
        if isinstance(stream, PDFStream) and stream.get("Subtype") is LITERAL_FORM:
            found += len(stream.rawdata or stream.data or b"")
        else:
            FontBook.let_go(page.doc, [item])
    return found


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
