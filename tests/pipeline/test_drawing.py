"""Pages are drawn from the document's own bytes only, in processes that a hostile file cannot take the server with."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.names import to_text
from pipeline.room import drawing
from pipeline.room.documents import Document, DocumentFile
from pipeline.room.drawing import GONE, OTHER_BYTES, NoPictureError, PageDrawer
from pipeline.store.kept_pictures import KeptPictures
from tests.turned_pages import SHAPES, print_shape


def make_document(path: Path) -> tuple[Document, list[DocumentFile]]:
    """The rows of a document whose bytes lie at a path."""
    data = path.read_bytes()
    status = path.stat()
    sha256 = hashlib.sha256(data).hexdigest()
    nothing = dict.fromkeys(("title", "kind", "language", "state", "state_name", "year", "date", "reason", "evidence"))
    document = Document(
        id=sha256[:20], filename=path.name, sha256=sha256, pages=1, status="loaded", size=len(data), **nothing
    )
    file = DocumentFile(to_text(path), path.name, "loaded", None, None, status.st_size, status.st_mtime_ns)
    return document, [file]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return print_shape(SHAPES[0], tmp_path / "page.pdf")


@pytest.fixture
def drawer(tmp_path: Path) -> Iterator[PageDrawer]:
    drawer = PageDrawer(tmp_path / "pictures")
    yield drawer
    drawer.close()


def count_runs(monkeypatch: pytest.MonkeyPatch, drawer: PageDrawer) -> list[object]:
    """The jobs given to processes from here on."""
    jobs: list[object] = []
    run = drawer._pool.run

    def count(wanted: list[object]) -> object:
        jobs.extend(wanted)
        return run(wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(drawer._pool, "run", count)
    return jobs


def test_a_page_is_drawn_once_for_each_zoom(
    drawer: PageDrawer, pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = count_runs(monkeypatch, drawer)
    document, files = make_document(pdf)
    first = drawer.draw(document, files, 1, 1)
    assert first.png.startswith(b"\x89PNG")
    assert drawer.draw(document, files, 1, 1) == first
    assert drawer.draw(document, files, 1, 2).png != first.png
    assert len(jobs) == 2
    # Another server on the same database finds it on disk.
    other = PageDrawer(tmp_path / "pictures")
    monkeypatch.setattr(other._pool, "run", lambda _jobs: pytest.fail("drawn again"))
    assert other.draw(document, files, 1, 1) == first


def test_a_file_that_is_gone_has_no_picture_even_if_one_is_kept(drawer: PageDrawer, pdf: Path) -> None:
    document, files = make_document(pdf)
    drawer.draw(document, files, 1, 1)
    pdf.unlink()
    with pytest.raises(NoPictureError, match=GONE):
        drawer.draw(document, files, 1, 1)
    with pytest.raises(NoPictureError, match=GONE):
        drawer.draw(document, [], 1, 1)


@pytest.mark.parametrize("was_drawn", [True, False])
@pytest.mark.parametrize("is_longer", [True, False])
def test_other_bytes_are_never_drawn(drawer: PageDrawer, pdf: Path, *, was_drawn: bool, is_longer: bool) -> None:
    document, files = make_document(pdf)
    if was_drawn:
        drawer.draw(document, files, 1, 1)
    data = pdf.read_bytes()
    pdf.write_bytes(data + b"%" if is_longer else data[:-1] + b"%")
    os.utime(pdf, ns=(1, 1))
    with pytest.raises(NoPictureError, match=OTHER_BYTES):
        drawer.draw(document, files, 1, 1)


def test_the_same_bytes_touched_or_elsewhere_are_drawn(
    drawer: PageDrawer, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = count_runs(monkeypatch, drawer)
    document, files = make_document(pdf)
    os.utime(pdf, ns=(1, 1))
    first = drawer.draw(document, files, 1, 1)
    assert drawer.draw(document, files, 1, 1) == first
    assert len(jobs) == 1
    gone = replace(files[0], path=to_text(pdf.with_name("gone.pdf")))
    assert drawer.draw(document, [gone, *files], 1, 1) == first


def test_a_folder_that_takes_no_picture_costs_time_only(pdf: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("no folder")
    drawer = PageDrawer(tmp_path / "pictures")
    try:
        assert drawer.draw(*make_document(pdf), 1, 1).png
    finally:
        drawer.close()


def test_a_damaged_picture_is_drawn_again(drawer: PageDrawer, pdf: Path, tmp_path: Path) -> None:
    document, files = make_document(pdf)
    first = drawer.draw(document, files, 1, 1)
    [kept] = (tmp_path / "pictures").rglob("*.picture")
    kept.write_bytes(b"{}")
    other = PageDrawer(tmp_path / "pictures")
    try:
        assert other.draw(document, files, 1, 1) == first
    finally:
        other.close()


def test_the_folder_is_bounded_and_a_document_is_forgotten(drawer: PageDrawer, pdf: Path, tmp_path: Path) -> None:
    document, files = make_document(pdf)
    small = drawer.draw(document, files, 1, 1)
    drawer.draw(document, files, 1, 2)
    kept = KeptPictures(tmp_path / "pictures")
    [older] = (tmp_path / "pictures").rglob("*-1-1.picture")
    os.utime(older, ns=(1, 1))
    assert kept.trim(max_bytes=sum(path.stat().st_size for path in older.parent.iterdir()) - 1) == 1
    assert not older.exists()
    kept.write(f"{document.sha256}-1-1", small)
    assert kept.forget(document.sha256) == 2
    assert not list((tmp_path / "pictures").rglob("*.picture"))


@pytest.mark.parametrize(
    ("word", "says"),
    [("hang", "took too long"), ("sigkill", "broke down"), ("allocate_at_once", "too much memory")],
)
def test_a_hostile_page_has_no_picture_and_the_next_one_has(
    word: str, says: str, pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = tmp_path / "hostile.pdf"
    hostile.write_text(f"{word} 1 w")
    drawer = PageDrawer(tmp_path / "pictures", seconds=2.0)
    try:
        monkeypatch.setattr(drawing, "_DRAW", "tests.pipeline.planted:read_planted")
        with pytest.raises(NoPictureError, match=says):
            drawer.draw(*make_document(hostile), 1, 1)
        monkeypatch.undo()
        assert drawer.draw(*make_document(pdf), 1, 1).png
    finally:
        drawer.close()


def test_what_is_no_pdf_says_so(drawer: PageDrawer, tmp_path: Path) -> None:
    path = tmp_path / "not.pdf"
    path.write_text("no pdf")
    with pytest.raises(NoPictureError, match="cannot be drawn"):
        drawer.draw(*make_document(path), 1, 1)
