"""EDTF dates: the levels of the gold, against arithmetic and against the package ``edtf`` where that one agrees."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from models.dates import EdtfDate
from models.errors import EdtfError

YEARS = st.integers(min_value=1, max_value=9998)
LEVELS = (*range(1, 13), 21, 22, 23, 24, 33, 34, 35, 36, 37, 38, 39, 40, 41)


@st.composite
def simple_dates(draw: st.DrawFn) -> str:
    """Years, months, days, seasons, quarters, halves, with or without a qualifier."""
    year = draw(YEARS)
    shape = draw(st.sampled_from(("year", "part", "day")))
    text = f"{year:04d}"
    if shape == "part":
        text += f"-{draw(st.sampled_from(LEVELS)):02d}"
    if shape == "day":
        month = draw(st.integers(1, 12))
        text += f"-{month:02d}-{draw(st.integers(1, monthrange(year, month)[1])):02d}"
    return text + draw(st.sampled_from(("", "~", "?", "%")))


@st.composite
def any_dates(draw: st.DrawFn) -> str:
    """A simple date or an interval that does not run backwards."""
    one = draw(simple_dates())
    shape = draw(st.sampled_from(("one", "until", "since", "between")))
    if shape == "one":
        return one
    if shape == "until":
        return f"../{one}"
    if shape == "since":
        return f"{one}/.."
    ends = sorted((one, draw(simple_dates())), key=lambda text: EdtfDate.parse(text).first or date.min)
    first, last = (EdtfDate.parse(text) for text in ends)
    if first.first is None or last.last is None or first.first > last.last:
        return one
    return f"{ends[0]}/{ends[1]}"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017-12-11", "2017-12-11", "2017-12-11"),
        ("2021-11", "2021-11-01", "2021-11-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023/2025", "2023-01-01", "2025-12-31"),
        ("2019-05-14/2019-05-15", "2019-05-14", "2019-05-15"),
        ("2024-35", "2024-07-01", "2024-09-30"),
        ("2024-36", "2024-10-01", "2024-12-31"),
        ("2024-37", "2024-01-01", "2024-04-30"),
        ("2024-40", "2024-01-01", "2024-06-30"),
        ("2024-41", "2024-07-01", "2024-12-31"),
        ("2024-21", "2024-03-01", "2024-05-31"),
        ("2024-22", "2024-06-01", "2024-08-31"),
        ("2024-23", "2024-09-01", "2024-11-30"),
        ("2024-24", "2024-12-01", "2025-02-28"),
        ("2024-01~/2024-03~", "2024-01-01", "2024-03-31"),
        ("2026-05~/2026-08~", "2026-05-01", "2026-08-31"),
        ("2028~", "2028-01-01", "2028-12-31"),
        ("198X", "1980-01-01", "1989-12-31"),
        ("../2025", None, "2025-12-31"),
        ("../2022-33", None, "2022-03-31"),
        ("2019-22/..", "2019-06-01", None),
        ("2019-09/", "2019-09-01", None),
    ],
)
def test_spans(text: str, first: str | None, last: str | None) -> None:
    parsed = EdtfDate.parse(text)
    assert (str(parsed), parsed.first, parsed.last) == (
        text,
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-02-30",
        "2023-13",
        "2023-00",
        "2023-05-00",
        "0000",
        "000X",
        "2024-25",
        "2024-42",
        "2025/2023",
        "../..",
        "/",
        "2023/2024/2025",
        "23",
        "2023-5",
        "2023-05-1",
        " 2023",
        "2023\n",
        "May 2023",
        "\u0662\u0660\u0662\u0663",
        "9999-24",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(EdtfError):
        EdtfDate.parse(text)


@given(any_dates())
def test_round_trip(text: str) -> None:
    parsed = EdtfDate.parse(text)
    assert EdtfDate.parse(str(parsed)) == parsed
    assert parsed.first is None or parsed.last is None or parsed.first <= parsed.last


@given(any_dates())
def test_its_own_days_are_an_equal_date(text: str) -> None:
    parsed = EdtfDate.parse(text)
    same = EdtfDate.parse(f"{parsed.first or '..'}/{parsed.last or '..'}")
    assert same == parsed
    assert hash(same) == hash(parsed)


@given(any_dates(), any_dates(), any_dates())
def test_order_is_total_and_agrees_with_equality(a: str, b: str, c: str) -> None:
    x, y, z = (EdtfDate.parse(text) for text in (a, b, c))
    assert (x < y) + (y < x) + (x == y) == 1
    if x <= y <= z:
        assert x <= z


@given(YEARS, st.sampled_from(LEVELS))
def test_parts_lie_on_month_borders(year: int, level: int) -> None:
    parsed = EdtfDate.parse(f"{year:04d}-{level:02d}")
    assert parsed.first is not None
    assert parsed.last is not None
    assert parsed.first.day == 1
    assert (parsed.last + timedelta(days=1)).day == 1
    months = 1 if level <= 12 else 4 if level in (37, 38, 39) else 6 if level >= 40 else 3
    assert (parsed.last.year - parsed.first.year) * 12 + parsed.last.month - parsed.first.month + 1 == months


@pytest.mark.parametrize("year", [1980, 2023, 2024])
@pytest.mark.parametrize(
    "level", ["", "~", *(f"-{n:02d}" for n in LEVELS if n != 24), *(f"-{n:02d}~" for n in LEVELS[:12])]
)
def test_agrees_with_the_package_edtf(year: int, level: str) -> None:
    text = f"{year}{level}"
    theirs, ours = parse_edtf(text), EdtfDate.parse(text)
    assert date(*theirs.lower_strict()[:3]) == ours.first
    assert date(*theirs.upper_strict()[:3]) == ours.last


def test_overlaps() -> None:
    assert EdtfDate.parse("2024-24").overlaps(EdtfDate.parse("2025-02"))
    assert not EdtfDate.parse("../2024").overlaps(EdtfDate.parse("2025/.."))
    assert EdtfDate.parse("../2025").overlaps(EdtfDate.parse("2025-06-01"))


def test_compared_with_other_things() -> None:
    assert EdtfDate.parse("2024") != "2024"
