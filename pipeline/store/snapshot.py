"""The content of a database, free of what may differ between equal runs: for comparing two of them row for row.

Leaves out ``runs``, ``run_files``, ``changes``, the search index (it follows from ``pages``), every time of writing and
the digest that only spares a later run work.
"""

import sqlite3
from collections.abc import Iterator

from pipeline.store.records import ROWS

Snapshot = dict[str, list[tuple[object, ...]]]

_LINKS = ("participation_mentions", "milestone_mentions", "commitment_status_mentions")
_OWN_TO_A_RUN = ("runs", "run_files", "changes")
_LEFT_OUT = {"files": ("seen", "mtime_ns"), "documents": ("digest",)}


def take_snapshot(connection: sqlite3.Connection) -> Snapshot:
    """Return all rows of all tables, sorted."""
    return dict(_tables(connection))


def differences(one: Snapshot, other: Snapshot, limit: int = 5) -> list[str]:
    """Return in words what differs between two snapshots, at most ``limit`` rows per table and side."""
    found: list[str] = []
    for table in sorted({*one, *other}):
        left, right = one.get(table, []), other.get(table, [])
        if left == right:
            continue
        for name, rows in (
            ("only in the first", set(left) - set(right)),
            ("only in the second", set(right) - set(left)),
        ):
            found += [f"{table}, {name}: {row!r}" for row in sorted(rows, key=repr)[:limit]]
    return found


def _tables(connection: sqlite3.Connection) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    for table, model in ROWS.items():
        if table not in _OWN_TO_A_RUN:
            columns = [f'"{name}"' for name in model.model_fields if name not in _LEFT_OUT.get(table, ())]
            yield table, _sorted_rows(connection, f"SELECT {', '.join(columns)} FROM {table}")
    for table in _LINKS:
        yield table, _sorted_rows(connection, f"SELECT * FROM {table}")


def _sorted_rows(connection: sqlite3.Connection, sql: str) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in connection.execute(sql)), key=repr)
