"""Many ways to say in a sentence how far a commitment is met, and many to say nothing of it."""

import pytest

from extractors.views import plain_view
from tests.made_tables import heading, paragraph, table_view
from tests.pipeline.plan_sentences import IN_A_PLAN, UNDER_HEADINGS
from tests.pipeline.status_sentences import IN_REPORTS, TRICKY
from tests.pipeline.test_relate_statuses import PLAN, REPORT, related


def expected(printed: str) -> list[str]:
    return sorted(filter(None, printed.split(", ")))


@pytest.mark.parametrize(("text", "statuses"), (*IN_REPORTS, *TRICKY))
def test_in_a_report(text: str, statuses: str) -> None:
    assert related(plain_view(text), REPORT) == expected(statuses)


@pytest.mark.parametrize(("text", "statuses"), IN_A_PLAN)
def test_in_a_plan(text: str, statuses: str) -> None:
    assert related(plain_view(text), PLAN) == expected(statuses)


@pytest.mark.parametrize(("title", "text", "statuses"), UNDER_HEADINGS)
def test_under_a_heading_of_a_plan(title: str, text: str, statuses: str) -> None:
    view = table_view([["x", "y"]], before=[heading(title), paragraph(text)])
    assert related(view, PLAN) == expected(statuses)


@pytest.mark.parametrize(
    ("line", "texts", "statuses"),
    [
        ("Slovakia, Slovenia", ["In 2024 there was progress. Commitment 13 is met."], "SK 13 met, SI 13 met"),
        (
            "Slovakia and Slovenia",
            ["Work goes on there. Neither of them fulfils commitment 20."],
            "SK 20 not_met, SI 20 not_met",
        ),
        (
            "Portugal",
            ["The authorities say more. As to commitment 3, they concede that it was not achieved."],
            "PT 3 not_met",
        ),
        (
            "Portugal and others",
            ["The authorities say more. Commitment 3, they concede, was not achieved; it is not met."],
            "ALL 3 not_met",
        ),
        ("Portugal", ["Short line.", "As to commitment 3, they concede that it was not achieved."], "ALL 3 not_met"),
    ],
)
def test_under_a_line_of_states(line: str, texts: list[str], statuses: str) -> None:
    view = table_view([["x", "y"]], before=[paragraph(line), *map(paragraph, texts)])
    assert related(view, REPORT) == expected(statuses)


def test_a_heading_of_two_states_speaks_of_both() -> None:
    view = table_view([["x", "y"]], before=[heading("Latvia, Lithuania"), paragraph("Commitment 2 is not met.")])
    assert related(view, REPORT) == ["LT 2 not_met", "LV 2 not_met"]


@pytest.mark.parametrize(
    ("first", "second", "statuses"),
    [
        (
            "Austria has met commitments 1 and 5, and it has long made plans and intends to meet",
            "commitment 14.",
            "AT 1 met, AT 5 met, AT 14 planned",
        ),
        (
            "Austria has met commitments 1 and 5, and it has long made plans and intends to meet.",
            "commitment 14.",
            "AT 1 met, AT 5 met",
        ),
        (
            "Austria has met commitments 1 and 5, and it has long made plans and intends to meet",
            "Commitment 14.",
            "AT 1 met, AT 5 met",
        ),
    ],
)
def test_an_open_sentence_goes_on_in_the_next_block(first: str, second: str, statuses: str) -> None:
    view = table_view([["x", "y"]], before=[paragraph(first), paragraph(second)])
    assert related(view, REPORT) == expected(statuses)
