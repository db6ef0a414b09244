"""What a document prints is no formula in a spreadsheet, however it leaves the browser."""

import asyncio
import csv
import io
import sqlite3
from pathlib import Path

import httpx
import pytest

from flows.browse import make_site
from flows.csv_guard import guard_csv, inert_cell

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "plain",
    "-5",
    "3.5",
    "-",
    'a "quoted", cell\nof two lines',
]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (text)")
        connection.executemany("insert into t values (?)", [(text,) for text in HOSTILE])
    connection.close()
    return path


def fetch(database: Path, path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        site = make_site(database)
        await site.invoke_startup()
        transport = httpx.ASGITransport(app=guard_csv(site.app()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "path", ["/pesco/t.csv", "/pesco/t.csv?_stream=on&_size=max", "/pesco.csv?sql=select+text+from+t"]
)
def test_formulas_leave_as_text(database: Path, path: str) -> None:
    response = fetch(database, path)
    assert response.status_code == 200
    cells = [row[-1] for row in csv.reader(io.StringIO(response.text, newline=""))][1:]
    assert cells == [inert_cell(text) for text in HOSTILE]
    assert [cell[0] for cell in cells[:5]] == ["'"] * 5
    assert cells[5:] == HOSTILE[5:]


def test_other_answers_are_untouched(database: Path) -> None:
    assert [row[-1] for row in fetch(database, "/pesco/t.json?_shape=arrays").json()["rows"]] == HOSTILE
