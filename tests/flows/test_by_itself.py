"""The project runs by itself: a real Prefect server and worker, a schedule, runs on demand, kills, and a clean end."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from flows.ports import find_free_port
from flows.retention import trim_records
from pipeline.store.invariants import find_violations
from pipeline.store.kept import kept_files

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("prefect"),
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks up child processes in /proc"),
]
COPIES = 2
OLD_EVENT = "pesco.old"
# Runs of the weekly check that the server has planned ahead, at most.
SCHEDULED = 100
PATIENCE = 180.0


@dataclass
class Project:
    """A project folder of its own, its environment, and its ``pesco server``."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "PESCO"))}
        return {**inherited, "PESCO_HOME": str(self.home), "PYTHONPATH": str(Path(__file__).resolve().parents[2])}

    @property
    def db(self) -> Path:
        return self.home / "data" / "processed" / "pesco.db"

    @property
    def note(self) -> Path:
        return self.home / "data" / "processed" / "prefect" / "server.json"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def pesco(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flows.cli", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self) -> None:
        """Start server and worker and wait until both are at work."""
        command = [sys.executable, "-m", "flows.cli", "server", "--port", str(self.port)]
        with (self.home / "server.out").open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, cwd=self.home, stdout=log, stderr=log)
        wait_for(lambda: self.note.is_file() and len(self.children()) == 2, "server and worker")

    def children(self) -> list[int]:
        """The processes of server and worker, in the order in which they were started."""
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return sorted(int(number) for number in tasks.read_text().split()) if tasks.exists() else []

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal to ``pesco server`` and return how it ended."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def post(self, path: str, wanted: dict[str, object]) -> httpx.Response:
        """Ask Prefect's API; on a busy machine its database may be locked for a moment, which it says with 503."""
        for _ in range(5):
            answer = httpx.post(f"{self.url}/{path}", json=wanted, timeout=60)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(2)
        return answer

    def runs(self, deployment: str) -> list[dict[str, object]]:
        wanted = {"deployments": {"name": {"any_": [deployment]}}, "sort": "START_TIME_DESC"}
        found: list[dict[str, object]] = self.post("flow_runs/filter", wanted).raise_for_status().json()
        return found

    def start_run(self, deployment: str, request: dict[str, object]) -> httpx.Response:
        identifier = httpx.get(f"{self.url}/deployments/name/{deployment}").raise_for_status().json()["id"]
        return self.post(f"deployments/{identifier}/create_flow_run", {"parameters": {"request": request}})

    def run(self, identifier: str) -> dict[str, object]:
        wanted = {"flow_runs": {"id": {"any_": [identifier]}}}
        found: list[dict[str, object]] = self.post("flow_runs/filter", wanted).raise_for_status().json()
        return found[0]

    def wait_for_end(self, identifier: str) -> dict[str, object]:
        ends = ("COMPLETED", "FAILED", "CANCELLED")
        wait_for(lambda: self.run(identifier)["state_type"] in ends, f"the end of run {identifier}")
        return self.run(identifier)

    def wait_until_reading(self) -> int:
        """Wait until the run that was started last has read a document; return its number in the ledger."""
        pages = self.db.parent / "pages"

        def has_read() -> bool:
            row = self.ask("SELECT id, started FROM runs WHERE status = 'running'")
            if not row:
                return False
            started = datetime.fromisoformat(str(row[0][1])).timestamp()
            return any(path.stat().st_mtime > started + 1 for path in kept_files(pages) if path.exists())

        wait_for(has_read, "the first document")
        return int(str(self.ask("SELECT max(id) FROM runs")[0][0]))

    def count(self, table: str, condition: str = "1") -> int:
        """Count rows of Prefect's own records."""
        with closing(sqlite3.connect(self.note.with_name("prefect.db"), timeout=30)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0])

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        if not self.db.is_file():
            return []
        with closing(sqlite3.connect(self.db, timeout=30)) as connection:
            return connection.execute(sql, values).fetchall()


def wait_for(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.1)


def is_gone(group: int) -> bool:
    """Tell whether no process of a session that a child made is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(scope="module")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project with some two dozen documents, its server and worker at work, its schedule every few seconds."""
    home = tmp_path_factory.mktemp("by itself")
    inbox = home / "data" / "raw"
    inbox.mkdir(parents=True)
    for pdf in sorted((root / "data" / "raw").glob("*.pdf")):
        for number in range(COPIES):
            (inbox / f"{pdf.stem}-{number}.pdf").write_bytes(pdf.read_bytes() + b"\n%" + bytes(str(number), "ascii"))
    (inbox / "<img src=x>[a](b)|`c`_d_.pdf").write_text("no PDF")
    project = Project(home, find_free_port())
    project.start()
    try:
        yield project
    finally:
        if project.process is not None and project.process.poll() is None:
            project.stop()


