"""An analyst adds a name, runs again and sees exactly what was gained, while no PDF can be opened."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.afternoon import NEW_NAME, ROOT, SLUG, mentions, set_up, spend, wanted, wipe


def check_afternoon(home: Path, pdfs: list[Path], gold: Path) -> None:
    desk = set_up(home, pdfs)
    desk.run("ingest", "--direct", codes=(0, 3))
    assert SLUG not in {row[0] for row in ask(home, "SELECT value FROM mentions WHERE text LIKE ?", f"%{NEW_NAME}%")}
    wipe(desk.inbox)
    summary, diff = spend(desk)
    assert mentions(diff, "gained") == wanted(gold)
    assert mentions(diff, "lost") == mentions(diff, "changed") == []
    assert diff["gained"] == summary["changes"]["gained"]  # type: ignore[index]
    run = summary["run_id"]
    assert {row[0] for row in ask(home, "SELECT source FROM run_files WHERE run_id = ?", run)} == {"kept"}
    report = desk.run("diff", "--markdown", "-")
    assert report.count(f"project {SLUG}") == len(wanted(gold))
    gained = len(mentions(diff, "gained"))
    assert ask(home, "SELECT count(*) FROM mentions WHERE value = ?", SLUG)[0][0] >= gained > 0


def ask(home: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "data" / "processed" / "pesco.db")) as connection:
        return connection.execute(sql, values).fetchall()


@pytest.mark.timeout(300)
def test_an_afternoon_over_one_document(tmp_path: Path) -> None:
    """The short form: one of the samples."""
    name = "nip-fi-2025"
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / f"{name}.gold.jsonl").write_bytes((ROOT / "tests" / "gold" / f"{name}.gold.jsonl").read_bytes())
    check_afternoon(tmp_path / "home", [ROOT / "data" / "raw" / f"{name}.pdf"], gold)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_afternoon_over_all_development_documents(tmp_path: Path, shared: Path) -> None:
    folder = shared / "corpus" / "dev"
    check_afternoon(tmp_path / "home", sorted(folder.glob("*.pdf")), folder)
