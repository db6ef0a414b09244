"""The full check finds what a run cannot see, and nothing where nothing is."""

import os
import sqlite3
from pathlib import Path

import pytest

from pipeline.full_check import CheckOptions, CheckReport, Trouble, full_check
from pipeline.lock import writer_lock
from pipeline.store.columns import Columns, pack
from tests.pipeline.planted_runs import make_options, plant, run

SHA256 = "ab" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    for name in ("a", "b", "c"):
        plant(folder, f"{name}.pdf", f"good 1 {name}")
    plant(folder, "d.pdf", "encrypted")
    return folder


@pytest.fixture
def db(folder: Path, tmp_path: Path) -> Path:
    run(folder, make_options(tmp_path / "out" / "pesco.db"))
    return tmp_path / "out" / "pesco.db"


@pytest.fixture
def kept(db: Path) -> Path:
    """A sound file of kept pages."""
    path = db.parent / "pages" / "reader" / "ab" / f"{SHA256}.pages"
    path.parent.mkdir(parents=True)
    path.write_bytes(pack(Columns({}, {"text": "words"}, None)))
    return path


def troubles(report: CheckReport) -> list[tuple[Trouble, str]]:
    return [(finding.trouble, Path(finding.what).name) for finding in report.findings]


def test_nothing_is_found_where_all_is_well_and_nothing_is_written(db: Path, kept: Path) -> None:
    before = db.read_bytes()
    report = full_check(CheckOptions(db))
    assert (report.findings, report.exit_code, report.files, report.kept_files) == ((), 0, 4, 1)
    assert report.bytes == sum(path.stat().st_size for path in (db.parent.parent / "in").iterdir())
    assert db.read_bytes() == before


def test_other_bytes_under_the_same_size_and_time_are_found(folder: Path, db: Path) -> None:
    path = folder / "b.pdf"
    before = path.stat()
    path.write_text("good 1 X")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    report = full_check(CheckOptions(db))
    assert troubles(report) == [(Trouble.OTHER_BYTES, "b.pdf")]
    assert report.exit_code == 3
    assert "touch" in report.findings[0].advice
    assert full_check(CheckOptions(db, with_files=False)).findings == ()


def test_changed_and_missing_files_are_found(folder: Path, db: Path) -> None:
    (folder / "a.pdf").unlink()
    (folder / "c.pdf").write_text("good 1 longer")
    assert troubles(full_check(CheckOptions(db))) == [
        (Trouble.MISSING_FILE, "a.pdf"),
        (Trouble.CHANGED_FILE, "c.pdf"),
    ]
    run(folder, make_options(db))
    assert full_check(CheckOptions(db)).findings == ()


def test_rows_that_break_a_promise_are_found(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE mentions SET boxes = '[]' WHERE id = (SELECT id FROM mentions ORDER BY id LIMIT 1)")
    report = full_check(CheckOptions(db))
    assert [finding.trouble for finding in report.findings] == [Trouble.DATABASE]
    assert "a mention without a box" in report.findings[0].what


def test_damaged_kept_pages_are_found(db: Path, kept: Path) -> None:
    data = bytearray(kept.read_bytes())
    data[-1] ^= 1
    kept.write_bytes(data)
    report = full_check(CheckOptions(db))
    assert [finding.trouble for finding in report.findings] == [Trouble.KEPT_PAGES]
    assert str(kept) in report.findings[0].what
    assert full_check(CheckOptions(db, with_kept_pages=False)).findings == ()


def test_a_killed_run_is_found_but_not_one_under_way(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE runs SET status = 'running', finished = NULL")
    assert [finding.trouble for finding in full_check(CheckOptions(db)).findings] == [Trouble.UNFINISHED_RUN]
    with writer_lock(db):
        assert full_check(CheckOptions(db)).findings == ()
