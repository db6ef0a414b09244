"""What stands in a database can be asked for, copied while it changes, and forgotten for good."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from models.errors import PescoError
from pipeline.show import find_entity
from pipeline.status import read_status
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.invariants import find_violations
from pipeline.store.keep import backup, forget
from pipeline.store.kept import KeptPages
from pipeline.store.load import load_extraction
from pipeline.store.schema import open_database, open_reader
from pipeline.store.snapshot import differences, take_snapshot
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers
from tests.pipeline.planted_runs import make_options, plant, run


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "pesco.db"
    with closing(open_database(path)) as connection:
        fill_gazetteers(connection, make_gazetteers())
        load_extraction(connection, make_file("report.pdf", content="a"), make_extraction(word="zorblax"), VERSIONS)
        load_extraction(connection, make_file("other.pdf", content="b"), make_extraction(pages=2), VERSIONS)
    return path


@pytest.mark.parametrize(
    ("identifier", "kind", "id_"),
    [
        ("csip", "project", "csip"),
        ("CSIP", "project", "csip"),
        ("it", "state", "IT"),
        ("finland", "state", "FI"),
        ("7", "commitment", "7"),
        ("C7", "commitment", "7"),
        ("commitment 20", "commitment", "20"),
    ],
)
def test_things_go_by_what_people_call_them(db: Path, identifier: str, kind: str, id_: str) -> None:
    entity = find_entity(db, identifier)
    assert (entity.kind, entity.id) == (kind, id_)


def test_evidence_leads_to_the_page(db: Path) -> None:
    entity = find_entity(db, "csip")
    fact = entity.sections["participations"][0]
    assert (fact["filename"], fact["page"], fact["quote"]) == ("other.pdf", 1, "CSIP is led by Italy")
    mention_ids = fact["mention_ids"]
    assert isinstance(mention_ids, list)
    mention = find_entity(db, mention_ids[0])
    assert mention.kind == "mention"
    assert mention.record["boxes"] == [{"page": 1, "x0": 50.0, "top": 100.0, "x1": 54.0, "bottom": 110.0}]
    assert fact["id"] in [row["id"] for row in mention.sections["participations that rest on it"]]


@pytest.mark.parametrize("name", ["report.pdf", "report", "/in/report.pdf"])
def test_a_document_goes_by_name_path_and_beginning_of_its_id(db: Path, name: str) -> None:
    document = find_entity(db, name)
    assert find_entity(db, document.id[:8]) == document
    assert document.counts["mentions"] == 28


def test_facts_go_by_id(db: Path) -> None:
    fact = find_entity(db, "csip").sections["milestones"][0]
    assert find_entity(db, str(fact["id"])).kind == "milestones"


@pytest.mark.parametrize("identifier", ["nothing", "", "21", "'; DROP TABLE mentions; --", "ffffffffff", "\x1b[2J"])
def test_what_is_not_there_is_said(db: Path, identifier: str) -> None:
    with pytest.raises(PescoError, match="nothing is called") as caught:
        find_entity(db, identifier)
    assert "\x1b" not in str(caught.value)


def test_long_lists_say_how_long_they_are(tmp_path: Path) -> None:
    path = tmp_path / "pesco.db"
    with closing(open_database(path)) as connection:
        fill_gazetteers(connection, make_gazetteers())
        load_extraction(connection, make_file("a.pdf"), make_extraction(pages=30, per_page=10), VERSIONS)
    entity = find_entity(path, "csip")
    assert (len(entity.sections["mentions"]), entity.counts["mentions"]) == (200, 300)


def test_status_counts_and_says_what_to_do(tmp_path: Path) -> None:
    plant(tmp_path / "in", "a.pdf", "good 2 a")
    plant(tmp_path / "in", "b.pdf", "encrypted")
    db = tmp_path / "pesco.db"
    run(tmp_path / "in", make_options(db))
    status = read_status(db)
    assert (status.totals.documents, status.totals.pages, status.totals.mentions) == (1, 2, 56)
    assert status.documents == {"annual_report": 1, "quarantined": 1}
    assert [(one.filename, one.reason) for one in status.unloaded] == [("b.pdf", "encrypted")]
    assert "--password-file" in status.unloaded[0].advice
    assert list(status.issues) == [("error", "encrypted"), ("warning", "unknown_heading")]
    assert status.runs[0].status == "completed_with_quarantine"
    assert asdict(status)["db"] == str(db)


def test_a_database_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PescoError, match="pesco ingest"):
        read_status(tmp_path / "none.db")


def test_a_copy_made_while_a_run_writes_is_whole(db: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(open_database(db)) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                extraction = make_extraction(pages=3, word=f"w{number}")
                load_extraction(connection, make_file("moving.pdf", content=str(number)), extraction, VERSIONS)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backup(db, tmp_path / f"copy{number}.db")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        copy = tmp_path / f"copy{number}.db"
        with closing(open_reader(copy)) as connection:
            assert find_violations(connection) == []
            assert connection.execute("SELECT count(*) FROM documents").fetchone()[0] in (2, 3)
        assert not copy.with_name(copy.name + "-wal").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_copy_never_lands_on_the_database(db: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(db)
    for target in (db, tmp_path / "link.db"):
        with pytest.raises(PescoError, match="the database itself"):
            backup(db, target)


def test_forgotten_means_gone_from_the_file(db: Path, tmp_path: Path) -> None:
    document = find_entity(db, "report.pdf")
    kept = KeptPages(str(tmp_path / "pages"), "reader1")
    kept.write(str(document.record["sha256"]), b"kept")
    gone = forget(db, "report.pdf")
    assert (gone.filename, gone.paths, gone.kept_files) == ("report.pdf", ("/in/report.pdf",), 1)
    assert not kept.has(str(document.record["sha256"]))
    with pytest.raises(PescoError):
        find_entity(db, "report.pdf")
    for path in (db, db.with_name("pesco.db-wal")):
        assert not path.exists() or b"zorblax" not in path.read_bytes()
    with closing(open_reader(db)) as connection:
        assert find_violations(connection) == []
        assert connection.execute("SELECT count(*) FROM documents").fetchone()[0] == 1


def test_only_documents_can_be_forgotten(db: Path) -> None:
    with pytest.raises(PescoError, match="is a project"):
        forget(db, "csip")


def test_equal_databases_have_no_differences(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection:
        one = take_snapshot(connection)
        connection.execute("UPDATE documents SET title = 'x' WHERE filename = 'other.pdf'")
        found = differences(one, take_snapshot(connection))
        connection.rollback()
        assert len(found) == 2
        assert differences(one, take_snapshot(connection)) == []
