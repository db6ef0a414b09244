"""What a block stands under: the state its section is about, and the commitments its heading names."""

import re
from collections.abc import Mapping, Sequence

from extractors.nlp import fold
from extractors.views import Block, BlockKind, TextView
from models.facts import DocumentFacts, DocumentKind
from models.mentions import MentionKind
from pipeline.relations.mention_index import MentionIndex
from pipeline.relations.status_facts import ALL, Who
from pipeline.relations.status_rules import load_status_rules

_STATE_SHARE = 0.5
"""A heading speaks of a state when the state's name makes up this share of it."""
_MAX_HEADING = 160
_HEADINGS = (BlockKind.TITLE, BlockKind.HEADING)
_MIN_TEXT = 40
"""A text below a line of states is at least so long; shorter lines are rows of a list."""
_OF_COMMITMENTS = re.compile(r"\b[Cc]ommitments\b(?! (?:appropriations|of))")
_JOINS = re.compile(r"(?:\s|,|;|/|&|\d{1,2}\.|\b(?:and|the)\b)*")
_LEAD = re.compile(r"[\W\d]*(?:[A-Z]\.)?\s*(?:on\s+)?")


class Sections:
    """Says for every block who is meant and which commitments, where its own words do not. One object per document."""

    def __init__(self, view: TextView, index: MentionIndex, document: DocumentFacts) -> None:
        """Go through the headings once."""
        self._view = view
        self._index = index
        self.is_plan = document.kind is DocumentKind.NIP and document.state is not None
        self._default: tuple[Who, ...] = (Who(document.state if self.is_plan and document.state else ALL),)
        self._titles = frozenset(map(fold, load_status_rules().words.headings))
        self.named = self._mentions_by_block()
        self._who: list[tuple[Who, ...]] = []
        self._commitment: list[int | None] = []
        self._first: set[int] = set()
        self._walk()

    def who_at(self, block: int) -> tuple[Who, ...]:
        """Return who is meant at a block: the state of its section or of the plan, else all together."""
        return self._who[block]

    def commitment_at(self, block: int) -> int | None:
        """Return the mention of the commitments that a block stands under, or ``None``; a heading is under itself."""
        return self._commitment[block]

    def is_first_below(self, block: int) -> bool:
        """Tell whether a block is the first below a heading of commitments."""
        return block in self._first

    def is_status_title(self, block: Block) -> bool:
        """Tell whether a block is nothing but a title such as ``Status``."""
        return len(block.span) < _MAX_HEADING and fold(self._view.block_text(block)).strip(" :") in self._titles

    def _mentions_by_block(self) -> Mapping[int, Sequence[int]]:
        """Return the commitments that each block names, in text order."""
        named: dict[int, list[int]] = {}
        for index in self._index.of_kind(MentionKind.COMMITMENT):
            block = self._view.block_index_at(self._index.mentions[index].span.start)
            named.setdefault(block, []).append(index)
        return named

    def _walk(self) -> None:
        who, size = self._default, 0.0
        commitment: int | None = None
        is_heading_before = False
        for number, block in enumerate(self._view.blocks):
            if block.cell is None:
                opened = self._opens(block, self.named.get(number, ()))
                if opened is not None or (block.kind in _HEADINGS and not self.is_status_title(block)):
                    commitment = opened
                elif commitment is not None and is_heading_before:
                    self._first.add(number)
                is_heading_before = opened is not None
            is_heading = block.kind in _HEADINGS
            if (is_heading or self._is_state_line(number)) and not self.is_plan:
                named = self._states_of(block)
                if named or block.size >= size - 0.1:
                    who, size = named or self._default, block.size if named else size
            self._who.append(who)
            self._commitment.append(commitment)

    def _opens(self, block: Block, mentions: Sequence[int]) -> int | None:
        """Return the commitments that a block is the heading of: a line that begins with them and ends no sentence."""
        if not mentions or len(block.span) > _MAX_HEADING:
            return None
        text = self._view.block_text(block)
        lead = self._index.mentions[mentions[0]].span.start - block.span.start
        is_line = block.kind in _HEADINGS or not text.rstrip().endswith((".", ";", ","))
        return mentions[0] if is_line and _LEAD.fullmatch(text[:lead]) else None

    def _states_of(self, block: Block) -> tuple[Who, ...]:
        """Return the states that a heading is the name of: one with few words more, or several and nothing else."""
        named = list(self._index.within(block.span, MentionKind.STATE))
        is_list = len(named) > 1 and not self._words_beside(block, named)
        if len({self._index.mentions[mention].values for mention in named}) == 1 and self._asks_for_commitments(block):
            named = named[:1]
        elif not named or not (is_list or len(self._index.mentions[named[0]].text) >= _STATE_SHARE * len(block.span)):
            return ()
        named = named if is_list else named[:1]
        return tuple(Who(value, mention) for mention in named for value in self._index.mentions[mention].values)

    def _asks_for_commitments(self, block: Block) -> bool:
        """Tell whether a heading is about commitments as such: ``Which commitments does Sweden meet?``."""
        return _OF_COMMITMENTS.search(self._view.block_text(block)) is not None

    def _words_beside(self, block: Block, named: Sequence[int]) -> bool:
        """Tell whether a block says more than the states it names."""
        start, text = block.span.start, self._view.block_text(block)
        for mention in named:
            span = self._index.mentions[mention].span
            text = text[: span.start - start] + " " * len(span) + text[span.end - start :]
        return _JOINS.fullmatch(text) is None

    def _is_state_line(self, number: int) -> bool:
        """Tell whether a line of its own is nothing but states and opens a text: a heading in plain print."""
        blocks = self._view.blocks
        block = blocks[number]
        if block.kind is not BlockKind.PARAGRAPH or block.cell is not None or not len(block.span) <= _MAX_HEADING:
            return False
        below = blocks[number + 1] if number + 1 < len(blocks) else None
        if below is None or below.cell is not None or below.kind in _HEADINGS or len(below.span) < _MIN_TEXT:
            return False
        named = list(self._index.within(block.span, MentionKind.STATE))
        return bool(named) and not self._words_beside(block, named)
