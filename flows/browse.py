"""``pesco browse``: Datasette with the reading room on the database, for this machine only unless told otherwise.

Datasette shows what stands in the database as text; what is ours to say (titles, descriptions, units, facets) comes
from the models by way of ``pipeline.store.catalogue``.
"""

import errno
import json
import socket
import sys
import threading
import webbrowser
from contextlib import closing, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from datasette.database import Database
from datasette.plugins import pm

from flows.csv_guard import guard_csv
from flows.room import charts, plugin
from flows.room.headers import guard_hosts
from flows.room.site import DATABASE, STATIC, TEMPLATES, Site
from flows.terminal import plain
from models.errors import PescoError
from pipeline.passwords import read_passwords
from pipeline.room.drawing import PageDrawer
from pipeline.store.catalogue import metadata
from pipeline.store.keep import bring_up_to_date
from pipeline.store.kept import pages_folder
from pipeline.store.kept_pictures import picture_folder

HOST = "127.0.0.1"
# The names under which a browser on this machine asks for it.
LOCAL_NAMES = (HOST, "localhost", "[::1]")
SQL_TIME_LIMIT_MS = 3000
_PLUGIN = "pesco_room"
_SECONDS_TO_START = 1.0


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve: ``port`` ``None`` takes the default one or, if that is taken, any free one; ``opens`` shows the
    first page in a browser; ``password_file`` holds passwords of encrypted files, one a line."""

    host: str = HOST
    port: int | None = None
    opens: bool = False
    password_file: Path | None = None


def serve(db: Path, how: Serving, *, default_port: int) -> None:
    """Serve the database until interrupted. A named port must be free; without one, any free one does.

    Raises ``PescoError`` when there is no database yet, the address cannot be had or the passwords cannot be read.
    """
    if not db.is_file():
        raise PescoError(f"there is no database {db} yet; `pesco ingest` makes it")
    bring_up_to_date(db)
    site = make_site(db, read_passwords(how.password_file)[0])
    with closing(site), closing(_listen(how, default_port)) as listener:
        address = _address(listener)
        sys.stderr.write(f"{plain(db)} is at {address} until you press Ctrl+C\n")
        application = guard_csv(site.app())
        if _is_loopback(listener):
            application = guard_hosts(application, LOCAL_NAMES)
        else:
            sys.stderr.write("Whoever can reach this machine can read it there: nobody is asked for a password.\n")
        threading.Thread(target=_warm, args=(site,), daemon=True).start()
        if how.opens:
            threading.Timer(_SECONDS_TO_START, webbrowser.open, [address]).start()
        config = uvicorn.Config(application, log_level="warning", lifespan="on")
        uvicorn.Server(config).run(sockets=[listener])


def _warm(site: Site) -> None:
    """Start what draws pages and pictures; if that fails now, the first page will say so."""
    with suppress(PescoError, RuntimeError):
        site.drawer.warm()
    charts.warm_up()


def _listen(how: Serving, default_port: int) -> socket.socket:
    """Return a listening socket; raises ``PescoError``."""
    wanted = [default_port, 0] if how.port is None else [how.port]
    for port in wanted:
        try:
            return _bind(how.host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise PescoError(f"cannot listen at {how.host} port {port}: {error.strerror or error}") from error
    raise PescoError(f"port {how.port} is taken; name another with --port, or leave it out")


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _is_loopback(listener: socket.socket) -> bool:
    return ip_address(str(listener.getsockname()[0])).is_loopback


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


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
        # Suggestions try a facet on every column, which takes longer than the page itself.
        settings={"sql_time_limit_ms": SQL_TIME_LIMIT_MS, "suggest_facets": False},
    )
    site.add_database(Database(site, path=str(db), is_mutable=True), name=DATABASE)
    site.kept = pages_folder(db)
    site.drawer = PageDrawer(picture_folder(db), passwords)
    return site
