"""One writer at a time: the second waits or refuses and says who writes; a killed run's lock does not block."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.lock import LockedError, writer_lock

HOLD = """
import sys, time
from pathlib import Path
from pipeline.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(db: Path, seconds: float) -> "subprocess.Popen[bytes]":
    """Let another process hold the lock; return when it does."""
    command = [sys.executable, "-c", HOLD, str(db), str(seconds)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    return other


def test_the_second_run_refuses_and_says_who_writes(tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    with hold(db, 60) as other:
        said = rf"process {other.pid} on .* is writing to .*--wait SECONDS"
        with pytest.raises(LockedError, match=said), writer_lock(db):
            pass
        other.kill()


def test_the_second_run_waits_as_long_as_asked(tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    said: list[str] = []
    with hold(db, 0.5), writer_lock(db, wait_seconds=30, on_wait=said.append):
        pass
    assert len(said) == 1
    assert "waiting" in said[0]
    with hold(db, 60) as other:
        start = time.monotonic()
        with pytest.raises(LockedError), writer_lock(db, wait_seconds=0.3):
            pass
        assert time.monotonic() - start >= 0.3
        other.kill()


def test_a_killed_run_does_not_block(tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    other = hold(db, 60)
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert (tmp_path / "pesco.db.lock.json").exists()
    with writer_lock(db):
        pass


def test_threads_of_one_process_exclude_each_other_too(tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    refused: list[BaseException] = []

    def try_it() -> None:
        try:
            with writer_lock(db):
                pass
        except LockedError as error:
            refused.append(error)

    with writer_lock(db):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert len(refused) == 1
