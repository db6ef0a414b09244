"""Corrections in a database: they survive every rerun, touch only their documents, and a stale one is reported."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.corrections import RowKind, read_correction
from models.errors import CorrectionError, PescoError
from pipeline.corrections.files import parse_entries
from pipeline.corrections.writing import Print, Signature, Writer, entry_text
from pipeline.ingest import IngestOptions, ingest
from pipeline.plan import Again
from pipeline.show import find_entity
from pipeline.status import read_status
from pipeline.store.invariants import find_violations
from pipeline.store.publish import write_public_copy
from pipeline.store.restrict import restrict
from pipeline.store.schema import open_reader
from pipeline.store.snapshot import Snapshot, differences, take_snapshot
from pipeline.summary import RunSummary
from tests.printing import print_pdf

SHEET, LIST = "factsheet.pdf", "list-decision.pdf"
WHY = Signature("Ada Quuxley", "so it is")


class Project:
    """An inbox, a database and a folder of corrections."""

    def __init__(self, home: Path) -> None:
        self.raw, self.folder = home / "data" / "raw", home / "data" / "corrections"
        self.db = home / "data" / "processed" / "pesco.db"

    @property
    def writer(self) -> Writer:
        return Writer(self.db, self.folder, WHY)

    def ingest(self, again: Again = Again.NOTHING, db: Path | None = None) -> RunSummary:
        options = IngestOptions(db or self.db, workers=1, use_ocr=False, again=again, corrections=self.folder)
        return ingest([self.raw], options)

    def rows(self, sql: str, *values: object, db: Path | None = None) -> list[tuple[object, ...]]:
        with closing(open_reader(db or self.db)) as connection:
            return [tuple(row) for row in connection.execute(sql, values)]

    def one(self, table: str, where: str) -> sqlite3.Row:
        sql = f"SELECT * FROM {table} WHERE filename = '{SHEET}' AND {where}"
        with closing(open_reader(self.db)) as connection:
            (row,) = connection.execute(sql).fetchall()
        return row  # type: ignore[no-any-return]

    def snapshot(self, db: Path | None = None) -> Snapshot:
        with closing(open_reader(db or self.db)) as connection:
            assert find_violations(connection) == []
            return take_snapshot(connection)

    def states(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT action, kind, state FROM corrections ORDER BY document_id, position")


@pytest.fixture(scope="module")
def first_run(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = Project(tmp_path_factory.mktemp("first"))
    project.raw.mkdir(parents=True)
    for name in (SHEET, LIST):
        shutil.copy(root / "data" / "raw" / name, project.raw)
    project.ingest()
    return project.raw.parents[1]


@pytest.fixture
def project(first_run: Path, tmp_path: Path) -> Iterator[Project]:
    """Two documents that were read, in a place of their own."""
    home = tmp_path / "home"
    shutil.copytree(first_run, home)
    project = Project(home)
    with closing(sqlite3.connect(project.db)) as connection, connection:
        connection.execute("UPDATE files SET path = replace(path, ?, ?)", (str(first_run), str(home)))
    assert project.ingest().has_changed is False
    yield project
    project.snapshot()


def correct_four(project: Project) -> None:
    """One of each: reject a mention, set a milestone's date, add a participation, set what a document is."""
    writer = project.writer
    writer.reject(str(project.one("mentions", "kind = 'state' AND page = 1 AND value = 'CA' LIMIT 1")["id"]))
    writer.set_values(
        str(project.one("milestones", "project = 'cidcc' AND milestone = 'ioc'")["id"]), {"date": "2025-04"}
    )
    values: dict[str, str | None] = {"project": "essor", "state": "NO", "role": "third_state"}
    writer.add(RowKind.PARTICIPATION, SHEET, Print(1, "Canada, Norway and Switzerland"), values)
    writer.set_document(SHEET, {"kind": "annual_report", "year": "2024"})


APPLIED = [
    ("reject", "mention", "applied"),
    ("set", "milestone", "applied"),
    ("add", "participation", "applied"),
    ("set", "document", "applied"),
]


