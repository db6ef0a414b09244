"""Commitment statuses from sentences, headings and tables: the rule file's examples, and whole tables made by hand."""

from collections.abc import Sequence

import pytest

from extractors.mentions import find_mentions
from extractors.views import TextView, plain_view
from models.facts import DocumentFacts, DocumentKind
from models.mentions import Mention
from pipeline.relations.status_reader import read_legend
from pipeline.relations.statuses import relate_statuses
from tests.made_tables import heading, paragraph, table_view

REPORT = DocumentFacts(kind=DocumentKind.ANNUAL_REPORT)
PLAN = DocumentFacts(kind=DocumentKind.NIP, state="FI")


def mentions_of(view: TextView) -> tuple[Mention, ...]:
    return find_mentions(view).mentions


def related(view: TextView, document: DocumentFacts = REPORT) -> list[str]:
    found, _ = relate_statuses(view, mentions_of(view), document, ())
    return sorted(f"{fact.state} {fact.commitment} {fact.status}" for fact in found)


def test_plan_table() -> None:
    rows = [
        ["No", "Done", "Status"],
        ["Commitments in area a: Investment"],
        ["1", "Talks with Spain", "Met"],
        ["2", "x", "Partly met"],
        ["Commitments in area b: Harmonisation"],
        ["1", "y", "not met"],
        ["2", "z", "Planned"],
    ]
    assert related(table_view(rows), PLAN) == ["FI 1 met", "FI 2 partly", "FI 6 not_met", "FI 7 planned"]


def test_table_of_all_together() -> None:
    rows = [
        ["No", "Subject", "Participating States together", "Remark"],
        ["12", "Forces", "partly met", "Germany asks."],
        ["13", "Fit", "met", "x"],
    ]
    view = table_view(rows, before=[heading("Commitments in area c")])
    assert related(view) == ["ALL 12 partly", "ALL 13 met"]


def test_lists_per_state() -> None:
    rows = [
        ["State", "Partly met", "Not met", "Remark"],
        ["Republic of Austria", "commitments 13 and 20", "none", "Plan complete."],
        ["Belgium", "commitment 4", "commitments 9 and 16", "Good example for France."],
    ]
    assert related(table_view(rows)) == ["AT 13 partly", "AT 20 partly", "BE 16 not_met", "BE 4 partly", "BE 9 not_met"]


def test_a_plan_column_is_no_status() -> None:
    rows = [
        ["No", "Planned for 2025-2029", "Status"],
        ["19", "A rule for commitments 18-20 as a whole", "Met"],
        ["20", "x", "Met"],
    ]
    view = table_view(rows, caption="Table 1: commitments")
    assert related(view, PLAN) == ["FI 19 met", "FI 20 met"]


def test_matrix_with_legend() -> None:
    rows = [["State", "C1", "C2", "C3"], ["Finland", "M", "P", "N"], ["Sweden", "M", "PL", "-"]]
    view = table_view(
        rows, before=[paragraph("Commitments by State. M = met, P = partly met, N = not met, PL = planned.")]
    )
    assert related(view) == ["FI 1 met", "FI 2 partly", "FI 3 not_met", "SE 1 met", "SE 2 planned"]


def test_letters_without_a_legend_give_nothing() -> None:
    rows = [["State", "C1", "C2", "C3"], ["Finland", "M", "P", "N"]]
    assert related(table_view(rows, before=[paragraph("Commitments by State.")])) == []


def test_symbols_in_a_status_column() -> None:
    rows = [["Commitment", "Measures", "Status"], ["1", "x", "\u25cf"], ["2", "y", "\u25d0"], ["3", "z", "\u25cb"]]
    view = table_view(rows, before=[paragraph("Legend: \u25cf = met; \u25d0 = partly met; \u25cb = not met")])
    assert related(view, PLAN) == ["FI 1 met", "FI 2 partly", "FI 3 not_met"]


def test_a_column_per_state() -> None:
    rows = [["Commitment", "Finland", "Sweden"], ["1", "met", "not met"], ["2", "partly met", "met"]]
    assert related(table_view(rows)) == ["FI 1 met", "FI 2 partly", "SE 1 not_met", "SE 2 met"]


