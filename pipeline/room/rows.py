"""Rows of an answer as frozen dataclasses, and pages of long lists."""

import sqlite3
from dataclasses import dataclass
from typing import TypeVar

Kind = TypeVar("Kind")


def fetch(connection: sqlite3.Connection, kind: type[Kind], sql: str, /, **values: object) -> list[Kind]:
    """Return the rows of an answer as ``kind``, whose fields have the names of the columns."""
    answer = connection.execute(sql, values)
    names = [column[0] for column in answer.description]
    return [kind(**dict(zip(names, row, strict=True))) for row in answer]


def fetch_one(connection: sqlite3.Connection, kind: type[Kind], sql: str, /, **values: object) -> Kind | None:
    """Return the first row of an answer, if there is one."""
    found = fetch(connection, kind, sql, **values)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a long list: page ``number`` (from 1) of as many as ``total`` items need, ``size`` to a page."""

    number: int
    size: int
    total: int

    @property
    def offset(self) -> int:
        """Return how many items stand before this page."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """Return the number of the last page; an empty list has one."""
        return max(1, -(-self.total // self.size))
