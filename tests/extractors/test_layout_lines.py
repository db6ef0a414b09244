"""Lines and blocks: footnote marks, characters, doubled print, paragraphs, labels, weight."""

import pytest

from extractors.views import BlockKind
from tests.extractors.drawn_pages import Sheet, prose, texts_of, view_of


def _with_mark(before: str, mark: str, after: str, size: float = 6.0) -> Sheet:
    sheet = Sheet()
    x = sheet.write(before, 60, 100)
    sheet.word.extend([])
    start = len(sheet.text)
    x = sheet.write(mark, x, 100, size)
    sheet.write(after, x, 100)
    for place in range(start, start + len(mark)):  # a mark is glued to its word
        sheet.word[place] = sheet.word[start - 1]
    sheet.lines(prose(3, 60), 60, 130)
    return sheet


@pytest.mark.parametrize(
    ("before", "mark", "after", "text"),
    [
        ("the Treaty of 2007", "48", " on defence", "the Treaty of 2007 on defence"),
        ("commitment 2", "1", ", and others", "commitment 2, and others"),
        ("commitments 1 and 2", "(6)", " and least", "commitments 1 and 2 and least"),
        ("as PESCO", "1,2", " shows", "as PESCO shows"),
    ],
)
def test_footnote_marks_are_cut_off_their_word(before: str, mark: str, after: str, text: str) -> None:
    view = view_of(_with_mark(before, mark, after))
    assert texts_of(view)[0] == text
    assert len(view.left_out) == len(mark)


@pytest.mark.parametrize(
    ("before", "mark", "after"),
    [("some 40 km", "2", " of land"), ("on 1", "st", " March"), ("commitment N", "o", " 16")],
)
def test_units_and_ordinals_keep_what_is_raised(before: str, mark: str, after: str) -> None:
    assert texts_of(view_of(_with_mark(before, mark, after)))[0] == before + mark + after


def test_marks_in_brackets_of_full_size_go_with_their_brackets() -> None:
    sheet = Sheet()
    x = sheet.write("the Regions (", 60, 100)
    x = sheet.write("2", x, 100, 6)
    sheet.write("), acting", x, 100)
    sheet.lines(prose(3, 60), 60, 130)
    assert texts_of(view_of(sheet))[0] == "the Regions, acting"


def test_superscript_characters_are_marks_but_not_after_units() -> None:
    sheet = Sheet()
    sheet.lines(["commitment 12\u00b9 and 30 m\u00b2 of deck", *prose(3, 60)], 60, 100)
    assert texts_of(view_of(sheet))[0].startswith("commitment 12 and 30 m\u00b2 of deck")


def test_digits_drawn_narrower_by_the_font_are_marks() -> None:
    sheet = Sheet()
    x = sheet.write("On commitment 4", 60, 100)
    start = len(sheet.text)
    x = sheet.write("2", x, 100, advance=0.32)
    sheet.word[start] = sheet.word[start - 1]
    sheet.write(" the gap of 2022 is closed", x, 100)
    sheet.lines(prose(3, 60), 60, 130)
    assert texts_of(view_of(sheet))[0] == "On commitment 4 the gap of 2022 is closed"


def test_figures_of_natural_width_are_no_marks() -> None:
    sheet = Sheet()
    top = 100.0
    for year in ("2011", "2021", "2031", "2014", "2010"):
        x = sheet.write("In ", 60, top)
        word = sheet.word[-2] + 2
        for digit in year:
            start = len(sheet.text)
            x = sheet.write(digit, x, top, advance=0.32 if digit == "1" else 0.5)
            sheet.word[start] = word
        top += 30
    x = sheet.write("1", 60, top)
    view = view_of(sheet)
    assert texts_of(view)[:5] == ["In 2011", "In 2021", "In 2031", "In 2014", "In 2010"]


def test_ligatures_blanks_dashes_and_quotes_are_unified() -> None:
    sheet = Sheet()
    sheet.write(["o", "\ufb03", "c", "e"], 60, 100)
    sheet.write("\u201cso\u201d 2021\u20132025 the State\u2019s", 100, 100)
    view = view_of(sheet)
    assert view.text == 'office "so" 2021-2025 the State\'s'
    assert view.origins[1] == view.origins[2] == view.origins[3] == 1


def test_combining_accents_are_composed_and_keep_the_letters_glyph() -> None:
    sheet = Sheet()
    sheet.write("Espan\u0303a", 60, 100)
    view = view_of(sheet)
    assert view.text == "Espa\u00f1a"
    assert view.left_out.tolist() == [5]


def test_fake_bold_painted_twice_is_read_once() -> None:
    sheet = Sheet()
    for place, glyph in enumerate("Greece"):
        sheet.write(glyph, 60 + 5 * place, 100)
        sheet.write(glyph, 60.3 + 5 * place, 100)
    sheet.word = [0] * len(sheet.word)
    view = view_of(sheet)
    assert view.text == "Greece"
    assert len(view.left_out) == 6


def test_text_outside_the_page_is_dropped() -> None:
    sheet = Sheet()
    sheet.write("seen", 60, 100)
    sheet.write("hidden", -200, 100)
    assert view_of(sheet).text == "seen"


