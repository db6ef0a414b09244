"""Long documents over several reading processes: a range of pages each, put together by one of them at the end.

Jobs enter and outcomes leave as with ``ReaderPool.run``. Only a document that would keep one process at work when the
others have nothing left to do is split, since opening a PDF once more and passing pages on costs a fifth of reading
them. Whatever comes up in a part (a page that fails, a picture, a difference from pdfplumber), the document is read in
one go, as if it had never been split.
"""

import tempfile
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.pool import ReaderPool
from pipeline.work import READ_AND_DERIVE, Job, Outcome

# No part has fewer pages, and no document is split that has fewer than two such parts.
MIN_PART_PAGES = 64
# Smaller files have fewer pages than that, or are quick to read.
_MIN_BYTES = 500_000
COUNT, READ, JOIN = (f"pipeline.pdf_job:{name}" for name in ("count_document", "read_part", "join_and_derive"))


def allot_parts(jobs: Sequence[Job], sizes: Sequence[int], workers: int) -> list[int]:
    """Return for each job how many processes may share its reading; ``sizes`` are those of the files in bytes.

    A document is shared when its part of all bytes to read is larger than that of one process.
    """
    total = sum(size for job, size in zip(jobs, sizes, strict=True) if opens_pdf(job))
    return [
        workers if size >= _MIN_BYTES and size * workers > total and opens_pdf(job) else 1
        for job, size in zip(jobs, sizes, strict=True)
    ]


def read_split(jobs: Iterable[Job], pool: ReaderPool) -> Generator[Outcome, None, None]:
    """Yield the outcome of each job, in the order in which they end; raises ``RuleError`` when rules are broken."""
    batch = tuple(jobs)
    if all(job.parts < 2 for job in batch):
        yield from pool.run(batch)
        return
    with tempfile.TemporaryDirectory(prefix="pesco-parts-") as scratch:
        queue = _Queue(batch, scratch)
        for outcome in pool.run(queue):
            finished = queue.follow(outcome)
            if finished is not None:
                yield finished


def split_bounds(n_pages: int, parts: int) -> tuple[int, ...]:
    """Return the first page of each part, from 1, and the page after the last."""
    parts = max(1, min(parts, n_pages // MIN_PART_PAGES))
    return tuple(1 + n_pages * i // parts for i in range(parts + 1))


def opens_pdf(job: Job) -> bool:
    """Tell whether a job reads a PDF, not only kept pages."""
    is_kept = job.kept is not None and not job.is_fresh and job.kept.has(job.sha256)
    return job.function == READ_AND_DERIVE and not is_kept


@dataclass(slots=True)
class _Split:
    """A document being read in parts: its job, the seconds it took so far, how many of its parts are still out, whether
    all that came were plain, and whether they are being joined."""

    job: Job
    seconds: float = 0.0
    bounds: tuple[int, ...] = ()
    n_open: int = 0
    is_plain: bool = True
    is_joining: bool = False


class _Queue(Iterator[Job]):
    """The jobs still to be done; an outcome may add some, also after the last was taken."""

    def __init__(self, jobs: Iterable[Job], scratch: str) -> None:
        self._jobs = iter(jobs)
        self._scratch = scratch
        self._next: deque[Job] = deque()
        self._splits: dict[str, _Split] = {}

    def __next__(self) -> Job:
        """Return a job; a document that is to be split is counted first."""
        if self._next:
            return self._next.popleft()
        job = next(self._jobs)
        if job.parts < 2:
            return job
        self._splits[job.sha256] = _Split(job)
        return replace(job, function=COUNT)

    def follow(self, outcome: Outcome) -> Outcome | None:
        """Return an outcome that is a document's; add what must follow one that only leads to it."""
        split = self._splits.get(outcome.sha256)
        if split is None:
            return outcome
        split.seconds += outcome.seconds
        if split.is_joining and (outcome.is_same or outcome.extraction is not None):
            return replace(outcome, seconds=split.seconds)
        if split.is_joining:
            self._read_whole(split)
        elif not split.bounds:
            self._start(split, outcome.n_pages or 0)
        else:
            self._note_part(split, outcome)
        return None

    def _start(self, split: _Split, n_pages: int) -> None:
        """Add the parts of a document, or the document itself when it is too short or could not be counted."""
        split.bounds = split_bounds(n_pages, split.job.parts)
        split.n_open = len(split.bounds) - 1
        if split.n_open < 2:
            self._read_whole(split)
            return
        for bounds in pairwise(split.bounds):
            self._next.append(replace(split.job, function=READ, bounds=bounds, scratch=self._scratch))

    def _note_part(self, split: _Split, outcome: Outcome) -> None:
        """Count a part that ended; after the last, add what puts them together."""
        split.n_open -= 1
        split.is_plain &= bool(outcome.n_pages)
        if split.n_open == 0 and split.is_plain:
            split.is_joining = True
            self._next.append(replace(split.job, function=JOIN, bounds=split.bounds, scratch=self._scratch))
        elif split.n_open == 0:
            self._read_whole(split)

    def _read_whole(self, split: _Split) -> None:
        del self._splits[split.job.sha256]
        self._next.append(split.job)
