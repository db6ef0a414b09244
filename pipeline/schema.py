"""The database file: opened, made and brought up to date by numbered migrations that can be repeated.

A path comes in, a connection leaves: WAL, foreign keys on, 30 seconds of patience, rows by name. ``open_database``
is for the one writer, ``open_reader`` for everybody else. A file that is no database, or that a newer version made,
is refused.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database, Migrations

from models.errors import PescoError
from pipeline import ddl, view_sql
from pipeline.failures import storage_errors

PATIENCE_SECONDS = 30.0
migrations = Migrations("pesco")


@migrations(name="0001_wal", transactional=False)
def use_wal(db: Database) -> None:
    """Write-ahead logging: readers go on while a run writes."""
    db.conn.execute("PRAGMA journal_mode = WAL")


@migrations(name="0002_tables")
def make_tables(db: Database) -> None:
    """Make the tables of the output contract."""
    for part in (ddl.GAZETTEERS, ddl.DOCUMENTS, ddl.MENTIONS, ddl.FACTS, ddl.TABLES, ddl.RUNS, ddl.FILENAME_TRIGGER):
        _execute_script(db.conn, part)


@migrations(name="0003_search")
def make_search(db: Database) -> None:
    """Full-text search over pages, kept by triggers; accents do not matter."""
    db.table("pages").enable_fts(["text"], create_triggers=True, tokenize="unicode61 remove_diacritics 2")


@migrations(name="0004_views")
def make_views(db: Database) -> None:
    """Make the views."""
    for part in view_sql.VIEWS:
        _execute_script(db.conn, part)


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database for the one writer, making it and its folder when missing; raises ``PescoError``."""
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(str(path), uri=False)
        try:
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open an existing database for reading only; raises ``PescoError`` when there is none."""
    if not path.is_file():
        raise PescoError(f"there is no database {path}; make one with: pesco ingest")
    with storage_errors(path):
        connection = _connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
        connection.execute("SELECT count(*) FROM sqlite_master")
    return connection


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
    except BaseException:
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
    db = Database(connection, strict=True)
    known = {migration.name for migration in migrations._migrations}
    applied = {migration.name for migration in migrations.applied(db)}
    if unknown := sorted(applied - known):
        raise PescoError(
            f"{path} was made by a newer version of pesco ({unknown[-1]}); update pesco or use another --db"
        )
    if applied != known:
        migrations.apply(db)


def _execute_script(connection: sqlite3.Connection, script: str) -> None:
    """Run several statements inside the open transaction (``executescript`` would commit it)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    if statement.strip():
        raise ValueError(f"unfinished statement: {statement.strip()[:60]}")
