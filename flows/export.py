"""``pesco export``: every table and view as a file of its own, for other programs."""

import tempfile
from pathlib import Path

from flows.table_files import can_write_parquet, write_csv, write_json, write_parquet
from flows.terminal import open_console, plain
from models.errors import PescoError
from pipeline.store.failures import storage_errors
from pipeline.store.relations import Relation, open_relations

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
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        try:
            if kind == "csv":
                count = write_csv(stream, relation.columns, relation.batches)
            elif kind == "json":
                count = write_json(stream, relation.columns, relation.batches)
            else:
                count = write_parquet(stream, relation.columns, relation.kinds, relation.batches)
            stream.flush()
            Path(stream.name).chmod(0o644)
            Path(stream.name).replace(path)
        except BaseException:
            Path(stream.name).unlink(missing_ok=True)
            raise
    return count
