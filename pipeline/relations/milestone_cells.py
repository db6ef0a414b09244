"""Milestones that table rows state: date columns, columns of two ends, phase columns.

A row with its project enters; milestones leave, with the date a cell or another column says it had before.
"""

import re
from collections.abc import Iterator, Sequence

from extractors.views import Block
from models.facts import Milestone, MilestoneKind, Phase
from models.mentions import Mention, MentionKind
from pipeline.relations.legends import Legends
from pipeline.relations.milestone_dates import point_value
from pipeline.relations.rules import MilestoneRules, load_milestone_rules
from pipeline.relations.table_rows import TableRow
from pipeline.relations.topics import Topic

_DATE_COLUMNS = {
    "ioc": MilestoneKind.IOC,
    "foc": MilestoneKind.FOC,
    "delivery_start": MilestoneKind.DELIVERY_START,
    "delivery_end": MilestoneKind.DELIVERY_END,
    "launch": MilestoneKind.LAUNCH,
    "closure": MilestoneKind.CLOSURE,
}
# Columns whose cells hold a beginning and an end ("2028 / 2030").
_SPAN_COLUMNS = {
    "capability_span": (MilestoneKind.IOC, MilestoneKind.FOC),
    "delivery_span": (MilestoneKind.DELIVERY_START, MilestoneKind.DELIVERY_END),
}
_UNCHANGED = re.compile(r"\b(?:no change|unchanged|as before|the same|same)\b", re.IGNORECASE)
_TWO_YEARS = re.compile(r"(\d{4}) ?[/|-] ?(\d{4})")


def milestones_of_row(row: TableRow, mentions: Sequence[Mention], legends: Legends) -> Iterator[Milestone]:
    """Yield the milestones of one table row."""
    if row.project is None:
        return
    for field, kind in _DATE_COLUMNS.items():
        for block in row.blocks(field):
            yield from _from_date_cell(row, row.project, block, kind, mentions)
    for field, kinds in _SPAN_COLUMNS.items():
        for block in row.blocks(field):
            yield from _from_span_cell(row, row.project, block, kinds, mentions)
    for block in row.blocks("phase"):
        yield from _from_phase_cell(row, row.project, block, mentions, legends)
    yield from _from_step(row, row.project, mentions)


def _from_date_cell(
    row: TableRow, project: Topic, block: Block, kind: MilestoneKind, mentions: Sequence[Mention]
) -> Iterator[Milestone]:
    """Yield the milestone of a date cell; ``2026 (was Q1 2025)`` has its earlier date in the cell, else in a column."""
    dates = [i for i in row.mention_indices(block) if mentions[i].kind == MentionKind.DATE]
    if not dates:
        return
    rules = load_milestone_rules()
    old = [i for i in dates if _is_old(rules, row, block, mentions[i])]
    new = [i for i in dates if i not in old] or dates[:1]
    earlier = old or _dates_in(row, f"{kind}_before", mentions)
    if not earlier and kind == MilestoneKind.DELIVERY_END:
        earlier = _dates_in(row, "previous", mentions)
    date = point_value(mentions[new[0]])
    was = point_value(mentions[earlier[0]]) if earlier and earlier[0] != new[0] else None
    yield Milestone(
        page=mentions[new[0]].page,
        evidence=tuple(sorted({project.index, new[0], *earlier[:1]})),
        rule_id=f"milestone.cell.{kind}",
        quote=row.quote,
        project=project.slug,
        milestone=kind,
        date=date,
        was=None if was == date else was,
    )


def _from_span_cell(
    row: TableRow,
    project: Topic,
    block: Block,
    kinds: tuple[MilestoneKind, MilestoneKind],
    mentions: Sequence[Mention],
) -> Iterator[Milestone]:
    """Yield the two milestones of a cell that holds a beginning and an end; one date alone is neither."""
    dates = [i for i in row.mention_indices(block) if mentions[i].kind == MentionKind.DATE]
    values = [(i, point_value(mentions[i])) for i in dates]
    years = _TWO_YEARS.fullmatch(mentions[dates[0]].text) if len(dates) == 1 else None
    if years is not None:
        values = [(dates[0], years[1]), (dates[0], years[2])]
    if len(values) != len(kinds):
        return
    for kind, (index, date) in zip(kinds, values, strict=True):
        yield Milestone(
            page=mentions[index].page,
            evidence=tuple(sorted({project.index, index})),
            rule_id=f"milestone.cell.{kind}",
            quote=row.quote,
            project=project.slug,
            milestone=kind,
            date=date,
        )


