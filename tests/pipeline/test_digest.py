"""A document that says what it said keeps its rows; whatever could change a row changes the digest or takes it away."""

import os
import pickle
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from models.spans import Span
from pipeline import digest
from pipeline.derive import Said, complete, derive_facts, find_facts
from pipeline.digest import digest_of
from pipeline.document import ReadDocument
from pipeline.ingest import IngestOptions, ingest
from pipeline.plan import Again
from pipeline.reading import ReadOptions, read_document
from pipeline.store.columns import key_of
from pipeline.store.kept_views import pack_document, unpack_document
from pipeline.store.schema import open_database, open_reader
from pipeline.store.snapshot import differences, take_snapshot

PLAN, DECISION = "nip-fi-2025.pdf", "list-decision.pdf"


@pytest.fixture(scope="module")
def fresh(root: Path) -> ReadDocument:
    """The plan as read from its PDF, with the key that its kept pages have."""
    read = read_document(root / "data" / "raw" / PLAN, ReadOptions(use_ocr=False))
    return replace(read, key=key_of(pack_document(read)))


def test_the_way_there_leaves_no_trace(fresh: ReadDocument) -> None:
    kept = unpack_document(pack_document(fresh))
    said, again = find_facts(fresh), find_facts(kept)
    assert kept.key == fresh.key
    digests = {digest_of(fresh.key, one) for one in (said, again, pickle.loads(pickle.dumps(said)))}
    assert len(digests) == 1
    found = complete(kept, again)
    assert found == complete(fresh, said) == derive_facts(fresh)
    assert found.statuses
    assert found.tables
    assert found.page_texts


def test_every_part_counts(fresh: ReadDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    said = find_facts(fresh)
    found = said.extraction
    mention, status = found.mentions[-1], found.statuses[-1]
    moved = replace(mention, span=Span(mention.span.start, mention.span.end - 1))
    others = [
        replace(found, mentions=(*found.mentions[:-1], moved)),
        replace(found, mentions=(*found.mentions[:-1], replace(mention, rule_id="another"))),
        replace(found, mentions=(*found.mentions[:-1], replace(mention, values=("another",)))),
        replace(found, mentions=found.mentions[:-1]),
        replace(found, statuses=(*found.statuses[:-1], status.model_copy(update={"rule_id": "another"}))),
        replace(found, needs_ocr=(1,)),
        replace(found, document=found.document.model_copy(update={"year": 1999})),
    ]
    maps = (replace(said.maps[0], layout="another"), *said.maps[1:])
    digests = {digest_of(fresh.key, one) for one in (said, *(Said(other, said.maps) for other in others))}
    digests |= {digest_of(fresh.key, Said(found, maps)), digest_of("another", said)}
    monkeypatch.setattr(digest, "_known_names", lambda: ((), (), ()))
    digests.add(digest_of(fresh.key, said))
    assert len(digests) == len(others) + 4


def test_every_part_of_the_pages_is_in_their_key(fresh: ReadDocument) -> None:
    view = fresh.view
    x1 = view.glyphs.x1.copy()
    x1[-1] += 1e-9
    block, table = view.blocks[-1], view.tables[-1]
    views = [
        replace(view, glyphs=replace(view.glyphs, x1=x1)),
        replace(view, page_texts=(*view.page_texts[:-1], "")),
        replace(view, tables=(*view.tables[:-1], replace(table, caption=table.caption + " "))),
        replace(view, blocks=(*view.blocks[:-1], replace(block, marker="another"))),
    ]
    keys = {key_of(pack_document(replace(fresh, view=other))) for other in views}
    keys |= {fresh.key, key_of(pack_document(replace(fresh, needs_ocr=(1,))))}
    assert len(keys) == len(views) + 2


def test_pages_without_a_key_have_no_digest(fresh: ReadDocument) -> None:
    with pytest.raises(ValueError, match="without a key"):
        digest_of("", find_facts(fresh))


def _digests(db: Path) -> dict[str, str | None]:
    with closing(open_reader(db)) as connection:
        return dict(connection.execute("SELECT filename, digest FROM documents").fetchall())


def _rows(db: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(open_reader(db)) as connection:
        return take_snapshot(connection)


def test_rows_stay_until_pages_are_read_again(root: Path, tmp_path: Path) -> None:
    """A rerun of rules trusts the digest; one that reads the pages again compares every row with what stands there."""
    source, db = root / "data" / "raw" / DECISION, tmp_path / "pesco.db"
    first = ingest([source], IngestOptions(db, workers=1, use_ocr=False))
    before = _rows(db)
    with closing(open_database(db)) as connection:
        connection.execute("UPDATE mentions SET rule_id = 'by.hand'")
    altered = _rows(db)
    summary = ingest([source], IngestOptions(db, workers=1, use_ocr=False, again=Again.RULES))
    assert _rows(db) == altered
    assert (summary.pages, summary.mentions_by_kind, summary.issues) == (
        first.pages, first.mentions_by_kind, first.issues,
    )  # fmt: skip
    ingest([source], IngestOptions(db, workers=1, use_ocr=False, again=Again.PAGES))
    assert _rows(db) == before


def test_a_new_name_takes_the_digest_away(root: Path, tmp_path: Path) -> None:
    db, folder = tmp_path / "pesco.db", tmp_path / "in"
    folder.mkdir()
    source = folder / "one.pdf"
    source.write_bytes((root / "data" / "raw" / DECISION).read_bytes())
    options = IngestOptions(db, workers=1, use_ocr=False, settle_seconds=0)
    ingest([folder], options)
    digests = _digests(db)
    assert digests["one.pdf"] is not None
    source.rename(folder / "two.pdf")
    ingest([folder], options)
    assert _digests(db) == {"two.pdf": None}
    ingest([folder], replace(options, again=Again.RULES))
    assert _digests(db) == {"two.pdf": digests["one.pdf"]}


def _run(root: Path, db: Path, rules: Path | None = None) -> int:
    """Run the command over two files of the project in a process that knows no other rules."""
    files = [str(root / "data" / "raw" / name) for name in (PLAN, DECISION)]
    environment = {**os.environ, "PYTHONPATH": str(root), "PESCO_RULES": "" if rules is None else str(rules)}
    command = [sys.executable, "-m", "flows.cli", "ingest", "--direct", "--workers", "2", "--db", str(db), *files]
    return subprocess.run(command, cwd=db.parent, env=environment, check=False, capture_output=True).returncode


def test_a_changed_rule_changes_its_rows_and_leaves_the_others(root: Path, tmp_path: Path) -> None:
    one, two, rules = tmp_path / "one" / "pesco.db", tmp_path / "two" / "pesco.db", tmp_path / "rules"
    for folder in (one.parent, two.parent, rules):
        folder.mkdir()
    assert _run(root, one) == 0
    before = _digests(one)
    text = (root / "extractors" / "rules" / "milestones.yml").read_text(encoding="utf-8")
    (rules / "milestones.yml").write_text(text + "\nunknown: 1\n", encoding="utf-8")
    runs = "SELECT count(*) FROM runs"
    assert _run(root, one, rules) == 1
    with closing(open_reader(one)) as connection:
        assert connection.execute(runs).fetchone()[0] == 1
    (rules / "milestones.yml").write_text(
        text.replace("id: milestone.delivery_start", "id: milestone.first"), encoding="utf-8"
    )
    assert _run(root, one, rules) == _run(root, two, rules) == 0
    after = _digests(one)
    assert after == _digests(two)
    assert after[DECISION] == before[DECISION] is not None
    assert after[PLAN] != before[PLAN]
    assert differences(_rows(one), _rows(two)) == []
