"""The search of all pages."""

from datasette import Request, Response
from datasette.app import Datasette

from flows.room.site import page_number, read, respond
from pipeline.room.search import MAX_LENGTH, search


async def show_search(datasette: Datasette, request: Request) -> Response:
    """Return the pages that have the words, each with a snippet that leads to it."""
    asked = (request.args.get("q") or "")[:MAX_LENGTH]
    kind = request.args.get("kind") or ""
    answer = await read(datasette, search, asked, kind, page_number(request))
    return await respond(datasette, request, "room_search.html", asked=asked, kind=kind, answer=answer)


ROUTES = ((r"/search$", show_search),)
