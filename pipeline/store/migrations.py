"""The numbered steps that make the database, or bring an older one up to date; each can be repeated.

Only loaded when a step is due, since sqlite-utils takes longer to load than a run with nothing to do.
"""

import json
import sqlite3

from sqlite_utils import Database, Migrations

from pipeline.store import ddl, ddl_later, search, timeline_sql, view_sql

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


@migrations(name="0005_timeline")
def make_timeline(db: Database) -> None:
    """Make the views over time."""
    for part in timeline_sql.TIMELINE_VIEWS:
        _execute_script(db.conn, part)


@migrations(name="0006_restricted")
def mark_restricted(db: Database) -> None:
    """Let documents be marked as restricted, and keep the mark with their paths."""
    _execute_script(db.conn, ddl_later.RESTRICTED)


@migrations(name="0007_sources")
def make_sources(db: Database) -> None:
    """Make the table of what manifests say, and the column for the kind that one of them gave."""
    _execute_script(db.conn, ddl_later.SOURCES)


@migrations(name="0008_room")
def make_room_indexes(db: Database) -> None:
    """Make the indexes that the reading room needs to stay quick."""
    _execute_script(db.conn, ddl_later.ROOM_INDEXES)


@migrations(name="0009_local_rows")
def keep_rows_local(db: Database) -> None:
    """Let a document's rows stand together, and its pages be indexed at once."""
    db.conn.execute("ALTER TABLE mentions ADD COLUMN boxes TEXT")
    db.conn.executemany("UPDATE mentions SET boxes = ? WHERE id = ?", _boxes_of_long_mentions(db.conn))
    _execute_script(db.conn, ddl_later.LOCAL_ROWS)
    _execute_script(db.conn, search.SETTINGS)


def _boxes_of_long_mentions(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return boxes and id of each mention over several lines, as ``pipeline.store.rows`` writes them."""
    boxes: dict[str, list[tuple[object, ...]]] = {}
    for mention, *box in connection.execute(
        "SELECT b.mention_id, b.page, b.x0, b.top, b.x1, b.bottom FROM mention_boxes b JOIN mentions m"
        " ON m.id = b.mention_id WHERE b.page <> m.page OR b.line > 0 OR EXISTS ("
        " SELECT 1 FROM mention_boxes o WHERE o.mention_id = b.mention_id AND o.line > 0) ORDER BY b.mention_id, b.line"
    ):
        boxes.setdefault(mention, []).append(tuple(box))
    return [(json.dumps(lines), mention) for mention, lines in boxes.items()]


@migrations(name="0010_changes")
def make_changes(db: Database) -> None:
    """Make the table of what each run gained, lost and changed."""
    _execute_script(db.conn, ddl_later.CHANGES)


@migrations(name="0011_corrections")
def make_corrections(db: Database) -> None:
    """Make the table of corrections, and the column for the hash of those that a document's facts hold."""
    _execute_script(db.conn, ddl_later.CORRECTIONS)


@migrations(name="0012_digest")
def keep_digests(db: Database) -> None:
    """Let a document keep a hash of what its rows were made from."""
    db.conn.execute("ALTER TABLE documents ADD COLUMN digest TEXT")


@migrations(name="0013_editions")
def make_editions_quick(db: Database) -> None:
    """Let the view of projects over time look up only what is asked for."""
    _execute_script(db.conn, timeline_sql.QUICK_PROJECT_EDITIONS)


def apply_migrations(connection: sqlite3.Connection) -> None:
    """Apply the steps that are missing."""
    migrations.apply(Database(connection, strict=True))


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
