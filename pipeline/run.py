"""A run under way: its settings, its lock and database, what is left to read, and what was written so far."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Protocol

from models.errors import PescoError
from pipeline.corrections.files import Corrections
from pipeline.inbox import Inbox
from pipeline.intake import SETTLE_SECONDS
from pipeline.limits import Limits
from pipeline.plan import Again, Plan, ToRead
from pipeline.pool import ReaderPool
from pipeline.processes import Work
from pipeline.rule_gate import Check
from pipeline.selection import Selection
from pipeline.split import allot_parts, opens_pdf
from pipeline.store.gazetteer_tables import Gazetteers
from pipeline.store.group import Group
from pipeline.store.kept import DEFAULT_MAX_BYTES, KeptPages
from pipeline.store.load import Loaded, Versions, utc_now
from pipeline.versions import current_versions
from pipeline.work import READ_AND_DERIVE, Job, Outcome

Batch = tuple[Job, ...]


class Engine(StrEnum):
    """What reads: processes of this machine, or the workers of a Dask cluster."""

    LOCAL = "local"
    DASK = "dask"


def check_engine(engine: Engine) -> None:
    """Raise ``PescoError`` when what an engine needs is not installed."""
    if engine is Engine.DASK and find_spec("distributed") is None:
        raise PescoError("the engine dask needs an extra that is not installed: pip install 'pesco-pipeline[dask]'")


class Reader(Protocol):
    """What reads besides ``ReaderPool``; ``workers`` is how many documents at once."""

    workers: int

    def read(self, jobs: Batch) -> Generator[Outcome, None, None]:
        """Yield the outcome of each job as it comes."""
        ...


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Settings of a run. ``wait_seconds`` is how long to wait for another run's end (negative: for ever).

    ``dask_address`` is that of a Dask scheduler; without it, ``Engine.DASK`` starts a cluster of ``workers`` on this
    machine. ``retry`` reads quarantined bytes again, ``again`` derives or reads everything in reach again.
    ``selection`` narrows what is in reach; ``restricted`` marks all in reach for good. ``corrections`` is the folder of
    correction files. ``kept`` is where pages are kept (default: ``pages/`` beside the database), ``kept_bytes`` how
    much of them. A rehearsal (``pipeline.rehearsal``) leaves kept pages and manifests as they are. ``function``,
    ``versions`` and ``gazetteers`` are for tests.
    """

    db: Path
    workers: int | None = None
    engine: Engine = Engine.LOCAL
    dask_address: str | None = None
    wait_seconds: float = 0.0
    retry: bool = False
    restricted: bool = False
    selection: Selection = Selection()
    again: Again = Again.NOTHING
    password_file: Path | None = None
    use_ocr: bool = True
    limits: Limits = field(default_factory=Limits)
    corrections: Path | None = None
    kept: Path | None = None
    kept_bytes: int = DEFAULT_MAX_BYTES
    settle_seconds: float = SETTLE_SECONDS
    is_rehearsal: bool = False
    function: str = READ_AND_DERIVE
    versions: Versions | None = None
    gazetteers: Gazetteers | None = None

    @property
    def n_workers(self) -> int:
        """The number of reading processes: as asked for, else one a core."""
        return self.workers or os.cpu_count() or 1

    @property
    def pages_folder(self) -> Path:
        """Where pages are kept."""
        return self.kept or self.db.parent / "pages"

    def kept_pages(self, reader_version: str) -> KeptPages:
        """Return the place of kept pages for a version of the reader."""
        return KeptPages(str(self.pages_folder), reader_version, is_frozen=self.is_rehearsal)


@dataclass(frozen=True, slots=True)
class Progress:
    """A document is done, ``done`` of ``total``. ``status`` is that of ``files``, ``reason`` why it is not loaded."""

    filename: str
    status: str
    done: int
    total: int
    reason: str | None = None


