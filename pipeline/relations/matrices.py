"""Rows of a matrix: states or dates head its columns, and marks or words in its cells say the rest.

A row with its project enters; who has which role in it, and which step falls into which time, leave. ``Project | FR |
DE`` over ``CSIP | C | x`` makes France the coordinator where a legend says so; ``Project | 2026`` over ``CSIP | IOC``
dates the initial capability. Projects may head the columns too, with a state in each row.
"""

import re
from collections.abc import Iterator, Sequence

from extractors.views import Block
from models.facts import Milestone, Role
from models.mentions import Mention, MentionKind
from pipeline.relations.legends import Legends, role_of
from pipeline.relations.milestone_dates import point_value
from pipeline.relations.rules import load_milestone_rules
from pipeline.relations.table_rows import TableRow
from pipeline.relations.topics import Topic

_LONGEST_CELL = 40
_AND = re.compile(r"\s*(?:,|/|;|&|\+|\band\b)\s*")


def roles_of_matrix(
    row: TableRow, mentions: Sequence[Mention], legends: Legends
) -> Iterator[tuple[Topic, int, Role, Block]]:
    """Yield (project, index of the state's mention, role, cell) for the marks of a row under states or projects."""
    own_state = _own_state(row, mentions)
    for cell, head in row.heads:
        role = _role_in(row.text(cell), legends)
        if role is None:
            continue
        state = _sole(row, head, MentionKind.STATE, mentions)
        project = _sole(row, head, MentionKind.PROJECT, mentions)
        if row.project is not None and state is not None:
            yield row.project, state, role, cell
        elif row.project is None and own_state is not None and project is not None:
            yield Topic(mentions[project].values[0], project), own_state, role, cell


def milestones_of_matrix(row: TableRow, mentions: Sequence[Mention]) -> Iterator[Milestone]:
    """Yield the steps that a row names under dates; a cell with a date of its own is none of a matrix."""
    rules = load_milestone_rules()
    if row.project is None:
        return
    for cell, head in row.heads:
        date = _sole(row, head, MentionKind.DATE, mentions)
        text = row.text(cell).strip()
        if date is None or len(text) > _LONGEST_CELL or _has(row, cell, MentionKind.DATE, mentions):
            continue
        terms = [rules.term.fullmatch(part) for part in _AND.split(text)]
        for term in terms if all(terms) else ():
            assert term is not None and term.lastgroup is not None
            rule_id, kind = rules.term_ids[term.lastgroup]
            yield Milestone(
                page=row.page_of(cell),
                evidence=tuple(sorted({row.project.index, date})),
                rule_id=rule_id,
                quote=row.quote,
                project=row.project.slug,
                milestone=kind,
                date=point_value(mentions[date]),
            )


def _role_in(text: str, legends: Legends) -> Role | None:
    """Return the role that a cell's mark or word gives: what a legend says, the word itself, or a tick's."""
    plain = text.strip()
    if plain in legends.roles:
        return legends.roles[plain]
    return Role.MEMBER if plain in legends.ticks else role_of(plain)


def _own_state(row: TableRow, mentions: Sequence[Mention]) -> int | None:
    """Return the mention of the state that a row is about."""
    states = [_sole(row, block, MentionKind.STATE, mentions) for block in row.blocks("state")]
    return next((state for state in states if state is not None), None)


def _sole(row: TableRow, block: Block, kind: MentionKind, mentions: Sequence[Mention]) -> int | None:
    """Return the one mention that a cell is made of, if it is of a kind."""
    inside = row.mention_indices(block)
    if len(inside) != 1 or mentions[inside[0]].kind != kind:
        return None
    return inside[0] if len(mentions[inside[0]].span) >= len(row.text(block).strip()) else None


def _has(row: TableRow, block: Block, kind: MentionKind, mentions: Sequence[Mention]) -> bool:
    return any(mentions[index].kind == kind for index in row.mention_indices(block))