def test_a_schedule_fires_and_reads_the_inbox(project: Project) -> None:
    done = project.pesco("schedule", "--every", "5", "--if-running", "skip")
    assert (done.returncode, done.stderr) == (0, "")
    assert "every 5 s" in done.stdout
    wait_for(
        lambda: any(run["state_name"] == "CompletedWithQuarantine" for run in project.runs("nightly")), "a first run"
    )
    assert project.pesco("schedule", "--nightly", "off").returncode == 0
    assert project.ask("SELECT count(*) FROM documents WHERE status = 'loaded'") == [(6 * COPIES,)]
    wait_for(lambda: not project.ask("SELECT 1 FROM runs WHERE status = 'running'"), "the end of all runs")


def test_a_run_on_demand_does_what_its_parameters_say_and_shows_it(project: Project) -> None:
    path = str(project.home / "data" / "raw" / "factsheet-0.pdf")
    started = project.start_run("pesco-ingest/on-demand", {"paths": [path], "again": "rules", "db": str(project.db)})
    run = project.wait_for_end(started.raise_for_status().json()["id"])
    assert run["state_name"] == "Completed"
    assert re.fullmatch(r"ingest-\d{4}-\d\d-\d\d-factsheet-0.pdf-again", str(run["name"]))
    assert set(run["tags"]) >= {"pesco", "ingest"}  # type: ignore[call-overload]
    assert project.ask("SELECT files, documents FROM runs ORDER BY id DESC LIMIT 1") == [(1, 1)]
    wanted = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    states = [task["state_type"] for task in project.post("task_runs/filter", wanted).json()]
    assert states == ["COMPLETED"]
    shown = {one["key"]: one for one in project.post("artifacts/filter", wanted).json()}
    assert set(shown) == {"pesco-progress", "pesco-outcomes"}  # nothing was found otherwise than before
    assert shown["pesco-progress"]["data"] == 100


