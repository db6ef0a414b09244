"""What happens on a Dask worker: documents are read there as on one machine, in processes of their own with limits.

Each worker gets one ``ReadingPlugin`` per run: it compares programs, holds the pool of reading processes and a folder
for bytes that came by letter, and lets go of both when the run or the worker ends. The worker's own threads only wait.
"""

import multiprocessing
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

from distributed import Worker, WorkerPlugin, get_worker

from models.errors import PescoError
from pipeline.cluster.letters import Letter, PartReply, Program, Reply, describe_program, holds, name_differences, sees
from pipeline.pool import ReaderPool
from pipeline.split import COUNT, JOIN, READ
from pipeline.store.kept import KeptPages
from pipeline.work import Job, Outcome


class ReadingPlugin(WorkerPlugin):  # type: ignore[misc] # distributed is not installed wherever types are checked
    """A run's place on a worker. ``program`` is the run's own; ``function`` is what its jobs call."""

    def __init__(self, name: str, program: Program, function: str) -> None:
        self.name = name
        self.problem = ""
        self._program = program
        self._function = function

    def setup(self, worker: Worker) -> None:
        """Compare programs; make the pool, whose processes start with the first job."""
        self.problem = name_differences(self._program, describe_program())
        # A worker under a nanny is a daemon, which may have no children. It ends them itself: see teardown.
        multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        self._folder = Path(tempfile.mkdtemp(prefix="pesco-", dir=worker.local_directory))
        self._numbers = count()
        self._number_lock = threading.Lock()
        self._pool = ReaderPool(worker.state.nthreads, function=self._function)

    def teardown(self, worker: Worker) -> None:
        """End the reading processes and remove what came by letter."""
        self._pool.__exit__()
        shutil.rmtree(self._folder, ignore_errors=True)

    def read(self, letters: Sequence[Letter]) -> list[Reply]:
        """Read documents side by side.

        Raises ``PescoError`` when this worker may not read for the run, and ``RuleError`` when rules are broken.
        """
        self.check()
        with self._desk() as desk:
            placed = {letter.job.sha256: letter for letter in letters if desk.place(letter)}
            replies = [Reply(letter.job.sha256, None) for letter in letters if letter.job.sha256 not in placed]
            for outcome in self._pool.run([desk.jobs[sha256] for sha256 in placed]):
                replies.append(desk.answer(placed[outcome.sha256], outcome))
        return replies

    def read_part(self, letter: Letter, bounds: tuple[int, int]) -> PartReply:
        """Read a range of pages of a document."""
        self.check()
        with self._desk() as desk:
            if not desk.place(letter):
                return PartReply(None, 0.0)
            job = replace(desk.jobs[letter.job.sha256], function=READ, bounds=bounds, scratch=str(desk.folder))
            outcome = self._run(job)
            stretch = desk.folder / f"{job.sha256}-{bounds[0]}"
            return PartReply(stretch.read_bytes() if outcome.n_pages else None, outcome.seconds)

    def join(self, letter: Letter, bounds: tuple[int, ...], parts: Sequence[PartReply]) -> list[Reply]:
        """Put a document together from its parts; where that can't be done, read it whole."""
        self.check()
        seconds = sum(part.seconds for part in parts)
        with self._desk() as desk:
            if any(part.stretch is None for part in parts) or not desk.place(letter):
                return self.read([letter])
            for (first, _), part in zip(pairwise(bounds), parts, strict=True):
                (desk.folder / f"{letter.job.sha256}-{first}").write_bytes(part.stretch or b"")
            job = replace(desk.jobs[letter.job.sha256], function=JOIN, bounds=bounds, scratch=str(desk.folder))
            outcome = self._run(job)
            if outcome.extraction is None:
                return self.read([letter])
            return [desk.answer(letter, replace(outcome, seconds=seconds + outcome.seconds))]

    def check(self) -> None:
        """Refuse to read for a run of another program: raises ``PescoError``."""
        if self.problem:
            raise PescoError(f"a worker has another program: {self.problem}")

    def _run(self, job: Job) -> Outcome:
        (outcome,) = self._pool.run([job])
        return outcome

    def _desk(self) -> "_Desk":
        with self._number_lock:
            return _Desk(self._folder / str(next(self._numbers)))


