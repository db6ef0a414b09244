"""Every table and view of the output contract as columns and rows, for writing them out."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.store.records import ROWS
from pipeline.store.schema import open_reader
from pipeline.store.view_columns import read_view_columns

Cell = str | int | float | None
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view: its columns, and its rows in batches. ``kinds`` are SQLite's types, or empty."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    batches: Iterator[list[tuple[Cell, ...]]]


@contextmanager
def open_relations(db: Path) -> Iterator[Iterator[Relation]]:
    """Give all tables and views as they are at one moment, also while a run writes; raises ``PescoError``.

    The rows of each are to be read before the next is asked for.
    """
    connection = open_reader(db)
    try:
        connection.row_factory = None
        connection.execute("BEGIN")
        yield (_open(connection, name) for name in (*ROWS, *read_view_columns()))
    finally:
        connection.close()


def _open(connection: sqlite3.Connection, name: str) -> Relation:
    about = connection.execute(f"PRAGMA table_info({name})").fetchall()
    columns = tuple(str(row[1]) for row in about)
    names = ", ".join(f'"{column}"' for column in columns)
    order = ", ".join(str(number) for number in range(1, len(columns) + 1))
    key = ", ".join(f'"{row[1]}"' for row in sorted(about, key=lambda row: row[5]) if row[5]) or order
    kinds = tuple(str(row[2]) for row in about)
    return Relation(name, columns, kinds, _batches(connection, f"SELECT {names} FROM {name} ORDER BY {key}"))


def _batches(connection: sqlite3.Connection, sql: str) -> Iterator[list[tuple[Cell, ...]]]:
    cursor = connection.execute(sql)
    while batch := cursor.fetchmany(_BATCH):
        yield batch
