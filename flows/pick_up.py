"""Runs whose process has died, put back so that a worker runs them again; and runs ended when the server stops.

A worker that is killed leaves its runs as running for ever in Prefect's records. Its flow may still be at work, as a
process without parent: such a run is left alone. One whose process is gone, or that its worker saw crash, is scheduled
anew under the same name and parameters, so that it goes on where it stopped: what was loaded is known by its hash.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas import State
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Scheduled

from flows.deployments import TAG

# How often a run is tried in all: one that kills its process each time must not do so for ever.
MAX_ATTEMPTS = 3
# Older runs are left: the next one of their deployment has done their work.
MAX_AGE = timedelta(days=1)
# How long a run may be between being taken and having a process, and how long an old number of a process may stand.
SETTLE = timedelta(seconds=10)
UNBORN = timedelta(seconds=120)
STOP_SECONDS = 20.0
_WORKER_LABEL = "prefect.worker.name"


def pick_up_dead_runs(url: str, worker: str) -> list[str]:
    """Schedule this worker's dead runs, and all crashed ones, again; return their names.

    ``url`` is the address of Prefect's API. A server that does not answer just now gives an empty list.
    """
    picked: list[str] = []
    with contextlib.suppress(httpx.HTTPError, ObjectNotFound), _client(url) as client:
        for run in _runs(client, StateType.RUNNING, StateType.PENDING, StateType.CRASHED):
            if run.run_count < MAX_ATTEMPTS and is_dead(run, worker, datetime.now(UTC)):
                again: State[object] = Scheduled(name="AwaitingRetry", message="its process died; it is run again")
                client.set_flow_run_state(run.id, again)
                picked.append(run.name)
    return picked


def is_dead(run: FlowRun, worker: str, now: datetime) -> bool:
    """Tell whether a run has crashed, or was under way in a process of this worker that is no more."""
    if run.state is None or run.deployment_id is None or now - run.state.timestamp < SETTLE:
        return False
    if run.state.type is StateType.CRASHED:
        return True
    if run.labels.get(_WORKER_LABEL) != worker:
        return False
    if run.infrastructure_pid is None:
        return now - run.state.timestamp > UNBORN
    return not is_alive(run)


def is_alive(run: FlowRun) -> bool:
    """Tell whether the process of a run is alive; its number may have gone to another process since."""
    try:
        process = int(run.infrastructure_pid or "")
    except ValueError:
        return True
    environment = Path(f"/proc/{process}/environ")
    try:
        os.kill(process, 0)
        if environment.exists():
            return str(run.id).encode() in environment.read_bytes()
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's process: not ours
        return False
    except OSError:
        return True
    return True


def end_runs_under_way(url: str, worker: str) -> None:
    """Ask the processes of this worker's runs to end, and wait; what they loaded until then stays."""
    with contextlib.suppress(httpx.HTTPError), _client(url) as client:
        alive = [run for run in _runs(client, StateType.RUNNING) if run.labels.get(_WORKER_LABEL) == worker]
        for run in alive:
            if is_alive(run):
                with contextlib.suppress(ProcessLookupError, ValueError):
                    os.kill(int(run.infrastructure_pid or ""), signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(is_alive(run) for run in alive):
            time.sleep(0.1)


def _runs(client: SyncPrefectClient, *states: StateType) -> list[FlowRun]:
    """Return the product's runs of the last day that are in one of these states."""
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))),
            tags=FlowRunFilterTags(all_=[TAG]),
            expected_start_time=FlowRunFilterExpectedStartTime(after_=datetime.now(UTC) - MAX_AGE),  # type: ignore[arg-type]
        ),
        limit=200,
    )


@contextlib.contextmanager
def _client(url: str) -> Iterator[SyncPrefectClient]:
    """Give a client of the server at an address."""
    with temporary_settings({PREFECT_API_URL: url}), get_client(sync_client=True) as client:
        yield client
