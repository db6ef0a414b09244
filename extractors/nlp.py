"""The one blank spaCy vocabulary, its tokenizer, and phrases found in a text: offsets known from birth.

A token is a run of letters and marks, a run of digits, or any single other character that is no blank:
``German-led`` is three tokens, ``AIFV/AAV/LAV`` five, ``iUGS2`` two. ``NORM`` is lower case without accents, so that
a ``PhraseMatcher(attr="NORM")`` finds a name however it is set. No model is loaded and nothing is downloaded.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import cast

import numpy as np
from spacy.attrs import NORM
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extractors.pieces import Pieces, split_pieces, word_of
from models.mentions import Doubt, Hit

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


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
    return _NOT_ASCII.sub(_without_accent, apart) or text


def _without_accent(match: re.Match[str]) -> str:
    return "" if unicodedata.combining(match[0]) else match[0]


@cache
def load_vocab() -> Vocab:
    """Return the vocabulary that all documents and matchers share."""
    # spaCy's stubs say that attributes are strings; they are the numbers of spacy.attrs.
    return Vocab(lex_attr_getters=cast("dict[str, Callable[[str], str]]", {NORM: fold}))


def make_doc(text: str) -> Doc:
    """Return the tokens of a text; every token's ``idx`` is its offset in ``text``.

    Text that starts with a blank or holds several blanks in a row keeps its offsets: the extra blanks are tokens.
    """
    pieces = split_pieces(text)
    spaces = [piece.endswith(" ") and not piece.isspace() for piece in pieces]
    return Doc(load_vocab(), words=list(map(word_of, pieces)), spaces=spaces)


class _Norms(dict[str, str]):
    """The ``NORM`` of the word in each piece of text met so far."""

    def __missing__(self, piece: str) -> str:
        norm = self[piece] = fold(word_of(piece))
        return norm


class _Orths(dict[str, int]):
    """The key in the vocabulary of the word in each piece of text met so far."""

    def __missing__(self, piece: str) -> int:
        key = self[piece] = load_vocab().strings.add(word_of(piece))
        return key


@cache
def _load_norms() -> _Norms:
    """Return what is known of pieces; like the vocabulary it grows with the words that a process meets."""
    return _Norms()


@cache
def _load_orths() -> _Orths:
    """Return what is known of pieces that may belong to a phrase."""
    return _Orths()


def _norms_of(pieces: Pieces) -> list[str]:
    """Return the ``NORM`` of each distinct piece, noted with the pieces."""
    if not pieces.norms:
        pieces.norms.extend(map(_load_norms().__getitem__, pieces.distinct))
    return pieces.norms


class Phrases:
    """Phrases to be found in any case and with or without accents, each standing for a key.

    A ``PhraseMatcher`` finds them, but only a few words of a text can belong to any: it is shown the stretches that
    begin like a phrase and go on with words of phrases, which finds the same in a tenth of the time.
    """

    def __init__(self) -> None:
        """Make an empty collection."""
        self._matcher = PhraseMatcher(load_vocab(), attr="NORM")
        self._marks: dict[str, int] = {}

    def add(self, name: str, texts: Iterable[str]) -> int:
        """Add phrases under a name; return the key that stands for it. Raises ``ValueError`` for a line feed, which
        parts stretches."""
        docs = [make_doc(text) for text in texts]
        for doc in docs:
            norms = [token.norm_ for token in doc]
            if any("\n" in norm for norm in norms):
                raise ValueError(f"a line feed in {doc.text!r}")
            roles = (_ALONE,) if len(norms) == 1 else (_FIRST, _SECOND, *(_LATER for _ in norms[2:]))
            for norm, role in zip(norms, roles, strict=False):
                self._marks[norm] = self._marks.get(norm, 0) | role
        self._matcher.add(name, docs)
        return int(load_vocab().strings[name])

    def find(self, pieces: Pieces) -> list[tuple[int, int, int]]:
        """Return (key, start, end) of all phrases in a text, as offsets, in the order of the ``PhraseMatcher``."""
        distinct = np.frombuffer(bytes(map(self._marks.get, _norms_of(pieces), repeat(0))), np.uint8)
        marks = distinct.take(pieces.numbers)
        begins = (marks & _ALONE) != 0
        begins[:-1] |= ((marks[:-1] & _FIRST) != 0) & ((marks[1:] & _SECOND) != 0)
        places = _grow(np.flatnonzero(begins).tolist(), marks.tobytes())
        if not places:
            return []
        orths, line_feed = _load_orths(), load_vocab().strings.add("\n")
        numbers = pieces.numbers[places].tolist()
        # Words may be given by their keys in the vocabulary, which spares hashing each of them again.
        words = [
            line_feed if place == _BREAK else orths[pieces.distinct[number]]
            for place, number in zip(places, numbers, strict=True)
        ]
        doc = Doc(load_vocab(), words=cast("list[str]", words))
        starts = pieces.starts[places].tolist()
        return [(key, starts[first], starts[last - 1] + len(doc[last - 1])) for key, first, last in self._matcher(doc)]


# What a word is to phrases: one of its own, the first or the second of one, or one behind these.
_ALONE, _FIRST, _SECOND, _LATER = 1, 2, 4, 8
_BREAK = -1


def _grow(begins: list[int], marks: bytes) -> list[int]:
    """Return the places of the words of all stretches: from each beginning on as long as words are marked, with a
    break behind each stretch."""
    places: list[int] = []
    end = 0
    for begin in begins:
        if begin < end:
            continue
        end = begin + 1
        while end < len(marks) and marks[end]:
            end += 1
        places += [*range(begin, end), _BREAK]
    return places
