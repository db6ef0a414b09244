"""What is in the database, how fresh it is, and how sure: the figures of the first page."""

import sqlite3
from dataclasses import dataclass, field

from pipeline.room.rows import fetch, fetch_one

DOCUMENTS = """
SELECT kind, year, count(*) AS number FROM documents WHERE status <> 'quarantined'
GROUP BY kind, year ORDER BY kind, year
"""
UNLOADED = """
SELECT path, filename, status, reason, advice, document_id FROM files
WHERE status IN ('quarantined', 'needs_ocr', 'waiting') ORDER BY status DESC, filename, path LIMIT :limit
"""
FILES = "SELECT status, count(*) AS number FROM files GROUP BY status ORDER BY status"
ISSUES = """
SELECT severity, code, count(*) AS number FROM issues GROUP BY code, severity
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, number DESC, code
"""
LAST_RUN = """
SELECT id, started, finished, status, files, documents, mentions, seconds, message FROM runs ORDER BY id DESC LIMIT 1
"""
MENTIONS_OF_KIND = "SELECT count(*) FROM mentions WHERE kind = :kind"
PAGES = "SELECT coalesce(sum(pages), 0) FROM documents WHERE status <> 'quarantined'"
PROJECTS = "SELECT count(*) FROM projects"
STATES = "SELECT count(*) FROM states WHERE pesco_role IN ('pms', 'third_state')"
COMMITMENTS = "SELECT count(*) FROM commitments"

MENTION_KINDS = ("project", "state", "date", "commitment", "commitment_area")
_UNLOADED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Unloaded:
    """A file that is not loaded: why, and what to do."""

    path: str
    filename: str
    status: str
    reason: str | None
    advice: str | None
    document_id: str | None


@dataclass(frozen=True, slots=True)
class IssueCount:
    """How many issues there are of one code."""

    severity: str
    code: str
    number: int


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run that ended last, or is under way. Times in UTC."""

    id: int
    started: str
    finished: str | None
    status: str
    files: int | None
    documents: int | None
    mentions: int | None
    seconds: float | None
    message: str | None


@dataclass(frozen=True, slots=True)
class DocumentGrid:
    """How many documents there are of each kind (rows) and year (columns); a missing kind or year is ``None``."""

    kinds: tuple[str | None, ...] = ()
    years: tuple[int | None, ...] = ()
    numbers: dict[tuple[str | None, int | None], int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return the number of documents."""
        return sum(self.numbers.values())

    def of_kind(self, kind: str | None) -> int:
        """Return the number of documents of a kind."""
        return sum(number for (own, _), number in self.numbers.items() if own == kind)

    def of_year(self, year: int | None) -> int:
        """Return the number of documents of a year."""
        return sum(number for (_, own), number in self.numbers.items() if own == year)


@dataclass(frozen=True, slots=True)
class Home:
    """The first page. ``doors`` counts the things behind each door, ``mentions`` the mentions of each kind."""

    documents: DocumentGrid
    pages: int
    mentions: dict[str, int]
    doors: dict[str, int]
    files: dict[str, int]
    unloaded: list[Unloaded]
    issues: list[IssueCount]
    last_run: LastRun | None


def read_home(connection: sqlite3.Connection) -> Home:
    """Return the figures of the first page."""
    counts = {kind: _count(connection, MENTIONS_OF_KIND, kind=kind) for kind in MENTION_KINDS}
    return Home(
        documents=read_document_grid(connection),
        pages=_count(connection, PAGES),
        mentions=counts,
        doors={
            "projects": _count(connection, PROJECTS),
            "states": _count(connection, STATES),
            "commitments": _count(connection, COMMITMENTS),
        },
        files={str(row[0]): int(row[1]) for row in connection.execute(FILES)},
        unloaded=fetch(connection, Unloaded, UNLOADED, limit=_UNLOADED_SHOWN),
        issues=fetch(connection, IssueCount, ISSUES),
        last_run=fetch_one(connection, LastRun, LAST_RUN),
    )


def read_document_grid(connection: sqlite3.Connection) -> DocumentGrid:
    """Return the number of documents by kind and year."""
    numbers = {(row[0], row[1]): int(row[2]) for row in connection.execute(DOCUMENTS)}
    kinds = sorted({kind for kind, _ in numbers}, key=lambda kind: (kind is None, kind or ""))
    years = sorted({year for _, year in numbers}, key=lambda year: (year is None, year or 0))
    return DocumentGrid(tuple(kinds), tuple(years), numbers)


def _count(connection: sqlite3.Connection, sql: str, **values: object) -> int:
    return int(connection.execute(sql, values).fetchone()[0])