def test_a_dry_run_shows_what_would_change_and_writes_nothing(project: Project) -> None:
    (project.home / "new").mkdir()
    (project.home / "new" / "one.pdf").write_bytes(
        (project.home / "data" / "raw" / "factsheet-0.pdf").read_bytes() + b"\n"
    )
    before = project.ask("SELECT max(id), count(*) FROM runs")
    request = {"paths": [str(project.home / "new")], "dry_run": True}
    run = project.wait_for_end(project.start_run("pesco-ingest/on-demand", request).raise_for_status().json()["id"])
    assert run["state_name"] == "DryRun"
    found = project.post("artifacts/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}}).json()
    changes = next(one["data"] for one in found if one["key"] == "pesco-changes")
    assert changes.startswith("# This run would change")
    assert " gained" in changes
    assert project.ask("SELECT max(id), count(*) FROM runs") == before


def test_a_run_on_demand_reads_a_kind_of_documents_and_is_named_after_it(project: Project) -> None:
    request = {"selection": {"kind": ["nip"]}, "again": "rules"}
    run = project.wait_for_end(project.start_run("pesco-ingest/on-demand", request).raise_for_status().json()["id"])
    assert run["state_type"] == "COMPLETED"
    assert re.fullmatch(r"ingest-\d{4}-\d\d-\d\d-nip-again", str(run["name"]))
    assert project.ask("SELECT documents FROM runs ORDER BY id DESC LIMIT 1") == [(COPIES,)]


def test_file_names_are_inert_on_the_page(project: Project) -> None:
    started = project.start_run("pesco-ingest/on-demand", {})
    run = project.wait_for_end(started.raise_for_status().json()["id"])
    assert run["state_name"] == "CompletedWithQuarantine"
    found = project.post("artifacts/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}}).json()
    rows = json.loads(next(one["data"] for one in found if one["key"] == "pesco-quarantine"))
    assert [row["reason"] for row in rows] == [r"not\_a\_pdf"]
    assert rows[0]["file"].endswith(r"\<img src\=x\>\[a\]\(b\)\|\`c\`\_d\_\.pdf")


@pytest.mark.parametrize(
    "request_",
    [
        {"selection": {"kind": ["novel"]}},
        {"selection": {"state": ["Finland"]}},
        {"workers": 0},
        {"workers": "many"},
        {"again": "everything"},
        {"paths": "data/raw"},
        {"db": ""},
        {"if_running": "hope"},
        {"no_such_field": 1},
    ],
)
def test_bad_parameters_are_refused_before_there_is_a_run(project: Project, request_: dict[str, object]) -> None:
    before = len(project.runs("on-demand"))
    answer = project.start_run("pesco-ingest/on-demand", request_)
    assert 400 <= answer.status_code < 500
    assert "Validation failed" in answer.json()["detail"]
    assert len(project.runs("on-demand")) == before


def test_the_work_of_a_killed_worker_is_completed(project: Project) -> None:
    started = project.start_run("pesco-ingest/on-demand", {"again": "pages", "workers": 1})
    identifier = started.raise_for_status().json()["id"]
    killed_run = project.wait_until_reading()
    os.killpg(project.children()[1], signal.SIGKILL)
    assert project.ask("SELECT status FROM runs WHERE id = ?", killed_run) == [("running",)], "it ended before the kill"

    run = project.wait_for_end(identifier)
    assert (run["state_name"], run["run_count"]) == ("CompletedWithQuarantine", 2)
    killed, again = project.ask("SELECT status, message FROM runs WHERE id >= ? ORDER BY id", killed_run)
    assert killed == ("failed", "it ended without a word")
    assert again[0] == "completed_with_quarantine"
    assert f"goes on from run {killed_run}" in str(again[1])
    with closing(sqlite3.connect(project.db)) as connection:
        connection.row_factory = sqlite3.Row
        assert find_violations(connection) == []


def test_a_run_from_the_shell_outlives_a_restart_of_the_server(project: Project) -> None:
    command = [sys.executable, "-m", "flows.cli", "ingest", "--again", "pages", "--workers", "1", "--json"]
    run = subprocess.Popen(command, env=project.environment, cwd=project.home, stdout=subprocess.PIPE)
    project.wait_until_reading()
    os.killpg(project.children()[0], signal.SIGKILL)
    out, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == 3
    assert json.loads(out)["documents"] == 6 * COPIES + 1
    wait_for(lambda: len(project.children()) == 2, "the server's restart")


def test_the_full_check_runs_there_too(project: Project) -> None:
    run = project.wait_for_end(project.start_run("pesco-check/weekly", {}).raise_for_status().json()["id"])
    assert run["state_name"] == "Completed"
    assert re.fullmatch(r"check-\d{4}-\d\d-\d\d", str(run["name"]))


def test_the_doctor_finds_server_worker_and_deployments(project: Project) -> None:
    wait_for(lambda: '"verdict": "problem"' not in project.pesco("doctor", "--json").stdout, "a worker's heartbeat")
    found = {one["check"]: one for one in json.loads(project.pesco("doctor", "--json").stdout)["findings"]}
    assert found["worker"]["verdict"] == "ok"
    assert found["deployments"]["said"] == "nightly, on-demand, weekly"


def test_records_stay_bounded(project: Project) -> None:
    flow = httpx.get(f"{project.url}/flows/name/pesco-ingest").json()["id"]
    counts = []
    for _ in range(2):
        for _ in range(30):
            state = {"type": "COMPLETED", "name": "Completed"}
            run = project.post("flow_runs/", {"flow_id": flow, "state": state}).raise_for_status().json()["id"]
            project.post("artifacts/", {"key": "pesco-x", "type": "markdown", "data": "y", "flow_run_id": run})
        assert trim_records(project.url, keep_runs=10) >= 20
        counts.append({table: project.count(table) for table in ("flow_run", "flow_run_state", "artifact", "task_run")})
    assert counts[0] == counts[1]
    assert counts[1]["flow_run"] <= 10 + SCHEDULED
    resource = {"prefect.resource.id": "pesco.test"}
    old = {"event": OLD_EVENT, "resource": resource, "occurred": "2020-01-01T00:00:00Z", "id": str(uuid4())}
    httpx.post(f"{project.url}/events", json=[old], timeout=30).raise_for_status()
    wait_for(lambda: project.count("events", f"event = '{OLD_EVENT}'"), "the record of an event")


def test_pages_of_others_may_not_use_it_from_a_browser(project: Project) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    own = {"Origin": f"http://127.0.0.1:{project.port}", **asked}
    assert httpx.options(f"{project.url}/deployments/filter", headers=own).status_code == 200
    other = httpx.options(f"{project.url}/deployments/filter", headers={"Origin": "http://evil.example", **asked})
    assert other.status_code == 400
    assert "access-control-allow-origin" not in other.headers
    plain = {"Origin": "http://evil.example", "Content-Type": "text/plain"}
    flow = httpx.post(f"{project.url}/flows/", headers=plain, content='{"name": "planted"}')
    assert flow.status_code == 422


def test_a_second_server_of_the_same_project_refuses(project: Project) -> None:
    done = project.pesco("server")
    assert done.returncode == 1
    assert f"already runs at http://127.0.0.1:{project.port}/" in done.stderr


def test_it_ends_cleanly_in_the_middle_of_a_run_and_goes_on_after_a_restart(project: Project) -> None:
    started = project.start_run("pesco-ingest/on-demand", {"again": "pages", "workers": 1})
    identifier = started.raise_for_status().json()["id"]
    project.wait_until_reading()
    groups = project.children()
    assert project.stop() == 0
    assert [group for group in groups if not is_gone(group)] == []
    assert not project.note.exists()
    assert project.ask("SELECT status FROM runs ORDER BY id DESC LIMIT 1") == [("failed",)]

    project.start()
    wait_for(lambda: not project.count("events", f"event = '{OLD_EVENT}'"), "the end of old events")
    run = project.wait_for_end(identifier)
    assert (run["state_name"], run["run_count"]) == ("CompletedWithQuarantine", 2)
    reasons = project.ask("SELECT DISTINCT reason FROM files WHERE status = 'quarantined'")
    assert reasons == [("not_a_pdf",)]


def test_nothing_outlives_a_server_that_is_killed(project: Project) -> None:
    groups = project.children()
    assert project.stop(signal.SIGKILL) == -signal.SIGKILL
    wait_for(lambda: all(is_gone(group) for group in groups), "the end of server and worker", 60)
    assert project.pesco("doctor").returncode == 0  # its note names a process that is gone, and counts as none
