"""``pesco server`` without a server: what it tells its children, whom it takes for itself, what it refuses."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flows import serve, settings
from flows.ports import find_free_port
from models.errors import PescoError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("PREFECT")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PESCO_HOME", str(tmp_path))
    settings.prefect_folder().mkdir(parents=True)
    return tmp_path


def write_note(**changes: object) -> None:
    note = {"url": "http://127.0.0.1:1/api", "pid": os.getpid(), "host": socket.gethostname(), "started": "now"}
    settings.server_note().write_text(json.dumps({**note, **changes}))


def test_children_call_nobody_and_keep_to_the_project(home: Path) -> None:
    told = serve.child_environment({"PATH": "/bin"}, settings.prefect_folder(), "http://127.0.0.1:77/api")
    assert told["PREFECT_HOME"] == str(home / "data" / "processed" / "prefect")
    assert told["PREFECT_API_URL"] == told["PREFECT_SERVER_UI_API_URL"] == "http://127.0.0.1:77/api"
    assert (told["DO_NOT_TRACK"], told["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("1", "false")
    assert "flow_runs" in told["PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"]
    assert told["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:77"
    assert told["PATH"] == "/bin"


def test_a_lasting_server_writes_events_down_though_a_run_of_its_own_does_not(home: Path) -> None:
    told = serve.child_environment(
        {"PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false"},
        settings.prefect_folder(),
        "http://127.0.0.1:77/api",
    )
    assert told["PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED"] == "true"


def test_what_the_caller_says_of_prefect_stays_but_for_addresses(home: Path) -> None:
    said = {"PREFECT_WORKER_QUERY_SECONDS": "60", "PREFECT_API_URL": "http://elsewhere/api"}
    told = serve.child_environment(said, settings.prefect_folder(), "http://127.0.0.1:77/api")
    assert told["PREFECT_WORKER_QUERY_SECONDS"] == "60"
    assert told["PREFECT_API_URL"] == "http://127.0.0.1:77/api"


def test_other_commands_find_a_server_that_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.running_server() is None
    write_note()
    assert settings.running_server() == "http://127.0.0.1:1/api"
    monkeypatch.setattr(os, "environ", dict(os.environ))
    settings.use_project_state()
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:1/api"


def test_a_note_of_a_server_that_is_gone_counts_as_none(home: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    write_note(pid=process.pid)
    assert settings.running_server() is None
    write_note(host="elsewhere")
    assert settings.running_server() is None
    settings.server_note().write_text("[]")
    assert settings.running_server() is None


def test_a_taken_port_is_one_clear_error(home: Path) -> None:
    port = find_free_port()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        with pytest.raises(PescoError, match=f"port {port} is taken"):
            serve.serve(port, default_port=port)


def test_a_second_server_of_a_project_is_refused(home: Path) -> None:
    write_note()
    with pytest.raises(PescoError, match="already runs at http://127.0.0.1:1/"):
        serve.serve(None, default_port=4200)


def test_nobody_answers_where_nobody_listens() -> None:
    assert not serve.answers(f"http://127.0.0.1:{find_free_port()}/api", seconds=0.5)
