"""``pesco fetch``: public documents into the inbox, and what became of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from flows.terminal import add_row, make_table, open_console, plain, print_json
from pipeline.fetch.run import FetchOptions, Step, fetch_all, plan_fetch
from pipeline.fetch.sources_file import read_sources_file
from pipeline.limits import MIB, Limits

SOMETHING_FAILED = 3


def fetch_documents(
    sources: Path, folder: Path, *, delay: float, size_limit: int | None, is_dry: bool, as_json: bool
) -> int:
    """Fetch what is new or changed, or say what would be; print it and return the exit code: 3 when one failed.

    Raises ``PescoError`` when the sources file is wrong or the folder can't be written.
    """
    wanted = read_sources_file(sources)
    folder = folder.absolute()
    if is_dry:
        steps = plan_fetch(wanted, folder)
    else:
        max_bytes = Limits().max_bytes if size_limit is None else size_limit * MIB
        steps = fetch_all(wanted, FetchOptions(folder, delay, max_bytes), _report)
    if as_json:
        print_json([{**asdict(step.wanted), **asdict(step)} for step in steps])
    else:
        _print_steps(steps, is_dry=is_dry)
    return SOMETHING_FAILED if any(step.result == "failed" for step in steps) else 0


def _report(step: Step) -> None:
    """Say on standard error what became of a document."""
    size = f", {step.size / MIB:.1f} MiB" if step.size else ""
    detail = f": {plain(step.detail)}" if step.detail else ""
    line = f"{plain(step.wanted.filename)}: {step.result}{size}{detail}"
    open_console(stderr=True).print(line, soft_wrap=True)


def _print_steps(steps: Sequence[Step], *, is_dry: bool) -> None:
    """Print the plan as a table, or what was done in a line, and what to type next."""
    console = open_console()
    if is_dry:
        table = make_table("file", "", "from")
        for step in steps:
            add_row(table, step.wanted.filename, step.result, step.wanted.url)
        console.print(table)
        console.print(f"{len(steps)} documents; nobody was asked")
        return
    counts = Counter(step.result for step in steps)
    said = ", ".join(f"{counts[name]} {name}" for name in ("new", "changed", "unchanged", "failed") if counts[name])
    console.print(f"{len(steps)} documents: {said or 'nothing to do'}")
    if counts["new"] or counts["changed"]:
        console.print("Next: pesco ingest")
