"""A document's stored rows become its new rows by writing only what differs.

After a change of rules most rows are the same but for ``rules_version``: that column is set by one statement per table,
and what then still differs is deleted and inserted. What was gained and lost falls out on the way. All inside the
caller's transaction.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from pipeline.store.check import LINKS, CheckedRows, Values
from pipeline.store.records import ROWS
from pipeline.store.search import index_pages

_VERSIONED = ("mentions", "candidates", "participations", "milestones", "commitment_statuses")
# Parents before children, since deleting a parent takes its children along.
_ORDER = ("pages", "mentions", "candidates", *LINKS, *LINKS.values(), "tables", "cells", "issues", "corrections")
_PARENTS = {
    "cells": ("table_id", "tables"),
    **dict.fromkeys(LINKS.values(), ("mention_id", "mentions")),
}
# How many of a row's first columns are its key; one where nothing is said.
_KEY_LENGTH = {"cells": 3} | dict.fromkeys(LINKS.values(), 2)


@dataclass(slots=True)
class Changes:
    """Rows gained and lost by table, as tuples in the order of their model's fields; a changed row is in both."""

    gained: dict[str, list[Values]] = field(default_factory=dict)
    lost: dict[str, list[Values]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.gained or self.lost)


def replace_rows(connection: sqlite3.Connection, document: str, checked: CheckedRows, rules_version: str) -> Changes:
    """Bring all rows that hang on a document in line with the checked ones; return what changed."""
    set_rules_version(connection, document, rules_version)
    changes = Changes()
    for table in _ORDER:
        _replace_in_table(connection, table, document, checked.tables.get(table, []), changes)
    return changes


def set_rules_version(connection: sqlite3.Connection, document: str, rules_version: str) -> None:
    """Let a document's rows say that they follow from these rules."""
    for table in _VERSIONED:
        connection.execute(
            f"UPDATE {table} SET rules_version = ?1 WHERE document_id = ?2 AND rules_version <> ?1",
            (rules_version, document),
        )


def stored_rows(connection: sqlite3.Connection, table: str, document: str) -> list[Values]:
    """Return a document's rows in a table, as tuples in the order of their model's fields."""
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples, which compare equal to the checked ones
    return cursor.execute(_select_sql(table), (document,)).fetchall()


def _replace_in_table(
    connection: sqlite3.Connection, table: str, document: str, rows: Sequence[Values], changes: Changes
) -> None:
    """Delete and insert what differs."""
    stored = set(stored_rows(connection, table, document))
    if not stored:
        gained, lost = list(rows), []
    else:
        wanted = set(rows)
        gained = [row for row in rows if row not in stored]
        lost = sorted(stored - wanted, key=repr)
    if lost:
        length = _KEY_LENGTH.get(table, 1)
        connection.executemany(_delete_sql(table), [row[:length] for row in lost])
        changes.lost[table] = lost
    if gained:
        connection.executemany(insert_sql(table), gained)
        if table == "pages":
            index_pages(connection, gained)
        changes.gained[table] = gained


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """Return the columns of a table in the order of its rows."""
    if table in ROWS:
        return tuple(ROWS[table].model_fields)
    fact = next(fact for fact, link in LINKS.items() if link == table)
    return (f"{fact.removesuffix('es') if fact.endswith('statuses') else fact.removesuffix('s')}_id", "mention_id")


@cache
def insert_sql(table: str) -> str:
    """Return the statement that inserts a row given in the order of its model's fields."""
    columns = columns_of(table)
    return f"INSERT INTO {table} ({_names(columns)}) VALUES ({', '.join('?' * len(columns))})"


@cache
def _delete_sql(table: str) -> str:
    keys = columns_of(table)[: _KEY_LENGTH.get(table, 1)]
    return f"DELETE FROM {table} WHERE " + " AND ".join(f'"{name}" = ?' for name in keys)


@cache
def _select_sql(table: str) -> str:
    where = "document_id = ?"
    if table in _PARENTS:
        column, parent = _PARENTS[table]
        where = f"{column} IN (SELECT id FROM {parent} WHERE document_id = ?)"
    return f"SELECT {_names(columns_of(table))} FROM {table} WHERE {where}"


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
