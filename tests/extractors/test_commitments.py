"""Commitments and areas in texts: every example and near miss of the rule file, and properties of lists and ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.commitments.finder import find_commitments
from extractors.commitments.numbers import NumberGrammar, expand_range
from extractors.commitments.rules import load_commitment_rules
from extractors.views import plain_view
from models.mentions import Hit

RULES = load_commitment_rules()


def find(text: str) -> tuple[Hit, ...]:
    view = plain_view(text)
    return find_commitments(view).hits


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 19)), min_size=1, max_size=8), st.data())
def test_lists_and_ranges_expand_like_arithmetic(items: list[tuple[int, int]], data: st.DataObject) -> None:
    printed, expected = [], []
    for first, length in items:
        last = min(20, first + length)
        joint = data.draw(st.sampled_from([" to ", "-", "\u2013", " through "]))
        printed.append(f"{first}{joint}{last}" if last > first else str(first))
        expected += [number for number in range(1, 21) if first <= number <= last]
    text = printed[0]
    for item in printed[1:]:
        text += data.draw(st.sampled_from([", ", " and ", "; ", ", and ", " and/or ", ", or ", " as well as "])) + item
    found = NumberGrammar(RULES.words).read(text + " are met.", 0)
    assert found is not None
    assert list(found.values) == expected
    assert found.end == len(text)


@given(st.integers(0, 40), st.integers(0, 40))
def test_numbers_outside_1_to_20_are_kept_apart(first: int, last: int) -> None:
    found = NumberGrammar(RULES.words).read(f"{first}-{last}", 0)
    assert found is not None
    printed = expand_range(first, last) if first < last else (first,)
    assert found.values == tuple(number for number in printed if number in range(1, 21))
    assert set(found.outside) == {number for number in printed if number not in range(1, 21)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("commitment 21", "no commitment has the number 21"),
        ("commitments 18-25", "no commitment has the number 21"),
        ("commitment 0 is", "no commitment has the number 0"),
        ("the commitments (2) of the Annex", "may be a footnote mark"),
        ("MBC 12", "does not explain the abbreviation"),
    ],
)
def test_what_stays_open_is_a_doubt(text: str, reason: str) -> None:
    doubts = find_commitments(plain_view(text)).doubts
    assert [reason in doubt.reason for doubt in doubts] == [True]


def test_a_footnote_mark_glued_to_a_number_is_cut_off() -> None:
    text = "problems with commitments 4 and 132 remain"
    view = plain_view(text)
    mark = text.index("2 remain")
    view.glyphs.top[mark] += 5.0
    assert [hit.values for hit in find_commitments(view).hits] == [("4", "13")]


def test_a_mention_spans_all_that_is_printed_of_it() -> None:
    text = "On the last three commitments (Nos 18, 19 and 20), and on binding Commitment 17."
    assert [text[hit.span.start : hit.span.end] for hit in find(text)] == [
        "last three commitments (Nos 18, 19 and 20)",
        "binding Commitment 17",
    ]


def test_a_list_never_runs_into_the_next_block() -> None:
    assert [hit.values for hit in find("see commitments 4 and\n5 are met")] == [("4",)]


def test_area_and_numbers_in_brackets_both_count() -> None:
    found = [(hit.kind.value, hit.values) for hit in find("Commitments in area c (12 to 14) are open")]
    assert found == [("commitment_area", ("c",)), ("commitment", ("12", "13", "14"))]


def test_a_blank_lost_in_recognition_is_no_loss() -> None:
    text = "20commitments exist; commitments3, 5 are shown"
    view = plain_view(text)
    assert find_commitments(view).hits == ()
    view.glyphs.is_ocr[:] = True
    assert [hit.values for hit in find_commitments(view).hits] == [("3", "5")]


def test_a_letter_that_grows_in_small_letters_hides_no_area() -> None:
    """Python makes two characters of a dotted capital i: ``\u0130zmir`` once hid every area with a capital."""
    view = plain_view("\u0130zmir meets the commitments. Area C commitments are met.")
    assert [hit.values for hit in find_commitments(view).hits] == [("c",)]
