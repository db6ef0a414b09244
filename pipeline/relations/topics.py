"""Whom a sentence is about: the project that a paragraph or its heading speaks of.

The topic of a block is the project that its sentences name first; a sentence that opens with another project moves it.
A block without a project of its own is about the one project of the heading above it, if that names just one; a
footnote is about the project that its mark hangs on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractors.projects.rules import load_project_rules
from extractors.views import Block, BlockKind, TextView
from models.mentions import Mention, MentionKind
from pipeline.relations.footnotes import find_anchors
from pipeline.relations.sentences import DATE, PROJECT, STATE, Sentence, block_mentions, count_signs, split_sentences

# What may stand before a project that a sentence opens with ("The project X", "In X,", "As for the PESCO project X").
_OPENING = re.compile(
    r"[\"'(\[]*(?:(?:in|for|the|this|as|on|under|within|project|projects|pesco|also|closed|and)[\"']*\]?\s+)*[\"'(\[]*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A project and the index of the mention that named it."""

    slug: str
    index: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with what it is about, its block and the page that its block starts on. ``follows`` is the state that
    the sentence before opened with, to which an `it` may point; ``row_date`` the mention of the date that opens its row
    in a time line."""

    sentence: Sentence
    topic: Topic | None
    block: Block
    block_index: int
    page: int
    follows: str | None = None
    row_date: int | None = None


def read_passages(
    view: TextView,
    mentions: Sequence[Mention],
    row_topics: dict[int, Topic],
    row_dates: Mapping[int, int] | None = None,
) -> Iterator[Passage]:
    """Yield all sentences of a view that are about a project, with their topics.

    ``row_topics`` maps the index of a cell block to the project that its table row is about, ``row_dates`` to the date
    that opens its row in a time line.
    """
    starts = [mention.span.start for mention in mentions]
    heading: Topic | None = None
    noted = _footnote_topics(view, mentions, starts)
    for number, block in enumerate(view.blocks):
        inside = block_mentions(block, mentions, starts)
        if _is_heading(view, block, mentions, inside):
            heading = _only_project(mentions, inside)
        topic = row_topics.get(number) if block.kind == BlockKind.CELL else noted.get(number, heading)
        if topic is None and not any(mentions[i].kind == MentionKind.PROJECT for i in inside):
            continue
        page = view.page_of(block.span)
        follows: str | None = None
        for sentence in split_sentences(view, block, mentions, inside):
            topic = _next_topic(sentence, topic, is_cell=block.kind == BlockKind.CELL)
            if topic is not None:
                date = None if row_dates is None else row_dates.get(number)
                yield Passage(sentence, topic, block, number, page, follows, date)
            follows = _opening_state(sentence) or (follows if sentence.pattern_text.startswith("It ") else None)


def with_row_date(passage: Passage, mentions: Sequence[Mention]) -> Passage:
    """Return a passage whose sentence reads as if the date of its row opened it."""
    index, sentence = passage.row_date, passage.sentence
    if index is None:
        return passage
    opened = replace(
        sentence,
        pattern_text=f"{DATE} {sentence.pattern_text}",
        mentions=(mentions[index], *sentence.mentions),
        indices=(index, *sentence.indices),
    )
    return replace(passage, sentence=opened)


def _footnote_topics(view: TextView, mentions: Sequence[Mention], starts: Sequence[int]) -> dict[int, Topic | None]:
    """Return what each footnote is about: the last project named before its mark in the block that it hangs on."""
    topics: dict[int, Topic | None] = {
        number: None for number, block in enumerate(view.blocks) if block.kind == BlockKind.FOOTNOTE
    }
    if not topics or all(mention.kind != MentionKind.PROJECT for mention in mentions):
        return topics
    for number, offset in find_anchors(view).items():
        inside = block_mentions(view.block_at(offset), mentions, starts)
        before = [i for i in inside if mentions[i].kind == MentionKind.PROJECT and mentions[i].span.start <= offset]
        topics[number] = Topic(mentions[before[-1]].values[0], before[-1]) if before else None
    return topics


def nearest_projects(sentence: Sentence, place: int) -> Topic | None:
    """Return the last project named before an offset of a sentence's ``pattern_text``."""
    before = sentence.pattern_text.rfind(PROJECT, 0, place)
    return None if before < 0 else project_at(sentence, before)


def project_at(sentence: Sentence, place: int) -> Topic:
    """Return the project whose sign stands at an offset of a sentence's ``pattern_text``."""
    slot = count_signs(sentence.pattern_text, 0, place)
    return Topic(sentence.mentions[slot].values[0], sentence.indices[slot])


def _next_topic(sentence: Sentence, topic: Topic | None, *, is_cell: bool) -> Topic | None:
    """Return what a sentence is about, given what the one before was about."""
    first = sentence.pattern_text.find(PROJECT)
    if first < 0:
        # A name that no rule is sure of may be another project: then nothing is said of the one before.
        return None if _doubtful_names().search(sentence.pattern_text) else topic
    if topic is None or (not is_cell and _OPENING.fullmatch(sentence.pattern_text, 0, first)):
        return project_at(sentence, first)
    return topic


def _opening_state(sentence: Sentence) -> str | None:
    """Return the state that a sentence opens with, or ``None``."""
    place = sentence.pattern_text.find(STATE)
    is_first = place >= 0 and _OPENING.fullmatch(sentence.pattern_text, 0, place) is not None
    return sentence.mentions[len(sentence.slots(0, place))].values[0] if is_first else None


@cache
def _doubtful_names() -> re.Pattern[str]:
    """Return a pattern of the acronyms that are also other things, in their own case."""
    forms = {form for project in load_project_rules().projects for form in project.risky if form.upper() == form}
    return re.compile(r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, forms), key=len, reverse=True)) + r")(?![\w-])")


def _only_project(mentions: Sequence[Mention], inside: range) -> Topic | None:
    """Return the one project named in a block, or ``None``."""
    found = [(mentions[i].values[0], i) for i in inside if mentions[i].kind == MentionKind.PROJECT]
    return Topic(*found[0]) if len({slug for slug, _ in found}) == 1 else None


def _is_heading(view: TextView, block: Block, mentions: Sequence[Mention], inside: range) -> bool:
    """Tell whether a block is a heading, or a paragraph that is nothing but a project's name, set in plain type."""
    if block.kind in (BlockKind.HEADING, BlockKind.TITLE):
        return True
    text = view.block_text(block).strip().rstrip(":")
    return block.kind == BlockKind.PARAGRAPH and any(
        mentions[i].kind == MentionKind.PROJECT and len(mentions[i].text) >= len(text) for i in inside
    )
