"""What the pictures show, as rows: the same rows stand in the table beside each picture."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.room.rows import fetch

DOCUMENTS_SHOWN = 60

ROLES = """
SELECT l.project, p.name AS project_name, l.state, s.name AS state_name, l.role, l.participation_id AS id
FROM latest_participations l JOIN projects p ON p.slug = l.project JOIN states s ON s.code = l.state
ORDER BY p.name COLLATE NOCASE, p.slug, s.name, instr('coordinator member observer third_state', l.role)
"""
MILESTONES = """
SELECT l.project, p.name AS project_name, l.milestone, l.date, l.date_from, l.date_to, l.was, m.was_from, m.was_to,
       l.milestone_id AS id
FROM latest_milestones l JOIN projects p ON p.slug = l.project JOIN milestones m ON m.id = l.milestone_id
WHERE l.milestone IN ('ioc', 'foc') AND coalesce(l.date_from, l.date_to) IS NOT NULL
ORDER BY p.name COLLATE NOCASE, p.slug, l.milestone
"""
# Of several documents of one year the last has the word.
STATUSES = """
SELECT state, state_name, year, commitment, status, id FROM (
    SELECT e.state, coalesce(s.name, 'All participating states') AS state_name, e.year,
           CAST(e.commitment AS INTEGER) AS commitment, e.status, e.commitment_status_id AS id,
           row_number() OVER (PARTITION BY e.state, e.year, e.commitment
                              ORDER BY e.as_of DESC, e.document_id DESC) AS rank
    FROM state_editions e LEFT JOIN states s ON s.code = e.state WHERE e.year IS NOT NULL
) WHERE rank = 1 ORDER BY year, state_name, commitment
"""
MENTIONS = f"""
SELECT d.id, d.filename, d.year, said.kind, count(*) AS mentions
FROM (SELECT document_id FROM document_order ORDER BY as_of DESC, document_id DESC LIMIT {DOCUMENTS_SHOWN}) newest
JOIN documents d ON d.id = newest.document_id JOIN mentions said ON said.document_id = d.id
GROUP BY d.id, said.kind ORDER BY d.year DESC, d.filename, d.id, said.kind
"""
STATES = """
SELECT s.code AS state, s.name AS state_name, s.pesco_role, count(DISTINCT l.project) AS projects,
       count(DISTINCT CASE WHEN l.role = 'coordinator' THEN l.project END) AS coordinates
FROM states s LEFT JOIN latest_participations l ON l.state = s.code
GROUP BY s.code HAVING projects > 0 OR s.pesco_role = 'pms' ORDER BY projects DESC, s.name
"""


@dataclass(frozen=True, slots=True)
class RoleCell:
    """A state's role in a project, as last known, and the fact that says so."""

    project: str
    project_name: str
    state: str
    state_name: str
    role: str
    id: str


@dataclass(frozen=True, slots=True)
class DatedStep:
    """When a project reaches IOC or FOC, as last known, and the earlier date of one that moved."""

    project: str
    project_name: str
    milestone: str
    date: str | None
    date_from: str | None
    date_to: str | None
    was: str | None
    was_from: str | None
    was_to: str | None
    id: str


@dataclass(frozen=True, slots=True)
class StatusCell:
    """How far a state met a commitment in a year, by the last document of that year, and the fact that says so."""

    state: str
    state_name: str
    year: int
    commitment: int
    status: str
    id: str


@dataclass(frozen=True, slots=True)
class StatusYear:
    """How many commitments a state met, in part, not, or planned to, of those that a year's documents judge."""

    state: str
    state_name: str
    year: int
    met: int
    partly: int
    not_met: int
    planned: int

    @property
    def judged(self) -> int:
        """Return how many commitments are judged."""
        return self.met + self.partly + self.not_met + self.planned


@dataclass(frozen=True, slots=True)
class MentionCount:
    """How many mentions of a kind a document has."""

    id: str
    filename: str
    year: int | None
    kind: str
    mentions: int


@dataclass(frozen=True, slots=True)
class StateCount:
    """In how many projects a state takes part, and how many of them it coordinates, as last known."""

    state: str
    state_name: str
    pesco_role: str
    projects: int
    coordinates: int


def list_roles(connection: sqlite3.Connection) -> list[RoleCell]:
    """Return who takes part in what, as last known; of two roles of a state in one project the higher."""
    seen: set[tuple[str, str]] = set()
    found: list[RoleCell] = []
    for cell in fetch(connection, RoleCell, ROLES):
        if (cell.project, cell.state) not in seen:
            seen.add((cell.project, cell.state))
            found.append(cell)
    return found


def list_steps(connection: sqlite3.Connection) -> list[DatedStep]:
    """Return all dates of IOC and FOC, as last known."""
    return fetch(connection, DatedStep, MILESTONES)


def list_statuses(connection: sqlite3.Connection) -> list[StatusCell]:
    """Return the statuses of all years, oldest first."""
    return fetch(connection, StatusCell, STATUSES)


def list_statuses_of_year(connection: sqlite3.Connection, year: str) -> list[StatusCell]:
    """Return the statuses of a year, of the last one when it is none of which there are any."""
    cells = list_statuses(connection)
    years = {str(cell.year) for cell in cells}
    wanted = year if year in years else max(years, default="")
    return [cell for cell in cells if str(cell.year) == wanted]


def list_status_years(connection: sqlite3.Connection) -> list[int]:
    """Return the years of which there are statuses, the last first."""
    return sorted({cell.year for cell in list_statuses(connection)}, reverse=True)


def count_statuses(cells: Iterable[StatusCell]) -> list[StatusYear]:
    """Return the statuses counted by state and year."""
    counts: dict[tuple[str, str, int], dict[str, int]] = {}
    for cell in cells:
        count = counts.setdefault((cell.state_name, cell.state, cell.year), {})
        count[cell.status] = count.get(cell.status, 0) + 1
    return [
        StatusYear(state, name, year, *(count.get(status, 0) for status in ("met", "partly", "not_met", "planned")))
        for (name, state, year), count in sorted(counts.items())
    ]


def count_mentions(connection: sqlite3.Connection) -> list[MentionCount]:
    """Return the mentions of the newest documents by kind."""
    return fetch(connection, MentionCount, MENTIONS)


def count_projects(connection: sqlite3.Connection) -> list[StateCount]:
    """Return the states by the number of their projects."""
    return fetch(connection, StateCount, STATES)
