"""The same files and rules give the same database, row for row, whatever the number of processes and the way there."""

from contextlib import closing
from pathlib import Path

from pipeline.ingest import IngestOptions, ingest
from pipeline.plan import Again
from pipeline.store.invariants import find_violations
from pipeline.store.schema import open_reader
from pipeline.store.snapshot import Snapshot, differences, take_snapshot

SAMPLES = ("recommendation.pdf", "list-decision.pdf", "nip-fi-2025.pdf")


def snapshot(db: Path) -> Snapshot:
    with closing(open_reader(db)) as connection:
        assert find_violations(connection) == []
        return take_snapshot(connection)


def test_one_process_two_processes_and_kept_pages_agree(root: Path, tmp_path: Path) -> None:
    paths = [root / "data" / "raw" / name for name in SAMPLES]
    one, two = tmp_path / "one" / "pesco.db", tmp_path / "two" / "pesco.db"
    ingest(paths, IngestOptions(db=one, workers=1, use_ocr=False))
    for path in reversed(paths):
        ingest([path], IngestOptions(db=two, workers=2, use_ocr=False))
    first = snapshot(one)
    assert differences(first, snapshot(two)) == []
    ingest(paths, IngestOptions(db=one, workers=2, use_ocr=False, again=Again.RULES))
    assert differences(first, snapshot(one)) == []
    ingest(paths, IngestOptions(db=two, workers=2, use_ocr=False, again=Again.PAGES))
    assert differences(first, snapshot(two)) == []
    assert len(first["mentions"]) > 300
    assert len(first["cells"]) > 20
