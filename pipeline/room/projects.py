"""Projects: the list of all, and one with its names, members by year, milestones with their slips."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.room.rows import fetch, fetch_one

PROJECTS = """
SELECT p.slug, p.name, p.wave, p.domain, p.status,
       (SELECT count(*) FROM mentions m WHERE m.kind = 'project' AND m.value = p.slug) AS mentions,
       (SELECT count(DISTINCT m.document_id) FROM mentions m WHERE m.kind = 'project' AND m.value = p.slug)
           AS documents,
       (SELECT count(DISTINCT q.state) FROM participations q WHERE q.project = p.slug) AS states
FROM projects p ORDER BY p.name COLLATE NOCASE, p.slug
"""
PROJECT = """
SELECT slug, name, wave, adopted, act, domain, status, status_date, notes FROM projects WHERE slug = :slug
"""
NAMES = """
SELECT name, kind, is_ambiguous FROM project_names WHERE project = :slug ORDER BY is_ambiguous, length(name) DESC, name
"""
PARTICIPATIONS = """
SELECT q.id, q.state, s.name AS state_name, q.role, q.page, q.document_id, d.filename, d.title,
       d.kind AS document_kind, d.year, q.quote,
       coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '') AS as_of
FROM participations q JOIN documents d ON d.id = q.document_id JOIN states s ON s.code = q.state
WHERE q.project = :slug
ORDER BY as_of DESC, d.filename, q.document_id, q.position, q.id
"""
MILESTONES = """
SELECT m.id, m.milestone, m.date, m.date_from, m.date_to, m.phase, m.was, m.was_from, m.was_to, m.quote, m.page,
       m.document_id, d.filename, d.title, d.kind AS document_kind, d.year,
       coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '') AS as_of
FROM milestones m JOIN documents d ON d.id = m.document_id
WHERE m.project = :slug
ORDER BY as_of, d.filename, m.document_id, m.position, m.id
"""

ROLES = ("coordinator", "member", "observer", "third_state")
STEPS = ("launch", "phase", "ioc", "foc", "delivery_start", "delivery_end", "closure")


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in the list of all."""

    slug: str
    name: str
    wave: int | None
    domain: str | None
    status: str | None
    mentions: int
    documents: int
    states: int


@dataclass(frozen=True, slots=True)
class Project:
    """What the gazetteer says of a project."""

    slug: str
    name: str
    wave: int | None
    adopted: str | None
    act: str | None
    domain: str | None
    status: str | None
    status_date: str | None
    notes: str | None


@dataclass(frozen=True, slots=True)
class ProjectName:
    """A name of a project; one that is ambiguous counts only where its context supports it."""

    name: str
    kind: str
    is_ambiguous: int


@dataclass(frozen=True, slots=True)
class Participation:
    """A state's role in the project, as a document says as of a day (``as_of``, empty when not known)."""

    id: str
    state: str
    state_name: str
    role: str
    page: int
    document_id: str
    filename: str
    title: str | None
    document_kind: str | None
    year: int | None
    quote: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """What a document says of a step: ``date`` and ``was`` are EDTF, the others first and last days."""

    id: str
    milestone: str
    date: str | None
    date_from: str | None
    date_to: str | None
    phase: str | None
    was: str | None
    was_from: str | None
    was_to: str | None
    quote: str
    page: int
    document_id: str
    filename: str
    title: str | None
    document_kind: str | None
    year: int | None
    as_of: str

    @property
    def value(self) -> str:
        """Return the phase, or the date."""
        return self.phase or self.date or ""

    @property
    def months(self) -> int | None:
        """Return the last month that the date allows, counted from year 0; ``None`` without an end."""
        return _months(self.date_to)


