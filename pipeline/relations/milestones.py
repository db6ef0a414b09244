"""By when: launch, initial and full capability, deliveries, closure and phase of projects, from prose and tables.

Mentions in text order and the layout maps of tables enter; milestones leave, with the date a revised one had before.
"""

from collections.abc import Sequence

from extractors.views import TextView
from models.facts import DocumentFacts, Milestone
from models.issues import Issue
from models.mentions import Mention
from pipeline.relations.grounds import Grounds, read_grounds
from pipeline.relations.layouts import TableMap
from pipeline.relations.matrices import milestones_of_matrix
from pipeline.relations.milestone_cells import milestones_of_row
from pipeline.relations.milestone_prose import milestones_of_sentence
from pipeline.relations.topics import with_row_date


def relate_milestones(
    view: TextView,
    mentions: Sequence[Mention],
    document: DocumentFacts,
    maps: Sequence[TableMap],
    grounds: Grounds | None = None,
) -> tuple[tuple[Milestone, ...], tuple[Issue, ...]]:
    """Return all milestones a document states, in the order of their pages, and issues."""
    del document  # every kind of document is read alike
    own = grounds or read_grounds(view, mentions, maps)
    found = [fact for row in own.rows for fact in milestones_of_row(row, mentions, own.legends)]
    found += [fact for row in own.rows for fact in milestones_of_matrix(row, mentions)]
    for passage in own.passages:
        found += milestones_of_sentence(view, with_row_date(passage, mentions))
    return _without_repeats(found), ()


def _without_repeats(facts: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Return facts in page order; of the same fact on a page the first stays."""
    kept: dict[tuple[object, ...], Milestone] = {}
    for fact in facts:
        kept.setdefault((fact.page, fact.project, fact.milestone, fact.date, fact.phase), fact)
    return tuple(
        sorted(
            kept.values(), key=lambda fact: (fact.page, fact.evidence, fact.project, fact.milestone, fact.date or "")
        )
    )
