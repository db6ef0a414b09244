"""A run, from folders to the database, in four steps that other engines can call one by one.

``plan_run`` takes the lock and decides what to do; ``read_batch`` lets processes read; ``load_outcome`` writes one
document; ``finish_run`` closes the books. ``ingest`` is the four in a row on this machine. These five names, the fields
of ``IngestOptions`` and ``Progress``, and ``RunSummary`` are stable. One ``Run`` belongs to one thread.
"""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from models.corrections import DocumentCorrections
from models.facts import DocumentKind
from pipeline.corrections.files import corrections_mark, read_corrections
from pipeline.corrections.placing import check_known, count_stale, store_unplaced
from pipeline.inbox import open_inbox
from pipeline.intake import Identified, identify, is_unchanged, scan
from pipeline.lock import writer_lock
from pipeline.passwords import read_passwords
from pipeline.plan import ToRead, Wish, make_plan, read_ledger
from pipeline.pool import ReaderPool
from pipeline.reasons import PASSING_REASONS, Reason
from pipeline.rule_gate import await_check, start_check
from pipeline.run import Batch, Engine, IngestOptions, Progress, Reader, Run, check_engine
from pipeline.split import allot_parts, opens_pdf, read_split
from pipeline.store.change_rows import count_changes, forget_old_changes, note_changes, read_before
from pipeline.store.failures import storage_errors
from pipeline.store.ids import document_id
from pipeline.store.kept import trim_pages
from pipeline.store.ledger import (
    Refusal,
    attach_files,
    drop_documents_without_files,
    mark_gone,
    note_refusal,
    settle_document,
)
from pipeline.store.load import DocumentFile, Loaded, load_extraction, load_quarantine, load_same, utc_now
from pipeline.store.restrict import mark_restricted
from pipeline.store.schema import open_database, writing
from pipeline.store.search import merge_pieces
from pipeline.summary import RunSummary, read_totals, read_unloaded
from pipeline.work import Job, Outcome

__all__ = [
    "Batch",
    "Engine",
    "IngestOptions",
    "Outcome",
    "Progress",
    "Reader",
    "Run",
    "RunSummary",
    "finish_run",
    "ingest",
    "load_outcome",
    "plan_run",
    "read_batch",
]


