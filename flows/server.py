"""The Prefect server behind a run: the one that is configured, or one that lives as long as the run.

``server_ready`` says clearly when neither can be had. ``drain`` waits until a short-lived server has written down the
task runs: it keeps up with some 20 a second, and would lose the rest when the process ends.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from models.errors import PescoError

DRAIN_SECONDS = 60.0
TERMINAL_STATES = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]


@contextmanager
def server_ready() -> Iterator[bool]:
    """Run a flow inside, and tell whether the server is one of our own that ends with it.

    Raises ``PescoError`` when the configured server does not answer or none can be started.

    With a server of our own there is nobody to watch for heartbeats, and their thread would take a second to end.
    """
    url = PREFECT_API_URL.value()
    if url is None:
        with _own_server(), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            yield True
        return
    with get_client(sync_client=True) as client:
        if (problem := client.api_healthcheck()) is not None:
            raise PescoError(
                f"the Prefect server at {url} does not answer ({problem}); "
                "start it, unset PREFECT_API_URL, or use --direct"
            )
    yield False


@contextmanager
def _own_server() -> Iterator[None]:
    """Start the server before the flow, so that its failure is not taken for the flow's."""
    try:
        with get_client(sync_client=True):
            pass
    except RuntimeError as error:
        raise PescoError(f"Prefect's own server did not start ({error}); run again, or use --direct") from error
    yield


def drain(flow_run_id: UUID | None, n_task_runs: int) -> None:
    """Wait, a minute at most, until a server of our own has recorded the task runs; a lasting one needs no waiting."""
    if flow_run_id is None:
        return
    wanted = {
        "flow_runs": {"id": {"any_": [str(flow_run_id)]}},
        "task_runs": {"state": {"type": {"any_": TERMINAL_STATES}}},
    }
    deadline = time.monotonic() + DRAIN_SECONDS
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            recorded = client._client.post("/task_runs/count", json=wanted).json()
            if recorded >= n_task_runs:
                return
            time.sleep(0.1)
