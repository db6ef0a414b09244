"""Many ways to say in a sentence how far a commitment is met, and many to say nothing of it."""

import pytest

from extractors.views import plain_view
from tests.made_tables import heading, paragraph, table_view
from tests.pipeline.status_sentences import IN_A_PLAN, IN_REPORTS, TRICKY, UNDER_HEADINGS
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
