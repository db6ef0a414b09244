"""What the fuzz found once is met by a typed reason now; and the fuzz itself spoils files as its seed says."""

import hashlib
import random
from pathlib import Path

from pipeline.pool import ReaderPool
from pipeline.work import Job
from tests.fuzz.fuzz_reader import FINDS, MEMORY, SECONDS, UNEXPECTED, spoil


def test_finds_of_the_fuzz(root: Path) -> None:
    seeds = sorted((root / "data" / "raw").glob("rec*.pdf"))
    paths = [*seeds, *sorted(FINDS.glob("*.pdf"))]
    jobs = [Job(hashlib.sha256(p.read_bytes()).hexdigest(), str(p), SECONDS, MEMORY, use_ocr=False) for p in paths]
    with ReaderPool(2) as pool:
        outcomes = {outcome.sha256: outcome for outcome in pool.run(jobs)}
    names = dict(zip((job.sha256 for job in jobs), (path.name for path in paths), strict=True))
    again = [(names[one.sha256], one.reason, one.detail) for one in outcomes.values() if one.reason in UNEXPECTED]
    assert again == []
    assert len(outcomes) == len(names)


def test_a_seed_spoils_the_same_way_again(root: Path) -> None:
    data = (root / "data" / "raw" / "recommendation.pdf").read_bytes()
    spoiled = [spoil(data, random.Random(seed)) for seed in range(20)]
    assert spoiled == [spoil(data, random.Random(seed)) for seed in range(20)]
    assert len({*spoiled, data}) > 15
