"""Cells as blocks: where a table starts, row by row, whole over page breaks."""

from extractors.views import BlockKind
from tests.extractors.drawn_pages import Sheet, grid, prose, texts_of, view_of


def _table(sheet: Sheet, top: float, rows: list[tuple[list[str], list[str]]]) -> list[float]:
    borders = [top]
    for left, right in rows:
        sheet.lines(left, 65, top + 3)
        sheet.lines(right, 205, top + 3)
        top += 12 * max(len(left), len(right)) + 6
        borders.append(top)
    return borders


def test_cells_are_blocks_between_the_text_above_and_below() -> None:
    sheet = Sheet()
    sheet.lines(["Table 1: phase and delivery"], 60, 60)
    rows = [(["Project"], ["Members of the", "project"]), (["ESSOR"], ["Finland and", "Spain"])]
    borders = _table(sheet, 80, rows)
    sheet.lines(prose(3, 60, "after"), 60, borders[-1] + 20)
    view = view_of(sheet, tables=[[grid(sheet.page(), (60, 200, 400), borders)]])
    assert texts_of(view)[:5] == [
        "Table 1: phase and delivery",
        "Project",
        "Members of the project",
        "ESSOR",
        "Finland and Spain",
    ]
    table = view.tables[0]
    assert table.caption == "Table 1: phase and delivery"
    assert table.headings == ("Project", "Members of the project")
    index = table.rows[1][1]
    assert index is not None
    cell = view.blocks[index].cell
    assert cell is not None
    assert (cell.row, cell.column, cell.heading, cell.is_header) == (1, 1, "Members of the project", False)


def test_a_cell_cut_by_the_page_is_one_block_and_a_repeated_head_is_kept() -> None:
    first, second = Sheet(1), Sheet(2)
    head = (["No"], ["Done in 2024"])
    one = _table(first, 700, [head, (["1"], ["The budget was raised in June", "and the law was changed by"])])
    two = _table(second, 60, [head, ([], ["a decree of May 2024."]), (["2"], ["Nothing."])])
    pages = first.page(), second.page()
    tables = [[grid(pages[0], (60, 200, 400), one)], [grid(pages[1], (60, 200, 400), two)]]
    view = view_of(first, second, tables=tables)
    assert "The budget was raised in June and the law was changed by a decree of May 2024." in texts_of(view)
    assert texts_of(view).count("Done in 2024") == 2
    assert len(view.tables) == 1
    assert view.tables[0].repeated_rows != ()


def test_words_over_a_border_are_parted() -> None:
    sheet = Sheet()
    sheet.write("leftright", 175, 85)
    view = view_of(sheet, tables=[[grid(sheet.page(), (60, 195, 400), (80, 100, 120), 0)]])
    assert texts_of(view, BlockKind.CELL) == ["left", "right"]


def test_a_table_in_the_right_column_follows_the_left_column() -> None:
    sheet = Sheet()
    sheet.lines(prose(30, 44, "left"), 60, 60)
    top = sheet.lines(prose(6, 44, "right"), 310, 60)
    borders = [top + 10, top + 30, top + 50]
    for row, text in enumerate(("IOC", "2026")):
        sheet.write(text, 315, borders[row] + 4)
        sheet.write("x" + text, 420, borders[row] + 4)
    sheet.lines(prose(8, 44, "below"), 310, borders[-1] + 10)
    text = view_of(sheet, tables=[[grid(sheet.page(), (310, 410, 530), borders)]]).text
    assert text.rfind("left") < text.find("right") < text.find("IOC") < text.find("2026") < text.find("below")
