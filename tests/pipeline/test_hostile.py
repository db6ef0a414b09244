"""Every file ends as loaded or as quarantined with a typed reason, and the run goes on, whatever lies in the folder."""

import os
import random
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import IngestOptions, RunSummary, ingest
from pipeline.limits import MIB
from pipeline.plan import Again
from pipeline.reasons import ADVICE, Reason
from pipeline.store.invariants import find_violations
from pipeline.store.schema import open_reader

SAMPLE, SEED = 16, 4
MEMORY_BOUND = 2048 * MIB


def make_options(db: Path, **changes: object) -> IngestOptions:
    return replace(IngestOptions(db=db, workers=2, use_ocr=False, settle_seconds=0.05), **changes)  # type: ignore[arg-type]


def print_words(path: Path, words: str, password: str | None = None) -> None:
    encrypt = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(str(path), encrypt=encrypt)
    canvas.drawString(72, 700, words)
    canvas.save()


def print_picture(path: Path) -> None:
    canvas = Canvas(str(path))
    picture = path.with_suffix(".ppm")
    picture.write_bytes(b"P6 8 8 255\n" + bytes(range(192)))
    canvas.drawImage(str(picture), 0, 0, 595, 842)
    canvas.save()
    picture.unlink()


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """A good document, and what may become of one."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    good = (root / "data" / "raw" / "recommendation.pdf").read_bytes()
    (inbox / "good.pdf").write_bytes(good)
    (inbox / "cut.pdf").write_bytes(good[: len(good) // 3])
    (inbox / "text.pdf").write_text("Italy leads CSIP, said the memo, which is no PDF.\n")
    (inbox / "empty.pdf").write_bytes(b"")
    (inbox / "noise.pdf").write_bytes(random.Random(SEED).randbytes(20_000))
    (inbox / "head-only.pdf").write_bytes(b"%PDF-1.7\n" + b"\0" * 5000)
    print_words(inbox / "locked.pdf", "Italy leads CSIP.", password="sesame")
    print_picture(inbox / "picture.pdf")
    return inbox


def results(db: Path) -> dict[str, tuple[str, str | None]]:
    with closing(open_reader(db)) as connection:
        assert find_violations(connection) == []
        rows = connection.execute("SELECT filename, status, reason FROM files").fetchall()
    return {row["filename"]: (row["status"], row["reason"]) for row in rows}


def test_each_broken_file_has_its_reason_and_the_good_one_loads(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    summary = ingest([folder], make_options(db))
    found = results(db)
    assert found.pop("cut.pdf")[0] in ("quarantined", "loaded")
    assert found == {
        "good.pdf": ("loaded", None),
        "text.pdf": ("quarantined", "not_a_pdf"),
        "empty.pdf": ("quarantined", "empty"),
        "noise.pdf": ("quarantined", "not_a_pdf"),
        "head-only.pdf": ("quarantined", "damaged"),
        "locked.pdf": ("quarantined", "encrypted"),
        "picture.pdf": ("needs_ocr", "needs_ocr"),
    }
    assert summary.exit_code == 3
    assert {one.advice for one in summary.unloaded} <= set(ADVICE.values())


def test_a_password_file_opens_the_locked(folder: Path, tmp_path: Path) -> None:
    db, passwords = tmp_path / "pesco.db", tmp_path / "passwords.txt"
    passwords.write_text("wrong\nsesame\n")
    ingest([folder / "locked.pdf"], make_options(db))
    assert results(db) == {"locked.pdf": ("quarantined", "encrypted")}
    ingest([folder / "locked.pdf"], make_options(db, password_file=passwords))
    assert results(db) == {"locked.pdf": ("loaded", None)}
    with closing(open_reader(db)) as connection:
        values = {row[0] for row in connection.execute("SELECT value FROM mentions")}
    assert "IT" in values


def test_a_rerun_of_rules_opens_no_pdf(folder: Path, tmp_path: Path) -> None:
    db, good = tmp_path / "pesco.db", folder / "good.pdf"
    ingest([good], make_options(db))
    with closing(open_reader(db)) as connection:
        before = [tuple(row) for row in connection.execute("SELECT id, value, x0 FROM mentions ORDER BY id")]
    status = good.stat()
    good.write_bytes(b"\0" * status.st_size)
    os.utime(good, ns=(status.st_atime_ns, status.st_mtime_ns))
    from_kept = ingest([good], make_options(db, again=Again.RULES))
    with closing(open_reader(db)) as connection:
        after = [tuple(row) for row in connection.execute("SELECT id, value, x0 FROM mentions ORDER BY id")]
        sources = [row[0] for row in connection.execute("SELECT source FROM run_files ORDER BY run_id")]
    assert (from_kept.documents, sources) == (1, ["pdf", "kept"])
    assert after == before
    assert len(after) > 10


def check_all(inbox: Path, db: Path, summary: RunSummary) -> None:
    found = results(db)
    names = {path.name for path in inbox.iterdir()}
    assert set(found) == names
    assert summary.files == len(names)
    reasons = {reason for status, reason in found.values() if status in ("quarantined", "needs_ocr")}
    assert reasons <= {reason.value for reason in Reason}
    assert Reason.NOT_LOADABLE not in reasons


def test_a_sample_of_hostile_files(shared: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    files = sorted((shared / "corpus" / "hostile").glob("*.pdf"))
    for path in random.Random(SEED).sample(files, SAMPLE):
        shutil.copy(path, inbox)
    summary = ingest([inbox], make_options(tmp_path / "pesco.db"))
    check_all(inbox, tmp_path / "pesco.db", summary)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_all_hostile_files_in_one_run(shared: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    shutil.copytree(shared / "corpus" / "hostile", inbox, ignore=shutil.ignore_patterns("*.csv"))
    with watched_memory() as peak:
        summary = ingest([inbox], make_options(tmp_path / "pesco.db"))
    check_all(inbox, tmp_path / "pesco.db", summary)
    assert summary.totals.documents >= 70
    assert 0 < peak[0] < MEMORY_BOUND


@contextmanager
def watched_memory() -> Iterator[list[int]]:
    """Watch the memory of this process and all below it, in bytes; the list holds the highest sum seen."""
    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.is_set():
            peak[0] = max(peak[0], sum(resident(pid) for pid in family(os.getpid())))
            time.sleep(0.05)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def family(pid: int) -> list[int]:
    """Return a process and all below it, from /proc."""
    found = [pid]
    for parent in found:
        listing = Path(f"/proc/{parent}/task/{parent}/children")
        try:
            found += [int(child) for child in listing.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def resident(pid: int) -> int:
    """Return the memory that only this process has, or shares by fork, in bytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:"))
