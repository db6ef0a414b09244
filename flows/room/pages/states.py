"""The list of states, and the page of one."""

from datasette import NotFound, Request, Response
from datasette.app import Datasette

from flows.room.site import page_number, read, respond, variable
from pipeline.room.mentions import list_mentions
from pipeline.room.states import list_states, read_state


async def show_states(datasette: Datasette, request: Request) -> Response:
    """Return the list of states."""
    return await respond(datasette, request, "room_states.html", states=await read(datasette, list_states))


async def show_state(datasette: Datasette, request: Request) -> Response:
    """Return the page of a state: projects by role, commitment statuses by year, plans, mentions."""
    code = variable(request, "code")
    page = await read(datasette, read_state, code)
    if page is None:
        raise NotFound(f"there is no state {code[:80]!r}")
    mentions = await read(datasette, list_mentions, "state", code, page_number(request))
    return await respond(datasette, request, "room_state.html", page=page, state=page.state, mentions=mentions)


ROUTES = ((r"/states$", show_states), (r"/states/(?P<code>[^/]+)$", show_state))
