"""Matrices and boxes: states, dates or projects head the columns, and one table holds the boxes of several projects."""

from extractors.mentions import find_mentions
from models.facts import DocumentFacts, DocumentKind
from models.mentions import MentionKind
from tests.pipeline.test_table_rows import PLAN, REPORT, facts_of, view_of

OTHER = DocumentFacts(kind=DocumentKind.OTHER)
ABOVE = ["The PESCO projects follow."]


def test_marks_below_codes_of_states_are_roles() -> None:
    rows = [["Project", "DE", "ES", "FR", "IT"], ["CSIP", "\u2713", "", "o", "C"], ["TWISTER", "\u2713", "x", "C", "-"]]
    view = view_of([*ABOVE, "C: coordinator; \u2713: member; o: observer."], rows, n_header_rows=1)
    assert facts_of(view, REPORT) == {
        "csip DE member",
        "csip FR observer",
        "csip IT coordinator",
        "twister DE member",
        "twister ES member",
        "twister FR coordinator",
    }
    states = [mention.values[0] for mention in find_mentions(view).mentions if mention.kind == MentionKind.STATE]
    assert states == ["DE", "ES", "FR", "IT"]


def test_letters_without_a_legend_are_no_roles() -> None:
    rows = [["Project", "DE", "ES", "FR", "IT"], ["CSIP", "A", "B", "", "C"]]
    assert facts_of(view_of(ABOVE, rows, n_header_rows=1), REPORT) == set()


def test_codes_of_languages_head_no_states() -> None:
    rows = [["Project", "EN", "DE", "FR", "IT"], ["CSIP", "x", "x", "", "x"]]
    assert facts_of(view_of(ABOVE, rows, n_header_rows=1), REPORT) == set()


def test_projects_may_head_the_columns() -> None:
    rows = [["State", "CSIP", "TWISTER"], ["Italy", "lead", "member"], ["France", "x", "lead"]]
    assert facts_of(view_of(ABOVE, rows, n_header_rows=1), REPORT) == {
        "csip IT coordinator",
        "twister IT member",
        "csip FR member",
        "twister FR coordinator",
    }


def test_years_head_the_steps_that_fall_into_them() -> None:
    rows = [
        ["Project", "2026", "2027", "2028"],
        ["CSIP", "IOC", "", "FOC"],
        ["TWISTER", "", "first delivery", "meeting"],
    ]
    assert facts_of(view_of(ABOVE, rows, n_header_rows=1), REPORT) == {
        "csip ioc 2026",
        "csip foc 2028",
        "twister delivery_start 2027",
    }


def test_the_heading_of_a_role_column_says_whose_role_it_is() -> None:
    rows = [["Project", "Role of Sweden", "Coordinator"], ["CSIP", "Member", "Italy"]]
    assert facts_of(view_of(ABOVE, rows, n_header_rows=1), OTHER) == {"csip SE member", "csip IT coordinator"}


def test_letters_of_a_role_column_mean_what_the_legend_says() -> None:
    rows = [["Project", "Role"], ["CSIP", "P"], ["TWISTER", "O"]]
    view = view_of([*ABOVE, "Second column: C = coordinator, P = participant, O = observer."], rows, n_header_rows=1)
    assert facts_of(view, PLAN) == {"csip RO member", "twister RO observer"}


def test_a_step_as_it_stands_now_and_as_it_was_then() -> None:
    rows = [["Project", "IOC then", "IOC now", "FOC"], ["CSIP", "2026", "2028", "2030"]]
    assert facts_of(view_of(ABOVE, rows, n_header_rows=1), REPORT) == {"csip ioc 2028", "csip foc 2030"}


def test_a_row_about_one_step_is_dated_by_its_forecast() -> None:
    rows = [
        ["Project", "Earlier forecast", "Present forecast"],
        ["CSIP (FOC)", "2025", "2026"],
        ["TWISTER (first delivery)", "2027", "no change"],
        ["EURAS (workshop)", "2024", "2025"],
    ]
    assert facts_of(view_of(ABOVE, rows, n_header_rows=1), REPORT) == {
        "csip foc 2026",
        "twister delivery_start 2027",
    }


def test_boxes_of_several_projects_in_one_table_stay_apart() -> None:
    rows = [
        ["Coordinator", "Italy"],
        ["Partners", "France"],
        ["Phase", "ideation"],
        ["TWISTER", "TWISTER"],
        ["Coordinator", "France"],
        ["Partners", "Germany, Spain"],
        ["Third States", "none; Canada has applied"],
        ["Phase", "execution"],
    ]
    view = view_of([*ABOVE, "CSIP"], rows, n_header_rows=0)
    tables = view.tables[0]
    merged = tuple((row[0], row[0]) if number == 3 else row for number, row in enumerate(tables.rows))
    joined = type(view)(
        view.text,
        view.origins,
        view.glyphs,
        view.blocks,
        (type(tables)(0, "", tables.headings, merged, 0, (), tables.boxes),),
    )
    assert facts_of(joined, REPORT) == {
        "csip IT coordinator",
        "csip FR member",
        "csip phase ideation",
        "twister FR coordinator",
        "twister DE member",
        "twister ES member",
        "twister phase execution",
    }


def test_a_phase_to_come_in_a_cell_takes_its_own_date() -> None:
    rows = [
        ["Project", "Phase"],
        ["CSIP", "ideation, incubation in late 2027"],
        ["TWISTER", "execution since May 2024"],
    ]
    assert facts_of(view_of(ABOVE, rows, n_header_rows=1), REPORT) == {
        "csip phase ideation",
        "csip phase incubation",
        "twister phase execution",
    }
