"""The first page: what is in here, how fresh, how sure, and the doors to everything else."""

from datasette import Request, Response
from datasette.app import Datasette

from flows.room.site import read, respond
from pipeline.room.home import read_home


async def show_home(datasette: Datasette, request: Request) -> Response:
    """Return the first page."""
    return await respond(datasette, request, "room_home.html", home=await read(datasette, read_home))


ROUTES = ((r"/$", show_home),)
