"""The page on which a mention or a fact is printed, with boxes around its words, and the picture of that page."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from datasette import NotFound, Request, Response

from flows.room.site import Site, read, respond, variable
from models.spans import Box as PrintedBox
from pipeline.room.drawing import ZOOMS, NoPictureError
from pipeline.room.evidence import FACTS, Box, Evidence, Marked, find_sheet, show_fact, show_mention, show_page
from pipeline.room.finding import Finder, find_boxes, make_finder, read_place

_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Frame:
    """The box of a printed line on the picture, in points from the picture's upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A print on the picture: its boxes, the values it stands for, and the address of the first."""

    id: str
    title: str
    is_chosen: bool
    frames: list[Frame]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as drawn: its size in points, its marks, the faint ones first, and how large it is shown in pixels."""

    width: float
    height: float
    shown_width: int
    shown_height: int
    marks: list[Mark]
    found: list[Frame]


async def show_mention_page(datasette: Site, request: Request) -> Response:
    """Return the page of a mention."""
    identifier = variable(request, "id")
    return await _show(datasette, request, await read(datasette, show_mention, identifier), f"mention {identifier}")


async def show_fact_page(datasette: Site, request: Request) -> Response:
    """Return the page of a fact."""
    kind, identifier = request.url_vars["kind"], variable(request, "id")
    return await _show(datasette, request, await read(datasette, show_fact, kind, identifier), f"fact {identifier}")


async def show_plain_page(datasette: Site, request: Request) -> Response:
    """Return a page of a document with all its mentions."""
    identifier, number = variable(request, "id"), int(request.url_vars["page"])
    evidence = await read(datasette, show_page, identifier, number)
    return await _show(datasette, request, evidence, f"page {number} of document {identifier}")


async def send_picture(datasette: Site, request: Request) -> Response:
    """Return the picture of a page of a document in the database."""
    identifier, number = variable(request, "id"), int(request.url_vars["page"])
    sheet = await read(datasette, find_sheet, identifier, number)
    if sheet is None:
        raise NotFound(f"there is no page {number} of document {identifier[:80]!r}")
    try:
        picture = await asyncio.to_thread(datasette.drawer.draw, *sheet, number, int(request.url_vars["zoom"]))
    except NoPictureError as error:
        raise NotFound(str(error)) from error
    headers = {"cache-control": f"private, max-age={_MINUTES * 60}"}
    return Response(picture.png, headers=headers, content_type="image/png")


async def _show(datasette: Site, request: Request, evidence: Evidence | None, what: str) -> Response:
    if evidence is None:
        raise NotFound(f"there is no {what[:120]}")
    zoom = 2 if request.args.get("zoom") == "2" else 1
    finder = make_finder(request.args.get("find") or "")
    boxes = await _find(datasette, evidence, finder)
    sheet, problem = await _draw(datasette, evidence, zoom, boxes)
    return await respond(
        datasette,
        request,
        "room_evidence.html",
        evidence=evidence,
        sheet=sheet,
        problem=problem,
        zoom=zoom,
        finder=finder,
    )


async def _find(datasette: Site, evidence: Evidence, finder: Finder) -> Sequence[PrintedBox]:
    """Return the boxes of what the reader searched for."""
    if finder.pattern is None:
        return ()
    place = await read(datasette, read_place, evidence.document.id)
    if place is None:
        return ()
    return await asyncio.to_thread(find_boxes, datasette.kept, place, evidence.page, finder)


async def _draw(
    datasette: Site, evidence: Evidence, zoom: int, found: Sequence[PrintedBox]
) -> tuple[Sheet | None, str]:
    """Return the page as drawn, or nothing and why."""
    try:
        picture = await asyncio.to_thread(datasette.drawer.draw, evidence.document, evidence.files, evidence.page, zoom)
    except NoPictureError as error:
        return None, str(error)
    # Words read from a picture have their place on that picture, which is drawn by the same program.
    x0, top = (0.0, 0.0) if evidence.is_ocr else (picture.x0, picture.top)
    scale = ZOOMS[zoom]
    return Sheet(
        picture.width,
        picture.height,
        round(picture.width * scale),
        round(picture.height * scale),
        _marks(evidence.marks, x0, top),
        [_frame(box, x0, top) for box in found],
    ), ""


def _marks(marks: list[Marked], x0: float, top: float) -> list[Mark]:
    """Return one mark for each print, moved to the picture's corner, the chosen ones last and so above the others."""
    prints: dict[str, list[Marked]] = {}
    for mark in marks:
        prints.setdefault(mark.mention.print_id, []).append(mark)
    found = []
    for same in prints.values():
        first = same[0]
        values = ", ".join(dict.fromkeys(mark.mention.value for mark in same))
        title = f"{first.mention.text} ({first.mention.kind.replace('_', ' ')} {values})"
        frames = [_frame(box, x0, top) for box in first.boxes]
        found.append(Mark(first.mention.id, title, first.is_chosen, frames))
    return sorted(found, key=lambda mark: mark.is_chosen)


def _frame(box: Box | PrintedBox, x0: float, top: float) -> Frame:
    """Return a box, moved to the picture's corner."""
    return Frame(
        round(box.x0 - x0, 2), round(box.top - top, 2), round(box.x1 - box.x0, 2), round(box.bottom - box.top, 2)
    )


_KINDS = "|".join(FACTS)
ROUTES = (
    (r"/mentions/(?P<id>[^/]+)$", show_mention_page),
    (rf"/(?P<kind>{_KINDS})/(?P<id>[^/]+)$", show_fact_page),
    (r"/documents/(?P<id>[^/]+)/pages/(?P<page>[0-9]{1,6})$", show_plain_page),
    (r"/documents/(?P<id>[^/]+)/pages/(?P<page>[0-9]{1,6})-(?P<zoom>[12])\.png$", send_picture),
)
