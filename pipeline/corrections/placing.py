"""Entries against the database: whether they name known things, and those whose document is not there."""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from models.corrections import CorrectionRecord, CorrectionState, Entry, Rejection, RowKind
from models.mentions import MentionKind
from pipeline.corrections.files import MIN_PREFIX, Corrections, mistake
from pipeline.store.check import Known, check_row
from pipeline.store.load import load_known
from pipeline.store.replace import columns_of, insert_sql
from pipeline.store.rows import correction_row
from pipeline.store.schema import writing

NOT_THERE = "its document is not in the database"
NOT_READ = "its document could not be read"


@dataclass(frozen=True, slots=True)
class StaleCorrection:
    """A correction that is not applied: its file, what it corrects, and why it is not."""

    file: str
    action: str
    kind: str
    document: str
    target_id: str
    reason: str
    why: str


def check_known(connection: sqlite3.Connection, corrections: Corrections) -> None:
    """Raise ``CorrectionError`` for the first entry that names a project or state that no rule file knows."""
    if not corrections.entries:
        return
    known = load_known(connection)
    for entry in corrections.entries:
        for name, value in _named(entry):
            if value is not None and not _is_known(name, value, entry, known):
                raise mistake(entry.file, entry.line, f"values: there is no {name} {value!r}")


def _named(entry: Entry) -> Iterator[tuple[str, str | None]]:
    """Yield the projects and states that an entry gives, by what they are."""
    said = entry.said
    if isinstance(said, Rejection):
        return
    if entry.row_kind is not RowKind.MENTION:
        yield from ((name, said.values[name]) for name in ("project", "state") if name in said.values)
        return
    kind = said.values.get("kind") or said.was.get("kind")
    if kind in (MentionKind.PROJECT, MentionKind.STATE):
        yield str(kind), said.values.get("value")


def _is_known(name: str, value: str, entry: Entry, known: Known) -> bool:
    if name == "project":
        return value in known.projects
    return value in known.states or (value == "ALL" and entry.row_kind is RowKind.COMMITMENT_STATUS)


def store_unplaced(connection: sqlite3.Connection, corrections: Corrections) -> bool:
    """Write the entries that no document took up, in place of older ones; return whether any changed."""
    wanted = [
        check_row("corrections", correction_row(None, record, position))
        for position, record in enumerate(_unplaced(connection, corrections))
    ]
    names = ", ".join(f'"{name}"' for name in columns_of("corrections"))
    sql = f"SELECT {names} FROM corrections WHERE document_id IS NULL ORDER BY position"
    if wanted == [tuple(row) for row in connection.execute(sql)]:
        return False
    with writing(connection):
        connection.execute("DELETE FROM corrections WHERE document_id IS NULL")
        connection.executemany(insert_sql("corrections"), wanted)
    return True


def _unplaced(connection: sqlite3.Connection, corrections: Corrections) -> Iterator[CorrectionRecord]:
    """Yield the entries whose document is not there, or could not be read."""
    if not corrections.entries:
        return
    read, unread = _Names(connection, "<> 'quarantined'"), _Names(connection, "= 'quarantined'")
    for entry in corrections.entries:
        wanted = entry.said.document
        if wanted not in read:
            reason = NOT_READ if wanted in unread else NOT_THERE
            yield CorrectionRecord(entry, CorrectionState.UNKNOWN_TARGET, reason)


class _Names:
    """The hashes and file names of the documents whose status fits a condition."""

    def __init__(self, connection: sqlite3.Connection, status: str) -> None:
        self._hashes = [
            row[0] for row in connection.execute(f"SELECT sha256 FROM documents WHERE status {status} ORDER BY sha256")
        ]
        rows = connection.execute(
            "SELECT f.path, f.filename FROM files f JOIN documents d ON d.id = f.document_id"
            f" WHERE d.status {status} AND f.status <> 'gone'"
        )
        self._names = {name for path, filename in rows for name in (PurePath(path).name, filename)}

    def __contains__(self, wanted: str) -> bool:
        """Tell whether a document goes by that name, as ``names_document`` has it."""
        if wanted in self._names:
            return True
        prefix = wanted.lower()
        place = bisect_left(self._hashes, prefix)
        return len(prefix) >= MIN_PREFIX and place < len(self._hashes) and self._hashes[place].startswith(prefix)


def count_stale(connection: sqlite3.Connection) -> int:
    """Return the number of corrections that are not applied."""
    return int(connection.execute("SELECT count(*) FROM corrections WHERE state <> 'applied'").fetchone()[0])


def read_stale(connection: sqlite3.Connection) -> tuple[StaleCorrection, ...]:
    """Return the corrections that are not applied."""
    rows = connection.execute(
        "SELECT c.file, c.action, c.kind, coalesce(d.filename, ''), coalesce(c.target_id, ''), c.reason, c.why"
        " FROM corrections c LEFT JOIN documents d ON d.id = c.document_id WHERE c.state <> 'applied'"
        " ORDER BY c.file, c.document_id, c.position"
    )
    return tuple(StaleCorrection(*row) for row in rows)


def read_states(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """Return what became of each entry, by its id: state and reason for each document that it is about."""
    found: dict[str, list[tuple[str, str]]] = {}
    for entry, state, reason in connection.execute(
        "SELECT entry_id, state, reason FROM corrections ORDER BY entry_id, document_id"
    ):
        found.setdefault(entry, []).append((state, reason))
    return found
