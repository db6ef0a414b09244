"""What a reading process does: one job in, one outcome out, whatever the file does to it.

Here stands the one guard of the house: everything that a hostile file can raise becomes a typed reason. What cannot be
caught (a hang, a crash, a kill) is seen from outside, by ``pipeline.pool``. Nothing here writes to the database, and
what reads and derives (``pipeline.document_job``) is loaded only where it runs.
"""

import contextlib
import gc
import importlib
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from pathlib import Path

from extractors.page_picture import PagePicture
from extractors.reader.read_errors import ReadError
from models.corrections import NO_CORRECTIONS, DocumentCorrections
from models.errors import LayoutError, RuleError
from models.extraction import Extraction
from models.facts import DocumentKind
from pipeline.patience import answered, passes
from pipeline.reasons import Reason
from pipeline.store.kept import KeptPages

try:
    import resource
except ImportError:  # Windows has no resource limits; the time limit of the pool remains
    resource = None  # type: ignore[assignment]

READ_AND_DERIVE = "pipeline.document_job:read_and_derive"
_NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class Derived:
    """What a document says with its digest (``pipeline.digest``); only the digest when it is the one in the job."""

    digest: str
    extraction: Extraction | None


Found = Extraction | Derived | PagePicture | int


@dataclass(frozen=True, slots=True)
class Job:
    """One document to read, with its limits. ``function`` names what does it, as ``module:name``.

    ``ocr_seconds`` and ``ocr_memory_bytes`` are what recognising pictures may take beyond them (``allow_ocr``).
    ``kept`` is where pages are kept, or ``None``; ``is_fresh`` asks for the PDF even when its pages are kept.
    ``parts`` is how many processes may share the reading (``pipeline.split``); ``bounds`` holds the first page of each
    part, from 1, and the page after the last, ``scratch`` the folder for what the parts gave. A job that draws a
    page has its number in ``page``, from 1, and the pixels to the point in ``scale``. ``kind`` is what the document's
    keeper says it is, ``corrections`` what people set right in it. An extraction with the ``digest`` given need not
    come back.
    """

    sha256: str
    location: str
    seconds: float
    memory_bytes: int
    passwords: tuple[str, ...] = ()
    use_ocr: bool = True
    ocr_seconds: float = 0.0
    ocr_memory_bytes: int = 0
    kept: KeptPages | None = None
    is_fresh: bool = False
    function: str = READ_AND_DERIVE
    parts: int = 1
    bounds: tuple[int, ...] = ()
    scratch: str = ""
    page: int = 0
    scale: float = 0.0
    kind: DocumentKind | None = None
    corrections: DocumentCorrections = NO_CORRECTIONS
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: an extraction, or a reason. ``source`` tells whether the PDF was opened (``pdf``) or only
    kept pages (``kept``). ``rule_error`` is set when rules are broken, which stops the run. ``n_pages`` is what a job
    gives that reads for another one: how many pages there are, or were read. ``picture`` is a page drawn. ``digest`` is
    that of the extraction (``pipeline.digest``), which is left out when the job gave the same one (``is_same``)."""

    sha256: str
    extraction: Extraction | None = None
    reason: Reason | None = None
    detail: str = ""
    source: str = "pdf"
    seconds: float = 0.0
    rule_error: str | None = None
    n_pages: int | None = None
    picture: PagePicture | None = None
    digest: str | None = None
    is_same: bool = False


def run_job(job: Job) -> bytes:
    """Do a job under its limits and the guard; return the pickled ``Outcome``, so that nothing can fail on the way."""
    start = time.monotonic()
    with _limits(job), _no_quiet_exit():
        outcome = _guarded(job, start)
        try:
            return pickle.dumps(outcome, protocol=pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            return pickle.dumps(_failed(job, start, Reason.MEMORY, "passing on what was read"))


def call_function(name: str) -> bytes:
    """Call a function without arguments, given as ``module:name``; return its pickled value and no rule error, or none
    and the text of the ``RuleError`` that it raised."""
    module, _, attribute = name.partition(":")
    try:
        return pickle.dumps((getattr(importlib.import_module(module), attribute)(), None))
    except RuleError as error:
        return pickle.dumps((None, str(error)))


def allow_ocr(job: Job, seconds: float) -> None:
    """Widen the limits of the job under way for the recognition of its pictures, as far as the job allows it."""
    if resource is not None and job.ocr_memory_bytes > 0:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft != _NO_LIMIT:
            wider = soft + job.ocr_memory_bytes
            resource.setrlimit(resource.RLIMIT_AS, (wider if hard == _NO_LIMIT else min(wider, hard), hard))
    if hasattr(signal, "setitimer"):
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        if left:
            signal.setitimer(signal.ITIMER_REAL, left + min(seconds, job.ocr_seconds))


def prepare_process(module: str) -> None:
    """Make a new process harmless: nothing printed, no core dumps, no life after its parent's.

    ``module`` is what its jobs need; it is loaded now, outside of any job's time.
    """
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    os.close(silence)
    sys.stdin = sys.__stdin__
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, daemon=True, name="end-with-parent").start()
    with contextlib.suppress(Exception):  # each job will say what is wrong with the module
        importlib.import_module(module)


def _guarded(job: Job, start: float) -> Outcome:
    """Run the job's function; whatever it raises becomes a reason."""
    try:
        function = _load_function(job.function)
        found, source = answered(lambda: function(job))
        return _give(job, found, source, time.monotonic() - start)
    except ReadError as error:
        return _failed(job, start, Reason(error.reason.value), error.detail)
    except RuleError as error:
        return Outcome(job.sha256, rule_error=str(error))
    except LayoutError as error:
        return _failed(job, start, Reason.UNKNOWN_LAYOUT, _describe(error))
    except BaseException as error:  # noqa: BLE001 - the one guard between a hostile file and the run
        reason, detail = _reason_for(error), _describe(error)
    gc.collect()
    return _failed(job, start, reason, detail)


