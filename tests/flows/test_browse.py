"""The database in the browser: described by the models, and inert whatever a document says."""

import asyncio
import socket
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from flows import browse
from flows.room.headers import guard_hosts
from models.errors import PescoError
from pipeline.store.schema import open_database
from pipeline.store.search import index_pages

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
    index_pages(connection, connection.execute("SELECT id, document_id, page, text FROM pages"))
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


def test_a_named_port_that_is_taken_is_refused(db: Path) -> None:
    with socket.socket() as server:
        server.bind((browse.HOST, 0))
        server.listen()
        with pytest.raises(PescoError, match="is taken"):
            browse.serve(db, browse.Serving(port=server.getsockname()[1]), default_port=1)


def test_an_address_of_another_machine_is_refused(db: Path) -> None:
    with pytest.raises(PescoError, match="cannot listen at 192.0.2.1"):
        browse.serve(db, browse.Serving(host="192.0.2.1"), default_port=0)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses at which something was served, without serving."""
    found: list[str] = []
    monkeypatch.setattr(
        browse.uvicorn.Server,
        "run",
        lambda _server, sockets: found.append(f"{sockets[0].getsockname()[0]}:{sockets[0].getsockname()[1]}"),
    )
    return found


def test_a_default_port_that_is_taken_gives_way(db: Path, served: list[str]) -> None:
    with socket.socket() as server:
        server.bind((browse.HOST, 0))
        server.listen()
        taken = server.getsockname()[1]
        browse.serve(db, browse.Serving(), default_port=taken)
    [address] = served
    host, port = address.split(":")
    assert host == "127.0.0.1"
    assert int(port) != taken


def test_others_are_warned_of(db: Path, served: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    browse.serve(db, browse.Serving(), default_port=0)
    assert "Whoever" not in capsys.readouterr().err
    browse.serve(db, browse.Serving(host="0.0.0.0"), default_port=0)
    assert "Whoever can reach this machine can read it" in capsys.readouterr().err
    assert len(served) == 2


def test_the_browser_is_opened_at_the_address(db: Path, served: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(browse.webbrowser, "open", opened.append)
    monkeypatch.setattr(browse, "_SECONDS_TO_START", 0.0)
    browse.serve(db, browse.Serving(opens=True), default_port=0)
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()
    assert opened == [f"http://{served[0]}/"]


def test_a_database_of_an_older_version_is_brought_up_to_date(tmp_path: Path, served: list[str]) -> None:
    path = tmp_path / "older.db"
    connection = open_database(path)
    connection.execute("DROP INDEX participations_state_project")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0008_room'")
    connection.close()
    browse.serve(path, browse.Serving(), default_port=0)
    with closing(open_database(path)) as connection:
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'participations_state_project'").fetchone()
    assert len(served) == 1


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(PescoError, match="no database of pesco"):
        browse.serve(path, browse.Serving(), default_port=0)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("127.0.0.1:9001", 200), ("localhost:9001", 200), ("LOCALHOST", 200), ("[::1]:9001", 200)),
        *(("evil.example:9001", 403), ("127.0.0.1.evil.example", 403), ("", 403)),
    ],
)
def test_a_page_elsewhere_cannot_point_its_name_here(db: Path, host: str, status: int) -> None:
    async def ask() -> httpx.Response:
        with closing(browse.make_site(db)) as site:
            application = guard_hosts(site.app(), browse.LOCAL_NAMES)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://x") as client:
                return await client.get("/assets/room.css", headers={"host": host})

    assert asyncio.run(ask()).status_code == status


def test_what_is_served_to_this_machine_only_is_guarded(
    db: Path, served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded: list[object] = []
    monkeypatch.setattr(browse, "guard_hosts", lambda application, names: guarded.append(names) or application)
    browse.serve(db, browse.Serving(host="0.0.0.0"), default_port=0)
    assert guarded == []
    browse.serve(db, browse.Serving(), default_port=0)
    assert guarded == [browse.LOCAL_NAMES]
    assert len(served) == 2
