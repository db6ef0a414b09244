"""``status``, ``show``, ``evaluate``, ``backup`` and ``forget`` on a database of one sample, as a shell sees them."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from shutil import copy

import pytest

from pipeline.ingest import IngestOptions, ingest
from pipeline.lock import writer_lock

SAMPLE = "recommendation.pdf"


@pytest.fixture(scope="module")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of one sample and one file that is no PDF."""
    folder = tmp_path_factory.mktemp("commands")
    inbox = folder / "inbox"
    inbox.mkdir()
    copy(root / "data" / "raw" / SAMPLE, inbox)
    (inbox / "\x1b[31mletter.pdf").write_text("no PDF")
    ingest([inbox], IngestOptions(folder / "facts.db", workers=1))
    return folder / "facts.db"


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(copy(made, tmp_path / "facts.db"))


def pesco(*arguments: str, db: Path | None = None) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, **({"PESCO_DB": str(db)} if db else {})}
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=120, check=False)


def answer(*arguments: str, db: Path) -> dict[str, object]:
    done = pesco(*arguments, "--json", db=db)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_status_says_what_did_not_load_and_what_to_do(db: Path) -> None:
    done = pesco("status", db=db)
    assert done.returncode == 0
    assert "not_a_pdf" in done.stdout
    assert "remove it or convert it" in done.stdout
    assert "\\x1b[31mletter.pdf" in done.stdout
    assert "\x1b" not in done.stdout


def test_status_for_scripts(db: Path) -> None:
    status = answer("status", db=db)
    assert status["files"] == {"loaded": 1, "quarantined": 1}
    assert status["documents"]["recommendation"] == 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [(SAMPLE, "document"), ("IT", "state"), ("Italy", "state"), ("12", "commitment"), ("csip", "project")],
)
def test_show_finds_things_by_what_people_call_them(identifier: str, kind: str, db: Path) -> None:
    assert answer("show", identifier, db=db)["kind"] == kind


