"""Tables over page breaks: pieces joined, repeated heads listed, cut rows made whole; and what is a new table."""

import pytest
from reportlab.platypus import PageBreak, Paragraph, Spacer

from extractors.tables.headers import column_headings
from extractors.tables.row_cuts import Row, is_cut_row
from tests.extractors.printed_tables import (
    BOLD_HEAD,
    GRID,
    PROSE,
    STYLE,
    join_pages,
    joined_rows,
    make_table,
    print_pages,
    text_of,
)

HEAD = ["No", "Done in the past year", "Status"]
SIZES = [40, 250, 80]


def plan_rows(first: int, last: int) -> list[list[object]]:
    return [[str(n), f"Measure {n} was decided and paid", "met"] for n in range(first, last + 1)]


def test_a_long_table_is_one_and_its_repeated_heads_are_listed() -> None:
    rows = [HEAD, *plan_rows(1, 60)]
    pages = print_pages(make_table(rows, [*GRID, *BOLD_HEAD], colWidths=SIZES, repeatRows=1))
    (table,) = join_pages(pages)
    assert len(pages) > 1
    assert len(table.boxes) == len(pages)
    assert len(table.repeated_rows) == len(pages) - 1
    body = [row for number, row in enumerate(joined_rows(table, pages)) if number not in {0, *table.repeated_rows}]
    assert body == [list(map(str, row)) for row in plan_rows(1, 60)]
    heads = {cell.row for cell in table.cells if cell.is_header}
    assert heads == {0, *table.repeated_rows}


def test_a_table_with_three_rules_goes_on_where_the_page_leaves_out_the_last() -> None:
    style = [
        *BOLD_HEAD,
        ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black"),
        ("LINEBELOW", (0, -1), (-1, -1), 1, "black"),
    ]
    pages = print_pages(make_table([HEAD, *plan_rows(1, 60)], style, colWidths=SIZES, repeatRows=1))
    (table,) = join_pages(pages)
    body = [row for number, row in enumerate(joined_rows(table, pages)) if number not in {0, *table.repeated_rows}]
    assert [row[0] for row in body] == [str(n) for n in range(1, 61)]


def test_a_piece_without_a_head_goes_on() -> None:
    style = [*GRID, *BOLD_HEAD]
    pages = print_pages(
        make_table([HEAD, *plan_rows(1, 4)], style, colWidths=SIZES),
        PageBreak(),
        make_table(plan_rows(5, 9), GRID, colWidths=SIZES),
    )
    (table,) = join_pages(pages)
    assert table.n_rows == 10
    assert table.repeated_rows == ()
    assert joined_rows(table, pages)[5] == ["5", "Measure 5 was decided and paid", "met"]


@pytest.mark.parametrize(
    ("second", "body"),
    [
        pytest.param([["Step", "When it is due by law", "Place"], *plan_rows(5, 9)], {}, id="another head"),
        pytest.param(plan_rows(5, 9), {"p1": [(700.0, 710.0)]}, id="text below the first piece"),
        pytest.param(plan_rows(5, 9), {"p2": [(60.0, 70.0)]}, id="text above the second piece"),
        pytest.param([row[:2] for row in plan_rows(5, 9)], {}, id="other columns"),
    ],
)
def test_what_begins_a_new_table(second: list[list[object]], body: dict[str, list[tuple[float, float]]]) -> None:
    style = [*GRID, *BOLD_HEAD]
    pages = print_pages(
        make_table([HEAD, *plan_rows(1, 4)], style, colWidths=SIZES),
        PageBreak(),
        make_table(second, style if second[0][0] == "Step" else GRID, colWidths=SIZES[: len(second[0])]),
    )
    assert len(join_pages(pages, **body)) == 2


def test_a_table_with_one_between_does_not_go_on() -> None:
    small = make_table(
        [["When", "What"], ["2025", "plan"], ["2026", "report"]], [*GRID, *BOLD_HEAD], colWidths=[60, 60]
    )
    pages = print_pages(
        make_table([HEAD, *plan_rows(1, 4)], [*GRID, *BOLD_HEAD], colWidths=SIZES),
        Spacer(1, 10),
        small,
        PageBreak(),
        make_table(plan_rows(5, 9), GRID, colWidths=SIZES),
    )
    assert len(join_pages(pages)) == 3


