"""How far each commitment is met, per state or for all together, as tables, headings and sentences say it.

A view, its mentions and what the document says of itself enter; statuses leave in reading order, each once per page,
with issues for status cells that were not understood. Counts (``17 of the 20``) and wishes give no status.
"""

from collections.abc import Sequence

from extractors.views import BlockKind, TextView
from models.facts import CommitmentStatus, DocumentFacts, DocumentKind
from models.issues import Issue
from models.mentions import Mention, MentionKind
from pipeline.mention_index import MentionIndex
from pipeline.status_prose import ALL, StatusProse, Who
from pipeline.status_tables import StatusTables

_HEADING_SHARE = 0.5
"""A heading speaks of a state when the state's name makes up this share of it."""


def relate_statuses(
    view: TextView, mentions: Sequence[Mention], document: DocumentFacts, maps: Sequence[object] = ()
) -> tuple[tuple[CommitmentStatus, ...], tuple[Issue, ...]]:
    """Return the statuses of a document and what was not understood; ``maps`` is not needed and may be empty."""
    del maps
    index = MentionIndex(mentions)
    sections = _Sections(view, index, document)
    prose = StatusProse(view, index, document, sections.who_at)
    tables = StatusTables(view, index, prose.make, sections.who_at)
    found = [*prose.find(), *tables.find()]
    return _once_per_page(found, mentions), tuple(tables.issues)


def _once_per_page(found: Sequence[CommitmentStatus], mentions: Sequence[Mention]) -> tuple[CommitmentStatus, ...]:
    """Return statuses in reading order; of equal ones on a page the first stays."""
    kept: dict[tuple[int, str, str, str], CommitmentStatus] = {}
    for status in sorted(
        found, key=lambda status: (mentions[status.evidence[0]].span, int(status.commitment), status.state)
    ):
        kept.setdefault((status.page, status.state, status.commitment, status.status), status)
    return tuple(kept.values())


class _Sections:
    """Says who is meant where a sentence or table does not: the state of the section, of the plan, or all together."""

    def __init__(self, view: TextView, index: MentionIndex, document: DocumentFacts) -> None:
        """Find the headings that name a state."""
        is_plan = document.kind is DocumentKind.NIP and document.state is not None
        default = (Who(document.state if is_plan and document.state else ALL),)
        self._at: list[tuple[Who, ...]] = []
        here = default
        size = 0.0
        for block in view.blocks:
            if block.kind is BlockKind.HEADING:
                named = None if is_plan else next(index.within(block.span, MentionKind.STATE), None)
                if named is not None and len(index.mentions[named].text) >= _HEADING_SHARE * len(block.span):
                    here = tuple(Who(value, named) for value in index.mentions[named].values)
                    size = block.size
                elif block.size >= size - 0.1:
                    here = default
            self._at.append(here)

    def who_at(self, block: int) -> tuple[Who, ...]:
        """Return who is meant at a block."""
        return self._at[block]
