"""Tables of statuses, each with what a careful reader takes from it."""

import pytest

from models.facts import DocumentFacts
from tests.made_tables import heading, paragraph, table_view
from tests.pipeline.test_relate_statuses import PLAN, REPORT, related

Table = tuple[DocumentFacts, list[list[str]], str, list[str], str, str]

# the document, rows, a heading before, paragraphs before, the caption, the statuses
TABLES: dict[str, Table] = {
    "a column per year": (
        REPORT,
        [
            ["Commitment", "2022", "2023", "2024"],
            ["1", "partly met", "met", "met"],
            ["4", "not met", "not met", "partly met"],
            ["14", "not met", "not met", "not met"],
        ],
        "The group as a whole",
        [],
        "",
        "ALL 1 met, ALL 4 partly, ALL 14 not_met",
    ),
    "letters+legend below note": (
        REPORT,
        [["State", "1", "2", "3"], ["Austria", "F", "P", "N"], ["Belgium", "F", "F", "-"], ["Croatia", "N", "P", "F"]],
        "Fulfilment of the commitments by State",
        ["F: fulfilled; P: partly fulfilled; N: not fulfilled"],
        "Table 2: commitments 1 to 3 by State",
        "AT 1 met, AT 2 partly, AT 3 not_met, BE 1 met, BE 2 met, HR 1 not_met, HR 2 partly, HR 3 met",
    ),
    "ticks columns": (
        PLAN,
        [["Commitment", "Met", "Partly met", "Not met"], ["1", "x", "", ""], ["2", "", "x", ""], ["3", "", "", "x"]],
        "",
        [],
        "",
        "FI 1 met, FI 2 partly, FI 3 not_met",
    ),
    "ticks columns check": (
        PLAN,
        [
            ["Commitment", "Fulfilled", "Partly", "Not fulfilled", "Remarks"],
            ["Commitment 1", "✓", "", "", "Budget"],
            ["Commitment 2", "", "✔", "", "x"],
            ["Commitment 3", "", "", "✓", ""],
        ],
        "",
        [],
        "",
        "FI 1 met, FI 2 partly, FI 3 not_met",
    ),
    "ticks yes": (
        PLAN,
        [
            ["No", "Commitment", "Met", "Planned"],
            ["1", "Budgets", "yes", "no"],
            ["2", "Investment", "no", "yes"],
            ["3", "Joint projects", "yes", ""],
        ],
        "Commitments in area a",
        [],
        "",
        "FI 1 met, FI 2 planned, FI 3 met",
    ),
    "counts per status": (
        REPORT,
        [
            ["Commitment", "Met", "Partly met", "Not met"],
            ["1", "20", "4", "2"],
            ["2", "18", "6", "2"],
            ["3", "9", "9", "8"],
        ],
        "",
        [],
        "",
        "",
    ),
    "lists": (
        REPORT,
        [
            ["State", "Met", "Partly met", "Not met"],
            ["Austria", "1, 2, 5", "3", "4, 14"],
            ["Belgium", "1-3", "4 to 6", "none"],
        ],
        "",
        [],
        "Commitments by State",
        "AT 1 met, AT 2 met, AT 5 met, AT 3 partly, AT 4 not_met, AT 14 not_met, BE 1 met, BE 2 met, BE 3 met, BE 4 "
        "partly, BE 5 partly, BE 6 partly",
    ),
    "counts under statuses": (
        REPORT,
        [["State", "Met", "Partly met", "Not met"], ["Austria", "14", "4", "2"], ["Belgium", "12", "6", "2"]],
        "",
        [],
        "Commitments by State",
        "",
    ),
    "states listed under status": (
        REPORT,
        [
            ["Commitment", "Met by", "Not met by"],
            ["12", "Finland, Sweden", "Malta"],
            ["13", "Poland", "Ireland and Austria"],
        ],
        "",
        [],
        "",
        "FI 12 met, SE 12 met, MT 12 not_met, PL 13 met, IE 13 not_met, AT 13 not_met",
    ),
    "symbols": (
        PLAN,
        [["Commitment", "Status"], ["1", "+"], ["2", "o"], ["3", "-"], ["4", "+"]],
        "",
        ["Legend: + = met; o = partly met; - = not met"],
        "",
        "FI 1 met, FI 2 partly, FI 3 not_met, FI 4 met",
    ),
    "ticks legend": (
        PLAN,
        [["Commitment", "Status"], ["1", "✓"], ["2", "(✓)"], ["3", "✗"]],
        "",
        ["✓ met, (✓) partly met, ✗ not met"],
        "",
        "FI 1 met, FI 2 partly, FI 3 not_met",
    ),
    "traffic lights words": (
        REPORT,
        [["Commitment", "Rating"], ["1", "green"], ["2", "amber"], ["3", "red"], ["4", "green"]],
        "",
        ["Green means met, amber partly met and red not met."],
        "",
        "ALL 1 met, ALL 2 partly, ALL 3 not_met, ALL 4 met",
    ),
    "prev year": (
        REPORT,
        [
            ["Commitment", "Status 2024", "Status 2025"],
            ["1", "partly met", "met"],
            ["2", "met", "met"],
            ["3", "not met", "partly met"],
        ],
        "",
        [],
        "",
        "ALL 1 met, ALL 2 met, ALL 3 partly",
    ),
    "ranges label": (
        PLAN,
        [
            ["Area", "Commitments", "Measure", "State of play"],
            ["Money", "1", "x", "done"],
            ["Planning", "6 to 8", "y", "under way"],
            ["Operations", "12", "z", "scheduled"],
            ["x", "13-14", "no", "open"],
        ],
        "",
        [],
        "",
        "FI 1 met, FI 6 partly, FI 7 partly, FI 8 partly, FI 12 planned, FI 13 not_met, FI 14 not_met",
    ),
    "status first column": (
        PLAN,
        [
            ["Status", "Commitments"],
            ["Fulfilled", "1, 2, 5 to 8"],
            ["Partly fulfilled", "3"],
            ["Not fulfilled", "4 and 14"],
            ["Planned", "19-20"],
        ],
        "",
        [],
        "",
        "FI 1 met, FI 2 met, FI 5 met, FI 6 met, FI 7 met, FI 8 met, FI 3 partly, FI 4 not_met, FI 14 not_met, FI 19 "
        "planned, FI 20 planned",
    ),
    "heads that are no known states": (
        REPORT,
        [["Commitment", "AT", "BE", "BG"], ["1", "met", "partly met", "not met"], ["2", "met", "met", "met"]],
        "",
        [],
        "",
        "",
    ),
    "group+target": (
        REPORT,
        [
            ["Commitment", "Target", "Result 2025", "Status"],
            ["2", "20%", "31%", "exceeded"],
            ["3", "35%", "17%", "not met"],
            ["4", "2%", "1.5%", "partially met"],
        ],
        "",
        [],
        "",
        "ALL 2 met, ALL 3 not_met, ALL 4 partly",
    ),
    "fulfilled? yes/no/partly": (
        PLAN,
        [
            ["Commitment", "Fulfilled?", "Remark"],
            ["1", "Yes", "x"],
            ["2", "Partly", "y"],
            ["3", "No", "z"],
            ["4", "Yes", "w"],
        ],
        "",
        [],
        "",
        "FI 1 met, FI 2 partly, FI 3 not_met, FI 4 met",
    ),
    "progress col none": (
        PLAN,
        [["Commitment", "Progress"], ["1", "Budget grew by 4%."], ["2", "New orders."], ["3", "Talks."]],
        "",
        [],
        "",
        "",
    ),
    "numeric scale with legend": (
        REPORT,
        [["State", "C1", "C2", "C3"], ["Finland", "2", "1", "0"], ["Sweden", "2", "2", "1"]],
        "",
        ["Commitments by State: 2 = met, 1 = partly met, 0 = not met"],
        "",
        "FI 1 met, FI 2 partly, FI 3 not_met, SE 1 met, SE 2 met, SE 3 partly",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_statuses(name: str) -> None:
    document, rows, title, notes, caption, statuses = TABLES[name]
    before = [*([heading(title)] if title else []), *map(paragraph, notes)]
    found = related(table_view(rows, before=before, caption=caption), document)
    assert found == sorted(filter(None, statuses.split(", ")))
