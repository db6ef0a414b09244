"""How things stand: what is loaded, what is not and why, what to do next, and how the last runs ended. Reads only."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.corrections.placing import StaleCorrection, read_stale
from pipeline.store.schema import open_reader
from pipeline.summary import Totals, Unloaded, read_totals

_LAST_RUNS = 5


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run of the past."""

    id: int
    started: str
    finished: str | None
    status: str
    seconds: float | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a database. ``unloaded`` are files that are quarantined or need OCR, ``waiting`` those still being
    copied; ``issues`` maps (severity, code) to its number, worst first. Stable: ``pesco status --json`` prints it."""

    db: str
    totals: Totals
    documents: dict[str, int]
    files: dict[str, int]
    unloaded: tuple[Unloaded, ...]
    waiting: tuple[Unloaded, ...]
    issues: dict[tuple[str, str], int]
    runs: tuple[RunLine, ...]
    stale_corrections: tuple[StaleCorrection, ...] = ()


def read_status(db: Path) -> Status:
    """Return how things stand in a database, also while a run writes; raises ``PescoError`` when there is none."""
    with closing(open_reader(db)) as connection:
        connection.execute("BEGIN")  # one moment for all questions
        return Status(
            db=str(db),
            totals=read_totals(connection),
            documents=_count_by(connection, "SELECT coalesce(kind, status), count(*) FROM documents GROUP BY 1"),
            files=_count_by(connection, "SELECT status, count(*) FROM files GROUP BY 1 ORDER BY 1"),
            unloaded=_unloaded(connection, "'quarantined', 'needs_ocr'"),
            waiting=_unloaded(connection, "'waiting'"),
            issues=_issues(connection),
            stale_corrections=read_stale(connection),
            runs=tuple(
                RunLine(*row)
                for row in connection.execute(
                    "SELECT id, started, finished, status, seconds, message FROM runs ORDER BY id DESC LIMIT ?",
                    (_LAST_RUNS,),
                )
            ),
        )


def _count_by(connection: sqlite3.Connection, sql: str) -> dict[str, int]:
    return {str(name): int(number) for name, number in connection.execute(sql)}


def _issues(connection: sqlite3.Connection) -> dict[tuple[str, str], int]:
    rows = connection.execute(
        "SELECT severity, code, count(*) FROM issues GROUP BY severity, code"
        " ORDER BY instr('error warning info', severity), count(*) DESC, code"
    )
    return {(severity, code): number for severity, code, number in rows}


def _unloaded(connection: sqlite3.Connection, statuses: str) -> tuple[Unloaded, ...]:
    rows = connection.execute(
        f"SELECT path, filename, status, reason, advice FROM files WHERE status IN ({statuses}) ORDER BY path"
    )
    return tuple(Unloaded(row[0], row[1], row[2], row[3] or "", row[4] or "") for row in rows)
