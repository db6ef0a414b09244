"""``pesco server``: Prefect's server and one worker on this machine, watched, and ended together.

What they know lies in the project, below ``data/processed/prefect``. A worker or server that dies is started again;
runs that died with a worker are put back to be run again (``flows.pick_up``); old records are deleted
(``flows.retention``).
"""

import json
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows import settings
from flows.children import Child
from flows.deployments import WORK_POOL
from flows.ports import HOST, find_free_port, is_free
from flows.retention import server_retention
from flows.terminal import plain
from models.errors import PescoError
from pipeline.store.load import utc_now

START_SECONDS = 180.0
TICK_SECONDS = 2.0
RETENTION_SECONDS = 3600.0
LOG_BYTES = 10 << 20
# A child that has run this long counts as well; one that dies sooner is started again later and later.
_STEADY_SECONDS = 60.0
_LONGEST_PAUSE = 60.0


@dataclass(slots=True)
class Kept:
    """A child that is started again when it ends: its command, the child, and when it may be started next."""

    name: str
    arguments: tuple[str, ...]
    child: Child | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """The two children and what they need. ``stopping`` is set by a signal, ``keep_runs`` is how many ended runs stay
    on record."""

    port: int
    folder: Path
    environment: dict[str, str]
    keep_runs: int = settings.KEEP_RUNS
    stopping: threading.Event = field(default_factory=threading.Event)
    kept: list[Kept] = field(default_factory=list)
    cleaned: float = 0.0

    @property
    def url(self) -> str:
        """Where Prefect's API answers."""
        return f"http://{HOST}:{self.port}/api"


def serve(port: int | None, *, default_port: int) -> None:
    """Run server and worker until SIGINT or SIGTERM; raises ``PescoError`` when they cannot be started.

    A named port must be free; without one, any free one does.
    """
    if (running := settings.running_server()) is not None:
        raise PescoError(f"a server of this project already runs at {running.removesuffix('/api')}/")
    port = _choose_port(port, default_port)
    supervisor = Supervisor(port, settings.prefect_folder(), {}, settings.kept_runs())
    supervisor.folder.mkdir(parents=True, exist_ok=True)
    supervisor.environment = child_environment(os.environ, supervisor.folder, supervisor.url)
    with ExitStack() as stack:
        stack.enter_context(_stopped_by_signals(supervisor.stopping))
        stack.callback(_stop_all, supervisor)
        _start(supervisor, ("server", "start", "--host", HOST, "--port", str(port)))
        _wait_until_ready(supervisor)
        stack.enter_context(_note(supervisor.url))
        if not supervisor.stopping.is_set():
            _start(supervisor, ("worker", "start", "--pool", WORK_POOL, "--type", "process", "--name", worker_name()))
            _say(f"Prefect is at http://{HOST}:{port}/ and a worker takes its runs, until you press Ctrl+C")
            _say(f"Their logs are in {supervisor.folder}; `pesco schedule` sets up what runs by itself")
        while not supervisor.stopping.wait(TICK_SECONDS):
            _tick(supervisor)


def worker_name() -> str:
    """Return the name of this machine's worker."""
    return f"pesco-{socket.gethostname()}"


def child_environment(base: Mapping[str, str], folder: Path, url: str) -> dict[str, str]:
    """Return what server and worker are told: where they keep things, where they listen, and whom they never call.

    What the caller's environment says of Prefect stays, but for addresses and the folder. Leases of concurrency slots
    go to files, as slots held in the memory of a server that was killed would never be free again. A page on another
    port than Prefect's usual one must be told where its API is. No page but its own may use it from a browser: what
    can make deployments can run programs.
    """
    wanted = {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "60",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        **server_retention(),
    }
    forced = {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "true",  # automations and the page need events
        "PREFECT_API_URL": url,
        "PREFECT_SERVER_UI_API_URL": url,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": url.removesuffix("/api"),
        "PESCO_HOME": str(settings.project_folder()),
        "PYTHONUNBUFFERED": "1",
    }
    return {**wanted, **base, **forced}


