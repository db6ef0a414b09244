"""The one blank spaCy vocabulary and its tokenizer: text in, ``Doc`` out, offsets known from birth.

A token is a run of letters and marks, a run of digits, or any single other character that is no blank:
``German-led`` is three tokens, ``AIFV/AAV/LAV`` five, ``iUGS2`` two. ``NORM`` is lower case without accents, so that
a ``PhraseMatcher(attr="NORM")`` finds a name however it is set. No model is loaded and nothing is downloaded.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

from spacy.attrs import NORM
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from models.mentions import Doubt, Hit

# A token with the blank behind it, or other blanks.
_PIECE = re.compile(r"[^\W\d_]+ ?|[^\s\w] ?|\d+ ?|_ ?|\s+")


@dataclass(frozen=True, slots=True)
class Finds:
    """What a finder found, in text order: hits are facts, doubts become issue rows.

    ``refused`` looks like a hit and is surely none: no issue, and shown by ``pesco explain`` only.
    """

    hits: tuple[Hit, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    refused: tuple[Doubt, ...] = ()


def fold(text: str) -> str:
    """Return text in lower case without accents, as ``NORM`` has it.

    >>> fold("Türkiye")
    'turkiye'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in apart if not unicodedata.combining(character)) or text


@cache
def load_vocab() -> Vocab:
    """Return the vocabulary that all documents and matchers share."""
    # spaCy's stubs say that attributes are strings; they are the numbers of spacy.attrs.
    return Vocab(lex_attr_getters=cast("dict[str, Callable[[str], str]]", {NORM: fold}))


def make_doc(text: str) -> Doc:
    """Return the tokens of a text; every token's ``idx`` is its offset in ``text``.

    Text that starts with a blank or holds several blanks in a row keeps its offsets: the extra blanks are tokens.
    """
    orths, blanks = _load_pieces()
    pieces = _PIECE.findall(text)
    # Words may be given by their keys in the vocabulary, which spares hashing each of them again.
    words = cast("list[str]", list(map(orths.__getitem__, pieces)))
    return Doc(load_vocab(), words=words, spaces=list(map(blanks.__getitem__, pieces)))


class _Orths(dict[str, int]):
    """The key in the vocabulary of each piece of text met so far: that of its word, or of a run of blanks."""

    def __missing__(self, piece: str) -> int:
        key = self[piece] = load_vocab().strings.add(piece if piece.isspace() else piece.rstrip(" "))
        return key


class _Blanks(dict[str, bool]):
    """For each piece of text met so far, whether a blank follows its word."""

    def __missing__(self, piece: str) -> bool:
        has_blank = self[piece] = piece.endswith(" ") and not piece.isspace()
        return has_blank


@cache
def _load_pieces() -> tuple[_Orths, _Blanks]:
    """Return what is known of pieces; like the vocabulary it grows with the words that a process meets."""
    return _Orths(), _Blanks()


def make_matcher() -> PhraseMatcher:
    """Return an empty matcher for phrases on ``NORM``; add patterns made by ``make_doc``."""
    return PhraseMatcher(load_vocab(), attr="NORM")
