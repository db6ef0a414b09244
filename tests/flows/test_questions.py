"""The questions of the cookbook: each is answered over the samples, quickly, and leads on to the words."""

import asyncio
import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pyarrow.parquet
import pytest
from datasette.app import Datasette

from flows.browse import make_site
from flows.csv_guard import guard_csv
from flows.publish import publish_copy
from pipeline.store.questions import QUESTIONS, Question, queries
from pipeline.store.records import ROWS
from pipeline.store.schema import open_reader
from pipeline.store.view_columns import MEANINGS, read_view_columns

NAMES = [question.name for question in QUESTIONS]
# Tables that grow with every page; reading one from end to end would take longer with each document.
BIG = ("mentions", "mention_boxes", "pages", "cells", "candidates")
# A question for the big table itself, which has few rows to a page of candidates.
MAY_SCAN = {"candidate-words": "candidates"}
# "SCAN mentions USING COVERING INDEX" reads the index alone.
SCANNED = re.compile(r"^SCAN (\w+)(?! USING COVERING INDEX)")


def get(db: Path, *urls: str) -> list[httpx.Response]:
    async def fetch() -> list[httpx.Response]:
        site = make_site(db)
        await site.invoke_startup()
        transport = httpx.ASGITransport(app=guard_csv(site.app()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answers = [await client.get(url) for url in urls]
        site.close()
        return answers

    return asyncio.run(fetch())


def example(question: Question) -> dict[str, str]:
    return {blank.name: blank.example for blank in question.parameters}


@pytest.fixture(scope="module")
def connection(samples_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_reader(samples_db)) as reader:
        yield reader


def test_there_are_many_questions_each_with_its_words() -> None:
    assert len(QUESTIONS) >= 12
    assert len(set(NAMES)) == len(NAMES)
    assert set(NAMES) & {*ROWS, *read_view_columns()} == set()  # it would hide the table of that name
    assert all(question.title.endswith("?") and question.description.endswith(".") for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_every_question_is_answered_over_the_samples(question: Question, connection: sqlite3.Connection) -> None:
    assert len(connection.execute(question.sql, example(question)).fetchall()) > 0


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_blanks_are_those_of_the_sql_and_every_column_has_a_meaning(
    question: Question, connection: sqlite3.Connection
) -> None:
    assert set(re.findall(r":([a-z_]+)", question.sql)) == {blank.name for blank in question.parameters}
    columns = [column[0] for column in connection.execute(question.sql, example(question)).description]
    assert [name for name in columns if name not in MEANINGS] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_no_question_reads_a_big_table_from_end_to_end(question: Question, connection: sqlite3.Connection) -> None:
    plan = [str(row["detail"]) for row in connection.execute(f"EXPLAIN QUERY PLAN {question.sql}", example(question))]
    aliases = dict(re.findall(r"(?:FROM|JOIN) (\w+) (?!JOIN|WHERE|ON|GROUP|ORDER|USING)(\w+)", question.sql))
    real = {alias: table for table, alias in aliases.items()}
    scanned = {real.get(found[1], found[1]) for line in plan if (found := SCANNED.match(line))}
    assert scanned & set(BIG) <= {MAY_SCAN.get(question.name)}


def test_a_scan_would_be_noticed(connection: sqlite3.Connection) -> None:
    plan = connection.execute("EXPLAIN QUERY PLAN SELECT text FROM mentions WHERE text = 'x'").fetchall()
    assert any(SCANNED.match(str(row["detail"])) for row in plan)


def test_every_question_opens_in_the_browser(samples_db: Path) -> None:
    urls = [f"/pesco/{question.name}?{urlencode(example(question))}" for question in QUESTIONS]
    for question, page in zip(QUESTIONS, get(samples_db, *urls), strict=True):
        assert page.status_code == 200
        assert question.title in page.text
        assert "No row answers" not in page.text
        assert "column-descriptions" in page.text


def test_an_answer_leads_to_the_project_the_page_and_the_words(samples_db: Path) -> None:
    [page] = get(samples_db, "/pesco/slips?milestone=foc&project=satoc")
    assert 'href="/projects/satoc"' in page.text
    for href in (r"/documents/\w+/pages/\d+", r"/milestones/\w+"):
        link = min(re.findall(f'href="({href})"', page.text))
        assert get(samples_db, link)[0].status_code == 200


@pytest.mark.parametrize("asked", ["'", '"; DROP TABLE mentions; --', "\x00", "<script>alert(1)</script>", "ñ" * 500])
def test_anything_may_stand_in_a_blank(samples_db: Path, asked: str) -> None:
    urls = [
        f"/pesco/{question.name}?{urlencode(dict.fromkeys(example(question), asked))}"
        for question in QUESTIONS
        if question.parameters
    ]
    for page in get(samples_db, *urls):
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_the_list_names_all_of_them_with_examples_that_are_answered(samples_db: Path) -> None:
    [page] = get(samples_db, "/queries")
    links = re.findall(r'href="(/pesco/[^"]+)">', page.text)
    for name in NAMES:
        assert any(link.partition("?")[0] == f"/pesco/{name}" for link in links)
    assert get(samples_db, links[0].replace("&amp;", "&"))[0].status_code == 200


def test_the_readme_lists_all_of_them(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    cookbook = text.split("\n## Cookbook\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| ([^|]+\?) \| `([a-z-]+)`", cookbook, flags=re.MULTILINE) == [
        (question.title, question.name) for question in QUESTIONS
    ]


def test_the_recipes_of_the_readme_work(root: Path, samples_db: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    urls = re.findall(r"http://127\.0\.0\.1:9001(/pesco/[^'\s]+)'", text)
    assert len(urls) >= 4
    for url, answer in zip(urls, get(samples_db, *urls), strict=True):
        assert answer.status_code == 200, url
        if ".json" in url:
            assert len(answer.json()) > 0
        else:
            assert len(answer.content) > 100


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_every_answer_is_the_same_as_csv_json_and_parquet(question: Question, samples_db: Path) -> None:
    blanks = urlencode(example(question))
    base = f"/pesco/{question.name}"
    as_json, as_csv, as_parquet = get(
        samples_db, f"{base}.json?_shape=array&{blanks}", f"{base}.csv?{blanks}", f"{base}.parquet?{blanks}"
    )
    rows = as_json.json()
    assert rows
    table = pyarrow.parquet.read_table(io.BytesIO(as_parquet.content))
    assert table.to_pylist()[: len(rows)] == [{**dict.fromkeys(table.column_names), **row} for row in rows]
    spread = list(csv.DictReader(io.StringIO(as_csv.text, newline="")))
    assert len(spread) == len(rows)
    assert [row.get("filename") for row in spread] == [row.get("filename") for row in rows]


def test_a_table_leaves_as_parquet_whole_with_its_filters(samples_db: Path, connection: sqlite3.Connection) -> None:
    answers = get(samples_db, "/pesco/mentions.parquet?kind=state", "/pesco/latest_participations.parquet")
    table, view = (pyarrow.parquet.read_table(io.BytesIO(answer.content)) for answer in answers)
    assert (
        table.num_rows == connection.execute("SELECT count(*) FROM mentions WHERE kind = 'state'").fetchone()[0] > 1000
    )
    assert str(table.schema.field("x0").type) == "double"
    assert str(table.schema.field("page").type) == "int64"
    assert view.num_rows == connection.execute("SELECT count(*) FROM latest_participations").fetchone()[0]


@pytest.mark.parametrize("table", ["mentions", "participations", "milestones", "commitment_statuses", "candidates"])
def test_a_stream_of_csv_holds_every_row_once(table: str, samples_db: Path, connection: sqlite3.Connection) -> None:
    [answer] = get(samples_db, f"/pesco/{table}.csv?_stream=on&_size=max")
    ids = [row["id"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))]
    assert len(ids) == len(set(ids)) == connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_wrong_sql_is_no_parquet(samples_db: Path) -> None:
    [answer] = get(samples_db, "/pesco.parquet?sql=select+1+from+nowhere")
    assert answer.status_code == 400
    assert "no such table" in answer.text


def test_every_column_of_every_view_has_a_meaning() -> None:
    assert {
        (view, name) for view, names in read_view_columns().items() for name in names if name not in MEANINGS
    } == set()


def test_the_views_described_are_those_of_a_database(connection: sqlite3.Connection) -> None:
    stored = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert set(read_view_columns()) == stored - set(ROWS)  # a view that stands for a table is described by its model


def test_datasette_counts_every_table(samples_db: Path, connection: sqlite3.Connection) -> None:
    """What a server of a published copy does before it starts."""
    done = subprocess.run(
        [sys.executable, "-m", "datasette", "inspect", str(samples_db)], capture_output=True, text=True, check=True
    )
    counted = json.loads(done.stdout)["pesco"]["tables"]
    for name in ("documents", "mentions", "participations", "milestones", "commitment_statuses"):
        assert counted[name]["count"] == connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]


def test_plain_datasette_answers_every_question_over_a_published_copy(samples_db: Path, tmp_path: Path) -> None:
    publish_copy(samples_db, tmp_path / "out")
    about = json.loads((tmp_path / "out" / "metadata.json").read_text(encoding="utf-8"))

    async def ask_all() -> dict[str, int]:
        site = Datasette([], immutables=[str(tmp_path / "out" / "pesco.db")], metadata=about)
        await site.invoke_startup()
        tables = await site.client.get("/pesco/mentions")
        assert "As printed, line breaks and hyphens healed" in tables.text
        answers = {}
        for question in QUESTIONS:
            url = f"/pesco/{question.name}.json?{urlencode({**example(question), '_shape': 'array'})}"
            answers[question.name] = len((await site.client.get(url)).json())
        return answers

    answers = asyncio.run(ask_all())
    assert {name for name, rows in answers.items() if rows == 0} == set()


def test_queries_are_plain_data() -> None:
    assert json.loads(json.dumps(queries())) == queries()
