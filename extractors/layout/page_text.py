"""What the glyphs of a page stand for: plain text, weight, and whether they are letters.

Enters ``PageGlyphs``; leaves ``PageText``, made once per page and shared by all who spell its lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Indices, PageGlyphs
from extractors.layout.characters import Codes, plain_text
from extractors.layout.printed_words import bold_fonts
from extractors.layout.signs import ACCENT, LETTER, RAISED, SOFT, kinds_of, plain_signs

_BLANK = ord(" ")
_WIDTH = 0.1  # of a glyph's size: a soft hyphen that takes more room is printed


@dataclass(slots=True, eq=False)
class PageText:
    """What all lines of a page share: the page, the plain text of each glyph, which glyphs are bold.

    ``texts`` ends with a blank, for ``NO_GLYPH``; ``codes`` are the code points of all of it. ``lengths`` tells how
    many characters each glyph stands for, ``None`` where all stand for one, as on most pages.
    """

    page: PageGlyphs
    texts: Sequence[str]
    codes: Codes
    lengths: Indices | None
    is_bold: Bools
    has_accents: bool
    is_letter: Bools
    has_raised_signs: bool = False
    narrow: Bools | None = None

    def spell(self, glyphs: Indices) -> tuple[str, Indices | None]:
        """Return the text of glyphs (``NO_GLYPH`` is a blank) and how many characters each has, ``None`` for one."""
        at, lengths = glyphs, None
        if self.lengths is not None:
            lengths = self.lengths[glyphs]
            first = (np.cumsum(self.lengths) - self.lengths)[glyphs] - (np.cumsum(lengths) - lengths)
            at = np.repeat(first, lengths)
            at += np.arange(len(at))
        return self.codes[at].tobytes().decode("utf-32-le", "surrogatepass"), lengths


def page_text(page: PageGlyphs, singles: Codes, narrow: Bools | None = None) -> PageText:
    """Prepare a page's glyph texts for spelling lines.

    ``singles`` are their ``single_codes``; ``narrow`` marks digits that are marks by their width.
    """
    plain, kinds = plain_signs(singles)
    odd = {place: plain_text(page.text[place]) for place in (plain == 0).nonzero()[0].tolist()}
    for place, text in odd.items():
        kinds[place] = kinds_of(page.text[place], text)
    present = int(np.bitwise_or.reduce(kinds))
    if present & SOFT:
        # One that takes room is a printed hyphen: some fonts name theirs so.
        plain[(kinds & SOFT > 0) & (page.x1 - page.x0 > _WIDTH * page.size)] = ord("-")
        odd = {place: text for place, text in odd.items() if plain[place] == 0}
    codes = np.append(plain, np.uint32(_BLANK))
    printed = codes.tobytes().decode("utf-32-le", "surrogatepass")
    texts: Sequence[str] = printed
    lengths: Indices | None = None
    if odd:
        texts, codes, lengths = _with_odd(printed, codes, odd)
    is_letter = (kinds & LETTER).astype(np.bool_)
    return PageText(
        page,
        texts,
        codes,
        lengths,
        bold_fonts(page.fonts)[page.font],
        bool(present & ACCENT),
        is_letter,
        bool(present & RAISED),
        narrow,
    )


def _with_odd(texts: str, codes: Codes, odd: Mapping[int, str]) -> tuple[list[str], Codes, Indices]:
    """Return texts, codes and lengths with the glyphs put in that stand for several characters or none."""
    parts, lengths = [*texts], np.ones(len(codes), dtype=np.int64)
    for place, text in odd.items():
        parts[place], lengths[place] = text, len(text)
    found = np.repeat(codes, lengths)
    first = np.cumsum(lengths) - lengths
    for place, text in odd.items():
        start = int(first[place])
        found[start : start + len(text)] = list(map(ord, text))
    return parts, found, lengths
