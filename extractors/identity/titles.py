"""The opening of a document and its title.

What enters is a view; what leaves are the first blocks with their pages, the lines its pages repeat, and the title:
an act's name with its subject, the subject line of a note, a line that names a kind of document, or the largest print.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.identity.rules import IdentityRules, has_phrase, plain
from extractors.views import Block, BlockKind, TextView
from models.spans import Span

_MANY = 24
_LONG_TITLE = 400
_LONG_LINE = 200
# A title stands out by this much from the usual print.
_LARGER = 1.2
_NO_TITLES = (BlockKind.FOOTNOTE, BlockKind.CELL, BlockKind.CAPTION)


@dataclass(frozen=True, slots=True)
class OpeningBlock:
    """One of the first blocks: its text, page, kind and size."""

    text: str
    page: int
    block: Block


@dataclass(frozen=True, slots=True)
class Opening:
    """The first blocks of a document, and its repeated lines."""

    blocks: tuple[OpeningBlock, ...]
    running: tuple[str, ...]

    def prints(self) -> list[tuple[int, str]]:
        """Return page and text of the first lines that may name the document; prose and notes speak of other things."""
        return [
            (one.page, one.text)
            for one in self.blocks[:12]
            if one.block.kind is not BlockKind.FOOTNOTE and len(one.text) <= _LONG_LINE
        ]


@dataclass(frozen=True, slots=True)
class Title:
    """A title: its text, its first page, the spans of its blocks, and whether it is that of an act."""

    text: str
    page: int
    spans: tuple[Span, ...]
    is_act: bool = False


def read_opening(view: TextView) -> Opening:
    """Return the blocks of the first two pages, at most two dozen, and the lines that its pages repeat."""
    blocks: list[OpeningBlock] = []
    for block in view.blocks[:_MANY]:
        page = page_of(view, block.span)
        if page is None or page > 2:
            continue
        blocks.append(OpeningBlock(view.block_text(block), page, block))
    running = dict.fromkeys(line.strip() for page, line in view.furniture if page <= 3 and len(line.strip()) > 3)
    return Opening(tuple(blocks), tuple(running))


def page_of(view: TextView, span: Span) -> int | None:
    """Return the page of a span, ``None`` when no glyph stands behind it."""
    return view.page_of(span) if len(view.glyph_indices(span)) else None


def read_title(opening: Opening, view: TextView, rules: IdentityRules) -> Title | None:
    """Return the title by the first way that finds one."""
    return (
        _read_act_title(opening, rules)
        or _read_subject(opening, rules)
        or _read_named_title(opening, rules)
        or _read_large_title(opening, view)
    )


def _read_act_title(opening: Opening, rules: IdentityRules) -> Title | None:
    """Return ``COUNCIL DECISION ... of ... on ...``, up to the formula that follows a title."""
    for index, one in enumerate(opening.blocks):
        text = plain(one.text)
        is_act = any(text.startswith(act) for act in rules.titles.acts)
        if not is_act or one.block.kind in _NO_TITLES or not _stands_out(one):
            continue
        taken = list(_until_end(opening.blocks[index : index + 6], rules))
        joined = " ".join(part.text for part in taken)
        return Title(joined[: 2 * _LONG_TITLE], one.page, tuple(part.block.span for part in taken), is_act=True)
    return None


def _stands_out(one: OpeningBlock) -> bool:
    """Tell whether a block is printed as a title: in capitals at its start, or as a heading."""
    start = "".join(one.text.split()[:2])
    return start.upper() == start or one.block.kind in (BlockKind.TITLE, BlockKind.HEADING)


def _until_end(blocks: tuple[OpeningBlock, ...], rules: IdentityRules) -> Iterator[OpeningBlock]:
    """Yield the blocks of an act's title."""
    for index, one in enumerate(blocks):
        text = plain(one.text)
        if index and (any(text.startswith(end) for end in rules.titles.ends) or len(one.text) > _LONG_TITLE):
            return
        yield one


def _read_subject(opening: Opening, rules: IdentityRules) -> Title | None:
    """Return what follows ``Subject:`` in a note's head, in the same block or the next."""
    for index, one in enumerate(opening.blocks):
        text = plain(one.text)
        for word in rules.titles.subject_lines:
            if not text.startswith(word):
                continue
            rest = one.text.split(":", 1)[1].strip()
            if rest:
                return Title(rest, one.page, (one.block.span,))
            if index + 1 < len(opening.blocks):
                following = opening.blocks[index + 1]
                return Title(following.text, following.page, (following.block.span,))
    return None


def _read_named_title(opening: Opening, rules: IdentityRules) -> Title | None:
    """Return the first line, the largest first, that names a kind of document."""
    phrases = [clue.phrases for rule in rules.kinds for clue in rule.clues if clue.place == "title" and clue.weight > 0]
    found: list[OpeningBlock] = []
    for one in opening.blocks[:12]:
        text = plain(one.text)
        is_short = len(one.text) <= _LONG_TITLE / 2 and one.block.kind not in _NO_TITLES
        if is_short and any(all(has_phrase(text, phrase) for phrase in group) for group in phrases):
            found.append(one)
    if not found:
        return None
    largest = max(found, key=lambda one: one.block.size)
    is_act = any(plain(largest.text).startswith(act) for act in rules.titles.acts)
    return Title(largest.text, largest.page, (largest.block.span,), is_act)


def _read_large_title(opening: Opening, view: TextView) -> Title | None:
    """Return the largest print of the first page, when it stands out from the usual print."""
    sizes: Counter[float] = Counter()
    for block in view.blocks[:200]:
        sizes[round(block.size, 1)] += len(block.span)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    first = [one for one in opening.blocks if one.page == 1 and one.block.kind in (BlockKind.TITLE, BlockKind.HEADING)]
    if not first or usual <= 0:
        return None
    largest = max(first, key=lambda one: one.block.size)
    if largest.block.size < _LARGER * usual or len(largest.text) > _LONG_TITLE:
        return None
    return Title(largest.text, largest.page, (largest.block.span,))
