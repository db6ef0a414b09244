"""The full check: are the files still what was read, is the database whole, are the kept pages sound? Reads only.

A run trusts size and time of change; here the bytes are read and hashed. What is found comes with what to do about it.
"""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.intake import is_unchanged
from pipeline.lock import is_locked
from pipeline.names import for_terminal, from_text
from pipeline.store.failures import storage_errors
from pipeline.store.invariants import find_violations
from pipeline.store.kept import kept_files
from pipeline.store.ledger import FileFacts
from pipeline.store.schema import open_reader

SOMETHING_FOUND = 3
_CHUNK = 1 << 20


class Trouble(StrEnum):
    """What can be wrong."""

    DATABASE = "database"
    MISSING_FILE = "missing_file"
    CHANGED_FILE = "changed_file"
    OTHER_BYTES = "other_bytes"
    UNREADABLE_FILE = "unreadable_file"
    KEPT_PAGES = "kept_pages"
    UNFINISHED_RUN = "unfinished_run"


ADVICE = {
    Trouble.DATABASE: "restore a backup, or delete the database and run pesco ingest",
    Trouble.MISSING_FILE: "put it back, or run pesco ingest, which marks it as gone and keeps its facts",
    Trouble.CHANGED_FILE: "run pesco ingest",
    Trouble.OTHER_BYTES: "the bytes are others than those that were read, although size and time are the same: "
    "restore the file from a copy, or touch it and run pesco ingest",
    Trouble.UNREADABLE_FILE: "check permissions, the disk or the share",
    Trouble.KEPT_PAGES: "delete this file; the next run that needs it reads the PDF",
    Trouble.UNFINISHED_RUN: "run pesco ingest, which goes on from there",
}


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to check. ``kept`` is where pages are kept (default: ``pages/`` beside the database)."""

    db: Path
    with_files: bool = True
    with_kept_pages: bool = True
    kept: Path | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: what kind, where or what, and what to do."""

    trouble: Trouble
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at, and what was found. Stable: its fields are what ``pesco check --json`` prints."""

    db: str
    files: int
    bytes: int
    kept_files: int
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        """0 when all is as it should be, 3 when something was found."""
        return SOMETHING_FOUND if self.findings else 0

    @property
    def message(self) -> str:
        """The check in one line."""
        looked = f"{self.files} files, {self.bytes / 1e6:.1f} MB, and {self.kept_files} files of kept pages looked at"
        return f"{looked}: {f'{len(self.findings)} findings' if self.findings else 'all is well'}"


def full_check(options: CheckOptions, report: Callable[[int, int], None] | None = None) -> CheckReport:
    """Check everything that ``options`` ask for; ``report`` is called with how many of how many files are done.

    Raises ``PescoError`` when there is no database.
    """
    start = time.monotonic()
    with closing(open_reader(options.db)) as connection, storage_errors(options.db):
        findings = _check_database(connection)
        findings += _check_runs(connection, options.db)
        rows = _present_files(connection) if options.with_files else []
    size = 0
    for number, row in enumerate(rows, start=1):
        finding, read = _check_file(options.db, row)
        size += read
        findings += [finding] if finding is not None else []
        if report is not None:
            report(number, len(rows))
    kept = list(kept_files(options.kept or options.db.parent / "pages")) if options.with_kept_pages else []
    findings += [found for path in kept if (found := _check_kept(path)) is not None]
    return CheckReport(str(options.db), len(rows), size, len(kept), round(time.monotonic() - start, 3), tuple(findings))


@dataclass(frozen=True, slots=True)
class _Row:
    """A present file as the database knows it."""

    facts: FileFacts
    sha256: str


def _finding(trouble: Trouble, what: str) -> Finding:
    return Finding(trouble, what, ADVICE[trouble])


def _check_database(connection: sqlite3.Connection) -> list[Finding]:
    """Look for damage, and for what the output contract rules out."""
    try:
        return [_finding(Trouble.DATABASE, violation) for violation in find_violations(connection)]
    except sqlite3.DatabaseError as error:
        return [_finding(Trouble.DATABASE, str(error))]


def _check_runs(connection: sqlite3.Connection, db: Path) -> list[Finding]:
    """Find a run that never ended although nobody holds the lock."""
    rows = connection.execute("SELECT id, started FROM runs WHERE status = 'running' ORDER BY id").fetchall()
    if not rows or is_locked(db):
        return []
    return [_finding(Trouble.UNFINISHED_RUN, f"run {row['id']}, started {row['started']}") for row in rows]


def _present_files(connection: sqlite3.Connection) -> list[_Row]:
    """Return the files that should lie where they lay, with the hash of what was read."""
    rows = connection.execute(
        "SELECT f.path, f.filename, f.size, f.mtime_ns, d.sha256 FROM files f JOIN documents d ON d.id = f.document_id"
        " WHERE f.status NOT IN ('gone', 'waiting') AND f.mtime_ns IS NOT NULL ORDER BY f.path"
    )
    return [_Row(FileFacts(row[0], row[1], row[2], row[3]), row[4]) for row in rows]


def _check_file(db: Path, row: _Row) -> tuple[Finding | None, int]:
    """Compare a file with what was read; return what is wrong with it, and how many bytes were read."""
    location = from_text(row.facts.path)
    name = for_terminal(row.facts.path, 500)
    try:
        if not is_unchanged(location, row.facts):
            trouble = Trouble.CHANGED_FILE if location.exists() else Trouble.MISSING_FILE
            return (_finding(trouble, name) if _still_stands(db, row) else None), 0
        sha256, size = _hash(location)
    except OSError as error:
        return _finding(Trouble.UNREADABLE_FILE, f"{name}: {error.strerror}"), 0
    if sha256 == row.sha256 or not is_unchanged(location, row.facts) or not _still_stands(db, row):
        return None, size
    return _finding(Trouble.OTHER_BYTES, name), size


def _still_stands(db: Path, row: _Row) -> bool:
    """Tell whether the database still says of a file what it said: a run may be under way."""
    with closing(open_reader(db)) as connection:
        now = connection.execute(
            "SELECT size, mtime_ns FROM files WHERE path = ? AND status NOT IN ('gone', 'waiting')", (row.facts.path,)
        ).fetchone()
    return now is not None and (now[0], now[1]) == (row.facts.size, row.facts.mtime_ns)


def _hash(location: Path) -> tuple[str, int]:
    """Return hash and size of a file; raises ``OSError``."""
    digest = hashlib.sha256()
    size = 0
    with location.open("rb", buffering=0) as stream:
        for chunk in _chunks(stream.read):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _chunks(read: Callable[[int], bytes | None]) -> Iterator[bytes]:
    while chunk := read(_CHUNK):
        yield chunk


def _check_kept(path: Path) -> Finding | None:
    """Look at a file of kept pages; one that a run deletes meanwhile is none."""
    from pipeline.store.columns import ColumnsError, unpack  # noqa: PLC0415 - loads numpy

    try:
        unpack(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ColumnsError, OSError) as error:
        return _finding(Trouble.KEPT_PAGES, f"{for_terminal(str(path), 500)}: {error}")
    return None
