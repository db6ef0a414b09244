"""Runs: what is read, what is not read again, and what a path that changes does to the facts."""

import errno
import os
import shutil
import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import BusyError, PescoError, RuleError
from pipeline import patience
from pipeline.ingest import ingest, load_outcome, plan_run, read_batch
from pipeline.limits import Limits
from pipeline.plan import Again
from pipeline.store.invariants import find_violations
from pipeline.store.schema import open_reader
from pipeline.store.snapshot import take_snapshot
from tests.pipeline.planted_runs import make_options, new_versions, plant, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inbox = tmp_path / "in"
    inbox.mkdir()
    return inbox


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "out" / "pesco.db"


def files(db: Path) -> dict[str, tuple[str, str | None]]:
    rows = open_reader(db).execute("SELECT filename, status, reason FROM files ORDER BY path")
    return {row[0]: (row[1], row[2]) for row in rows}


def total_changes(db: Path) -> dict[str, int]:
    """The number of rows of every table, and a sum that changes when any page of the file is written."""
    connection = open_reader(db)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def test_every_file_is_accounted_for(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf", "good 2 one")
    plant(folder, "deep/er/B.PDF", "good 1 two")
    plant(folder, "copy.pdf", "good 2 one")
    plant(folder, "locked.pdf", "encrypted")
    plant(folder, ".hidden.pdf", "good 1 three")
    plant(folder, ".git/x.pdf", "good 1 four")
    plant(folder, "notes.txt", "good 1 five")
    summary, steps = run(folder, make_options(db))
    assert files(db) == {
        "a.pdf": ("loaded", None),
        "copy.pdf": ("duplicate", None),
        "B.PDF": ("loaded", None),
        "locked.pdf": ("quarantined", "encrypted"),
    }
    assert (summary.files, summary.documents, summary.exit_code) == (4, 3, 3)
    assert [one.filename for one in summary.unloaded] == ["locked.pdf"]
    assert sorted((step.filename, step.status) for step in steps) == [
        ("B.PDF", "loaded"),
        ("a.pdf", "loaded"),
        ("locked.pdf", "quarantined"),
    ]
    assert summary.totals.mentions == summary.mentions == 3 * 28
    assert find_violations(open_reader(db)) == []


def test_a_second_run_writes_no_row_but_its_own(folder: Path, db: Path) -> None:
    for number in range(5):
        plant(folder, f"{number}.pdf", f"good 1 w{number}")
    plant(folder, "bad.pdf", "exit_1")
    plant(folder, "same.pdf", "good 1 w0")
    (folder / "link.pdf").symlink_to("/etc/hosts")
    run(folder, make_options(db))
    before, rows = take_snapshot(open_reader(db)), total_changes(db)
    stamps = open_reader(db).execute("SELECT path, seen FROM files ORDER BY path").fetchall()
    summary, steps = run(folder, make_options(db))
    assert steps == []
    assert not summary.has_changed
    assert "nothing changed" in summary.message
    assert summary.exit_code == 3
    after = total_changes(db)
    assert {name for name in after if after[name] != rows[name]} == {"runs"}
    assert take_snapshot(open_reader(db)) == before
    assert open_reader(db).execute("SELECT path, seen FROM files ORDER BY path").fetchall() == stamps


def test_touched_files_are_hashed_and_not_read(folder: Path, db: Path) -> None:
    path = plant(folder, "a.pdf")
    run(folder, make_options(db))
    os.utime(path, (1, 1))
    summary, steps = run(folder, make_options(db))
    assert steps == []
    assert (summary.documents, summary.has_changed) == (0, True)
    assert not run(folder, make_options(db))[0].has_changed


def test_a_changed_file_replaces_its_facts(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf", "good 3 old")
    run(folder, make_options(db))
    plant(folder, "a.pdf", "good 1 new")
    run(folder, make_options(db))
    connection = open_reader(db)
    assert [row[0] for row in connection.execute("SELECT text FROM pages")] == ["page 1 of the new report"]
    assert connection.execute("SELECT count(*) FROM documents").fetchone()[0] == 1


def test_a_vanished_file_keeps_its_facts(folder: Path, db: Path) -> None:
    path = plant(folder, "a.pdf")
    plant(folder, "b.pdf", "good 1 b")
    run(folder, make_options(db))
    path.unlink()
    summary, _ = run(folder, make_options(db))
    assert summary.gone == 1
    assert files(db)["a.pdf"] == ("gone", None)
    assert open_reader(db).execute("SELECT count(*) FROM documents").fetchone()[0] == 2
    assert not run(folder, make_options(db))[0].has_changed
    plant(folder, "a.pdf")
    summary, steps = run(folder, make_options(db))
    assert (steps, files(db)["a.pdf"]) == ([], ("loaded", None))


def test_a_renamed_file_is_not_read_again(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf")
    run(folder, make_options(db))
    (folder / "a.pdf").rename(folder / "z.pdf")
    _, steps = run(folder, make_options(db))
    assert steps == []
    assert files(db) == {"a.pdf": ("gone", None), "z.pdf": ("loaded", None)}
    names = open_reader(db).execute("SELECT DISTINCT filename FROM mentions").fetchall()
    assert [row[0] for row in names] == ["z.pdf"]


def test_a_missing_folder_marks_nothing_gone(folder: Path, db: Path, tmp_path: Path) -> None:
    plant(folder, "a.pdf")
    run(folder, make_options(db))
    other = tmp_path / "other"
    other.mkdir()
    run(other, make_options(db))
    assert files(db)["a.pdf"] == ("loaded", None)
    shutil.rmtree(folder)
    with pytest.raises(PescoError, match="there is no file or folder"):
        run(folder, make_options(db))
    assert files(db)["a.pdf"] == ("loaded", None)


def test_quarantined_bytes_wait_for_a_reason_to_be_read_again(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf", "exit_1")
    options = make_options(db)
    assert len(run(folder, options)[1]) == 1
    assert run(folder, options)[1] == []
    assert run(folder, replace(options, versions=new_versions(rules="rules2")))[1] == []
    assert len(run(folder, replace(options, retry=True))[1]) == 1
    assert len(run(folder, replace(options, versions=new_versions(reader="reader2")))[1]) == 1


def test_a_new_password_file_opens_the_locked_again_once(folder: Path, db: Path, tmp_path: Path) -> None:
    plant(folder, "a.pdf", "encrypted")
    options = make_options(db)
    run(folder, options)
    passwords = plant(tmp_path, "passwords.txt", "sesame\n")
    assert len(run(folder, replace(options, password_file=passwords))[1]) == 1
    assert run(folder, replace(options, password_file=passwords))[1] == []
    plant(tmp_path, "passwords.txt", "sesame\nopen\n")
    assert len(run(folder, replace(options, password_file=passwords))[1]) == 1


def test_new_rules_derive_what_is_loaded_again(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf")
    run(folder, make_options(db))
    _, steps = run(folder, make_options(db, versions=new_versions(rules="rules2")))
    assert [step.status for step in steps] == ["loaded"]
    rows = open_reader(db).execute("SELECT DISTINCT rules_version FROM mentions").fetchall()
    assert [row[0] for row in rows] == ["rules2"]


@pytest.mark.parametrize("again", [Again.RULES, Again.PAGES])
def test_everything_again_when_asked(folder: Path, db: Path, again: Again) -> None:
    plant(folder, "a.pdf")
    run(folder, make_options(db))
    before = take_snapshot(open_reader(db))
    assert len(run(folder, make_options(db, again=again))[1]) == 1
    assert take_snapshot(open_reader(db)) == before


def test_a_file_still_being_copied_waits(folder: Path, db: Path) -> None:
    growing = plant(folder, "grows.pdf", "good 1 x")
    plant(folder, "still.pdf", "good 1 y")
    stop = threading.Event()

    def grow() -> None:
        with growing.open("a") as stream:
            while not stop.is_set():
                stream.write(" ")
                stream.flush()
                time.sleep(0.01)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        summary, _ = run(folder, make_options(db, settle_seconds=0.2))
    finally:
        stop.set()
        thread.join()
    assert files(db) == {"grows.pdf": ("waiting", "still_copied"), "still.pdf": ("loaded", None)}
    assert [one.filename for one in summary.waiting] == ["grows.pdf"]
    run(folder, make_options(db))
    assert files(db)["grows.pdf"] == ("loaded", None)
    assert find_violations(open_reader(db)) == []


def test_a_file_that_changes_while_it_is_read_waits(folder: Path, db: Path) -> None:
    path = plant(folder, "a.pdf", "good 1 x")
    options = make_options(db)
    with plan_run([folder], options) as under_way, under_way.make_pool() as pool:
        outcomes = list(read_batch(under_way.jobs, pool))
        path.write_text("good 1 longer than before")
        assert load_outcome(under_way, outcomes[0]).status == "waiting"
    assert open_reader(db).execute("SELECT count(*) FROM mentions").fetchone()[0] == 0
    run(folder, options)
    assert files(db)["a.pdf"] == ("loaded", None)


def test_a_file_that_a_busy_share_withholds_waits_and_keeps_what_it_gave(folder: Path, db: Path) -> None:
    path = plant(folder, "a.pdf", "good 1 x")
    plant(folder, "b.pdf", "busy_once 1 y")
    options = make_options(db)
    run(folder, options)
    assert files(db) == {"a.pdf": ("loaded", None), "b.pdf": ("loaded", None)}
    path.write_text("busy 1 longer")
    summary, _ = run(folder, options)
    assert files(db)["a.pdf"] == ("waiting", "busy")
    assert (summary.exit_code, [one.reason for one in summary.waiting]) == (0, ["busy"])
    assert find_violations(open_reader(db)) == []
    path.write_text("good 1 longest of all")
    run(folder, options)
    assert files(db)["a.pdf"] == ("loaded", None)


def test_a_folder_of_a_share_that_does_not_answer_is_no_missing_folder(
    folder: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(folder, "a.pdf", "good 1 x")
    run(folder, make_options(db))

    def busy(*_arguments: object) -> None:
        raise OSError(errno.EHOSTDOWN, "Host is down")

    monkeypatch.setattr(patience, "FILE_PAUSES", ())
    with monkeypatch.context() as share:
        share.setattr(Path, "lstat", busy)
        with pytest.raises(BusyError, match="does not answer"):
            run(folder, make_options(db))
    with monkeypatch.context() as share:
        share.setattr(os, "scandir", busy)
        run(folder, make_options(db))
    assert files(db) == {"a.pdf": ("loaded", None), "in": ("waiting", "busy")}


def test_a_run_says_that_the_one_before_was_killed(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf", "good 1 x")
    first, _ = run(folder, make_options(db))
    assert first.went_on_from is None
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE runs SET status = 'running', finished = NULL")
    second, _ = run(folder, make_options(db))
    assert second.went_on_from == first.run_id
    rows = open_reader(db).execute("SELECT status, message FROM runs ORDER BY id").fetchall()
    assert tuple(rows[0]) == ("failed", "it ended without a word")
    assert f"goes on from run {first.run_id}" in rows[1]["message"]
    assert run(folder, make_options(db))[0].went_on_from is None


def test_too_large_files_are_not_read(folder: Path, db: Path) -> None:
    plant(folder, "big.pdf", "good 1 " + "x" * 2000)
    options = make_options(db, limits=Limits(max_bytes=1000))
    run(folder, options)
    assert files(db) == {"big.pdf": ("quarantined", "too_large")}
    assert not run(folder, options)[0].has_changed
    run(folder, make_options(db))
    assert files(db) == {"big.pdf": ("loaded", None)}
    assert open_reader(db).execute("SELECT count(*) FROM issues WHERE code = 'too_large'").fetchone()[0] == 0


def test_links_out_of_the_folder_are_refused_by_name(folder: Path, db: Path, tmp_path: Path) -> None:
    outside = plant(tmp_path / "secret", "s.pdf", "good 1 secret")
    plant(folder, "in.pdf", "good 1 in")
    (folder / "out.pdf").symlink_to(outside)
    (folder / "within.pdf").symlink_to("in.pdf")
    (folder / "dangling.pdf").symlink_to("nowhere")
    (folder / "dir").symlink_to(outside.parent)
    (folder / "loop.pdf").symlink_to("loop.pdf")
    os.mkfifo(folder / "pipe.pdf")
    run(folder, make_options(db))
    assert files(db) == {
        "dangling.pdf": ("quarantined", "not_a_file"),
        "in.pdf": ("loaded", None),
        "loop.pdf": ("quarantined", "not_a_file"),
        "out.pdf": ("quarantined", "outside_folder"),
        "pipe.pdf": ("quarantined", "not_a_file"),
        "within.pdf": ("duplicate", None),
    }
    messages = open_reader(db).execute("SELECT message FROM issues WHERE code = 'outside_folder'").fetchall()
    assert str(outside) in messages[0][0]
    assert open_reader(db).execute("SELECT count(*) FROM pages WHERE text LIKE '%secret%'").fetchone()[0] == 0


def test_a_named_file_is_always_tried(folder: Path, db: Path) -> None:
    named = plant(folder, ".hidden", "good 1 named")
    ingest([named], make_options(db))
    assert files(db) == {".hidden": ("loaded", None)}


def test_broken_rules_stop_the_run_and_leave_the_database(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf")
    run(folder, make_options(db))
    before = take_snapshot(open_reader(db))
    plant(folder, "b.pdf", "rule_error")
    with pytest.raises(RuleError, match=r"rules\.yml, line 3"):
        run(folder, make_options(db))
    assert take_snapshot(open_reader(db)) == before
    status = open_reader(db).execute("SELECT status, message FROM runs ORDER BY id DESC").fetchone()
    assert status["status"] == "failed"
    assert "rules.yml, line 3" in status["message"]


def test_rows_that_do_not_fit_cost_the_document_only(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf", "good 1 a")
    plant(folder, "b.pdf", "good 1 b")
    with plan_run([folder], make_options(db)) as under_way, under_way.make_pool() as pool:
        under_way.connection.execute(
            "CREATE TEMP TRIGGER stop BEFORE INSERT ON pages WHEN new.text LIKE '%the b report%'"
            " BEGIN SELECT RAISE(ABORT, 'stop'); END"
        )
        for outcome in read_batch(under_way.jobs, pool):
            load_outcome(under_way, outcome)
    assert files(db) == {"a.pdf": ("loaded", None), "b.pdf": ("quarantined", "not_loadable")}
    assert find_violations(open_reader(db)) == []


def test_a_damaged_database_is_one_clear_line(folder: Path, db: Path) -> None:
    plant(folder, "a.pdf")
    db.parent.mkdir()
    db.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(PescoError, match=r"pesco\.db: the file is no SQLite database"):
        run(folder, make_options(db))


def test_a_run_that_was_killed_is_marked_by_the_next(folder: Path, db: Path) -> None:
    run(folder, make_options(db))
    connection = sqlite3.connect(db)
    connection.execute("UPDATE runs SET status = 'running', finished = NULL")
    connection.commit()
    connection.close()
    run(folder, make_options(db))
    statuses = open_reader(db).execute("SELECT status FROM runs ORDER BY id").fetchall()
    assert [row[0] for row in statuses] == ["failed", "completed"]


def test_patterns_stand_for_files_and_folders(folder: Path, db: Path) -> None:
    for name in ("2024/a.pdf", "2025/b.pdf", "2025/deep/c.pdf", "2025/.hidden.pdf", "other/d.pdf", "[x].pdf"):
        plant(folder, name, f"good 1 {name}")
    ingest([folder / "20*", folder / "[x].pdf"], make_options(db))
    assert sorted(files(db)) == ["[x].pdf", "a.pdf", "b.pdf", "c.pdf"]
    ingest([folder / "**" / "d*.pdf"], make_options(db))
    assert sorted(files(db)) == ["[x].pdf", "a.pdf", "b.pdf", "c.pdf", "d.pdf"]
    with pytest.raises(PescoError, match=r"nothing matches .*/19\*"):
        ingest([folder / "19*"], make_options(db))


def test_what_a_pattern_no_longer_matches_is_gone(folder: Path, db: Path) -> None:
    for name in ("2024/a.pdf", "2025/b.pdf", "2025/deep/c.pdf", "other/d.pdf"):
        plant(folder, name, f"good 1 {name}")
    ingest([folder], make_options(db))
    shutil.rmtree(folder / "2025")
    (folder / "other" / "d.pdf").unlink()
    assert ingest([folder / "20[!0-1]?"], make_options(db)).gone == 2
    assert files(db)["d.pdf"] == ("loaded", None)
    plant(folder, "other/e.pdf", "good 1 e")
    assert ingest([folder / "**" / "*.pdf"], make_options(db)).gone == 1