@dataclass(slots=True)
class Count:
    """What a run wrote so far."""

    documents: int = 0
    pages: int = 0
    mentions: int = 0
    mentions_by_kind: dict[str, int] = field(default_factory=dict)
    issues: int = 0
    has_changed: bool = False

    def add(self, loaded: Loaded) -> None:
        """Count a document."""
        self.documents += 1
        self.pages += loaded.pages
        self.mentions += loaded.mentions
        self.issues += loaded.issues
        self.has_changed = True
        for kind, number in loaded.mentions_by_kind.items():
            self.mentions_by_kind[kind] = self.mentions_by_kind.get(kind, 0) + number


class Run:
    """A run under way: it holds the lock and the database until ``finish_run``, or until its ``with`` block is left.

    ``jobs`` are to be read, in any order and in any process; each outcome goes to ``load_outcome`` in the thread that
    made the run.
    """

    def __init__(self, options: IngestOptions, resources: contextlib.ExitStack, connection: sqlite3.Connection) -> None:
        self.options = options
        self.connection = connection
        self.versions = options.versions or current_versions()
        self.group = Group(connection)
        self.started = time.monotonic()
        self.id = 0
        self.plan = Plan()
        self.inbox = Inbox()
        self.corrections = Corrections()
        self.say: Callable[[str], None] = lambda _sentence: None
        self.tasks: dict[str, ToRead] = {}
        self.jobs: Batch = ()
        self.paths: tuple[Path, ...] = ()
        self.check: Check | None = None
        self.count = Count()
        self.done = 0
        self.passwords_mark: str | None = None
        self.went_on_from: int | None = None
        self.resources = resources

    def __enter__(self) -> "Run":
        """Return the run."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the books of a run that was not finished: it has failed."""
        try:
            if self.id and not self.is_finished:
                with contextlib.suppress(sqlite3.Error):  # a full disk does not take this either
                    self.group.commit()
                    self.connection.execute(
                        "UPDATE runs SET status = 'failed', finished = ?, message = ? WHERE id = ?",
                        (utc_now(), f"{kind.__name__ if kind else 'given up'}: {error or ''}"[:500], self.id),
                    )
        finally:
            self.close()

    @property
    def total(self) -> int:
        """The number of documents to read."""
        return len(self.jobs)

    @property
    def is_finished(self) -> bool:
        """Whether ``finish_run`` has closed the books."""
        return self.resources is _CLOSED

    def batches(self, size: int) -> Iterator[Batch]:
        """Yield the jobs in batches of at most ``size``."""
        for start in range(0, len(self.jobs), size):
            yield self.jobs[start : start + size]

    @contextlib.contextmanager
    def given_up_on_errors(self) -> Iterator[None]:
        """Let go of lock and database when the block raises: who asked for the run does not get it then."""
        with contextlib.ExitStack() as kept:
            kept.callback(self.__exit__, None, None, None)
            yield
            kept.pop_all()

    @contextlib.contextmanager
    def make_pool(self) -> Iterator[ReaderPool | Reader]:
        """Give what reads, as the options ask for: processes of this machine, or a cluster.

        Raises ``PescoError`` when the cluster can't be had.
        """
        options = self.options
        if options.engine is Engine.LOCAL:
            workers = max(1, min(options.n_workers, sum(job.parts for job in self.jobs)))
            work: Work = "pdf" if any(opens_pdf(job) for job in self.jobs) else "kept"
            with ReaderPool(workers, function=options.function, work=work) as pool:
                yield pool
            return
        from pipeline.cluster.reader import ClusterReader  # noqa: PLC0415 - its packages are an extra

        reader = ClusterReader(options.dask_address, options.n_workers, options.function, options.pages_folder)
        with reader:
            self.share_out(reader.workers)
            yield reader

    def share_out(self, workers: int) -> None:
        """Allot parts of long documents to so many processes."""
        sizes = [self.tasks[job.sha256].files[0].facts.size for job in self.jobs]
        parts = allot_parts(self.jobs, sizes, workers)
        self.jobs = tuple(replace(job, parts=n) for job, n in zip(self.jobs, parts, strict=True))

    def close(self) -> None:
        """Let go of database and lock."""
        resources, self.resources = self.resources, _CLOSED
        resources.close()


_CLOSED = contextlib.ExitStack()
