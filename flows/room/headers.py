"""The headers of every answer: nothing is loaded from elsewhere, and no script runs that is not a file of ours.

What a document says is text in every page; should a page ever forget so, the browser still runs nothing of it.
"""

import re
from collections.abc import Collection

from flows.csv_guard import Application, Message, Receive, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Pages of the reading room have no style of their own in the page.
STRICT_POLICY = _POLICY.format(styles="")
# Datasette's own pages do: it writes column names for narrow screens, and the colour of a database.
DATASETTE_POLICY = _POLICY.format(styles=" 'unsafe-inline'")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def guard_headers(application: Application) -> Application:
    """Return an application whose answers carry the headers; a policy that an answer has already is kept."""

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_missing(message)]}
            await send(message)

        await application(scope, receive, pass_on if scope["type"] == "http" else send)

    return guarded


def guard_hosts(application: Application, names: Collection[str]) -> Application:
    """Return an application that answers only when it was asked for under one of these names, whatever the port.

    A page elsewhere can let its own name point to this machine; the browser then takes what it reads here for its own.
    """

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _host_of(scope) not in names:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            body = f"Ask for this site as http://{next(iter(names))}:PORT/\n".encode()
            await send({"type": "http.response.body", "body": body})
            return
        await application(scope, receive, send)

    return guarded


def _host_of(scope: Message) -> str:
    """Return the name that was asked for, without the port."""
    named = next((bytes(value) for name, value in scope["headers"] if bytes(name).lower() == b"host"), b"")
    return re.sub(r":\d+$", "", named.decode("latin-1")).lower()


def _missing(start: Message) -> list[tuple[bytes, bytes]]:
    """Return the headers that an answer lacks."""
    present = {bytes(name).lower() for name, _ in start["headers"]}
    wanted = (*_HEADERS, (b"content-security-policy", DATASETTE_POLICY.encode()))
    return [(name, value) for name, value in wanted if name not in present]
