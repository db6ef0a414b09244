"""Dates in text: the rule file's own examples, the reference styles, cells, and what must hold for any text."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.dates import windows
from extractors.dates.finder import find_dates
from extractors.dates.tokens import cut_directly, cut_tokens
from extractors.dates.words import DateRules, Phrases, load_date_words
from extractors.nlp import Finds
from extractors.rule_folders import RULES_FOLDER
from extractors.rulebook import read_rules
from extractors.views import Cell, TextView, plain_view
from models.dates import EdtfDate
from models.errors import RuleError
from models.mentions import MentionKind


def finds(text: str) -> Finds:
    return find_dates(plain_view(text))


def values(text: str) -> str:
    return " ".join(hit.values[0] for hit in finds(text).hits)


def in_cell(text: str, heading: str, *, is_header: bool = False) -> TextView:
    return plain_view([(text, Cell(0, 1, 0, heading, is_header))])


def cell_values(text: str, heading: str) -> str:
    view = in_cell(text, heading)
    return " ".join(hit.values[0] for hit in find_dates(view).hits)


# The rows of the reference styles, with their numbers there.
STYLES = [
    (82, "11 December 2017; 11.12.2017; 11/12/2017; 2017-12-11", "2017-12-11 2017-12-11 2017-12-11 2017-12-11"),
    (83, "OJ L 193, 18.6.2020", "2020-06-18"),
    (84, "6 and 7 March 2018", "2018-03-06 2018-03-07"),
    (85, "14-15 May 2019", "2019-05-14/2019-05-15"),
    (86, "November 2021; Nov. 2021; 11/2021", "2021-11 2021-11 2021-11"),
    (87, "2023", "2023"),
    (88, "2023-2025; 2023 to 2025; 2023/2025; between 2023 and 2025", "2023/2025 2023/2025 2023/2025 2023/2025"),
    (89, "Decision (CFSP) 2018/340", ""),
    (90, "(CFSP) 2017/2315; 2021/C 464/01", ""),
    (91, "2019/2020", "2019/2020"),
    (92, "Q3 2024; 3Q24; third quarter of 2024", "2024-35 2024-35 2024-35"),
    (93, "first half of 2019; H1 2024; first semester of 2024", "2019-40 2024-40 2024-40"),
    (94, "second half of 2026", "2026-41"),
    (95, "mid-2026; mid 2026; middle of 2026", "2026-05~/2026-08~ 2026-05~/2026-08~ 2026-05~/2026-08~"),
    (96, "early 2024; late 2025; end of 2025", "2024-01~/2024-03~ 2025-10~/2025-12~ 2025-12"),
    (97, "by end 2025; by the end of 2025; before end of 2025", "../2025 ../2025 ../2025"),
    (98, "no later than 2026; at the latest in 2026", "../2026 ../2026"),
    (99, "not before 2027", "2027/.."),
    (100, "since September 2019; as from October 2023; as of 2023", "2019-09/.. 2023-10/.. 2023/.."),
    (101, "until 2040; up to 2030", "../2040 ../2030"),
    (102, "in the course of 2024; during 2024; throughout 2024", "2024 2024 2024"),
    (103, "in the period 2026-2027", "2026/2027"),
    (104, "around 2028; approx. 2028; tentatively 2028", "2028~ 2028~ 2028~"),
    (105, "IOC 2023, FOC 2026", "2023 2026"),
    (106, "will reach IOC in 2025; FOC expected end 2027", "2025 2027-12"),
    (107, "second initial phase (2021-2025); phase 2", "2021/2025"),
    (108, "financial year 2025/26; FY2025", "2025/2026 2025"),
    (109, "spring 2024; autumn 2025; summer break", "2024-21 2025-23"),
    (111, "next year; last year; the reporting year; in the coming years", ""),
    (112, "two years after IOC; M+18; T0 + 24 months", ""),
    (113, "previously 2023, now 2025; postponed from 2024 to 2026", "2023 2025 2024 2026"),
    (114, "n/a; tbd; tbc; ongoing; -", ""),
    (116, "12 March 2024", "2024-03-12"),
    (117, "States may join; May 2023", "2023-05"),
    (118, "to march; March on Rome; March 2019", "2019-03"),
    (119, "the august body; the Second; Sun; Mar.", ""),
    (120, "Article 2017; 2025 troops; EUR 2025 million", ""),
    (121, "UNSCR 2117 (2013)", ""),
    (122, "p. 2018; page 2023; Fig. 2021", ""),
    (123, "OJ L 331, 14.12.2017, p. 57", "2017-12-14"),
    (124, "2,025 soldiers; EUR 2 025 million", ""),
    (125, "1 January 2025 to 31 December 2027", "2025-01-01/2027-12-31"),
    (126, "Tuesday 12 November 2019", "2019-11-12"),
    (127, "(2021-25); 2021 - 25; 2021\u20132025", "2021/2025 2021/2025 2021/2025"),
    (128, "2030 goal; by 2030; Horizon 2020", "2030 ../2030"),
    (129, "Directive 2009/81/EC", ""),
    (130, "since 2018 (budget series), each year", "2018/.."),
]


@pytest.mark.parametrize(("row", "text", "gold"), STYLES)
def test_reference_styles(row: int, text: str, gold: str) -> None:
    assert values(text) == gold, row


@pytest.mark.parametrize(
    ("text", "heading", "gold"),
    [
        ("2025", "FOC", "2025"),
        ("mid-2026", "IOC", "2026-05~/2026-08~"),
        ("2026\u201328 (was 2027-2029)", "FOC", "2026/2028 2027/2029"),
        ("24 March", "Meetings 2025", "2025-03-24"),
        ("10-12 April", "2025", "2025-04-10/2025-04-12"),
        ("June", "2025", "2025-06"),
        ("Q3", "Plan for 2025", "2025-35"),
        ("H2", "2025", "2025-41"),
        ("24 March", "2024 / 2025", ""),
        ("24 March", "Date", ""),
        ("tbd", "2025", ""),
        ("2 025 000", "EUR", ""),
        ("2025", "EUR million", ""),
        ("2025", "Number of persons", ""),
        ("2025", "Budget", ""),
        ("2025 to 2027", "Budget", "2025/2027"),
    ],
)
def test_cells(text: str, heading: str, gold: str) -> None:
    assert cell_values(text, heading) == gold


def test_a_heading_is_no_amount() -> None:
    view = in_cell("2025", "Budget", is_header=True)
    assert [hit.values for hit in find_dates(view).hits] == [("2025",)]


def test_the_trigger_belongs_to_the_mention() -> None:
    text = "It is due by the end of 2025 and runs from 2026 on, or in the period 2026-2027, between 2026 and 2028."
    spans = [text[hit.span.start : hit.span.end] for hit in finds(text).hits]
    assert spans == ["by the end of 2025", "from 2026 on", "the period 2026-2027", "between 2026 and 2028"]


def test_dates_do_not_leave_their_block() -> None:
    assert values("6 and 7\nMarch 2018\nby\n2025") == "2018-03 2025"


def test_days_that_the_calendar_lacks_are_doubts() -> None:
    found = finds("31.02.2024 and 30 February 2024")
    assert found.hits == ()
    assert [doubt.candidates for doubt in found.doubts] == [("2024-02-31",), ("2024-02-30",)]


def test_a_day_without_a_year_is_a_doubt() -> None:
    found = finds("The Senate approved it on 28 May.")
    assert found.hits == ()
    assert [doubt.rule_id for doubt in found.doubts] == ["date.completed"]


def test_windows_of_long_blocks_lose_nothing() -> None:
    filler = "prose that says nothing about time and " * 9
    text = f"{filler}by 3 June 2024 {filler}in March and May 2025 {filler}on 4 July {filler}from 2026 to 2028 {filler}."
    assert values(text) == "../2024-06-03 2025-03 2025-05 2025-07-04 2026/2028"


WORDS = st.sampled_from(
    [
        *(
            "by",
            "from",
            "to",
            "the",
            "end",
            "of",
            "mid",
            "early",
            "late",
            "-",
            "/",
            ",",
            ".",
            "and",
            "or",
            "(",
            ")",
            "~",
        ),
        *(
            "2025",
            "2026",
            "2024/25",
            "12",
            "31",
            "May",
            "March",
            "Q3",
            "H1",
            "first",
            "half",
            "quarter",
            "since",
            "until",
        ),
        *("between", "EUR", "million", "11.12.2017", "1980s", "2025-13", "FY25", "tbd", "spring", "\n", "each", "year"),
        *("(EU)", "2018/340", "\u00e9\u00df", "FY", "1st", "on", "onwards", " "),
    ]
)


@settings(max_examples=300)
@given(st.one_of(st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join), st.text()))
def test_any_text_gives_dates_of_the_calendar_inside_one_block(text: str) -> None:
    found = finds(text)
    end = 0
    for hit in found.hits:
        assert hit.kind is MentionKind.DATE
        assert EdtfDate.parse(hit.values[0])
        assert "\n" not in text[hit.span.start : hit.span.end]
        assert hit.span.start >= end
        end = hit.span.end
    assert finds(text) == found


def test_a_phrase_with_two_meanings_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="stands for"):
        Phrases([("by", "until"), ("By", "since")])


def test_an_unknown_key_in_the_rule_file_is_a_mistake(tmp_path: Path) -> None:
    folder = RULES_FOLDER
    text = (
        (folder / "dates.yml")
        .read_text(encoding="utf-8")
        .replace("  - id: date.day\n", "  - id: date.day\n    odd: 1\n")
    )
    (tmp_path / "dates.yml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=r"dates.yml, line \d+: .*odd"):
        read_rules("dates.yml", DateRules, tmp_path)


PIECES = st.sampled_from(
    [
        "2024",
        "31",
        "May",
        "1st",
        "of",
        "Q3",
        "H1",
        "FY25",
        "3Q24",
        "the",
        "end",
        "quarter",
        "2024/25",
        "-",
        "/",
        ".",
        ",",
    ]
    + [" ", " ", "'24", "(", ")", "http://x", "v", "12", "IX", "1980s", "in2020", "COM", "é", "2024a", "\u2013"]
)


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(["word ", "www.x.eu/ ", ""]))
@settings(max_examples=400, deadline=None)
def test_stretches_read_the_same_remembered_or_not(text: str, before: str) -> None:
    classes = load_date_words().classes
    padded = f"{before}{text} The end"
    start, end = len(before), len(before) + len(text)
    assert cut_tokens(padded, start, end, classes) == cut_directly(padded, start, end, classes)


BESIDE = st.sampled_from(["word ", "www.x.eu/ ", "", "a - ", "1. ", "No. ", "Q\n", "x= ", "12\n"])
BEHIND = st.sampled_from([" The end", "", "\nThe end", " 5 May", "\n5 of it", " \u2018So\u2019", " of"])
RUN = st.text(alphabet=st.sampled_from(list("0123456789.,;:/-()'QHFYsthAa%")), min_size=1, max_size=9)
WORDS = st.sampled_from(["2024", "May", "Sep", "mid", "in", "FY24", "14.6.2019", "2019/452", "(EU)", "of"])


@given(BESIDE, st.lists(RUN | WORDS, min_size=1, max_size=4).map(" ".join), BEHIND)
@settings(max_examples=800, deadline=None)
def test_a_stretch_shows_all_that_touches_its_numbers(before: str, stretch: str, behind: str) -> None:
    classes = load_date_words().classes
    text, start = before + stretch + behind, len(before)
    end = start + len(stretch)
    assert cut_tokens(text, start, end, classes) == cut_directly(text, start, end, classes)


SIGNS = st.text(alphabet=st.sampled_from(list("0123429./QHFYJan '\u2019-\n\u0663")), max_size=60)


@given(st.lists(SIGNS | RUN | WORDS, max_size=8).map(" ".join))
@settings(max_examples=600, deadline=None)
def test_anchors_are_those_of_the_whole_text(text: str) -> None:
    """Looking into pieces, and around those that begin a form, finds what searching the text does."""
    plain = [(match.start(), True) for match in re.finditer(r"[12][0-9]\d\d", text)]
    plain += [(match.start(), True) for match in re.finditer(r"\d(?:[QH]\d\d|\d[./]\d\d[./]\d\d)", text)]
    plain += [(match.start(), True) for match in re.finditer(r"FY\s?\d\d", text)]
    plain += [
        (match.start(), windows._SHORT_AFTER.match(text, match.end()) is not None)
        for match in windows._MONTH.finditer(text)
    ]
    plain += [(match.start(), match[1] is not None) for match in windows._CODE.finditer(text)]
    assert sorted(windows._anchors(plain_view(text))) == sorted(plain)
