"""Reading processes: jobs in, outcomes out as they end; a file that hangs, grows or kills its process pays alone.

Built on pebble. ``ReaderPool.run`` is a generator over any number of jobs with a bounded number under way. It heals
itself: when the pool breaks or stalls it is made anew, and unfinished jobs go in again, a suspect one once more only.
"""

import pickle
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from pebble import ProcessExpired, ProcessPool
from pebble.common.types import CONSTS

from models.errors import PescoError, RuleError
from pipeline.processes import Work, preload_for, process_context
from pipeline.reasons import Reason
from pipeline.work import READ_AND_DERIVE, Job, Outcome, call_function, prepare_process, run_job

# Each process is replaced after this many jobs, so that what a file leaked goes with it.
JOBS_PER_PROCESS = 50
# The process's own alarm comes first; the pool's is for one that disarmed it.
_GRACE_SECONDS = 0.5
_STALL_SECONDS = 20.0
_LOOK_SECONDS = 0.5
_ATTEMPTS = 2
# So many broken pools in a row, without a single outcome between, are no accident.
_MAX_BREAKS = 5


@dataclass(slots=True)
class _Waiting:
    """A job under way and how often it was tried."""

    job: Job
    attempts: int = 1


class ReaderPool:
    """A pool of ``workers`` processes; use it as a context manager. Safe to call from several threads."""

    def __init__(
        self,
        workers: int,
        *,
        jobs_per_process: int = JOBS_PER_PROCESS,
        function: str = READ_AND_DERIVE,
        work: Work = "pdf",
    ) -> None:
        self.workers = workers
        self._jobs_per_process = jobs_per_process
        self._module = function.partition(":")[0]
        self._preload = preload_for(work) if function == READ_AND_DERIVE else self._module
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._breaks = 0
        self._is_closed = False

    def __enter__(self) -> "ReaderPool":
        """Return the pool; processes start with the first job."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End all processes, also those in the middle of a job; threads that wait for them get no more outcomes."""
        with self._lock:
            self._is_closed = True
            _end(self._pool)
            self._pool = None

    def run(self, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Yield the outcome of each job, in the order in which they end; raises ``RuleError`` when rules are broken."""
        source = iter(jobs)
        waiting: dict[Future[bytes], _Waiting] = {}
        while not self._is_closed:
            while len(waiting) < 2 * self.workers and (job := next(source, None)) is not None:
                waiting[self._schedule(job)] = _Waiting(job)
            if not waiting:
                return
            yield from self._collect(waiting)

    def call(self, name: str, seconds: float = 120.0) -> object:
        """Return the value of a function without arguments, ``module:name``, called in a process of the pool.

        Raises ``RuleError`` when it does, and ``PescoError`` when the process breaks down.
        """
        return self.start_call(name, seconds)()

    def start_call(self, name: str, seconds: float = 120.0) -> Callable[[], object]:
        """Start what ``call`` does; return what waits for its end and gives the value."""
        with self._lock:
            pool = self._pool or self._renew()
            future: Future[bytes] = pool.schedule(call_function, args=(name,), timeout=seconds)

        def wait_for_value() -> object:
            try:
                value, rule_error = pickle.loads(future.result())
            except (TimeoutError, ProcessExpired, BrokenProcessPool) as error:
                message = f"a process of our own broke down ({name}): {type(error).__name__}: {error}"
                raise PescoError(message) from error
            if rule_error is not None:
                raise RuleError(rule_error)
            return value

        return wait_for_value

    def _collect(self, waiting: dict[Future[bytes], _Waiting]) -> Iterator[Outcome]:
        """Yield what has ended; put in again what a broken pool lost."""
        pool = self._pool
        patience = max(_patience_for(one.job) for one in waiting.values()) * 2 + _STALL_SECONDS
        done = self._wait(waiting, patience)
        lost: list[_Waiting] = []
        for future in done:
            one = waiting.pop(future)
            outcome = _outcome_of(one.job, future)
            if outcome is None:
                lost.append(one)
            elif outcome.rule_error is not None:
                raise RuleError(outcome.rule_error)
            else:
                self._breaks = 0
                yield outcome
        if (lost or not done) and not self._is_closed:
            yield from self._recover(waiting, lost, pool)

    def _wait(self, waiting: Iterable["Future[bytes]"], seconds: float) -> set["Future[bytes]"]:
        """Return what has ended, as soon as something has; nothing when the time is over or the pool is closed.

        A pool that is stopped leaves its futures open for ever.
        """
        deadline = time.monotonic() + seconds
        while not self._is_closed and (left := deadline - time.monotonic()) > 0:
            done, _ = wait(waiting, timeout=min(left, _LOOK_SECONDS), return_when=FIRST_COMPLETED)
            if done:
                return done
        return set()

    def _recover(
        self, waiting: dict[Future[bytes], _Waiting], lost: list[_Waiting], pool: ProcessPool | None
    ) -> Iterator[Outcome]:
        """Replace the pool and schedule again what it lost; a job that was running when it broke gets one more try."""
        self._breaks += 1
        if self._breaks > _MAX_BREAKS:
            raise PescoError("reading processes end as soon as they start; see what `pesco ingest --workers 1` says")
        running = {id(one) for future, one in waiting.items() if future.running()} | {id(one) for one in lost}
        again = [*lost, *waiting.values()]
        waiting.clear()
        self._discard(pool)
        for one in again:
            one.attempts += id(one) in running
            if one.attempts > _ATTEMPTS:
                yield Outcome(one.job.sha256, reason=Reason.CRASHED, detail="the reading processes broke down on it")
            else:
                waiting[self._schedule(one.job)] = one

    def _schedule(self, job: Job) -> "Future[bytes]":
        """Give a job to the pool; one that broke while it was idle is made anew."""
        with self._lock:
            if self._is_closed:
                raise PescoError("the reading processes have been ended")
            pool = self._pool or self._renew()
            try:
                return pool.schedule(run_job, args=(job,), timeout=_patience_for(job))
            except RuntimeError:  # pebble's word for a pool that has broken
                return self._renew().schedule(run_job, args=(job,), timeout=_patience_for(job))

    def _renew(self) -> ProcessPool:
        """Make the pool, ending the one that was; the caller holds the lock."""
        _end(self._pool)
        self._pool = _make_pool(self.workers, self._jobs_per_process, self._module, self._preload)
        return self._pool

    def _discard(self, pool: ProcessPool | None) -> None:
        """End a broken pool, unless another thread has replaced it already."""
        with self._lock:
            if pool is not None and self._pool is pool:
                self._pool = None
        _end(pool)


def _patience_for(job: Job) -> float:
    return job.seconds + job.ocr_seconds + _GRACE_SECONDS


def _outcome_of(job: Job, future: "Future[bytes]") -> Outcome | None:
    """Return what became of a job, or ``None`` when the pool broke and it is not known."""
    try:
        outcome: Outcome = pickle.loads(future.result())  # from our own process
        return outcome
    except TimeoutError:
        return _timed_out(job)
    except ProcessExpired as error:
        if hasattr(signal, "SIGALRM") and error.exitcode == -signal.SIGALRM:
            return _timed_out(job)
        return Outcome(job.sha256, reason=Reason.CRASHED, detail=_describe_exit(error.exitcode), seconds=0.0)
    except MemoryError:
        return Outcome(job.sha256, reason=Reason.MEMORY, detail="starting to read", seconds=0.0)
    except (BrokenProcessPool, CancelledError):
        return None


def _timed_out(job: Job) -> Outcome:
    return Outcome(
        job.sha256, reason=Reason.TIMEOUT, detail=f"longer than {job.seconds:.0f} s", seconds=float(job.seconds)
    )


def _describe_exit(code: int) -> str:
    """Return in words how a process ended."""
    if code >= 0:
        return f"the reading process left with exit code {code}"
    try:
        return f"the reading process was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"the reading process was ended by signal {-code}"


def _make_pool(workers: int, jobs_per_process: int, module: str, preload: str) -> ProcessPool:
    CONSTS.term_timeout = 0.2
    return ProcessPool(
        max_workers=workers,
        max_tasks=jobs_per_process,
        initializer=prepare_process,
        initargs=(module,),
        context=process_context(preload),
    )


def _end(pool: ProcessPool | None) -> None:
    """Stop a pool and wait for its threads, but not for ever: a process killed at a bad moment can block one."""
    if pool is None:
        return
    pool.stop()  # type: ignore[no-untyped-call]
    waiter = threading.Thread(target=pool.join, daemon=True)
    waiter.start()
    waiter.join(10)
