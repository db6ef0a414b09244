"""The output contract: its tables and columns, that migrations repeat, and that the browser is told of everything."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import PescoError
from pipeline.store.catalogue import metadata
from pipeline.store.records import ROWS
from pipeline.store.schema import open_database, open_reader, writing

CONTRACT = {
    "documents": "id filename sha256 kind title language state year date pages status",
    "files": "path filename document_id status reason seen",
    "pages": "document_id page text",
    "projects": "slug name wave status",
    "project_names": "project name",
    "states": "code name",
    "commitments": "number area summary",
    "mentions": "id document_id filename page kind value text x0 top x1 bottom rule_id",
    "mention_boxes": "mention_id page x0 top x1 bottom",
    "participations": "document_id filename page project state role mention_ids",
    "milestones": "document_id filename page project milestone date date_from date_to phase was",
    "commitment_statuses": "document_id filename page state commitment status",
    "issues": "document_id filename page code severity message context",
    "runs": "id started finished status",
    "tables": "id document_id",
    "cells": "table_id row column text",
}


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    return open_database(tmp_path / "pesco.db")


def columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [row["name"] for row in db.execute(f"SELECT name FROM pragma_table_xinfo('{table}')")]


@pytest.mark.parametrize("table", sorted(CONTRACT))
def test_promised_columns_are_there(db: sqlite3.Connection, table: str) -> None:
    assert [name for name in CONTRACT[table].split() if name not in columns(db, table)] == []


@pytest.mark.parametrize("table", sorted(ROWS))
def test_rows_and_tables_have_the_same_columns(db: sqlite3.Connection, table: str) -> None:
    stored = [
        row["name"]
        for row in db.execute(f"SELECT name, hidden FROM pragma_table_xinfo('{table}')")
        if not row["hidden"]
    ]
    assert sorted(ROWS[table].model_fields) == sorted(stored)


def test_tables_are_strict(db: sqlite3.Connection) -> None:
    loose = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
        " AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlite%' AND name NOT LIKE 'pages_fts%'"
    )
    assert [row[0] for row in loose] == []


def test_every_foreign_key_has_an_index(db: sqlite3.Connection) -> None:
    missing = []
    for table in ROWS:
        firsts = {
            db.execute(f"SELECT name FROM pragma_index_info('{index['name']}') WHERE seqno = 0").fetchone()[0]
            for index in db.execute(f"PRAGMA index_list('{table}')").fetchall()
        }
        keys = {row["name"] for row in db.execute(f"PRAGMA table_info('{table}')") if row["pk"] == 1}
        for key in db.execute(f"PRAGMA foreign_key_list('{table}')").fetchall():
            if key["from"] not in firsts | keys:
                missing.append((table, key["from"]))
    assert missing == []


def test_opening_again_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pesco.db"
    open_database(path).close()
    before = path.read_bytes()
    with closing(open_database(path)) as db:
        assert db.total_changes == 0
    assert path.read_bytes() == before


def test_readers_work_beside_the_writer(db: sqlite3.Connection) -> None:
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pesco.db"
    with closing(open_database(path)) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('pesco', '9999_later', 'now')"
        )
    with pytest.raises(PescoError, match=r"newer version.*9999_later"):
        open_database(path)


def test_a_reader_cannot_write(db: sqlite3.Connection, tmp_path: Path) -> None:
    with (
        closing(open_reader(tmp_path / "pesco.db")) as reader,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        reader.execute("DELETE FROM mentions")


def test_an_inner_transaction_is_undone_alone(db: sqlite3.Connection) -> None:
    insert = "INSERT INTO marks VALUES (?, '')"
    with writing(db):
        db.execute(insert, ("outer",))
        with pytest.raises(ZeroDivisionError), writing(db):
            db.execute(insert, ("inner",))
            raise ZeroDivisionError
    assert [row[0] for row in db.execute("SELECT name FROM marks")] == ["outer"]


def test_the_browser_is_told_of_every_table_and_view(db: sqlite3.Connection) -> None:
    databases = metadata()["databases"]
    assert isinstance(databases, dict)
    told = databases["pesco"]["tables"]
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    assert [name for name in names if name not in told and not name.startswith(("pages_fts_", "sqlite_"))] == []
    assert [name for name in told if name not in names] == []
    for name, said in told.items():
        if said.get("hidden"):
            continue
        assert said["title"]
        assert said["description"]
        known = columns(db, name)
        used = [*said.get("facets", []), *said.get("columns", {}), *said.get("units", {})]
        used += [said[key] for key in ("sort", "sort_desc", "label_column") if key in said]
        assert [column for column in used if column not in known] == [], name


def test_units_and_columns_come_from_the_models() -> None:
    databases = metadata("other")["databases"]
    assert isinstance(databases, dict)
    mentions = databases["other"]["tables"]["mentions"]
    assert mentions["title"] == "Mentions"
    assert mentions["units"] == {"x0": "pt", "top": "pt", "x1": "pt", "bottom": "pt"}
    assert mentions["columns"]["page"] == "Physical page of the PDF, from 1"


_KILLED = """
import os, signal, sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("PRAGMA cache_size = 1")
c.execute("CREATE TABLE t (a)")
c.execute("INSERT INTO t VALUES ('before')")
c.execute("BEGIN")
c.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 5000)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_database_whose_making_was_killed_can_be_read(tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    subprocess.run([sys.executable, "-c", _KILLED, db], check=False)
    assert (tmp_path / "pesco.db-journal").stat().st_size > 0
    with closing(open_reader(db)) as connection:
        assert [tuple(row) for row in connection.execute("SELECT a FROM t")] == [("before",)]
