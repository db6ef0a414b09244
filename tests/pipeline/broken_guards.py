"""A switch that takes one guard away, to see its test fail without it: ``BREAK_GUARD=lock pytest tests/pipeline``.

``test_guards.py`` throws every switch. Each entry says what is broken and which test must then fail; what was seen
stands in ``docs/reliability.md``. Never set outside of tests.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path

import pipeline.ingest
import pipeline.intake
import pipeline.lock
import pipeline.names
import pipeline.plan
import pipeline.pool
import pipeline.run
import pipeline.store.check
import pipeline.store.columns
import pipeline.store.failures
import pipeline.store.keep
import pipeline.store.ledger
import pipeline.store.load
import pipeline.store.rows
import pipeline.store.schema
import pipeline.work

SWITCH = "BREAK_GUARD"


@dataclass(frozen=True, slots=True)
class Guard:
    """What guards, how the switch takes it away, and the test that must then fail."""

    says: str
    take_away: Callable[[], None]
    test: str


@contextlib.contextmanager
def no_context(*_arguments: object, **_named: object) -> Iterator[None]:
    yield


def put(value: object, *places: str) -> None:
    """Put a value in place of what stands at ``module.name``, wherever it was imported to."""
    for place in places:
        module, _, name = place.rpartition(".")
        target = pipeline
        for part in module.split("."):
            target = getattr(target, part)
        setattr(target, name, value)


def no_transaction() -> None:
    put(no_context, "store.schema.writing", "store.load.writing", "ingest.writing", "store.keep.writing")


def no_guard() -> None:
    def unguarded(job: pipeline.work.Job, _start: float) -> pipeline.work.Outcome:
        extraction, source = pipeline.work._load_function(job.function)(job)
        return pipeline.work.Outcome(job.sha256, extraction, source=source)

    put(unguarded, "work._guarded")


def no_memory_limit() -> None:
    put(None, "work.resource")


def no_time_limit() -> None:
    if hasattr(signal, "setitimer"):
        watch = signal.setitimer

        def watch_the_parent_only(*arguments: float) -> tuple[float, float]:
            # The test runner watches its own time in the same way.
            return watch(*arguments) if parent_process() is None else (0.0, 0.0)  # type: ignore[arg-type]

        signal.setitimer = watch_the_parent_only  # type: ignore[assignment]
    put(lambda _: 1e6, "pool._patience_for")


def no_loud_exit() -> None:
    put(no_context, "work._no_quiet_exit")


def no_end_with_parent() -> None:
    put(lambda: None, "work._end_with_parent")


def no_healing() -> None:
    make = pipeline.pool.ReaderPool._renew

    def make_once(pool: pipeline.pool.ReaderPool) -> object:
        if pool._pool is not None:
            raise RuntimeError("broken, and not made anew")
        return make(pool)

    put(make_once, "pool.ReaderPool._renew")
    put(0, "pool._MAX_BREAKS")


def no_lock() -> None:
    put(no_context, "lock.writer_lock", "ingest.writer_lock", "store.keep.writer_lock")


def no_second_look() -> None:
    put(lambda *_: True, "intake.is_unchanged", "ingest.is_unchanged")


def no_link_check() -> None:
    put(lambda *_: None, "intake._reason_to_refuse")


def no_name_escapes() -> None:
    put(str, "names.to_text", "intake.to_text")


def no_checksum() -> None:
    pipeline.store.columns.zlib = _Unchecked()  # type: ignore[assignment]


class _Unchecked:
    """The compression library, with a checksum that always fits."""

    def __init__(self) -> None:
        import zlib

        self._zlib = zlib

    def __getattr__(self, name: str) -> object:
        return (lambda _data: 0) if name == "crc32" else getattr(self._zlib, name)


def no_reference_check() -> None:
    put(lambda *_: None, "store.check._Gate._unfit")


def no_quarantine_memory() -> None:
    put(lambda *_: True, "plan._deserves_retry")


def no_cleaning() -> None:
    put(lambda text: text, "store.rows.clean", "store.load.clean")


def no_clear_lines() -> None:
    put(
        no_context,
        "store.schema.storage_errors",
        "lock.storage_errors",
        "ingest.storage_errors",
        "store.keep.storage_errors",
    )


def no_whole_copy() -> None:
    def copy_file(source: object, target: object) -> None:
        rows = source.execute("PRAGMA database_list").fetchone()  # type: ignore[attr-defined]
        Path(str(target)).write_bytes(Path(rows["file"]).read_bytes())

    put(copy_file, "store.keep._copy")


GUARDS = {
    "transaction": Guard(
        "a document's rows are replaced in one transaction",
        no_transaction,
        "test_load.py::test_a_failure_midway_leaves_the_old_rows",
    ),
    "kill": Guard(
        "a run that is killed leaves whole documents",
        no_transaction,
        "test_crashes.py::test_readers_see_whole_documents_only",
    ),
    "guard": Guard(
        "whatever a file raises becomes a typed reason",
        no_guard,
        "test_pool.py::test_good_documents_load_whatever_lies_among_them",
    ),
    "memory": Guard(
        "a process may take so much memory and no more",
        no_memory_limit,
        "test_pool.py::test_good_documents_load_whatever_lies_among_them",
    ),
    "time": Guard(
        "a process may take so long and no longer",
        no_time_limit,
        "test_pool.py::test_the_reason_comes_with_what_happened",
    ),
    "exit": Guard(
        "a process that leaves quietly has crashed",
        no_loud_exit,
        "test_pool.py::test_good_documents_load_whatever_lies_among_them",
    ),
    "orphans": Guard(
        "processes end with their parent",
        no_end_with_parent,
        "test_pool.py::test_processes_end_with_their_parent",
    ),
    "healing": Guard(
        "a pool that breaks is made anew",
        no_healing,
        "test_pool.py::test_a_pool_that_breaks_while_idle_is_made_anew",
    ),
    "lock": Guard("one writer at a time", no_lock, "test_lock.py::test_the_second_run_refuses_and_says_who_writes"),
    "copying": Guard(
        "a file that changes waits",
        no_second_look,
        "test_ingest.py::test_a_file_that_changes_while_it_is_read_waits",
    ),
    "links": Guard(
        "links out of the folder are refused",
        no_link_check,
        "test_ingest.py::test_links_out_of_the_folder_are_refused_by_name",
    ),
    "names": Guard(
        "any bytes of a name can be stored",
        no_name_escapes,
        "test_names.py::test_every_name_is_one_file_and_nothing_else",
    ),
    "checksum": Guard(
        "kept pages that are damaged count as none", no_checksum, "test_kept.py::test_a_damaged_file_is_refused"
    ),
    "references": Guard(
        "a record that does not fit becomes an issue",
        no_reference_check,
        "test_load.py::test_unfit_records_become_issues_with_their_payload",
    ),
    "retry": Guard(
        "quarantined bytes are not read again",
        no_quarantine_memory,
        "test_ingest.py::test_quarantined_bytes_wait_for_a_reason_to_be_read_again",
    ),
    "cleaning": Guard(
        "text that SQLite cannot hold is cleaned",
        no_cleaning,
        "test_load.py::test_text_that_sqlite_cannot_hold_is_cleaned",
    ),
    "clear lines": Guard(
        "a full disk and a read-only folder end in one clear line",
        no_clear_lines,
        "test_disks.py::test_a_full_disk",
    ),
    "copies": Guard(
        "a copy made while a run writes is whole",
        no_whole_copy,
        "test_keep.py::test_a_copy_made_while_a_run_writes_is_whole",
    ),
}


def break_guard() -> None:
    """Take away the guard that the switch names, in whatever process this runs."""
    name = os.environ.get(SWITCH)
    if name:
        GUARDS[name].take_away()


break_guard()
