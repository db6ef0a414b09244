"""The flow ``pesco-ingest``: the story of a run, with Prefect to show, schedule and repeat it.

The steps are functions of ``pipeline.ingest``. Tasks read in threads that wait for child processes, and put what they
read into a mailbox; the flow's own thread empties it and is the only one that writes. There is no flow per document, as
each would cost a second; and documents go in batches, because Prefect's record of tasks keeps up with 20 a second.
"""

import math
from collections.abc import Callable
from contextlib import closing, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from flows.settings import kept_runs, use_project_state

use_project_state()  # Prefect reads its settings when it is imported

import httpx
from prefect import flow, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State
from prefect.runtime import task_run
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.artifacts import ProgressShown, show_summary
from flows.deployments import TAG
from flows.mailbox import ClosedError, Mailbox
from flows.request import IfRunning, IngestRequest
from flows.retention import trim_records
from flows.run_names import ingest_name
from flows.server import drain, server_ready
from models.errors import PescoError
from pipeline.changes import markdown_report, report_of
from pipeline.ingest import Batch, Progress, Reader, Run, finish_run, load_outcome, plan_run, read_batch
from pipeline.lock import LockedError
from pipeline.names import for_terminal
from pipeline.patience import patiently
from pipeline.pool import ReaderPool
from pipeline.summary import RunSummary
from pipeline.work import Outcome

MAX_TASKS = 60
MAX_THREADS = 64
# Outcomes read and not yet written; the largest weigh some ten MB.
MAX_LETTERS = 32
Letters = Mailbox[Outcome | PescoError | None]


@dataclass
class Desk:
    """Where a run reports to while it runs, and leaves its summary; each process that runs flows has its own.

    ``run`` is a run that was planned before the flow began.
    """

    report: Callable[[Progress], None] = lambda _step: None
    on_wait: Callable[[str], None] = lambda _sentence: None
    summary: RunSummary | None = None
    n_tasks: int = 0
    run: Run | None = None
    shown: ProgressShown = field(default_factory=ProgressShown)

    def note(self, step: Progress) -> None:
        """Report a step to the caller and to Prefect's page."""
        self.report(step)
        self.shown(step)


_DESK: ContextVar[Desk] = ContextVar("desk")


def run_flow(request: IngestRequest, desk: Desk) -> RunSummary:
    """Run the flow, with a server of its own unless one is configured; raises ``PescoError`` when the run failed."""
    keep_runs = kept_runs()
    _DESK.set(desk)
    with server_ready() as is_own:
        try:
            with tags(TAG, "ingest"):
                state = pesco_ingest(request, return_state=True)
        except httpx.HTTPError as error:
            return _without_server(desk, error)
        if is_own:
            drain(state.state_details.flow_run_id, desk.n_tasks)
            trim_records(keep_runs=keep_runs)
    if desk.summary is None:
        raise PescoError(state.message or "the run failed")
    return desk.summary


def _without_server(desk: Desk, error: httpx.HTTPError) -> RunSummary:
    """Return the summary of a run whose server went away: what was loaded is in the database; raises ``PescoError``
    when the run had not ended."""
    if desk.summary is None:
        raise PescoError(f"Prefect's server went away ({error}); run again, which goes on from here, or use --direct")
    desk.on_wait(f"Prefect's server went away ({error}): its record of this run is not complete, the database is")
    return desk.summary


@flow(
    name="pesco-ingest",
    flow_run_name=ingest_name,
    task_runner=ThreadPoolTaskRunner(max_workers=MAX_THREADS),  # type: ignore[arg-type]
    persist_result=False,
)
def pesco_ingest(request: IngestRequest = IngestRequest()) -> State[object]:  # noqa: B008 - it is frozen
    """Read new and changed PDFs and load what they say.

    Ends as Completed, CompletedWithQuarantine, DryRun, Skipped (another run writes, and the request says so) or Failed.
    """
    desk = _DESK.get(None) or Desk()
    try:
        if request.dry_run:
            return _rehearse(request, desk)
        desk.summary = patiently(lambda: _run_once(request, desk), desk.on_wait)
    except LockedError as error:
        if request.if_running is IfRunning.SKIP:
            return Completed(name="Skipped", message=str(error))
        return Failed(message=str(error))
    except PescoError as error:
        return Failed(message=str(error))
    show_summary(desk.summary, changes_of(request, desk.summary))
    name = "CompletedWithQuarantine" if desk.summary.unloaded else "Completed"
    return Completed(name=name, message=desk.summary.message)


def changes_of(request: IngestRequest, summary: RunSummary) -> str | None:
    """Return what a run changed as Markdown, or ``None`` when nothing."""
    return markdown_report(request.database(), summary.run_id) if any(summary.changes.values()) else None


def _rehearse(request: IngestRequest, desk: Desk) -> State[object]:
    """Do a run that writes nothing, and show what it would change; raises ``PescoError``."""
    from pipeline.rehearsal import rehearse

    summary, diff = rehearse(request.locations(), request.options(), desk.note)
    show_summary(summary, report_of(diff, "This run would change"))
    return Completed(name="DryRun", message="nothing was written")


def _run_once(request: IngestRequest, desk: Desk) -> RunSummary:
    """Do the run that was planned before the flow began, or plan it; raises ``PescoError``."""
    planned, desk.run = desk.run, None
    with planned or plan_run(request.locations(), request.options(), desk.on_wait) as run:
        if run.jobs:
            _read_and_load(run, desk)
        return finish_run(run)


def _read_and_load(run: Run, desk: Desk) -> None:
    """Keep a few batches under way and write each outcome as it comes."""
    batches = run.batches(math.ceil(run.total / MAX_TASKS))
    with run.make_pool() as pool, Letters(MAX_LETTERS) as mailbox:
        under_way = 0
        for batch in batches:
            read.submit(batch, pool, mailbox)
            desk.n_tasks += 1
            under_way += 1
            if under_way > pool.workers:
                _load_until_one_ends(run, mailbox, desk)
                under_way -= 1
        for _ in range(under_way):
            _load_until_one_ends(run, mailbox, desk)
    if run.done < run.total:
        raise PescoError(f"{run.total - run.done} documents were not read, as a task failed; the next run takes them")


def _load_until_one_ends(run: Run, mailbox: Letters, desk: Desk) -> None:
    """Write outcomes from the mailbox until a batch is at its end; raises the ``PescoError`` that ended one early."""
    while (letter := mailbox.get()) is not None:
        if isinstance(letter, PescoError):
            raise letter
        desk.note(load_outcome(run, letter))


def _name_of_batch() -> str:
    """Return a name for a task run: its first file, and how many more it reads."""
    batch: Batch = task_run.parameters["batch"]
    more = f" and {len(batch) - 1} more" if len(batch) > 1 else ""
    return for_terminal(f"read {Path(batch[0].location).name}{more}")


@task(name="read", task_run_name=_name_of_batch, cache_policy=NO_CACHE, persist_result=False)
def read(batch: Batch, pool: ReaderPool | Reader, mailbox: Letters) -> None:
    """Read a batch; put each outcome into the mailbox, or what ended the batch early, and ``None`` at its end."""
    with suppress(ClosedError), closing(read_batch(batch, pool)) as outcomes:
        try:
            for outcome in outcomes:
                mailbox.put(outcome)
        except PescoError as error:
            mailbox.put(error)
        finally:
            mailbox.put(None)
