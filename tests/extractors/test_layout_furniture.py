"""Running heads and feet, page numbers, tables of contents: what is left out, and what stays."""

from tests.extractors.drawn_pages import Sheet, grid, prose, texts_of, view_of


def _report(n_pages: int, *, body_top: float = 100) -> list[Sheet]:
    sheets = []
    for number in range(1, n_pages + 1):
        sheet = Sheet(number)
        left, right = (60.0, 480.0) if number % 2 else (480.0, 60.0)  # odd and even pages mirrored
        sheet.write("Annual Report 2024", left, 40, 8)
        sheet.write("HR(2024)", right, 40, 8)
        sheet.lines(prose(30, 80, f"body{number} text"), 60, body_top)
        sheet.write(f"Page {number} of {n_pages}", 280, 800, 8)
        sheets.append(sheet)
    return sheets


def test_heads_and_feet_are_dropped_on_every_page_and_listed() -> None:
    view = view_of(*_report(4))
    assert "Annual Report" not in view.text
    assert "Page" not in view.text
    assert (1, "Annual Report 2024") in view.furniture
    assert (4, "Page 4 of 4") in view.furniture
    assert all("Annual Report 2024" in text and "HR(2024)" in text for text in view.page_texts)


def test_two_pages_are_enough_when_place_and_text_agree() -> None:
    view = view_of(*_report(2))
    assert "Annual Report" not in view.text
    assert "Page" not in view.text


def test_masthead_printed_once_stays() -> None:
    sheets = _report(4)
    sheets[0].write("C/2024/6982", 480, 60, 9)
    sheets[0].write("19.11.2024", 480, 75, 9)
    texts = texts_of(view_of(*sheets))
    assert "C/2024/6982" in texts
    assert "19.11.2024" in texts


def test_recurring_headings_of_the_text_stay() -> None:
    sheets = []
    for number in range(1, 7):
        sheet = Sheet(number)
        sheet.write("Report", 60, 40, 8)
        if number > 3:
            sheet.write("Commitments in area a", 60, 80, 12, "Serif-Bold")
            sheet.lines(prose(30, 80, f"text{number}"), 60, 110)
        else:
            sheet.lines(prose(30, 80, f"text{number}"), 60, 80)
        sheets.append(sheet)
    view = view_of(*sheets)
    assert view.text.count("Commitments in area a") == 3
    assert "Report" not in view.text


def test_lines_repeated_in_the_body_stay() -> None:
    sheets = [Sheet(1), Sheet(2)]
    for sheet in sheets:
        sheet.lines(prose(12, 80, f"t{sheet.number}"), 60, 60)
        sheet.write("No change since the last report.", 60, 400)
        sheet.lines(prose(12, 80, f"u{sheet.number}"), 60, 430)
    assert view_of(*sheets).text.count("No change since the last report.") == 2


def test_page_numbers_that_start_anew_are_dropped() -> None:
    sheets = []
    for number, printed in enumerate(["35", "36", "37", "1", "2", "3"], 1):
        sheet = Sheet(number)
        sheet.lines(prose(30, 80, "abcdef"[number - 1] * 4), 60, 80)
        sheet.write(printed, 290, 800, 9)
        sheets.append(sheet)
    view = view_of(*sheets)
    assert [text for _, text in view.furniture] == ["35", "36", "37", "1", "2", "3"]


def test_heads_that_change_with_the_chapter_are_dropped_where_others_stand() -> None:
    sheets = []
    heads = ["Overview", "Overview", "Commitments", "Commitments", "Commitments", "Projects", "Members", "Members"]
    for number, head in enumerate(heads, 1):
        sheet = Sheet(number)
        sheet.write(head, 60, 40, 8)
        sheet.lines(prose(30, 80, "abcdefgh"[number - 1] * 4), 60, 90)
        sheet.write(f"{number}/8", 290, 800, 8)
        sheets.append(sheet)
    view = view_of(*sheets)
    assert [text for _, text in view.furniture if "/" not in text] == heads


def test_first_lines_of_text_stay_where_the_page_before_has_a_head() -> None:
    sheets = []
    for number in range(1, 9):
        sheet = Sheet(number)
        sheet.lines([f"{'abcdefgh'[number - 1]} is where this page starts, without a head.", *prose(30, 80)], 60, 40)
        sheets.append(sheet)
    assert view_of(*sheets).text.count("is where this page starts") == 8


def test_a_lone_number_that_is_not_the_page_stays() -> None:
    sheet = Sheet(1)
    sheet.lines(prose(10, 80), 60, 80)
    sheet.write("2024", 290, 800, 9)
    assert "2024" in texts_of(view_of(sheet))


def test_contents_with_leader_dots_are_left_out_but_searchable() -> None:
    sheet, body = Sheet(1), Sheet(2)
    sheet.write("Contents", 60, 80, 14, "Serif-Bold")
    entries = ["1. Overview", "1.1 Basis", "2. Commitments 6 to 9", "Annex II Members"]
    sheet.lines([f"{entry} {'.' * (60 - len(entry))} {place}" for place, entry in enumerate(entries, 3)], 60, 110)
    sheet.lines(["The report starts here and says nothing."], 60, 300)
    body.lines(prose(10, 80), 60, 80)
    view = view_of(sheet, body)
    assert "Overview" not in view.text
    assert "Contents" not in view.text
    assert "The report starts here" in view.text
    assert "2. Commitments 6 to 9" in view.page_texts[0]


def test_leader_dots_alone_are_enough_on_the_next_page_too() -> None:
    first, second = Sheet(1), Sheet(2)
    entry = "{} Chapter on Spain {} {}"
    first.lines([entry.format(number, "." * 40, number + 2) for number in range(1, 40)], 60, 60)
    second.lines([entry.format(number, "." * 40, number + 2) for number in (40, 41)], 60, 60)
    second.lines(prose(5, 80, "word"), 60, 200)
    view = view_of(first, second)
    assert "Spain" not in view.text
    assert "word" in view.text


def test_contents_without_dots_are_known_by_their_heading() -> None:
    sheet = Sheet(1)
    sheet.write("Table of contents", 60, 80, 14, "Serif-Bold")
    for place, (entry, page) in enumerate([("Overview", "3"), ("Spain", "5"), ("Greece", "9"), ("Annex", "12")]):
        sheet.write(entry, 60, 110 + place * 14)
        sheet.write(page, 500, 110 + place * 14)
    sheet.lines(prose(6, 80, "word"), 60, 300)
    view = view_of(sheet)
    assert "Spain" not in view.text
    assert "word" in view.text


def test_contents_set_as_a_table_are_no_table() -> None:
    sheet = Sheet(1)
    sheet.write("Contents", 60, 80, 14, "Serif-Bold")
    rows = [100.0]
    for place, (entry, number) in enumerate([("Overview", "3"), ("Spain", "5"), ("Greece", "9"), ("Annex", "12")]):
        sheet.write(entry, 60, 104 + place * 16)
        sheet.write(number, 500, 104 + place * 16)
        rows.append(100.0 + 16 * (place + 1))
    page = sheet.page()
    view = view_of(sheet, tables=[[grid(page, (50, 480, 540), rows)]])
    assert "Spain" not in view.text
    assert view.tables == ()


def test_a_form_with_dots_is_no_table_of_contents() -> None:
    sheet = Sheet(1)
    sheet.lines(["Signed ................ 2024", "Name of the officer"], 60, 100)
    assert "Signed" in view_of(sheet).text
