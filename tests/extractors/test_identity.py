"""What documents say of themselves: the rule file's openings, variants of covers, and refusals to guess."""

import json
from pathlib import Path

import pytest

from extractors.dates.finder import find_dates
from extractors.identity.facts import read_identity
from extractors.states.finder import find_states
from extractors.views import plain_view
from models.facts import DocumentFacts, DocumentKind
from tests.extractors.covers import COVERS
from tests.made_tables import heading, table_view


def identity(text: str) -> DocumentFacts:
    view = plain_view(text)
    return read_identity(view, find_dates(view).hits, find_states(view).hits)


@pytest.mark.parametrize(("text", "kind", "state", "year", "date"), COVERS)
def test_covers(text: str, kind: str, state: str | None, year: int | None, date: str | None) -> None:
    found = identity(text)
    assert (found.kind.value, found.state, found.year, found.date) == (kind, state, year, date)


@pytest.mark.parametrize(
    ("label", "date"),
    [("Date", "2026-01-12"), ("Date of issue:", "2026-01-12"), ("Approved", "2026-01-12"), ("Next review", None)],
)
def test_a_date_in_a_box_of_the_cover(label: str, date: str | None) -> None:
    view = table_view([["State", "Finland"], [label, "12 January 2026"]], before=[heading("PESCO NIP 2026")])
    assert read_identity(view, find_dates(view).hits, find_states(view).hits).date == date


def test_every_field_has_its_print() -> None:
    found = identity("National Implementation Plan of Latvia 2026\nRiga, 15 January 2026\nPESCO")
    assert found.title == "National Implementation Plan of Latvia 2026"
    assert found.evidence == {
        "title": (1, "National Implementation Plan of Latvia 2026"),
        "kind": (1, "National Implementation Plan of Latvia 2026"),
        "year": (1, "National Implementation Plan of Latvia 2026"),
        "date": (1, "Riga, 15 January 2026"),
        "state": (1, "National Implementation Plan of Latvia 2026"),
    }


def test_the_gold_names_the_same_kinds() -> None:
    folder = Path(__file__).parents[3] / "shared" / "corpus" / "dev"
    if not folder.is_dir():
        pytest.skip("the shared corpus is not here")
    rows = [
        json.loads(path.read_text(encoding="utf-8").splitlines()[-1]) for path in sorted(folder.glob("*.gold.jsonl"))
    ]
    assert {row["document_kind"] for row in rows} <= {kind.value for kind in DocumentKind}


@pytest.mark.parametrize(
    ("text", "year", "date"),
    [
        ("PESCO in brief\nPress factsheet | Brussels, 18 November 2025\nWhat began is large.", 2025, "2025-11-18"),
        (
            "PESCO Projects Progress Report 2026\nIssued by the PESCO secretariat on 23 June 2026. "
            "State of data: 30 April 2026.",
            2026,
            "2026-06-23",
        ),
        ("PESCO Projects Progress Report 2026\nThe list was issued by the Council on 23 June 2026.", 2026, None),
        (
            "PESCO Projects Progress Report 2026\nPESCO secretariat, issued on 30 June 2026. Specimen.",
            2026,
            "2026-06-30",
        ),
        ("PESCO Projects Progress Report 2026\nIt follows the last report, issued on 30 June 2025.", 2026, None),
        ("PESCO Projects Progress Report\nClosure\nbeginning of 2027", None, None),
    ],
)
def test_dates_behind_an_issuer_or_a_stroke(text: str, year: int | None, date: str | None) -> None:
    found = identity(text)
    assert (found.year, found.date) == (year, date)


def test_a_heading_that_is_the_beginning_of_a_year_is_no_own_date() -> None:
    view = table_view([["x", "y"]], before=[heading("PESCO Progress Report"), heading("beginning of 2027")])
    assert read_identity(view, find_dates(view).hits, ()).date is None
