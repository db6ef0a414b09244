"""Quoted words found on their page: blanks, line breaks and hyphens do not count, since print breaks words anywhere."""

from extractors.views import NO_GLYPH, TextView
from models.spans import Span

# Quotes of table rows part their cells by a line.
_LEFT_OUT = frozenset("-\u00ad\u2010\u2011|")


def find_quote(view: TextView, page: int, quote: str, occurrence: int = 1) -> Span | None:
    """Return where the ``occurrence``-th such print (from 1) on a page (from 1) stands in the text, or ``None``."""
    wanted, _ = _solid(quote, 0)
    if not wanted:
        return None
    start, end = _bounds(view, page)
    solid, offsets = _solid(view.text[start:end], start)
    place = -1
    while occurrence:
        place = solid.find(wanted, place + 1)
        if place < 0:
            return None
        span = Span(offsets[place], offsets[place + len(wanted) - 1] + 1)
        # Between two stretches of a page there may be one of another page, such as a table's.
        occurrence -= len(view.glyph_indices(span)) > 0 and view.page_of(span) == page
    return span


def _bounds(view: TextView, page: int) -> tuple[int, int]:
    """Return the half-open offsets from the first to the last character printed on a page; 0, 0 when there is none."""
    is_printed = view.origins != NO_GLYPH
    if not is_printed.any():
        return 0, 0
    on_page = (is_printed & (view.glyphs.page[view.origins] == page)).nonzero()[0]
    return (int(on_page[0]), int(on_page[-1]) + 1) if len(on_page) else (0, 0)


def _solid(text: str, start: int) -> tuple[str, list[int]]:
    """Return text without what does not count, and the offset of each character that stays, counted from ``start``."""
    kept = [(offset, letter) for offset, letter in enumerate(text, start) if _counts(letter)]
    return "".join(letter for _, letter in kept), [offset for offset, _ in kept]


def _counts(letter: str) -> bool:
    return not letter.isspace() and letter not in _LEFT_OUT
