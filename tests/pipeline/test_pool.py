"""One file can hang, grow, crash or kill its process: it alone pays, and the others' work is not repeated."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from models.errors import RuleError
from pipeline.pool import ReaderPool
from pipeline.reasons import Reason
from pipeline.work import Job, Outcome

READ_PLANTED = "tests.pipeline.planted:read_planted"
EXPECTED = {
    "hang": Reason.TIMEOUT,
    "hang_in_c": Reason.TIMEOUT,
    "hang_deaf": Reason.TIMEOUT,
    "allocate": Reason.MEMORY,
    "allocate_at_once": Reason.MEMORY,
    "exit_0": Reason.CRASHED,
    "exit_1": Reason.CRASHED,
    "system_exit": Reason.CRASHED,
    "sigkill": Reason.CRASHED,
    "segfault": Reason.CRASHED,
    "unpicklable": Reason.CRASHED,
    "speechless": Reason.CRASHED,
    "interrupt": Reason.CRASHED,
    "recurse": Reason.DAMAGED,
    "encrypted": Reason.ENCRYPTED,
    "layout": Reason.UNKNOWN_LAYOUT,
    "garbage": None,
}


def make_jobs(folder: Path, words: Sequence[str], seconds: float = 2.0) -> list[Job]:
    jobs = []
    for number, word in enumerate(words):
        path = folder / f"{number:03d}.pdf"
        path.write_text(f"{word} 1 w{number}", encoding="utf-8")
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        jobs.append(Job(sha256, str(path), seconds, 1 << 30, function=READ_PLANTED))
    return jobs


def run(jobs: Sequence[Job], workers: int = 2) -> dict[str, Outcome]:
    with ReaderPool(workers, function=READ_PLANTED) as pool:
        return {outcome.sha256: outcome for outcome in pool.run(jobs)}


def test_good_documents_load_whatever_lies_among_them(tmp_path: Path) -> None:
    words = ["good"] * 47
    for place, word in enumerate(EXPECTED):
        words.insert(place * 3, word)
    jobs = make_jobs(tmp_path, words, seconds=5.0)  # a busy machine takes two seconds to allocate what is too much
    outcomes = run(jobs)
    found = {word: outcomes[job.sha256].reason for word, job in zip(words, jobs, strict=True) if word != "good"}
    assert found == EXPECTED
    good = [outcomes[job.sha256] for word, job in zip(words, jobs, strict=True) if word in ("good", "garbage")]
    assert len(good) == 48
    assert all(outcome.extraction is not None for outcome in good)


def test_the_reason_comes_with_what_happened(tmp_path: Path) -> None:
    words = ["exit_1", "sigkill", "speechless", "hang"]
    jobs = make_jobs(tmp_path, words, seconds=1.0)
    outcomes = run(jobs)
    details = [outcomes[job.sha256].detail for job in jobs]
    assert "exit code 1" in details[0]
    assert "SIGKILL" in details[1]
    assert details[2].startswith("SpeechlessError: ?")
    assert "1 s" in details[3]


def test_broken_rules_stop_everything(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"rules\.yml, line 3"):
        run(make_jobs(tmp_path, ["good", "rule_error", "good"]))


@pytest.mark.filterwarnings("ignore:resource_tracker")
def test_every_process_killed_at_once_is_no_end(tmp_path: Path) -> None:
    jobs = make_jobs(tmp_path, ["slow"] * 30, seconds=20.0)
    with ReaderPool(2, function=READ_PLANTED) as pool:
        outcomes = []
        for outcome in pool.run(jobs):
            outcomes.append(outcome)
            if len(outcomes) == 5:
                for child in children_of(os.getpid()):
                    os.kill(child, signal.SIGKILL)
    lost = [outcome for outcome in outcomes if outcome.extraction is None]
    assert len(outcomes) == 30
    assert len(lost) <= 2


def test_a_pool_that_breaks_while_idle_is_made_anew(tmp_path: Path) -> None:
    jobs = make_jobs(tmp_path, ["good"] * 8)
    with ReaderPool(2, function=READ_PLANTED) as pool:
        first = list(pool.run(jobs[:4]))
        readers = [pid for server in children_of(os.getpid()) for pid in children_of(server)]
        for pid in readers:
            os.kill(pid, signal.SIGKILL)
        while any(is_alive(pid) for pid in readers):
            time.sleep(0.01)
        second = list(pool.run(jobs[4:]))
    assert len(readers) >= 2
    assert all(outcome.extraction is not None for outcome in [*first, *second])
    assert len(second) == 4


def test_processes_end_with_their_parent(tmp_path: Path) -> None:
    make_jobs(tmp_path, ["hang"] * 2)
    code = f"""
from pathlib import Path
from tests.pipeline.test_pool import make_jobs, run
if __name__ == "__main__":
    run(make_jobs(Path({str(tmp_path)!r}), ["slow", "hang", "hang"], seconds=100.0))
"""
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    try:
        readers = wait_for_readers(parent.pid)
    finally:
        parent.kill()
        parent.wait()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(is_alive(pid) for pid in readers):
        time.sleep(0.05)
    assert [pid for pid in readers if is_alive(pid)] == []


def wait_for_readers(parent: int) -> list[int]:
    """Wait until two processes below the parent's children run; return them."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        readers = [grandchild for child in children_of(parent) for grandchild in children_of(child)]
        if len(readers) >= 2:
            time.sleep(1.0)
            return readers
        time.sleep(0.05)
    raise AssertionError("no reading processes came up")


def children_of(pid: int) -> list[int]:
    """Return the children of a process, from /proc; skips the test where there is none."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    if not listing.parent.parent.parent.is_dir():
        pytest.skip("needs /proc")
    try:
        found = [int(child) for child in listing.read_text().split()]
    except FileNotFoundError:
        return []
    return found


def is_alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
