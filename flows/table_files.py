"""Rows as a file that other programs read: CSV for spreadsheets, JSON, Parquet.

Columns, their SQLite types and batches of rows come in. A row of JSON stands on a line of its own in one list, so that
the file is valid JSON and can be read line by line. Parquet needs the extra ``[parquet]``.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from typing import IO, Any

from flows.csv_guard import inert_cell
from models.errors import PescoError
from pipeline.store.relations import Cell

Rows = Iterable[Sequence[Sequence[Cell]]]


def can_write_parquet() -> bool:
    """Tell whether the extra that writes Parquet is installed."""
    return find_spec("pyarrow") is not None


def write_csv(target: IO[bytes], columns: Sequence[str], rows: Rows) -> int:
    """Write rows as CSV in UTF-8 with inert cells and a heading; return how many."""
    lines = _Lines(target)
    writer = csv.writer(lines)
    writer.writerow(columns)
    count = 0
    for batch in rows:
        writer.writerows([inert_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in batch)
        count += len(batch)
    return count


def write_json(target: IO[bytes], columns: Sequence[str], rows: Rows) -> int:
    """Write rows as a list of objects, one a line; return how many."""
    target.write(b"[")
    count = 0
    for batch in rows:
        for row in batch:
            line = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
            target.write((",\n" if count else "\n").encode() + line.encode("utf-8", "backslashreplace"))
            count += 1
    target.write(b"\n]\n")
    return count


def write_parquet(target: IO[bytes], columns: Sequence[str], kinds: Sequence[str], rows: Rows) -> int:
    """Write rows as Parquet; return how many. Raises ``PescoError`` without the extra.

    A column without a type gets that of its values, and is text when they differ.
    """
    if not can_write_parquet():
        raise PescoError("Parquet needs the extra: pip install 'pesco-pipeline[parquet]'")
    import pyarrow
    from pyarrow import parquet

    types = {"INTEGER": pyarrow.int64(), "INT": pyarrow.int64(), "REAL": pyarrow.float64(), "TEXT": pyarrow.string()}
    batches = iter(rows)
    if not all(kind in types for kind in kinds):
        everything = [row for batch in batches for row in batch]
        batches = iter([everything])
        kinds = [kind if kind in types else _kind_of([row[i] for row in everything]) for i, kind in enumerate(kinds)]
    fields = [pyarrow.field(name, types[kind]) for name, kind in zip(columns, kinds, strict=True)]
    schema = pyarrow.schema(fields)
    count = 0
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(_table(pyarrow, schema, batch))
            count += len(batch)
    return count


def _table(pyarrow: Any, schema: Any, batch: Sequence[Sequence[Cell]]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a batch of rows as a table."""
    arrays = []
    for i, field in enumerate(schema):
        values = [row[i] for row in batch]
        if field.type == pyarrow.string():
            values = [None if value is None else str(value) for value in values]
        arrays.append(pyarrow.array(values, type=field.type))
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _kind_of(values: Sequence[Cell]) -> str:
    """Return the type that all values have."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return "INTEGER"
    return "REAL" if kinds and kinds <= {int, float} else "TEXT"


class _Lines:
    """What ``csv.writer`` writes to: text in, bytes out."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target

    def write(self, text: str) -> int:
        """Write text as UTF-8; what is no text in UTF-8 is escaped."""
        return self._target.write(text.encode("utf-8", "backslashreplace"))
