"""A run that looks only at chosen documents leaves all others as they are."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import PescoError
from models.facts import DocumentKind
from pipeline.ingest import ingest
from pipeline.plan import Again
from pipeline.selection import Selection, is_named
from pipeline.store.schema import open_database, open_reader
from tests.pipeline.planted_runs import make_options


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("one", "two", "three"):
        (folder / f"{name}.pdf").write_text(f"good 1 {name}")
    return folder


@pytest.fixture
def db(tmp_path: Path, folder: Path) -> Path:
    """Three documents, of which one is a plan of Finland of 2025."""
    db = tmp_path / "pesco.db"
    ingest([folder], make_options(db))
    with closing(open_database(db)) as connection:
        connection.execute("UPDATE documents SET kind = 'annual_report', year = 2024, state = NULL")
        connection.execute("UPDATE documents SET kind = 'nip', year = 2025, state = 'FI' WHERE filename = 'two.pdf'")
    return db


def read_again(db: Path, folder: Path, **chosen: object) -> list[str]:
    """Return the file names of what a run over a selection read again."""
    options = replace(make_options(db), again=Again.RULES, selection=Selection.model_validate(chosen))
    summary = ingest([folder], options)
    with closing(open_reader(db)) as connection:
        rows = connection.execute("SELECT path FROM run_files WHERE run_id = ? ORDER BY path", (summary.run_id,))
        found = [Path(row[0]).name for row in rows]
    assert summary.files == summary.documents == len(found)
    return found


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, ["one.pdf", "three.pdf", "two.pdf"]),
        ({"kind": ["nip"]}, ["two.pdf"]),
        ({"year": [2024]}, ["one.pdf", "three.pdf"]),
        ({"year": [2024, 2025]}, ["one.pdf", "three.pdf", "two.pdf"]),
        ({"state": ["FI"]}, ["two.pdf"]),
        ({"kind": ["nip"], "year": [2024]}, []),
        ({"only": ["one.pdf", "three"]}, ["one.pdf", "three.pdf"]),
        ({"only": ["one.pdf"], "kind": ["nip"]}, []),
    ],
)
def test_only_what_is_chosen_is_read_again(db: Path, folder: Path, chosen: dict[str, object], names: list[str]) -> None:
    assert read_again(db, folder, **chosen) == names


def test_a_document_goes_by_the_beginning_of_its_id(db: Path, folder: Path) -> None:
    with closing(open_reader(db)) as connection:
        document = connection.execute("SELECT id FROM documents WHERE filename = 'two.pdf'").fetchone()[0]
    assert read_again(db, folder, only=[document]) == read_again(db, folder, only=[document[:6]]) == ["two.pdf"]
    assert not is_named(document[:5], document, "/in/two.pdf")


def test_others_are_neither_read_nor_gone(db: Path, folder: Path) -> None:
    (folder / "one.pdf").unlink()
    (folder / "three.pdf").write_text("good 1 changed")
    (folder / "new.pdf").write_text("good 1 new")
    assert read_again(db, folder, kind=["nip"]) == ["two.pdf"]
    with closing(open_reader(db)) as connection:
        rows = connection.execute("SELECT filename, status FROM files ORDER BY 1").fetchall()
    assert [tuple(row) for row in rows] == [("one.pdf", "loaded"), ("three.pdf", "loaded"), ("two.pdf", "loaded")]
    assert read_again(db, folder, only=["new.pdf"]) == ["new.pdf"]


def test_a_name_that_nothing_has_is_refused(db: Path, folder: Path) -> None:
    with pytest.raises(PescoError, match="'four.pdf'"):
        read_again(db, folder, only=["one.pdf", "four.pdf"])


def test_the_form_refuses_what_is_no_kind() -> None:
    assert Selection.model_validate({"kind": ["nip"]}).kind == (DocumentKind.NIP,)
    with pytest.raises(ValueError, match="annual_report"):
        Selection.model_validate({"kind": ["plan"]})
