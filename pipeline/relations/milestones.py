"""By when: launch, initial and full capability, deliveries, closure and phase of projects, from prose and tables.

Mentions in text order and the layout maps of tables enter; milestones leave, with the date a revised one had before.
"""

from collections.abc import Sequence

from extractors.views import TextView
from models.facts import DocumentFacts, Milestone
from models.issues import Issue
from models.mentions import Mention
from pipeline.relations.layouts import TableMap
from pipeline.relations.legends import Legends, read_legends
from pipeline.relations.milestone_cells import milestones_of_row
from pipeline.relations.milestone_prose import milestones_of_sentence
from pipeline.relations.table_rows import read_rows, row_dates, row_topics
from pipeline.relations.topics import read_passages


def relate_milestones(
    view: TextView,
    mentions: Sequence[Mention],
    document: DocumentFacts,
    maps: Sequence[TableMap],
    legends: Legends | None = None,
) -> tuple[tuple[Milestone, ...], tuple[Issue, ...]]:
    """Return all milestones a document states, in the order of their pages, and issues."""
    del document  # every kind of document is read alike
    rows = list(read_rows(view, mentions, maps))
    said = legends or read_legends(view)
    found = [fact for row in rows for fact in milestones_of_row(row, mentions, said)]
    mapped = {index for row in rows for index in row.mapped_blocks}
    for passage in read_passages(view, mentions, row_topics(rows), row_dates(view, mentions)):
        if passage.block_index not in mapped:
            found += milestones_of_sentence(view, passage)
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
