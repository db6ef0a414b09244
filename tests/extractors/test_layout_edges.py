"""Heads and feet of single pages, which nothing repeats; notes above such feet; mastheads stay."""

import pytest

from extractors.views import BlockKind
from tests.extractors.drawn_pages import HEIGHT, Sheet, prose, texts_of, view_of

FOOT = HEIGHT - 40


def body(sheet: Sheet, top: float = 90, n_lines: int = 30) -> Sheet:
    """Write a text on a page."""
    sheet.lines(prose(n_lines, 80), 60, top)
    return sheet


def dropped(sheet: Sheet) -> list[str]:
    """Return the lines of a single page that are left out."""
    return [text for _, text in view_of(sheet).furniture]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([("February, 2022", 60), ("13", 500)], id="number at the right"),
        pytest.param([("13", 60), ("Progress report 2022", 120)], id="number at the left"),
        pytest.param([("114 The Journal 2009 - 223 114/312", 60)], id="number of all"),
        pytest.param([("Implementation report 2024 | Page 7", 60)], id="says page"),
        pytest.param([("EN", 60), ("10", 290), ("EN", 500)], id="number between"),
    ],
)
def test_a_row_with_a_page_number_at_the_foot_is_a_foot(parts: list[tuple[str, float]]) -> None:
    sheet = body(Sheet())
    for text, x in parts:
        sheet.write(text, x, FOOT, 8)
    assert dropped(sheet) == [text for text, _ in parts]


def test_rows_under_the_one_with_the_page_number_belong_to_the_foot() -> None:
    sheet = body(Sheet())
    for text, x in (("9111/22", 60), ("yes/SD", 290), ("2", 500)):
        sheet.write(text, x, FOOT - 14, 10)
    sheet.write("TREE.2.A", 290, FOOT, 10)
    sheet.write("EN", 500, FOOT, 14)
    assert dropped(sheet) == ["9111/22", "yes/SD", "2", "TREE.2.A", "EN"]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([("Brussels, 16 June 2026", 60)], id="place and date"),
        pytest.param([("Total", 60), ("2026", 500)], id="a year"),
        pytest.param([("Decision (CFSP) 2017/2315", 60)], id="number of an act"),
        pytest.param([("delivery expected 12/2025", 60)], id="a month"),
        pytest.param([("2 OJ L 331, 14.12.2017, p. 57", 60)], id="the page of an act"),
        pytest.param([("Council Decision 12/45", 60)], id="an old act"),
    ],
)
def test_a_last_row_without_a_page_number_stays(parts: list[tuple[str, float]]) -> None:
    sheet = body(Sheet())
    for text, x in parts:
        sheet.write(text, x, FOOT)
    assert dropped(sheet) == []


def test_a_last_line_that_follows_its_text_closely_is_no_foot() -> None:
    sheet = body(Sheet(), top=FOOT - 29 * 12, n_lines=29)
    sheet.write("the delivery of the third batch is planned for page 7", 60, FOOT)
    assert dropped(sheet) == []


def test_footnotes_above_the_large_print_of_a_foot_stay_whole() -> None:
    sheet = body(Sheet())
    sheet.rule(60, 600, 204)
    sheet.write("3", 60, 606, 6)
    sheet.write("Directive (EU) 2018/2001 of the European Parliament and of the Council of 11", 96, 608)
    sheet.write("December 2018 on the promotion of energy (OJ L 328, 21.12.2018, p. 82).", 96, 620)
    for text, x in (("EN", 60), ("10", 290), ("EN", 500)):
        sheet.write(text, x, FOOT, 24 if text == "EN" else 10)
    (note,) = texts_of(view_of(sheet), BlockKind.FOOTNOTE)
    assert "of 11 December 2018" in note


def test_small_print_far_above_a_text_that_goes_on_is_a_head() -> None:
    sheet = body(Sheet(), top=160)
    sheet.write("Integrated National Plan 2021-2030", 60, 40, 7)
    assert dropped(sheet) == ["Integrated National Plan 2021-2030"]


@pytest.mark.parametrize("masthead", ["OJ L 331, 14.12.2017, p. 57", "Published on 14 December 2017"])
def test_a_masthead_with_a_date_stays(masthead: str) -> None:
    sheet = body(Sheet(), top=160)
    sheet.write(masthead, 60, 40, 7)
    assert dropped(sheet) == []


def test_small_print_above_a_title_stays() -> None:
    sheet = body(Sheet(), top=220)
    sheet.write("Ministry of Defence of Latvia", 60, 40, 7)
    sheet.write("National Implementation Plan", 60, 150, 20)
    assert dropped(sheet) == []


def test_print_without_height_is_read_all_the_same() -> None:
    sheet = Sheet()
    for top, text in ((100, "one"), (120, "two"), (150, "six")):
        sheet.write(text, 60, top, 0.0)
    assert view_of(sheet).text.split() == ["one", "two", "six"]