def test_show_leads_from_a_mention_to_its_place_on_the_page(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        mention, text, page = connection.execute("SELECT id, text, page FROM mentions ORDER BY id LIMIT 1").fetchone()
    done = pesco("show", mention, db=db)
    assert done.returncode == 0
    assert text in done.stdout
    assert f"p. {page} at " in done.stdout
    boxes = answer("show", mention, db=db)["record"]["boxes"]  # type: ignore[index]
    assert [set(box) for box in boxes][:1] == [{"page", "x0", "top", "x1", "bottom"}]


def test_show_of_nothing_is_one_clear_line(db: Path) -> None:
    done = pesco("show", "no such thing", db=db)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_evaluate_scores_a_database_and_lists_errors_when_asked(db: Path, root: Path) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE mentions SET value = 'SE' WHERE id = (SELECT id FROM mentions WHERE value = 'IT')")
    places = (str(root / "data" / "raw"), str(root / "tests" / "gold"), "--db", str(db))
    short = answer("evaluate", *places, db=db)
    assert short["kinds"]["state"]["fn"] > 0  # type: ignore[index]
    assert (short["misses"], short["false_positives"]) == ([], [])
    long = answer("evaluate", *places, "--errors", db=db)
    assert {"kind", "document", "what", "n", "text"} == set(long["misses"][0])  # type: ignore[index]
    assert [slip["what"] for slip in long["false_positives"] if slip["kind"] == "state"]  # type: ignore[attr-defined]


def test_evaluate_makes_a_temporary_database_from_pdfs(root: Path, tmp_path: Path) -> None:
    pdfs, gold = tmp_path / "pdfs", tmp_path / "gold"
    for folder, name in ((pdfs, f"data/raw/{SAMPLE}"), (gold, "tests/gold/recommendation.gold.jsonl")):
        folder.mkdir()
        copy(root / name, folder)
    done = pesco("evaluate", str(pdfs), str(gold), "--json", "--workers", "1")
    assert done.returncode == 0
    scores = json.loads(done.stdout)
    assert list(scores["documents"]) == ["recommendation"]
    assert scores["all_mentions"]["f1"] > 0.9


def test_evaluate_without_gold_is_a_set_up_error(root: Path, tmp_path: Path, db: Path) -> None:
    done = pesco("evaluate", str(root / "data" / "raw"), str(tmp_path), "--db", str(db))
    assert (done.returncode, done.stdout) == (1, "")


def test_backup_is_a_whole_database(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "facts.db"
    assert pesco("backup", str(target), db=db).returncode == 0
    with sqlite3.connect(target) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM documents WHERE status = 'loaded'").fetchone() == (1,)


def test_forget_leaves_nothing_of_a_document(db: Path) -> None:
    gone = answer("forget", SAMPLE, db=db)
    assert gone["filename"] == SAMPLE
    with sqlite3.connect(db) as connection:
        assert connection.execute("SELECT count(*) FROM mentions").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM pages").fetchone() == (0,)


def test_explain_marks_what_is_found_and_what_is_refused(db: Path) -> None:
    done = pesco("explain", "CSIP is led by Italy. Chad \x1b[31mSmith spoke.", db=db)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("«CSIP» is led by «Italy». ‹Chad› \\x1b[31mSmith spoke.\n")
    assert "project.acronym" in done.stdout
    assert "projects.yml, line" in done.stdout
    assert "leaves an issue" in done.stdout


def test_explain_finds_a_file_by_the_name_that_the_database_knows(db: Path) -> None:
    found = answer("explain", f"{SAMPLE}:1", db=db)
    assert (found["source"], found["page"]) == (SAMPLE, 1)
    assert found["finds"]
    missing = pesco("explain", "nowhere.pdf:1", db=db)
    assert (missing.returncode, missing.stderr) == (1, "pesco: there is no file nowhere.pdf\n")


def test_explain_applies_corrections(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corrections"
    pesco("correct", "document", SAMPLE, "year=2019", "--why", "so\x1bit is", "--corrections", str(folder), db=db)
    done = pesco("explain", f"{SAMPLE}:1", "--corrections", str(folder), db=db)
    assert done.returncode == 0, done.stderr
    assert "corrections of it have changed since it was loaded" in done.stdout
    assert "year 2019" in done.stdout
    assert "set document" in done.stdout
    assert "\x1b" not in done.stdout
    (folder / "broken.yml").write_text("- reject: all\n", encoding="utf-8")
    broken = pesco("explain", f"{SAMPLE}:1", "--corrections", str(folder), db=db)
    assert (broken.returncode, broken.stderr.count("broken.yml, line 1")) == (1, 1)


def test_explain_shows_where_a_mention_comes_from(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        mention, rule = connection.execute("SELECT id, rule_id FROM mentions ORDER BY id LIMIT 1").fetchone()
        document = connection.execute("SELECT id FROM documents WHERE status = 'loaded'").fetchone()[0]
    done = pesco("explain", mention, db=db)
    assert done.returncode == 0
    assert rule in done.stdout
    assert "row " in done.stdout
    refused = pesco("explain", document, db=db)
    assert refused.returncode == 1
    assert "is no mention" in refused.stderr


def test_a_timeline_shows_editions(db: Path) -> None:
    done = pesco("timeline", "IT", db=db)
    assert (done.returncode, done.stderr) == (0, "")
    assert answer("timeline", "csip", db=db)["kind"] == "project"
    assert pesco("timeline", "12", db=db).returncode == 1


def test_unmatched_lists_what_waits(db: Path) -> None:
    done = pesco("unmatched", db=db)
    assert (done.returncode, done.stderr) == (0, "")
    assert pesco("unmatched", "--kind", "commitment", "--json", db=db).stdout.startswith("[")


def test_rules_check_holds(db: Path) -> None:
    done = pesco("rules", "check", "--idle", db=db)
    assert (done.returncode, done.stderr) == (0, "")
    assert "never fired over the database" in done.stdout
    assert "examples and near misses hold" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Newly Named", "--project", "csip"), "nothing is added"),
        (("Newly Named", "--project", "nowhere", "--yes"), "there is no project nowhere"),
        (("Newly Named", "--heading", "nowhere", "--yes"), "there is no field nowhere"),
        (("Newly Named", "--yes"), "say what it is"),
        (("Newly Named", "--project", "csip", "--as", "nothing", "--yes"), "there is no form nothing"),
    ],
)
def test_rules_add_refuses_and_changes_nothing(root: Path, arguments: tuple[str, ...], said: str) -> None:
    files = sorted((root / "extractors" / "rules").glob("*.yml"))
    before = [path.read_bytes() for path in files]
    done = pesco("rules", "add", *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert [path.read_bytes() for path in files] == before


def test_rules_add_leaves_the_own_file_and_the_rest_as_it_was(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_in = (root / "extractors" / "rules" / "projects.yml").read_text(encoding="utf-8")
    monkeypatch.setenv("PESCO_RULES", str(tmp_path))
    done = pesco("rules", "add", "Newly Named Shield", "--project", "csip", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    added = (tmp_path / "projects.yml").read_text(encoding="utf-8").splitlines()
    assert [line for line in added if line not in built_in.splitlines()] == [
        "  names: [Critical Seabed Infrastructure Protection, Newly Named Shield]",
        "  examples: [The project Newly Named Shield goes on]",
    ]
    assert (root / "extractors" / "rules" / "projects.yml").read_text(encoding="utf-8") == built_in
    assert "«Newly Named Shield»" in pesco("explain", "Italy leads Newly Named Shield now").stdout
    again = pesco("rules", "add", "Newly Named Shield", "--project", "csip", "--yes")
    assert again.returncode == 1
    assert "already" in again.stderr
    wrong = pesco("rules", "add", "Newly Named Two", "--project", "csip", "--yes", "--example", "nothing of it here")
    assert wrong.returncode == 1
    assert "not added: the example 'nothing of it here' of csip" in wrong.stderr
    assert "Newly Named Two" not in (tmp_path / "projects.yml").read_text(encoding="utf-8")


def test_a_run_that_overlaps_another_fails_or_is_skipped_as_asked(db: Path, root: Path) -> None:
    arguments = ("ingest", str(root / "data" / "raw" / SAMPLE), "--direct", "--workers", "1")
    with writer_lock(db):
        failed = pesco(*arguments, db=db)
        skipped = pesco(*arguments, "--if-running", "skip", db=db)
        skipped_after_a_while = pesco(*arguments, "--if-running", "skip", "--wait", "0.3", "--json", db=db)
    assert failed.returncode == 1
    assert f"process {os.getpid()}" in failed.stderr
    assert (skipped.returncode, skipped.stdout) == (0, "")
    assert skipped.stderr.startswith("skipped: ")
    assert skipped_after_a_while.returncode == 0
    assert json.loads(skipped_after_a_while.stdout)["status"] == "skipped"


def test_a_run_that_overlaps_another_waits_for_its_end_as_asked(db: Path, root: Path) -> None:
    command = [sys.executable, "-m", "flows.cli", "ingest", str(root / "data" / "raw" / SAMPLE), "--direct"]
    with writer_lock(db):
        waiting = subprocess.Popen(
            [*command, "--if-running", "wait", "--workers", "1", "--db", str(db)], cwd=root, stderr=subprocess.PIPE
        )
        assert waiting.stderr is not None
        assert b"waiting" in waiting.stderr.readline()
        assert waiting.poll() is None
    assert waiting.wait(120) == 0
    waiting.stderr.close()


def test_check_finds_a_file_that_is_no_more(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        path = Path(connection.execute("SELECT path FROM files WHERE filename = ?", (SAMPLE,)).fetchone()[0])
    assert answer("check", db=db)["findings"] == []
    hidden = path.rename(path.with_suffix(".hidden"))
    try:
        done = pesco("check", db=db)
        quick = pesco("check", "--no-files", db=db)
    finally:
        hidden.rename(path)
    assert done.returncode == 3
    assert "missing_file" in done.stdout
    assert quick.returncode == 0


def test_doctor_says_what_it_sees(db: Path) -> None:
    found = answer("doctor", db=db)
    assert found["exit_code"] == 0
    assert {"python", "database", "rules", "disk", "server"} <= {one["check"] for one in found["findings"]}  # type: ignore[attr-defined]


def test_doctor_ends_with_1_when_something_must_be_mended(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"no database at all" * 99)
    done = pesco("doctor", db=tmp_path / "no.db")
    assert done.returncode == 1
    assert "1 problem to mend" in done.stdout
