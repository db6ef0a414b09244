"""Search, questions and pictures in a real browser: from a word or question to its place in print; what is drawn."""

import csv
import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.browser.conftest import Served
from tests.browser.test_reading_room import _CONTRASTS, is_ink, open_sheet, picture_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURES = ("roles", "map", "milestones", "commitments", "years", "mentions")


def test_from_the_search_box_to_the_words_on_the_page(page: "Page", served: Served) -> None:
    page.locator("#find").fill('"military mobility"')
    page.locator("#find").press("Enter")
    hits = page.locator("ol.hits > li")
    assert hits.count() >= 5
    assert hits.first.locator("mark").first.inner_text().lower() in ("military", "mobility", "military mobility")
    hits.first.locator("a").first.click()
    sheet = open_sheet(page)
    pixels = picture_of(sheet)
    frame = sheet.bounding_box()
    boxes = [box.bounding_box() for box in page.locator(".sheet rect.found").all()]
    assert frame is not None
    assert len(boxes) >= 1
    for box in boxes:
        assert box is not None
        left, top = round(box["x"] - frame["x"]), round(box["y"] - frame["y"])
        inside = pixels[top + 1 : top + round(box["height"]) - 1, left + 1 : left + round(box["width"]) - 1]
        assert is_ink(inside).sum() > 20  # print stands in the box ...
        ground = inside[inside.min(axis=2) > 60]
        red, blue = np.median(ground, axis=0)[[0, 2]]
        assert red - blue > 40  # ... on yellow


@pytest.mark.parametrize("asked", ['"', "NEAR(", "-a", "<script>alert(1)</script>"])
def test_whatever_is_typed_into_the_box_is_answered(page: "Page", asked: str) -> None:
    page.locator("#find").fill(asked)
    page.locator("#find").press("Enter")
    assert page.locator("h1").inner_text() == "Search"
    assert page.locator("#asked").input_value() == asked


def test_from_a_question_to_the_printed_words(page: "Page", served: Served) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Questions").click()
    page.get_by_role("link", name="Whose date slipped").click()
    rows = page.locator("table.answer tbody tr")
    some = rows.count()
    page.get_by_label("project").fill("satoc")
    page.get_by_role("button", name="Ask").click()
    assert 0 < rows.count() < some
    assert set(page.locator("table.answer td.col-project").all_inner_texts()) == {"satoc"}
    page.locator("table.answer td.col-milestone_id a").first.click()
    assert page.locator(".sheet rect.chosen").count() >= 1
    assert "(SATOC)" in page.locator("h1").inner_text()


def test_an_answer_is_taken_along(page: "Page") -> None:
    page.goto("/pesco/contradicting-documents?about=foc&project=")
    shown = page.locator("table.answer tbody tr").count()
    address = page.get_by_role("link", name="CSV", exact=True).get_attribute("href")
    assert address is not None
    answer = page.request.get(address)
    assert len(list(csv.DictReader(io.StringIO(answer.text())))) == shown > 5
    parquet = page.get_by_role("link", name="Parquet").get_attribute("href")
    assert parquet is not None
    assert page.request.get(parquet).body()[:4] == b"PAR1"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_really_drawn(page: "Page", name: str) -> None:
    page.goto(f"/pictures/{name}")
    svg = page.locator("svg.drawn")
    pixels = picture_of(svg)
    colours = {tuple(colour) for colour in pixels.reshape(-1, 3)[::7].tolist()}
    assert len(colours) > 20
    coloured = (pixels.max(axis=2) - pixels.min(axis=2)) > 25
    assert coloured.sum() > 1000
    assert is_ink(pixels).sum() > 300


def test_a_cell_of_the_matrix_leads_to_its_evidence(page: "Page", served: Served) -> None:
    page.goto("/pictures/roles")
    cell = page.locator("svg.drawn a").first
    says = cell.locator("title").first.text_content() or ""
    project, state = re.split(r": |, ", says)[:2]
    cell.locator("path").first.click()
    heading = page.locator("h1").inner_text()
    assert page.url.startswith(f"{served.address}/participations/")
    assert state in heading
    assert project in heading


def test_a_project_shows_its_milestones(page: "Page") -> None:
    page.goto("/projects/satoc")
    chart = page.locator("img.small-chart")
    chart.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('img.small-chart').naturalWidth > 300")
    pixels = picture_of(chart)
    assert ((pixels.max(axis=2) - pixels.min(axis=2)) > 60).sum() > 500


def test_a_phone_scrolls_one_way_only(page: "Page") -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    urls = ("/queries", "/search?q=finland", "/pesco/slips?milestone=&project=", "/pictures")
    for url in (*urls, *(f"/pictures/{name}" for name in PICTURES), "/projects/satoc"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, url
        assert page.locator("h1").is_visible(), url


def test_text_stands_out_from_its_ground(page: "Page") -> None:
    for url in ("/queries", "/search?q=finland", "/pesco/slips?milestone=ioc&project=", "/pictures", "/pictures/years"):
        page.goto(url)
        faint = [line for line in page.evaluate(_CONTRASTS) if not line.startswith("text ")]
        assert faint == [], url


def test_what_scrolls_can_be_reached_by_keyboard(page: "Page") -> None:
    for url in ("/pictures/milestones", "/pesco/slips?milestone=ioc&project="):
        page.goto(url)
        reached = page.evaluate(
            "[...document.querySelectorAll('.scroll')].map((e) => e.scrollWidth <= e.clientWidth || e.tabIndex === 0)"
        )
        assert reached
        assert all(reached)
