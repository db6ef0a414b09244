"""What a run gained, lost and changed: recorded, taken together, told, foretold by a dry run."""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import PescoError
from models.extraction import Extraction
from models.facts import Role
from models.spans import Box
from pipeline.changes import Change, markdown_report, read_diff, report_of
from pipeline.compare import compare_documents
from pipeline.ingest import ingest
from pipeline.plan import Again
from pipeline.reasons import Reason
from pipeline.rehearsal import rehearse
from pipeline.store import change_rows
from pipeline.store.change_rows import SPECS, note_changes, pair_up, read_before
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.keep import forget
from pipeline.store.load import load_extraction, load_quarantine
from pipeline.store.schema import open_database, open_reader
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers
from tests.pipeline.planted_runs import make_options, new_versions, plant


class Book:
    """A database and its runs: each ``load`` is a run of one document."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db: sqlite3.Connection = open_database(path)
        fill_gazetteers(self.db, make_gazetteers())
        self.run = 0

    def load(self, extraction: Extraction | None, name: str = "a.pdf", content: str = "a") -> list[Change]:
        self.run += 1
        self.db.execute(
            "INSERT INTO runs (started, status, folders, options, reader_version, rules_version)"
            " VALUES ('2026-01-01T00:00:00Z', 'completed', '[]', '{}', 'r', 'r')"
        )
        file = make_file(name, content=content)
        before = read_before(self.db, file.id, [one.path for one in file.files])
        if extraction is None:
            loaded = load_quarantine(self.db, file, Reason.DAMAGED, "", VERSIONS)
        else:
            loaded = load_extraction(self.db, file, extraction, VERSIONS)
        note_changes(self.db, self.run, loaded, before)
        return list(read_diff(self.path).changes)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "pesco.db")


def told(changes: list[Change] | tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(one.what, one.kind, one.words) for one in changes]


BASE = make_extraction(per_page=1)


def test_a_new_document_is_one_change_with_its_counts(book: Book) -> None:
    (one,) = book.load(BASE)
    assert (one.what, one.kind, one.rule_id) == ("gained", "document", "document")
    assert one.words.startswith("annual_report 2024 with ")
    assert "7 mentions" in one.words
    assert "1 commitment status" in one.words
    assert book.load(BASE) == []


def test_what_is_gained_and_lost_is_named_by_its_rule(book: Book) -> None:
    fewer = replace(BASE, mentions=BASE.mentions[:3], statuses=())
    book.load(fewer)
    gained = book.load(BASE)
    assert told(gained) == [("gained", "mention", f"commitment {n}") for n in "6789"] + [
        ("gained", "commitment_status", "ALL 7 met")
    ]
    assert {one.rule_id for one in gained} == {"test.commitment", "test.rule"}
    assert {what for what, _, _ in told(book.load(fewer))} == {"lost"}


def test_a_mention_that_moved_a_little_is_changed(book: Book) -> None:
    book.load(BASE)
    moved = replace(BASE.mentions[0], boxes=(Box(1, 50.5, 100.0, 54.0, 110.0),))
    changes = book.load(replace(BASE, mentions=(moved, *BASE.mentions[1:])))
    assert told(changes) == [("changed", "mention", "project csip: x0 50.0 -> 50.5")]


def test_a_role_and_a_date_that_are_others_are_changed(book: Book) -> None:
    book.load(BASE)
    dates = tuple(milestone.model_copy(update={"date": "2027"}) for milestone in BASE.milestones)
    other = replace(make_extraction(per_page=1, role=Role.MEMBER), milestones=dates, document=BASE.document)
    assert told(book.load(other)) == [
        ("changed", "participation", "csip IT member: role coordinator -> member"),
        ("changed", "milestone", "csip foc 2027: date 2026 -> 2027"),
    ]


def test_fields_of_documents_and_issues_count(book: Book) -> None:
    book.load(BASE)
    other = replace(BASE, issues=(), document=BASE.document.model_copy(update={"year": 2025}))
    assert told(book.load(other)) == [
        ("changed", "document", "annual_report 2025: year 2024 -> 2025"),
        ("lost", "issue", "a heading is unknown"),
    ]


def test_what_only_stands_elsewhere_among_others_is_no_change(book: Book) -> None:
    book.load(BASE)
    twice = replace(BASE, milestones=(BASE.milestones[0].model_copy(update={"date": "2030"}), *BASE.milestones))
    assert [one.words for one in book.load(twice)] == ["csip foc 2030"]


def test_another_version_under_the_same_path_is_compared_with_the_one_before(book: Book) -> None:
    book.load(BASE)
    changes = book.load(make_extraction(per_page=1, role=Role.OBSERVER), content="b")
    assert told(changes) == [("changed", "participation", "csip IT observer: role coordinator -> observer")]


def test_a_document_that_can_no_longer_be_read_loses_all(book: Book) -> None:
    book.load(BASE)
    changes = book.load(None)
    assert [one.what for one in changes if one.kind == "mention"] == ["lost"] * 7
    (words,) = (one.words for one in changes if one.kind == "document")
    assert "status loaded -> quarantined" in words


def test_several_runs_are_taken_together(book: Book) -> None:
    book.load(BASE)
    book.load(replace(BASE, participations=(), issues=()))
    book.load(make_extraction(per_page=1, role=Role.MEMBER))
    assert told(read_diff(book.path, 1, 3).changes) == [
        ("changed", "participation", "csip IT member: role coordinator -> member")
    ]
    book.load(BASE)
    assert read_diff(book.path, 1, 4).changes == ()
    assert read_diff(book.path, 4, 1) == read_diff(book.path, 1, 4)
    assert told(read_diff(book.path, 0 + 1, 2).changes) == told(read_diff(book.path, 2).changes)


def test_changes_are_bounded(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_rows, "MAX_PER_DOCUMENT", 5)
    book.load(replace(BASE, mentions=(), participations=(), milestones=(), statuses=()))
    changes = book.load(BASE)
    assert len(changes) == 6
    (words,) = (one.words for one in changes if one.kind == "document")
    assert words == "5 more changes in this document are not listed"
    monkeypatch.setattr(change_rows, "KEPT_RUNS", 1)
    change_rows.forget_old_changes(book.db)
    assert [row[0] for row in book.db.execute("SELECT DISTINCT run_id FROM changes")] == [2]


def test_same_things_are_paired_whatever_their_ids() -> None:
    spec = SPECS["participations"]
    rows = [{"id": n, "page": 1, "project": "csip", "state": s, "role": "member"} for n, s in enumerate(("IT", "FI"))]
    again = [{**row, "id": 9} for row in reversed(rows)]
    assert pair_up(spec, rows, again) == []
    assert pair_up(spec, rows, again[:1]) == [(rows[0], None)]


def test_a_run_that_is_not_there_is_refused(book: Book) -> None:
    with pytest.raises(PescoError, match="no run yet"):
        read_diff(book.path)
    book.load(BASE)
    with pytest.raises(PescoError, match="no run 7"):
        read_diff(book.path, 7)


def test_the_report_is_markdown_and_document_text_is_inert_in_it(book: Book) -> None:
    bare = replace(BASE, participations=(), milestones=(), statuses=())
    book.load(replace(bare, mentions=BASE.mentions[1:]))
    evil = replace(BASE.mentions[0], text="<script>|[x](y)`*\x1b[31m")
    book.load(replace(bare, mentions=(*BASE.mentions[1:], evil)))
    report = markdown_report(book.path)
    assert report.startswith("# Changes of run 2\n\n1 gained, 0 lost, 0 changed.\n\n| rule | gained | lost | changed |")
    assert "| gained | a.pdf | 1 | project csip | &lt;script\\>\\|\\[x\\]\\(y\\)\\`\\*\\[31m |" in report
    assert markdown_report(book.path, 1).count("\n| gained") == 1
    book.load(replace(bare, mentions=(*BASE.mentions[1:], evil)))
    assert markdown_report(book.path).endswith("Nothing changed.\n")


def test_what_is_forgotten_leaves_no_words(book: Book, tmp_path: Path) -> None:
    book.load(BASE)
    book.load(replace(BASE, participations=()))
    book.db.close()
    forget(book.path, "a.pdf")
    with closing(open_reader(book.path)) as connection:
        assert connection.execute("SELECT count(*) FROM changes").fetchone()[0] == 0


def test_two_documents_are_compared_by_what_they_say(book: Book) -> None:
    book.load(BASE)
    states = tuple(one.model_copy(update={"page": 1, "state": "FI"}) for one in BASE.participations)
    later = replace(
        BASE,
        document=BASE.document.model_copy(update={"year": 2025}),
        participations=(*make_extraction(per_page=1, role=Role.MEMBER).participations, *states, *states),
        milestones=(),
        page_texts=("other",),
    )
    book.load(later, "b.pdf", "b")
    for one, other in (("2024", "2025"), ("a.pdf", "b")):
        compared = compare_documents(book.path, one, other)
        assert (compared.one, compared.other) == ("a.pdf", "b.pdf")
        assert [one.filename for one in compared.diff.changes] == ["a.pdf", "b.pdf", "b.pdf"]
        assert told(compared.diff.changes) == [
            ("lost", "milestone", "csip foc 2026"),
            ("gained", "participation", "csip FI coordinator"),
            ("changed", "participation", "csip IT member: role coordinator -> member"),
        ]
    assert "csip FI coordinator" in report_of(compared.diff, "From a.pdf to b.pdf")
    with pytest.raises(PescoError, match="no annual report of 2031"):
        compare_documents(book.path, "2024", "2031")


def hashes(folder: Path) -> dict[str, str]:
    """The bytes of every file below a folder; SQLite's own files beside a database that is read hold none."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    folder, db = tmp_path / "in", tmp_path / "out" / "pesco.db"
    plant(folder, "a.pdf", "good 2 one")
    summary, diff = rehearse([folder], make_options(db))
    assert summary.documents == 1
    assert [one.what for one in diff.changes] == ["gained"]
    assert not db.parent.exists()
    ingest([folder], make_options(db))
    plant(folder, "b.pdf", "good 2 two")
    before = hashes(tmp_path)
    for options in (
        make_options(db),
        make_options(db, again=Again.PAGES),
        make_options(db, versions=new_versions(rules="rules2")),
    ):
        summary, diff = rehearse([folder], options)
        assert summary.documents >= 1
        assert [one.filename for one in diff.changes] == ["b.pdf"]
        assert hashes(tmp_path) == before
    assert json.loads(json.dumps(summary.changes)) == {"gained": 1, "lost": 0, "changed": 0}
