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

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\s\w]|_")


@dataclass(frozen=True, slots=True)
class Finds:
    """What a finder found, in text order: hits are facts, doubts become issue rows."""

    hits: tuple[Hit, ...] = ()
    doubts: tuple[Doubt, ...] = ()


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
    words: list[str] = []
    spaces: list[bool] = []
    position = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if start > position:
            gap = text[position:start]
            if words and gap[0] == " ":
                spaces[-1] = True
                gap = gap[1:]
            if gap:
                words.append(gap)
                spaces.append(False)
        words.append(match.group())
        spaces.append(False)
        position = end
    if position < len(text):
        words.append(text[position:])
        spaces.append(False)
    return Doc(load_vocab(), words=words, spaces=spaces)


def make_matcher() -> PhraseMatcher:
    """Return an empty matcher for phrases on ``NORM``; add patterns made by ``make_doc``."""
    return PhraseMatcher(load_vocab(), attr="NORM")
