"""Reading order: columns, sidebars, footnotes, and what only looks like columns."""

from extractors.views import BlockKind
from tests.extractors.drawn_pages import Sheet, prose, texts_of, view_of


def _starts(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_two_columns_below_a_title_with_footnotes_under_both() -> None:
    sheet = Sheet()
    sheet.write("A title over both columns of the page that is long", 60, 60, 18)
    sheet.lines(prose(20, 44, "left hand side text"), 60, 120)
    sheet.lines(prose(20, 44, "right hand side words"), 310, 123)  # off the left column's baselines
    sheet.rule(60, 700, 200)
    sheet.lines(["1 First note.", "2 Second note."], 60, 710, 7)
    view = view_of(sheet)
    assert _starts(view.text, "A title", "left", "right", "First note", "Second note")
    assert view.text.rfind("left") < view.text.find("right")
    notes = [block for block in view.blocks if block.kind is BlockKind.FOOTNOTE]
    assert [(note.marker, view.block_text(note)) for note in notes] == [("1", "First note."), ("2", "Second note.")]


def test_full_width_text_between_two_pairs_of_columns() -> None:
    sheet = Sheet()
    sheet.lines(prose(6, 44, "aa"), 60, 60)
    sheet.lines(prose(6, 44, "bb"), 310, 60)
    sheet.lines(prose(3, 94, "cc"), 60, 150)
    sheet.lines(prose(6, 44, "dd"), 60, 210)
    sheet.lines(prose(6, 44, "ee"), 310, 210)
    text = view_of(sheet).text
    order = [text.find(word) for word in ("aa", "bb", "cc", "dd", "ee")]
    assert order == sorted(order)
    assert all(text.rfind(one) < text.find(two) for one, two in zip("abcd", "bcde", strict=True) if (one * 2, two * 2))


def test_three_columns() -> None:
    sheet = Sheet()
    for place, word in enumerate(("uno", "due", "tre")):
        sheet.lines(prose(12, 30, word), 40 + place * 180, 100)
    text = view_of(sheet).text
    assert text.rfind("uno") < text.find("due")
    assert text.rfind("due") < text.find("tre")


def test_sidebar_beside_longer_text() -> None:
    sheet = Sheet()
    sheet.lines(prose(8, 22, "side"), 40, 100, 9)
    sheet.lines(prose(30, 66, "main"), 190, 104)
    text = view_of(sheet).text
    assert text.rfind("side") < text.find("main")


def test_labels_of_a_list_are_no_column() -> None:
    sheet = Sheet()
    top = 100.0
    for number in range(1, 8):
        sheet.write(f"({number})", 60, top)
        top = sheet.lines(prose(3, 70, f"item{number}"), 100, top) + 6
    view = view_of(sheet)
    items = [block for block in view.blocks if block.kind is BlockKind.LIST_ITEM]
    assert [block.marker for block in items] == [f"({number})" for number in range(1, 8)]
    assert all(f"item{number}" in view.block_text(block) for number, block in enumerate(items, 1))


def test_rows_of_an_unruled_table_are_read_across() -> None:
    sheet = Sheet()
    for place, (name, one, two) in enumerate(
        [("Belgium", "2024", "met"), ("Greece", "2025", "open"), ("Malta", "n/a", "-")]
    ):
        top = 100.0 + place * 16
        sheet.write(name, 60, top)
        sheet.write(one, 250, top)
        sheet.write(two, 400, top)
    view = view_of(sheet)
    assert texts_of(view) == ["Belgium", "2024", "met", "Greece", "2025", "open", "Malta", "n/a", "-"]


def test_sideways_text_is_read_after_the_rest() -> None:
    sheet = Sheet()
    sheet.write_up("Annex two", 30, 500)
    sheet.lines(prose(5), 80, 100)
    view = view_of(sheet)
    assert texts_of(view)[-1] == "Annex two"


def test_notes_of_the_usual_size_below_a_short_rule() -> None:
    sheet = Sheet()
    sheet.lines(prose(30, 80), 60, 60)
    sheet.rule(60, 640, 200)
    sheet.write("1", 60, 648, 6)
    sheet.write("OJ L 331, 14.12.2017.", 66, 650)
    view = view_of(sheet)
    assert view.blocks[-1].kind is BlockKind.FOOTNOTE
    assert view.blocks[-1].marker == "1"


def test_a_note_cut_by_the_page_is_one_block() -> None:
    first, second = Sheet(1), Sheet(2)
    first.lines(prose(30, 80), 60, 60)
    first.rule(60, 690, 200)
    first.lines(["1 See the Decision that was adopted by the Council in"], 60, 700, 8)
    second.lines(prose(3, 80), 60, 60)
    second.rule(60, 690, 200)
    second.lines(["November 2021 and published in the Official Journal, which is longer", "than the page."], 60, 700, 8)
    notes = texts_of(view_of(first, second), BlockKind.FOOTNOTE)
    assert len(notes) == 1
    assert "by the Council in November 2021 and" in notes[0]


def test_a_heading_below_a_rule_is_no_note() -> None:
    sheet = Sheet()
    sheet.lines(prose(30, 80), 60, 60)
    sheet.rule(60, 640, 200)
    sheet.write("8. Outlook", 60, 650, 10, "Serif-Bold")
    assert view_of(sheet).blocks[-1].kind is not BlockKind.FOOTNOTE


def test_boxes_side_by_side_are_columns_though_the_title_above_has_a_blank_elsewhere() -> None:
    sheet = Sheet()
    sheet.write("Factsheet explained"[:17], 60, 60, 20)
    sheet.write("now", 240, 60, 20)
    sheet.write("One line below it is as wide as all the page and has no wide blank in it, x", 60, 95)
    left = ["Twenty-seven States.", "Twenty rules.", "Sixty items."]
    left += ["The words of the last box run on to here x", "and end below in a line as long as it was."]
    right = [f"Entry number {number} of the time line." for number in range(9)]
    for number, text in enumerate(left):
        sheet.write(text, 60, 120 + 39 * number if number < 3 else 195 + 13.5 * number)
    for number, text in enumerate(right):
        sheet.write(text, 320, 120 + 13.5 * number)
    assert " ".join(texts_of(view_of(sheet))).endswith(" ".join([*left, *right]))
