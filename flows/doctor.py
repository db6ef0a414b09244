"""``pesco doctor``: what ``pipeline.health`` finds, and how Prefect stands, each with what to do.

Prefect's server is asked over HTTP, without loading Prefect. No server is no problem: a run then starts its own.
"""

import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import httpx

from flows import settings
from flows.deployments import TAG, WORK_POOL, Wish, deployments
from flows.terminal import add_row, make_table, open_console, plain, print_json
from pipeline import health
from pipeline.health import Finding, Places, Verdict

LARGE_RECORDS = 2 << 30
_STALE = timedelta(hours=12)
_SECONDS = 5.0


def examine(db: Path, *, as_json: bool) -> int:
    """Print what is found; return 0, or 1 when there is a problem."""
    places = Places(db, tuple(settings.inboxes()), settings.processed_folder(), settings.CHECKOUT / "requirements.lock")
    findings = [*health.examine(places), *examine_prefect()]
    problems = sum(finding.verdict is Verdict.PROBLEM for finding in findings)
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings], "exit_code": int(problems > 0)})
    else:
        _print(findings, problems)
    return int(problems > 0)


def examine_prefect() -> Iterator[Finding]:
    """Yield how Prefect's records and server stand."""
    yield _records(settings.prefect_folder() / "prefect.db")
    url = os.environ.get("PREFECT_API_URL") or settings.running_server()
    if url is None:
        yield Finding("server", Verdict.OK, "none runs; each run starts its own, and `pesco server` a lasting one")
        return
    try:
        with httpx.Client(base_url=url.rstrip("/") + "/", timeout=_SECONDS) as client:
            yield from _server(client, url)
    except (httpx.HTTPError, ValueError) as error:
        advice = "start it (pesco server), or unset PREFECT_API_URL"
        yield Finding("server", Verdict.PROBLEM, f"{url} does not answer: {error}", advice)


def _records(path: Path) -> Finding:
    size = path.stat().st_size if path.is_file() else 0
    said = f"{size / 1e6:.1f} MB of Prefect's records"
    if size > LARGE_RECORDS:
        return Finding("records", Verdict.WARNING, said, f"stop all runs, then delete {path.parent}: it is only a view")
    return Finding("records", Verdict.OK, said)


def _server(client: httpx.Client, url: str) -> Iterator[Finding]:
    """Yield what a server that answers says: its version, workers, deployments, and runs that hang."""
    theirs, ours = _get(client, "admin/version"), version("prefect")
    if theirs == ours:
        yield Finding("server", Verdict.OK, f"Prefect {ours} at {url}")
    else:
        advice = "run the same version on both sides: make setup, on the machine with the older one"
        yield Finding("server", Verdict.WARNING, f"the server has Prefect {theirs}, this machine {ours}", advice)
    yield _workers(client)
    yield _deployments(client)
    yield _runs(client)


def _workers(client: httpx.Client) -> Finding:
    answer = client.post(f"work_pools/{WORK_POOL}/workers/filter", json={})
    if answer.status_code == httpx.codes.NOT_FOUND:
        return Finding("worker", Verdict.WARNING, f"there is no work pool {WORK_POOL}", "pesco schedule makes it")
    online = [worker["name"] for worker in answer.raise_for_status().json() if worker.get("status") == "ONLINE"]
    if online:
        return Finding("worker", Verdict.OK, f"{', '.join(sorted(online))} takes runs")
    advice = f"pesco server, or on another machine: prefect worker start --pool {WORK_POOL}"
    return Finding("worker", Verdict.PROBLEM, "no worker takes runs, so none will start by itself", advice)


def _deployments(client: httpx.Client) -> Finding:
    found = {str(one["name"]): one for one in _post(client, "deployments/filter", {"limit": 200})}
    missing = [one.name for one in deployments(Wish()) if one.name not in found]
    if missing:
        return Finding("deployments", Verdict.WARNING, f"not there: {', '.join(missing)}", "pesco schedule")
    paused = sorted(name for name, one in found.items() if one.get("paused"))
    if paused:
        return Finding("deployments", Verdict.WARNING, f"paused: {', '.join(paused)}", "resume them on Prefect's page")
    return Finding("deployments", Verdict.OK, f"{', '.join(sorted(found))}")


def _runs(client: httpx.Client) -> Finding:
    before = (datetime.now(UTC) - _STALE).isoformat()
    wanted = {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}, "tags": {"all_": [TAG]}}
    stale = _post(client, "flow_runs/filter", {"flow_runs": {**wanted, "start_time": {"before_": before}}, "limit": 50})
    if not stale:
        return Finding("stale runs", Verdict.OK, "none")
    names = ", ".join(sorted({str(run["name"]) for run in stale}))
    advice = "look at them on Prefect's page; cancel what has no process any more"
    return Finding("stale runs", Verdict.WARNING, f"under way for more than 12 hours: {names}", advice)


def _get(client: httpx.Client, path: str) -> object:
    return client.get(path).raise_for_status().json()


def _post(client: httpx.Client, path: str, wanted: dict[str, object]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.post(path, json=wanted).raise_for_status().json()
    return found


def _print(findings: list[Finding], problems: int) -> None:
    console = open_console()
    table = make_table("check", "", "what was seen", "what to do")
    for finding in findings:
        add_row(table, finding.check, finding.verdict, finding.said, finding.advice)
    console.print(table)
    said = "all is well" if not problems else f"{problems} problem{'s' if problems > 1 else ''} to mend"
    console.print(plain(said))