def _choose_port(port: int | None, default_port: int) -> int:
    if port is None:
        return default_port if is_free(default_port) else find_free_port()
    if not is_free(port):
        raise PescoError(f"port {port} is taken; name another with --port, or leave it out")
    return port


def _start(supervisor: Supervisor, arguments: tuple[str, ...]) -> None:
    kept = Kept(arguments[0], arguments)
    supervisor.kept.append(kept)
    _launch(supervisor, kept)


def _launch(supervisor: Supervisor, kept: Kept) -> None:
    log = supervisor.folder / f"{kept.name}.log"
    if log.is_file() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    kept.child = Child(kept.name, kept.arguments, supervisor.environment, log)
    kept.started = time.monotonic()


def _wait_until_ready(supervisor: Supervisor) -> None:
    """Wait for the server's first answer; raises ``PescoError`` when it ends or does not come."""
    deadline = time.monotonic() + START_SECONDS
    while not supervisor.stopping.is_set():
        if answers(supervisor.url):
            return
        child = supervisor.kept[0].child
        if child is None or child.exit_code is not None or time.monotonic() > deadline:
            raise PescoError(f"Prefect's server did not start; {supervisor.folder / 'server.log'} says why")
        supervisor.stopping.wait(0.2)


def answers(url: str, seconds: float = 2.0) -> bool:
    """Tell whether a Prefect server answers at an address, e.g. ``http://127.0.0.1:4200/api``."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def _tick(supervisor: Supervisor) -> None:
    """Start again what has died, pick up the runs it took along, and now and then delete old records."""
    now = time.monotonic()
    for kept in supervisor.kept:
        _revive(supervisor, kept, now)
    if not answers(supervisor.url):
        return
    from flows.pick_up import pick_up_dead_runs
    from flows.retention import trim_records

    for name in pick_up_dead_runs(supervisor.url, worker_name()):
        _say(f"{name} died with its process and is run again")
    if now - supervisor.cleaned > RETENTION_SECONDS or not supervisor.cleaned:
        supervisor.cleaned = now
        trim_records(supervisor.url, keep_runs=supervisor.keep_runs)


def _revive(supervisor: Supervisor, kept: Kept, now: float) -> None:
    """Start a dead child again, at once the first time, then after longer and longer pauses."""
    if kept.child is not None and (code := kept.child.exit_code) is not None:
        kept.deaths = 1 if now - kept.started > _STEADY_SECONDS else kept.deaths + 1
        kept.not_before = now + min(_LONGEST_PAUSE, 2.0 ** (kept.deaths - 1) - 1)
        kept.child.stop(0)
        kept.child = None
        _say(f"Prefect's {kept.name} ended with {code} and is started again; its log is {kept.name}.log")
    if kept.child is None and now >= kept.not_before:
        _launch(supervisor, kept)


def _stop_all(supervisor: Supervisor) -> None:
    """End the worker, with the runs it has under way, then the server."""
    from flows.pick_up import end_runs_under_way

    if len(supervisor.kept) > 1 and answers(supervisor.url):
        end_runs_under_way(supervisor.url, worker_name())
    for kept in reversed(supervisor.kept):
        if kept.child is not None:
            kept.child.stop()


@contextmanager
def _note(url: str) -> Iterator[None]:
    """Say where the server is, for other commands of this project, as long as it runs."""
    path = settings.server_note()
    note = {"url": url, "pid": os.getpid(), "host": socket.gethostname(), "started": utc_now()}
    path.write_text(json.dumps(note), encoding="utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _stopped_by_signals(stopping: threading.Event) -> Iterator[None]:
    """Let SIGINT and SIGTERM set an event; a second one does no more."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: stopping.set())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(sentence: str) -> None:
    with suppress(BrokenPipeError):
        sys.stderr.write(plain(sentence) + "\n")
        sys.stderr.flush()
