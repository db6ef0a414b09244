"""Columns of tables with row rules only: rules drawn cell by cell, narrow gaps, empty columns, grouped heads."""

import pytest
from reportlab.platypus import HRFlowable, Paragraph, Spacer

from extractors.tables.finder import find_tables
from tests.extractors.drawn_pages import Sheet, prose
from tests.extractors.printed_tables import (
    BOLD_HEAD,
    PROSE,
    STYLE,
    Command,
    find_one,
    make_table,
    print_pages,
    rows_of,
)

ROWS = [
    ["Project", "Lead", "Members", "Observers"],
    ["ESSOR", "FR", "DE, ES, FI, IT, PL, PT", "NL"],
    ["UGS", "EE", "BE, CZ", "-"],
    ["EPC", "IT", "ES, FR, GR", "-"],
    ["CRRT", "LT", "NL, PL", "BE"],
]
TIGHT: list[Command] = [("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 2)]
ROW_RULES: list[Command] = [("LINEBELOW", (0, 0), (-1, -1), 0.5, "black")]


def cell_rules(n_rows: int, n_columns: int) -> list[Command]:
    """Return a rule under each cell, drawn one by one."""
    return [("LINEBELOW", (c, r), (c, r), 0.5, "black") for r in range(n_rows) for c in range(n_columns)]


def test_rules_drawn_cell_by_cell_part_columns_that_nearly_touch() -> None:
    widths = [50, 27.5, 117, 60]
    style = [*cell_rules(5, 4), *TIGHT, *BOLD_HEAD]
    table, page = find_one(PROSE, Spacer(1, 20), make_table(ROWS, style, colWidths=widths), PROSE)
    assert rows_of(table, page) == ROWS


def test_a_column_without_text_is_one_where_rules_are_drawn_cell_by_cell() -> None:
    rows = [[*row[:3], "Third\nStates" if row is ROWS[0] else "", row[3]] for row in ROWS]
    style = [*cell_rules(5, 5), *BOLD_HEAD]
    table, page = find_one(make_table(rows, style, colWidths=[70, 40, 135, 60, 70]))
    assert rows_of(table, page) == [["Project", "Lead", "Members", "Third States", "Observers"], *rows[1:]]


@pytest.mark.parametrize("side", ["left", "right"])
def test_text_that_begins_at_one_place_parts_columns_with_a_narrow_gap(side: str) -> None:
    rows = [[row[0], row[1] if row is not ROWS[0] else "Coordinator", *row[2:]] for row in ROWS]
    widths = [70, 61.6 if side == "left" else 90, 112 if side == "right" else 140, 70]
    table, page = find_one(make_table(rows, [*ROW_RULES, *TIGHT, *BOLD_HEAD], colWidths=widths))
    assert rows_of(table, page) == rows


def test_words_of_one_column_are_not_parted_where_they_happen_to_line_up() -> None:
    rows = [
        ["Project", "Date"],
        ["ESSOR", "end 2026"],
        ["UGS", "end 2027"],
        ["EPC", "mid 2029"],
        ["CRRT", "end 2030"],
    ]
    table, page = find_one(make_table(rows, [*ROW_RULES, *BOLD_HEAD], colWidths=[80, 120]))
    assert rows_of(table, page) == rows


def test_a_heading_over_nothing_keeps_its_column() -> None:
    rows = [[*row[:3], "Third States" if row is ROWS[0] else "", row[3]] for row in ROWS]
    style = [*ROW_RULES, *BOLD_HEAD]
    table, page = find_one(make_table(rows, style, colWidths=[70, 40, 135, 80, 70]))
    assert rows_of(table, page) == rows


@pytest.mark.parametrize("is_booktabs", [False, True])
def test_a_rule_under_some_headings_groups_them(is_booktabs: bool) -> None:
    rows = [
        ["Project", "Role", "Capability", "", "Delivery", ""],
        ["", "", "initial", "full", "first", "last"],
        ["ESSOR", "lead", "2022", "2025", "2023", "by 2030"],
        ["UGS", "member", "2024", "2027", "-", "-"],
        ["EPC", "member", "tbd", "tbd", "2030", "2040"],
        ["CRRT", "observer", "n/a", "2035", "n/a", "n/a"],
    ]
    style: list[Command] = [
        ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
        ("LINEBELOW", (2, 0), (3, 0), 0.5, "black"),
        ("LINEBELOW", (4, 0), (5, 0), 0.5, "black"),
        ("LINEBELOW", (0, 1), (-1, 1), 1, "black"),
        ("FONTNAME", (0, 0), (-1, 1), "Helvetica-Bold"),
        *[("SPAN", (column, 0), (column, 1)) for column in (0, 1)],
        *[("SPAN", (column, 0), (column + 1, 0)) for column in (2, 4)],
        *([("LINEBELOW", (0, -1), (-1, -1), 1, "black")] if is_booktabs else ROW_RULES[:0]),
        *([] if is_booktabs else [("LINEBELOW", (0, row), (-1, row), 0.5, "black") for row in range(2, 6)]),
    ]
    table, page = find_one(make_table(rows, style, colWidths=[80, 60, 50, 50, 50, 60]))
    assert rows_of(table, page) == [["Project", "Role", "Capability", "Delivery"], rows[1][2:], *rows[2:]]
    assert table.n_header_rows == 2


def test_the_rule_of_a_running_head_is_no_rule_of_the_table_below() -> None:
    widths = [171, 60, 140, 80]
    head = Paragraph("OJ L, 17.6.2026", STYLE)
    text = Paragraph("In each row the first code is that of the State which coordinates the project. " * 2, STYLE)
    table = make_table(ROWS, [*ROW_RULES, ("LINEABOVE", (0, 0), (-1, 0), 0.5, "black"), *BOLD_HEAD], colWidths=widths)
    for between in ([Spacer(1, 30)], [Spacer(1, 20), Paragraph("Annex", STYLE), Paragraph("States", STYLE), text]):
        (page,) = print_pages(head, HRFlowable(width="100%", color="black"), *between, table)
        (found,) = find_tables(page)
        assert rows_of(found, page) == ROWS


@pytest.mark.parametrize("x", [60, 310])
def test_a_table_without_rules_inside_one_of_two_columns_of_text_is_found(x: float) -> None:
    sheet = Sheet()
    other = 370 - x
    sheet.lines(prose(40, 45), other, 100)
    top = sheet.lines(prose(10, 45), x, 100) + 12
    for row in ROWS:
        for cell, place in zip((row[0], row[1], row[3]), (0, 80, 160), strict=True):
            sheet.write(cell, x + place, top)
        top += 14
    sheet.lines(prose(15, 45), x, top + 12)
    (table,) = find_tables(sheet.page())
    assert rows_of(table, sheet.page()) == [[row[0], row[1], row[3]] for row in ROWS]


def test_boxes_of_figures_and_a_bar_of_notes_beside_the_text_are_no_tables() -> None:
    sheet = Sheet()
    for number, (figure, what) in enumerate((("26", "States"), ("75", "projects"), ("20", "commitments"))):
        sheet.write(figure, 60, 100 + 40 * number, 24)
        sheet.write(what, 96, 112 + 40 * number)
    for number, text in enumerate(("Ideation", "Incubation", "Execution", "Closing")):
        sheet.write(text, 60, 300 + 14 * number)
    sheet.lines(prose(30, 60), 230, 100)
    sheet.edges += [(40, 90, 200, 90), (40, 380, 200, 380), (40, 90, 40, 380), (200, 90, 200, 380)]
    assert find_tables(sheet.page()) == ()


def test_titles_where_the_walls_break_part_the_rows_of_a_table_without_row_rules() -> None:
    rows = [ROWS[0], ["Land", "", "", ""], *ROWS[1:3], ["Air and space", "", "", ""], *ROWS[3:]]
    style: list[Command] = [
        ("BOX", (0, 0), (-1, -1), 0.5, "black"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black"),
        *[("LINEAFTER", (0, first), (2, last), 0.5, "black") for first, last in ((0, 0), (2, 3), (5, 6))],
        *[("SPAN", (0, row), (-1, row)) for row in (1, 4)],
        *BOLD_HEAD,
    ]
    table, page = find_one(PROSE, make_table(rows, style, colWidths=[80, 50, 150, 70]))
    assert rows_of(table, page) == [[cell for cell in row if cell] for row in rows]
