"""Lines that are entries of their own, and lines that belong together though a mark or a short line parts them."""

import pytest

from tests.extractors.drawn_pages import Sheet, prose, texts_of, view_of


def entries_of(lines: list[str]) -> list[str]:
    """Return the blocks of lines set closely below each other, above a text of the same width."""
    sheet = Sheet()
    width = max(map(len, lines))
    sheet.lines(lines, 60, 100)
    sheet.lines(prose(6, width), 60, 400)
    return texts_of(view_of(sheet))[:-1]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ["20 Nov. 2020 - EU TMCC is closed at last", "14/12/2021 - Norway is welcomed", "By 2030 - readiness"],
            id="days and years",
        ),
        pytest.param(["13.11.2017: 23 States give notice at all", "December 2025: end of phase two"], id="colons"),
        pytest.param(["mid-2026 | the first system is delivered", "2026 onwards | phase three"], id="strokes"),
        pytest.param(
            ["FSRM: IOC in 2031, FOC tentatively 2034.", "ETCCEA: FOC moved to 2027.", "DIVE PACK: none."], id="names"
        ),
    ],
)
def test_lines_that_each_begin_with_a_date_or_name_are_entries(lines: list[str]) -> None:
    assert entries_of(lines) == lines


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["The list was agreed on 6 March 2018 and", "2019 - the year of the review - ran"], id="one date"),
        pytest.param(["Note: the States of the first group, the", "Members: they went on with their work"], id="open"),
    ],
)
def test_a_sentence_whose_line_begins_with_a_date_or_colon_stays_whole(lines: list[str]) -> None:
    assert entries_of(lines) == [" ".join(lines)]


@pytest.mark.parametrize("end", ["commitments 3, 8 and", "as promised in the", "in accordance with commitment"])
def test_a_short_line_that_breaks_off_goes_on(end: str) -> None:
    lines = [f"The States did {end}".ljust(20), "16 of the list that was agreed by all of them then."]
    assert entries_of(lines) == [" ".join(line.strip() for line in lines)]


def test_a_mark_as_large_as_browsers_print_it_is_cut_off_and_parts_no_lines() -> None:
    sheet = Sheet()
    sheet.lines([*prose(1, 60), "and the States went on with all of commitments 3, 8 as well"], 60, 100)
    x = sheet.write("16", 60, 127)
    sheet.write("4", x, 124, 8.3)
    sheet.word[-1] = sheet.word[-2]
    sheet.write(" and others of the list that all of them agreed on then.", x + 4.2, 127)
    sheet.lines(prose(6, 60), 60, 200)
    first = texts_of(view_of(sheet))[0]
    assert first.endswith("commitments 3, 8 as well 16 and others of the list that all of them agreed on then.")