@dataclass(frozen=True, slots=True)
class MilestoneWord:
    """One value of a step and all the places that give it before another value is given. ``slip`` is by how many months
    it lies later than the value before; ``None`` when nothing came before or one of them has no end."""

    value: str
    slip: int | None
    places: list[Milestone] = field(default_factory=list)

    @property
    def first(self) -> Milestone:
        """Return the earliest place."""
        return self.places[0]


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of a project: what was said of it, oldest first."""

    milestone: str
    words: list[MilestoneWord]

    @property
    def total_slip(self) -> int | None:
        """Return by how many months the last value lies later than the first, if more than one was given."""
        slips = [word.slip for word in self.words if word.slip is not None]
        return sum(slips) if slips else None


@dataclass(frozen=True, slots=True)
class MemberSource:
    """A column of the table of members: a document, or all plans of a year, since a plan speaks of its own state only.

    ``document_id`` is ``None`` for plans.
    """

    key: str
    document_id: str | None
    filename: str
    kind: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A state in the table of members: what each source says of its role, by the key of the source."""

    state: str
    state_name: str
    roles: dict[str, list[Participation]]


@dataclass(frozen=True, slots=True)
class Members:
    """Members by source, newest first."""

    sources: list[MemberSource]
    lines: list[MemberLine]


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything that the page of a project shows, its mentions aside."""

    project: Project
    names: list[ProjectName]
    members: Members
    milestones: list[Milestone]
    steps: list[Step]


def list_projects(connection: sqlite3.Connection) -> list[ProjectLine]:
    """Return all projects by name."""
    return fetch(connection, ProjectLine, PROJECTS)


def read_project(connection: sqlite3.Connection, slug: str) -> ProjectPage | None:
    """Return a project, or ``None`` when there is none of that slug."""
    project = fetch_one(connection, Project, PROJECT, slug=slug)
    if project is None:
        return None
    milestones = fetch(connection, Milestone, MILESTONES, slug=slug)
    return ProjectPage(
        project=project,
        names=fetch(connection, ProjectName, NAMES, slug=slug),
        members=group_members(fetch(connection, Participation, PARTICIPATIONS, slug=slug)),
        milestones=milestones,
        steps=group_steps(milestones),
    )


def group_members(participations: Iterable[Participation]) -> Members:
    """Return a line for each state, those that coordinate first; participations come newest document first."""
    sources: dict[str, MemberSource] = {}
    lines: dict[str, MemberLine] = {}
    for one in participations:
        source = _source_of(one)
        sources.setdefault(source.key, source)
        line = lines.setdefault(one.state, MemberLine(one.state, one.state_name, {}))
        line.roles.setdefault(source.key, []).append(one)
    order = {key: number for number, key in enumerate(sources)}

    def rank(line: MemberLine) -> tuple[int, int, str]:
        newest = min(line.roles, key=order.__getitem__)
        return min(ROLES.index(one.role) for one in line.roles[newest]), order[newest], line.state_name

    return Members(list(sources.values()), sorted(lines.values(), key=rank))


def _source_of(one: Participation) -> MemberSource:
    if one.document_kind == "nip":
        return MemberSource(f"nip {one.year}", None, "", "nip", one.year)
    return MemberSource(one.document_id, one.document_id, one.filename, one.document_kind, one.year)


def group_steps(milestones: Iterable[Milestone]) -> list[Step]:
    """Return the steps in their order in a project's life; milestones come oldest document first."""
    steps: dict[str, list[MilestoneWord]] = {}
    for one in milestones:
        words = steps.setdefault(one.milestone, [])
        if not words and one.was:
            words.append(MilestoneWord(one.was, None))
        if words and words[-1].value == one.value:
            words[-1].places.append(one)
        else:
            words.append(MilestoneWord(one.value, _slip(words, one), [one]))
    found = [Step(name, [word for word in words if word.places]) for name, words in steps.items()]
    return sorted(found, key=lambda step: STEPS.index(step.milestone))


def _slip(words: list[MilestoneWord], one: Milestone) -> int | None:
    """Return by how many months a milestone lies later than the last word on it."""
    if one.months is None:
        return None
    before = words[-1].places[-1].months if words and words[-1].places else _months(one.was_to)
    return None if before is None else one.months - before


def _months(day: str | None) -> int | None:
    return int(day[:4]) * 12 + int(day[5:7]) if day else None
