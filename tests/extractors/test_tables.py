"""Tables of one page: ruled, with few rules, shaded, without rules; and what only looks like one."""

import pytest
from reportlab.platypus import Flowable, HRFlowable, Paragraph, Spacer, Table

from extractors.tables.finder import find_tables
from extractors.tables.headers import cell_text
from tests.extractors.printed_tables import (
    BOLD_HEAD,
    GRID,
    PROSE,
    STYLE,
    find_one,
    make_table,
    print_pages,
    rows_of,
)

ROWS = [
    ["Project", "Lead", "IOC", "FOC"],
    ["ESSOR", "FR", "May 2022", "mid-2025"],
    ["UGS", "EE", "Oct. 2022", "2025"],
    ["EPC", "IT", "n/a", "2030"],
    ["CRRT", "LT", "June 2021", "H2 2024"],
]
WIDE = [90, 60, 80, 80]


@pytest.mark.parametrize(
    "style",
    [
        pytest.param(GRID, id="all rules"),
        pytest.param([("INNERGRID", (0, 0), (-1, -1), 0.5, "black")], id="no outer border"),
        pytest.param(
            [("BOX", (0, 0), (-1, -1), 1, "black"), ("LINEAFTER", (0, 0), (-2, -1), 0.5, "black")], id="walls"
        ),
        pytest.param([("LINEBELOW", (0, 0), (-1, -1), 0.5, "black")], id="a rule under each row"),
        pytest.param(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black"),
                ("LINEBELOW", (0, -1), (-1, -1), 1, "black"),
            ],
            id="three rules",
        ),
        pytest.param([("ROWBACKGROUNDS", (0, 0), (-1, -1), ["lightgrey", None])], id="stripes"),
        pytest.param(
            [("BACKGROUND", (c, r), (c, r), "lightgrey") for c in range(4) for r in (0, 1, 3)],
            id="striped cell by cell",
        ),
        pytest.param([], id="no rule at all"),
    ],
)
def test_each_style_of_table_gives_the_same_cells(style: list[tuple[object, ...]]) -> None:
    table, page = find_one(PROSE, Spacer(1, 20), make_table(ROWS, [*style, *BOLD_HEAD], colWidths=WIDE), PROSE)
    assert rows_of(table, page) == ROWS
    assert table.n_header_rows == 1
    assert table.n_columns == 4 == len(table.columns) - 1


def test_rows_of_several_lines_stay_rows_where_few_rules_part_them() -> None:
    long = [
        [*ROWS[0]],
        ["European Secure Software defined Radio (ESSOR)", "FR", "May 2022", "first half of 2025 or later"],
    ]
    style = [
        ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black"),
        ("LINEBELOW", (0, -1), (-1, -1), 1, "black"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    rows = [*long, *ROWS[2:], long[1]]
    table, page = find_one(make_table(rows, [*style, *BOLD_HEAD], colWidths=[110, 60, 80, 80]))
    assert rows_of(table, page) == rows


def test_a_broken_line_stays_in_its_row_where_blanks_are_wider_between_rows() -> None:
    rows = [ROWS[0], ["ESSOR\n(radio)", "FR", "0.7 in 2024\n1.1 in 2025", "mid-2025"], *ROWS[2:]]
    rows[2] = ["Cyber Ranges Federations", *rows[2][1:]]
    style = [
        ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black"),
        ("LINEBELOW", (0, -1), (-1, -1), 1, "black"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    table, page = find_one(make_table(rows, [*style, *BOLD_HEAD], colWidths=[140, *WIDE[1:]]))
    assert rows_of(table, page)[1] == ["ESSOR (radio)", "FR", "0.7 in 2024 1.1 in 2025", "mid-2025"]
    assert table.n_rows == 5


def test_a_head_wider_than_its_column_keeps_its_words() -> None:
    rows = [["Project", "Coordinator", "Members"], ["ESSOR", "FR", "BE, DE, ES"], ["UGS", "EE", "BE, CZ, DE"]]
    style = [("LINEBELOW", (0, 0), (-1, -1), 0.5, "black"), *BOLD_HEAD]
    table, page = find_one(make_table(rows, style, colWidths=[200, 66, 100]))
    assert rows_of(table, page) == rows


def test_columns_of_figures_of_one_width_are_no_running_text() -> None:
    rows = [["Year", "Met", "Not"], *([str(2020 + n), str(10 + n), str(20 + n)] for n in range(5))]
    table, page = find_one(make_table(rows, BOLD_HEAD, colWidths=[80, 80, 80]))
    assert rows_of(table, page) == rows


SENTENCES = "The estimates were debated in the committee in September and the opposition asked for a longer view. "
PLAN = [
    ["No", "Done in 2024", "Planned for 2025", "Status"],
    *([str(n), SENTENCES * (1 + n % 3), SENTENCES * (1 + n % 2), "met"] for n in range(1, 6)),
]


@pytest.mark.parametrize(
    "style",
    [
        pytest.param([("LINEBELOW", (0, 0), (-1, -1), 0.5, "black")], id="a rule under each row"),
        pytest.param(
            [("LINEABOVE", (0, 0), (-1, 1), 1, "black"), ("LINEBELOW", (0, -1), (-1, -1), 1, "black")], id="three"
        ),
        pytest.param(
            [("BOX", (0, 0), (-1, -1), 1, "black"), ("LINEAFTER", (0, 0), (-2, -1), 0.5, "black")], id="walls"
        ),
        pytest.param([("BACKGROUND", (0, r), (-1, r), "lightgrey") for r in (1, 3, 5)], id="stripes"),
        pytest.param([], id="no rule at all"),
    ],
)
def test_cells_of_prose_stay_whole_in_each_style(style: list[tuple[object, ...]]) -> None:
    top = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 6)]
    table, page = find_one(make_table(PLAN, [*style, *BOLD_HEAD, *top], colWidths=[40, 200, 150, 50]))
    assert rows_of(table, page) == [[cell.strip() for cell in row] for row in PLAN]


def test_a_title_between_rows_is_one_cell_over_the_width() -> None:
    rows = [
        ROWS[0],
        ["Projects adopted in March 2018", "", "", ""],
        *ROWS[1:3],
        ["Adopted in 2021", "", "", ""],
        *ROWS[3:],
    ]
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, "black"),
        *BOLD_HEAD,
        ("SPAN", (0, 1), (-1, 1)),
        ("SPAN", (0, 4), (-1, 4)),
    ]
    style += [("FONTNAME", (0, r), (-1, r), "Helvetica-Bold") for r in (1, 4)]
    rows[1][0] = Paragraph("<b>Projects adopted in March 2018</b>", STYLE)
    table, page = find_one(make_table(rows, style, colWidths=[90, 60, 80, 80]))
    titles = [cell for cell in table.cells if cell.row == 1]
    assert [(cell.column_span, cell.row_span) for cell in titles] == [(4, 1)]
    assert table.n_header_rows == 1
    assert rows_of(table, page)[2] == ROWS[1]


