"""Where reading processes come from: a server that has everything loaded, from which each is forked.

The server can be started before anything else is known of a run (``start_early``), so that it loads while the run is
planned. This module loads nothing but the standard library. On Windows, which has no fork, each process starts afresh.
"""

import os
import sys
import threading
import types
from multiprocessing import context as mp_context
from typing import Literal

Work = Literal["pdf", "kept"]
"""What a process will read: PDFs, or kept pages only, for which half of the modules need not be loaded."""
_PRELOAD: dict[str, str] = {"pdf": "pipeline.warm_pdf", "kept": "pipeline.warm"}
_main_lock = threading.Lock()


def start_early(work: Work) -> None:
    """Start the server that reading processes will be forked from, if it does not run yet; do not wait for it."""
    if sys.platform != "win32":
        from multiprocessing.forkserver import ensure_running  # noqa: PLC0415 - there is none on Windows

        process_context(_PRELOAD[work])
        ensure_running()


def preload_for(work: Work) -> str:
    """Return the module whose import loads all that a kind of work needs."""
    return _PRELOAD[work]


def process_context(preload: str) -> mp_context.BaseContext:
    """Return how processes start; the server imports ``preload`` unless it runs already."""
    # One thread per process: the processes are the parallelism. Read by numpy's libraries when they are loaded.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    if sys.platform == "win32":
        return _BareSpawnContext()
    context = _BareForkServerContext()
    context.set_forkserver_preload([preload])
    return context


class _Bare:
    """Starts a process that does not import this one's main module, be it Prefect's or a test runner's."""

    def start(self) -> None:
        """Start with an empty main module in place of the real one, for the moment in which it is looked at."""
        with _main_lock:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = types.ModuleType("__main__")
            try:
                super().start()  # type: ignore[misc]
            finally:
                sys.modules["__main__"] = main


class _BareSpawnProcess(_Bare, mp_context.SpawnProcess):
    """A process started afresh."""


class _BareSpawnContext(mp_context.SpawnContext):
    """Starts bare processes."""

    Process = _BareSpawnProcess


if sys.platform != "win32":

    class _BareForkServerProcess(_Bare, mp_context.ForkServerProcess):
        """A process forked from the server."""

    class _BareForkServerContext(mp_context.ForkServerContext):
        """Starts bare processes."""

        Process = _BareForkServerProcess
