"""What a glyph stands for in the text: ligatures apart, dashes and quotes unified, blanks plain.

Enters a glyph's text, leaves zero or more plain characters.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
_SINGLE = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u2039\u203a", "'")
_DOUBLE = dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
_OTHER = {"\u2044": "/", "\u2215": "/", "\u2024": ".", "\ufffe": "-", "\u00a0": " "}
_UNIFIED = {**_DASHES, **_SINGLE, **_DOUBLE, **_OTHER}
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")

Codes = NDArray[np.uint32]
"""Code points of the characters that glyphs stand for."""

RAISED_DIGITS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
SOFT_HYPHEN = "\u00ad"


@lru_cache(maxsize=4096)
def plain_text(text: str) -> str:
    """Return what a glyph's text is in the view.

    >>> plain_text("ﬃ"), plain_text("–"), plain_text("’")
    ('ffi', '-', "'")
    """
    if len(text) == 1 and " " < text < "\x7f":
        return text
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if character in _UNIFIED:
        return _UNIFIED[character]
    if character in _ZERO_WIDTH:
        return ""
    if character.isspace() or unicodedata.category(character) == "Cc":
        return " "
    if "\ufb00" <= character <= "\ufb06" or character in "\u0132\u0133":
        return unicodedata.normalize("NFKC", character)
    return unicodedata.normalize("NFC", character)


def single_codes(texts: Sequence[str]) -> Codes:
    """Return the code point of each glyph that stands for one character, 0 for the others.

    >>> single_codes(("a", "ffi", "")).tolist()
    [97, 0, 0]
    """
    joined = "".join(texts)
    if len(joined) != len(texts) or "" in texts:
        joined = "".join([text if len(text) == 1 else "\0" for text in texts])
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def is_combining(character: str) -> bool:
    """Tell whether a character is an accent that belongs over the one before it."""
    return unicodedata.combining(character) != 0
