"""End-of-line hyphens: healed, kept, and decided by the document's own words."""

from collections import Counter

import pytest

from extractors.layout.healing import Joint, Lexicon, join_at, make_lexicon
from tests.extractors.drawn_pages import Sheet, view_of


def _join(print_: str, lexicon: Lexicon) -> str:
    before, after = print_.split("|")
    joint = join_at(before, after, lexicon)
    return {Joint.BLANK: f"{before} {after}", Joint.GLUE: before + after, Joint.DROP_HYPHEN: before[:-1] + after}[joint]


def test_the_documents_own_words_decide_first() -> None:
    assert _join("non-|lethal", make_lexicon(["a nonlethal means"])) == "nonlethal"
    assert _join("inter-|operability", make_lexicon(["the inter-operability of forces"])) == "inter-operability"


@pytest.mark.parametrize(
    ("print_", "healed"),
    [
        ("short-|and long-term", "short- and long-term"),
        ("https://www.seg-|social.es/a", "https://www.seg-social.es/a"),
        ("AIFV/AAV/|LAV", "AIFV/AAV/LAV"),
        ("Vehicle /|Amphibious", "Vehicle / Amphibious"),
        ("the plan -|and more", "the plan - and more"),
        ("two|words", "two words"),
    ],
)
def test_other_line_ends(print_: str, healed: str) -> None:
    assert _join(print_, make_lexicon([])) == healed


def test_a_narrow_cell_breaks_known_words_without_hyphen() -> None:
    lexicon = Lexicon(Counter(), frozenset({"coordinator", "or"}), frozenset())
    assert join_at("Coordinat", "or", lexicon, is_narrow=True) is Joint.GLUE
    assert join_at("Coordinat", "or", lexicon) is Joint.BLANK
    assert join_at("Coordinator", "or", lexicon, is_narrow=True) is Joint.BLANK


def test_healed_hyphens_leave_the_text_but_not_the_books() -> None:
    sheet = Sheet()
    sheet.lines(["a long first line about logis-", "tic hubs in Europe as they are"], 60, 60)
    view = view_of(sheet)
    assert "logistic hubs" in view.text
    assert [view.glyphs.text[glyph] for glyph in view.left_out] == ["-"]


def test_soft_hyphens_with_width_are_hyphens_and_without_are_nothing() -> None:
    sheet = Sheet()
    sheet.write("2021\u00ad2025", 60, 60)
    x = sheet.write("co", 60, 90)
    sheet.write("\u00ad", x, 90, advance=0)
    sheet.write("operation", x, 90)
    sheet.word = [0] * 9 + [1] * 12
    assert view_of(sheet).text.split("\n") == ["2021-2025", "cooperation"]
