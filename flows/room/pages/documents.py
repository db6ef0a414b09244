"""The list of documents, and the page of one."""

from datasette import NotFound, Request, Response
from datasette.app import Datasette

from flows.room.site import page_number, read, respond, variable
from pipeline.room.documents import list_documents, read_document
from pipeline.room.home import read_document_grid

_NONE = "-"


async def show_documents(datasette: Datasette, request: Request) -> Response:
    """Return a page of the list of documents, of one kind or year where asked."""
    kind = request.args.get("kind") or None
    asked = request.args.get("year") or None
    year = None if asked is None else 0 if asked == _NONE else _year(asked)
    found = await read(datasette, list_documents, kind, year, page_number(request))
    grid = await read(datasette, read_document_grid)
    return await respond(datasette, request, "room_documents.html", found=found, grid=grid, kind=kind, year=asked)


async def show_document(datasette: Datasette, request: Request) -> Response:
    """Return the page of a document: cover, summary, pages, issues."""
    identifier = variable(request, "id")
    page = await read(datasette, read_document, identifier)
    if page is None:
        raise NotFound(f"there is no document {identifier[:80]!r}")
    return await respond(datasette, request, "room_document.html", page=page, document=page.document)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound(f"{text[:20]!r} is no year")
    return int(text)


ROUTES = ((r"/documents$", show_documents), (r"/documents/(?P<id>[^/]+)$", show_document))
