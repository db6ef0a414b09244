"""What the reading room reads from the samples: every mention in its words, every way complete, every list in order."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.room.commitments import list_commitment_lines, read_commitment
from pipeline.room.documents import list_documents, read_document
from pipeline.room.evidence import FACTS, find_sheet, show_fact, show_mention, show_page
from pipeline.room.home import read_home
from pipeline.room.mentions import PAGE_SIZE, list_mentions
from pipeline.room.passages import find_places, split_at_mentions
from pipeline.room.projects import Milestone, group_steps, list_projects, read_project
from pipeline.room.states import list_states, read_state
from pipeline.store.schema import open_reader


@pytest.fixture(scope="module")
def db(samples_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_reader(samples_db)) as connection:
        yield connection


def count(db: sqlite3.Connection, sql: str, *values: object) -> int:
    return int(db.execute(sql, values).fetchone()[0])


def test_the_first_page_counts_what_is_there(db: sqlite3.Connection) -> None:
    home = read_home(db)
    assert home.documents.total == count(db, "SELECT count(*) FROM documents") == 6
    assert sum(home.mentions.values()) == count(db, "SELECT count(*) FROM mentions")
    assert sum(map(home.documents.of_kind, home.documents.kinds)) == 6
    assert sum(map(home.documents.of_year, home.documents.years)) == 6
    assert home.pages == 47
    assert home.last_run is not None
    assert home.last_run.status == "completed"


@pytest.mark.parametrize("kind", ["project", "state", "commitment"])
def test_every_mention_is_listed_once_with_the_words_around_it(db: sqlite3.Connection, kind: str) -> None:
    listed = passages = 0
    for (value,) in db.execute("SELECT DISTINCT value FROM mentions WHERE kind = ?", (kind,)).fetchall():
        ids: list[str] = []
        page = 1
        while True:
            part = list_mentions(db, kind, value, page)
            assert len(part.mentions) == min(PAGE_SIZE, part.slice.total - part.slice.offset)
            for mention in part.mentions:
                ids.append(mention.id)
                if mention.passage:
                    passages += 1
                    text = mention.passage.before + mention.passage.words + mention.passage.after
                    assert mention.passage.words == mention.text
                    assert "\n" not in text
            if page == part.slice.last:
                break
            page += 1
        assert (
            len(ids)
            == len(set(ids))
            == count(db, "SELECT count(*) FROM mentions WHERE kind = ? AND value = ?", kind, value)
        )
        listed += len(ids)
    assert passages > 0.99 * listed


def test_the_way_leads_past_every_mention_of_a_project_and_ends(db: sqlite3.Connection) -> None:
    first = list_mentions(db, "project", "cidcc").mentions[0].id
    seen: list[str] = []
    at: str | None = first
    while at:
        evidence = show_mention(db, at)
        assert evidence is not None
        seen.append(at)
        assert evidence.way.place == len(seen)
        assert evidence.way.previous == (seen[-2] if len(seen) > 1 else None)
        at = evidence.way.following
    assert len(seen) == evidence.way.total == count(db, "SELECT count(*) FROM mentions WHERE value = 'cidcc'")
    assert seen == [mention.id for mention in list_mentions(db, "project", "cidcc").mentions]


def test_a_mention_is_marked_in_the_picture_and_in_the_text(db: sqlite3.Connection) -> None:
    in_text = total = 0
    for identifier, text, page in db.execute("SELECT id, text, page FROM mentions ORDER BY id LIMIT 300").fetchall():
        evidence = show_mention(db, identifier)
        assert evidence is not None
        assert evidence.page == page
        chosen = [mark for mark in evidence.marks if mark.is_chosen]
        assert identifier in {mark.mention.id for mark in chosen}
        assert {mark.mention.text for mark in chosen} == {text}
        boxes = {(box.x0, box.top) for mark in chosen for box in mark.boxes}
        rows = db.execute(
            "SELECT x0, top FROM mention_boxes WHERE mention_id = ? AND page = ?", (identifier, page)
        ).fetchall()
        assert {tuple(row) for row in rows} <= boxes
        pieces = [piece.text for piece in evidence.pieces if piece.is_chosen]
        in_text += text in pieces
        total += 1
    assert in_text > 0.99 * total


def test_the_text_of_a_page_is_whole_whatever_is_marked(db: sqlite3.Connection) -> None:
    for document, page, text in db.execute("SELECT document_id, page, text FROM pages").fetchall():
        evidence = show_page(db, document, page)
        assert evidence is not None
        assert "".join(piece.text for piece in evidence.pieces) == text


@pytest.mark.parametrize(
    ("kind", "table"),
    [("participations", "participations"), ("milestones", "milestones"), ("statuses", "commitment_statuses")],
)
def test_every_fact_has_its_page_and_its_mentions(db: sqlite3.Connection, kind: str, table: str) -> None:
    for identifier, page, quote in db.execute(f"SELECT id, page, quote FROM {table} ORDER BY id LIMIT 80").fetchall():
        evidence = show_fact(db, kind, identifier)
        assert evidence is not None
        assert evidence.fact is not None
        assert (evidence.page, evidence.fact.quote) == (page, quote)
        assert evidence.chosen
        assert identifier in {fact.id for fact in evidence.facts}
        assert 1 <= evidence.way.place <= evidence.way.total


def test_what_is_not_there_is_nothing(db: sqlite3.Connection) -> None:
    document = str(db.execute("SELECT id FROM documents").fetchone()[0])
    assert show_mention(db, "nothing") is None
    assert all(show_fact(db, kind, "nothing") is None for kind in FACTS)
    assert show_page(db, "nothing", 1) is None
    assert show_page(db, document, 0) is None
    assert find_sheet(db, document, 10**6) is None
    assert read_project(db, "nothing") is None
    assert read_state(db, "??") is None
    assert read_commitment(db, 21) is None
    assert read_document(db, "nothing") is None


def test_a_project_has_its_names_members_and_steps(db: sqlite3.Connection) -> None:
    page = read_project(db, "cidcc")
    assert page is not None
    assert "CIDCC" in {name.name for name in page.names}
    assert page.members.lines[0].state == "DE"
    assert {one.role for one in page.members.lines[0].roles[page.members.sources[0].key]} == {"coordinator"}
    assert [step.milestone for step in page.steps] == ["phase", "ioc", "foc", "delivery_start", "delivery_end"]
    places = sum(len(word.places) for step in page.steps for word in step.words)
    assert places == len(page.milestones) == count(db, "SELECT count(*) FROM milestones WHERE project = 'cidcc'")


def make_milestone(date_to: str | None, *, was_to: str | None = None, as_of: str = "2025-01-01") -> Milestone:
    return Milestone(
        id=f"m{as_of}", milestone="ioc", date=date_to and date_to[:7], date_from=None, date_to=date_to, phase=None,
        was=was_to and was_to[:7], was_from=None, was_to=was_to, quote="q", page=1, document_id=f"d{as_of}",
        filename="f.pdf", title=None, document_kind=None, year=int(as_of[:4]), as_of=as_of,
    )  # fmt: skip


def test_slips_are_counted_in_months_from_word_to_word() -> None:
    [step] = group_steps(
        [
            make_milestone("2024-06-30", was_to="2023-12-31", as_of="2022-01-01"),
            make_milestone("2024-06-30", as_of="2023-01-01"),
            make_milestone("2025-12-31", as_of="2024-01-01"),
            make_milestone("2025-09-30", as_of="2025-01-01"),
            make_milestone(None, as_of="2026-01-01"),
        ]
    )
    assert [(word.slip, len(word.places)) for word in step.words] == [(6, 2), (18, 1), (-3, 1), (None, 1)]
    assert step.total_slip == 21


def test_lists_are_complete_and_filters_hold(db: sqlite3.Connection) -> None:
    assert len(list_projects(db)) == count(db, "SELECT count(*) FROM projects")
    assert len(list_states(db)) == count(db, "SELECT count(*) FROM states")
    assert [line.number for line in list_commitment_lines(db)] == list(range(1, 21))
    assert [line.kind for line in list_documents(db, kind="nip").documents] == ["nip"]
    assert list_documents(db, year=1999).documents == []
    assert list_documents(db, year=0, kind="-").documents == []
    assert len(list_documents(db, year=2025).documents) == 6


def test_a_state_has_its_projects_statuses_and_plans(db: sqlite3.Connection) -> None:
    page = read_state(db, "FI")
    assert page is not None
    assert [plan.filename for plan in page.plans] == ["nip-fi-2025.pdf"]
    assert "access" in {project.project for project in page.roles["coordinator"]}
    assert len(page.commitments) == 20
    words = [word for cell in page.statuses.cells.values() for word in cell]
    assert len(words) == count(db, "SELECT count(*) FROM commitment_statuses WHERE state = 'FI'")


def test_running_heads_do_not_begin_pages(db: sqlite3.Connection) -> None:
    page = read_document(db, str(db.execute("SELECT id FROM documents WHERE kind = 'nip'").fetchone()[0]))
    assert page is not None
    assert not any(line.beginning.startswith("PESCO National Implementation Plan 2025") for line in page.pages)
    assert all(re.search(r"\w", line.beginning) for line in page.pages)


def test_overlapping_mentions_leave_the_chosen_one_whole() -> None:
    pieces = split_at_mentions("abcdef", {"a": (0, 4), "b": (2, 6)}, ["b"])
    assert [(piece.text, piece.mention, piece.is_chosen) for piece in pieces] == [
        ("ab", "", False),
        ("cdef", "b", True),
    ]
    assert [piece.text for piece in split_at_mentions("abcdef", {"a": (0, 4), "b": (2, 6)}, [])] == ["abcd", "ef"]


def test_a_place_that_is_not_certain_is_not_given() -> None:
    assert find_places("IT or IT", [(40, "IT")]) == {}
    assert find_places("IT or IT and FR", [(46, "IT"), (53, "FR")]) == {(46, "IT"): 6, (53, "FR"): 13}
