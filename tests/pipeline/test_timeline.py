"""Time: what three annual reports say of a project, beside their gold; slips of dates in months; states by edition."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import PescoError
from models.extraction import Extraction
from models.facts import DocumentKind, Role
from pipeline.ingest import IngestOptions, ingest
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.load import load_extraction
from pipeline.store.schema import open_database
from pipeline.timeline import DATES, ROLES, read_timeline
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers

YEARS = ("2023", "2024", "2025")
PROJECTS = ("csip", "harmspro", "essor")
Gold = dict[str, str]


@pytest.fixture(scope="module")
def reports(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("reports") / "pesco.db"
    ingest([shared / "corpus" / "dev" / f"annual-report-{year}.pdf" for year in YEARS], IngestOptions(db=db))
    return db


def read_gold(shared: Path, project: str) -> dict[str, list[Gold]]:
    found = {}
    for year in YEARS:
        lines = (
            (shared / "corpus" / "dev" / f"annual-report-{year}.gold.jsonl").read_text(encoding="utf-8").splitlines()
        )
        found[year] = [row for line in lines if (row := json.loads(line)).get("project") == project]
    return found


def states_by_role(rows: list[Gold]) -> dict[str, set[str]]:
    roles: dict[str, set[str]] = {role: set() for role in ROLES}
    for row in rows:
        if row["kind"] == "participation":
            roles[f"{row['role']}s"].add(row["state"])
    return roles


def values(rows: list[Gold], milestone: str) -> set[str]:
    wanted = [row for row in rows if row["kind"] == "milestone" and row["milestone"] == milestone]
    return {row.get("phase") or row["date"] for row in wanted}


@pytest.mark.parametrize("project", PROJECTS)
def test_editions_say_what_the_gold_of_the_reports_says(shared: Path, reports: Path, project: str) -> None:
    gold = read_gold(shared, project)
    timeline = read_timeline(reports, project)
    assert [str(edition["year"]) for edition in timeline.editions] == list(YEARS)
    for edition in timeline.editions:
        rows = gold[str(edition["year"])]
        assert {role: set(str(edition[role] or "").split()) for role in ROLES} == states_by_role(rows)
        for milestone in ("phase", *DATES):
            said = edition[milestone]
            assert ({said} if said else set()) == values(rows, milestone), milestone


@pytest.mark.parametrize("project", PROJECTS)
def test_changes_are_the_differences_of_the_gold(shared: Path, reports: Path, project: str) -> None:
    gold = read_gold(shared, project)
    expected = set()
    for before, after in (("2023", "2024"), ("2024", "2025")):
        for milestone in ("phase", *DATES):
            was, now = values(gold[before], milestone), values(gold[after], milestone)
            if was and now and was != now:
                expected.add((milestone, *was, *now, after))
        roles = [states_by_role(gold[year]) for year in (before, after)]
        for state in set.union(*roles[0].values(), *roles[1].values()):
            was_role, now_role = ([role[:-1] for role in ROLES if state in year[role]] for year in roles)
            if was_role != now_role:
                expected.add((f"role of {state}", *(was_role or [None]), *(now_role or [None]), after))
    found = {
        (change.what, change.before, change.after, change.as_of[:4])
        for change in read_timeline(reports, project).changes
    }
    assert found == expected


def make_report(
    year: int, *, date: str, role: Role = Role.COORDINATOR, kind: DocumentKind = DocumentKind.ANNUAL_REPORT
) -> Extraction:
    """An edition that gives a date of one project; its own date is the year's last day."""
    made = make_extraction(role=role, date=f"{year}-12-31")
    return replace(
        made,
        document=made.document.model_copy(
            update={"kind": kind, "year": year, "state": "FI" if kind is DocumentKind.NIP else None}
        ),
        milestones=tuple(milestone.model_copy(update={"date": date}) for milestone in made.milestones),
    )


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    connection = open_database(tmp_path / "pesco.db")
    fill_gazetteers(connection, make_gazetteers())
    return connection


def load_reports(db: sqlite3.Connection, *dates: str) -> list[sqlite3.Row]:
    for place, date in enumerate(dates):
        load_extraction(
            db, make_file(f"{place}.pdf", content=f"{place}.pdf"), make_report(2020 + place, date=date), VERSIONS
        )
    return db.execute("SELECT * FROM milestone_slips ORDER BY as_of").fetchall()


@pytest.mark.parametrize(
    ("was", "now", "months", "least", "most"),
    [
        ("2024", "2026", 24, 24, 24),
        ("2024-03", "2025-01", 10, 10, 10),
        ("2026-01", "2025-11", -2, -2, -2),
        ("2024-33", "2024-35", 6, 6, 6),
        ("2024", "2025-03", None, 3, 14),
        ("../2024", "2026", None, 13, None),
    ],
)
def test_slips_are_as_sure_as_their_prints(
    db: sqlite3.Connection, was: str, now: str, months: int | None, least: int | None, most: int | None
) -> None:
    (slip,) = load_reports(db, was, now)
    assert (slip["was"], slip["date"]) == (was, now)
    assert (slip["months"], slip["months_least"], slip["months_most"]) == (months, least, most)


def test_the_same_days_said_again_are_no_slip(db: sqlite3.Connection) -> None:
    assert load_reports(db, "2025", "2025", "2025-01/2025-12") == []


def test_a_slip_is_between_neighbours_of_a_series(db: sqlite3.Connection) -> None:
    load_extraction(
        db, make_file("plan.pdf", content="plan.pdf"), make_report(2021, date="2030", kind=DocumentKind.NIP), VERSIONS
    )
    slips = load_reports(db, "2024", "2026", "2027")
    assert [(slip["was"], slip["date"], slip["months"]) for slip in slips] == [
        ("2024", "2026", 24),
        ("2026", "2027", 12),
    ]


def test_a_plan_takes_nobody_away(db: sqlite3.Connection, tmp_path: Path) -> None:
    load_extraction(db, make_file("a.pdf", content="a.pdf"), make_report(2021, date="2024"), VERSIONS)
    load_extraction(
        db,
        make_file("b.pdf", content="b.pdf"),
        make_report(2022, date="2024", role=Role.MEMBER, kind=DocumentKind.NIP),
        VERSIONS,
    )
    assert project_changes(tmp_path) == []
    load_extraction(db, make_file("c.pdf", content="c.pdf"), make_report(2023, date="2024", role=Role.MEMBER), VERSIONS)
    assert [change[1:] for change in project_changes(tmp_path)] == [("coordinator", "member")]


def project_changes(folder: Path) -> list[tuple[str, str | None, str | None]]:
    timeline = read_timeline(folder / "pesco.db", "csip")
    return [(change.what, change.before, change.after) for change in timeline.changes]


def test_a_state_has_its_statuses_and_roles(db: sqlite3.Connection, tmp_path: Path) -> None:
    load_extraction(db, make_file("a.pdf", content="a.pdf"), make_report(2021, date="2024"), VERSIONS)
    timeline = read_timeline(tmp_path / "pesco.db", "Italy")
    assert [(row["state"], row["commitment"], row["status"]) for row in timeline.editions] == [("ALL", "7", "met")]
    assert [(row["project"], row["role"], row["filename"]) for row in timeline.roles] == [
        ("csip", "coordinator", "a.pdf")
    ]


def test_only_projects_and_states_have_one(db: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(PescoError, match="no timeline"):
        read_timeline(tmp_path / "pesco.db", "15")
