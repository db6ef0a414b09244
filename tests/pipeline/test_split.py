"""Long documents read in parts by several processes: the same rows, and one go where anything comes up."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import split
from pipeline.ingest import IngestOptions, ingest, plan_run
from pipeline.pool import ReaderPool
from pipeline.reasons import Reason
from pipeline.store.kept import KeptPages
from pipeline.store.schema import open_reader
from pipeline.store.snapshot import take_snapshot
from pipeline.work import Job, Outcome

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
SHA256 = hashlib.sha256(b"a document").hexdigest()
OTHER = hashlib.sha256(b"another document").hexdigest()


def make_job(sha256: str = SHA256, **changes: object) -> Job:
    return Job(sha256, "x.pdf", 5.0, 1 << 30, **changes)  # type: ignore[arg-type]


class StubPool(ReaderPool):
    """Ends jobs at once: a count gives 300 pages, a part its pages; what ``broken`` names fails."""

    def __init__(self, *broken: str) -> None:
        super().__init__(2)
        self.broken = broken
        self.done: list[str] = []

    def run(self, jobs: Iterator[Job]) -> Iterator[Outcome]:  # type: ignore[override]
        while (job := next(jobs, None)) is not None:
            name = job.function.rpartition(":")[2]
            self.done.append(f"{name} {job.bounds}" if job.bounds else name)
            if name in self.broken:
                yield Outcome(job.sha256, reason=Reason.CRASHED)
            elif name == "count_document":
                yield Outcome(job.sha256, n_pages=300, seconds=1.0)
            elif name == "read_part":
                yield Outcome(job.sha256, n_pages=job.bounds[1] - job.bounds[0], seconds=2.0)
            else:
                yield Outcome(job.sha256, extraction=object(), seconds=4.0)  # type: ignore[arg-type]


def test_a_document_is_counted_read_in_parts_and_joined() -> None:
    pool = StubPool()
    outcomes = list(split.read_split([make_job(parts=2), make_job(OTHER)], pool))
    assert pool.done == [
        "count_document",
        "read_part (1, 151)",
        "read_part (151, 301)",
        "join_and_derive (1, 151, 301)",
        "read_and_derive",
    ]
    assert [(one.sha256, one.seconds) for one in outcomes] == [(SHA256, 9.0), (OTHER, 4.0)]


@pytest.mark.parametrize("broken", ["count_document", "read_part", "join_and_derive"])
def test_whatever_comes_up_the_document_is_read_in_one_go(broken: str) -> None:
    pool = StubPool(broken)
    outcomes = list(split.read_split([make_job(parts=2)], pool))
    assert pool.done[-1] == "read_and_derive"
    assert len(outcomes) == 1 and outcomes[0].extraction is not None


def test_no_document_is_split_into_short_parts() -> None:
    assert split.split_bounds(2 * split.MIN_PART_PAGES - 1, 8) == (1, 2 * split.MIN_PART_PAGES)
    for n_pages in (128, 331, 5000):
        bounds = split.split_bounds(n_pages, 8)
        assert (bounds[0], bounds[-1]) == (1, n_pages + 1)
        assert all(end - first >= split.MIN_PART_PAGES for first, end in zip(bounds, bounds[1:], strict=False))


def test_only_a_document_larger_than_a_process_s_share_is_split(tmp_path: Path) -> None:
    jobs = [make_job(hashlib.sha256(bytes([i])).hexdigest(), kept=KeptPages(str(tmp_path), "r")) for i in range(3)]
    mega = 1_000_000
    assert split.allot_parts(jobs, [9 * mega, mega, mega], 2) == [2, 1, 1]
    assert split.allot_parts(jobs, [mega, mega, mega], 2) == [1, 1, 1]
    assert split.allot_parts(jobs, [mega, mega, mega], 8) == [8, 8, 8]
    assert split.allot_parts(jobs, [1000, 10, 10], 2) == [1, 1, 1]
    jobs[0].kept.write(jobs[0].sha256, b"kept")  # type: ignore[union-attr]
    assert split.allot_parts(jobs, [9 * mega, mega, mega], 2) == [1, 1, 1]


def test_split_or_not_the_rows_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = RAW / "annual-report-2025.pdf"
    whole, parts = tmp_path / "whole" / "pesco.db", tmp_path / "parts" / "pesco.db"
    assert ingest([source], IngestOptions(whole, workers=2)).exit_code == 0
    joined: list[int | None] = []
    monkeypatch.setattr(split, "MIN_PART_PAGES", 3)
    monkeypatch.setattr(split, "_MIN_BYTES", 1)
    with contextlib.closing(open_reader(whole)) as one:
        n_pages = one.execute("SELECT pages FROM documents").fetchone()[0]
        with plan_run([source], IngestOptions(parts, workers=2)) as run:
            assert [job.parts for job in run.jobs] == [2]
        follow = split._Queue.follow

        def noted(queue: split._Queue, outcome: Outcome) -> Outcome | None:
            joined.append(outcome.n_pages)
            return follow(queue, outcome)

        monkeypatch.setattr(split._Queue, "follow", noted)
        assert ingest([source], IngestOptions(parts, workers=2)).exit_code == 0
        assert (joined[0], sum(part or 0 for part in joined[1:3]), joined[3:]) == (n_pages, n_pages, [None])
        with contextlib.closing(open_reader(parts)) as other:
            assert take_snapshot(one) == take_snapshot(other)
