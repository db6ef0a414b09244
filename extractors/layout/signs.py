"""What single characters stand for, looked up by their codes for all glyphs of a page at once.

Enter code points; leave those of the plain text and what kind of signs they are. The tables behind are filled as
characters are met, so that a page costs three look-ups and no step per glyph.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from extractors.layout.characters import RAISED_DIGITS, SOFT_HYPHEN, Codes, plain_text

Kinds = NDArray[np.uint8]

LETTER, ACCENT, RAISED, SOFT = 1, 2, 4, 8
"""Kinds of signs: letters and digits, accents of their own, raised digits, soft hyphens; a sign may be of several."""

_LIMIT = 0x10000
_FIRST_ACCENT = "\u02b0"


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """By code: the plain text's code (0 when not met yet, or when it is not one character), and the kinds."""

    plain: Codes = field(default_factory=lambda: np.zeros(_LIMIT, dtype=np.uint32))
    kinds: Kinds = field(default_factory=lambda: np.zeros(_LIMIT, dtype=np.uint8))

    def learn(self, code: int) -> None:
        """Note what a character other than NUL stands for."""
        text = chr(code)
        plain = plain_text(text)
        if len(plain) == 1:
            self.plain[code] = ord(plain)
            self.kinds[code] = kinds_of(text, plain)


@cache
def _tables() -> _Tables:
    return _Tables()


def kinds_of(text: str, plain: str) -> int:
    """Return the kinds of a glyph's text that stands for ``plain``.

    >>> kinds_of("e", "e") == LETTER, kinds_of("\u0301", "\u0301") == ACCENT, kinds_of("-", "-")
    (True, True, 0)
    """
    is_accent = len(plain) == 1 and plain > _FIRST_ACCENT and unicodedata.combining(plain) != 0
    return (
        LETTER * text[:1].isalnum()
        | ACCENT * is_accent
        | RAISED * (plain in RAISED_DIGITS)
        | SOFT * (plain == SOFT_HYPHEN)
    )


def plain_signs(codes: Codes) -> tuple[Codes, Kinds]:
    """Return the codes of the plain text and the kinds of signs; both are 0 for a glyph without code or one that does
    not stand for exactly one character of the first 65,536."""
    tables = _tables()
    known = np.where(codes < _LIMIT, codes, 0)
    plain = tables.plain[known]
    if not plain.all():
        for code in set(known[plain == 0].tolist()) - {0}:
            tables.learn(code)
        plain = tables.plain[known]
    return plain, tables.kinds[known]
