"""Pictures: drawn on this machine from the rows of the table beside them, anew when those change, inert always."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from flows.browse import make_site
from flows.room import chart_map, chart_specs, charts
from flows.room.headers import STRICT_POLICY
from flows.room.pages.pictures import PICTURES
from pipeline.room import figures
from pipeline.store.schema import open_database, open_reader

NAMES = [picture.name for picture in PICTURES]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def get(db: Path, *urls: str) -> list[httpx.Response]:
    async def fetch() -> list[httpx.Response]:
        site = make_site(db)
        await site.invoke_startup()
        answers = [await site.client.get(url) for url in urls]
        site.close()
        return answers

    return asyncio.run(fetch())


def drawn(page: str) -> str:
    """The picture in a page."""
    found = re.search(r"<svg .*?class=\"drawn(?: wide)?\".*?</svg>", page, flags=re.DOTALL)
    assert found is not None
    return found[0]


def links(svg: str) -> list[str]:
    return [unescape(href) for href in re.findall(r' href="([^"]*)"', svg)]


@pytest.fixture(scope="module")
def connection(samples_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_reader(samples_db)) as reader:
        yield reader


@pytest.fixture
def copy(samples_db: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(samples_db, tmp_path / "pesco.db"))


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stands_beside_its_table_with_words_for_those_who_do_not_see_it(name: str, samples_db: Path) -> None:
    [page] = get(samples_db, f"/pictures/{name}")
    assert page.status_code == 200
    assert page.headers["content-security-policy"] == STRICT_POLICY
    svg = drawn(page.text)
    assert len(ElementTree.fromstring(svg).findall(f".//{SVG}path")) > 20
    assert re.search(r'role="img" aria-label="[^"]{30,}\."', page.text)
    assert page.text.count("<tr>") > 5
    assert "style=" not in page.text


@pytest.mark.parametrize("name", NAMES)
def test_its_marks_lead_to_pages_that_are_there(name: str, samples_db: Path) -> None:
    [page] = get(samples_db, f"/pictures/{name}")
    hrefs = sorted(set(links(drawn(page.text))))
    assert len(hrefs) >= 5
    assert all(href.startswith("/") and not href.startswith("//") for href in hrefs)
    for answer in get(samples_db, hrefs[0], hrefs[len(hrefs) // 2], hrefs[-1]):
        assert answer.status_code == 200


def test_picture_and_table_show_the_same_facts(samples_db: Path, connection: sqlite3.Connection) -> None:
    expected = {f"/participations/{cell.id}" for cell in figures.list_roles(connection)}
    [page] = get(samples_db, "/pictures/roles")
    svg = drawn(page.text)
    assert set(links(svg)) == expected
    assert set(links(page.text.replace(svg, ""))) >= expected


def test_every_role_of_the_matrix_is_what_the_latest_document_says(connection: sqlite3.Connection) -> None:
    said = {
        (row["project"], row["state"]): row["role"]
        for row in connection.execute("SELECT project, state, role FROM latest_participations ORDER BY role DESC")
    }
    assert {(cell.project, cell.state): cell.role for cell in figures.list_roles(connection)} == said


def test_slips_are_drawn_from_the_old_date_to_the_new(connection: sqlite3.Connection) -> None:
    moved = [step for step in figures.list_steps(connection) if step.was]
    spec = chart_specs.timeline(figures.list_steps(connection), lambda *parts: "/".join(map(str, parts)))
    rows = [row for row in spec["data"]["values"] if row["was"]]
    assert len(rows) == len(moved) > 5
    assert all("was" in row["says"] for row in rows)
    svg = charts.draw(spec)
    assert svg.count("stroke-dasharray") >= len(moved)


def test_each_picture_is_a_file_as_well(samples_db: Path) -> None:
    for answer in get(samples_db, *(f"/pictures/{name}.svg" for name in NAMES)):
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert answer.headers["content-security-policy"] == STRICT_POLICY
        assert ElementTree.fromstring(answer.text).tag == f"{SVG}svg"
    assert get(samples_db, "/pictures/nothing")[0].status_code == 404


def test_a_project_has_a_picture_of_its_milestones(samples_db: Path) -> None:
    page, picture, none = get(
        samples_db, "/projects/satoc", "/projects/satoc/milestones.svg", "/projects/nothing/milestones.svg"
    )
    assert '<img class="small-chart" src="/projects/satoc/milestones.svg"' in page.text
    texts = [element.text for element in ElementTree.fromstring(picture.text).iter(f"{SVG}text")]
    assert {"IOC", "FOC"} <= set(texts)
    assert "quarter 4 of 2032" in texts
    assert none.status_code == 404


def test_no_address_of_elsewhere_is_in_a_picture(samples_db: Path) -> None:
    for answer in get(samples_db, *(f"/pictures/{name}.svg" for name in NAMES)):
        assert re.findall(r"(?:https?:)?//[^\"' ]+", answer.text.replace("http://www.w3.org/2000/svg", "")) == []


def test_a_picture_is_drawn_again_when_its_rows_changed_and_not_otherwise(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    real = charts.vl_convert.vegalite_to_svg
    monkeypatch.setattr(
        charts.vl_convert, "vegalite_to_svg", lambda spec, **more: calls.append(spec) or real(spec, **more)
    )
    charts._draw.cache_clear()
    first, second = get(copy, "/pictures/map", "/pictures/map")
    assert (len(calls), first.text) == (1, second.text)
    with closing(sqlite3.connect(copy)) as writer:
        writer.execute("UPDATE documents SET title = 'another'")
        writer.commit()
    assert get(copy, "/pictures/map")[0].text == first.text
    assert len(calls) == 1
    with closing(sqlite3.connect(copy)) as writer:
        writer.execute("DELETE FROM participations WHERE state = 'FR'")
        writer.commit()
    assert "France: 0 projects" in get(copy, "/pictures/map")[0].text
    assert len(calls) == 2


def test_what_a_document_says_is_text_in_a_picture(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as writer:
        writer.execute("UPDATE documents SET filename = ?", (HOSTILE,))
        writer.execute("UPDATE projects SET name = ? || name", (HOSTILE,))
        writer.commit()
    for page in get(copy, *(f"/pictures/{name}" for name in ("mentions", "roles", "milestones"))):
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script" in drawn(page.text)


def test_without_documents_there_is_nothing_to_draw(tmp_path: Path) -> None:
    db = tmp_path / "empty.db"
    open_database(db).close()
    for page in get(db, *(f"/pictures/{name}" for name in NAMES)):
        assert page.status_code == 200
        assert "nothing to draw" in page.text
    for page in get(db, *(f"/pictures/{name}.svg" for name in NAMES)):
        assert page.status_code == 404


def test_the_year_of_the_commitments_can_be_chosen(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as writer:
        writer.execute("UPDATE documents SET year = 2023 WHERE kind = 'nip'")
        writer.commit()
    last, earlier, wrong = get(
        copy, "/pictures/commitments", "/pictures/commitments?year=2023", "/pictures/commitments?year=x"
    )
    assert "Germany" in drawn(last.text)
    assert "Germany" not in drawn(earlier.text)
    assert "Finland" in drawn(earlier.text)
    assert drawn(wrong.text) == drawn(last.text)
    assert 'href="?year=2023"' in last.text


def test_the_map_has_every_participating_state(connection: sqlite3.Connection) -> None:
    shapes = {shape["properties"]["code"] for shape in chart_map.shapes_of_europe()}
    states = {row[0] for row in connection.execute("SELECT code FROM states")}
    participating = {row[0] for row in connection.execute("SELECT code FROM states WHERE pesco_role = 'pms'")}
    assert participating <= shapes <= states


def test_a_mark_may_not_lead_elsewhere() -> None:
    rows = [{"x": 1, "href": href} for href in ("https://example.org/", "//example.org/", charts.link("/here"))]
    encoding = {"x": {"field": "x", "type": "quantitative"}, "href": {"field": "href"}}
    svg = charts.draw({"data": {"values": rows}, "mark": "point", "encoding": encoding})
    assert links(svg) == ["/here"]


@pytest.mark.parametrize("sql", [figures.ROLES, figures.MILESTONES, figures.STATUSES, figures.MENTIONS, figures.STATES])
def test_no_picture_reads_all_mentions(sql: str, connection: sqlite3.Connection) -> None:
    plan = [str(row["detail"]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [line for line in plan if re.match(r"SCAN (said|mentions|pages)\b", line)] == []