def check_four(project: Project, canada: str) -> None:
    assert project.states() == APPLIED
    assert project.rows("SELECT 1 FROM mentions WHERE id = ?", canada) == []
    ioc = project.one("milestones", "project = 'cidcc' AND milestone = 'ioc'")
    assert (ioc["date"], ioc["date_to"], ioc["rule_id"]) == ("2025-04", "2025-04-30", "correction")
    added = project.one("participations", "project = 'essor' AND state = 'NO'")
    assert (added["role"], added["rule_id"], added["page"]) == ("third_state", "correction", 1)
    document = project.one("documents", "1")
    assert (document["kind"], document["year"]) == ("annual_report", 2024)
    (shown,) = find_entity(project.db, str(ioc["id"])).sections["corrections"]
    assert (shown["who"], shown["before"]["date"]) == ("Ada Quuxley", "2025-33")  # type: ignore[index]


def test_corrections_survive_a_rules_rerun_and_a_pages_rerun(project: Project, tmp_path: Path) -> None:
    canada = str(project.one("mentions", "kind = 'state' AND page = 1 AND value = 'CA' LIMIT 1")["id"])
    other = project.rows("SELECT * FROM mentions WHERE filename = ? ORDER BY id", LIST)
    correct_four(project)
    summary = project.ingest()
    assert (summary.documents, summary.unchanged, summary.stale_corrections) == (1, 1, 0)
    assert project.rows("SELECT source FROM run_files WHERE run_id = ?", summary.run_id) == [("kept",)]
    check_four(project, canada)
    corrected = project.snapshot()
    assert project.ingest().has_changed is False
    for again in (Again.RULES, Again.PAGES):
        assert project.ingest(again).documents == 2
        check_four(project, canada)
        assert differences(corrected, project.snapshot()) == []
    assert project.rows("SELECT * FROM mentions WHERE filename = ? ORDER BY id", LIST) == other
    at_once = tmp_path / "at-once" / "pesco.db"
    project.ingest(db=at_once)
    assert differences(corrected, project.snapshot(at_once)) == []


def test_an_entry_taken_away_gives_back_what_stood_there(project: Project) -> None:
    before = project.snapshot()
    correct_four(project)
    project.ingest()
    assert differences(before, project.snapshot()) != []
    for path in project.folder.glob("*.yml"):
        path.unlink()
    assert project.ingest().documents == 1
    assert differences(before, project.snapshot()) == []


def test_when_the_document_changes_its_corrections_are_stale(project: Project) -> None:
    correct_four(project)
    project.ingest()
    print_pdf("PESCO at a glance\n\nFinland leads the PESCO project ESSOR.", project.raw / SHEET)
    by_name = {"document": SHEET, "who": "Ada", "when": "2026-01-31", "why": "by hand"}
    gone = {"add": "mention", "page": 1, "quote": "Norway", "values": {"kind": "state", "value": "NO"}}
    there = {"add": "mention", "page": 1, "quote": "a glance", "values": {"kind": "project", "value": "crrt"}}
    (project.folder / "by-hand.yml").write_text(entry_text({**gone, **by_name}) + entry_text({**there, **by_name}))
    summary = project.ingest()
    assert summary.stale_corrections == 5
    assert summary.message.endswith("; 5 stale corrections")
    assert project.rows("SELECT message FROM issues WHERE code = 'stale_correction' AND filename = ?", SHEET) == [
        ("a correction in by-hand.yml is not applied: the quote does not stand on page 1",)
    ]
    assert project.one("mentions", "value = 'crrt'")["rule_id"] == "correction"
    stale = read_status(project.db).stale_corrections
    assert [(one.file, one.action, one.reason) for one in stale] == [
        ("by-hand.yml", "add", "the quote does not stand on page 1"),
        *(
            ("factsheet.yml", action, "its document is not in the database")
            for action in ("reject", "set", "add", "set")
        ),
    ]
    assert project.ingest().message == "nothing changed: 2 files, nothing was written; 5 stale corrections"
    (project.folder / "factsheet.yml").unlink()
    assert project.ingest().stale_corrections == 1


