"""Commitment statuses that sentences say, headings of a commitment with a status line below them included.

A view and its mentions enter; statuses leave, each with the sentence it was read from.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from extractors.nlp import fold
from extractors.views import Block, BlockKind, TextView
from models.facts import CommitmentStatus, DocumentFacts, DocumentKind, Status
from models.mentions import MentionKind
from pipeline.mention_index import MentionIndex
from pipeline.status_rules import any_of, load_status_phrases, load_status_roots, load_status_rules
from pipeline.status_sentences import (
    FIRST_COMMITMENT,
    FIRST_STATE,
    LAST_COMMITMENT,
    LAST_STATE,
    Claim,
    load_sentence_patterns,
)
from pipeline.status_subjects import Kind, Subject, load_subject_patterns

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z]|commitment|binding)")
_PRIVATE = re.compile(f"[{chr(FIRST_COMMITMENT)}-{chr(LAST_STATE)}]")
_THIS_COMMITMENT = re.compile(
    r"\b(?:this|the)\s+(?:binding\s+)?commitment\b(?!\s+(?:to|towards|for|of|no|appropriations)\b|\s+[(\d])",
    re.IGNORECASE,
)
_MAX_SIGNS = LAST_COMMITMENT - FIRST_COMMITMENT
_MAX_HEADING = 160
_MAX_QUOTE = 600
ALL = "ALL"


@dataclass(frozen=True, slots=True)
class Who:
    """A state, or ``ALL``, with the mention that names it where one does."""

    state: str
    mention: int | None = None


WhoAt = Callable[[int], tuple[Who, ...]]
"""Given the index of a block, who is meant there when a sentence does not say."""


@dataclass(slots=True)
class _Masked:
    """A block's text with mentions as single signs; ``mentions`` gives the mention behind a sign."""

    text: str
    mentions: dict[str, int] = field(default_factory=dict)