def test_a_status_per_row() -> None:
    rows = [["Assessment", "Which"], ["Met", "commitments 1 to 3"], ["Not met", "commitment 14"]]
    assert related(table_view(rows)) == ["ALL 1 met", "ALL 14 not_met", "ALL 2 met", "ALL 3 met"]


def test_an_unknown_status_is_an_issue() -> None:
    rows = [["Commitment", "Status"], ["1", "met"], ["2", "met"], ["3", "mauve"], ["4", "n/a"]]
    view = table_view(rows)
    found, issues = relate_statuses(view, mentions_of(view), PLAN, ())
    assert [fact.commitment for fact in found] == ["1", "2"]
    assert [issue.context["status"] for issue in issues] == ["mauve"]


def heading_view(blocks: Sequence[tuple[bool, str]]) -> TextView:
    return table_view(
        [["x", "y"]], before=[heading(text) if is_heading else paragraph(text) for is_heading, text in blocks]
    )


def test_status_lines_under_headings() -> None:
    view = heading_view(
        [
            (True, "Commitment 7: Support for CARD"),
            (False, "All forms were sent."),
            (False, "Status: met"),
            (True, "Commitment 8"),
            (False, "This commitment has been met in part."),
            (True, "Outlook"),
            (False, "Status: met"),
        ]
    )
    assert related(view, PLAN) == ["FI 7 met", "FI 8 partly"]


def test_sections_of_an_annex_speak_of_their_state() -> None:
    view = heading_view(
        [
            (True, "Finland"),
            (False, "Commitment 4 is partly met."),
            (True, "Sweden"),
            (False, "Commitment 4 is met."),
            (True, "Outlook on the years to come"),
            (False, "Commitment 4 is not met."),
        ]
    )
    assert related(view) == ["ALL 4 not_met", "FI 4 partly", "SE 4 met"]


def test_a_plan_speaks_of_its_state() -> None:
    text = "Commitments 3, 5 and several others are met. We have not met commitment 14. Estonia has met commitment 4."
    assert related(plain_view(text), PLAN) == ["EE 4 met", "FI 14 not_met", "FI 3 met", "FI 5 met"]


def test_evidence_and_quote() -> None:
    view = plain_view("All is well. Cyprus has not met commitment 2. More follows.")
    mentions = mentions_of(view)
    (fact,), _ = relate_statuses(view, mentions, REPORT, ())
    assert [mentions[index].text for index in fact.evidence] == ["commitment 2", "Cyprus"]
    assert fact.quote == "Cyprus has not met commitment 2."


def test_a_symbol_explained_twice_is_left_out() -> None:
    assert read_legend(["M = met, P = partly met", "P = planned, N = not met"]) == {"M": "met", "N": "not_met"}


def test_a_small_table_under_a_commitments_heading() -> None:
    before = [heading("Commitment 7: Support for CARD")]
    assert related(table_view([["Done", "Status"], ["All forms were sent.", "Met"]], before=before), PLAN) == [
        "FI 7 met"
    ]
    assert related(table_view([["Measure", "All forms"], ["Status", "Partly met"]], before=before), PLAN) == [
        "FI 7 partly"
    ]


def test_the_nearest_legend_counts() -> None:
    before = [
        paragraph("P = planned, M = met"),
        heading("Commitments by State"),
        paragraph("M = met"),
        paragraph("P = partly met"),
    ]
    rows = [["State", "C1", "C2", "C3"], ["Finland", "M", "P", "P"], ["Sweden", "M", "M", "P"]]
    statuses = ["FI 1 met", "FI 2 partly", "FI 3 partly", "SE 1 met", "SE 2 met", "SE 3 partly"]
    assert related(table_view(rows, before=before)) == statuses


@pytest.mark.parametrize("sign", ["\ue002", "\ue004", "\ue007"])
def test_private_characters_in_print_do_no_harm(sign: str) -> None:
    text = f"{sign} is met. Commitment 4 is not met by {sign} Finland.\nCommitment 5 is met."
    assert related(plain_view(text)) == ["ALL 5 met"]
