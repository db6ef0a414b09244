"""The manifest of an inbox: read as it is written by hand, into the database, and kept true by runs."""

import csv
import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import PescoError
from models.facts import DocumentKind
from pipeline.ingest import IngestOptions, ingest
from pipeline.manifest import MANIFEST
from pipeline.store.publish import write_public_copy
from pipeline.store.schema import open_reader
from pipeline.store.snapshot import take_snapshot
from tests.pipeline.planted_runs import make_options, plant

HAND = """\
filename;note;url;licence;restricted
a.pdf;"read; twice";https://127.0.0.1/a;CC BY 4.0;
sub/b.pdf;=1+1;;;yes
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plant(tmp_path / "in", "a.pdf", "good 1 a")
    plant(tmp_path / "in", "sub/b.pdf", "good 1 b")
    return tmp_path / "in"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "pesco.db"


def query(db: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(open_reader(db)) as connection:
        return [tuple(row) for row in connection.execute(sql)]


def rows(folder: Path, delimiter: str = ",") -> list[dict[str, str]]:
    text = (folder / MANIFEST).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def write(folder: Path, lines: Sequence[str]) -> None:
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_what_a_manifest_says_stands_beside_the_files(folder: Path, db: Path) -> None:
    (folder / MANIFEST).write_text(HAND, encoding="utf-8")
    ingest([folder], make_options(db))
    found = query(db, "SELECT filename, url, licence, restricted FROM document_sources")
    assert found == [("a.pdf", "https://127.0.0.1/a", "CC BY 4.0", 0), ("b.pdf", None, None, 1)]
    assert (folder / MANIFEST).read_text(encoding="utf-8") == HAND
    before = query(db, "SELECT * FROM sources")
    assert not ingest([folder], make_options(db)).has_changed
    write(folder, ["filename,url", "a.pdf,https://127.0.0.1/new"])
    assert ingest([folder], make_options(db)).has_changed
    assert query(db, "SELECT url FROM sources WHERE url IS NOT NULL") == [("https://127.0.0.1/new",)]
    assert query(db, "SELECT * FROM sources") != before
    assert query(db, "SELECT restricted FROM documents WHERE filename = 'b.pdf'") == [(1,)]


def test_a_run_keeps_a_manifest_true_and_hand_made_cells_as_they_are(folder: Path, db: Path) -> None:
    (folder / MANIFEST).write_bytes(b"\xef\xbb\xbf" + HAND.replace("\n", "\r\n").encode())
    ingest([folder], make_options(db))
    plant(folder, "=c.pdf", "good 1 c")
    plant(folder, "d.pdf", "encrypted")
    (folder / "a.pdf").unlink()
    ingest([folder], make_options(db))
    data = (folder / MANIFEST).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") == 5
    found = {row["filename"]: row for row in rows(folder, ";")}
    assert list(found) == ["a.pdf", "sub/b.pdf", "./=c.pdf", "d.pdf"]
    assert (found["a.pdf"]["status"], found["a.pdf"]["note"]) == ("gone", "read; twice")
    assert found["sub/b.pdf"]["note"] == "=1+1"
    plant(folder, "a.pdf", "good 1 a")
    ingest([folder], make_options(db))
    assert {row["status"] for row in rows(folder, ";")} == {""}
    assert not ingest([folder], make_options(db)).has_changed


def test_a_folder_without_a_manifest_gets_none(folder: Path, db: Path) -> None:
    ingest([folder], make_options(db))
    assert not (folder / MANIFEST).exists()


def test_an_edit_during_the_run_is_not_overwritten(folder: Path, db: Path) -> None:
    write(folder, ["filename", "a.pdf"])
    edited = "filename,url\na.pdf,https://127.0.0.1/mine\n"
    said: list[str] = []
    ingest(
        [folder],
        make_options(db),
        report=lambda _step: None if (folder / MANIFEST).write_text(edited, encoding="utf-8") else None,
        on_wait=said.append,
    )
    assert (folder / MANIFEST).read_text(encoding="utf-8") == edited
    assert "edited meanwhile" in said[0]
    ingest([folder], make_options(db))
    assert [row["filename"] for row in rows(folder)] == ["a.pdf", "sub/b.pdf"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["filename,kind", "a.pdf,nib"], r"row 2: kind 'nib' is none of annual_report, nip"),
        (["filename,restricted", "a.pdf,yess"], r"row 2: restricted is yes or no, not 'yess'"),
        (["name,url", "a.pdf,x"], r"needs a first line with a column `filename`"),
        (["filename", "a.pdf,x"], r"row 2 has 2 cells, the first line has 1"),
        (["filename", '"a.pdf'], r"is no CSV"),
        (["filename", "../other/a.pdf"], r"row 2: '\.\./other/a\.pdf' leads out of the folder"),
    ],
)
def test_what_means_nothing_stops_the_run_before_it_reads(
    folder: Path, db: Path, lines: list[str], message: str
) -> None:
    write(folder, lines)
    with pytest.raises(PescoError, match=message):
        ingest([folder], make_options(db))
    assert query(db, "SELECT * FROM files") == []


def test_the_kind_given_goes_before_the_text_and_is_seen_as_such(root: Path, tmp_path: Path) -> None:
    folder, db = tmp_path / "in", tmp_path / "pesco.db"
    folder.mkdir()
    name = "recommendation.pdf"
    (folder / name).write_bytes((root / "data" / "raw" / name).read_bytes())
    options = IngestOptions(db, workers=1, use_ocr=False)
    ingest([folder], options)
    with closing(open_reader(db)) as connection:
        before = take_snapshot(connection)
    kinds = "SELECT kind, kind_hint, evidence LIKE '%\"kind\"%' FROM documents"
    assert query(db, kinds) == [(DocumentKind.RECOMMENDATION, None, 1)]

    write(folder, ["filename,kind", f"{name},progress_report"])
    assert ingest([folder], options).documents == 1
    assert query(db, kinds) == [(DocumentKind.PROGRESS_REPORT, DocumentKind.PROGRESS_REPORT, 0)]
    assert query(db, "SELECT source FROM run_files WHERE run_id = 2") == [("kept",)]
    assert ingest([folder / name], options).documents == 0

    write(folder, ["filename,kind", f"{name},"])
    ingest([folder], options)
    with closing(open_reader(db)) as connection:
        assert {**take_snapshot(connection), "sources": []} == {**before, "sources": []}


def test_sources_of_restricted_documents_are_not_published(folder: Path, db: Path, tmp_path: Path) -> None:
    (folder / MANIFEST).write_text(HAND.replace("=1+1;;", "=1+1;https://secret.test/b;"), encoding="utf-8")
    ingest([folder], make_options(db))
    copy = tmp_path / "public" / "pesco.db"
    write_public_copy(db, copy)
    assert query(copy, "SELECT filename, url FROM document_sources") == [("a.pdf", "https://127.0.0.1/a")]
    assert str(folder).encode() not in copy.read_bytes()
    assert b"secret.test" not in copy.read_bytes()