def test_a_row_cut_by_the_break_is_one_row() -> None:
    start = [HEAD, *plan_rows(1, 3), ["4", "The budget was decided in December and", "partly met"]]
    rest = [HEAD, ["", "paid in January; the audit office looked at it.", ""], *plan_rows(5, 9)]
    style = [*GRID, *BOLD_HEAD]
    pages = print_pages(
        make_table(start, style, colWidths=SIZES), PageBreak(), make_table(rest, style, colWidths=SIZES)
    )
    (table,) = join_pages(pages)
    rows = joined_rows(table, pages)
    assert rows[4] == [
        "4 | ",
        "The budget was decided in December and | paid in January; the audit office looked at it.",
        "partly met | ",
    ]
    assert table.repeated_rows == (5,)
    assert [row[0] for row in rows[6:]] == ["5", "6", "7", "8", "9"]


def test_body_text_between_tables_of_one_page_parts_them() -> None:
    first = make_table([HEAD, *plan_rows(1, 3)], [*GRID, *BOLD_HEAD], colWidths=SIZES)
    pages = print_pages(first, PROSE, make_table([HEAD, *plan_rows(1, 3)], [*GRID, *BOLD_HEAD], colWidths=SIZES))
    assert len(join_pages(pages)) == 2


def test_headings_join_their_levels() -> None:
    rows = [["Project", "Dates", ""], ["", "IOC", "FOC"], ["ESSOR", "2022", "2025"], ["UGS", "2023", "2026"]]
    title = [["Table of dates for the projects", "", ""], *rows]
    style = [*GRID, ("SPAN", (0, 0), (2, 0)), ("SPAN", (1, 1), (2, 1)), ("SPAN", (0, 1), (0, 2))]
    style += [("FONTNAME", (0, 0), (-1, 2), "Helvetica-Bold")]
    title[0][0] = Paragraph("<b>Table of dates for the projects</b>", STYLE)
    pages = print_pages(make_table(title, style, colWidths=[90, 70, 70]))
    (table,) = join_pages(pages)
    headings = column_headings(table, lambda cell: text_of(pages[0], cell.parts[0][1]))
    assert headings == ("Project", "Dates / IOC", "Dates / FOC")


BEFORE = [Row({0: "1", 1: "Bought tanks.", 2: "met"}), Row({0: "2", 1: "Paid for research.", 2: "met"})]
AFTER = [Row({0: "4", 1: "Sent the plan.", 2: "met"})]


@pytest.mark.parametrize(
    ("last", "first", "is_open"),
    [
        pytest.param(
            Row({0: "3", 1: "Bought", 2: "met"}), Row({0: "4", 1: "Ships.", 2: "met"}), True, id="open ruling"
        ),
        pytest.param(Row({0: "3", 1: "Bought.", 2: "met"}), Row({1: "Ships too."}), False, id="no label"),
        pytest.param(Row({0: "3", 1: "Bought.", 2: "met"}), Row({0: "bis"}), False, id="a label, all else empty"),
        pytest.param(Row({0: "3", 1: "Bought.", 2: "met"}), Row({0: "bis", 1: "A", 2: "b"}), False, id="no number"),
        pytest.param(Row({0: "3", 1: "Bought,", 2: "met"}), Row({0: "4", 1: "A", 2: "b"}), False, id="after a comma"),
        pytest.param(Row({0: "3", 1: "(was 20", 2: "m"}), Row({0: "4", 1: "25)", 2: "b"}), False, id="inside brackets"),
        pytest.param(
            Row({0: "3", 1: "The ministry bought a number of new ships and", 2: "met"}),
            Row({0: "4", 1: "boats for the navy.", 2: "met"}),
            False,
            id="inside a sentence",
        ),
    ],
)
def test_what_shows_a_cut_row(last: Row, first: Row, is_open: bool) -> None:
    assert is_cut_row([*BEFORE, last], [first, *AFTER], 3, is_open=is_open)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(Row({0: "4", 1: "Bought ships.", 2: "met"}), id="a whole row"),
        pytest.param(Row({0: "Commitments in area b"}, is_title=True), id="a title over the width"),
        pytest.param(Row({}), id="an empty row"),
    ],
)
def test_what_shows_no_cut_row(first: Row) -> None:
    last = Row({0: "3", 1: "Bought tanks of the newest kind for the army.", 2: "met"})
    assert not is_cut_row([*BEFORE, last], [first, *AFTER], 3, is_open=False)
    assert not is_cut_row([*BEFORE, Row({0: "Area a"}, is_title=True)], [Row({1: "x"}), *AFTER], 3, is_open=True)


def test_an_empty_first_column_that_is_often_empty_cuts_no_row() -> None:
    rows = [Row({0: "FR", 1: "2022", 2: "a"}), Row({1: "2023", 2: "b"}), Row({1: "2024", 2: "c"})]
    assert not is_cut_row(rows, [Row({1: "2025", 2: "d"}), Row({0: "DE", 1: "2022", 2: "a"})], 3, is_open=False)
