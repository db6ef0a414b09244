"""What a reader is told when a page is not there or a question cannot be answered, without a trace in the server's log.

Datasette writes a trace with all local variables for every address that does not exist; what a visitor types is no
error of ours. What nobody expected still goes the way of Datasette.
"""

from collections.abc import Callable, Generator
from typing import Any

from datasette import Request, Response, hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from markupsafe import Markup

from flows.room.headers import STRICT_POLICY

_TITLES = {400: "This cannot be answered", 403: "This may not be seen", 404: "This page is not here"}


@hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Generator[None, Any, None]:
    """Answer what is expected to go wrong; Datasette's own answer is never made then."""
    outcome = yield
    if isinstance(exception, (Base400, DatasetteError)):
        outcome.force_result([_answer_with(datasette, request, exception)])


def _answer_with(datasette: Datasette, request: Request, error: Base400 | DatasetteError) -> Callable[[], Any]:
    async def answer() -> Response:
        message = error.message if isinstance(error, DatasetteError) else str(error.args[0] if error.args else "")
        details = error.error_dict if isinstance(error, DatasetteError) else {}
        if request.path.endswith(".json"):
            told = {**details, "ok": False, "error": str(message), "status": error.status, "title": None}
            return Response.json(told, status=error.status)
        if isinstance(error, DatasetteError) and error.message_is_html:
            message = Markup(message)  # Datasette's own form around the SQL that failed, escaped by it
        title = _TITLES.get(error.status, "Something is wrong with this address")
        html = await datasette.render_template(
            "error.html", {"title": title, "status": error.status, "error": message}, request=request
        )
        return Response.html(html, status=error.status, headers={"content-security-policy": STRICT_POLICY})

    return answer
