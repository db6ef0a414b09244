"""``pesco browse``: Datasette on the database, for this machine only.

Datasette shows what stands in the database as text; what is ours to say (titles, descriptions, units, facets) comes
from the models by way of ``pipeline.store.catalogue``.
"""

import json
import socket
import sys
from contextlib import closing
from pathlib import Path

import uvicorn
from datasette.database import Database
from datasette.plugins import pm

from flows.csv_guard import guard_csv
from flows.room import plugin
from flows.room.site import DATABASE, STATIC, TEMPLATES, Site
from flows.terminal import plain
from models.errors import PescoError
from pipeline.room.drawing import PageDrawer, picture_folder
from pipeline.store.catalogue import metadata

HOST = "127.0.0.1"
SQL_TIME_LIMIT_MS = 3000
_PLUGIN = "pesco_room"


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
    sys.stderr.write(f"{plain(db)} is at http://{HOST}:{port}/ until you press Ctrl+C\n")
    uvicorn.run(guard_csv(make_site(db).app()), host=HOST, port=port, log_level="warning", lifespan="on")


def make_site(db: Path, passwords: tuple[str, ...] = ()) -> Site:
    """Return Datasette on a database, with the reading room and its titles, descriptions, units and facets.

    Whatever the file is called, its tables stand at ``/pesco/``: links to them are the same everywhere. ``passwords``
    open encrypted files whose pages are to be drawn.
    """
    if not pm.has_plugin(_PLUGIN):
        pm.register(plugin, name=_PLUGIN)
    site = Site(
        [],
        metadata=json.loads(json.dumps(metadata(DATABASE))),
        template_dir=str(TEMPLATES),
        static_mounts=[("assets", str(STATIC))],
        settings={"sql_time_limit_ms": SQL_TIME_LIMIT_MS},
    )
    site.add_database(Database(site, path=str(db), is_mutable=True), name=DATABASE)
    site.drawer = PageDrawer(picture_folder(db), passwords)
    return site


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
