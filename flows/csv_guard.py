"""CSV that a spreadsheet does not run: cells that open like a formula get an apostrophe in front.

Document text is data. Datasette writes it into CSV as it is, and a spreadsheet takes ``=cmd|...`` for a formula. This
wraps Datasette's application, reads the CSV answers (Datasette bounds them at 100 MB) and passes on the rest untouched.
"""

import csv
import io
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")


def inert_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs; numbers and lone signs stay as they are.

    >>> inert_cell("=1+1"), inert_cell("-5.25"), inert_cell("-")
    ("'=1+1", '-5.25', '-')
    """
    is_formula = len(text) > 1 and _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def inert_csv(text: str) -> str:
    """Return CSV text with every cell inert."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in csv.reader(io.StringIO(text, newline="")):
        writer.writerow([inert_cell(cell) for cell in row])
    return written.getvalue()


def guard_csv(application: Application) -> Application:
    """Return an application whose CSV answers are inert."""

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        is_named = str(scope["path"]).lower().endswith(".csv")
        await application(scope, receive, _Answer(send, is_named=is_named).pass_on)

    return guarded


class _Answer:
    """One answer on its way out: kept back until it is whole if it is CSV, passed on at once if not."""

    def __init__(self, send: Send, *, is_named: bool) -> None:
        self._send = send
        self._is_named = is_named
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def pass_on(self, message: Message) -> None:
        """Send a message on, or keep it."""
        if message["type"] == "http.response.start" and _is_csv(message, is_named=self._is_named):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        """Send the whole answer, inert, with its new length."""
        body = inert_csv(b"".join(self._body).decode("utf-8", "replace")).encode()
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        await self._send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _is_csv(start: Message, *, is_named: bool) -> bool:
    """Tell whether an answer holds CSV: by its type, or, as Datasette shows CSV as plain text, by its address."""
    types = (bytes(value).lower() for name, value in start["headers"] if bytes(name).lower() == b"content-type")
    kind = next(types, b"")
    return kind.startswith(b"text/csv") or (is_named and kind.startswith(b"text/plain"))
