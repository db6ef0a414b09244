"""What facts about projects are read from: table rows, sentences about a project, and what legends say.

Made once per document, for participations and milestones alike. A document that names no project states nothing of one:
it has no grounds, and nothing of it is read for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.views import TextView
from models.mentions import Mention, MentionKind
from pipeline.relations.layouts import TableMap
from pipeline.relations.legends import Legends, read_legends
from pipeline.relations.table_rows import TableRow, read_rows, row_dates, row_topics
from pipeline.relations.topics import Passage, read_passages


@dataclass(frozen=True, slots=True)
class Grounds:
    """See the module. ``passages`` leaves out the cells whose meaning ``rows`` holds."""

    rows: tuple[TableRow, ...] = ()
    passages: tuple[Passage, ...] = ()
    legends: Legends = field(default_factory=Legends)


def read_grounds(view: TextView, mentions: Sequence[Mention], maps: Sequence[TableMap]) -> Grounds:
    """Return the grounds of a document, given its mentions in text order and the layout maps of its tables."""
    if all(mention.kind != MentionKind.PROJECT for mention in mentions):
        return Grounds()
    rows = tuple(read_rows(view, mentions, maps))
    mapped = {index for row in rows for index in row.mapped_blocks}
    passages = read_passages(view, mentions, row_topics(rows), row_dates(view, mentions))
    return Grounds(
        rows=rows,
        passages=tuple(passage for passage in passages if passage.block_index not in mapped),
        legends=read_legends(view),
    )