def test_a_row_that_rules_read_otherwise_by_now_is_not_touched(project: Project) -> None:
    """As after a change of rules: the entry expects another date than rules find."""
    ioc = project.one("milestones", "project = 'cidcc' AND milestone = 'ioc'")
    project.writer.set_values(str(ioc["id"]), {"date": "2026"})
    path = project.folder / "factsheet.yml"
    path.write_text(path.read_text().replace(f"date: {ioc['date']}", "date: 2025-34"))
    assert project.ingest().stale_corrections == 1
    assert tuple(project.one("milestones", "project = 'cidcc' AND milestone = 'ioc'"))[5:8] == tuple(ioc)[5:8]
    assert project.rows("SELECT state, reason FROM corrections") == [
        ("stale", f"its date is '{ioc['date']}', where it was '2025-34' when it was corrected")
    ]


def test_a_mistake_stops_the_run_before_the_first_document(project: Project) -> None:
    project.folder.mkdir()
    entry = {
        "set": "document",
        "values": {"state": "QQ"},
        "document": SHEET,
        "who": "A",
        "when": "2026-01-31",
        "why": "x",
    }
    (project.folder / "a.yml").write_text(f"# a state that is none\n{entry_text(entry)}")
    with pytest.raises(CorrectionError, match=r"a\.yml, line 2: values: there is no state 'QQ'"):
        project.ingest(Again.RULES)
    (project.folder / "a.yml").write_text("- reject: mention\n")
    with pytest.raises(CorrectionError, match=r"a\.yml, line 1: "):
        project.ingest(Again.RULES)
    assert project.rows("SELECT count(*) FROM runs") == [(2,)]
    (project.folder / "a.yml").unlink()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"day": "2026"}, "a milestone has no day; it has project, milestone, date, phase, was"),
        ({"date": "June"}, "not EDTF: 'June'"),
        ({"project": "no-such-project"}, "there is no project 'no-such-project'"),
        ({"milestone": "end"}, "milestone cannot be 'end'"),
    ],
)
def test_what_cannot_be_is_not_written(project: Project, values: dict[str, str | None], said: str) -> None:
    ioc = project.one("milestones", "project = 'cidcc' AND milestone = 'ioc'")
    with pytest.raises(PescoError, match=said):
        project.writer.set_values(str(ioc["id"]), values)
    assert not project.folder.exists()


def test_what_would_not_be_applied_is_not_written(project: Project) -> None:
    values: dict[str, str | None] = {"kind": "state", "value": "FI"}
    with pytest.raises(PescoError, match="it would not be applied: the quote does not stand on page 2"):
        project.writer.add(RowKind.MENTION, SHEET, Print(2, "Canada, Norway and Switzerland"), values)
    with pytest.raises(PescoError, match="nothing is called 'ffffffffffff'"):
        project.writer.reject("f" * 12)
    with pytest.raises(PescoError, match="is a document; give the id of a mention or a fact"):
        project.writer.reject(SHEET)
    assert not project.folder.exists()


def test_an_entry_is_added_behind_what_people_wrote(project: Project) -> None:
    project.folder.mkdir()
    path = project.folder / "factsheet.yml"
    path.write_text("# Talked over with the desk officer.\n- {set: document, values: {year: 2023},   # odd\n   "
                    "document: factsheet.pdf, who: A, when: 2026-01-31, why: x}")  # fmt: skip
    written = project.writer.set_document(SHEET, {"title": "At a glance"})
    text = path.read_text()
    assert text.startswith("# Talked over with the desk officer.\n- {set: document, values: {year: 2023},   # odd\n")
    assert (len(parse_entries("factsheet.yml", text)), written.line) == (2, 4)
    with pytest.raises(PescoError, match=r"factsheet\.yml says so already"):
        project.writer.set_document(SHEET, {"title": "At a glance"})
    project.ingest()
    assert (project.one("documents", "1")["title"], project.one("documents", "1")["year"]) == ("At a glance", 2023)