def ingest(
    paths: Sequence[Path],
    options: IngestOptions,
    report: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> RunSummary:
    """Bring the database in line with what lies under ``paths``; return what was done.

    ``report`` is called after each document, ``on_wait`` once when another run must be waited for. Raises
    ``PescoError`` with one clear line when the run cannot go on; what was loaded until then stays, and the next run
    goes on from there.
    """
    with _prepare(paths, options, on_wait) as run:
        if run.check is None or not run.jobs or any(opens_pdf(job) for job in run.jobs):
            _open_run(run)
        if run.jobs:
            with run.make_pool() as reader, contextlib.closing(read_batch(run.jobs, reader)) as outcomes:
                for outcome in outcomes:
                    _open_run(run)  # kept pages are read while the rules are checked
                    progress = load_outcome(run, outcome)
                    if report is not None:
                        report(progress)
        return finish_run(run)


def plan_run(paths: Sequence[Path], options: IngestOptions, on_wait: Callable[[str], None] | None = None) -> Run:
    """Take the lock, open the database, write what needs no reading, and return the run with the jobs left to do.

    Raises ``LockedError`` when another run holds the lock, ``RuleError`` when rules are broken, ``PescoError`` for
    paths that are not there and for a database that cannot be used.
    """
    run = _prepare(paths, options, on_wait)
    with run.given_up_on_errors():
        _open_run(run)
    return run


def _prepare(paths: Sequence[Path], options: IngestOptions, on_wait: Callable[[str], None] | None) -> Run:
    """Take the lock, open the database, start to check the rules and decide what to do; nothing is written yet."""
    check_engine(options.engine)
    passwords, mark = read_passwords(options.password_file)
    with contextlib.ExitStack() as resources:
        resources.enter_context(writer_lock(options.db, wait_seconds=options.wait_seconds, on_wait=on_wait))
        connection = open_database(options.db)
        resources.callback(connection.close)
        run = Run(options, resources.pop_all(), connection)
        run.say = on_wait or run.say
    with run.given_up_on_errors(), storage_errors(options.db):
        run.passwords_mark, run.paths = mark, tuple(paths)
        run.check = start_check(connection, run.versions, options.gazetteers, run.resources)
        _make_plan(run, paths)
        run.jobs = _jobs(run, passwords)
    return run


def read_batch(batch: Batch, reader: ReaderPool | Reader) -> Generator[Outcome, None, None]:
    """Yield the outcome of each job of a batch as it comes; raises ``RuleError`` when rules are broken, ``PescoError``
    when a cluster is lost."""
    return read_split(batch, reader) if isinstance(reader, ReaderPool) else reader.read(batch)


def load_outcome(run: Run, outcome: Outcome) -> Progress:
    """Write one document, or why it gave nothing, all or nothing; return how far the run is.

    It is committed with others, at the latest by ``finish_run`` or when the run is left.
    """
    task = run.tasks[outcome.sha256]
    run.done += 1
    with storage_errors(run.options.db), run.group.document():
        if outcome.reason is Reason.BUSY:
            return _let_wait(run, task, Reason.BUSY)
        still = [file for file in task.files if outcome.source == "kept" or is_unchanged(file.location, file.facts)]
        for file in task.files:
            if file not in still:
                _note_waiting(run, file, Reason.STILL_COPIED)
        if not still:
            run.options.kept_pages(run.versions.reader).drop(task.sha256)
            return _progress(run, task.files[0], "waiting", Reason.STILL_COPIED)
        before = read_before(run.connection, document_id(task.sha256), [file.facts.path for file in still])
        loaded = _load(run, task, still, outcome)
        note_changes(run.connection, run.id, loaded, before)
        run.count.add(loaded)
        for file in still:
            _note_file(run, file.facts.path, loaded, loaded.status, loaded.reason, outcome)
    return _progress(run, still[0], loaded.status, loaded.reason)


def finish_run(run: Run) -> RunSummary:
    """Close the books, let go of database and lock, and return what was done."""
    with storage_errors(run.options.db):
        run.group.commit()
        if run.count.documents:
            forget_old_changes(run.connection)
            merge_pieces(run.connection)
        run.count.has_changed |= store_unplaced(run.connection, run.corrections)
        reach = run.plan.in_reach
        summary = RunSummary(
            run_id=run.id,
            files=len(reach),
            documents=run.count.documents,
            unchanged=run.plan.unchanged,
            gone=len(run.plan.gone),
            pages=run.count.pages,
            mentions=run.count.mentions,
            mentions_by_kind=run.count.mentions_by_kind,
            issues=run.count.issues,
            seconds=time.monotonic() - run.started,
            has_changed=run.count.has_changed,
            unloaded=tuple(read_unloaded(run.connection, reach, ("quarantined", "needs_ocr"))),
            waiting=tuple(read_unloaded(run.connection, reach, ("waiting",))),
            totals=read_totals(run.connection),
            stale_corrections=count_stale(run.connection),
            went_on_from=run.went_on_from,
            changes=count_changes(run.connection, run.id),
        )
        _close_books(run, summary)
        if run.options.is_rehearsal:
            return _left(run, summary)
        for problem in run.inbox.settle():
            run.say(problem)
        if run.count.has_changed:
            trim_pages(run.options.pages_folder, run.options.kept_bytes)
    return _left(run, summary)


def _left(run: Run, summary: RunSummary) -> RunSummary:
    """Let go of database and lock."""
    run.close()
    return summary


def _make_plan(run: Run, paths: Sequence[Path]) -> None:
    """Look at the folders and decide what to do."""
    options = run.options
    ledger = read_ledger(run.connection)
    scanned = scan(paths)
    files, refusals = identify(
        scanned, ledger.hashes, max_bytes=options.limits.max_bytes, settle_seconds=options.settle_seconds
    )
    run.inbox = open_inbox(run.connection, scanned)
    run.corrections = read_corrections(options.corrections)
    wish = Wish(
        run.versions,
        options.retry,
        options.again,
        run.passwords_mark,
        run.inbox.kinds,
        options.selection,
        run.corrections,
    )
    run.plan = make_plan(scanned, files, refusals, ledger, wish)
    run.tasks = {task.sha256: task for task in run.plan.to_read}


def _open_run(run: Run) -> None:
    """Wait for the check of the rules, then open the books, unless they are open; raises ``RuleError``."""
    if run.id:
        return
    with storage_errors(run.options.db):
        if run.check is not None:
            run.count.has_changed |= await_check(run.connection, run.versions, run.check)
        check_known(run.connection, run.corrections)
        _open_books(run)


def _open_books(run: Run) -> None:
    """Write the run's row, and everything about files that needs no reading."""
    connection, plan, now = run.connection, run.plan, utc_now()
    options = {
        "workers": run.options.n_workers,
        "engine": run.options.engine.value,
        "retry": run.options.retry,
        "again": run.options.again.value,
        **run.options.selection.model_dump(mode="json", exclude_defaults=True),
    }
    with writing(connection):
        run.went_on_from = _close_dead_run(connection)
        cursor = connection.execute(
            "INSERT INTO runs (started, status, folders, options, reader_version, rules_version)"
            " VALUES (?, 'running', ?, ?, ?, ?)",
            (now, json.dumps([os.fspath(path) for path in run.paths]), json.dumps(options), run.versions.reader,
             run.versions.rules),
        )  # fmt: skip
        run.id = int(cursor.lastrowid or 0)
        for refusal in plan.refusals:
            if note_refusal(connection, refusal, now):
                run.count.has_changed = True
                outcome = "waiting" if refusal.reason in PASSING_REASONS else "quarantined"
                _note_file(run, refusal.path, None, outcome, refusal.reason)
        if mark_gone(connection, plan.gone, now):
            run.count.has_changed = True
            for path in plan.gone:
                _note_file(run, path, None, "gone", None)
        run.count.has_changed |= run.inbox.store(connection)
        if run.options.restricted and mark_restricted(connection, plan.in_reach):
            run.count.has_changed = True
        for sha256, files in plan.to_attach:
            document = DocumentFile(sha256, files[0].size, files)
            left = attach_files(connection, document.id, files, now)
            settle_document(connection, document.id, now)
            drop_documents_without_files(connection, left, now)
            run.count.has_changed = True
            for file in files:
                _note_file(run, file.path, None, "moved", None)


def _close_dead_run(connection: sqlite3.Connection) -> int | None:
    """Mark a run that ended without a word, as only a kill lets it; return its number when it was the last one."""
    connection.execute(
        "UPDATE runs SET status = 'failed', message = 'it ended without a word' WHERE status = 'running'"
    )
    last = connection.execute("SELECT id, status, finished FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    if last is None or last["status"] != "failed" or last["finished"] is not None:
        return None
    return int(last["id"])


def _close_books(run: Run, summary: RunSummary) -> None:
    run.connection.execute(
        "UPDATE runs SET finished = ?, status = ?, files = ?, documents = ?, quarantined = ?, pages = ?, mentions = ?,"
        " issues = ?, seconds = ?, message = ? WHERE id = ?",
        (
            utc_now(),
            summary.status,
            summary.files,
            summary.documents,
            len(summary.unloaded),
            summary.pages,
            summary.mentions,
            summary.issues,
            round(summary.seconds, 3),
            summary.message,
            run.id,
        ),
    )


def _jobs(run: Run, passwords: tuple[str, ...]) -> Batch:
    """Return the jobs, the largest first, so that none is left to run alone at the end."""
    jobs = [_job(run, task, passwords) for task in run.plan.to_read]
    sizes = [task.files[0].facts.size for task in run.plan.to_read]
    parts = allot_parts(jobs, sizes, run.options.n_workers)
    order = sorted(range(len(jobs)), key=lambda i: -sizes[i])
    return tuple(replace(jobs[i], parts=parts[i]) for i in order)


def _job(run: Run, task: ToRead, passwords: tuple[str, ...]) -> Job:
    """Return the job that reads a document, with limits by its size and, when known, its pages."""
    options = run.options
    size = task.files[0].facts.size
    return Job(
        sha256=task.sha256,
        location=str(task.files[0].location),
        seconds=options.limits.seconds_for(size, task.known.pages if task.known else None),
        memory_bytes=options.limits.memory_for(size),
        passwords=passwords,
        use_ocr=options.use_ocr,
        ocr_seconds=options.limits.ocr_seconds if _has_ocr(options) else 0.0,
        ocr_memory_bytes=options.limits.ocr_memory,
        kept=options.kept_pages(run.versions.reader),
        is_fresh=task.is_fresh,
        function=options.function,
        kind=None if task.kind is None else DocumentKind(task.kind),
        corrections=DocumentCorrections(document_id(task.sha256), task.corrections),
        digest=task.digest if options.gazetteers is None else None,
    )


def _has_ocr(options: IngestOptions) -> bool:
    return options.use_ocr and find_spec("rapidocr") is not None


def _load(run: Run, task: ToRead, files: Sequence[Identified], outcome: Outcome) -> Loaded:
    """Load what was read; rows that do not fit the database cost the document, not the run."""
    facts = tuple(file.facts for file in files)
    mark = corrections_mark(task.corrections)
    document = DocumentFile(task.sha256, facts[0].size, facts, run.passwords_mark, mark)
    if outcome.is_same and outcome.digest is not None:
        return load_same(run.connection, document, outcome.digest, run.versions)
    if outcome.extraction is None:
        reason = outcome.reason or Reason.CRASHED
        return load_quarantine(run.connection, document, reason, outcome.detail, run.versions)
    try:
        digest = outcome.digest if run.options.gazetteers is None else None
        return load_extraction(run.connection, document, outcome.extraction, run.versions, digest)
    except sqlite3.IntegrityError as error:
        return load_quarantine(run.connection, document, Reason.NOT_LOADABLE, str(error), run.versions)


def _note_file(
    run: Run, path: str, loaded: Loaded | None, result: str, reason: Reason | None, outcome: Outcome | None = None
) -> None:
    """Write what this run did to a path."""
    run.connection.execute(
        "INSERT OR REPLACE INTO run_files"
        " (run_id, path, document_id, outcome, reason, source, pages, mentions, seconds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run.id,
            path,
            loaded and loaded.document_id,
            result,
            reason and reason.value,
            outcome and outcome.source,
            loaded and loaded.pages,
            loaded and loaded.mentions,
            outcome and round(outcome.seconds, 4),
        ),
    )


def _progress(run: Run, file: Identified, status: str, reason: Reason | None) -> Progress:
    return Progress(file.facts.filename, status, run.done, run.total, reason and reason.value)


def _let_wait(run: Run, task: ToRead, reason: Reason) -> Progress:
    """Leave a document to the next run, with what was read of it before."""
    for file in task.files:
        _note_waiting(run, file, reason)
    return _progress(run, task.files[0], "waiting", reason)


def _note_waiting(run: Run, file: Identified, reason: Reason) -> None:
    note_refusal(run.connection, Refusal(file.facts.path, file.facts.filename, reason), utc_now())
    run.count.has_changed = True
    _note_file(run, file.facts.path, None, "waiting", reason)
