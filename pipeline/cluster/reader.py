"""The run's side of a cluster: jobs go out in bundles, outcomes come in as they end, in bounded number.

``ClusterReader`` stands where ``pipeline.pool.ReaderPool`` stands on one machine. The ladder for a document's bytes:
its path on the worker, else its bytes by letter, else it is read on this machine. A bundle whose worker dies is sent
again by Dask; when that happens too often its documents go alone, and one that still ends its worker is given up as
``crashed``.
"""

import threading
import uuid
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic

from distributed import Future, KilledWorker

from models.errors import PescoError
from pipeline.cluster import connection, worker
from pipeline.cluster.letters import Letter, Reply, cut, describe_program, read_bytes
from pipeline.cluster.slots import Slots
from pipeline.pool import ReaderPool
from pipeline.reasons import Reason
from pipeline.split import read_split, split_bounds
from pipeline.work import Job, Outcome

# What a task may hold: few enough to be lost without pain, enough to make its cost of some milliseconds small.
MAX_JOBS = 16
MAX_BYTES = 8 << 20
# A larger file does not travel through the scheduler.
MAX_LETTER_BYTES = 64 << 20
# Tasks under way for each thread of a worker: one that runs and one that waits beside it.
_AHEAD = 2
_LOOK_SECONDS = 5.0


@dataclass(slots=True)
class _Sent:
    """A task to send or under way: its jobs, what it does (``read``, ``count`` or ``join``), whether the documents'
    bytes go with it, whether it needs a slot, and for ``join`` the bounds of the parts and the tasks that read them."""

    jobs: tuple[Job, ...]
    what: str
    by_content: bool
    needs_slot: bool = True
    bounds: tuple[int, ...] = ()
    parts: tuple[Future, ...] = ()


