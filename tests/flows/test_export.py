"""Tables written out for other programs say what the database says."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from flows import export, table_files
from flows.cli import app
from models.errors import PescoError
from pipeline.store.records import ROWS
from pipeline.store.schema import open_reader
from pipeline.store.view_columns import read_view_columns

RELATIONS = (*ROWS, *read_view_columns())


@pytest.fixture(scope="module")
def folders(samples_db: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All tables and views in each format."""
    parent = tmp_path_factory.mktemp("out")
    for kind in ("csv", "json", "parquet"):
        done = CliRunner().invoke(app, ["export", str(parent / kind), "--format", kind, "--db", str(samples_db)])
        assert done.exit_code == 0, done.output
        assert f"{len(RELATIONS)} files of {kind}" in done.output
    return {kind: parent / kind for kind in ("csv", "json", "parquet")}


def count(db: Path, name: str) -> int:
    with closing(open_reader(db)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])


@pytest.mark.parametrize("name", RELATIONS)
def test_every_format_holds_every_row(name: str, folders: dict[str, Path], samples_db: Path) -> None:
    rows = json.loads((folders["json"] / f"{name}.json").read_text(encoding="utf-8"))
    assert len(rows) == count(samples_db, name)
    table = pyarrow.parquet.read_table(folders["parquet"] / f"{name}.parquet")
    assert table.to_pylist() == rows
    with (folders["csv"] / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        spread = list(csv.DictReader(stream))
    assert len(spread) == len(rows)
    assert [set(row) for row in spread] == [set(row) for row in rows]


def test_types_survive(folders: dict[str, Path]) -> None:
    schema = pyarrow.parquet.read_schema(folders["parquet"] / "mentions.parquet")
    kinds = {str(schema.field(name).type) for name in ("x0", "page", "text")}
    assert kinds == {"double", "int64", "string"}


def test_a_second_export_is_byte_for_byte_the_first(folders: dict[str, Path], samples_db: Path, tmp_path: Path) -> None:
    for kind, folder in folders.items():
        export.export_tables(samples_db, tmp_path / kind, kind)
        for path in sorted(folder.iterdir()):
            assert (tmp_path / kind / path.name).read_bytes() == path.read_bytes(), path.name


def test_formulas_are_inert_in_csv_only(tmp_path: Path, samples_db: Path) -> None:
    db = tmp_path / "pesco.db"
    with closing(sqlite3.connect(samples_db)) as source, closing(sqlite3.connect(db)) as copy:
        source.backup(copy)
        copy.execute("UPDATE documents SET title = '=cmd|calc' WHERE kind = 'nip'")
        copy.commit()
    export.export_tables(db, tmp_path / "csv", "csv")
    export.export_tables(db, tmp_path / "json", "json")
    assert "'=cmd|calc" in (tmp_path / "csv" / "documents.csv").read_text(encoding="utf-8")
    assert '"=cmd|calc"' in (tmp_path / "json" / "documents.json").read_text(encoding="utf-8")


def test_parquet_without_the_extra_says_what_to_install(
    samples_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "find_spec", lambda _name: None)
    with pytest.raises(PescoError, match=r"\[parquet\]"):
        export.export_tables(samples_db, tmp_path, "parquet")
    assert list(tmp_path.iterdir()) == []
