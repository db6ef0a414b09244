"""What a run did and what stands there now, for people and scripts; and the exit code that follows."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

ALL_LOADED = 0
SOMETHING_QUARANTINED = 3


@dataclass(frozen=True, slots=True)
class Unloaded:
    """A file in reach that gave no facts, why, and what to do next."""

    path: str
    filename: str
    status: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What the database holds."""

    documents: int = 0
    pages: int = 0
    mentions: int = 0
    mentions_by_kind: dict[str, int] = field(default_factory=dict)
    issues: int = 0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A finished run. ``documents``, ``pages``, ``mentions`` and ``issues`` count what this run wrote; ``totals`` is
    what the database holds now. ``unloaded`` lists every file in reach that is quarantined or needs OCR, and
    ``waiting`` those that were still being copied or whose share did not answer. ``stale_corrections`` counts those
    that are not applied. ``went_on_from`` is the number of the run before, when that was killed; ``changes`` counts
    what was ``gained``, ``lost`` and ``changed`` (``pipeline.changes``). Stable: its fields are what ``pesco ingest
    --json`` prints."""

    run_id: int
    files: int
    documents: int
    unchanged: int
    gone: int
    pages: int
    mentions: int
    mentions_by_kind: dict[str, int]
    issues: int
    seconds: float
    has_changed: bool
    unloaded: tuple[Unloaded, ...]
    waiting: tuple[Unloaded, ...]
    totals: Totals
    stale_corrections: int = 0
    went_on_from: int | None = None
    changes: dict[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 when every file in reach is loaded, 3 when something is quarantined or needs OCR."""
        return SOMETHING_QUARANTINED if self.unloaded else ALL_LOADED

    @property
    def status(self) -> str:
        """The run's status as it stands in ``runs``."""
        return "completed_with_quarantine" if self.unloaded else "completed"

    @property
    def message(self) -> str:
        """The run in one line."""
        if not self.has_changed:
            said = f"nothing changed: {self.files} files, nothing was written"
        else:
            said = f"{self.documents} of {self.files} files read: {self.pages} pages, {self.mentions} mentions"
        if self.unloaded:
            said += f"; {len(self.unloaded)} not loaded"
        if self.waiting:
            said += f"; {len(self.waiting)} left to the next run"
        if self.stale_corrections:
            said += f"; {self.stale_corrections} stale correction{'s'[: self.stale_corrections != 1]}"
        if self.went_on_from is not None:
            said += f"; goes on from run {self.went_on_from}, which was killed"
        return said


def read_totals(connection: sqlite3.Connection) -> Totals:
    """Return what the database holds."""

    def count(sql: str) -> int:
        return int(connection.execute(sql).fetchone()[0] or 0)

    by_kind = dict(connection.execute("SELECT kind, count(*) FROM mentions GROUP BY kind ORDER BY kind").fetchall())
    return Totals(
        documents=count("SELECT count(*) FROM documents WHERE status = 'loaded'"),
        pages=count("SELECT count(*) FROM pages"),
        mentions=sum(by_kind.values()),
        mentions_by_kind=by_kind,
        issues=count("SELECT count(*) FROM issues"),
    )


def read_unloaded(connection: sqlite3.Connection, paths: Sequence[str], statuses: Sequence[str]) -> list[Unloaded]:
    """Return those of the paths whose file has one of the statuses."""
    wanted = set(paths)
    marks = ", ".join("?" * len(statuses))
    rows = connection.execute(
        f"SELECT path, filename, status, reason, advice FROM files WHERE status IN ({marks}) ORDER BY path",
        tuple(statuses),
    )
    return [
        Unloaded(row["path"], row["filename"], row["status"], row["reason"] or "", row["advice"] or "")
        for row in rows
        if row["path"] in wanted
    ]