def test_corrections_of_restricted_documents_and_names_of_people_are_not_published(
    project: Project, tmp_path: Path
) -> None:
    correct_four(project)
    (list_id,) = project.rows("SELECT id FROM documents WHERE filename = ?", LIST)[0]
    project.writer.set_document(str(list_id), {"title": "A secret title"})
    project.ingest()
    restrict(project.db, LIST)
    copy = tmp_path / "copy" / "pesco.db"
    write_public_copy(project.db, copy)
    assert project.rows("SELECT count(*), max(who), max(file), min(why) FROM corrections", db=copy) == [
        (4, "", "", "so it is")
    ]
    assert b"A secret title" not in copy.read_bytes()
    assert b"Quuxley" not in copy.read_bytes()


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)


@given(TEXTS, TEXTS, st.sampled_from(["NO", "FI"]), st.sampled_from(["2027", "2027-06-01", None]))
def test_what_is_written_is_read_back(why: str, quote: str, state: str, date: str | None) -> None:
    """Whatever people write, and whatever YAML makes of `NO`, `2027` and `#`."""
    signed = {"document": "x.pdf", "who": why, "when": "2026-01-31", "why": why}
    values = {"project": "essor", "state": state, "role": "member"}
    added = {"add": "participation", "page": 3, "quote": quote, "values": values, **signed}
    changed = {"set": "milestone", "id": "0" * 20, "values": {"date": date}, "was": {"date": "2026"}, **signed}
    entries = parse_entries("a.yml", f"# head\n{entry_text(added)}{entry_text(changed)}")
    assert [entry.said for entry in entries] == [read_correction(added), read_correction(changed)]


@pytest.mark.slow
def test_an_afternoon_of_corrections_from_the_shell(root: Path, tmp_path: Path) -> None:
    """The commands themselves over the six samples: corrected, run again from rules and from pages, then stale."""
    project = Project(tmp_path)
    shutil.copytree(root / "data" / "raw", project.raw)
    environment = {**os.environ, "PESCO_HOME": str(tmp_path), "PYTHONPATH": str(root)}

    def pesco(*words: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "flows.cli", *words]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    pesco("ingest", "--direct")
    canada = str(project.one("mentions", "kind = 'state' AND page = 1 AND value = 'CA' LIMIT 1")["id"])
    ioc = str(project.one("milestones", "project = 'cidcc' AND milestone = 'ioc'")["id"])
    why = ("--why", "so it is", "--who", "Ada Quuxley")
    assert "factsheet.yml, line 2" in pesco("correct", "reject", canada, *why)
    pesco("correct", "set", ioc, "date=2025-04", *why)
    added = ("project=essor", "state=NO", "role=third_state", "--document", SHEET, "--page", "1")
    pesco("correct", "add", "participation", *added, "--quote", "Canada, Norway and Switzerland", *why)
    assert "pesco ingest" in pesco("correct", "document", SHEET, "kind=annual_report", "year=2024", *why)
    refused = pesco("correct", "set", ioc, "date=soon", *why, code=1)
    assert refused == "pesco: values: not EDTF: 'soon'\n" or "not EDTF: 'soon'" in refused
    assert pesco("correct", "list").count("waiting") == 5
    assert "1 of 6 files read" in pesco("ingest", "--direct")
    check_four(project, canada)
    for again in ("rules", "pages"):
        assert "6 of 6 files read" in pesco("ingest", "--direct", "--again", again)
        check_four(project, canada)
    assert pesco("correct", "list").count("applied") == 4
    print_pdf("PESCO at a glance", project.raw / SHEET)
    assert "4 stale corrections" in pesco("ingest", "--direct")
    status = pesco("status")
    assert status.count("its document is not in the database") == 4
    (project.folder / "factsheet.yml").write_text("- reject: nothing\n")
    assert "factsheet.yml, line 1: " in pesco("ingest", "--direct", code=1)
    project.snapshot()
