"""Taking care of a database: a consistent copy while a run writes, and a document forgotten for good."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from models.errors import PescoError
from pipeline.lock import writer_lock
from pipeline.show import find_entity
from pipeline.store.failures import storage_errors
from pipeline.store.kept import forget_pages
from pipeline.store.kept_pictures import KeptPictures, picture_folder
from pipeline.store.schema import STEPS, applied_steps, open_database, open_reader, writing
from pipeline.whole_files import replacing


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A document that is gone from the database: its id, its paths and how many files of kept pages went with it."""

    document_id: str
    filename: str
    paths: tuple[str, ...]
    kept_files: int


def bring_up_to_date(db: Path) -> None:
    """Apply the migrations that a database made by an older version lacks; raises ``PescoError``.

    One that is up to date is not written to, and may lie where nothing can be written.
    """
    with closing(open_reader(db)) as connection:
        applied = applied_steps(connection)
    if not applied:
        raise PescoError(f"{db} is no database of pesco; name one with --db")
    if applied.issuperset(STEPS):
        return
    with writer_lock(db, wait_seconds=0.0):
        open_database(db).close()


def backup(db: Path, target: Path) -> None:
    """Copy a database to a file, as it is at one moment, also while a run writes; raises ``PescoError``.

    The copy appears whole or not at all and replaces a file that stood there.
    """
    if target.is_dir():
        raise PescoError(f"{target} is a folder; name a file for the copy")
    with closing(open_reader(db)) as source, storage_errors(target):
        if target.exists() and target.samefile(db):
            raise PescoError(f"{target} is the database itself; name another file for the copy")
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as part:
            _copy(source, part)


def forget(db: Path, identifier: str, *, kept: Path | None = None, wait_seconds: float = 0.0) -> Forgotten:
    """Remove a document, all that was found in it, its kept pages and pictures; raises ``PescoError``.

    ``identifier`` is its id or file name. A file of it that still lies in a folder is read anew by the next run. The
    space is overwritten, so that nothing of it can be had from the database file.
    """
    open_reader(db).close()
    with writer_lock(db, wait_seconds=wait_seconds), closing(open_database(db)) as connection, storage_errors(db):
        entity = find_entity(db, identifier)
        if entity.kind != "document":
            raise PescoError(f"{identifier!r} is a {entity.kind}, no document")
        rows = connection.execute("SELECT path FROM files WHERE document_id = ? ORDER BY path", (entity.id,))
        paths = tuple(str(row[0]) for row in rows)
        connection.execute("PRAGMA secure_delete = ON")
        with writing(connection):
            connection.execute("DELETE FROM files WHERE document_id = ?", (entity.id,))
            connection.execute("DELETE FROM run_files WHERE document_id = ?", (entity.id,))
            connection.execute(
                "DELETE FROM changes WHERE document_id = ? OR filename = ?", (entity.id, entity.record["filename"])
            )
            connection.execute("DELETE FROM documents WHERE id = ?", (entity.id,))
            # Deleted words stay in the index's segments until they are merged.
            connection.execute("INSERT INTO pages_fts (pages_fts) VALUES ('optimize')")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sha256 = str(entity.record["sha256"])
        gone = forget_pages(kept or db.parent / "pages", sha256)
        KeptPictures(picture_folder(db)).forget(sha256)
    return Forgotten(entity.id, str(entity.record["filename"]), paths, gone)


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy in one step, hence in one read transaction, and leave a file without a write-ahead log beside it."""
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