def test_a_heading_between_two_tables_with_row_rules_parts_them() -> None:
    rules = [("LINEBELOW", (0, 0), (-1, -1), 0.5, "black"), *BOLD_HEAD]
    rows = [["State", "A", "B", "C"], ["Italy", "M", "-", "L"], ["Spain", "O", "M", "-"]]
    first = make_table(rows, rules, colWidths=90)
    second = make_table([["Project", "Now"], ["CSIP", "2028"], ["TWISTER", "2030"]], rules, colWidths=180)
    heading = Paragraph("<font size=14><b>Steps that moved</b></font>", STYLE)
    (page,) = print_pages(first, Spacer(1, 10), heading, Spacer(1, 10), second)
    assert [rows_of(table, page) for table in find_tables(page)] == [
        rows,
        [["Project", "Now"], ["CSIP", "2028"], ["TWISTER", "2030"]],
    ]


def test_merged_cells_name_each_place_they_cover() -> None:
    rows = [
        ["Project", "Dates", ""],
        ["", "IOC", "FOC"],
        ["Commitments in area a", "", ""],
        ["ESSOR", "2022", "2025"],
        ["", "2023", "2026"],
    ]
    style = [
        *GRID,
        ("SPAN", (1, 0), (2, 0)),
        ("SPAN", (0, 0), (0, 1)),
        ("SPAN", (0, 2), (2, 2)),
        ("SPAN", (0, 3), (0, 4)),
    ]
    style += [("FONTNAME", (0, 0), (-1, 1), "Helvetica-Bold")]
    table, page = find_one(make_table(rows, style, colWidths=WIDE[:3]))
    spans = {(c.row, c.column): (c.row_span, c.column_span) for c in table.cells if c.row_span * c.column_span > 1}
    assert spans == {(0, 0): (2, 1), (0, 1): (1, 2), (2, 0): (1, 3), (3, 0): (2, 1)}
    assert rows_of(table, page)[2:4] == [["Commitments in area a"], ["ESSOR", "2022", "2025"]]
    assert table.n_header_rows == 2


def test_a_wall_drawn_in_the_head_goes_on_between_texts() -> None:
    style = [*BOLD_HEAD, ("GRID", (0, 0), (-1, 0), 0.5, "black"), ("LINEBELOW", (0, 1), (-1, -1), 0.5, "black")]
    style += [("LINEBEFORE", (0, 0), (0, -1), 0.5, "black"), ("LINEAFTER", (-1, 0), (-1, -1), 0.5, "black")]
    table, page = find_one(make_table(ROWS, style, colWidths=WIDE))
    assert rows_of(table, page) == ROWS


def test_a_word_over_a_border_stays_whole() -> None:
    rows = [["No", "Subject"], ["Coordinationxyz", "x"], ["2", "y"]]
    table, page = find_one(make_table(rows, [*GRID, ("ALIGN", (1, 0), (1, -1), "RIGHT")], colWidths=[62, 80]))
    assert rows_of(table, page)[1] == ["Coordinationxyz", "x"]


