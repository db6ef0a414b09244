"""The list of questions: what analysts ask, each with its blanks filled in as an example."""

from itertools import groupby

from datasette import Request, Response
from datasette.app import Datasette

from flows.room.site import respond
from pipeline.store.questions import QUESTIONS


async def show_questions(datasette: Datasette, request: Request) -> Response:
    """Return the list of questions by what they are about."""
    groups = [(about, list(group)) for about, group in groupby(QUESTIONS, key=lambda question: question.about)]
    return await respond(datasette, request, "room_questions.html", groups=groups)


ROUTES = ((r"/queries$", show_questions),)