class _Desk:
    """The files of one task: those that came by letter, and pages to be returned. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs: dict[str, Job] = {}
        self._without_pdf: set[str] = set()

    def __enter__(self) -> "_Desk":
        self.folder.mkdir(mode=0o700)
        return self

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def place(self, letter: Letter) -> bool:
        """Lay out a document for the pool; return ``False`` when its bytes can't be had here."""
        job = letter.job
        try:
            kept = self._place_pages(letter)
            location = self._place_pdf(letter)
        except OSError:  # a full disk: the run finds another way
            return False
        if location is None and (job.is_fresh or kept is None or not kept.has(job.sha256)):
            return False
        # A path that holds other bytes here must not be read, not even when kept pages turn out to be damaged.
        self.jobs[job.sha256] = replace(job, location=location or str(self.folder / "absent"), kept=kept)
        if location is None:
            self._without_pdf.add(job.sha256)
        return True

    def answer(self, letter: Letter, outcome: Outcome) -> Reply:
        """Return the reply to a letter, with the pages that are to be kept."""
        if outcome.extraction is None and outcome.sha256 in self._without_pdf:
            return Reply(outcome.sha256, None)  # its pages were damaged, and there was nothing else
        kept = self.jobs[outcome.sha256].kept
        is_news = kept is not None and kept != letter.job.kept and outcome.source == "pdf"
        return Reply(outcome.sha256, outcome, kept.read(outcome.sha256) if kept is not None and is_news else None)

    def _place_pages(self, letter: Letter) -> KeptPages | None:
        """Return where the job finds and leaves kept pages: the run's own folder if it is seen here."""
        kept = letter.job.kept
        if kept is None or sees(letter.mark):
            return kept
        here = KeptPages(str(self.folder / "pages"), kept.reader_version)
        if letter.pages is not None:
            here.write(letter.job.sha256, letter.pages)
        return here

    def _place_pdf(self, letter: Letter) -> str | None:
        """Return where the PDF lies, or ``None``."""
        job = letter.job
        if letter.pdf is not None:
            path = self.folder / f"{job.sha256}.pdf"
            path.write_bytes(letter.pdf)
            return str(path)
        return job.location if holds(job.location, job.sha256) else None


def read_letters(plugin: str, letters: Sequence[Letter]) -> list[Reply]:
    """Read documents on this worker (a task); a disk that fails here gives none."""
    try:
        return _plugin(plugin).read(letters)
    except OSError:
        return [Reply(letter.job.sha256, None) for letter in letters]


def count_pages(plugin: str, letter: Letter) -> list[Reply]:
    """Count the pages of a document on this worker (a task)."""
    return read_letters(plugin, [replace(letter, job=replace(letter.job, function=COUNT))])


def read_part(plugin: str, letter: Letter, bounds: tuple[int, int]) -> PartReply:
    """Read a range of pages on this worker (a task)."""
    try:
        return _plugin(plugin).read_part(letter, bounds)
    except OSError:
        return PartReply(None, 0.0)


def join_parts(plugin: str, letter: Letter, bounds: tuple[int, ...], *parts: PartReply) -> list[Reply]:
    """Put a document together on this worker (a task)."""
    try:
        return _plugin(plugin).join(letter, bounds, parts)
    except OSError:
        return [Reply(letter.job.sha256, None)]


def say_problem(plugin: str, dask_worker: Worker) -> str:
    """Return why a worker may not read for a run, or an empty text (Dask passes the worker)."""
    return _plugin(plugin, dask_worker).problem


def _plugin(name: str, worker: Worker | None = None) -> ReadingPlugin:
    plugin = (worker or get_worker()).plugins[name]
    if not isinstance(plugin, ReadingPlugin):
        raise TypeError(f"no reading plugin: {name}")
    return plugin
