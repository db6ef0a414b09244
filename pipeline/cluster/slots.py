"""How much of a run is under way on the workers at once: bounded, and nothing else beside a document under suspicion.

A worker that dies takes down whatever lay on it. So a document that may have killed it is tried again alone: what dies
then died of that document.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """``limit`` tasks may be held at once: from being sent until the run has taken their results."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._running = 0
        self._waiting_alone = 0
        self._change = threading.Condition()
        self._alone = threading.Lock()

    def take(self, *, wait: bool) -> bool:
        """Take a slot for a task that is about to be sent; without ``wait``, return ``False`` when there is none."""
        with self._change:
            while self._held >= self._limit or self._waiting_alone:
                if not wait:
                    return False
                self._change.wait()
            self._held += 1
            self._running += 1
            return True

    def end(self) -> None:
        """Note that a task has ended, whatever came of it."""
        with self._change:
            self._running -= 1
            self._change.notify_all()

    def free(self) -> None:
        """Give a slot back: the results of its task have been taken."""
        with self._change:
            self._held -= 1
            self._change.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no task runs, and let none start until the context ends."""
        with self._change:
            self._waiting_alone += 1
        try:
            with self._alone:
                with self._change:
                    self._change.wait_for(lambda: self._running == 0)
                yield
        finally:
            with self._change:
                self._waiting_alone -= 1
                self._change.notify_all()
