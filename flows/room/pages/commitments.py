"""The list of the twenty commitments, and the page of one."""

from datasette import NotFound, Request, Response
from datasette.app import Datasette

from flows.room.site import page_number, read, respond
from pipeline.room.commitments import list_commitment_lines, read_commitment
from pipeline.room.mentions import list_mentions


async def show_commitments(datasette: Datasette, request: Request) -> Response:
    """Return the list of commitments."""
    found = await read(datasette, list_commitment_lines)
    return await respond(datasette, request, "room_commitments.html", commitments=found)


async def show_commitment(datasette: Datasette, request: Request) -> Response:
    """Return the page of a commitment: who met it when, words that may speak of it, mentions."""
    number = int(request.url_vars["number"])
    page = await read(datasette, read_commitment, number)
    if page is None:
        raise NotFound(f"there is no commitment {number}")
    mentions = await read(datasette, list_mentions, "commitment", str(number), page_number(request))
    return await respond(
        datasette, request, "room_commitment.html", page=page, commitment=page.commitment, mentions=mentions
    )


ROUTES = ((r"/commitments$", show_commitments), (r"/commitments/(?P<number>[0-9]{1,2})$", show_commitment))