def test_words_glued_without_blank_are_parted() -> None:
    sheet = Sheet()
    x = sheet.write("Member", 60, 100)
    sheet.write("States", x + 2.4, 100)
    sheet.word = [0] * len(sheet.word)
    assert view_of(sheet).text == "Member States"


def test_spaced_out_headings_are_joined_where_a_word_comes_out() -> None:
    sheet = Sheet()
    for place, letter in enumerate("COUNCIL"):
        sheet.write(letter, 60 + 12 * place, 100)
    for place, letter in enumerate("ABDE"):
        sheet.write(letter, 60 + 12 * place, 160)
    assert texts_of(view_of(sheet)) == ["COUNCIL", "A B D E"]


def test_a_paragraph_goes_on_over_column_page_foot_and_notes() -> None:
    first, second = Sheet(1), Sheet(2)
    first.lines([*prose(31, 52)[:-1], "and it was agreed in the month of November of the xx"], 60, 60)
    first.write("1 OJ L 331, p. 57.", 60, 700, 7)
    second.lines(["2021 that the plan would go on for some more years. xxx", *prose(2, 60)], 60, 60)
    for sheet in (first, second):
        sheet.write(f"{sheet.number}/2", 290, 800, 8)
    view = view_of(first, second)
    assert any("November of the xx 2021 that" in text for text in texts_of(view))
    assert texts_of(view, BlockKind.FOOTNOTE) == ["OJ L 331, p. 57."]


def test_a_new_paragraph_on_the_next_page_is_not_glued() -> None:
    first, second = Sheet(1), Sheet(2)
    first.lines([*prose(10, 80), "The end of the paragraph."], 60, 60)
    second.lines(["A new one starts with a capital here and goes", *prose(2, 40)], 60, 60)
    assert any(text.startswith("A new one") for text in texts_of(view_of(first, second)))


def test_a_number_in_brackets_at_the_head_of_a_page_is_no_label_within_a_sentence() -> None:
    first, second = Sheet(1), Sheet(2)
    first.lines([*prose(20, 52)[:-1], "Reports were given on nearly all of the commitments"], 60, 60)
    second.lines(["(15) and (17) to (19), which is not enough for the xx", *prose(2, 50)], 60, 60)
    assert any("all of the commitments (15) and (17)" in text for text in texts_of(view_of(first, second)))


def test_paragraphs_are_parted_by_white_and_by_short_lines() -> None:
    sheet = Sheet()
    top = sheet.lines(["one " * 20, "two " * 20, "short end."], 60, 60)
    top = sheet.lines(["three " * 13, "four " * 16], 60, top)
    sheet.lines(["Five " * 16], 60, top + 8)
    starts = [text.split()[0] for text in texts_of(view_of(sheet))]
    assert starts == ["one", "three", "Five"]


def test_a_wrapped_number_opens_no_item() -> None:
    sheet = Sheet()
    sheet.lines(
        ["the number of States that fulfil between 15 and all the xx", "19. Then others follow with less."], 60, 60
    )
    assert len(view_of(sheet).blocks) == 1


def test_bold_heading_stands_apart_from_its_text() -> None:
    sheet = Sheet()
    sheet.write("Findings", 60, 60, 10, "Serif-Bold")
    sheet.lines(
        ["The text starts right below the heading and is plain.", "It has a second line of some length as well, yes."],
        60,
        72,
    )
    view = view_of(sheet)
    assert [(block.kind, block.is_bold) for block in view.blocks] == [
        (BlockKind.HEADING, True),
        (BlockKind.PARAGRAPH, False),
    ]


def test_bold_name_filling_a_line_does_not_part_the_paragraph() -> None:
    sheet = Sheet()
    sheet.write("The members agreed to build what is now known as the xxxx", 60, 60)
    sheet.write("European Medium Altitude Long Endurance Remotely Piloted", 60, 72, 10, "Serif-Bold")
    sheet.write("aircraft systems, which will be delivered in 2030 or so.", 60, 84)
    assert len(view_of(sheet).blocks) == 1


def test_drawn_bullets_open_items() -> None:
    sheet = Sheet()
    for place, text in enumerate(["26 participating States", "20 binding commitments", "75 projects"]):
        top = 100 + 12 * place
        sheet.write(text, 70, top)
        sheet.edges.extend([(58, top + 4, 60, top + 4), (58, top + 6, 60, top + 6)])
    assert [block.kind for block in view_of(sheet).blocks] == [BlockKind.LIST_ITEM] * 3


def test_centred_lines_join_only_when_the_break_was_forced() -> None:
    sheet = Sheet()
    for text, top in (("Annual Report on the Status of the", 60), ("Implementation 2024", 84), ("Article 2", 200)):
        size = 20 if top < 100 else 10
        sheet.write(text, 297 - len(text) * size / 4, top, size)
    sheet.lines(["This Decision enters into force on the day of its adoption, and so on"], 60, 212)
    assert texts_of(view_of(sheet))[0] == "Annual Report on the Status of the Implementation 2024"
    assert "Article 2" in texts_of(view_of(sheet))
