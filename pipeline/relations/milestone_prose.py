"""Milestones that sentences state: which project, which step, when.

A sentence with what it is about enters; milestones leave. The project is the one that owns the term ("FOC of X"), the
subject before it, the object of the act ("the Council adopted X"), or what the paragraph is about.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.views import TextView
from models.facts import Milestone, MilestoneKind
from pipeline.relations.milestone_dates import (
    SHARED_KINDS,
    Dated,
    find_dated_terms,
    linked_dates,
    point_value,
    value_at,
)
from pipeline.relations.milestone_lists import listed_steps, respective_steps
from pipeline.relations.rules import PROJECT_LIST, MilestoneRules, load_milestone_rules
from pipeline.relations.sentences import DATE, PROJECT, Sentence
from pipeline.relations.topics import Passage, Topic, project_at

# Words that start within so many characters of a sentence's start open it.
_OPENING = 4


def milestones_of_sentence(view: TextView, passage: Passage) -> Iterator[Milestone]:
    """Yield the milestones that one sentence states."""
    rules = load_milestone_rules()
    sentence = passage.sentence
    quote = view.text[sentence.span.start : sentence.span.end].strip()
    listed = set()
    for dated, projects in _launch_lists(rules, sentence):
        listed.add(dated.kind)
        for project in projects:
            yield _to_fact(project, dated, sentence, quote)
    told = set()
    for project, dated in (*listed_steps(rules, sentence), *respective_steps(rules, sentence)):
        told.add(dated.place)
        yield _to_fact(project, dated, sentence, quote)
    for dated in find_dated_terms(rules, sentence):
        # A launch needs a sentence that names project and date; a time line's row is none.
        is_row = passage.row_date is not None and dated.kind == MilestoneKind.LAUNCH
        if dated.kind not in listed and not is_row and dated.place not in told:
            for project in _subjects(sentence, dated, passage.topic):
                yield _to_fact(project, dated, sentence, quote)
            for project, later in _echoes(sentence, dated):
                yield _to_fact(project, later, sentence, quote)
    yield from _phases(rules, passage, quote)


def _subjects(sentence: Sentence, dated: Dated, topic: Topic | None) -> list[Topic]:
    """Return the projects a dated term speaks of: "of X" behind it, else the one before it, else the topic."""
    text = sentence.pattern_text
    owner = re.match(
        rf"(?: (?:date|of|for|in|the|PESCO|project))* (?:of|for|in|the)(?: the| PESCO| project)* [\"']*{PROJECT}",
        text[dated.end :],
    )
    if owner is not None:
        return [project_at(sentence, dated.end + owner.end() - 1)]
    if dated.kind in SHARED_KINDS:
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
    if dated.kind not in SHARED_KINDS:
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
        later = replace(dated, date=value_at(sentence, match.end() - 1), was=None, evidence=(sentence.indices[slot],))
        for project in _projects_in(sentence, *match.span("list")):
            yield project, later
        position = match.end()


def _projects_before(sentence: Sentence, place: int) -> list[Topic]:
    """Return the project named last before a place, with its whole list where the verb is in the plural."""
    lists = list(re.finditer(PROJECT_LIST, sentence.pattern_text[:place]))
    if not lists:
        return []
    projects = _projects_in(sentence, *lists[-1].span())
    pointed = re.findall(r"\bthe (former|latter)\b", sentence.pattern_text[lists[-1].end() : place])
    if pointed:
        return projects[:1] if pointed[-1] == "former" else projects[-1:]
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
        place = _date_of_list(sentence, match)
        if place < 0:
            continue
        slot = len(sentence.slots(0, place))
        dated = Dated(
            MilestoneKind.LAUNCH,
            value_at(sentence, place),
            None,
            (sentence.indices[slot],),
            "milestone.launch_list",
            match.start(),
            match.end(),
        )
        yield dated, _projects_in(sentence, *match.span("project1"))


def _date_of_list(sentence: Sentence, match: re.Match[str]) -> int:
    """Return the offset of the date inside a match, else of the one that opens its sentence; -1 for none."""
    text = sentence.pattern_text
    inside = text.find(DATE, match.start(), match.end())
    opening = text.find(DATE)
    is_opening = 0 <= opening < match.start() and text[:opening].strip().lower() in ("", "on", "in")
    return inside if inside >= 0 else (opening if is_opening else -1)


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
    dates = linked_dates(rules, sentence, match.end(), len(sentence.pattern_text))
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