def _is_old(rules: MilestoneRules, row: TableRow, block: Block, mention: Mention) -> bool:
    """Tell whether the words right before a date in a cell say that it is the earlier one."""
    before = row.view.text[max(block.span.start, mention.span.start - 20) : mention.span.start]
    return rules.was.search(before.rsplit(")", 1)[-1]) is not None


def _dates_in(row: TableRow, field: str, mentions: Sequence[Mention]) -> list[int]:
    """Return the dates of a row's cells of a field."""
    return [
        i for block in row.blocks(field) for i in row.mention_indices(block) if mentions[i].kind == MentionKind.DATE
    ]


def _from_step(row: TableRow, project: Topic, mentions: Sequence[Mention]) -> Iterator[Milestone]:
    """Yield the step that a row is about, when its column of forecasts or dates says by when: ``CSIP (IOC) | 2028``."""
    earlier = _dates_in(row, "previous", mentions)
    dates = _dates_in(row, "forecast", mentions) or _dates_in(row, "when", mentions)
    if not dates and any(_UNCHANGED.search(row.text(block)) for block in row.blocks("forecast")):
        dates = earlier
    steps = [step for block in (*row.blocks("project"), *row.blocks("step")) for step in _steps(row, block, mentions)]
    if len(dates) != 1 or len(steps) != 1:
        return
    rule_id, kind = steps[0]
    date, was = point_value(mentions[dates[0]]), point_value(mentions[earlier[0]]) if earlier else None
    yield Milestone(
        page=mentions[dates[0]].page,
        evidence=tuple(sorted({project.index, dates[0], *earlier[:1]})),
        rule_id=rule_id,
        quote=row.quote,
        project=project.slug,
        milestone=kind,
        date=date,
        was=None if was == date else was,
    )


def _steps(row: TableRow, block: Block, mentions: Sequence[Mention]) -> Iterator[tuple[str, MilestoneKind]]:
    """Yield the rule and kind of the step that a cell is, besides the names in it."""
    rules = load_milestone_rules()
    text = list(row.text(block))
    for i in row.mention_indices(block):
        span = mentions[i].span
        text[span.start - block.span.start : span.end - block.span.start] = " " * len(span)
    match = rules.term.fullmatch("".join(text).strip(" ()[]:,;-"))
    if match is not None and match.lastgroup is not None:
        yield rules.term_ids[match.lastgroup]


def _from_phase_cell(
    row: TableRow, project: Topic, block: Block, mentions: Sequence[Mention], legends: Legends
) -> Iterator[Milestone]:
    """Yield the phase of a cell, or the closure that stands in its place ("closed May 2023")."""
    rules = load_milestone_rules()
    text = row.text(block).lower()
    named = list(re.finditer(r"\b(?:" + "|".join(rules.phase_of) + r")\b", text))
    dates = [i for i in row.mention_indices(block) if mentions[i].kind == MentionKind.DATE]
    phases: list[tuple[Phase | None, list[int]]] = []
    for number, match in enumerate(named):
        own = [i for i in dates if _is_of_part(text, match.start(), mentions[i].span.start - block.span.start)]
        if number == 0 or own:
            phases.append((rules.phase_of[match[0]], own if len(named) > 1 else dates))
    letter = legends.phases.get(row.text(block).strip())
    if not named and letter is not None:
        phases.append((letter, dates))
    if not phases and re.search(r"\bclosed\b", text) and dates:
        phases.append((None, dates))
    for phase, own in phases:
        yield Milestone(
            page=mentions[own[0]].page if own else row.page_of(block),
            evidence=tuple(sorted({project.index, *own[:1]})),
            rule_id="milestone.cell.phase",
            quote=row.quote,
            project=project.slug,
            milestone=MilestoneKind.CLOSURE if phase is None else MilestoneKind.PHASE,
            phase=phase,
            date=point_value(mentions[own[0]]) if own else None,
        )


def _is_of_part(text: str, start: int, place: int) -> bool:
    """Tell whether a place stands in the same part of a cell as a word before it: no comma or semicolon parts them."""
    return start < place and re.search("[,;]", text[start:place]) is None
