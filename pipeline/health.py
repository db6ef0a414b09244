"""Is this machine fit for a run: Python and packages, folders and disk, database, rules, kept pages, the last runs.

Each check looks, changes nothing that lasts, and says in a line what it saw and, when something is amiss, what to do.
"""

import glob
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from models.errors import PescoError
from pipeline.lock import holder_of, is_locked
from pipeline.rule_check import check_rules
from pipeline.store.failures import storage_errors
from pipeline.store.kept import DEFAULT_MAX_BYTES, kept_files
from pipeline.store.schema import STEPS, applied_steps, open_reader

OLDEST_PYTHON, FIRST_UNTRIED_PYTHON = (3, 11), (3, 14)
SPARE_BYTES = 1 << 30
NEEDED_BYTES = 100 << 20
_PACKAGES = (
    "datasette", "fastapi", "filelock", "numpy", "pdfminer.six", "pdfplumber", "pebble", "prefect", "pydantic", "spacy",
    "sqlite-utils", "typer",
)  # fmt: skip
_LOCKED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)


class Verdict(StrEnum):
    """How bad it is: a problem stops runs or spoils them, a warning does not."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw, and what to do about it (empty when nothing)."""

    check: str
    verdict: Verdict
    said: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look. ``lock`` is the file of package versions that the project was tested with."""

    db: Path
    inboxes: tuple[Path, ...]
    processed: Path
    lock: Path

    @property
    def pages(self) -> Path:
        """Where pages are kept."""
        return self.db.parent / "pages"


def examine(places: Places) -> Iterator[Finding]:
    """Yield what each check finds, in order."""
    yield _python()
    yield _packages(places.lock)
    yield from (_inbox(place) for place in places.inboxes)
    yield from (_writable(folder) for folder in dict.fromkeys((places.processed, places.db.parent)))
    yield _disk(places.db.parent)
    yield _database(places.db)
    yield _lock(places.db)
    yield _last_runs(places.db)
    yield _rules()
    yield _kept(places.pages)
    yield _ocr(places.db)


def _python() -> Finding:
    said = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro} at {sys.executable}"
    if OLDEST_PYTHON <= sys.version_info[:2] < FIRST_UNTRIED_PYTHON:
        return Finding("python", Verdict.OK, said)
    return Finding("python", Verdict.PROBLEM, said, "use Python 3.11, 3.12 or 3.13: make clean, then make setup")


def _packages(lock: Path) -> Finding:
    """Compare the packages that matter most with the versions that were tested."""
    try:
        locked = _locked_versions(lock.read_text(encoding="utf-8"))
    except OSError:
        return Finding("packages", Verdict.OK, "no requirements.lock beside the program; nothing to compare with")
    wrong = []
    for name in _PACKAGES:
        have, wanted = _installed(name), locked.get(name, ())
        if wanted and have not in wanted:
            wrong.append(f"{name} {have or 'is missing'}, tested with {' or '.join(wanted)}")
    if not wrong:
        return Finding("packages", Verdict.OK, f"{len(_PACKAGES)} packages as tested, Prefect {_installed('prefect')}")
    return Finding("packages", Verdict.PROBLEM, "; ".join(wrong), "make setup installs what requirements.lock names")


def _locked_versions(text: str) -> dict[str, tuple[str, ...]]:
    """Return the versions that a lock file names for each package, one or more by Python's version."""
    found: dict[str, tuple[str, ...]] = {}
    for name, wanted in _LOCKED.findall(text):
        found[name] = (*found.get(name, ()), wanted)
    return found


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _inbox(folder: Path) -> Finding:
    if not folder.exists() and not glob.glob(str(folder), recursive=True):  # noqa: PTH207 - Path.glob takes no full path
        advice = f"make it (mkdir -p {folder}), or name another folder: pesco ingest PATH"
        return Finding("inbox", Verdict.WARNING, f"{folder} is not there", advice)
    if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
        return Finding("inbox", Verdict.PROBLEM, f"{folder} may not be read", "change its permissions")
    return Finding("inbox", Verdict.OK, str(folder))


def _writable(folder: Path) -> Finding:
    """Write a file into a folder, or into the nearest one above it that is there."""
    there = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=there) as stream:
            stream.write(b"pesco")
    except OSError as error:
        advice = "change its permissions, or set PESCO_HOME or --db to a folder that may be written to"
        return Finding("folder", Verdict.PROBLEM, f"{there}: {error.strerror}", advice)
    return Finding("folder", Verdict.OK, f"{folder} can be written to")


