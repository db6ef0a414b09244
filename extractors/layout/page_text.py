"""What the glyphs of a page stand for: plain text, weight, and whether they are letters.

Enters ``PageGlyphs``; leaves ``PageText``, made once per page and shared by all who spell its lines.
"""

from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, PageGlyphs
from extractors.layout.characters import RAISED_DIGITS, SOFT_HYPHEN, is_combining, plain_text
from extractors.layout.printed_words import bold_fonts


@dataclass(slots=True, eq=False)
class PageText:
    """What all lines of a page share: the page, the plain text of each glyph, which glyphs are bold."""

    page: PageGlyphs
    texts: list[str]
    is_bold: Bools
    has_accents: bool
    is_single: bool
    is_letter: Bools
    has_raised_signs: bool = False
    narrow: Bools | None = None


def page_text(page: PageGlyphs, narrow: Bools | None = None) -> PageText:
    """Prepare a page's glyph texts for spelling lines; ``narrow`` marks digits that are marks by their width."""
    plain = {text: plain_text(text) for text in set(page.text)}
    texts = list(map(plain.__getitem__, page.text))
    kinds = set(plain.values())
    if SOFT_HYPHEN in kinds:
        _show_soft_hyphens(page, texts)
    accents = any(len(text) == 1 and text > "\u02b0" and is_combining(text) for text in kinds)
    is_single = all(len(text) == 1 for text in kinds)
    has_signs = not RAISED_DIGITS.isdisjoint(kinds)
    letter = {text: text[:1].isalnum() for text in plain}
    is_letter = np.fromiter(map(letter.__getitem__, page.text), dtype=np.bool_, count=len(page))
    return PageText(
        page, [*texts, " "], bold_fonts(page.fonts)[page.font], accents, is_single, is_letter, has_signs, narrow
    )


def _show_soft_hyphens(page: PageGlyphs, texts: list[str]) -> None:
    """Make a soft hyphen that takes room a printed one: some fonts name theirs so."""
    for place, text in enumerate(texts):
        if text == SOFT_HYPHEN and page.x1[place] - page.x0[place] > 0.1 * page.size[place]:
            texts[place] = "-"
