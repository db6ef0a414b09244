"""A real Dask scheduler and real workers, each a process of its own on 127.0.0.1, as an operator starts them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

ROOT = Path(__file__).parents[2]


class Processes:
    """A scheduler and its workers; ``address`` is the scheduler's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._started: list[subprocess.Popen[bytes]] = []
        words = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0")
        self.scheduler = self._start("scheduler", *words)
        with Client(scheduler_file=str(self._file), set_as_default=False, timeout=60) as client:
            self.address: str = client.scheduler.address

    def add_worker(self, *words: str, preload: str = "") -> None:
        """Start a worker with its nanny and wait until it can be given work."""
        if preload:
            words = (*words, "--preload", preload)
        with Client(self.address, set_as_default=False) as client:
            number = len(client.nthreads()) + 1
            words = ("--host", "127.0.0.1", "--nthreads", "1", "--local-directory", str(self._folder), *words)
            self._start("worker", *words)
            client.wait_for_workers(number, timeout=60)

    def pids(self) -> list[int]:
        """The processes that work, not their nannies."""
        with Client(self.address, set_as_default=False) as client:
            return list(client.run(os.getpid).values())

    def stop(self) -> None:
        """End all, the workers first."""
        for process in reversed(self._started):
            process.terminate()
        for process in self._started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, what: str, *words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self._file), *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        log = (self._folder / f"{what}-{len(self._started)}.log").open("wb")
        with log:
            process = subprocess.Popen(command, cwd=self._folder, env=environment, stdout=log, stderr=log)
        self._started.append(process)
        return process


@contextmanager
def dask_processes(folder: Path) -> Iterator[Processes]:
    """Give a scheduler without workers; everything ends with the context."""
    folder.mkdir(parents=True, exist_ok=True)
    processes = Processes(folder)
    try:
        yield processes
    finally:
        processes.stop()
