"""Document text is data: HTML, SQL, formulas and terminal escapes in it do nothing, wherever it is shown."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from datasette.app import Datasette

from models.issues import Issue, Severity
from models.mentions import MentionKind
from pipeline.show import find_entity
from pipeline.store.catalogue import metadata
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.invariants import find_violations
from pipeline.store.load import load_extraction
from pipeline.store.schema import open_database, open_reader
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers, make_mention

HTML = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SQL = "'); DROP TABLE mentions; --"
FORMULA = '=cmd|"/c calc"!A1'
ESCAPES = "\x1b[2J\x1b]0;owned\x07\u202etxt"
HOSTILE = f"{HTML} {SQL} {FORMULA} {ESCAPES} NUL\x00 lone\ud800"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database of one document in which every text is hostile."""
    path = tmp_path / "pesco.db"
    good = make_extraction()
    extraction = replace(
        good,
        document=good.document.model_copy(update={"title": HOSTILE.replace("\ud800", "")}),
        page_texts=(HOSTILE,),
        mentions=(*good.mentions, make_mention(MentionKind.STATE, ("FI",), HOSTILE)),
        participations=tuple(fact.model_copy(update={"quote": HOSTILE}) for fact in good.participations),
        tables=tuple(replace(table, caption=HOSTILE, headings=(HOSTILE,)) for table in good.tables),
        issues=(Issue("hostile", Severity.WARNING, 1, HOSTILE, {HTML: HOSTILE}),),
    )
    with closing(open_database(path)) as connection:
        fill_gazetteers(connection, make_gazetteers())
        load_extraction(connection, make_file(f"{HTML[:40].replace('/', '|')}.pdf"), extraction, VERSIONS)
        assert find_violations(connection) == []
    return path


def get_pages(db: Path, paths: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return status and text of pages as Datasette serves them."""

    async def get_all() -> dict[str, tuple[int, str]]:
        server = Datasette([str(db)], metadata=metadata("pesco"))
        await server.invoke_startup()
        answers = {path: await server.client.get(path) for path in paths}
        return {path: (answer.status_code, answer.text) for path, answer in answers.items()}

    return asyncio.run(get_all())


def test_html_in_a_document_shows_as_text(db: Path) -> None:
    tables = ("documents", "files", "pages", "mentions", "participations", "tables", "issues", "latest_participations")
    paths = [f"/pesco/{table}" for table in tables]
    paths += [
        "/pesco/pages?_search=alert",
        f"/pesco/documents/{find_entity(db, 'csip').sections['mentions'][0]['document_id']}",
    ]
    pages = get_pages(db, paths)
    assert {path: status for path, (status, _) in pages.items() if status != 200} == {}
    shown = [path for path, (_, text) in pages.items() if "&lt;script&gt;alert" in text]
    assert [path for path, (_, text) in pages.items() if "<script>alert" in text or "<img src=x" in text] == []
    assert set(paths) - set(shown) == set()


def test_sql_in_a_document_is_stored_as_text(db: Path) -> None:
    with closing(open_reader(db)) as connection:
        text = connection.execute("SELECT text FROM mentions WHERE value = 'FI'").fetchone()[0]
        assert SQL in text
        assert FORMULA in text
        assert connection.execute("SELECT count(*) FROM mentions").fetchone()[0] == 29


@pytest.mark.parametrize("asked", ['"', "NEAR(", "* OR *", SQL, 'a" OR "b', "\x00"])
def test_searching_for_anything_is_an_error_or_an_answer(db: Path, asked: str) -> None:
    with closing(open_reader(db)) as connection:
        with suppress(sqlite3.OperationalError):
            connection.execute("SELECT count(*) FROM pages_fts WHERE pages_fts MATCH ?", (asked,)).fetchone()
        assert connection.execute("SELECT count(*) FROM mentions").fetchone()[0] == 29
