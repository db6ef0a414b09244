"""What passes by itself is tried again, what does not is not."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import BusyError
from pipeline.patience import answered, patiently
from pipeline.store.failures import StorageError, storage_errors


class Flaky:
    """Raises these errors one after the other, then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def __call__(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "here"


@pytest.fixture
def slept() -> list[float]:
    return []


def busy(number: int = errno.ESTALE) -> OSError:
    return OSError(number, "busy")


def test_a_busy_share_is_asked_again_after_pauses(slept: list[float]) -> None:
    assert answered(Flaky(busy(), busy(errno.ETIMEDOUT)), (1.0, 2.0, 3.0), slept.append) == "here"
    assert slept == [1.0, 2.0]


def test_a_share_that_stays_busy_is_given_up(slept: list[float]) -> None:
    with pytest.raises(OSError, match="busy"):
        answered(Flaky(*(busy() for _ in range(4))), (1.0, 2.0, 3.0), slept.append)
    assert slept == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EIO])
def test_what_does_not_pass_is_raised_at_once(number: int, slept: list[float]) -> None:
    with pytest.raises(OSError, match="busy"):
        answered(Flaky(busy(number)), (1.0,), slept.append)
    assert slept == []


def test_a_run_is_tried_again_and_says_so(slept: list[float]) -> None:
    said: list[str] = []
    assert patiently(Flaky(BusyError("locked")), said.append, (10.0,), slept.append) == "here"
    assert (said, slept) == (["locked; trying again in 10 s"], [10.0])


def test_a_run_that_fails_for_good_is_not(slept: list[float]) -> None:
    with pytest.raises(StorageError):
        patiently(Flaky(StorageError("the disk is full")), print, (10.0,), slept.append)
    assert slept == []


def locked(path: Path) -> None:
    """Wait in vain for a database that another program writes to."""
    with sqlite3.connect(path) as holder, sqlite3.connect(path, timeout=0) as other:
        holder.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def absent(path: Path) -> None:
    raise busy(errno.EHOSTUNREACH)


@pytest.mark.parametrize("fail", [locked, absent])
def test_locked_and_absent_databases_pass(fail: Callable[[Path], None], tmp_path: Path) -> None:
    with pytest.raises(BusyError), storage_errors(tmp_path / "x.db"):
        fail(tmp_path / "x.db")


def test_a_full_disk_does_not_pass(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught, storage_errors(tmp_path):
        raise busy(errno.ENOSPC)
    assert not isinstance(caught.value, BusyError)
