"""``pesco ingest`` on real files, without Prefect and with it: what it says, what it exits with, what it leaves."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from shutil import copy

import pytest

ENGINES = [
    pytest.param("--direct", id="direct"),
    pytest.param("", id="prefect", marks=[pytest.mark.slow, pytest.mark.xdist_group("prefect")]),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder that the tests of this module share, as its Prefect takes long to start the first time."""
    return tmp_path_factory.mktemp("project")


def pesco(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "PESCO"))}
    environment |= {"PESCO_HOME": str(home), "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-m", "flows.cli", *(argument for argument in arguments if argument)]
    return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=280, check=False)


@pytest.fixture
def inbox(tmp_path: Path, fact_sheet_pdf: Path) -> Path:
    """A folder with the user's fact sheet."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    copy(fact_sheet_pdf, folder / "fact sheet.pdf")
    return folder


@pytest.mark.parametrize("engine", ENGINES)
def test_the_fact_sheet_is_loaded_and_then_nothing_changes(engine: str, inbox: Path, home: Path) -> None:
    db = inbox.parent / "facts.db"
    first = pesco("ingest", str(inbox), "--db", str(db), engine, home=home)
    assert (first.returncode, first.stderr.count("Traceback")) == (0, 0)
    assert "1 of 1 documents" in first.stderr
    with sqlite3.connect(db) as connection:
        before = list(connection.iterdump())
        found = set(connection.execute("SELECT kind, value FROM mentions"))
    assert {("state", "DK"), ("state", "CA"), ("project", "netloghubs"), ("date", "2023-11")} <= found

    second = pesco("ingest", str(inbox), "--db", str(db), engine, home=home)
    assert second.returncode == 0
    assert "nothing changed" in second.stdout
    with sqlite3.connect(db) as connection:
        after = list(connection.iterdump())
    assert [line for line in set(after) - set(before) if not line.startswith('INSERT INTO "runs"')] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_no_pdf_is_quarantined_and_the_rest_loads(engine: str, inbox: Path, home: Path) -> None:
    (inbox / "letter.pdf").write_text("Dear reader, this is no PDF")
    (inbox / "nothing.pdf").touch()
    done = pesco("ingest", str(inbox), "--db", str(inbox.parent / "facts.db"), engine, "--json", home=home)
    assert done.returncode == 3
    summary = json.loads(done.stdout)
    reasons = {Path(file["path"]).name: file["reason"] for file in summary["unloaded"]}
    assert reasons == {"letter.pdf": "not_a_pdf", "nothing.pdf": "empty"}
    assert summary["totals"]["documents"] == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_that_is_not_there_is_one_clear_line(engine: str, home: Path, tmp_path: Path) -> None:
    done = pesco("ingest", str(tmp_path / "none"), "--db", str(tmp_path / "facts.db"), engine, home=home)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert str(tmp_path / "none") in done.stderr


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_prefect_keeps_its_records_in_the_project_and_has_every_task_run(inbox: Path, home: Path) -> None:
    for number in range(30):
        (inbox / f"{number}.pdf").write_text(f"no PDF, {number}")
    done = pesco("ingest", str(inbox), "--db", str(inbox.parent / "facts.db"), home=home)
    assert done.returncode == 3
    with sqlite3.connect(home / "data" / "processed" / "prefect" / "prefect.db") as connection:
        (flow_run_id, state), *_ = connection.execute(
            "SELECT id, state_name FROM flow_run ORDER BY created DESC LIMIT 1"
        ).fetchall()
        count = connection.execute(
            "SELECT count(*) FROM task_run WHERE flow_run_id = ? AND state_type = 'COMPLETED'", (flow_run_id,)
        ).fetchone()
    assert state == "CompletedWithQuarantine"
    assert count == (31,)


def test_a_server_that_does_not_answer_is_one_clear_line(inbox: Path, home: Path) -> None:
    environment = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api", "PESCO_HOME": str(home)}
    command = [sys.executable, "-m", "flows.cli", "ingest", str(inbox), "--db", str(inbox.parent / "facts.db")]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "http://127.0.0.1:9/api does not answer" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
