"""Commitment statuses that sentences say, headings of a commitment with a status line below them included.

A view and its mentions enter; statuses leave, each with the sentence it was read from.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.views import Block, BlockKind, TextView
from models.facts import CommitmentStatus, Status
from models.spans import Span
from pipeline.relations.mention_index import MentionIndex
from pipeline.relations.sentences import SIGNS, block_mentions, split_sentences
from pipeline.relations.status_facts import ALL, Said, Who, make_statuses
from pipeline.relations.status_patterns import A_COMMITMENT, PRONOUN, THIS
from pipeline.relations.status_pronouns import Pronouns, Told
from pipeline.relations.status_rules import any_of, load_status_phrases, load_status_roots, load_status_rules
from pipeline.relations.status_sections import Sections
from pipeline.relations.status_sentences import Claim, find_claims
from pipeline.relations.status_subjects import POINTING, Kind, Subject, load_subject_patterns

_MAX_HEADING = 160
_OPEN = 50
"""A block at least so long may be the first lines of a text that goes on in the next."""
_ANY = re.compile(A_COMMITMENT)
_RESERVED = re.compile(f"[{THIS}{PRONOUN}{''.join(sorted(SIGNS))}]")
"""Private characters that stand for mentions; a block that prints one itself cannot be told apart."""


class StatusProse:
    """Reads statuses from sentences; one object per document."""

    def __init__(self, view: TextView, index: MentionIndex, sections: Sections) -> None:
        """Keep what is needed."""
        self._view = view
        self._index = index
        self._sections = sections
        self._subjects = load_subject_patterns()
        self._roots = load_status_roots()
        self._pronouns = Pronouns(index)
        headings = any_of(load_status_rules().words.headings)
        self._status_line = re.compile(
            rf"\s*(?:own\s+)?{headings}(?:\s+in\s+\d{{4}})?\s*[:\u2013\u2014-]\s*(?P<rest>.+)", re.IGNORECASE
        )

    def find(self) -> Iterator[CommitmentStatus]:
        """Yield the statuses of all blocks in reading order."""
        is_status_next = False
        after = 0
        for number in range(len(self._view.blocks)):
            if number < after:
                continue
            after = self._end_of_text(number)
            block = self._whole(number, after)
            mentions = [one for part in range(number, after) for one in self._sections.named.get(part, ())]
            heading = self._sections.commitment_at(number)
            if heading is not None and not mentions and block.cell is None:
                yield from self._status_under(heading, number, block, is_bare=is_status_next)
                is_status_next = self._sections.is_status_title(block)
            yield from self._labelled(number, mentions)
            if (mentions or heading is not None) and (block.cell is None or not block.cell.is_header):
                yield from self._sentences(number, block, heading)

    def _end_of_text(self, number: int) -> int:
        """Return the number after the last block of a text: an open sentence goes on where the next begins small."""
        blocks, last = self._view.blocks, number
        if blocks[number].kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or blocks[number].cell is not None:
            return number + 1
        while last + 1 < len(blocks) and blocks[last + 1].kind is BlockKind.PARAGRAPH and not blocks[last + 1].cell:
            text, rest = self._view.block_text(blocks[last]), self._view.block_text(blocks[last + 1])
            if not rest[:1].islower() or text.rstrip().endswith((".", ";", ":", "!", "?")) or len(text) < _OPEN:
                break
            last += 1
        return last + 1

    def _whole(self, number: int, after: int) -> Block:
        """Return a block that covers the blocks from ``number`` to before ``after``."""
        block = self._view.blocks[number]
        if after == number + 1:
            return block
        return replace(block, span=Span(block.span.start, self._view.blocks[after - 1].span.end))

    def _labelled(self, number: int, mentions: Sequence[int]) -> Iterator[CommitmentStatus]:
        """Yield what mentions say that hold the words themselves: ``Commitments not met: 4 and 14``."""
        for mention in mentions:
            text = self._index.mentions[mention].text
            words, colon, _ = text.partition(":")
            status = load_status_phrases().of_heading(words) if colon else None
            if status is not None:
                yield from make_statuses(
                    self._index, mention, self._sections.who_at(number), Said(status, "status.label", text)
                )

    def _status_under(self, heading: int, number: int, block: Block, *, is_bare: bool) -> Iterator[CommitmentStatus]:
        """Yield what a status line under a heading says: ``Status: met``, or ``met`` under a heading ``Status``."""
        text = self._view.block_text(block)
        line = self._status_line.fullmatch(text)
        words = line["rest"] if line else text if is_bare else ""
        status = load_status_phrases().of_cell(words) if words and len(words) < _MAX_HEADING else None
        if status is not None:
            said = Said(status, "status.heading", f"{self._index.mentions[heading].text} | {text}")
            yield from make_statuses(self._index, heading, self._sections.who_at(number), said)

    def _sentences(self, number: int, block: Block, heading: int | None) -> Iterator[CommitmentStatus]:
        """Yield what the sentences of a block say; a pronoun stands for whom the sentence before was about."""
        printed = self._view.block_text(block)
        if not self._roots.search(printed.lower()) or _RESERVED.search(printed):
            return
        is_first = self._sections.is_first_below(number) and block.cell is None
        before: list[Told] = []
        inside = block_mentions(block, self._index.mentions, self._index.starts)
        for sentence in split_sentences(self._view, block, self._index.mentions, inside):
            is_opening = is_first and not before
            told = self._pronouns.tell(sentence, number, heading, before, is_opening=is_opening)
            if heading is not None and block.cell is None:
                yield from self._bare_verdict(heading, told, is_opening=is_opening)
            if _ANY.search(told.text) and self._roots.search(told.text.lower()):
                # of two findings of one thing in a sentence the later counts: "was not met in 2023, but it is met now"
                said = {
                    (fact.state, fact.commitment): fact
                    for claim in sorted(find_claims(told.text), key=lambda claim: claim.start)
                    for fact in self._of_claim(told, claim, before)
                }
                yield from said.values()
            before.append(told)

    def _bare_verdict(self, heading: int, told: Told, *, is_opening: bool) -> Iterator[CommitmentStatus]:
        """Yield what a sentence below a heading says that is nothing but a verdict: the first one (``Fulfilled.``), or
        any with its label (``Self-assessment: fulfilled.``)."""
        span = told.sentence.span
        text = self._view.text[span.start : span.end].strip()
        line = None if is_opening else self._status_line.fullmatch(text)
        words = text if is_opening else line["rest"] if line else ""
        status = load_status_phrases().of_verdict(words) if words and not _ANY.search(told.text) else None
        if status is not None:
            said = Said(status, "status.heading", f"{self._index.mentions[heading].text} | {text}")
            yield from make_statuses(self._index, heading, self._sections.who_at(told.block), said)

    def _of_claim(self, told: Told, claim: Claim, before: Sequence[Told]) -> Iterator[CommitmentStatus]:
        subject = self._subjects.find(told.text, claim, own_plan=self._sections.is_plan)
        status = claim.status
        if subject.kind is Kind.SOME:
            return
        if subject.kind is Kind.NOBODY:
            if status is not Status.MET or "full" in told.text[claim.start :]:
                return  # "no State has met it in full": some may have met it in part
            status = Status.NOT_MET
        if subject.kind in POINTING:
            yield from self._of_two(told, claim, subject, before)
            return
        whos = self._spoken_of(before) if subject.kind is Kind.BEFORE else self._whos(subject, told)
        span = told.sentence.span
        said = Said(status, claim.rule_id, self._view.text[span.start : span.end].strip())
        for mention in dict.fromkeys(mention for sign in claim.commitments for mention in told.mentions(sign)):
            yield from make_statuses(self._index, mention, whos or self._sections.who_at(told.block), said)

    def _of_two(self, told: Told, claim: Claim, subject: Subject, before: Sequence[Told]) -> Iterator[CommitmentStatus]:
        """Yield what is said of the latter, the former or neither of two states named before; nothing of more."""
        kind, named = subject.kind, self._whos(subject, told)
        two = named or self._spoken_of(before) or self._sections.who_at(told.block)
        if len(two) != 2 and not named:
            return
        if kind is Kind.NEITHER and (claim.status is not Status.MET or "full" in told.text[claim.start :]):
            return  # "neither has met it in full": both may have met it in part
        whos = {Kind.FORMER: two[:1], Kind.LATTER: two[1:], Kind.NEITHER: two}[kind]
        status = Status.NOT_MET if kind is Kind.NEITHER else claim.status
        span = told.sentence.span
        said = Said(status, claim.rule_id, self._view.text[span.start : span.end].strip())
        for mention in dict.fromkeys(mention for sign in claim.commitments for mention in told.mentions(sign)):
            yield from make_statuses(self._index, mention, whos, said)

    def _spoken_of(self, before: Sequence[Told]) -> tuple[Who, ...]:
        """Return whom the sentences before were about, the nearest first: what a pronoun stands for."""
        for told in reversed(before):
            if whos := self._whos(self._subjects.first(told.text), told):
                return whos
        return ()

    def _whos(self, subject: Subject, told: Told) -> tuple[Who, ...]:
        """Return those that a subject names; none where it leaves that open."""
        if subject.kind in (Kind.ALL, Kind.NOBODY):
            return (Who(ALL),)
        found = [mention for sign in subject.signs for mention in told.mentions(sign)]
        return tuple(Who(value, mention) for mention in found for value in self._index.mentions[mention].values)
