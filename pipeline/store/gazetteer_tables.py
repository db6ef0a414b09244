"""The tables of projects, states and commitments, which facts refer to: rows in, tables brought in line.

Only rows that changed are written; a row that facts still refer to is kept until they are derived again. Where the
rows come from is the business of ``pipeline.store.gazetteers``.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.store.gazetteer_records import CommitmentRow, ProjectNameRow, ProjectRow, StateRow
from pipeline.store.record_columns import Row
from pipeline.store.records import ROWS
from pipeline.store.schema import writing


@dataclass(frozen=True, slots=True)
class Gazetteers:
    """The rows of the four tables."""

    projects: tuple[ProjectRow, ...]
    project_names: tuple[ProjectNameRow, ...]
    states: tuple[StateRow, ...]
    commitments: tuple[CommitmentRow, ...]


# Table -> its key, and the columns elsewhere that refer to it.
_REFERRED = {
    "projects": ("slug", (("participations", "project"), ("milestones", "project"))),
    "states": ("code", (("participations", "state"), ("commitment_statuses", "state"), ("documents", "state"))),
    "commitments": ("number", (("commitment_statuses", "commitment"),)),
}


def fill_gazetteers(connection: sqlite3.Connection, gazetteers: Gazetteers) -> int:
    """Bring the tables in line with the rows; return how many rows were written or deleted (0: nothing was touched)."""
    wanted: dict[str, Sequence[Row]] = {
        "projects": gazetteers.projects,
        "project_names": gazetteers.project_names,
        "states": gazetteers.states,
        "commitments": gazetteers.commitments,
    }
    stale = {table: rows for table, rows in wanted.items() if _stored(connection, table) != _values(rows)}
    if not stale:
        return 0
    before = connection.total_changes
    with writing(connection):
        for table, rows in stale.items():
            _bring_in_line(connection, table, rows)
    return connection.total_changes - before


def _stored(connection: sqlite3.Connection, table: str) -> set[tuple[object, ...]]:
    columns = ", ".join(ROWS[table].model_fields)
    return {tuple(row) for row in connection.execute(f"SELECT {columns} FROM {table}")}


def _values(rows: Sequence[Row]) -> set[tuple[object, ...]]:
    return {tuple(row.__dict__.values()) for row in rows}


def _bring_in_line(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Update and add rows by key, then delete what is neither wanted nor referred to."""
    columns = tuple(ROWS[table].model_fields)
    marks = ", ".join("?" * len(columns))
    values = sorted(_values(rows), key=repr)
    if table not in _REFERRED:
        connection.execute(f"DELETE FROM {table}")
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)
        return
    key, references = _REFERRED[table]
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {changes}",
        values,
    )
    kept = {row[columns.index(key)] for row in values}
    unused = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.{column} = {table}.{key})" for other, column in references
    )
    for (old,) in connection.execute(f"SELECT {key} FROM {table}").fetchall():
        if old not in kept:
            connection.execute(f"DELETE FROM {table} WHERE {key} = ? AND {unused}", (old,))
