"""States: the list of all that PESCO knows, and one with its projects by role, commitment statuses by year, plans."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.room.rows import fetch, fetch_one

STATES = """
SELECT s.code, s.name, s.pesco_role,
       (SELECT count(*) FROM mentions m WHERE m.kind = 'state' AND m.value = s.code) AS mentions,
       (SELECT count(DISTINCT q.project) FROM participations q WHERE q.state = s.code AND q.role = 'coordinator')
           AS coordinates,
       (SELECT count(DISTINCT q.project) FROM participations q WHERE q.state = s.code) AS projects,
       (SELECT count(*) FROM documents d WHERE d.state = s.code AND d.kind = 'nip') AS plans,
       (SELECT count(*) FROM commitment_statuses c WHERE c.state = s.code) AS statuses
FROM states s
ORDER BY CASE s.pesco_role WHEN 'pms' THEN 0 WHEN 'third_state' THEN 1 ELSE 2 END, s.name COLLATE NOCASE
"""
STATE = "SELECT code, name, code3, eu_code, pesco_role, pms_since FROM states WHERE code = :code"
# The newest word of each year on each role in each project: SQLite gives the other columns of the row with the maximum.
PARTICIPATIONS = """
SELECT q.id, q.project, p.name AS project_name, q.role, q.page, q.document_id, d.filename, d.year,
       d.kind AS document_kind, q.quote,
       max(coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '')
           || ' ' || q.document_id || ' ' || q.id) AS newest
FROM participations q JOIN documents d ON d.id = q.document_id JOIN projects p ON p.slug = q.project
WHERE q.state = :code
GROUP BY q.project, q.role, d.year
ORDER BY newest DESC
"""
STATUSES_OF_STATE = """
SELECT c.id, c.state, s.name AS state_name, c.commitment, c.status, c.quote, c.page, c.document_id, d.filename,
       d.year,
       coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '') AS as_of
FROM commitment_statuses c JOIN documents d ON d.id = c.document_id LEFT JOIN states s ON s.code = c.state
WHERE c.state = :code
ORDER BY as_of, d.filename, c.document_id, c.position, c.id
"""
PLANS = """
SELECT id, filename, title, year, date, pages, status FROM documents WHERE state = :code AND kind = 'nip'
ORDER BY year DESC, filename
"""
COMMITMENTS = "SELECT number, area, area_label, summary FROM commitments ORDER BY number"

ROLES = ("coordinator", "member", "observer", "third_state")


@dataclass(frozen=True, slots=True)
class StateLine:
    """A state in the list of all."""

    code: str
    name: str
    pesco_role: str
    mentions: int
    coordinates: int
    projects: int
    plans: int
    statuses: int


@dataclass(frozen=True, slots=True)
class State:
    """A state: its codes and what it is to PESCO."""

    code: str
    name: str
    code3: str | None
    eu_code: str | None
    pesco_role: str
    pms_since: str | None


@dataclass(frozen=True, slots=True)
class StateParticipation:
    """A role of the state in a project, as the last document of a year says; ``newest`` sorts them in time."""

    id: str
    project: str
    project_name: str
    role: str
    page: int
    document_id: str
    filename: str
    year: int | None
    document_kind: str | None
    quote: str
    newest: str


@dataclass(frozen=True, slots=True)
class StatusWord:
    """How far a state meets a commitment, as a document says; ``state_name`` is missing for all states together."""

    id: str
    state: str
    state_name: str | None
    commitment: str
    status: str
    quote: str
    page: int
    document_id: str
    filename: str
    year: int | None
    as_of: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A national implementation plan."""

    id: str
    filename: str
    title: str | None
    year: int | None
    date: str | None
    pages: int | None
    status: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commitment: number, area and what it asks, in our words."""

    number: int
    area: str
    area_label: str | None
    summary: str


@dataclass(frozen=True, slots=True)
class ProjectRole:
    """A project of the state: the newest word on its role first, and the last word of each year on any role."""

    project: str
    name: str
    words: list[StateParticipation]

    @property
    def role(self) -> str:
        """Return the newest role."""
        return self.words[0].role


@dataclass(frozen=True, slots=True)
class StatusGrid:
    """Statuses by row and year. A cell holds its words, the last one last; a year that is not known is ``None``."""

    years: tuple[int | None, ...]
    cells: dict[tuple[str, int | None], list[StatusWord]]

    def cell(self, row: object, year: int | None) -> list[StatusWord]:
        """Return the words of a cell, none when nothing is said."""
        return self.cells.get((str(row), year), [])


@dataclass(frozen=True, slots=True)
class StatePage:
    """Everything that the page of a state shows, its mentions aside. ``roles`` maps each role to its projects."""

    state: State
    roles: dict[str, list[ProjectRole]]
    commitments: list[Commitment]
    statuses: StatusGrid
    plans: list[Plan]


def list_states(connection: sqlite3.Connection) -> list[StateLine]:
    """Return the states that take part, then third states in projects, then all others, each group by name."""
    return fetch(connection, StateLine, STATES)


def read_state(connection: sqlite3.Connection, code: str) -> StatePage | None:
    """Return a state, or ``None`` when there is none of that code."""
    state = fetch_one(connection, State, STATE, code=code)
    if state is None:
        return None
    statuses = fetch(connection, StatusWord, STATUSES_OF_STATE, code=code)
    return StatePage(
        state=state,
        roles=group_roles(fetch(connection, StateParticipation, PARTICIPATIONS, code=code)),
        commitments=list_commitments(connection),
        statuses=make_grid(statuses, row="commitment"),
        plans=fetch(connection, Plan, PLANS, code=code),
    )


def list_commitments(connection: sqlite3.Connection) -> list[Commitment]:
    """Return the twenty commitments."""
    return fetch(connection, Commitment, COMMITMENTS)


def group_roles(participations: Iterable[StateParticipation]) -> dict[str, list[ProjectRole]]:
    """Return projects by their newest role, each group by name; participations come newest first."""
    projects: dict[str, ProjectRole] = {}
    for one in participations:
        projects.setdefault(one.project, ProjectRole(one.project, one.project_name, [])).words.append(one)
    ordered = sorted(projects.values(), key=lambda project: project.name.casefold())
    return {role: found for role in ROLES if (found := [project for project in ordered if project.role == role])}


def make_grid(words: Iterable[StatusWord], *, row: str) -> StatusGrid:
    """Return statuses by the attribute ``row`` (``commitment`` or ``state``) and year; words come oldest first."""
    cells: dict[tuple[str, int | None], list[StatusWord]] = {}
    for word in words:
        cells.setdefault((getattr(word, row), word.year), []).append(word)
    years = sorted({year for _, year in cells}, key=lambda year: (year is None, year or 0))
    return StatusGrid(tuple(years), cells)
