"""Where things lie, and what Prefect is told before it is imported for the first time.

Prefect reads its settings when it is imported, from the environment and from files in the current folder. So whoever
imports Prefect calls ``use_project_state`` first. What the environment already says is left as it is.
"""

import json
import os
import socket
from pathlib import Path

from models.errors import PescoError

KEEP_RUNS = 500
CHECKOUT = Path(__file__).resolve().parents[1]


def project_folder() -> Path:
    """Return the folder whose ``data/`` is meant.

    That is ``PESCO_HOME``, else the current folder when it has a ``data/raw``, else the checkout, else the current one.
    """
    if named := os.environ.get("PESCO_HOME"):
        return Path(named).resolve()
    here = Path.cwd()
    if not (here / "data" / "raw").is_dir() and (CHECKOUT / "data" / "raw").is_dir():
        return CHECKOUT
    return here


def inbox() -> Path:
    """Return the folder that is ingested when none is named."""
    return project_folder() / "data" / "raw"


def inboxes() -> list[Path]:
    """Return the folders, files and patterns that are ingested when none is named: ``PESCO_INBOX``, separated as in
    ``PATH``, else ``data/raw``."""
    named = [part for part in os.environ.get("PESCO_INBOX", "").split(os.pathsep) if part]
    return [project_folder() / part for part in named] or [inbox()]


def sources_file() -> Path:
    """Return the list of public documents that is fetched when none is named."""
    return project_folder() / "data" / "sources.yml"


def corrections_folder() -> Path:
    """Return the folder of correction files when none is named."""
    return project_folder() / "data" / "corrections"


def processed_folder() -> Path:
    """Return the folder of the database and of all that a run leaves."""
    return project_folder() / "data" / "processed"


def default_database() -> Path:
    """Return the database that is meant when none is named."""
    return processed_folder() / "pesco.db"


def prefect_folder() -> Path:
    """Return the folder of Prefect's own records, which may be deleted while nothing runs."""
    return Path(os.environ.get("PREFECT_HOME") or processed_folder() / "prefect")


def kept_runs() -> int:
    """Return how many ended runs stay in Prefect's records: ``PESCO_KEEP_RUNS``, else 500; raises ``PescoError``."""
    named = os.environ.get("PESCO_KEEP_RUNS") or str(KEEP_RUNS)
    if not named.isascii() or not named.isdigit():
        raise PescoError(f"PESCO_KEEP_RUNS is {named}, which is no number of runs")
    return int(named)


def server_note() -> Path:
    """Return the file in which ``pesco server`` says where it listens, for as long as it runs."""
    return prefect_folder() / "server.json"


def running_server() -> str | None:
    """Return the address of this project's ``pesco server``, or ``None`` when none runs on this machine.

    A note that a killed server left behind names a process that is gone, and counts as none.
    """
    try:
        note = json.loads(server_note().read_text(encoding="utf-8"))
        url, host, process = str(note["url"]), str(note["host"]), int(note["pid"])
        if host != socket.gethostname() or process <= 0:
            return None
        os.kill(process, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url


def use_project_state() -> None:
    """Tell Prefect, by environment variables, to keep its state in the project, to be quiet, and to call nobody.

    The ephemeral server of a fresh project takes up to 20 s to start on a busy machine, which is also Prefect's limit:
    so a longer one. Telemetry has two switches, one for the client and one for the server. That server writes no events
    down: they are two thirds of what a run leaves, it hardly lives long enough to delete old ones, and nobody can look
    at them. Raises ``PescoError`` when the folder of that state can't be made.
    """
    wanted = {
        "PREFECT_HOME": str(processed_folder() / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    }
    if (url := running_server()) is not None:
        wanted["PREFECT_API_URL"] = url
    for name, value in wanted.items():
        os.environ.setdefault(name, value)
    home = Path(os.environ["PREFECT_HOME"])
    try:
        home.mkdir(parents=True, exist_ok=True)  # Prefect makes the last folder only
    except OSError as error:
        raise PescoError(f"Prefect's folder {home} can't be made: {error.strerror}; `--direct` does without") from error
