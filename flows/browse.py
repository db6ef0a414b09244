"""``pesco browse``: Datasette on the database, for this machine only."""

import socket
import sys
from contextlib import closing
from pathlib import Path

from models.errors import PescoError
from pipeline.catalogue import write_metadata

HOST = "127.0.0.1"
SQL_TIME_LIMIT_MS = 3000


def serve(db: Path, port: int | None, *, default_port: int) -> None:
    """Serve the database until interrupted. A named port must be free; without one, any free one does.

    Raises ``PescoError`` when there is no database yet or the named port is taken.
    """
    if not db.is_file():
        raise PescoError(f"there is no database {db} yet; `pesco ingest` makes it")
    if port is None:
        port = default_port if is_free(default_port) else find_free_port()
    elif not is_free(port):
        raise PescoError(f"port {port} is taken; name another with --port, or leave it out")
    metadata = db.with_name(db.name + ".metadata.json")
    write_metadata(db, metadata)
    sys.stderr.write(f"{db} is at http://{HOST}:{port}/ until you press Ctrl+C\n")
    run_datasette([str(db), "--metadata", str(metadata), "--host", HOST, "--port", str(port)])


def run_datasette(arguments: list[str]) -> None:
    """Run Datasette's own command in this process."""
    from datasette.cli import cli

    limit = ["--setting", "sql_time_limit_ms", str(SQL_TIME_LIMIT_MS)]
    cli.main(["serve", *arguments, *limit], prog_name="datasette", standalone_mode=False)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on a port of this machine now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def find_free_port() -> int:
    """Return a port of this machine that is free now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
