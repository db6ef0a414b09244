"""Long-lived child processes that never outlive their parent: Prefect's server and worker under ``pesco server``.

Each child holds the reading end of a pipe whose writing end only the parent has. However the parent ends, the pipe
closes, and the child ends itself and all that it started.
"""

import contextlib
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 20.0
_CHECKOUT = Path(__file__).resolve().parents[1]


class Child:
    """A process of ``python -m prefect ...`` in a session of its own, so that Ctrl+C reaches its parent only."""

    def __init__(self, name: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.children", *arguments],
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**environment, "PYTHONPATH": _python_path(environment)},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended, or ``None`` while it runs."""
        return self._process.poll()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to end, wait, and end what is left of its group."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        _kill_group(self._process.pid)
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


def _python_path(environment: Mapping[str, str]) -> str:
    """Return a path on which this program's packages are found from any folder."""
    known = environment.get("PYTHONPATH")
    return os.pathsep.join([str(_CHECKOUT), known] if known else [str(_CHECKOUT)])


def _kill_group(leader: int) -> None:
    """End all processes of a session that this program made."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _end_with_parent() -> None:
    """Wait until the parent is gone, ask this process to end, and end its group when it does not."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(STOP_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    """Run Prefect's command line in this process, for as long as the parent lives."""
    threading.Thread(target=_end_with_parent, daemon=True, name="end-with-parent").start()
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
