"""What ``pesco doctor`` looks at on this machine."""

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from models.errors import RuleError
from pipeline import health
from pipeline.health import Finding, Places, Verdict, examine
from pipeline.lock import writer_lock
from pipeline.store.schema import open_database


@pytest.fixture
def places(tmp_path: Path, root: Path) -> Places:
    processed = tmp_path / "data" / "processed"
    (tmp_path / "data" / "raw").mkdir(parents=True)
    processed.mkdir()
    return Places(processed / "pesco.db", (tmp_path / "data" / "raw",), processed, root / "requirements.lock")


def look(places: Places) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(places)}


def test_a_fresh_project_is_well(places: Places) -> None:
    found = look(places)
    assert {finding.verdict for finding in found.values()} == {Verdict.OK}
    assert set(found) >= {"python", "packages", "inbox", "folder", "disk", "database", "runs", "rules", "ocr"}
    assert not places.db.exists()


def test_every_bad_thing_comes_with_what_to_do(places: Places) -> None:
    places.db.write_bytes(b"this is no database" * 100)
    places.inboxes[0].rmdir()
    bad = [finding for finding in look(places).values() if finding.verdict is not Verdict.OK]
    assert [finding.check for finding in bad] == ["inbox", "database"]
    assert all(finding.advice for finding in bad)


def test_a_damaged_database_is_a_problem(places: Places) -> None:
    open_database(places.db).close()
    data = bytearray(places.db.read_bytes())
    data[8192:16384] = b"\xff" * 8192
    places.db.write_bytes(data)
    assert look(places)["database"].verdict is Verdict.PROBLEM


def test_a_database_of_a_newer_program_is_a_problem(places: Places) -> None:
    open_database(places.db).close()
    with sqlite3.connect(places.db) as connection:
        connection.execute("INSERT INTO _sqlite_migrations VALUES (99, 'pesco', '9999_future', 'now')")
    found = look(places)["database"]
    assert (found.verdict, found.advice) == (Verdict.PROBLEM, "update the program")


def test_a_killed_run_is_told_from_one_under_way(places: Places) -> None:
    open_database(places.db).close()
    with sqlite3.connect(places.db) as connection:
        connection.execute(
            "INSERT INTO runs (started, status, folders, options, reader_version, rules_version)"
            " VALUES ('2026-11-25', 'running', '[]', '{}', 'r', 'r')"
        )
    assert look(places)["runs"].verdict is Verdict.WARNING
    with writer_lock(places.db):
        found = look(places)
        assert found["runs"].verdict is Verdict.OK
        assert f"process {os.getpid()}" in found["lock"].said


def test_other_versions_than_the_tested_ones_are_a_problem(places: Places, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("prefect==1.0 \\\n    --hash=x\nnumpy==1 ; python_version < '3.12'\nnumpy==2\n")
    found = look(Places(places.db, places.inboxes, places.processed, lock))["packages"]
    assert found.verdict is Verdict.PROBLEM
    assert "tested with 1.0" in found.said
    assert "tested with 1 or 2" in found.said


def test_an_old_python_is_a_problem(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FIRST_UNTRIED_PYTHON", sys.version_info[:2])
    assert look(places)["python"].verdict is Verdict.PROBLEM


def test_little_room_is_a_warning_and_none_a_problem(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SPARE_BYTES", 1 << 62)
    assert look(places)["disk"].verdict is Verdict.WARNING
    monkeypatch.setattr(health, "NEEDED_BYTES", 1 << 61)
    assert look(places)["disk"].verdict is Verdict.PROBLEM


def test_a_broken_rule_file_is_a_problem() -> None:
    def load() -> object:
        raise RuleError("dates.yml, line 3: no such key")

    found = health._rules(load)
    assert (found.verdict, found.said) == (Verdict.PROBLEM, "dates.yml, line 3: no such key")