def _nearest(folder: Path) -> Path:
    return next((place for place in (folder, *folder.parents) if place.is_dir()), Path("/"))


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(_nearest(folder)).free
    said = f"{free / 1e9:.1f} GB free for {folder}"
    if free >= SPARE_BYTES:
        return Finding("disk", Verdict.OK, said)
    verdict = Verdict.WARNING if free >= NEEDED_BYTES else Verdict.PROBLEM
    return Finding("disk", verdict, said, f"make room; kept pages ({folder / 'pages'}) may be deleted")


def _database(db: Path) -> Finding:
    """Look whether the database opens, is whole, and is of this program's version."""
    if not db.exists():
        return Finding("database", Verdict.OK, f"{db} is not made yet; pesco ingest makes it")
    advice = "restore a backup (pesco backup made it), or delete the file and run pesco ingest"
    try:
        with closing(open_reader(db)) as connection, storage_errors(db):
            damage = [row[0] for row in connection.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
            applied = applied_steps(connection)
    except (PescoError, sqlite3.DatabaseError) as error:
        return Finding("database", Verdict.PROBLEM, str(error), advice)
    if damage:
        return Finding("database", Verdict.PROBLEM, f"{db} is damaged: {damage[0]}", advice)
    if unknown := sorted(applied.difference(STEPS)):
        return Finding("database", Verdict.PROBLEM, f"made by a newer program ({unknown[-1]})", "update the program")
    said = f"{db} is whole, {db.stat().st_size / 1e6:.1f} MB"
    if applied != set(STEPS):
        return Finding("database", Verdict.OK, f"{said}; the next run brings it up to date")
    return Finding("database", Verdict.OK, said)


def _lock(db: Path) -> Finding:
    if is_locked(db):
        return Finding("lock", Verdict.OK, f"{holder_of(db)} is writing")
    return Finding("lock", Verdict.OK, "no run is writing")


def _last_runs(db: Path) -> Finding:
    """Say how the last run ended; one that never ended while nobody writes was killed."""
    row = _ask(db, "SELECT id, started, status, message FROM runs ORDER BY id DESC LIMIT 1")
    if row is None:
        return Finding("runs", Verdict.OK, "no run yet")
    said = f"run {row['id']} of {row['started']}: {row['status']}"
    if row["status"] == "running" and not is_locked(db):
        return Finding("runs", Verdict.WARNING, f"{said}, but its process is gone", "pesco ingest goes on from there")
    if row["status"] == "failed":
        return Finding("runs", Verdict.WARNING, f"{said} ({row['message'] or 'without a word'})", "pesco ingest")
    return Finding("runs", Verdict.OK, said)


def _ask(db: Path, sql: str) -> sqlite3.Row | None:
    """Return the first row of a question, or ``None`` where there is no database that can be asked."""
    if not db.is_file():
        return None
    try:
        with closing(open_reader(db)) as connection, storage_errors(db):
            row: sqlite3.Row | None = connection.execute(sql).fetchone()
            return row
    except (PescoError, sqlite3.DatabaseError):
        return None


def _rules(load: Callable[[], object] = check_rules) -> Finding:
    try:
        load()
    except PescoError as error:
        return Finding("rules", Verdict.PROBLEM, str(error), "mend the rule file that it names; no run starts before")
    return Finding("rules", Verdict.OK, "all rule files load and fit together")


def _kept(folder: Path) -> Finding:
    files = list(kept_files(folder))
    size = sum(path.stat().st_size for path in files if path.exists())
    said = f"{len(files)} documents, {size / 1e6:.1f} MB of at most {DEFAULT_MAX_BYTES / 1e9:.1f} GB"
    return Finding("kept pages", Verdict.OK, said)


def _ocr(db: Path) -> Finding:
    row = _ask(db, "SELECT count(*) AS n FROM documents WHERE status = 'needs_ocr'")
    waiting = 0 if row is None else int(row["n"])
    if find_spec("rapidocr") is not None:
        return Finding("ocr", Verdict.OK, "the extra [ocr] is installed")
    if waiting:
        advice = ".venv/bin/pip install -e '.[ocr]', then pesco ingest"
        return Finding("ocr", Verdict.WARNING, f"{waiting} documents are pictures, and nothing can read them", advice)
    return Finding("ocr", Verdict.OK, "the extra [ocr] is not installed, and no document needs it")
