"""The reading room in a real browser: from the first page to the highlighted words, checked pixel by pixel."""

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.browser.conftest import HOSTILE, Served
from tests.turned_pages import SHAPES

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Pixels = NDArray[np.int16]
Rectangle = tuple[float, float, float, float]


def picture_of(locator: "Locator") -> Pixels:
    """What the browser shows of an element, as (rows, columns, red green blue)."""
    return np.asarray(Image.open(BytesIO(locator.screenshot())).convert("RGB"), dtype=np.int16)


def is_highlight(pixels: Pixels) -> NDArray[np.bool_]:
    """Where the yellow of the chosen words is."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return (red > 180) & (green > 130) & (blue < 140) & (red - blue > 80)


def is_ink(pixels: Pixels) -> NDArray[np.bool_]:
    """Where print is: dark in every colour."""
    return pixels.max(axis=2) < 110


def boxes_in(served: Served, mention: str, size: tuple[int, int], corner: Rectangle) -> list[tuple[int, int, int, int]]:
    """The boxes of a mention in the database, in pixels of a sheet: left, top, right, bottom.

    ``size`` is the sheet's in pixels, ``corner`` is x0, top, width and height of what it shows, in points.
    """
    x0, top, width, height = corner
    across, down = size[0] / width, size[1] / height
    return [
        tuple(
            round(value)
            for value in ((left - x0) * across, (upper - top) * down, (right - x0) * across, (lower - top) * down)
        )
        for left, upper, right, lower in served.rows(
            "SELECT x0, top, x1, bottom FROM mention_boxes WHERE mention_id = ? ORDER BY line", mention
        )
    ]  # type: ignore[misc]


def open_sheet(page: "Page") -> "Locator":
    """The drawn page, when it is there."""
    sheet = page.locator(".sheet")
    page.wait_for_function("document.querySelector('.sheet img')?.naturalWidth > 0")
    return sheet


def test_from_the_first_page_to_the_words_of_a_milestone(page: "Page", served: Served) -> None:
    page.get_by_role("navigation", name="Ways in").locator("a", has_text="milestones").click()
    page.get_by_role("link", name="Cyber and Information Domain Coordination Center (CIDCC)").click()
    link = page.locator("tr", has_text="quarter 1 of 2025").locator("a.milestone").first
    quote = link.get_attribute("title")
    link.click()
    page.wait_for_url("**/milestones/*")
    assert page.locator("blockquote").inner_text() == quote
    sheet = open_sheet(page)
    fact = page.url.rsplit("/", 1)[1]
    pixels = picture_of(sheet)
    # The sample is not cropped: its picture begins at 0.
    svg = [float(value) for value in page.locator(".sheet svg").get_attribute("viewBox").split()]  # type: ignore[union-attr]
    ids = [str(row[0]) for row in served.rows("SELECT mention_id FROM milestone_mentions WHERE milestone_id = ?", fact)]
    assert len(ids) == 2
    inside = np.zeros(pixels.shape[:2], dtype=bool)
    for mention in ids:
        for left, top, right, bottom in boxes_in(served, mention, (pixels.shape[1], pixels.shape[0]), (0, 0, *svg[2:])):
            inside[top - 2 : bottom + 3, left - 2 : right + 3] = True
            word = pixels[top:bottom, left:right]
            assert is_highlight(word).mean() > 0.4
            assert 0.03 < is_ink(word).mean() < 0.6
    # Elsewhere it is as yellow as it was printed.
    page.evaluate("document.querySelector('.sheet svg').remove()")
    printed = picture_of(sheet)
    assert not (is_highlight(pixels) & ~is_highlight(printed) & ~inside).any()


def test_next_previous_and_zoom_by_keyboard(page: "Page", served: Served) -> None:
    page.goto("/projects/cidcc")
    page.locator(".passage a").first.click()
    page.wait_for_url("**/mentions/*")
    first = page.url
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url != first)
    second = page.url
    assert "2 of " in page.locator(".steer").inner_text()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(first)
    page.keyboard.press("z")
    page.wait_for_url(f"{first}?zoom=2")
    open_sheet(page)
    chosen = page.locator("rect.chosen").first.bounding_box()
    desk = page.locator(".desk").bounding_box()
    assert chosen is not None
    assert desk is not None
    assert desk["y"] <= chosen["y"] <= desk["y"] + desk["height"]
    page.keyboard.press("n")
    page.wait_for_url(f"{second}?zoom=2")
    # The keys of a text field are its own.
    page.locator("#find").press("n")
    assert page.url == f"{second}?zoom=2"


def test_the_first_key_leads_past_the_navigation(page: "Page") -> None:
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    box = focused.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def shapes(served: Served) -> list[tuple[object, ...]]:
    return served.rows(
        "SELECT m.filename, m.id FROM mentions m WHERE m.filename LIKE 'shape-%' AND m.kind = 'project' ORDER BY 1"
    )


@pytest.mark.parametrize("zoom", [1, 2])
def test_all_print_of_a_page_in_any_shape_lies_in_the_box_of_its_mention(
    page: "Page", served: Served, zoom: int
) -> None:
    found = shapes(served)
    page.set_viewport_size({"width": 1400, "height": 2000})
    # But for the one that is cropped to nothing.
    assert len(found) == len(SHAPES) - 1
    for name, mention in found:
        page.goto(f"/mentions/{mention}?zoom={zoom}")
        pixels = picture_of(open_sheet(page))
        rows, columns = np.nonzero(is_ink(pixels))
        marked_rows, marked_columns = np.nonzero(is_highlight(pixels))
        assert rows.size > 50, name
        assert marked_rows.size > 1000, name
        # The page prints nothing but these words.
        assert marked_rows.min() - 1 <= rows.min() <= rows.max() <= marked_rows.max() + 1, name
        assert marked_columns.min() - 2 <= columns.min() <= columns.max() <= marked_columns.max() + 2, name
        # And the box is no larger than a line.
        height, width = np.ptp(marked_rows), np.ptp(marked_columns)
        assert min(height, width) < 25 * zoom, name


def test_a_title_that_means_harm_is_text(page: "Page", served: Served) -> None:
    document = served.one("SELECT id FROM documents WHERE filename = 'hostile.pdf'")
    mention = served.one("SELECT id FROM mentions WHERE filename = 'hostile.pdf' AND kind = 'project'")
    for url in ("/documents", f"/documents/{document}", f"/mentions/{mention}", f"/pesco/documents/{document}"):
        page.goto(url)
        assert page.get_by_text(HOSTILE).count() >= 1, url
    page.goto(f"/documents/{document}")
    assert page.locator("h1").inner_text() == HOSTILE


def test_a_phone_scrolls_one_way_only(page: "Page", served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    document = served.one("SELECT id FROM documents WHERE kind = 'nip'")
    mention = served.one("SELECT id FROM mentions WHERE value = 'cidcc' LIMIT 1")
    urls = ("/", "/projects", "/projects/cidcc", "/states", "/states/FI", "/commitments", "/commitments/14")
    more = ("/documents", f"/documents/{document}", f"/mentions/{mention}", f"/documents/{document}/pages/3?zoom=2")
    for url in (*urls, *more):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, url
        assert page.locator("h1").is_visible(), url


def test_text_stands_out_from_its_ground(page: "Page", served: Served) -> None:
    document = served.one("SELECT id FROM documents WHERE kind = 'nip'")
    for url in ("/", "/projects/cidcc", "/states/FI", "/commitments/14", f"/documents/{document}/pages/3"):
        page.goto(url)
        faint = page.evaluate(_CONTRASTS)
        assert faint == [], url


# WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text, 3 to 1 for large text.
_CONTRASTS = """() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = numbers(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.5) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent.trim()).join("");
    if (!text || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(numbers(style.color)), light(ground(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const enough = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    if ((a + 0.05) / (b + 0.05) < enough) faint.push(`${element.tagName} ${text.slice(0, 30)} ${style.color}`);
  }
  return faint;
}"""
