"""A published copy holds nothing of what is restricted, of what could not be read, or of the owner's machine."""

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.browse import make_site
from flows.cli import app
from models.errors import PescoError
from pipeline.ingest import IngestOptions, ingest
from pipeline.reasons import Reason
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.invariants import find_violations
from pipeline.store.load import load_extraction, load_quarantine
from pipeline.store.publish import write_public_copy
from pipeline.store.restrict import mark_restricted, restrict
from pipeline.store.schema import open_database, open_reader, writing
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers
from tests.printing import print_pdf

SECRET = "zarzuela"
OPEN = "barcarole"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Three documents: one for all, one that is to stay inside, one that could not be read."""
    path = tmp_path / "private" / "pesco.db"
    with closing(open_database(path)) as connection:
        fill_gazetteers(connection, make_gazetteers())
        for word in (OPEN, SECRET):
            extraction = make_extraction(pages=3, word=word)
            load_extraction(
                connection, make_file(f"{word}.pdf", content=word, folder="/home/olga"), extraction, VERSIONS
            )
        load_quarantine(connection, make_file("broken.pdf", content="c"), Reason.CRASHED, f"at {SECRET}", VERSIONS)
        connection.execute(
            "INSERT INTO runs (started, finished, status, folders, options, reader_version, rules_version, message)"
            " VALUES ('2026-01-01T00:00:00Z', '2026-01-01T00:00:09Z', 'completed', '[\"/home/olga\"]', '{}', 'a', 'b',"
            " 'of /home/olga')"
        )
        for word in (OPEN, SECRET, "never"):
            sql = "INSERT INTO sources (path, url, licence, restricted) VALUES (?, ?, 'free', 0)"
            connection.execute(sql, (f"/home/olga/{word}.pdf", f"https://example.org/{word}"))
    return path


def restricted(db: Path) -> list[str]:
    with closing(open_reader(db)) as connection:
        sql = "SELECT filename FROM documents WHERE restricted = 1 ORDER BY 1"
        return [row[0] for row in connection.execute(sql)]


def rows(db: Path, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql, values).fetchall()


def test_nothing_restricted_is_in_the_bytes_of_the_copy(db: Path, tmp_path: Path) -> None:
    restrict(db, f"{SECRET}.pdf")
    target = tmp_path / "out" / "pesco.db"
    copy = write_public_copy(db, target)
    data = target.read_bytes().lower()
    assert SECRET.encode() in db.read_bytes().lower()
    assert OPEN.encode() in data
    for word in (SECRET, "olga", "broken.pdf", "never.pdf"):
        assert word.encode() not in data
    assert (copy.documents, copy.restricted, copy.quarantined) == (1, 1, 1)
    assert sorted(path.name for path in target.parent.iterdir()) == ["pesco.db"]


def test_the_copy_is_whole(db: Path, tmp_path: Path) -> None:
    restrict(db, f"{SECRET}.pdf")
    target = tmp_path / "out" / "pesco.db"
    write_public_copy(db, target)
    with closing(open_reader(target)) as connection:
        assert find_violations(connection) == []
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    asked = "SELECT count(*) FROM pages_fts WHERE pages_fts MATCH ?"
    assert rows(target, asked, (OPEN,)) == [(3,)]
    assert rows(target, asked, (SECRET,)) == [(0,)]
    assert rows(target, "SELECT count(*) FROM mentions")[0][0] == 3 * 4 * 7
    assert rows(target, "SELECT count(*) FROM participations")[0][0] == 3


def test_where_a_public_document_came_from_stays_known(db: Path, tmp_path: Path) -> None:
    restrict(db, f"{SECRET}.pdf")
    target = tmp_path / "out.db"
    write_public_copy(db, target)
    sql = "SELECT s.url, d.filename FROM sources s JOIN files f USING (path) JOIN documents d ON d.id = f.document_id"
    assert rows(target, sql) == [(f"https://example.org/{OPEN}", f"{OPEN}.pdf")]
    assert rows(target, "SELECT count(*) FROM sources") == [(1,)]


def test_no_table_is_unknown_to_the_copy(db: Path) -> None:
    """A new table is added here once ``_LEFT_OUT`` says what of it may leave."""
    names = {str(row[0]) for row in rows(db, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    of_documents = {"documents", "pages", "mentions", "candidates", "tables", "cells"}
    facts = {"participations", "milestones", "commitment_statuses"}
    links = {"participation_mentions", "milestone_mentions", "commitment_status_mentions"}
    search = {"pages_fts", "pages_fts_data", "pages_fts_idx", "pages_fts_docsize", "pages_fts_config"}
    of_rules = {"projects", "project_names", "states", "commitments", "marks", "_sqlite_migrations"}
    stripped = {"files", "sources", "restricted_paths", "issues", "corrections", "runs", "run_files", "changes"}
    assert names - {"sqlite_stat1"} == of_documents | facts | links | search | of_rules | stripped


def test_without_a_mark_all_that_was_read_is_in_the_copy(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.db"
    write_public_copy(db, target)
    assert SECRET.encode() in target.read_bytes().lower()


def test_the_database_itself_is_no_target(db: Path) -> None:
    with pytest.raises(PescoError, match="itself"):
        write_public_copy(db, db)


def test_a_document_read_again_stays_restricted(db: Path) -> None:
    restrict(db, f"{SECRET}.pdf")
    with closing(open_database(db)) as connection:
        file = make_file(f"{SECRET}.pdf", content=SECRET, folder="/home/olga")
        load_extraction(connection, file, make_extraction(pages=1), VERSIONS)
    assert restricted(db) == [f"{SECRET}.pdf"]


def test_a_changed_file_under_a_restricted_path_is_restricted(db: Path) -> None:
    restrict(db, f"{SECRET}.pdf")
    with closing(open_database(db)) as connection:
        file = make_file(f"{SECRET}.pdf", content="other bytes", folder="/home/olga")
        load_extraction(connection, file, make_extraction(pages=1), VERSIONS)
    assert rows(db, "SELECT sha256 = ? FROM documents WHERE restricted = 1", (file.sha256,)) == [(1,)]


def test_another_path_with_the_same_bytes_is_restricted_for_good(db: Path) -> None:
    restrict(db, f"{SECRET}.pdf")
    with closing(open_database(db)) as connection:
        load_extraction(connection, make_file("copy.pdf", content=SECRET), make_extraction(), VERSIONS)
        load_extraction(connection, make_file("copy.pdf", content="newer"), make_extraction(), VERSIONS)
    assert "copy.pdf" in restricted(db)


def test_a_path_can_be_marked_before_it_is_met(db: Path) -> None:
    with closing(open_database(db)) as connection:
        with writing(connection):
            assert mark_restricted(connection, ["/in/later.pdf", "/in/never.pdf"]) == 2
            assert mark_restricted(connection, ["/in/later.pdf"]) == 0
        load_extraction(connection, make_file("later.pdf", content="later"), make_extraction(), VERSIONS)
    assert restricted(db) == ["later.pdf"]


def test_the_mark_can_be_taken_away(db: Path) -> None:
    assert restrict(db, f"{SECRET}.pdf").has_changed
    assert not restrict(db, f"{SECRET}.pdf").has_changed
    assert restrict(db, f"{SECRET}.pdf", is_off=True).has_changed
    assert restricted(db) == []
    with closing(open_database(db)) as connection:
        file = make_file(f"{SECRET}.pdf", content="other bytes", folder="/home/olga")
        load_extraction(connection, file, make_extraction(), VERSIONS)
    assert restricted(db) == []


def test_only_documents_are_restricted(db: Path) -> None:
    with pytest.raises(PescoError, match="no document"):
        restrict(db, "csip")


def test_a_restricted_run_marks_what_it_reads_and_a_later_run_leaves_the_mark(tmp_path: Path) -> None:
    for folder, word in (("open", OPEN), ("inside", SECRET)):
        (tmp_path / folder).mkdir()
        print_pdf(f"The {word} says that Italy coordinates ESSOR.", tmp_path / folder / f"{word}.pdf")
    db = tmp_path / "db" / "pesco.db"
    ingest([tmp_path / "inside"], IngestOptions(db, workers=1, restricted=True))
    assert ingest([tmp_path], IngestOptions(db, workers=1)).documents == 1
    assert restricted(db) == [f"{SECRET}.pdf"]
    assert not ingest([tmp_path], IngestOptions(db, workers=1)).has_changed
    assert ingest([tmp_path / "open"], IngestOptions(db, workers=1, restricted=True)).has_changed
    assert restricted(db) == [f"{OPEN}.pdf", f"{SECRET}.pdf"]


def test_publish_writes_a_folder_that_can_be_served(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "for others"
    run = CliRunner()
    assert run.invoke(app, ["restrict", f"{SECRET}.pdf", "--db", str(db)]).exit_code == 0
    for _ in range(2):  # a second time over the first
        done = run.invoke(app, ["publish", str(folder), "--db", str(db)])
        assert done.exit_code == 0
        assert "1 restricted, 1 that could not be read" in done.output
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "metadata.json", "pesco.db"]
    assert "documents" in json.loads((folder / "metadata.json").read_text())["databases"]["pesco"]["tables"]
    assert not any(SECRET in path.read_bytes().decode("latin-1").lower() for path in folder.iterdir())


def test_with_files_a_copy_shows_its_pages_and_holds_no_restricted_file(tmp_path: Path) -> None:
    inbox, folder, db = tmp_path / "in", tmp_path / "out", tmp_path / "db" / "pesco.db"
    inbox.mkdir()
    for word in (OPEN, SECRET):
        print_pdf(f"The {word} says that Italy coordinates ESSOR.", inbox / f"{word}.pdf")
    ingest([inbox], IngestOptions(db, workers=1))
    run = CliRunner()
    done = run.invoke(app, ["publish", str(folder), "--files", "--db", str(db)])
    assert "files: 2 copied, 0 no longer" in done.output
    assert pictures(folder / "pesco.db") == {f"{OPEN}.pdf": 200, f"{SECRET}.pdf": 200}
    restrict(db, f"{SECRET}.pdf")
    (inbox / f"{OPEN}.pdf").unlink()
    done = run.invoke(app, ["publish", str(folder), "--files", "--db", str(db)])
    assert "files: 0 copied, 1 no longer" in done.output
    assert pictures(folder / "pesco.db") == {f"{OPEN}.pdf": 404}
    left = [path.name for path in folder.rglob("*") if path.is_file()]
    assert sorted(left) == ["README.md", "metadata.json", "pesco.db"]


def test_the_folder_of_the_database_is_refused(db: Path) -> None:
    done = CliRunner().invoke(app, ["publish", str(db.parent), "--db", str(db)])
    assert "the database itself" in str(done.exception)
    assert db.is_file()


def pictures(db: Path) -> dict[str, int]:
    """Whether the first page of each document can be shown."""

    async def get_all() -> dict[str, int]:
        site = make_site(db)
        await site.invoke_startup()
        found = {}
        for document, name in rows(db, "SELECT id, filename FROM documents"):
            found[str(name)] = (await site.client.get(f"/documents/{document}/pages/1-1.png")).status_code
        site.close()
        return found

    return asyncio.run(get_all())


def test_a_folder_with_other_files_is_refused(db: Path, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("private")
    done = CliRunner().invoke(app, ["publish", str(tmp_path), "--db", str(db)])
    assert isinstance(done.exception, PescoError)
    assert "other files" in str(done.exception)
