"""How much of Prefect's own records is kept: they are a view, and the product's table ``runs`` is the record.

Two bounds hold together: a number of days and a number of runs. A server that lasts also deletes by itself what is
older, with logs and artifacts (``server_retention``); ``trim_records`` keeps to the number, and is all that a server
which lives as long as a run has, as that one writes no events down.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from flows.settings import KEEP_RUNS

KEEP_DAYS = 30
EVENT_DAYS = 2
_PAGE = 200
_ENDED = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]


def server_retention() -> dict[str, str]:
    """Return the settings that let a lasting server delete old runs, their logs and artifacts, and old events."""
    day = 24 * 3600
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEEP_DAYS * day),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{EVENT_DAYS}D",
    }


def trim_records(url: str | None = None, *, keep_runs: int = KEEP_RUNS, keep_days: int = KEEP_DAYS) -> int:
    """Delete records of ended runs beyond the newest ``keep_runs`` or older than ``keep_days``; return how many.

    ``url`` is the address of Prefect's API, or ``None`` for the server that this process uses. A server that does not
    answer is left for the next time.
    """
    gone = 0
    with contextlib.suppress(httpx.HTTPError), _connection(url) as connection:
        while batch := _oldest(connection, keep_runs, keep_days):
            for run in batch:
                _delete_run(connection, run)
                gone += 1
    return gone


def _oldest(connection: httpx.Client, keep_runs: int, keep_days: int) -> list[UUID]:
    """Return some ended runs to delete: beyond the number, or too old."""
    ended = {"state": {"type": {"any_": _ENDED}}}
    limit = {"sort": "EXPECTED_START_TIME_DESC", "limit": _PAGE}
    before = (datetime.now(UTC) - timedelta(days=keep_days)).isoformat()
    for wanted in (
        {"flow_runs": ended, **limit, "offset": keep_runs},
        {"flow_runs": {**ended, "end_time": {"before_": before}}, **limit},
    ):
        answer = connection.post("/flow_runs/filter", json=wanted)
        answer.raise_for_status()
        if found := [UUID(run["id"]) for run in answer.json()]:
            return found
    return []


def _delete_run(connection: httpx.Client, run: UUID) -> None:
    """Delete a run with its task runs, logs and artifacts; Prefect forgets the artifacts when it deletes a run."""
    artifacts = connection.post(
        "/artifacts/filter", json={"artifacts": {"flow_run_id": {"any_": [str(run)]}}, "limit": _PAGE}
    )
    artifacts.raise_for_status()
    for artifact in artifacts.json():
        connection.delete(f"/artifacts/{artifact['id']}")
    connection.delete(f"/flow_runs/{run}").raise_for_status()


@contextlib.contextmanager
def _connection(url: str | None) -> Iterator[httpx.Client]:
    """Give a connection to a server's API."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({} if url is None else {PREFECT_API_URL: url}), get_client(sync_client=True) as client:
        yield client._client