def _give(job: Job, found: Found, source: str, seconds: float) -> Outcome:
    """Return the outcome of a job that found something."""
    if isinstance(found, int):
        return Outcome(job.sha256, n_pages=found, source=source, seconds=seconds)
    if isinstance(found, PagePicture):
        return Outcome(job.sha256, picture=found, source=source, seconds=seconds)
    if isinstance(found, Derived):
        is_same = found.extraction is None
        return Outcome(job.sha256, found.extraction, None, "", source, seconds, digest=found.digest, is_same=is_same)
    return Outcome(job.sha256, found, source=source, seconds=seconds)


def _reason_for(error: BaseException) -> Reason:
    """Return the reason that an error of the system or of Python itself stands for."""
    if isinstance(error, MemoryError):
        return Reason.MEMORY
    if isinstance(error, RecursionError):
        return Reason.DAMAGED
    return Reason.BUSY if isinstance(error, OSError) and passes(error) else Reason.CRASHED


def _failed(job: Job, start: float, reason: Reason, detail: str) -> Outcome:
    return Outcome(job.sha256, reason=reason, detail=detail[:500], seconds=time.monotonic() - start)


def _describe(error: BaseException) -> str:
    """Return type and text of an error, even of one whose text cannot be had; the place where it was raised follows,
    unless that depends on what the process did before."""
    if isinstance(error, RecursionError):
        return "RecursionError: maximum recursion depth exceeded"
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - part of the guard: an error may fail to say what it is
        text = "?"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
    return f"{type(error).__name__}: {text[:300]}{place}"


def _load_function(name: str) -> Callable[[Job], tuple[Found, str]]:
    module, _, attribute = name.partition(":")
    function: Callable[[Job], tuple[Found, str]] = getattr(importlib.import_module(module), attribute)
    return function


@contextlib.contextmanager
def _limits(job: Job) -> Iterator[None]:
    """Cap memory, and let the system end this process when the time is over, whatever it is doing then.

    The pool watches the time too, but it may be gone: an orphan ends here.
    """
    if resource is not None and job.memory_bytes > 0:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = job.memory_bytes if hard == _NO_LIMIT else min(job.memory_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, job.seconds)
    try:
        yield
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        if resource is not None and job.memory_bytes > 0:
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


@contextlib.contextmanager
def _no_quiet_exit() -> Iterator[None]:
    """Let ``os._exit(0)`` within a job count as a crash: the pool would take a clean end for no end at all."""
    leave = os._exit

    def exit_loudly(status: int) -> None:
        leave(status or 1)

    os._exit = exit_loudly  # type: ignore[assignment]
    try:
        yield
    finally:
        os._exit = leave


def _end_with_parent() -> None:
    """Wait for the end of the process that runs the pool, then end this one."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