class ClusterReader:
    """A cluster to read with; use it as a context manager. ``read`` may be called from several threads."""

    def __init__(self, address: str | None, workers: int, function: str, pages_folder: Path) -> None:
        self.workers = workers
        self.by_content = False
        self._address = address
        self._function = function
        self._pages_folder = pages_folder
        self._name = f"pesco-{uuid.uuid4().hex[:12]}"
        self._stack = ExitStack()
        self._numbers = count()
        self._lock = threading.Lock()

    def __enter__(self) -> "ClusterReader":
        """Start or join the cluster; raises ``PescoError`` when there is none or its workers have another program."""
        with ExitStack() as stack:
            self.mark = stack.enter_context(_marked(self._pages_folder))
            self.client = stack.enter_context(connection.connected(self._address, self.workers))
            plugin = worker.ReadingPlugin(self._name, describe_program(), self._function)
            stack.enter_context(connection.prepared(self.client, plugin))
            self.workers = sum(self.client.nthreads().values()) or 1
            self.slots = Slots(_AHEAD * self.workers + 1)
            self._local = stack.enter_context(ReaderPool(1, function=self._function))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        """Let go of the cluster; one of our own ends."""
        self._stack.close()

    def read(self, jobs: Sequence[Job]) -> Generator[Outcome, None, None]:
        """Yield the outcome of each job, in the order in which they end.

        Raises ``RuleError`` when rules are broken, ``PescoError`` when the cluster is lost.
        """
        reading = _Reading(self, jobs)
        try:
            yield from reading.run()
        finally:
            reading.cancel()

    def read_here(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Read on this machine what no worker can get at."""
        with self._lock:
            yield from read_split(jobs, self._local)

    def submit(self, function: object, *arguments: object) -> Future:
        """Send a task."""
        key = f"{self._name}-{next(self._numbers)}"
        return self.client.submit(function, self._name, *arguments, key=key, pure=False)


class _Reading:
    """One call of ``ClusterReader.read``: what is to be sent, what is under way, and what did not go well."""

    def __init__(self, reader: ClusterReader, jobs: Sequence[Job]) -> None:
        self._reader = reader
        self._ended: SimpleQueue[Future] = SimpleQueue()
        self._sent: dict[str, _Sent] = {}
        self._futures: dict[str, Future] = {}
        self._suspects: list[Job] = []
        self._for_here: list[Job] = []
        self._last_sign = monotonic()
        whole = [job for job in jobs if job.parts < 2]
        max_jobs = max(1, min(MAX_JOBS, len(whole) // (_AHEAD * reader.workers) + 1))
        bundles = cut(whole, [_size(job) for job in whole], max_jobs, MAX_BYTES)
        self._pending: deque[_Sent] = deque(_Sent((job,), "count", reader.by_content) for job in jobs if job.parts > 1)
        self._pending.extend(_Sent(bundle, "read", reader.by_content) for bundle in bundles)

    def run(self) -> Generator[Outcome, None, None]:
        """Yield outcomes until all is done."""
        yield from self._work_off()
        suspects, self._suspects = self._suspects, []
        for job in suspects:
            with self._reader.slots.alone():
                self._send(_Sent((job,), "read", self._reader.by_content, needs_slot=False))
                yield from list(self._work_off())
            yield from (_killer(job) for _ in self._suspects)
            self._suspects.clear()
        yield from self._reader.read_here(self._for_here)

    def cancel(self) -> None:
        """Take back what is under way, since nobody waits for it any more."""
        for key, future in list(self._futures.items()):
            with suppress(Exception):  # the cluster may be gone, in whatever way
                future.cancel()
            self._let_go(key)

    def _work_off(self) -> Iterator[Outcome]:
        """Send what fits and yield what comes, until nothing is left to send or to come."""
        while self._pending or self._sent:
            while self._pending and self._may_send(self._pending[0]):
                self._send(self._pending.popleft())
            if (future := self._next_ended()) is not None:
                yield from self._settle(future)

    def _may_send(self, sent: _Sent) -> bool:
        """Take a slot where one is needed; with nothing under way, wait for it."""
        return not sent.needs_slot or self._reader.slots.take(wait=not self._sent)

    def _next_ended(self) -> Future | None:
        """Return a task that has ended, or ``None`` after a while; raises ``PescoError`` when the cluster is lost."""
        try:
            future = self._ended.get(timeout=_LOOK_SECONDS)
        except Empty:
            self._look()
            return None
        self._last_sign = monotonic()
        return future

    def _look(self) -> None:
        client = self._reader.client
        if client.status in ("closed", "closing"):
            raise PescoError(_LOST)
        if client.status == "running" and client.scheduler_info(n_workers=-1)["workers"]:
            self._last_sign = monotonic()
        elif monotonic() - self._last_sign > connection.WORKER_PATIENCE_SECONDS:
            raise PescoError(_LOST)

    def _send(self, sent: _Sent) -> None:
        """Send a task, with the documents' bytes where paths will not do."""
        letters = [self._letter(job, by_content=sent.by_content) for job in sent.jobs]
        submit = self._reader.submit
        if sent.what == "read":
            future = submit(worker.read_letters, letters)
        elif sent.what == "count":
            future = submit(worker.count_pages, letters[0])
        else:
            sent.parts = tuple(submit(worker.read_part, letters[0], part) for part in pairwise(sent.bounds))
            future = submit(worker.join_parts, letters[0], sent.bounds, *sent.parts)
        self._sent[future.key] = sent
        self._futures[future.key] = future
        slots, ended, needs_slot = self._reader.slots, self._ended, sent.needs_slot

        def note(done: Future) -> None:
            if needs_slot:
                slots.end()
            ended.put(done)

        future.add_done_callback(note)

    def _letter(self, job: Job, *, by_content: bool) -> Letter:
        if not by_content:
            return Letter(job, self._reader.mark)
        pages = None if job.is_fresh or job.kept is None else job.kept.read(job.sha256)
        pdf = read_bytes(job.location, job.sha256) if pages is None else None
        return Letter(job, self._reader.mark, pdf, pages)

    def _settle(self, future: Future) -> Iterator[Outcome]:
        """Take what a task gave, and decide what follows from it."""
        sent = self._sent[future.key]
        try:
            replies: list[Reply] = future.result()
        except KilledWorker:
            self._suspects.extend(sent.jobs)
            replies = []
        except (CancelledError, OSError) as error:
            raise PescoError(_LOST) from error
        except RuntimeError as error:  # distributed's word for what it could not pass on
            raise PescoError(f"the Dask cluster could not do a task: {error}") from error
        finally:
            self._let_go(future.key)
        for reply in replies:
            job = next(job for job in sent.jobs if job.sha256 == reply.sha256)
            if reply.outcome is None:
                self._try_otherwise(job, sent)
            elif sent.what == "count":
                self._split(job, reply.outcome, sent)
            else:
                if reply.pages is not None and job.kept is not None:
                    job.kept.write(job.sha256, reply.pages)
                yield reply.outcome

    def _try_otherwise(self, job: Job, sent: _Sent) -> None:
        """Send a document with its bytes that a worker could not get at, or set it aside for this machine."""
        if sent.by_content or _size(job) > MAX_LETTER_BYTES:
            self._for_here.append(job)
            return
        self._reader.by_content = True
        self._pending.appendleft(_Sent((job,), "read", by_content=True, needs_slot=sent.needs_slot))

    def _split(self, job: Job, outcome: Outcome, sent: _Sent) -> None:
        """Let the parts of a long document be read, and put together where they are."""
        bounds = split_bounds(outcome.n_pages or 0, self._reader.workers)
        what = "join" if len(bounds) > 2 else "read"
        self._pending.appendleft(_Sent((job,), what, sent.by_content, bounds=bounds))

    def _let_go(self, key: str) -> None:
        """Forget a task and let the workers forget its results."""
        future, sent = self._futures.pop(key), self._sent.pop(key)
        future.release()
        for part in sent.parts:
            part.release()
        if sent.needs_slot:
            self._reader.slots.free()


_LOST = "the Dask cluster is lost: no scheduler or no worker answers; what was loaded stays, run again to go on"


def _killer(job: Job) -> Outcome:
    return Outcome(job.sha256, reason=Reason.CRASHED, detail="each Dask worker that read it died", seconds=0.0)


def _size(job: Job) -> int:
    try:
        return Path(job.location).stat().st_size
    except OSError:
        return 0


@contextmanager
def _marked(folder: Path) -> Iterator[str]:
    """Leave a file in the folder of kept pages, for as long as the context lasts, by which workers know that they see
    that folder; give its path."""
    mark = folder / f".pesco-{uuid.uuid4().hex}"
    with suppress(OSError):  # a disk that takes no file keeps no pages either
        folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
    try:
        yield str(mark)
    finally:
        with suppress(OSError):
            mark.unlink(missing_ok=True)
