"""What the glyphs of a page stand for: plain text, weight, and whether they are letters.

Enters ``PageGlyphs``; leaves ``PageText``, made once per page and shared by all who spell its lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Indices, PageGlyphs
from extractors.layout.characters import SOFT_HYPHEN, Codes, plain_text
from extractors.layout.printed_words import bold_fonts
from extractors.layout.signs import ACCENT, LETTER, RAISED, SOFT, kinds_of, plain_signs

_BLANK = ord(" ")
_WIDTH = 0.1  # of a glyph's size: a soft hyphen that takes more room is printed


@dataclass(slots=True, eq=False)
class PageText:
    """What all lines of a page share: the page, the plain text of each glyph, which glyphs are bold.

    ``texts`` ends with a blank, for ``NO_GLYPH``. ``codes`` are its code points where every glyph stands for one
    character, as on nearly all pages; ``None`` on the others.
    """

    page: PageGlyphs
    texts: Sequence[str]
    codes: Codes | None
    is_bold: Bools
    has_accents: bool
    is_letter: Bools
    has_raised_signs: bool = False
    narrow: Bools | None = None

    def spell(self, glyphs: Indices) -> tuple[str, Indices | None]:
        """Return the text of glyphs (``NO_GLYPH`` is a blank) and how many characters each has, ``None`` for one."""
        if self.codes is not None:
            return self.codes[glyphs].tobytes().decode("utf-32-le", "surrogatepass"), None
        spelled = list(map(self.texts.__getitem__, glyphs.tolist()))
        return "".join(spelled), np.fromiter(map(len, spelled), dtype=np.int64, count=len(spelled))


def page_text(page: PageGlyphs, singles: Codes, narrow: Bools | None = None) -> PageText:
    """Prepare a page's glyph texts for spelling lines.

    ``singles`` are their ``single_codes``; ``narrow`` marks digits that are marks by their width.
    """
    is_bold = bold_fonts(page.fonts)[page.font]
    signs = plain_signs(singles)
    if signs is None:
        return _mixed_text(page, is_bold, narrow)
    plain, kinds = signs
    present = int(np.bitwise_or.reduce(kinds))
    if present & SOFT:
        plain[(kinds & SOFT > 0) & (page.x1 - page.x0 > _WIDTH * page.size)] = ord("-")
    codes = np.append(plain, np.uint32(_BLANK))
    texts = codes.tobytes().decode("utf-32-le", "surrogatepass")
    is_letter = (kinds & LETTER).astype(np.bool_)
    return PageText(page, texts, codes, is_bold, bool(present & ACCENT), is_letter, bool(present & RAISED), narrow)


def _mixed_text(page: PageGlyphs, is_bold: Bools, narrow: Bools | None) -> PageText:
    """Return the same for a page with glyphs that stand for several characters or none."""
    plain = {text: plain_text(text) for text in set(page.text)}
    kinds = {text: kinds_of(text, stands_for) for text, stands_for in plain.items()}
    present = 0
    for kind in kinds.values():
        present |= kind
    texts = list(map(plain.__getitem__, page.text))
    if present & SOFT:
        _show_soft_hyphens(page, texts)
    of_glyphs = np.fromiter(map(kinds.__getitem__, page.text), dtype=np.uint8, count=len(page))
    is_letter = (of_glyphs & LETTER).astype(np.bool_)
    return PageText(
        page, [*texts, " "], None, is_bold, bool(present & ACCENT), is_letter, bool(present & RAISED), narrow
    )


def _show_soft_hyphens(page: PageGlyphs, texts: list[str]) -> None:
    """Make a soft hyphen that takes room a printed one: some fonts name theirs so."""
    for place, text in enumerate(texts):
        if text == SOFT_HYPHEN and page.x1[place] - page.x0[place] > _WIDTH * page.size[place]:
            texts[place] = "-"
