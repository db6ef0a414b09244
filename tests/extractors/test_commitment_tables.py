"""Commitments in tables: row and head labels, numbering that restarts, bare lists under a heading, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.commitments.finder import find_commitments
from extractors.commitments.labels import Label, through_numbers
from extractors.commitments.rules import load_commitment_rules, load_commitment_texts
from extractors.nlp import Finds
from extractors.views import BlockKind, TextView
from models.mentions import MentionKind
from models.spans import Span
from tests.made_tables import heading, paragraph, table_view

TEXTS = load_commitment_texts()


def finds(view: TextView) -> Finds:
    return find_commitments(view)


def numbers(view: TextView) -> list[str]:
    return [
        v
        for hit in finds(view).hits
        if hit.kind is MentionKind.COMMITMENT and "number" not in hit.rule_id
        for v in hit.values
    ]


def label(number: int, area: str | None) -> Label:
    return Label(0, Span(0, 1), number, area)


@given(st.lists(st.integers(1, 20), min_size=1, unique=True), st.booleans())
def test_labels_of_areas_give_through_numbers(chosen: list[int], is_restarting: bool) -> None:
    chosen.sort()
    areas = [next(area for area in TEXTS.areas if area.first <= number <= area.last) for number in chosen]
    printed = [number - area.first + 1 if is_restarting else number for number, area in zip(chosen, areas, strict=True)]
    found = through_numbers([label(n, area.letter) for n, area in zip(printed, areas, strict=True)], TEXTS)
    if is_restarting and any(n in (6,) and area.letter == "b" for n, area in zip(printed, areas, strict=True)):
        return  # a lone 6 in area b reads both ways
    assert found == chosen


def test_labels_that_begin_again_at_1_go_through_the_areas() -> None:
    printed = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6, 1, 2, 3, 1, 2, 3, 1, 2, 3]
    assert through_numbers([label(n, None) for n in printed], TEXTS) == list(range(1, 21))


def test_labels_that_fit_no_numbering_are_none() -> None:
    assert through_numbers([label(9, "a"), label(2, "b")], TEXTS) == [None, None]


def test_plan_table_with_section_rows() -> None:
    view = table_view(
        [
            ["No", "Done", "Status"],
            ["Area a of the commitments: Investment"],
            ["1", "x", "met"],
            ["2", "y", "met"],
            ["Commitments in area b: Harmonisation"],
            ["1", "z", "met"],
            ["2", "w", "planned"],
        ]
    )
    assert numbers(view) == ["1", "2", "6", "7"]
    assert [hit.values for hit in finds(view).hits if hit.kind is MentionKind.COMMITMENT_AREA] == [("a",), ("b",)]


def test_labels_under_a_heading_of_their_area() -> None:
    rows = [
        ["No", "Subject in short", "Participating States together"],
        ["12", "Forces", "partly met"],
        ["13", "Fit", "met"],
    ]
    assert numbers(table_view(rows, before=[heading("2.3 Commitments in area c: forces")])) == ["12", "13"]
    assert numbers(table_view(rows, before=[heading("3.1 Training")])) == []


def test_labels_with_a_letter_before() -> None:
    rows = [["No", "Done", "Status"], ["C1", "x", "met"], ["C2", "y", "met"], ["C12", "z", "met"]]
    assert numbers(table_view(rows, caption="Table 1: commitments, measures and status")) == ["1", "2", "12"]


def test_numbers_of_projects_are_no_labels() -> None:
    rows = [["No", "Project", "Commitments served"], ["1", "ESSOR", "6 to 9"], ["2", "CSIP", "C3"], ["3", "CRF", "11"]]
    assert numbers(table_view(rows, before=[heading("Contribution of projects to commitments")])) == [
        "6",
        "7",
        "8",
        "9",
        "3",
        "11",
    ]


def test_label_with_its_text() -> None:
    rows = [["Commitment", "Status"], ["1. Real growth", "met"], ["2 One fifth", "met"], ["3 - Joint projects", "met"]]
    assert numbers(table_view(rows)) == ["1", "2", "3"]


def test_head_labels_count_on_each_page() -> None:
    rows = [["State", "1", "2", "3"], ["Finland", "M", "M", "P"], ["State", "1", "2", "3"], ["Sweden", "M", "N", "P"]]
    view = table_view(rows, before=[heading("Annex: commitments by State")], repeated=(2,))
    assert numbers(view) == ["1", "2", "3", "1", "2", "3"]


@pytest.mark.parametrize(("print_", "values"), list(load_commitment_rules().rule("commitment.cell").examples.items()))
def test_each_cell_example(print_: str, values: str) -> None:
    head, cell = print_.split(" | ")
    assert ",".join(numbers(table_view([["Project", head], ["ESSOR", cell]]))) == values


@pytest.mark.parametrize("print_", load_commitment_rules().rule("commitment.cell").near_misses)
def test_each_cell_near_miss(print_: str) -> None:
    head, cell = print_.split(" | ")
    assert numbers(table_view([["Project", head], ["ESSOR", cell]])) == []


def test_counts_per_state_are_no_commitments() -> None:
    rows = [
        ["State", "Commitments met", "Partly met", "Not met"],
        ["Finland", "15", "3", "2"],
        ["Sweden", "12", "6", "2"],
    ]
    found = finds(table_view(rows))
    assert found.hits == ()
    assert [doubt.rule_id for doubt in found.doubts] == ["commitment.cell"]


def test_lists_per_state_are_commitments() -> None:
    rows = [["State", "Commitments met", "Partly met"], ["Finland", "1 to 3, 5", "4"], ["Sweden", "2", "6"]]
    assert numbers(table_view(rows)) == ["1", "2", "3", "5", "2"]


def test_a_table_of_other_things_after_a_word_on_commitments() -> None:
    rows = [["No", "Objective", "Date"], ["1", "Train", "2024"], ["2", "Buy", "2025"]]
    assert numbers(table_view(rows, before=[paragraph("These serve the commitments.")])) == []


def test_a_footnote_mark_glued_to_a_label_or_a_list_is_cut_off() -> None:
    view = table_view([["Commitment", "Other commitments"], ["12", "4 and 131"], ["132", "14"]])
    for mark in (view.text.index("131") + 2, view.text.index("132") + 2):
        view.glyphs.bottom[mark] -= 3.0
    assert numbers(view) == ["12", "4", "13", "13", "14"]


def test_text_before_a_table_counts_only_beside_a_column_on_how_far() -> None:
    before = [paragraph("The sums below serve the commitments.")]
    assert numbers(table_view([["No", "Line", "Sum"], ["1", "Fuel", "3"], ["2", "Food", "4"]], before=before)) == []
    assert numbers(table_view([["No", "Line", "Status"], ["1", "Fuel", "x"], ["2", "Food", "y"]], before=before)) == [
        "1",
        "2",
    ]


def test_numbered_projects_under_a_heading_on_commitments_are_none() -> None:
    rows = [["No", "Name", "Coordinator"], ["1", "ESSOR", "FR"], ["2", "CSIP", "IT"]]
    assert numbers(table_view(rows, before=[heading("Projects that serve the commitments")])) == []


def test_a_second_heading_row_begins_a_table_of_its_own() -> None:
    view = table_view(
        [
            ["No", "Commitment in short", "Status", "Done"],
            ["1", "Growth", "A", "Law"],
            ["2", "Investment", "A", "Tanks"],
            ["Project", "Role", "IOC", "FOC"],
            ["Diving Centres", "LN", "3", "4"],
            ["No", "Commitment in short", "Status", "Done"],
            ["Deep Water", "LN", "5", "6"],
        ],
        repeated=(5,),
    )
    assert numbers(view) == ["1", "2"]


def test_a_row_of_plain_words_is_no_second_heading_row() -> None:
    view = table_view([["Commitment", "Done", "Status"], ["1", "Role", "Met"], ["2", "Project", "Met"]])
    assert numbers(view) == ["1", "2"]


def test_lone_numbers_beside_lists_of_commitments_are_commitments() -> None:
    view = table_view(
        [
            ["State", "Commitments fulfilled", "Commitments not fulfilled"],
            ["Belgium", "1, 3, 6-9", "4"],
            ["Bulgaria", "5 and 17", "14"],
        ]
    )
    assert numbers(view) == ["1", "3", "6", "7", "8", "9", "4", "5", "17", "14"]


def test_lone_numbers_beside_lone_numbers_may_be_counts() -> None:
    rows = [["State", "Commitments fulfilled", "Commitments not fulfilled"], ["Belgium", "16", "4"]]
    assert numbers(table_view(rows)) == []


@pytest.mark.parametrize(
    ("blocks", "areas"),
    [
        ([heading("Area d and area e"), paragraph("We fulfil commitment 17.")], ["d", "e"]),
        ([heading("2. Area b: in step"), paragraph("Talks."), paragraph("Commitments 6 and 7 are met.")], ["b"]),
        ([heading("Area b: in step"), heading("Talks"), paragraph("Commitment 6 is met.")], []),
        ([heading("Area b: harbours"), paragraph("Our commitment to Ukraine.")], []),
        ([heading("Harbours in area b"), paragraph("Commitment 6 is met.")], []),
        ([paragraph("Area b: in step"), paragraph("Commitment 6 is met.")], []),
    ],
)
def test_headings_that_begin_with_an_area_over_numbered_commitments(
    blocks: list[tuple[BlockKind, str]], areas: list[str]
) -> None:
    hits = finds(table_view([["x", "y"]], before=blocks)).hits
    assert [v for hit in hits if hit.kind is MentionKind.COMMITMENT_AREA for v in hit.values] == areas


def test_lists_beside_statuses_are_commitments() -> None:
    rows = [["Fulfilled", "1, 5-7"], ["Partially fulfilled", "2"], ["Not fulfilled", "4, 14"], ["Foreseen", "none"]]
    view = table_view(rows, before=[paragraph("Numbers behind the labels are those of the commitments.")])
    assert numbers(view) == ["1", "5", "6", "7", "2", "4", "14"]


def test_counts_beside_statuses_are_none() -> None:
    rows = [["Fulfilled", "12"], ["Partially fulfilled", "5"], ["Not fulfilled", "3"]]
    view = table_view(rows, before=[paragraph("How many of the commitments are fulfilled is shown here.")])
    assert numbers(view) == []
