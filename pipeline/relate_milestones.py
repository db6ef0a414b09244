"""By when: launch, initial and full capability, deliveries, closure and phase of projects, from prose and tables.

Mentions in text order and the layout maps of tables enter; milestones leave, with the date a revised one had before.
A term and a date belong together only when link words stand between them, so that a meeting's date is no capability's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.views import Block, TextView
from models.facts import DocumentFacts, Milestone, MilestoneKind, Phase
from models.issues import Issue
from models.mentions import Mention, MentionKind
from pipeline.layouts import TableMap
from pipeline.relation_rules import PROJECT_LIST, MilestoneRules, load_milestone_rules
from pipeline.sentences import DATE, PROJECT, SIGNS, Sentence
from pipeline.table_rows import TableRow, read_rows, row_topics
from pipeline.topics import Passage, Topic, nearest_projects, project_at, read_passages

_DATE_COLUMNS = {
    "ioc": MilestoneKind.IOC,
    "foc": MilestoneKind.FOC,
    "delivery_start": MilestoneKind.DELIVERY_START,
    "delivery_end": MilestoneKind.DELIVERY_END,
    "launch": MilestoneKind.LAUNCH,
    "closure": MilestoneKind.CLOSURE,
}
# Several projects may be meant only where one act launches or closes them together.
_SHARED = frozenset({MilestoneKind.LAUNCH, MilestoneKind.CLOSURE})
_SINCE = re.compile(r"(?:since|as of|as from|from)\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+(?:-[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Dated:
    """A milestone read in a text: its kind, its date and earlier date, the mentions it rests on, and its rule."""

    kind: MilestoneKind
    date: str
    was: str | None
    evidence: tuple[int, ...]
    rule_id: str
    place: int


def relate_milestones(
    view: TextView, mentions: Sequence[Mention], document: DocumentFacts, maps: Sequence[TableMap]
) -> tuple[tuple[Milestone, ...], tuple[Issue, ...]]:
    """Return all milestones a document states, in the order of their pages, and issues."""
    del document  # every kind of document is read alike
    rows = list(read_rows(view, mentions, maps))
    found = [fact for row in rows for fact in _from_row(row, mentions)]
    mapped = {index for row in rows for index in row.mapped_blocks}
    for passage in read_passages(view, mentions, row_topics(rows)):
        if passage.block_index not in mapped:
            found += _from_sentence(view, passage)
    return _without_repeats(found), ()


# --- prose ---------------------------------------------------------------------------------------------------------


def _from_sentence(view: TextView, passage: Passage) -> Iterator[Milestone]:
    """Yield the milestones that one sentence states."""
    rules = load_milestone_rules()
    sentence = passage.sentence
    quote = view.text[sentence.span.start : sentence.span.end].strip()
    listed = set()
    for dated, projects in _launch_lists(rules, sentence):
        listed.add(dated.kind)
        for project in projects:
            yield _to_fact(project, dated, sentence, quote)
    for dated in _dated_terms(rules, sentence):
        if dated.kind not in listed:
            for project in _subjects(sentence, dated, passage.topic):
                yield _to_fact(project, dated, sentence, quote)
    yield from _phases(rules, passage, quote)


def _dated_terms(rules: MilestoneRules, sentence: Sentence) -> Iterator[Dated]:
    """Yield each term of a sentence with the date that link words tie to it; an earlier date alone is no date of it."""
    text = sentence.pattern_text
    if DATE not in text:
        return
    terms = list(rules.term.finditer(text))
    for number, match in enumerate(terms):
        rule_id, kind = next(rules.term_ids[name] for name in rules.term_ids if match.group(name) is not None)
        start = max(text.rfind(mark, 0, match.start()) for mark in ";.") + 1
        if rules.refusal.search(text, start, match.end() + 40 if kind == MilestoneKind.CLOSURE else match.start()):
            continue
        stop = terms[number + 1].start() if number + 1 < len(terms) else len(text)
        dates = _linked_dates(rules, sentence, match.end(), stop)
        if not dates and kind in _SHARED:
            dates = _dates_before(rules, sentence, match.start())
        if dates and not (len(dates) == 1 and rules.earlier.search(text, match.end(), dates[0])):
            yield _read_dates(rules, sentence, match, dates, kind, rule_id)


def _linked_dates(rules: MilestoneRules, sentence: Sentence, start: int, stop: int) -> list[int]:
    """Return the offsets of the one or two dates that only link words part from an offset and from each other."""
    text = sentence.pattern_text
    dates: list[int] = []
    position = start
    while len(dates) < 2:
        place = text.find(DATE, position, stop)
        if place < 0 or not _is_link(rules, text[position:place], is_second=bool(dates)):
            break
        dates.append(place)
        position = place + 1
    return dates


def _is_link(rules: MilestoneRules, gap: str, *, is_second: bool) -> bool:
    """Tell whether a text between a term and a date ties them. Between two dates it must say that the date moved."""
    if ";" in gap or any(sign in gap for sign in SIGNS):
        return False
    words = _WORD.findall(gap.lower())
    if len(words) > 14 or not all(word in rules.link_words for word in words):
        return False
    return not is_second or _says_moved(rules, gap)


def _says_moved(rules: MilestoneRules, gap: str) -> bool:
    """Tell whether the text between two dates parts an earlier date from a later one."""
    return bool(rules.was.search(gap) or re.search(r"\b(?:now|to|until|instead)\b", gap) or rules.move.search(gap))


def _dates_before(rules: MilestoneRules, sentence: Sentence, end: int) -> list[int]:
    """Return the offset of a date that opens the sentence before a launch or closure ("On 20 November 2020 ...")."""
    place = sentence.pattern_text.rfind(DATE, 0, end)
    opening = sentence.pattern_text[:place].strip().lower() if place >= 0 else "-"
    return [place] if opening in ("", "on", "in") and sentence.pattern_text.count(DATE) == 1 else []


def _read_dates(
    rules: MilestoneRules, sentence: Sentence, match: re.Match[str], dates: list[int], kind: MilestoneKind, rule_id: str
) -> Dated:
    """Return the milestone of a term and its dates: which is the date, which the one it had before."""
    text = sentence.pattern_text
    current, earlier = dates[0], None
    if len(dates) == 2:
        is_first_old = bool(
            rules.was.search(text, match.end(), dates[0]) or rules.move.search(text, match.end(), dates[0])
        )
        current, earlier = (dates[1], dates[0]) if is_first_old else (dates[0], dates[1])
    slots = [len(sentence.slots(0, place)) for place in dates]
    return Dated(
        kind=kind,
        date=_value_at(sentence, current),
        was=None if earlier is None else _value_at(sentence, earlier),
        evidence=tuple(sentence.indices[slot] for slot in slots),
        rule_id=rule_id,
        place=match.start(),
    )


def _value_at(sentence: Sentence, place: int) -> str:
    """Return the value of the date at an offset; one said with `since` is a point, not the start of a stretch."""
    return point_value(sentence.mentions[len(sentence.slots(0, place))])


def point_value(mention: Mention) -> str:
    """Return a date's value as a milestone has it.

    ``since the end of 2020`` is 2020-12 (gold: a milestone said with `since X` has the date X without ``/..``).
    """
    value = mention.values[0]
    return value[:-3] if value.endswith("/..") and _SINCE.match(mention.text) else value


def _subjects(sentence: Sentence, dated: Dated, topic: Topic | None) -> list[Topic]:
    """Return the projects a dated term speaks of."""
    text = sentence.pattern_text
    if dated.kind in _SHARED:
        return _shared_subjects(sentence, dated, topic)
    before = nearest_projects(sentence, dated.place)
    if before is not None:
        return [before]
    if topic is not None:
        return [topic]
    after = text.find(PROJECT, dated.place)
    return [] if after < 0 else [project_at(sentence, after)]


def _shared_subjects(sentence: Sentence, dated: Dated, topic: Topic | None) -> list[Topic]:
    """Return the projects that an act launched or closed: the list before the words, or the one after a colon."""
    rules = load_milestone_rules()
    text = sentence.pattern_text
    lists = list(re.finditer(PROJECT_LIST, text[: dated.place]))
    if lists and rules.subject_gap.fullmatch(text, lists[-1].end(), dated.place):
        return _projects_in(sentence, *lists[-1].span())
    colon = re.match(rf"[^:;.]*: ?(?P<list>{PROJECT_LIST})", text[dated.place :])
    if colon is not None:
        return _projects_in(sentence, *(dated.place + offset for offset in colon.span("list")))
    return [topic] if topic is not None and not lists and rules.back_reference.fullmatch(text, 0, dated.place) else []


def _projects_in(sentence: Sentence, start: int, end: int) -> list[Topic]:
    """Return the projects whose signs stand in a stretch of ``pattern_text``."""
    return [project_at(sentence, place) for place in range(start, end) if sentence.pattern_text[place] == PROJECT]


def _launch_lists(rules: MilestoneRules, sentence: Sentence) -> Iterator[tuple[Dated, list[Topic]]]:
    """Yield the launches of sentences that give a date and then name the projects."""
    for pattern in rules.launch_lists:
        match = pattern.search(sentence.pattern_text)
        if match is None:
            continue
        place = sentence.pattern_text.find(DATE, match.start())
        slot = len(sentence.slots(0, place))
        dated = Dated(
            MilestoneKind.LAUNCH,
            _value_at(sentence, place),
            None,
            (sentence.indices[slot],),
            "milestone.launch_list",
            match.start(),
        )
        yield dated, _projects_in(sentence, *match.span("project1"))


def _phases(rules: MilestoneRules, passage: Passage, quote: str) -> Iterator[Milestone]:
    """Yield the phases that a sentence says a project is in, with the date since when."""
    sentence = passage.sentence
    for pattern in rules.phase_patterns:
        for match in pattern.finditer(sentence.pattern_text):
            clause = sentence.pattern_text[max(sentence.pattern_text.rfind(";", 0, match.start()), 0) : match.start()]
            if re.search(r"\b(?:projects|half|many|some|most|\d+)\b(?![^.]*\b(?:is|has)\b)", clause):
                continue
            project = nearest_projects(sentence, match.start()) or passage.topic
            if project is None:
                continue
            dates = _linked_dates(rules, sentence, match.end(), len(sentence.pattern_text))
            slot = len(sentence.slots(0, dates[0])) if dates else None
            evidence = {project.index} | ({sentence.indices[slot]} if slot is not None else set())
            yield Milestone(
                page=sentence.mentions[0].page if sentence.mentions else passage.page,
                evidence=tuple(sorted(evidence)),
                rule_id="milestone.phase",
                quote=quote,
                project=project.slug,
                milestone=MilestoneKind.PHASE,
                phase=rules.phase_of[match["phase"].lower()],
                date=None if slot is None else point_value(sentence.mentions[slot]),
            )


def _to_fact(project: Topic, dated: Dated, sentence: Sentence, quote: str) -> Milestone:
    """Return the milestone of a project."""
    return Milestone(
        page=next(m.page for m, i in zip(sentence.mentions, sentence.indices, strict=True) if i in dated.evidence),
        evidence=tuple(sorted({project.index, *dated.evidence})),
        rule_id=dated.rule_id,
        quote=quote,
        project=project.slug,
        milestone=dated.kind,
        date=dated.date,
        was=dated.was,
    )


# --- tables --------------------------------------------------------------------------------------------------------


def _from_row(row: TableRow, mentions: Sequence[Mention]) -> Iterator[Milestone]:
    """Yield the milestones of one table row."""
    if row.project is None:
        return
    for field, kind in _DATE_COLUMNS.items():
        for block in row.blocks(field):
            yield from _from_date_cell(row, row.project, block, kind, mentions)
    for block in row.blocks("phase"):
        yield from _from_phase_cell(row, row.project, block, mentions)


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
    earlier = old or (_earlier_forecast(row, mentions) if kind == MilestoneKind.DELIVERY_END else [])
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


def _is_old(rules: MilestoneRules, row: TableRow, block: Block, mention: Mention) -> bool:
    """Tell whether the words right before a date in a cell say that it is the earlier one."""
    before = row.view.text[max(block.span.start, mention.span.start - 20) : mention.span.start]
    return rules.was.search(before.rsplit(")", 1)[-1]) is not None


def _earlier_forecast(row: TableRow, mentions: Sequence[Mention]) -> list[int]:
    """Return the date of the row's column for the earlier forecast."""
    return [
        i
        for block in row.blocks("previous")
        for i in row.mention_indices(block)
        if mentions[i].kind == MentionKind.DATE
    ]


def _from_phase_cell(row: TableRow, project: Topic, block: Block, mentions: Sequence[Mention]) -> Iterator[Milestone]:
    """Yield the phase of a cell, or the closure that stands in its place ("closed May 2023")."""
    rules = load_milestone_rules()
    text = row.text(block).lower()
    phase: Phase | None = next(
        (rules.phase_of[word] for word in rules.phase_of if re.search(rf"\b{word}\b", text)), None
    )
    dates = [i for i in row.mention_indices(block) if mentions[i].kind == MentionKind.DATE]
    if phase is None and not (re.search(r"\bclosed\b", text) and dates):
        return
    yield Milestone(
        page=mentions[dates[0]].page if dates else row.page_of(block),
        evidence=tuple(sorted({project.index, *dates[:1]})),
        rule_id="milestone.cell.phase",
        quote=row.quote,
        project=project.slug,
        milestone=MilestoneKind.CLOSURE if phase is None else MilestoneKind.PHASE,
        phase=phase,
        date=point_value(mentions[dates[0]]) if dates else None,
    )


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
