"""By when: launch, initial and full capability, deliveries, closure and phase of projects, from prose and tables.

Mentions in text order and the layout maps of tables enter; milestones leave, with the date a revised one had before.
A term and a date belong together only when link words stand between them, so that a meeting's date is no capability's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.views import Block, TextView
from models.facts import DocumentFacts, Milestone, MilestoneKind, Phase
from models.issues import Issue
from models.mentions import Mention, MentionKind
from pipeline.layouts import TableMap
from pipeline.legends import Legends, read_legends
from pipeline.relation_rules import PROJECT_LIST, MilestoneRules, load_milestone_rules
from pipeline.sentences import DATE, PROJECT, SIGNS, Sentence
from pipeline.table_rows import TableRow, read_rows, row_topics
from pipeline.topics import Passage, Topic, project_at, read_passages

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
_TWO_YEARS = re.compile(r"(\d{4}) ?[/|-] ?(\d{4})")
# Several projects may be meant only where one act launches or closes them together.
_SHARED = frozenset({MilestoneKind.LAUNCH, MilestoneKind.CLOSURE})
_SINCE = re.compile(r"(?:since|as of|as from|from)\b", re.IGNORECASE)
_BEFORE = re.compile(r"(?:before|prior to)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b[^.;,]*$")
# Words between two dates of which the second is the one that holds.
_TURN = re.compile(r"\b(?:now|to|until|instead|but|only)\b", re.IGNORECASE)
_HOLDS = re.compile(r"\b(?:now|but|only)\b", re.IGNORECASE)
_MOST_LINK_WORDS = 14
# Words that start within so many characters of a sentence's start open it.
_OPENING = 4
_WORD = re.compile(r"[A-Za-z]+(?:-[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Dated:
    """A milestone read in a sentence: its dates, the mentions it rests on, and where its term stands."""

    kind: MilestoneKind
    date: str
    was: str | None
    evidence: tuple[int, ...]
    rule_id: str
    place: int
    end: int


def relate_milestones(
    view: TextView, mentions: Sequence[Mention], document: DocumentFacts, maps: Sequence[TableMap]
) -> tuple[tuple[Milestone, ...], tuple[Issue, ...]]:
    """Return all milestones a document states, in the order of their pages, and issues."""
    del document  # every kind of document is read alike
    rows = list(read_rows(view, mentions, maps))
    legends = read_legends(view)
    found = [fact for row in rows for fact in _from_row(row, mentions, legends)]
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
            for project, later in _echoes(sentence, dated):
                yield _to_fact(project, later, sentence, quote)
    yield from _phases(rules, passage, quote)


def _dated_terms(rules: MilestoneRules, sentence: Sentence) -> Iterator[Dated]:
    """Yield each term of a sentence with the date that link words tie to it; an earlier date alone is no date of it."""
    text = sentence.pattern_text
    if DATE not in text:
        return
    for group, stop in _term_groups(rules, text):
        dates = _linked_dates(rules, sentence, group[-1].end(), stop, with_lists=_kind(rules, group[-1]) in _SHARED)
        paired = _paired_dates(sentence, group, dates, stop)
        for match in group:
            rule_id, kind = _rule(rules, match)
            own = paired.get(match.start()) or dates or _date_before(sentence, match.start())
            is_old = len(own) == 1 and rules.earlier.search(text, match.end(), own[0]) is not None
            if own and not is_old and not _is_refused(rules, text, match, kind):
                yield _read_dates(rules, sentence, match, own, kind, rule_id)


def _term_groups(rules: MilestoneRules, text: str) -> Iterator[tuple[list[re.Match[str]], int]]:
    """Yield the terms of a text, those joined by `and` together, each group with the place of the next one."""
    terms = list(rules.term.finditer(text))
    group: list[re.Match[str]] = []
    for number, match in enumerate(terms):
        group.append(match)
        following = terms[number + 1].start() if number + 1 < len(terms) else len(text)
        if not re.fullmatch(r" ?(?:,? and|/|&|,)(?: its)? ?", text[match.end() : following]):
            yield group, following
            group = []


def _rule(rules: MilestoneRules, match: re.Match[str]) -> tuple[str, MilestoneKind]:
    """Return the rule id and the milestone of a term."""
    return next(rules.term_ids[name] for name in rules.term_ids if match.group(name) is not None)


def _kind(rules: MilestoneRules, match: re.Match[str]) -> MilestoneKind:
    """Return the milestone of a term."""
    return _rule(rules, match)[1]


def _is_refused(rules: MilestoneRules, text: str, match: re.Match[str], kind: MilestoneKind) -> bool:
    """Tell whether words in the clause say that a term is no fact: proposed, possible, asked for."""
    start = max(text.rfind(mark, 0, match.start()) for mark in ";.") + 1
    end = min(len(text), match.end() + 40) if kind == MilestoneKind.CLOSURE else match.start()
    return rules.refusal.search(text, start, end) is not None


def _paired_dates(
    sentence: Sentence, group: Sequence[re.Match[str]], dates: Sequence[int], stop: int
) -> dict[int, list[int]]:
    """Return the date of each term where as many dates follow as terms stand together ("IOC and FOC in X and Y")."""
    if len(group) < 2 or len(dates) != 1:
        return {}
    text = sentence.pattern_text
    run = re.match(rf"{DATE}(?:(?:,| and|, and) (?:in |by )?{DATE})+", text[dates[0] : stop])
    places = [] if run is None else [dates[0] + i for i, character in enumerate(run[0]) if character == DATE]
    return (
        {match.start(): [place] for match, place in zip(group, places, strict=True)}
        if len(places) == len(group)
        else {}
    )


def _linked_dates(
    rules: MilestoneRules, sentence: Sentence, start: int, stop: int, *, with_lists: bool = False
) -> list[int]:
    """Return the offsets of the one or two dates that only link words part from an offset and from each other.

    ``of`` a project may stand between; with ``with_lists`` so may a list of projects.
    """
    text = sentence.pattern_text
    dates: list[int] = []
    position = start
    while len(dates) < 2:
        place = text.find(DATE, position, stop)
        gap = text[position:place] if place >= 0 else ""
        if not dates:
            gap = re.sub(r"\b(?:of|for|in|by)((?: the| PESCO| project)*[ \"']*)" + PROJECT, r"\1", gap)
            gap = re.sub(PROJECT_LIST, " ", gap) if with_lists else gap
        if place < 0 or not _is_link(rules, gap, is_second=bool(dates)):
            break
        dates.append(place)
        position = place + 1
    return dates


def _is_link(rules: MilestoneRules, gap: str, *, is_second: bool) -> bool:
    """Tell whether a text between a term and a date ties them. Between two dates it must say that the date moved."""
    if ";" in gap or any(sign in gap for sign in SIGNS):
        return False
    words = _WORD.findall(gap.lower())
    if len(words) > _MOST_LINK_WORDS or not all(word in rules.link_words for word in words):
        return False
    return not is_second or _says_moved(rules, gap)


def _says_moved(rules: MilestoneRules, gap: str) -> bool:
    """Tell whether the text between two dates parts an earlier date from a later one."""
    return bool(rules.was.search(gap) or _TURN.search(gap) or rules.move.search(gap))


def _date_before(sentence: Sentence, end: int) -> list[int]:
    """Return the offset of the one date that opens a sentence before a term ("On 20 November 2020 ...")."""
    text = sentence.pattern_text
    place = text.find(DATE)
    is_opening = 0 <= place < end and text[:place].strip().lower() in ("", "on", "in", "by")
    is_only = text.count(DATE) == 1 and not re.search(r"[;:]", text[:end])
    return [place] if is_opening and is_only else []


def _read_dates(
    rules: MilestoneRules, sentence: Sentence, match: re.Match[str], dates: list[int], kind: MilestoneKind, rule_id: str
) -> Dated:
    """Return the milestone of a term and its dates: which is the date, which the one it had before."""
    text = sentence.pattern_text
    current, earlier = dates[0], None
    if len(dates) == 2:
        lead, between = text[match.end() : dates[0]], text[dates[0] : dates[1]]
        is_first_old = any(pattern.search(lead) for pattern in (rules.was, rules.move, rules.earlier))
        is_first_old = is_first_old or _HOLDS.search(between) is not None
        current, earlier = (dates[1], dates[0]) if is_first_old else (dates[0], dates[1])
    slots = [len(sentence.slots(0, place)) for place in dates]
    return Dated(
        kind=kind,
        date=_value_at(sentence, current),
        was=None if earlier is None else _value_at(sentence, earlier),
        evidence=tuple(sentence.indices[slot] for slot in slots),
        rule_id=rule_id,
        place=match.start(),
        end=match.end(),
    )


def _value_at(sentence: Sentence, place: int) -> str:
    """Return the value of the date at an offset; one said with `since` is a point, not the start of a stretch, and
    `not expected before X` is X or later."""
    mention = sentence.mentions[len(sentence.slots(0, place))]
    value = point_value(mention)
    is_negated = _BEFORE.match(mention.text) and _NOT.search(sentence.pattern_text[max(0, place - 40) : place])
    return f"{value[3:]}/.." if is_negated and value.startswith("../") else value


def point_value(mention: Mention) -> str:
    """Return a date's value as a milestone has it.

    ``since the end of 2020`` is 2020-12 (gold: a milestone said with `since X` has the date X without ``/..``).
    """
    value = mention.values[0]
    return value[:-3] if value.endswith("/..") and _SINCE.match(mention.text) else value


def _subjects(sentence: Sentence, dated: Dated, topic: Topic | None) -> list[Topic]:
    """Return the projects a dated term speaks of: "of X" behind it, else the one before it, else the topic."""
    text = sentence.pattern_text
    owner = re.match(
        rf"(?: (?:date|of|for|in|the|PESCO|project))* (?:of|for|in|the)(?: the| PESCO| project)* [\"']*{PROJECT}",
        text[dated.end :],
    )
    if owner is not None:
        return [project_at(sentence, dated.end + owner.end() - 1)]
    if dated.kind in _SHARED:
        return _shared_subjects(sentence, dated, topic)
    before = _projects_before(sentence, dated.place)
    if before:
        return before
    after = text.find(PROJECT, dated.place)
    if after >= 0 and (topic is None or dated.place <= _OPENING):
        return [project_at(sentence, after)]
    return [] if topic is None else [topic]


def _echoes(sentence: Sentence, dated: Dated) -> Iterator[tuple[Topic, Dated]]:
    """Yield what a sentence adds without its verb: "X was accepted on A and Y on B"."""
    if dated.kind not in _SHARED:
        return
    text = sentence.pattern_text
    position = text.find(DATE, dated.end) + 1
    while position > 0:
        match = re.compile(rf",?(?: and)? (?:the )?(?:project )?(?P<list>{PROJECT_LIST}) (?:on |in )?{DATE}").match(
            text, position
        )
        if match is None:
            return
        slot = len(sentence.slots(0, match.end() - 1))
        later = replace(dated, date=_value_at(sentence, match.end() - 1), was=None, evidence=(sentence.indices[slot],))
        for project in _projects_in(sentence, *match.span("list")):
            yield project, later
        position = match.end()


def _projects_before(sentence: Sentence, place: int) -> list[Topic]:
    """Return the project named last before a place, with its whole list where the verb is in the plural."""
    lists = list(re.finditer(PROJECT_LIST, sentence.pattern_text[:place]))
    if not lists:
        return []
    projects = _projects_in(sentence, *lists[-1].span())
    is_plural = load_milestone_rules().plural.search(sentence.pattern_text, lists[-1].end(), place + 1)
    return projects if is_plural else projects[-1:]


def _shared_subjects(sentence: Sentence, dated: Dated, topic: Topic | None) -> list[Topic]:
    """Return the projects that an act launched or closed: its object, its subject, or the list after a colon."""
    rules = load_milestone_rules()
    text = sentence.pattern_text
    target = re.match(rf" (?:the )?(?:PESCO )?(?:new )?(?:projects? )?(?P<list>{PROJECT_LIST})", text[dated.end :])
    if target is not None:
        return _projects_in(sentence, *(dated.end + offset for offset in target.span("list")))
    lists = list(re.finditer(PROJECT_LIST, text[: dated.place]))
    if lists and rules.subject_gap.fullmatch(text, lists[-1].end(), dated.place):
        gap = text[lists[-1].end() : dated.place]
        is_object = rules.object_lead.search(text[: lists[-1].start()]) and not rules.resumption.search(gap)
        return [] if is_object else _projects_in(sentence, *lists[-1].span())
    if (
        lists
        and rules.back_reference.fullmatch(text, lists[-1].end(), dated.place)
        and "," in text[lists[-1].end() : dated.place]
    ):
        return _projects_in(sentence, *lists[-1].span())
    colon = re.match(rf"[^:;.]*: ?(?P<list>{PROJECT_LIST})", text[dated.place :])
    if colon is not None:
        return _projects_in(sentence, *(dated.place + offset for offset in colon.span("list")))
    opening = re.match(rf"[^;:.{PROJECT}]*, (?:the )?(?:project )?(?P<list>{PROJECT_LIST})", text[dated.place :])
    if opening is not None and dated.place <= _OPENING:
        return _projects_in(sentence, *(dated.place + offset for offset in opening.span("list")))
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
            match.end(),
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
            projects = _projects_before(sentence, match.start() + 1)
            topic = [passage.topic] if passage.topic is not None else []
            for project in projects or topic:
                yield _phase_fact(rules, passage, match, project, quote)


def _phase_fact(rules: MilestoneRules, passage: Passage, match: re.Match[str], project: Topic, quote: str) -> Milestone:
    """Return the phase of a project that a match names, with the date since when."""
    sentence = passage.sentence
    dates = _linked_dates(rules, sentence, match.end(), len(sentence.pattern_text))
    slot = len(sentence.slots(0, dates[0])) if dates else None
    evidence = {project.index} | ({sentence.indices[slot]} if slot is not None else set())
    return Milestone(
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


def _from_row(row: TableRow, mentions: Sequence[Mention], legends: Legends) -> Iterator[Milestone]:
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


def _earlier_forecast(row: TableRow, mentions: Sequence[Mention]) -> list[int]:
    """Return the date of the row's column for the earlier forecast."""
    return [
        i
        for block in row.blocks("previous")
        for i in row.mention_indices(block)
        if mentions[i].kind == MentionKind.DATE
    ]


def _from_phase_cell(
    row: TableRow, project: Topic, block: Block, mentions: Sequence[Mention], legends: Legends
) -> Iterator[Milestone]:
    """Yield the phase of a cell, or the closure that stands in its place ("closed May 2023")."""
    rules = load_milestone_rules()
    text = row.text(block).lower()
    named = (rules.phase_of[word] for word in rules.phase_of if re.search(rf"\b{word}\b", text))
    phase: Phase | None = next(named, None) or legends.phases.get(row.text(block).strip())
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
