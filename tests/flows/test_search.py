"""Search over all pages: what is found, where it leads, and that nothing a reader types can break it."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.browse import make_site
from pipeline.room import search
from pipeline.room.finding import find_boxes, make_finder, read_place
from pipeline.store.kept import pages_folder
from pipeline.store.schema import open_reader

HOSTILE = [
    '"',
    '""',
    "'",
    "*",
    "NEAR(",
    "a AND",
    "OR",
    "NOT x",
    "text:finland",
    "^finland",
    "{a b}",
    "(((",
    "finland)",
    "\x00",
    "a\x00b",
    "-",
    "--",
    "-finland",
    '-"finland',
    "x" * 5000,
    "'; DROP TABLE pages; --",
    "<script>alert(1)</script>",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "٣ 中文 ñandú",
]


def get(db: Path, *urls: str) -> list[httpx.Response]:
    async def fetch() -> list[httpx.Response]:
        site = make_site(db)
        await site.invoke_startup()
        answers = [await site.client.get(url) for url in urls]
        site.close()
        return answers

    return asyncio.run(fetch())


def asking(words: str, **more: str) -> str:
    return f"/search?{urlencode({'q': words, **more})}"


@pytest.fixture(scope="module")
def connection(samples_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_reader(samples_db)) as reader:
        yield reader


def texts(connection: sqlite3.Connection) -> list[str]:
    return [str(row[0]).lower() for row in connection.execute("SELECT text FROM pages")]


def pages(connection: sqlite3.Connection, words: str, kind: str = "") -> int:
    return search.search(connection, words, kind, 1).slice.total


def test_all_words_must_be_on_the_page(connection: sqlite3.Connection) -> None:
    both = [text for text in texts(connection) if re.search(r"\bfinland\b", text) and re.search(r"\bmobility\b", text)]
    assert pages(connection, "Finland mobility") == len(both) > 0


def test_words_in_quotes_stand_together(connection: sqlite3.Connection) -> None:
    together = [text for text in texts(connection) if re.search(r"\bmilitary\s+mobility\b", text)]
    assert pages(connection, '"military mobility"') == len(together) > 0


def test_or_minus_and_asterisk(connection: sqlite3.Connection) -> None:
    having = {
        word: {i for i, text in enumerate(texts(connection)) if re.search(rf"\b{word}\b", text)}
        for word in ("finland", "italy", r"coordinat\w*")
    }
    assert pages(connection, "finland OR italy") == len(having["finland"] | having["italy"])
    assert pages(connection, "finland -italy") == len(having["finland"] - having["italy"])
    assert pages(connection, "coordinat*") == len(having[r"coordinat\w*"]) > pages(connection, "coordinat")


def test_a_hit_leads_to_its_page_with_the_words_marked(samples_db: Path) -> None:
    [found] = get(samples_db, asking("military mobility"))
    assert "<mark>" in found.text
    link = re.findall(r'href="(/documents/\w+/pages/\d+\?find=military\+mobility)"', found.text)[0]
    [page] = get(samples_db, link)
    assert page.status_code == 200
    assert re.search(r"<mark>(?i:mobility)</mark>", page.text)
    assert page.text.count('class="found"') >= 2


def test_the_marks_stand_where_the_words_are(connection: sqlite3.Connection, samples_db: Path) -> None:
    sql = "SELECT document_id, page, text, x0, top, x1, bottom FROM mentions WHERE text = 'Finland' LIMIT 1"
    document, page, text, *hull = connection.execute(sql).fetchone()
    place = read_place(connection, document)
    assert place is not None
    boxes = find_boxes(pages_folder(samples_db), place, page, make_finder(text))
    assert [box.x0 for box in boxes if [box.x0, box.top, box.x1, box.bottom] == pytest.approx(hull, abs=0.02)]
    assert find_boxes(pages_folder(samples_db), place, page + 1000, make_finder(text)) == ()


def test_without_kept_pages_the_text_is_marked_all_the_same(samples_db: Path, tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    shutil.copy(samples_db, db)
    with closing(sqlite3.connect(db)) as copy:
        document = copy.execute("SELECT id FROM documents WHERE kind = 'nip'").fetchone()[0]
    [page] = get(db, f"/documents/{document}/pages/1?find=finland")
    assert page.status_code == 200
    assert 'class="found"' not in page.text
    assert re.search(r"<mark>(?i:finland)</mark>", page.text)


def test_hits_can_be_narrowed_to_a_kind_of_document(connection: sqlite3.Connection) -> None:
    answer = search.search(connection, "commitments", "", 1)
    assert sum(one.pages for one in answer.kinds) == answer.slice.total
    for one in answer.kinds:
        assert pages(connection, "commitments", one.kind) == one.pages


def test_long_answers_are_turned_page_by_page(samples_db: Path) -> None:
    first, second = get(samples_db, asking("pesco"), asking("pesco", page="2"))
    hits = [re.findall(r'href="(/documents/[^"]+find=pesco)"', page.text) for page in (first, second)]
    assert len(hits[0]) == search.PAGE_SIZE
    assert set(hits[0]) & set(hits[1]) == set()
    assert "page=2" in first.text


def test_the_name_of_a_thing_leads_to_its_page(samples_db: Path) -> None:
    project, state, commitment = get(samples_db, asking("essor"), asking("finland"), asking("commitment 12"))
    assert 'href="/projects/essor"' in project.text
    assert 'href="/states/FI"' in state.text
    assert 'href="/commitments/12"' in commitment.text


def test_every_page_has_the_search_box(samples_db: Path) -> None:
    for page in get(samples_db, "/", "/projects", "/pesco", "/pesco/mentions", "/queries", "/search", "/nothing"):
        assert 'action="/search"' in page.text


@pytest.mark.parametrize("asked", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_is_answered(asked: str, samples_db: Path) -> None:
    [page] = get(samples_db, asking(asked))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    [page] = get(samples_db, f"/documents/nothing/pages/1?{urlencode({'find': asked})}")
    assert page.status_code == 404


def test_nothing_found_is_said(samples_db: Path) -> None:
    nothing, no_word, empty = get(samples_db, asking("zarzuela"), asking('"*("'), asking(""))
    assert "No page has this word" in nothing.text
    assert "no word in this to search for" in no_word.text
    assert "Type words" in empty.text


def test_markup_on_a_page_is_text_in_its_snippet(samples_db: Path, tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    shutil.copy(samples_db, db)
    with closing(sqlite3.connect(db)) as copy:
        copy.execute("UPDATE pages SET text = 'zarzuela <img src=x onerror=alert(1)> \x02 \x03 end' WHERE page = 1")
        copy.execute("UPDATE documents SET title = '<b>title</b>'")
        copy.commit()
    [page] = get(db, asking("zarzuela"))
    assert "&lt;img src=x" in page.text
    assert "<img src=x" not in page.text
    assert "&lt;b&gt;title" in page.text


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | st.lists(st.sampled_from(['"', "*", "-", "OR", "AND", "(", "a", " ", "^", ":"])).map("".join)
)
def test_every_expression_is_one_that_sqlite_takes(asked: str) -> None:
    expression = search.parse(asked)
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')")
        if expression.match:
            memory.execute("SELECT count(*) FROM t WHERE t MATCH ?", (expression.match,)).fetchone()
    make_finder(asked).cut(asked)


def test_no_search_reads_all_pages(connection: sqlite3.Connection) -> None:
    values = {"match": '"a"', "kind": "", "limit": 1, "offset": 0}
    for sql in (search.HITS, search.KINDS):
        plan = [str(row["detail"]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert any("pages_fts VIRTUAL TABLE INDEX" in line for line in plan)
        assert [line for line in plan if line.startswith("SCAN p ") or line.startswith("SCAN pages ")] == []