def test_shaded_cells_with_gaps_between_are_a_table() -> None:
    cells = [("BACKGROUND", (c, r), (c, r), "lightgrey") for r in range(5) for c in range(4)]
    gaps = [("LINEAFTER", (0, 0), (-1, -1), 3, "white"), ("LINEBELOW", (0, 0), (-1, -1), 3, "white")]
    table, page = find_one(make_table(ROWS, [*cells, *gaps, *BOLD_HEAD], colWidths=WIDE))
    assert rows_of(table, page) == ROWS


def test_words_over_figures_are_a_head_even_in_plain_type() -> None:
    table, _ = find_one(make_table(ROWS, GRID, colWidths=WIDE))
    assert table.n_header_rows == 1


def test_a_shaded_first_row_is_a_head() -> None:
    rows = [["Area", "Word"], ["a", "money"], ["b", "plans"], ["c", "forces"]]
    table, _ = find_one(make_table(rows, [*GRID, ("BACKGROUND", (0, 0), (-1, 0), "lightgrey")], colWidths=WIDE[:2]))
    assert table.n_header_rows == 1


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            [PROSE, HRFlowable(width="100%"), PROSE, HRFlowable(width="100%"), PROSE], id="rules between prose"
        ),
        pytest.param([make_table([[PROSE]], [("BOX", (0, 0), (-1, -1), 1, "black")])], id="a frame round text"),
        pytest.param([make_table([["How is it going?"], [PROSE]], GRID)], id="a box with a title banner"),
        pytest.param([make_table([[PROSE, PROSE]], [])], id="two columns of prose"),
        pytest.param([make_table([[PROSE, PROSE]], GRID)], id="two boxes side by side"),
        pytest.param([make_table([["•", PROSE], ["•", PROSE], ["•", PROSE]], [], colWidths=[20, 400])], id="bullets"),
        pytest.param(
            [make_table([[f"({n})", "Whereas the Council decided"] for n in range(1, 7)], [], colWidths=[40, 400])],
            id="a numbered list",
        ),
        pytest.param(
            [make_table([[f"{n}. Overview", "." * 90, str(2 * n)] for n in range(1, 7)], [], colWidths=[90, 260, 40])],
            id="contents with leaders",
        ),
        pytest.param(
            [make_table([[f"{n}. Overview of it", str(2 * n)] for n in range(1, 7)], [], colWidths=[300, 40])],
            id="contents without leaders",
        ),
        pytest.param([Paragraph("A centred title<br/>of two lines", STYLE)], id="a title"),
    ],
)
def test_what_is_no_table(parts: list[Paragraph]) -> None:
    (page,) = print_pages(*parts)
    assert find_tables(page) == ()


def test_a_page_without_words_has_no_table() -> None:
    (page,) = print_pages(HRFlowable(width="100%"))
    assert find_tables(page) == ()


@pytest.mark.parametrize(("above", "count"), [(640, 1), (100, 0)])
def test_a_lone_row_is_a_table_only_as_a_head_at_the_foot_of_a_page(above: int, count: int) -> None:
    head = make_table([["No", "Status"]], [*GRID, *BOLD_HEAD], colWidths=[60, 60])
    (page,) = print_pages(Spacer(1, above), head, *([PROSE] if count == 0 else []))
    assert len(find_tables(page)) == count


class Sideways(Flowable):
    """A table turned by a quarter or a half."""

    def __init__(self, table: Table, angle: int) -> None:
        super().__init__()
        self.table, self.angle = table, angle

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.size = self.table.wrap(height, width)
        return self.size if self.angle == 180 else self.size[::-1]

    def draw(self) -> None:
        wide, high = self.size
        self.canv.rotate(self.angle)
        self.table.drawOn(self.canv, *{90: (0, -high), -90: (-wide, 0), 180: (-wide, -high)}[self.angle])


@pytest.mark.parametrize("angle", [90, -90, 180])
def test_a_table_printed_sideways_or_upside_down_reads_along_its_text(angle: int) -> None:
    table, page = find_one(Sideways(make_table(ROWS, [*GRID, *BOLD_HEAD], colWidths=WIDE), angle))
    texts = {(cell.row, cell.column): cell_text(page, cell) for cell in table.cells}
    assert texts == {(r, c): text.replace(" ", "") for r, row in enumerate(ROWS) for c, text in enumerate(row)}
    assert (table.n_rows, table.n_columns, table.n_header_rows) == (5, 4, 1)
    assert [round(b - a) for a, b in zip(table.columns, table.columns[1:], strict=False)] == WIDE


def test_every_glyph_stands_in_at_most_one_cell() -> None:
    table, page = find_one(make_table(ROWS, GRID, colWidths=WIDE))
    inside = [glyph for cell in table.cells for glyph in cell.glyphs.tolist()]
    assert sorted(inside) == sorted(set(inside))
    assert "".join(page.text[glyph] for glyph in sorted(inside)) == "".join("".join(row) for row in ROWS).replace(
        " ", ""
    )
