"""One writer per database: a lock beside the file, and a note that says who holds it.

The system takes the lock away from a process that ends in any way, so a lock left behind never blocks. The note
(process, machine, start) is for people only.
"""

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from models.errors import PescoError
from pipeline.names import for_terminal
from pipeline.store.failures import storage_errors
from pipeline.store.load import utc_now

_FOREVER = -1.0
_POLL_SECONDS = 0.1
# Longer than ``is_locked`` holds the lock when it looks whether it is free.
_GLANCE_SECONDS = 0.2


class LockedError(PescoError):
    """Another run writes to the database."""


@contextmanager
def writer_lock(
    database: Path, *, wait_seconds: float = 0.0, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the writer's lock; wait for it up to ``wait_seconds`` (negative: for ever), then raise ``LockedError``.

    ``on_wait`` is called once with a sentence when there is something to wait for.
    """
    lock = FileLock(_lock_path(database))
    with storage_errors(database):
        database.parent.mkdir(parents=True, exist_ok=True)
        _acquire(lock, database, wait_seconds, on_wait)
    try:
        _write_note(database)
        yield
    finally:
        _note_path(database).unlink(missing_ok=True)
        lock.release()


def holder_of(database: Path) -> str:
    """Return in words who holds the lock, as far as the note says."""
    try:
        note = json.loads(_note_path(database).read_text(encoding="utf-8"))
        return f"process {int(note['pid'])} on {for_terminal(str(note['host']))}, running since {note['started']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def is_locked(database: Path) -> bool:
    """Tell whether a run writes to the database now; nothing is made or changed."""
    if not _lock_path(database).exists():
        return False
    lock = FileLock(_lock_path(database))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _acquire(lock: FileLock, database: Path, wait_seconds: float, on_wait: Callable[[str], None] | None) -> None:
    try:
        lock.acquire(timeout=_GLANCE_SECONDS, poll_interval=_GLANCE_SECONDS / 4)
        return
    except Timeout:
        if wait_seconds and on_wait is not None:
            on_wait(f"{holder_of(database)} is writing to {database}; waiting")
    try:
        lock.acquire(timeout=_FOREVER if wait_seconds < 0 else wait_seconds, poll_interval=_POLL_SECONDS)
    except Timeout as error:
        advice = "try again later, or give --wait SECONDS to wait for its end"
        raise LockedError(f"{holder_of(database)} is writing to {database}; {advice}") from error


def _write_note(database: Path) -> None:
    note = {"pid": os.getpid(), "host": socket.gethostname(), "started": utc_now()}
    with storage_errors(database):
        _note_path(database).write_text(json.dumps(note), encoding="utf-8")


def _lock_path(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


def _note_path(database: Path) -> Path:
    return database.with_name(database.name + ".lock.json")
