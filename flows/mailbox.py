"""Between the tasks that read and the flow's own thread, which writes: a box that holds few letters.

A reader waits when the box is full, so that what was read and not yet written stays bounded, however many read. Closing
the box lets go of readers that wait: nobody will empty it any more.
"""

import threading
from queue import Full, Queue
from typing import Generic, TypeVar

Letter = TypeVar("Letter")
_LOOK_SECONDS = 0.5


class ClosedError(Exception):
    """Nobody empties the mailbox any more."""


class Mailbox(Generic[Letter]):
    """A queue of at most ``size`` letters; use it as a context manager in the thread that empties it."""

    def __init__(self, size: int) -> None:
        self._letters: Queue[Letter] = Queue(size)
        self._closed = threading.Event()

    def __enter__(self) -> "Mailbox[Letter]":
        """Return the box."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the box."""
        self._closed.set()

    def put(self, letter: Letter) -> None:
        """Put a letter in, waiting for room; raises ``ClosedError`` when the box was closed."""
        while not self._closed.is_set():
            try:
                return self._letters.put(letter, timeout=_LOOK_SECONDS)
            except Full:
                continue
        raise ClosedError

    def get(self) -> Letter:
        """Take the next letter out, waiting for one."""
        return self._letters.get()
