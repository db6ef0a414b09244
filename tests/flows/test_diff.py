"""``pesco diff`` and ``ingest --dry-run`` on the terminal: table, JSON or Markdown; wrong words are refused."""

import json
import sys
from pathlib import Path

import pytest

from flows import cli
from flows.diff import print_diff
from models.errors import PescoError
from pipeline.ingest import ingest
from pipeline.plan import Again
from tests.pipeline.planted_runs import make_options, plant


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Two runs: the first met a document, the second found nothing new."""
    plant(tmp_path / "in", "a.pdf", "good 2 one")
    db = tmp_path / "pesco.db"
    ingest([tmp_path / "in"], make_options(db))
    ingest([tmp_path / "in"], make_options(db, again=Again.RULES))
    return db


def test_a_run_is_shown_as_a_table_and_as_json(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_diff(db, [1], None, markdown=None, as_json=False)
    assert "Changes of run 1: 1 gained, 0 lost, 0 changed" in capsys.readouterr().out
    print_diff(db, [1], None, markdown=None, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["gained"], told["lost"], told["first_run"]) == (1, 0, 1)
    assert [rule["rule"] for rule in told["rules"]] == ["document"]
    assert told["rules"][0]["changes"][0]["filename"] == "a.pdf"
    print_diff(db, [], None, markdown=None, as_json=False)
    assert capsys.readouterr().out == "Changes of run 2: nothing.\n"


def test_a_report_goes_to_a_file_or_to_standard_output(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_diff(db, [1], None, markdown=str(tmp_path / "report.md"), as_json=False)
    assert capsys.readouterr().out == ""
    print_diff(db, [1], None, markdown="-", as_json=False)
    assert capsys.readouterr().out == (tmp_path / "report.md").read_text(encoding="utf-8")
    with pytest.raises(PescoError, match="cannot be written"):
        print_diff(db, [1], None, markdown=str(tmp_path / "none" / "report.md"), as_json=False)


def test_what_does_not_go_together_is_refused(db: Path) -> None:
    with pytest.raises(PescoError, match="one run, or two"):
        print_diff(db, [1, 2, 3], None, markdown=None, as_json=False)
    with pytest.raises(PescoError, match="not both"):
        print_diff(db, [1], ("a", "b"), markdown=None, as_json=False)


def test_a_dry_run_of_the_command_leaves_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "out" / "pesco.db"
    sample = Path(__file__).resolve().parents[2] / "data" / "raw" / "factsheet.pdf"
    words = ["pesco", "ingest", "--dry-run", "--workers", "1", "--json", "--db", str(db), str(sample)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["dry_run"] is True
    assert told["diff"]["gained"] == 1
    assert not db.parent.exists()
