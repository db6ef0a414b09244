"""The reading room: its own pages in Datasette, each with a policy that lets no script of a document run."""

import asyncio
from pathlib import Path

import httpx
import pytest

from flows import browse
from flows.room.headers import DATASETTE_POLICY, STRICT_POLICY
from pipeline.store.schema import open_database


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without a document, under a name of its own."""
    path = tmp_path_factory.mktemp("site") / "anything.db"
    open_database(path).close()
    return path


def get(db: Path, url: str) -> httpx.Response:
    async def fetch() -> httpx.Response:
        site = browse.make_site(db)
        await site.invoke_startup()
        response: httpx.Response = await site.client.get(url)
        return response

    return asyncio.run(fetch())


def test_the_first_page_is_ours_and_the_tables_stand_at_the_same_place_always(empty: Path) -> None:
    home = get(empty, "/")
    assert home.status_code == 200
    assert 'href="/pesco"' in home.text
    assert get(empty, "/pesco/mentions").status_code == 200


def test_every_answer_carries_the_policy(empty: Path) -> None:
    assert get(empty, "/").headers["content-security-policy"] == STRICT_POLICY
    for url in ("/pesco", "/pesco/mentions", "/nothing", "/pesco.json", "/assets/room.css"):
        policy = get(empty, url).headers["content-security-policy"]
        assert policy == DATASETTE_POLICY
        assert "script-src 'self';" in policy
