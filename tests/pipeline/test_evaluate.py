"""Scores: our own count against hand-made cases, and against the reference scorer where that is at hand."""

import importlib.util
import json
import random
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from models.errors import PescoError
from pipeline.scoring.baseline import compare_with_baseline, faults_of, write_baseline
from pipeline.scoring.evaluate import Scores, evaluate

MENTIONS = "CREATE TABLE mentions (filename, page, kind, text, value)"
OTHERS = """
CREATE TABLE participations (filename, page, project, state, role);
CREATE TABLE milestones (filename, page, project, milestone, date, phase);
CREATE TABLE commitment_statuses (filename, page, state, commitment, status);
CREATE TABLE documents (filename, kind, state, year, date);
"""


def make_db(path: Path, **tables: list[tuple[object, ...]]) -> Path:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(MENTIONS + ";" + OTHERS)
    for table, rows in tables.items():
        for row in rows:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    connection.commit()
    connection.close()
    return path


def make_gold(folder: Path, **documents: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, records in documents.items():
        lines = "\n".join(json.dumps(record) for record in records)
        (folder / f"{name}.gold.jsonl").write_text(lines + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return make_gold(
        tmp_path / "gold",
        a=[
            {"page": 1, "kind": "commitment", "text": "commitments 6 to 8", "values": ["6", "7", "8"]},
            {"page": 1, "kind": "date", "text": "by 2025", "values": ["../2025"]},
            {"page": 2, "kind": "state", "text": "Italy", "values": ["IT"]},
            {"kind": "participation", "project": "csip", "state": "IT", "role": "coordinator", "page": 4},
            {"kind": "milestone", "project": "csip", "milestone": "foc", "date": "2026", "page": 7},
            {"kind": "document", "document_kind": "nip", "state": "IT", "year": 2025, "date": "2025-01"},
        ],
    )


def test_a_wrong_value_is_a_miss_and_a_false_find(gold: Path, tmp_path: Path) -> None:
    db = make_db(
        tmp_path / "a.db",
        mentions=[
            ("x/a.pdf", 1, "commitment", "commitments 6 to 8", "6"),
            ("a", 1, "commitment", "commitments 6 to 8", "7"),
            ("a.PDF", 1, "commitment", "commitments 6 to 8", "9"),
            ("a.pdf", 1, "date", "by 2025", "../2025-12-31"),
            ("a.pdf", 3, "state", "Italy", "it"),
            ("other.pdf", 1, "state", "Italy", "IT"),
        ],
        participations=[("a.pdf", 9, "csip", "it", "coordinator"), ("a.pdf", 8, "csip", "IT", "coordinator")],
        milestones=[("a.pdf", 7, "csip", "foc", "2027", None)],
        documents=[("a.pdf", "nip", "it", "2025", "2025-02")],
    )
    scores = evaluate(db, gold)
    assert (scores.kinds["commitment"].tp, scores.kinds["commitment"].fp, scores.kinds["commitment"].fn) == (2, 1, 1)
    assert scores.kinds["date"].f1 == 1.0
    assert scores.kinds["state"].f1 == 0.0
    assert scores.kinds["project"].f1 is None
    assert (scores.all_mentions.tp, scores.all_mentions_ignoring_page.tp) == (3, 4)
    assert scores.relations["participation"].f1 == 1.0
    assert (scores.relations["milestone"].fp, scores.relations["milestone"].fn) == (1, 1)
    assert scores.unknown_files == ["other"]
    assert [(slip.kind, slip.what) for slip in scores.misses] == [
        ("state", "2 | IT"),
        ("commitment", "1 | 8"),
        ("milestone", "csip | foc | 2026-01-01/2026-12-31 | -"),
    ]
    assert {name: (one.right, one.of) for name, one in scores.document_fields.items()} == {
        "kind": (1, 1),
        "state": (1, 1),
        "year": (1, 1),
        "date": (0, 1),
    }


def test_pages_of_relations_count_when_asked(gold: Path, tmp_path: Path) -> None:
    db = make_db(tmp_path / "a.db", participations=[("a.pdf", 9, "csip", "IT", "coordinator")])
    assert evaluate(db, gold, page_relations=True).relations["participation"].tp == 0
    assert evaluate(db, gold).relations["participation"].tp == 1


@pytest.mark.parametrize("said", [[], ["2022-06/.."], ["2022-06"]])
def test_open_cases_count_for_nobody(tmp_path: Path, said: list[str]) -> None:
    gold = make_gold(
        tmp_path / "gold", a=[{"page": 1, "kind": "date", "text": "as of June 2022", "values": ["2022-06/.."]}]
    )
    case = {"file": "a.pdf", "page": 1, "kind": "date", "gold": "2022-06/..", "other_reading": "2022-06"}
    (gold / "open_cases.jsonl").write_text(json.dumps(case), encoding="utf-8")
    db = make_db(tmp_path / "a.db", mentions=[("a.pdf", 1, "date", "x", value) for value in said])
    score = evaluate(db, gold).all_mentions
    assert (score.tp, score.fp, score.fn) == (0, 0, 0)


def test_what_cannot_be_used_is_said(gold: Path, tmp_path: Path) -> None:
    db = make_db(tmp_path / "a.db")
    with pytest.raises(PescoError, match=r"no \*\.gold\.jsonl"):
        evaluate(db, tmp_path)
    (gold / "b.gold.jsonl").write_text('{"kind": "state"}\n{broken\n', encoding="utf-8")
    with pytest.raises(PescoError, match=r"b\.gold\.jsonl, line 2"):
        evaluate(db, gold)


def test_a_loss_that_is_no_gain_fails(gold: Path, tmp_path: Path) -> None:
    commitments = [("a.pdf", 1, "commitment", "x", value) for value in ("6", "7", "8")]
    before = evaluate(make_db(tmp_path / "a.db", mentions=commitments), gold)
    baseline = tmp_path / "baseline.json"
    write_baseline(before, baseline)
    assert compare_with_baseline(before, baseline).lines() == ["lost 0, won 0"]
    state = ("a.pdf", 2, "state", "Italy", "IT")
    even = compare_with_baseline(
        evaluate(make_db(tmp_path / "b.db", mentions=[*commitments[:2], state]), gold), baseline
    )
    assert not even.is_worse
    assert even.lines()[1:] == ["lost: miss, commitment in a: 1 | 8", "won: miss, state in a: 2 | IT"]
    worse = compare_with_baseline(evaluate(make_db(tmp_path / "c.db", mentions=commitments[:2]), gold), baseline)
    assert worse.is_worse


def test_wrong_fields_are_faults(gold: Path, tmp_path: Path) -> None:
    scores = evaluate(make_db(tmp_path / "a.db", documents=[("a.pdf", "nip", "FI", 2025, "2025-01")]), gold)
    assert faults_of(scores)["wrong field", "state", "a", "gold 'IT', got 'FI'"] == 1


@pytest.fixture(scope="module")
def reference(shared: Path) -> ModuleType:
    """The reference scorer beside the checkout."""
    spec = importlib.util.spec_from_file_location("reference_scorer", shared / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("corpus", ["dev", "real"])
@pytest.mark.parametrize("page_relations", [False, True])
def test_we_count_as_the_reference_does(
    reference: ModuleType, shared: Path, tmp_path: Path, corpus: str, page_relations: bool
) -> None:
    folder = shared / "corpus" / corpus
    db = spoiled_copy(folder, tmp_path / "a.db", random.Random(corpus))
    wanted = reference.score(str(db), str(folder), page_relations)
    scores = evaluate(db, folder, page_relations=page_relations)
    assert json.loads(json.dumps(scores.to_json())) == json.loads(json.dumps(wanted))
    assert scores.all_mentions.fp > 0
    assert scores.all_mentions.fn > 0


def test_absent_views_are_named_as_the_reference_does(reference: ModuleType, shared: Path, tmp_path: Path) -> None:
    folder = shared / "corpus" / "real"
    db = tmp_path / "a.db"
    connection = sqlite3.connect(db)
    connection.execute(MENTIONS)
    connection.close()
    wanted = reference.score(str(db), str(folder))
    scores: Scores = evaluate(db, folder)
    assert scores.absent == wanted["absent"]
    assert json.loads(json.dumps(scores.to_json())) == json.loads(json.dumps(wanted))


def spoiled_copy(folder: Path, path: Path, chance: random.Random) -> Path:
    """A database that says what the gold says, with mistakes of every kind."""
    tables: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("mentions", "participations", "milestones", "commitment_statuses", "documents")
    }
    for file in sorted(folder.glob("*.gold.jsonl")):
        name = file.name.removesuffix(".gold.jsonl") + ".pdf"
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and chance.random() > 0.1:
                add_spoiled(tables, name, json.loads(line), chance)
    return make_db(path, **tables)


def add_spoiled(
    tables: dict[str, list[tuple[object, ...]]], name: str, record: dict[str, Any], chance: random.Random
) -> None:
    kind = record["kind"]
    page = record.get("page", 0) + (chance.random() < 0.05)
    if kind == "document":
        year = record.get("year") if chance.random() < 0.7 else 1999
        tables["documents"].append((name, record["document_kind"], record.get("state"), year, record.get("date")))
    elif kind == "participation":
        tables["participations"].append((name, page, record["project"], record["state"], record["role"]))
    elif kind == "milestone":
        date = record.get("date") if chance.random() < 0.9 else "2099"
        row = (name, page, record["project"], record["milestone"], date, record.get("phase"))
        tables["milestones"].append(row)
    elif kind == "commitment_status":
        tables["commitment_statuses"].append((name, page, record["state"], record["commitment"], record["status"]))
    else:
        for value in record["values"]:
            said = value if chance.random() < 0.9 else chance.choice(["IT", "2024-35", "7", "csip", "no date", "a"])
            tables["mentions"].append((name, page, kind, record["text"], said))
