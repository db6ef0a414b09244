"""The database file: opened, made and brought up to date by numbered migrations that can be repeated.

A path comes in, a connection leaves: WAL, foreign keys on, 30 seconds of patience, rows by name. ``open_database``
is for the one writer, ``open_reader`` for everybody else. A file that is no database, or that a newer version made,
is refused.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from models.errors import PescoError
from pipeline.store.failures import storage_errors

PATIENCE_SECONDS = 30.0
# The steps of pipeline.store.migrations, in order.
STEPS = (
    *("0001_wal", "0002_tables", "0003_search", "0004_views", "0005_timeline", "0006_restricted", "0007_sources"),
    "0008_room",
    "0009_local_rows",
    "0010_changes",
    "0011_corrections",
    "0012_digest",
    "0013_editions",
)


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database for the one writer, making it and its folder when missing; raises ``PescoError``."""
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _closed_on_errors(_connect(str(path), uri=False)) as connection:
            _migrate(connection, path)
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open an existing database for reading only; raises ``PescoError`` when there is none."""
    if not path.is_file():
        raise PescoError(f"there is no database {path}; make one with: pesco ingest")
    with storage_errors(path):
        try:
            return _open_to_read(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY):
                raise
        # A run was killed while it made the database: who may write must finish what it left.
        with closing(_connect(str(path), uri=False)) as writer:
            writer.execute("SELECT count(*) FROM sqlite_master")
        return _open_to_read(path)


def _open_to_read(path: Path) -> sqlite3.Connection:
    """Open a database for reading; raises ``sqlite3.OperationalError`` at once when it cannot be read."""
    with _closed_on_errors(_connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master")
    return connection


@contextmanager
def _closed_on_errors(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Close a connection when the block raises."""
    with ExitStack() as kept:
        kept.callback(connection.close)
        yield connection
        kept.pop_all()


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that takes the write lock at once; rolled back on any error.

    A deferred transaction that reads first fails at once, whatever the patience, when another writer commits meanwhile.
    Inside another one it is a savepoint, which can be undone alone.
    """
    is_inner = connection.in_transaction
    connection.execute("SAVEPOINT inner" if is_inner else "BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("RELEASE inner" if is_inner else "COMMIT")
    except BaseException:  # whatever it is, Ctrl+C too: half a transaction must not stay open
        if connection.in_transaction:
            connection.execute("ROLLBACK TO inner" if is_inner else "ROLLBACK")
        if is_inner and connection.in_transaction:
            connection.execute("RELEASE inner")
        raise


def _connect(target: str, *, uri: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(target, timeout=PATIENCE_SECONDS, check_same_thread=False, uri=uri)
    connection.isolation_level = None
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA wal_autocheckpoint = 8000")
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Apply what is missing; a database that is up to date is not written to."""
    applied = applied_steps(connection)
    if unknown := sorted(applied.difference(STEPS)):
        raise PescoError(
            f"{path} was made by a newer version of pesco ({unknown[-1]}); update pesco or use another --db"
        )
    if applied != set(STEPS):
        from pipeline.store.migrations import apply_migrations  # noqa: PLC0415 - loads sqlite-utils, and numpy with it

        apply_migrations(connection)


def applied_steps(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the steps that the database has behind it."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return set()
    return {row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'pesco'")}
