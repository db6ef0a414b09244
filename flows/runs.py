"""``pesco ingest``: the run, with Prefect or without, its summary, and the exit code."""

import sys
from dataclasses import asdict

from flows.progress import Report, show_progress
from flows.request import IfRunning, IngestRequest
from flows.terminal import add_row, make_table, open_console, plain, print_json
from pipeline.lock import LockedError
from pipeline.patience import patiently
from pipeline.summary import RunSummary, Unloaded

KINDS = ("project", "state", "date", "commitment", "commitment_area")


def ingest_request(request: IngestRequest, *, is_direct: bool, as_json: bool) -> int:
    """Do what is asked for, print the summary, return the exit code; raises ``PescoError`` when the run failed."""
    try:
        with show_progress() as report:
            summary = _run(request, report, is_direct=is_direct)
    except LockedError as error:
        if request.if_running is not IfRunning.SKIP:
            raise
        return _say_skipped(str(error), as_json=as_json)
    if as_json:
        print_json({**asdict(summary), "status": summary.status, "exit_code": summary.exit_code})
    else:
        print_summary(summary)
    return summary.exit_code


def _run(request: IngestRequest, report: Report, *, is_direct: bool) -> RunSummary:
    """Run it here, or as a flow, whose server takes seconds to start; a run with nothing to read needs none."""
    from pipeline.ingest import finish_run, ingest, plan_run

    if is_direct:
        return patiently(lambda: ingest(request.locations(), request.options(), report, _say), _say)
    with patiently(lambda: plan_run(request.locations(), request.options(), _say), _say) as run:
        if not run.jobs:
            return finish_run(run)
        from flows.ingest import Desk, run_flow

        return run_flow(request, Desk(report, _say, run=run))


def _say_skipped(reason: str, *, as_json: bool) -> int:
    """Say that another run does the work."""
    if as_json:
        print_json({"status": "skipped", "message": reason, "exit_code": 0})
    else:
        _say(f"skipped: {reason}")
    return 0


def _say(sentence: str) -> None:
    """Print a sentence on standard error."""
    sys.stderr.write(plain(sentence) + "\n")


def print_summary(summary: RunSummary) -> None:
    """Print what a run did, what the database holds, what did not load, and what to type next."""
    console = open_console()
    table = make_table("", "this run#", "in the database#")
    totals = summary.totals
    add_row(table, "documents", summary.documents, totals.documents)
    add_row(table, "pages", summary.pages, totals.pages)
    add_row(table, "mentions", summary.mentions, totals.mentions)
    for kind in KINDS:
        add_row(table, f"  {kind}", summary.mentions_by_kind.get(kind, 0), totals.mentions_by_kind.get(kind, 0))
    add_row(table, "issues", summary.issues, totals.issues)
    add_row(table, "seconds", f"{summary.seconds:.1f}")
    console.print(table)
    console.print(plain(summary.message))
    if any(summary.changes.values()):
        counts = ", ".join(f"{number} {what}" for what, number in summary.changes.items())
        console.print(f"Changes: {counts}; `{command()} diff` shows them.", soft_wrap=True)
    print_unloaded(summary.unloaded)
    print_unloaded(summary.waiting)
    console.print(f"Next: {command()} {'status' if summary.unloaded else 'browse'}")


def print_unloaded(files: tuple[Unloaded, ...]) -> None:
    """Print files that are not loaded, why, and what to do; nothing when there are none."""
    if not files:
        return
    table = make_table("file", "status", "reason", "what to do")
    for file in files:
        add_row(table, file.path, file.status, file.reason, file.advice)
    open_console().print(table)


def command() -> str:
    """Return how this command was called, for a line that can be typed again."""
    called = plain(sys.argv[0])
    return called if called.endswith("pesco") and not called.startswith("/") else "pesco"
