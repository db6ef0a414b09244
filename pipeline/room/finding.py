"""Where words that a reader searched for stand on a page, from the kept pages: no PDF is opened.

Kept pages may be gone, damaged or of another reader; then there are no boxes, and the page's text still shows them.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.prints import find_prints
from extractors.views import NO_GLYPH
from models.spans import Box, Span
from pipeline.room.search import matching, parse
from pipeline.store.columns import ColumnsError
from pipeline.store.kept import KeptPages
from pipeline.store.kept_views import unpack_document

READER = "SELECT sha256, reader_version FROM documents WHERE id = :document"
# So many places on one page are marked at most.
_MAX_PLACES = 500


@dataclass(frozen=True, slots=True)
class Finder:
    """What was searched for, as an expression that finds it in text; ``None`` finds nothing."""

    pattern: re.Pattern[str] | None

    def cut(self, text: str) -> list[tuple[str, bool]]:
        """Return a text in pieces, each with whether it was searched for.

        >>> make_finder("sao").cut("São Tomé")
        [('São', True), (' Tomé', False)]
        """
        pieces: list[tuple[str, bool]] = []
        place = 0
        for start, end in self.spans(text):
            pieces += [(text[place:start], False), (text[start:end], True)]
            place = end
        pieces.append((text[place:], False))
        return [piece for piece in pieces if piece[0]]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where in a text it stands, as half-open offsets."""
        if self.pattern is None:
            return []
        return [found.span() for found in self.pattern.finditer(_without_accents(text))][:_MAX_PLACES]


def make_finder(asked: str) -> Finder:
    """Return a finder for what a reader typed, as ``pipeline.room.search`` understands it."""
    return Finder(matching([_without_accents(word) for word in parse(asked).words]))


def read_place(connection: sqlite3.Connection, document: str) -> tuple[str, str] | None:
    """Return hash and reader version of a document, by which its pages are kept; ``None`` for no document."""
    row = connection.execute(READER, {"document": document}).fetchone()
    return None if row is None else (str(row[0]), str(row[1]))


def find_boxes(folder: Path, place: tuple[str, str], page: int, finder: Finder) -> Sequence[Box]:
    """Return a box for each printed line of each place on page ``page`` (from 1), in points, in text order."""
    sha256, reader_version = place
    data = KeptPages(str(folder), reader_version).read(sha256)
    if data is None:
        return ()
    try:
        view = unpack_document(data).view
    except ColumnsError:
        return ()
    here = (view.origins != NO_GLYPH) & (view.glyphs.page[view.origins] == page)
    if not here.any():
        return ()
    first, last = int(here.argmax()), len(here) - int(here[::-1].argmax())
    spans = [Span(first + start, first + end) for start, end in finder.spans(view.text[first:last])]
    prints = find_prints(view, spans)
    return [box for found in prints if found is not None for box in found.boxes if box.page == page]


def _without_accents(text: str) -> str:
    """Return a text of the same length without accents."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFD", character)[0] for character in text)
