"""What every page of the reading room needs: reading in one transaction, filling a template, paths and links."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, unquote

from datasette import NotFound, Request, Response
from datasette.app import Datasette

from flows.room.headers import STRICT_POLICY
from pipeline.room.drawing import PageDrawer
from pipeline.store.questions import QUESTIONS, Question
from pipeline.store.view_columns import meanings_of

DATABASE = "pesco"
TEMPLATES = Path(__file__).with_name("templates")
STATIC = Path(__file__).with_name("static")
NAVIGATION = (
    ("/projects", "Projects"),
    ("/states", "States"),
    ("/commitments", "Commitments"),
    ("/documents", "Documents"),
    ("/pictures", "Pictures"),
    ("/queries", "Questions"),
)
_MAX_PAGE = 1_000_000

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Site(Datasette):  # type: ignore[misc]  # Datasette has no types
    """Datasette with what draws pages, and the folder of kept pages. ``close`` it at the end."""

    drawer: PageDrawer
    kept: Path

    def close(self) -> None:
        """End the drawing processes."""
        self.drawer.close()


class Room:
    """What templates know as ``room``: the navigation, the name of the database, and addresses of files of ours."""

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette
        self.navigation = NAVIGATION
        self.database = DATABASE

    def is_at(self, path: str, door: str) -> bool:
        """Tell whether a page is at or below a path of the navigation."""
        return path == door or path.startswith(f"{door}/")

    def path_to(self, *parts: object) -> str:
        """Return the address of a page from the parts of its path, each made safe for an address."""
        return str(self._datasette.urls.path("/" + "/".join(quote(str(part), safe="") for part in parts)))

    def question(self, name: str) -> Question | None:
        """Return the question of that name."""
        return next((question for question in QUESTIONS if question.name == name), None)

    def meanings_of(self, columns: Iterable[str]) -> dict[str, str]:
        """Return what the columns of an answer mean."""
        return meanings_of(columns)

    def asset(self, name: str) -> str:
        """Return the address of a file in ``static``, with its hash so that a browser keeps no older one."""
        return f"{self._datasette.urls.path('/assets/' + name)}?{_hash_of(name)}"


async def read(
    datasette: Datasette,
    function: Callable[Concatenate[sqlite3.Connection, Given], Found],
    *arguments: Given.args,
    **named: Given.kwargs,
) -> Found:
    """Return what a function of ``pipeline.room`` reads, in one transaction: what a run writes meanwhile stays out."""

    def read_at_once(connection: sqlite3.Connection) -> Found:
        connection.execute("BEGIN")
        try:
            return function(connection, *arguments, **named)
        finally:
            connection.rollback()

    found: Found = await datasette.get_database(DATABASE).execute_fn(read_at_once)
    return found


async def respond(
    datasette: Datasette,
    request: Request,
    template: str,
    *,
    status: int = 200,
    **context: object,
) -> Response:
    """Return a page: a template of ``templates`` filled with ``context``."""
    html = await datasette.render_template(template, context, request=request, view_name="room")
    return Response.html(html, status=status, headers={"content-security-policy": STRICT_POLICY})


def variable(request: Request, name: str) -> str:
    """Return a part of the path as the browser meant it. Datasette's router matches the path before it is decoded."""
    return unquote(str(request.url_vars[name]))


def page_number(request: Request, name: str = "page") -> int:
    """Return the page of a long list asked for, from 1; raises ``NotFound`` for what is no number of a page."""
    asked = request.args.get(name) or "1"
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= _MAX_PAGE):
        raise NotFound(f"there is no page {asked[:20]!r}")
    return int(asked[:9])


@cache
def _hash_of(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
