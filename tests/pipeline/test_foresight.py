"""What a run will read is told from file times, and the process that readers are forked from starts by it."""

import os
from pathlib import Path

import pytest

from extractors.rule_folders import OWN_RULES
from pipeline import foresight
from pipeline.foresight import foresee_work, start_foreseen

LATER = 4_000_000_000.0


def _database(folder: Path, written: float) -> Path:
    db = folder / "pesco.db"
    db.touch()
    os.utime(db, (written, written))
    return db


def test_without_a_database_everything_is_new(tmp_path: Path) -> None:
    """The first run opens PDFs."""
    assert foresee_work(tmp_path / "none" / "pesco.db", None) == "pdf"


def test_what_the_user_asks_for_is_known(tmp_path: Path) -> None:
    """Rules again need kept pages, pages again the PDFs, whatever the times say."""
    for written in (1.0, LATER):
        db = _database(tmp_path, written)
        assert foresee_work(db, "rules") == "kept"
        assert foresee_work(db, "pages") == "pdf"


def test_rules_and_code_older_than_the_database_foretell_nothing(tmp_path: Path) -> None:
    """A run with nothing to do starts no process; newer code or rules will go over kept pages."""
    assert foresee_work(_database(tmp_path, LATER), None) is None
    assert foresee_work(_database(tmp_path, 1.0), None) == "kept"


def test_an_own_rule_file_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the folder that PESCO_RULES names is as good as one beside the code."""
    own = tmp_path / "own"
    own.mkdir()
    rule = own / "headings.yml"
    rule.touch()
    os.utime(rule, (LATER + 1, LATER + 1))
    db = _database(tmp_path, LATER)
    monkeypatch.setenv(OWN_RULES, str(own))
    assert foresee_work(db, None) == "kept"
    monkeypatch.setenv(OWN_RULES, str(tmp_path / "missing"))
    assert foresee_work(db, None) is None


def test_only_what_is_foreseen_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing foreseen, nothing started."""
    started: list[str] = []
    monkeypatch.setattr(foresight, "start_early", started.append)
    start_foreseen(_database(tmp_path, LATER), None)
    start_foreseen(tmp_path / "new.db", None)
    start_foreseen(tmp_path / "pesco.db", "rules")
    assert started == ["pdf", "kept"]
