"""Sentences with their mentions taken out: what the relation rules of prose match on.

A block of a ``TextView`` enters, sentences leave. In a sentence's ``pattern_text`` each mention is one private-use
character (a project, a state, a date, a commitment), so that a rule is a short regular expression over plain words, and
no full stop inside a name or a date can end a sentence.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.views import Block, TextView
from models.mentions import Mention, MentionKind
from models.spans import Span

PROJECT, STATE, DATE, COMMITMENT, AREA = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
_SIGN = {
    MentionKind.PROJECT: PROJECT,
    MentionKind.STATE: STATE,
    MentionKind.DATE: DATE,
    MentionKind.COMMITMENT: COMMITMENT,
    MentionKind.COMMITMENT_AREA: AREA,
}
SIGNS = frozenset(_SIGN.values())
_ANY_SIGN = re.compile("[" + "".join(sorted(SIGNS)) + "]")

# A full stop after one of these ends no sentence.
_ABBREVIATION = re.compile(
    r"\b(?:nos?|approx|ca|cf|e\.g|i\.e|etc|vs|art|arts|p|pp|fig|st|mr|mrs|dr|prof|coord|resp|incl)$", re.I
)
_END = re.compile(r"[.!?][\"')\]]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence. ``pattern_text`` has one sign per mention; the k-th sign stands for ``mentions[k]``, whose index in
    the document's mentions is ``indices[k]``. ``span`` covers the sentence in the view's text, ``is_first`` tells
    whether it opens its block."""

    span: Span
    pattern_text: str
    mentions: tuple[Mention, ...]
    indices: tuple[int, ...]
    is_first: bool

    def slots(self, start: int, end: int) -> range:
        """Return the positions in ``mentions`` of the signs inside ``pattern_text[start:end]``."""
        before = count_signs(self.pattern_text, 0, start)
        return range(before, before + count_signs(self.pattern_text, start, end))

    def places(self, sign: str) -> list[int]:
        """Return the offsets in ``pattern_text`` of all signs of a kind."""
        return [match.start() for match in re.finditer(re.escape(sign), self.pattern_text)]


def count_signs(text: str, start: int, end: int) -> int:
    """Return how many signs stand in ``text[start:end]``."""
    return len(_ANY_SIGN.findall(text, start, end))


def block_mentions(block: Block, mentions: Sequence[Mention], starts: Sequence[int]) -> range:
    """Return the indices of the mentions inside a block; ``starts`` holds the mentions' starts, in order."""
    return range(bisect_left(starts, block.span.start), bisect_left(starts, block.span.end))


def split_sentences(view: TextView, block: Block, mentions: Sequence[Mention], inside: range) -> Iterator[Sentence]:
    """Yield the sentences of a block whose mentions are ``mentions[i]`` for i in ``inside``."""
    text, offsets, indices = _with_signs(view, block, mentions, inside)
    start = 0
    for end in _sentence_ends(text):
        stripped = text[start:end]
        begin = start + len(stripped) - len(stripped.lstrip())
        if text[begin:end].strip():
            first = count_signs(text, 0, begin)
            number = count_signs(text, begin, end)
            own = indices[first : first + number]
            yield Sentence(
                span=Span(offsets[begin], max(offsets[begin] + 1, offsets[end])),
                pattern_text=text[begin:end],
                mentions=tuple(mentions[i] for i in own),
                indices=tuple(own),
                is_first=start == 0,
            )
        start = end


def _with_signs(
    view: TextView, block: Block, mentions: Sequence[Mention], inside: range
) -> tuple[str, list[int], list[int]]:
    """Return the block's text with signs, the view offset of each of its characters and of its end, and the indices of
    the mentions in order."""
    pieces: list[str] = []
    offsets: list[int] = []
    indices: list[int] = []
    position = block.span.start
    for index in inside:
        span = mentions[index].span
        if span.start < position:
            continue
        pieces += [_without_signs(view.text[position : span.start]), _SIGN[mentions[index].kind]]
        offsets += [*range(position, span.start), span.start]
        indices.append(index)
        position = span.end
    pieces.append(_without_signs(view.text[position : block.span.end]))
    offsets += [*range(position, block.span.end), block.span.end]
    return "".join(pieces), offsets, indices


def _without_signs(text: str) -> str:
    """Return text in which no printed private-use character can pass for a mention."""
    return _ANY_SIGN.sub(" ", text) if not text.isascii() else text


def _sentence_ends(text: str) -> Iterator[int]:
    """Yield the end of each sentence, the end of the text last."""
    for match in _END.finditer(text):
        if match.group().startswith(".") and _ABBREVIATION.search(text, max(0, match.start() - 8), match.start()):
            continue
        following = text[match.end() :].lstrip()[:1]
        if following and following.islower():
            continue
        if match.end() < len(text):
            yield match.end()
    if text:
        yield len(text)
