"""Rows that stand together: boxes in their mention's row, pages indexed at once, documents committed together."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from models.spans import Box
from pipeline.store.check import Known, check_extraction
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.group import MAX_DOCUMENTS, Group
from pipeline.store.invariants import find_violations
from pipeline.store.load import load_extraction
from pipeline.store.migrations import migrations
from pipeline.store.replace import insert_sql
from pipeline.store.rows import DocumentKey
from pipeline.store.schema import open_database
from pipeline.store.search import merge_pieces
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers

LINES = (Box(1, 50.123456789, 100.0, 60.0, 110.0), Box(1, 10.0, 112.0, 30.1, 122.0), Box(2, 10.0, 20.0, 30.0, 30.0))


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    connection = open_database(tmp_path / "pesco.db")
    fill_gazetteers(connection, make_gazetteers())
    return connection


def found(db: sqlite3.Connection, word: str) -> int:
    db.execute("INSERT INTO pages_fts (pages_fts) VALUES ('integrity-check')")
    return int(db.execute("SELECT count(*) FROM pages_fts WHERE pages_fts MATCH ?", (word,)).fetchone()[0])


def test_a_mention_over_lines_and_pages_has_a_row_for_each(db: sqlite3.Connection) -> None:
    extraction = make_extraction(pages=2, per_page=1)
    long = replace(extraction.mentions[0], boxes=LINES)
    load_extraction(db, make_file("a.pdf"), replace(extraction, mentions=(long, *extraction.mentions[1:])), VERSIONS)
    ids = db.execute("SELECT id FROM mentions WHERE value = 'csip' ORDER BY page").fetchall()
    sql = "SELECT line, page, x0, top, x1, bottom FROM mention_boxes WHERE mention_id = ? ORDER BY line"
    assert [tuple(row) for row in db.execute(sql, tuple(ids[0]))] == [
        (line, *(getattr(box, name) for name in ("page", "x0", "top", "x1", "bottom")))
        for line, box in enumerate(LINES)
    ]
    assert [tuple(row) for row in db.execute(sql, tuple(ids[1]))] == [(0, 2, 50.0, 100.0, 54.0, 110.0)]
    assert find_violations(db) == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM mentions WHERE id = 'x'",
        "SELECT * FROM mention_boxes WHERE mention_id = 'x'",
        "SELECT * FROM mentions m JOIN mention_boxes b ON b.mention_id = m.id WHERE m.id = 'x'",
        "SELECT * FROM mentions m JOIN mention_boxes b ON b.mention_id = m.id WHERE m.document_id = 'x'",
        "SELECT * FROM mentions WHERE kind = 'project' AND value = 'csip'",
        "SELECT * FROM mentions WHERE document_id = 'x' AND page = 1",
    ],
)
def test_look_ups_are_indexed(db: sqlite3.Connection, sql: str) -> None:
    plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert any("SEARCH" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]


def test_an_older_database_keeps_its_boxes_and_its_search(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    migrations.apply(Database(connection, strict=True), stop_before="0009_local_rows")
    fill_gazetteers(connection, make_gazetteers())
    file = make_file("a.pdf")
    connection.execute(
        "INSERT INTO documents (id, filename, sha256, status, pages, size, reader_version)"
        " VALUES (?, 'a.pdf', ?, 'loaded', 1, 1, 'r')",
        (file.id, file.sha256),
    )
    known = Known(frozenset({"csip"}), frozenset({"IT"}), frozenset({"7"}))
    extraction = make_extraction(per_page=1)
    long = replace(extraction.mentions[0], boxes=LINES[:2])
    checked = check_extraction(DocumentKey(file.id, "a.pdf", "rules1"), replace(extraction, mentions=(long,)), known)
    connection.executemany(insert_sql("pages"), checked.tables["pages"])
    columns = "id, print_id, document_id, filename, page, part, kind, value, text, x0, top, x1, bottom, date_from,"
    columns += " date_to, span_start, span_end, is_ocr, rule_id, rules_version"
    old = [row[:-1] for row in checked.tables["mentions"]]
    connection.executemany(f"INSERT INTO mentions ({columns}) VALUES ({', '.join('?' * 20)})", old)
    boxes = [(str(old[0][0]), line, b.page, b.x0, b.top, b.x1, b.bottom) for line, b in enumerate(LINES[:2])]
    connection.executemany("INSERT INTO mention_boxes VALUES (?, ?, ?, ?, ?, ?, ?)", boxes)
    connection.close()
    db = open_database(tmp_path / "old.db")
    assert [tuple(row) for row in db.execute("SELECT * FROM mention_boxes ORDER BY line")] == boxes
    assert db.execute("SELECT boxes FROM mentions").fetchone()[0] == checked.tables["mentions"][0][-1]
    assert found(db, "pesco") == 1


def test_search_follows_what_is_loaded_and_what_goes(db: sqlite3.Connection) -> None:
    for number in range(20):
        load_extraction(
            db, make_file(f"{number}.pdf", content=str(number)), make_extraction(word=f"w{number}"), VERSIONS
        )
    assert (found(db, "w7"), found(db, "report")) == (1, 20)
    load_extraction(db, make_file("7.pdf", content="7"), make_extraction(word="other"), VERSIONS)
    assert (found(db, "w7"), found(db, "other"), found(db, "report")) == (0, 1, 20)
    pieces = "SELECT count(DISTINCT segid) FROM pages_fts_idx"
    before = db.execute(pieces).fetchone()[0]
    merge_pieces(db)
    assert db.execute(pieces).fetchone()[0] < before
    db.execute("DELETE FROM documents WHERE filename = '7.pdf'")
    assert (found(db, "other"), found(db, "report")) == (0, 19)


def test_a_document_that_fails_is_undone_alone(db: sqlite3.Connection) -> None:
    group = Group(db)
    for number in range(3):
        try:
            with group.document():
                load_extraction(db, make_file(f"{number}.pdf", content=str(number)), make_extraction(), VERSIONS)
                if number == 1:
                    raise ValueError("planted")
        except ValueError:
            assert db.in_transaction
    group.commit()
    assert [row[0] for row in db.execute("SELECT filename FROM documents ORDER BY 1")] == ["0.pdf", "2.pdf"]
    assert find_violations(db) == []


def test_a_group_is_committed_when_it_is_large(db: sqlite3.Connection) -> None:
    group = Group(db)
    for number in range(MAX_DOCUMENTS):
        assert db.in_transaction == (number > 0)
        with group.document():
            db.execute("INSERT INTO marks (name, value) VALUES (?, '')", (str(number),))
    assert not db.in_transaction
