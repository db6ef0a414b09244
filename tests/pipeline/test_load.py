"""One document in, the same rows out: whatever is loaded before, again, under another name, or fails midway."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from models.facts import DocumentKind, Participation, Role
from models.mentions import MentionKind
from pipeline.reasons import Reason
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.invariants import find_violations
from pipeline.store.load import DocumentFile, load_extraction, load_quarantine
from pipeline.store.records import ParticipationRow
from pipeline.store.schema import open_database, writing
from pipeline.store.snapshot import take_snapshot
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers, make_mention


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    connection = open_database(tmp_path / "pesco.db")
    fill_gazetteers(connection, make_gazetteers())
    return connection


def count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_contract_rows(db: sqlite3.Connection) -> None:
    loaded = load_extraction(db, make_file("b.pdf", "a.pdf"), make_extraction(pages=2), VERSIONS)
    assert loaded.mentions == 2 * 4 * 7 == count(db, "mentions")
    assert loaded.mentions_by_kind == {"project": 8, "state": 8, "date": 8, "commitment": 32}
    assert {row["filename"] for row in db.execute("SELECT filename FROM mentions")} == {"a.pdf"}
    assert [tuple(row) for row in db.execute("SELECT filename, status FROM files ORDER BY path")] == [
        ("a.pdf", "loaded"),
        ("b.pdf", "duplicate"),
    ]
    date = db.execute("SELECT date_from, date_to FROM milestones").fetchone()
    assert tuple(date) == ("2026-01-01", "2026-12-31")
    assert find_violations(db) == []


def test_evidence_names_the_value_that_counts(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("a.pdf"), make_extraction(), VERSIONS)
    ids = json.loads(db.execute("SELECT mention_ids FROM commitment_statuses").fetchone()[0])
    values = [db.execute("SELECT value FROM mentions WHERE id = ?", (one,)).fetchone()[0] for one in ids]
    assert values == ["7"]
    assert count(db, "commitment_status_mentions") == 1


def test_values_of_one_print_share_its_id(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("a.pdf"), make_extraction(per_page=1), VERSIONS)
    rows = db.execute("SELECT count(DISTINCT print_id), count(DISTINCT id) FROM mentions WHERE kind = 'commitment'")
    assert tuple(rows.fetchone()) == (1, 4)


def test_the_same_words_twice_in_one_place_keep_two_rows(db: sqlite3.Connection) -> None:
    twice = make_mention(MentionKind.COMMITMENT, ("4", "4"), "commitments 4 and 4")
    extraction = replace(make_extraction(per_page=0), mentions=(twice, twice))
    assert load_extraction(db, make_file("a.pdf"), extraction, VERSIONS).mentions == 4


def test_loading_again_changes_nothing(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("a.pdf"), make_extraction(pages=2), VERSIONS)
    before = take_snapshot(db)
    load_extraction(db, make_file("a.pdf"), make_extraction(pages=2), VERSIONS)
    assert take_snapshot(db) == before


def test_a_new_rules_version_is_written_beside_every_fact(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("a.pdf"), make_extraction(), VERSIONS)
    loaded = load_extraction(db, make_file("a.pdf"), make_extraction(), replace(VERSIONS, rules="rules2"))
    assert not loaded.changes
    for table in ("mentions", "candidates", "participations", "milestones", "commitment_statuses"):
        assert [row[0] for row in db.execute(f"SELECT DISTINCT rules_version FROM {table}")] == ["rules2"]


def test_what_a_rerun_gains_and_loses_is_known(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("a.pdf"), make_extraction(role=Role.MEMBER), VERSIONS)
    changes = load_extraction(db, make_file("a.pdf"), make_extraction(), VERSIONS).changes
    role = list(ParticipationRow.model_fields).index("role")
    assert [row[role] for row in changes.gained["participations"]] == ["coordinator"]
    assert [row[role] for row in changes.lost["participations"]] == ["member"]
    assert "mentions" not in changes.gained
    assert find_violations(db) == []


def test_order_of_loading_does_not_matter(tmp_path: Path) -> None:
    snapshots = []
    files = [(make_file(f"{n}.pdf", content=str(n)), make_extraction(pages=n + 1, word=f"w{n}")) for n in range(3)]
    for name, order in (("one", files), ("two", files[::-1])):
        db = open_database(tmp_path / f"{name}.db")
        fill_gazetteers(db, make_gazetteers())
        for file, extraction in order:
            load_extraction(db, file, extraction, VERSIONS)
        snapshots.append(take_snapshot(db))
    assert snapshots[0] == snapshots[1]


def test_search_follows(db: sqlite3.Connection) -> None:
    search = "SELECT count(*) FROM pages_fts WHERE pages_fts MATCH ?"
    load_extraction(db, make_file("a.pdf"), make_extraction(word="zorblax"), VERSIONS)
    assert db.execute(search, ("zorblax",)).fetchone()[0] == 1
    load_extraction(db, make_file("a.pdf"), make_extraction(word="quuxly"), VERSIONS)
    assert db.execute(search, ("zorblax",)).fetchone()[0] == 0
    assert db.execute(search, ("quuxly",)).fetchone()[0] == 1


def test_a_new_version_replaces_the_old_facts(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("a.pdf", content="old"), make_extraction(pages=3), VERSIONS)
    load_extraction(db, make_file("a.pdf", content="new"), make_extraction(pages=1), VERSIONS)
    assert count(db, "documents") == 1
    assert count(db, "pages") == 1
    assert count(db, "pages_fts_docsize") == 1


def test_a_new_version_under_one_of_two_names_leaves_the_other(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("a.pdf", "b.pdf", content="old"), make_extraction(), VERSIONS)
    load_extraction(db, make_file("a.pdf", content="new"), make_extraction(pages=2), VERSIONS)
    assert [tuple(row) for row in db.execute("SELECT filename, status FROM files ORDER BY path")] == [
        ("a.pdf", "loaded"),
        ("b.pdf", "loaded"),
    ]
    names = db.execute("SELECT DISTINCT filename FROM mentions ORDER BY filename")
    assert [row[0] for row in names] == ["a.pdf", "b.pdf"]
    assert find_violations(db) == []


def test_a_failure_midway_leaves_the_old_rows(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("a.pdf"), make_extraction(), VERSIONS)
    before = take_snapshot(db)
    db.execute("CREATE TEMP TRIGGER stop BEFORE INSERT ON milestone_mentions BEGIN SELECT RAISE(ABORT, 'stop'); END")
    with pytest.raises(sqlite3.IntegrityError):
        load_extraction(db, make_file("a.pdf"), make_extraction(pages=5), VERSIONS)
    assert not db.in_transaction
    assert take_snapshot(db) == before


def test_unfit_records_become_issues_with_their_payload(db: sqlite3.Connection) -> None:
    good = make_extraction()
    stranger = Participation(
        page=1, rule_id="r", quote="q", evidence=(0,), project="unknown-project", state="IT", role=Role.MEMBER
    )
    baseless = Participation(
        page=1, rule_id="r", quote="q", evidence=(99,), project="csip", state="IT", role=Role.MEMBER
    )
    bad_date = make_mention(MentionKind.DATE, ("2024-02-30",), "30 February 2024")
    extraction = replace(
        good, mentions=(*good.mentions, bad_date), participations=(*good.participations, stranger, baseless)
    )
    load_extraction(db, make_file("a.pdf"), extraction, VERSIONS)
    rows = db.execute("SELECT message, context FROM issues WHERE code = 'invalid_record' ORDER BY position").fetchall()
    assert [json.loads(row["context"])["table"] for row in rows] == ["mentions", "participations", "participations"]
    assert "unknown-project" in rows[1]["context"]
    assert count(db, "participations") == 1
    assert find_violations(db) == []


def test_a_second_cell_in_one_place_is_an_issue(db: sqlite3.Connection) -> None:
    good = make_extraction()
    table = replace(good.tables[0], cells=(good.tables[0].cells[0], replace(good.tables[0].cells[0], text="Other")))
    load_extraction(db, make_file("a.pdf"), replace(good, tables=(table,)), VERSIONS)
    assert [row[0] for row in db.execute("SELECT text FROM cells")] == ["State"]
    context = db.execute("SELECT context FROM issues WHERE code = 'invalid_record'").fetchone()[0]
    assert json.loads(context)["record"]["text"] == "Other"


def test_text_that_sqlite_cannot_hold_is_cleaned(db: sqlite3.Connection) -> None:
    good = make_extraction()
    extraction = replace(
        good,
        page_texts=("a\x00b\ud800c",),
        mentions=(*good.mentions, make_mention(MentionKind.STATE, ("FI",), "Fin\udcffland\x00")),
    )
    load_extraction(db, make_file("a.pdf"), extraction, VERSIONS)
    assert db.execute("SELECT text FROM pages").fetchone()[0] == "a\ufffdb\ufffd\ufffd\ufffdc"
    assert find_violations(db) == []


def test_quarantine_has_a_reason_and_an_issue(db: sqlite3.Connection) -> None:
    load_quarantine(db, make_file("a.pdf"), Reason.ENCRYPTED, "no password fits", VERSIONS)
    assert tuple(db.execute("SELECT status, reason FROM documents").fetchone()) == ("quarantined", "encrypted")
    file = db.execute("SELECT status, reason, advice FROM files").fetchone()
    assert tuple(file)[:2] == ("quarantined", "encrypted")
    assert "--password-file" in file["advice"]
    assert db.execute("SELECT code FROM issues").fetchone()[0] == "encrypted"
    assert find_violations(db) == []


def test_only_pictures_need_ocr(db: sqlite3.Connection) -> None:
    mixed = replace(make_extraction(pages=2), needs_ocr=(2,))
    assert load_extraction(db, make_file("a.pdf"), mixed, VERSIONS).status == "loaded"
    blank_first = replace(make_extraction(pages=2), page_texts=("", "x"), needs_ocr=(2,))
    loaded = load_extraction(db, make_file("b.pdf", content="b"), blank_first, VERSIONS)
    assert (loaded.status, loaded.reason) == ("needs_ocr", Reason.NEEDS_OCR)


def test_contradictions_name_both_sources(db: sqlite3.Connection) -> None:
    early = make_extraction(role=Role.MEMBER, date="2023-06-30")
    load_extraction(db, make_file("2023.pdf", content="x"), early, VERSIONS)
    load_extraction(db, make_file("2024.pdf", content="y"), make_extraction(), VERSIONS)
    row = db.execute("SELECT value, filename, other_value, other_filename FROM contradictions").fetchall()
    assert [tuple(one) for one in row] == [("member", "2023.pdf", "coordinator", "2024.pdf")]
    latest = db.execute("SELECT coordinators, members, foc FROM latest_projects WHERE project = 'csip'").fetchone()
    assert tuple(latest) == ("IT", None, "2026")


def test_a_plan_adds_to_the_last_list_and_does_not_replace_it(db: sqlite3.Connection) -> None:
    load_extraction(db, make_file("report.pdf", content="x"), make_extraction(date="2024-01-31"), VERSIONS)
    good = make_extraction(date="2025-01-31")
    own = good.participations[0].model_copy(update={"state": "FI", "role": Role.OBSERVER})
    plan = replace(
        good,
        document=good.document.model_copy(update={"kind": DocumentKind.NIP, "state": "FI"}),
        participations=(own,),
    )
    load_extraction(db, make_file("plan.pdf", content="y"), plan, VERSIONS)
    rows = db.execute("SELECT state, role, filename FROM latest_participations ORDER BY state").fetchall()
    assert [tuple(row) for row in rows] == [("FI", "observer", "plan.pdf"), ("IT", "coordinator", "report.pdf")]
    people = db.execute("SELECT coordinators, observers FROM latest_projects WHERE project = 'csip'").fetchone()
    assert tuple(people) == ("IT", "FI")


def test_readers_never_see_half_a_document(db: sqlite3.Connection, tmp_path: Path) -> None:
    load_extraction(db, make_file("a.pdf"), make_extraction(pages=1), VERSIONS)
    reader = sqlite3.connect(tmp_path / "pesco.db")
    with writing(db):
        db.execute("DELETE FROM mentions")
        assert reader.execute("SELECT count(*) FROM mentions").fetchone()[0] == 28
    assert reader.execute("SELECT count(*) FROM mentions").fetchone()[0] == 0


def test_gazetteers_are_written_once(db: sqlite3.Connection) -> None:
    assert fill_gazetteers(db, make_gazetteers()) == 0


def test_a_document_needs_a_file() -> None:
    with pytest.raises(ValueError, match="file"):
        DocumentFile("0" * 64, 1, ())
