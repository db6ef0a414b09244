"""A mutation fuzz of the reader's edge: sample PDFs, spoiled in ways that files get spoiled, through reading processes.

``make fuzz``, or ``python -m tests.fuzz.fuzz_reader --minutes 5 --seed 1``. A find is a file that the guard did not
expect: its process crashed, took too long or too much. Finds are kept in ``tests/data/fuzz/`` and read again by
``test_fuzz_finds.py``.
"""

import argparse
import hashlib
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.limits import MIB
from pipeline.pool import ReaderPool
from pipeline.reasons import Reason
from pipeline.work import Job, Outcome

ROOT = Path(__file__).parents[2]
FINDS = ROOT / "tests" / "data" / "fuzz"
UNEXPECTED = (Reason.CRASHED, Reason.TIMEOUT, Reason.MEMORY)
SECONDS, MEMORY = 30.0, 800 * MIB
_NUMBER = re.compile(rb"(?<![\w.])\d{1,10}(?![\w.])")
_NAME = re.compile(rb"/[A-Za-z]{2,20}")
_REFERENCE = re.compile(rb"\d+ 0 R")
_NUMBERS = (b"0", b"-1", b"1", b"65535", b"2147483647", b"4294967296", b"999999999999", b"1e99", b"null", b"0.0000001")


def flip_bytes(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 4, 32))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data)) :]


def drop_middle(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 16, 512, 4096))]


def repeat_middle(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.choice((8, 256, 4096))] * chance.choice((1, 2, 50))


def replace_found(
    pattern: re.Pattern[bytes], make: Callable[[random.Random, list[bytes]], bytes]
) -> Callable[..., None]:
    """Return a mutation that puts something else in place of one thing found outside of streams."""

    def mutate(data: bytearray, chance: random.Random) -> None:
        found = list(pattern.finditer(data))
        if found:
            one = chance.choice(found)
            data[one.start() : one.end()] = make(chance, [match[0] for match in found])

    return mutate


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip_bytes,
    cut,
    drop_middle,
    repeat_middle,
    replace_found(_NUMBER, lambda chance, _: chance.choice(_NUMBERS)),
    replace_found(_NUMBER, lambda chance, found: chance.choice(found)),
    replace_found(_NAME, lambda chance, found: chance.choice(found)),
    replace_found(_REFERENCE, lambda chance, found: chance.choice(found)),
)


def spoil(data: bytes, chance: random.Random) -> bytes:
    """Return a PDF with one to four mutations."""
    spoiled = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if spoiled:
            chance.choice(MUTATIONS)(spoiled, chance)
    return bytes(spoiled)


def make_jobs(seeds: list[bytes], folder: Path, chance: random.Random, end: float) -> Iterator[Job]:
    """Yield jobs over spoiled files until the time is over."""
    while time.monotonic() < end:
        data = spoil(chance.choice(seeds), chance)
        sha256 = hashlib.sha256(data).hexdigest()
        path = folder / f"{sha256}.pdf"
        path.write_bytes(data)
        yield Job(sha256, str(path), SECONDS, MEMORY, use_ocr=False)


def fuzz(minutes: float, seed: int, workers: int) -> Counter[str]:
    """Fuzz for so many minutes; return how files ended, by reason. Finds are kept."""
    seeds = [path.read_bytes() for path in sorted((ROOT / "data" / "raw").glob("*.pdf"))]
    ended: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name, ReaderPool(workers) as pool:
        jobs = make_jobs(seeds, Path(name), random.Random(seed), time.monotonic() + 60 * minutes)
        for outcome in pool.run(jobs):
            ended[outcome.reason.value if outcome.reason else "loaded"] += 1
            path = Path(name) / f"{outcome.sha256}.pdf"
            if outcome.reason in UNEXPECTED:
                keep(path, outcome)
            path.unlink()
    return ended


def keep(path: Path, outcome: Outcome) -> None:
    """Keep a find as a regression file."""
    FINDS.mkdir(parents=True, exist_ok=True)
    (FINDS / f"{outcome.reason}-{outcome.sha256[:12]}.pdf").write_bytes(path.read_bytes())
    sys.stdout.write(f"{outcome.reason}: {outcome.sha256[:12]}: {outcome.detail}\n")


def test_no_spoiled_file_breaks_the_reader() -> None:
    """Run by ``make fuzz`` for ``FUZZ_MINUTES`` (2) with the seed ``FUZZ_SEED`` (the day's number)."""
    minutes = float(os.environ.get("FUZZ_MINUTES", "2"))
    seed = int(os.environ.get("FUZZ_SEED", time.time() // 86400))
    ended = fuzz(minutes, seed, workers=2)
    sys.stdout.write(f"seed {seed}: {dict(ended.most_common())}\n")
    assert ended.total() > 0
    assert not [reason for reason in UNEXPECTED if ended[reason.value]], f"seed {seed}; finds are kept in {FINDS}"


def main() -> None:
    """Fuzz as the command line says; exit code 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    ended = fuzz(asked.minutes, asked.seed, asked.workers)
    sys.stdout.write(f"{ended.total()} files: {dict(ended.most_common())}\n")
    sys.exit(any(ended[reason.value] for reason in UNEXPECTED))


if __name__ == "__main__":
    main()