class StatusProse:
    """Reads statuses from sentences; one object per document."""

    def __init__(self, view: TextView, index: MentionIndex, document: DocumentFacts, who_at: WhoAt) -> None:
        """Keep what is needed."""
        self._view = view
        self._index = index
        self._who_at = who_at
        self._own_plan = document.kind is DocumentKind.NIP and document.state is not None
        self._patterns = load_sentence_patterns()
        self._subjects = load_subject_patterns()
        self._roots = load_status_roots()
        words = load_status_rules().words
        self._status_line = re.compile(
            rf"\s*(?:own\s+)?{any_of(words.headings)}(?:\s+in\s+\d{{4}})?\s*[:\u2013\u2014-]\s*(?P<rest>.+)",
            re.IGNORECASE,
        )
        self._status_heading = frozenset(map(fold, words.headings))

    def find(self) -> Iterator[CommitmentStatus]:
        """Yield the statuses of all blocks in reading order."""
        heading: int | None = None
        is_status_next = False
        for number, block in enumerate(self._view.blocks):
            if block.cell is None:
                opened = self._opens(block)
                is_plain_status = fold(self._view.block_text(block)).strip(" :") in self._status_heading
                if opened is not None or (block.kind is BlockKind.HEADING and not is_plain_status):
                    heading = opened
                if heading is not None and opened is None:
                    yield from self._status_under(heading, number, block, is_bare=is_status_next)
                is_status_next = is_plain_status
            yield from self._lists_in(number, block)
            if block.cell is None or not block.cell.is_header:
                yield from self._sentences(number, block, heading)

    def _lists_in(self, number: int, block: Block) -> Iterator[CommitmentStatus]:
        """Yield what mentions say that hold the words themselves: ``Commitments not met: 4 and 14``."""
        for mention in self._index.within(block.span, MentionKind.COMMITMENT):
            text = self._index.mentions[mention].text
            said, colon, _ = text.partition(":")
            status = load_status_phrases().of_heading(said) if colon else None
            if status is not None:
                yield from self.make(mention, self._who_at(number), status, "status.label", text)

    def _opens(self, block: Block) -> int | None:
        """Return the mention of the commitments that a block is the heading of, or ``None``."""
        text = self._view.block_text(block)
        first = next(self._index.within(block.span, MentionKind.COMMITMENT), None)
        if first is None or len(text) > _MAX_HEADING:
            return None
        lead = self._index.mentions[first].span.start - block.span.start
        is_line = block.kind is BlockKind.HEADING or not text.rstrip().endswith((".", ";", ","))
        return first if is_line and re.fullmatch(r"[\W\d]*(?:[A-Z]\.)?\s*(?:on\s+)?", text[:lead]) else None

    def _status_under(self, heading: int, number: int, block: Block, *, is_bare: bool) -> Iterator[CommitmentStatus]:
        """Yield what a status line under a heading says: ``Status: met``, or ``met`` under a heading ``Status``."""
        text = self._view.block_text(block)
        line = self._status_line.fullmatch(text)
        said = line["rest"] if line else text if is_bare else ""
        status = load_status_phrases().of_cell(said) if said and len(said) < _MAX_HEADING else None
        if status is not None and not self._index.has(block.span, MentionKind.COMMITMENT):
            mention = self._index.mentions[heading]
            quote = f"{mention.text} | {text}"
            yield from self.make(heading, self._who_at(number), status, "status.heading", quote)

    def make(
        self, mention: int, whos: Sequence[Who], status: Status, rule_id: str, quote: str
    ) -> Iterator[CommitmentStatus]:
        """Yield a status for each commitment of a mention and each of those meant."""
        found = self._index.mentions[mention]
        for value in found.values:
            for who in whos:
                evidence = (mention,) if who.mention is None else (mention, who.mention)
                yield CommitmentStatus(
                    page=found.page,
                    evidence=evidence,
                    rule_id=rule_id,
                    quote=quote[:_MAX_QUOTE],
                    state=who.state,
                    commitment=value,
                    status=status,
                )

    def _sentences(self, number: int, block: Block, heading: int | None) -> Iterator[CommitmentStatus]:
        masked = self._mask(block, heading)
        if not masked.mentions:
            return
        before: tuple[Who, ...] = ()
        is_told = bool(self._roots.search(masked.text))
        for sentence in _SENTENCE_END.split(masked.text):
            for claim in self._patterns.claims(sentence) if self._roots.search(sentence) else ():
                yield from self._of_claim(number, sentence, claim, masked, before)
            before = self._whos(self._subjects.first(sentence), sentence, masked) or before if is_told else ()

    def _of_claim(
        self, number: int, sentence: str, claim: Claim, masked: _Masked, before: tuple[Who, ...]
    ) -> Iterator[CommitmentStatus]:
        subject = self._subjects.find(sentence, claim, own_plan=self._own_plan)
        status = claim.status
        if subject.kind is Kind.SOME or (
            subject.kind is Kind.NOBODY and (status is not Status.MET or "full" in sentence[claim.start :])
        ):
            return
        if subject.kind is Kind.NOBODY:
            status = Status.NOT_MET
        whos = (
            self._whos(subject, sentence, masked)
            or (before if subject.kind is Kind.BEFORE else ())
            or self._who_at(number)
        )
        quote = "".join(self._print(character, masked) for character in sentence)
        for sign in claim.commitments:
            yield from self.make(masked.mentions[sentence[sign]], whos, status, claim.rule_id, quote)

    def _whos(self, subject: Subject, sentence: str, masked: _Masked) -> tuple[Who, ...]:
        """Return those that a subject names; none where it leaves that open."""
        if subject.kind in (Kind.ALL, Kind.NOBODY):
            return (Who(ALL),)
        found = [masked.mentions[sentence[sign]] for sign in subject.signs]
        return tuple(Who(value, mention) for mention in found for value in self._index.mentions[mention].values)

    def _print(self, character: str, masked: _Masked) -> str:
        mention = masked.mentions.get(character)
        return character if mention is None else self._index.mentions[mention].text

    def _mask(self, block: Block, heading: int | None) -> _Masked:
        """Return a block's text with its commitments and states as signs; empty where it names no commitment."""
        commitments = list(self._index.within(block.span, MentionKind.COMMITMENT))[:_MAX_SIGNS]
        text = self._view.block_text(block)
        has_this = (
            heading is not None and len(self._index.mentions[heading].values) == 1 and _THIS_COMMITMENT.search(text)
        )
        if not commitments and not has_this:
            return _Masked("")
        states = list(self._index.within(block.span, MentionKind.STATE))[:_MAX_SIGNS]
        masked = _Masked("")
        pieces: list[str] = []
        at = block.span.start
        firsts = {MentionKind.COMMITMENT: FIRST_COMMITMENT, MentionKind.STATE: FIRST_STATE}
        for count, mention in enumerate(sorted((*commitments, *states), key=lambda m: self._index.mentions[m].span)):
            found = self._index.mentions[mention]
            if found.span.start < at:
                continue
            sign = chr(firsts[found.kind] + count % _MAX_SIGNS)
            masked.mentions[sign] = mention
            pieces += [_PRIVATE.sub(" ", self._view.text[at : found.span.start]), sign]
            at = found.span.end
        pieces.append(_PRIVATE.sub(" ", self._view.text[at : block.span.end]))
        masked.text = "".join(pieces)
        if has_this and heading is not None:
            masked.mentions[chr(LAST_COMMITMENT)] = heading
            masked.text = _THIS_COMMITMENT.sub(chr(LAST_COMMITMENT), masked.text)
        return masked
