"""The database in the browser: described by the models, and inert whatever a document says."""

import asyncio
import socket
from pathlib import Path

import httpx
import pytest

from flows import browse
from models.errors import PescoError
from pipeline.store.schema import open_database

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of one document that means harm."""
    path = tmp_path_factory.mktemp("site") / "pesco.db"
    connection = open_database(path)
    connection.execute(
        "INSERT INTO documents (id, filename, sha256, title, status, size, reader_version)"
        " VALUES ('d1', ?, 'abc', ?, 'loaded', 1, 'r1')",
        (HOSTILE, HOSTILE),
    )
    connection.execute(
        "INSERT INTO pages (id, document_id, page, text, needs_ocr) VALUES (1, 'd1', 1, ?, 0)", (HOSTILE,)
    )
    connection.close()
    return path


def get(db: Path, url: str) -> httpx.Response:
    async def fetch() -> httpx.Response:
        site = browse.make_site(db)
        await site.invoke_startup()
        response: httpx.Response = await site.client.get(url)
        return response

    return asyncio.run(fetch())


@pytest.mark.parametrize(
    "url", ["/pesco/documents", "/pesco/documents/d1", "/pesco/pages", "/pesco/pages?_search=alert", "/pesco/pages/1"]
)
def test_what_a_document_says_is_text_not_markup(url: str, db: Path) -> None:
    page = get(db, url)
    assert page.status_code == 200
    assert "&lt;script&gt;alert" in page.text
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_tables_and_columns_are_described(db: Path) -> None:
    page = get(db, "/pesco/mentions").text
    assert "Every project, state, date and commitment in print" in page
    assert "As printed, line breaks and hyphens healed" in page
    assert "/assets/datasette.css" in page


def test_the_style_is_served(db: Path) -> None:
    assert "column-descriptions" in get(db, "/assets/datasette.css").text


def test_a_query_may_not_write(db: Path) -> None:
    assert get(db, "/pesco?sql=delete+from+documents").status_code == 400


def test_a_port_in_use_is_not_free() -> None:
    with socket.socket() as server:
        server.bind((browse.HOST, 0))
        server.listen()
        taken = server.getsockname()[1]
        assert not browse.is_free(taken)
    assert browse.is_free(browse.find_free_port())


def test_a_named_port_that_is_taken_is_refused(db: Path) -> None:
    with socket.socket() as server:
        server.bind((browse.HOST, 0))
        server.listen()
        with pytest.raises(PescoError, match="is taken"):
            browse.serve(db, server.getsockname()[1], default_port=1)


def test_a_default_port_that_is_taken_gives_way(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[str, int]] = []
    monkeypatch.setattr(browse.uvicorn, "run", lambda _app, host, port, **_rest: served.append((host, port)))
    with socket.socket() as server:
        server.bind((browse.HOST, 0))
        server.listen()
        taken = server.getsockname()[1]
        browse.serve(db, None, default_port=taken)
    [(host, port)] = served
    assert host == "127.0.0.1"
    assert port != taken
