"""Pictures over all documents, each with its table, and the small one on the page of a project."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from datasette import NotFound, Request, Response
from datasette.app import Datasette
from markupsafe import Markup

from flows.room import chart_map, chart_specs, charts
from flows.room.headers import STRICT_POLICY
from flows.room.picture_words import alt_of
from flows.room.site import Room, read, respond, variable
from pipeline.room import figures
from pipeline.room.projects import read_project

Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its name in addresses, its words, its rows (of a year, where it has one) and what it looks like."""

    name: str
    title: str
    about: str
    rows: Callable[[sqlite3.Connection, str], Rows]
    spec: Callable[..., charts.Spec]


def _years(connection: sqlite3.Connection, _year: str) -> Rows:
    return figures.count_statuses(figures.list_statuses(connection))


PICTURES = (
    Picture(
        "roles",
        "States and projects",
        "Who takes part in what, as the latest document on each project says.",
        lambda connection, _year: figures.list_roles(connection),
        chart_specs.matrix,
    ),
    Picture(
        "map",
        "States by projects",
        "In how many projects each state takes part, in any role.",
        lambda connection, _year: figures.count_projects(connection),
        chart_map.europe,
    ),
    Picture(
        "milestones",
        "Milestones and slips",
        "When projects reach initial (IOC) and full operational capability (FOC), as last known. A bar is as long as"
        " the date is vague; a hollow mark is the earlier date of one that moved.",
        lambda connection, _year: figures.list_steps(connection),
        chart_specs.timeline,
    ),
    Picture(
        "commitments",
        "Commitments of a year",
        "How far each state met each commitment, by the last document of the year.",
        figures.list_statuses_of_year,
        chart_specs.statuses,
    ),
    Picture(
        "years",
        "Commitments met over the years",
        "How many of the commitments that a year's documents judge each state met.",
        _years,
        chart_specs.statuses_by_year,
    ),
    Picture(
        "mentions",
        "Mentions by document",
        f"What the newest {figures.DOCUMENTS_SHOWN} documents speak of, and how often.",
        lambda connection, _year: figures.count_mentions(connection),
        chart_specs.mentions,
    ),
)
_BY_NAME = {picture.name: picture for picture in PICTURES}


async def show_pictures(datasette: Datasette, request: Request) -> Response:
    """Return the list of pictures."""
    return await respond(datasette, request, "room_pictures.html", pictures=PICTURES)


async def show_picture(datasette: Datasette, request: Request) -> Response:
    """Return a picture with its table."""
    picture, rows, svg = await _draw(datasette, request)
    years = await read(datasette, figures.list_status_years) if picture.name == "commitments" else []
    return await respond(
        datasette,
        request,
        "room_picture.html",
        picture=picture,
        rows=rows,
        years=years,
        svg=Markup(svg),
        alt=alt_of(picture.name, rows),
    )


async def send_picture(datasette: Datasette, request: Request) -> Response:
    """Return a picture alone, as a file of SVG."""
    _, _, svg = await _draw(datasette, request)
    return _send(svg)


async def send_project_chart(datasette: Datasette, request: Request) -> Response:
    """Return the milestones of one project, as a file of SVG."""
    slug = variable(request, "slug")
    page = await read(datasette, read_project, slug)
    if page is None or not any(one.date for one in page.milestones):
        raise NotFound(f"there is no date to draw for {slug[:80]!r}")
    return _send(await asyncio.to_thread(charts.draw, chart_specs.project(page.milestones)))


async def _draw(datasette: Datasette, request: Request) -> tuple[Picture, Rows, str]:
    picture = _BY_NAME.get(variable(request, "name"))
    if picture is None:
        raise NotFound("there is no such picture")
    rows = await read(datasette, picture.rows, request.args.get("year") or "")
    if not rows:
        return picture, rows, ""
    spec = picture.spec(rows, Room(datasette).path_to)
    return picture, rows, await asyncio.to_thread(charts.draw, spec)


def _send(svg: str) -> Response:
    if not svg:
        raise NotFound("there is nothing to draw yet")
    headers = {"content-security-policy": STRICT_POLICY, "cache-control": "private, max-age=60"}
    return Response(svg, headers=headers, content_type="image/svg+xml")


ROUTES = (
    (r"/pictures$", show_pictures),
    (r"/pictures/(?P<name>[a-z]+)$", show_picture),
    (r"/pictures/(?P<name>[a-z]+)\.svg$", send_picture),
    (r"/projects/(?P<slug>[^/]+)/milestones\.svg$", send_project_chart),
)
