"""The list of projects, and the page of one."""

from datasette import NotFound, Request, Response
from datasette.app import Datasette

from flows.room.site import page_number, read, respond, variable
from pipeline.room.mentions import list_mentions
from pipeline.room.projects import list_projects, read_project

# So many columns the table of members has before the rest must be asked for.
_SOURCES_SHOWN = 12


async def show_projects(datasette: Datasette, request: Request) -> Response:
    """Return the list of projects."""
    return await respond(datasette, request, "room_projects.html", projects=await read(datasette, list_projects))


async def show_project(datasette: Datasette, request: Request) -> Response:
    """Return the page of a project: names, members by source, milestones, mentions."""
    slug = variable(request, "slug")
    page = await read(datasette, read_project, slug)
    if page is None:
        raise NotFound(f"there is no project {slug[:80]!r}")
    mentions = await read(datasette, list_mentions, "project", slug, page_number(request))
    sources = page.members.sources if request.args.get("sources") else page.members.sources[:_SOURCES_SHOWN]
    return await respond(
        datasette, request, "room_project.html", page=page, project=page.project, mentions=mentions, sources=sources
    )


ROUTES = ((r"/projects$", show_projects), (r"/projects/(?P<slug>[^/]+)$", show_project))
