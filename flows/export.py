"""``pesco export``: every table and view as a file of its own, for other programs."""

from pathlib import Path

from flows.table_files import can_write_parquet, write_csv, write_json, write_parquet
from flows.terminal import open_console, plain
from models.errors import PescoError
from pipeline.store.failures import storage_errors
from pipeline.store.relations import Relation, open_relations
from pipeline.whole_files import replacing

PARQUET = "parquet"


def export_tables(db: Path, folder: Path, kind: str) -> None:
    """Write all tables and views into a folder, as they are at one moment, as csv, json or parquet; files that stood
    there are replaced.

    Raises ``PescoError`` when there is no database, no room, or no extra that writes Parquet.
    """
    if kind == PARQUET and not can_write_parquet():
        raise PescoError("Parquet needs the extra: pip install 'pesco-pipeline[parquet]'")
    files = rows = 0
    with open_relations(db) as relations, storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for relation in relations:
            rows += _write(relation, folder / f"{relation.name}.{kind}", kind)
            files += 1
    open_console().print(f"{plain(folder)}: {files} files of {kind}, {rows} rows", soft_wrap=True)


def _write(relation: Relation, path: Path, kind: str) -> int:
    """Write one table or view, whole or not at all; return how many rows."""
    with replacing(path) as part, part.open("wb") as stream:
        part.chmod(0o644)
        if kind == "csv":
            return write_csv(stream, relation.columns, relation.batches)
        if kind == "json":
            return write_json(stream, relation.columns, relation.batches)
        return write_parquet(stream, relation.columns, relation.kinds, relation.batches)
