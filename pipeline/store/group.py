"""Several documents in one transaction: each all or nothing, and the cost of a commit shared.

A document touches pages all over the indexes by hash; committed alone, each such page is written for each document.
What a group has not committed is lost when the process is killed, and done again by the next run, from kept pages.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.store.schema import writing

MAX_DOCUMENTS = 64
MAX_SECONDS = 10.0


class Group:
    """The documents written since the last commit. Whoever has one calls ``commit`` at the end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._documents = 0
        self._started = 0.0

    @contextmanager
    def document(self) -> Iterator[None]:
        """Write one document: an error undoes it alone. Commits when the group is large or old enough."""
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
            self._documents, self._started = 0, time.monotonic()
        with writing(self._connection):
            yield
        self._documents += 1
        if self._documents >= MAX_DOCUMENTS or time.monotonic() - self._started >= MAX_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Commit what was written; nothing when there is nothing."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
