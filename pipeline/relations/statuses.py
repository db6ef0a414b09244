"""How far each commitment is met, per state or for all together, as tables, headings and sentences say it.

A view, its mentions and what the document says of itself enter; statuses leave in reading order, each once per page,
with issues for status cells that were not understood. Counts (``17 of the 20``) and wishes give no status.
"""

from collections.abc import Sequence

from extractors.views import TextView
from models.facts import CommitmentStatus, DocumentFacts
from models.issues import Issue
from models.mentions import Mention, MentionKind
from pipeline.relations.mention_index import MentionIndex
from pipeline.relations.status_prose import StatusProse
from pipeline.relations.status_sections import Sections
from pipeline.relations.status_tables import StatusTables


def relate_statuses(
    view: TextView, mentions: Sequence[Mention], document: DocumentFacts, maps: Sequence[object] = ()
) -> tuple[tuple[CommitmentStatus, ...], tuple[Issue, ...]]:
    """Return the statuses of a document and what was not understood; ``maps`` is not needed and may be empty."""
    del maps
    # A status is one of a commitment that the document names; most documents of other kinds end here.
    if all(mention.kind != MentionKind.COMMITMENT for mention in mentions):
        return (), ()
    index = MentionIndex(mentions)
    sections = Sections(view, index, document)
    tables = StatusTables(view, index, sections)
    found = [*StatusProse(view, index, sections).find(), *tables.find()]
    return _once_per_page(found, mentions), tuple(tables.issues)


def _once_per_page(found: Sequence[CommitmentStatus], mentions: Sequence[Mention]) -> tuple[CommitmentStatus, ...]:
    """Return statuses in reading order; of equal ones on a page the first stays."""

    def place(fact: CommitmentStatus) -> tuple[int, int, str]:
        return mentions[fact.evidence[0]].span.start, int(fact.commitment), fact.state

    kept: dict[tuple[int, str, str, str], CommitmentStatus] = {}
    for fact in sorted(found, key=place):
        kept.setdefault((fact.page, fact.state, fact.commitment, fact.status), fact)
    return tuple(kept.values())
