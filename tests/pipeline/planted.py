"""What a hostile file may do to the process that reads it: its first word says which. Runs in a child process."""

import ctypes
import errno
import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from extractors.reader.read_errors import ReadError, ReadReason
from models.errors import LayoutError, RuleError
from models.extraction import Extraction
from pipeline.work import Job
from tests.pipeline.made_documents import make_extraction

if os.environ.get("BREAK_GUARD"):
    import tests.pipeline.broken_guards  # noqa: F401 - importing it throws the switch


class UnpicklableError(Exception):
    """An error that cannot cross to another process."""

    def __init__(self) -> None:
        super().__init__("cannot be pickled")
        self.baggage = lambda: None


class SpeechlessError(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError("no words")


def hang() -> None:
    while True:
        time.sleep(60)


def hang_in_c() -> None:
    re.match(r"(a+)+$", "a" * 60 + "b")


def hang_deaf() -> None:
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    hang()


def allocate() -> None:
    hoard = []
    while True:
        hoard.append(bytearray(64 << 20))


def allocate_at_once() -> None:
    bytearray(10 << 30)


def print_garbage() -> None:
    for stream in (1, 2):
        os.write(stream, b"\x80\x04\x95garbage\x1b[2J\n" * 1000)
    sys.stdout.write("garbage\n" * 1000)
    sys.stdout.flush()


def raise_(error: BaseException) -> None:
    raise error


def recurse() -> None:
    recurse()


def kill_parent() -> None:
    """Kill the process that runs the pool: not for runs on one machine."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    assert parent.pid is not None
    os.kill(parent.pid, signal.SIGKILL)
    time.sleep(60)


def busy_once() -> None:
    """Fail as a share does that is busy, the first time only."""
    if not _WAS_BUSY:
        _WAS_BUSY.append(True)
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")


_WAS_BUSY: list[bool] = []
DEEDS: dict[str, Callable[[], None]] = {
    "good": lambda: None,
    "slow": lambda: time.sleep(0.05),
    "hang": hang,
    "hang_in_c": hang_in_c,
    "hang_deaf": hang_deaf,
    "allocate": allocate,
    "allocate_at_once": allocate_at_once,
    "exit_0": lambda: os._exit(0),
    "exit_1": lambda: os._exit(1),
    "system_exit": lambda: sys.exit(0),
    "sigkill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: ctypes.string_at(0) and None,
    "kill_parent": kill_parent,
    "garbage": print_garbage,
    "unpicklable": lambda: raise_(UnpicklableError()),
    "speechless": lambda: raise_(SpeechlessError()),
    "interrupt": lambda: raise_(KeyboardInterrupt()),
    "recurse": recurse,
    "encrypted": lambda: raise_(ReadError(ReadReason.ENCRYPTED, "no password")),
    "layout": lambda: raise_(LayoutError("never seen")),
    "busy": lambda: raise_(OSError(errno.ESTALE, "Stale file handle")),
    "busy_once": busy_once,
    "rule_error": lambda: raise_(RuleError("rules.yml, line 3: no such key")),
}


def read_planted(job: Job) -> tuple[Extraction, str]:
    """Do what the file says, then give a document whose size it names."""
    word, _, rest = Path(job.location).read_text(encoding="utf-8").partition(" ")
    DEEDS[word]()
    pages = int(rest.split()[0]) if rest.split() else 1
    return make_extraction(pages=pages, word=rest.split()[-1] if rest.split() else word), "pdf"
