"""``pesco diff`` and ``pesco ingest --dry-run``: what changed, as tables, JSON or Markdown."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from flows.progress import show_progress
from flows.request import IngestRequest
from flows.runs import print_unloaded
from flows.terminal import add_row, make_table, open_console, plain, print_json
from models.errors import PescoError
from pipeline.changes import WHATS, Diff, read_diff, report_of

_SHOWN_PER_RULE = 20
_SIGNS = {"gained": "+", "lost": "-", "changed": "~"}


def print_diff(
    db: Path, runs: Sequence[int], documents: tuple[str, str] | None, *, markdown: str | None, as_json: bool
) -> None:
    """Print what a run changed (the last one, if none is named), what all runs after the first of two up to the second
    changed, or how two documents differ; raises ``PescoError``."""
    if documents is not None:
        from pipeline.compare import compare_documents

        if runs:
            raise PescoError("name runs or --documents, not both")
        compared = compare_documents(db, *documents)
        diff, title = compared.diff, f"From {compared.one} to {compared.other}"
    else:
        if len(runs) > 2:
            raise PescoError("name one run, or two")
        diff = read_diff(db, *runs)
        names = f"run {diff.first}" if diff.first == diff.last else f"runs {diff.first} to {diff.last}"
        title = f"Changes of {names}"
    if markdown is not None:
        _write(markdown, report_of(diff, title))
    if as_json:
        print_json({"title": title, **diff_record(diff)})
    elif markdown is None:
        print_changes(diff, title)


def rehearse_request(request: IngestRequest, *, as_json: bool) -> int:
    """Do a run that writes nothing, print what it would change, return the exit code it would have."""
    from pipeline.rehearsal import rehearse

    with show_progress() as report:
        summary, diff = rehearse(request.locations(), request.options(), report)
    if as_json:
        print_json({"dry_run": True, **asdict(summary), "exit_code": summary.exit_code, "diff": diff_record(diff)})
        return summary.exit_code
    print_changes(diff, "This run would change")
    print_unloaded(summary.unloaded)
    print_unloaded(summary.waiting)
    open_console().print("This was a dry run: nothing was written.")
    return summary.exit_code


def diff_record(diff: Diff) -> dict[str, object]:
    """Return changes for JSON, grouped by rule."""
    rules = [
        {
            "rule": rule,
            **{what: sum(one.what == what for one in changes) for what in WHATS},
            "changes": [{**asdict(one), "words": one.words} for one in changes],
        }
        for rule, changes in diff.by_rule().items()
    ]
    return {"first_run": diff.first, "last_run": diff.last, **diff.counts(), "rules": rules}


def print_changes(diff: Diff, title: str) -> None:
    """Print changes: a table of rules, then the first changes of each."""
    console = open_console()
    if not diff.changes:
        console.print(plain(f"{title}: nothing."), soft_wrap=True)
        return
    counts = diff.counts()
    console.print(plain(f"{title}: " + ", ".join(f"{counts[what]} {what}" for what in WHATS)), soft_wrap=True)
    overview = make_table("rule", *(f"{what}#" for what in WHATS))
    for rule, changes in diff.by_rule().items():
        add_row(overview, rule, *(sum(one.what == what for one in changes) for what in WHATS))
    console.print(overview)
    for rule, changes in diff.by_rule().items():
        table = make_table("", "document", "page#", "what", "print", title=plain(rule))
        for one in changes[:_SHOWN_PER_RULE]:
            add_row(table, _SIGNS[one.what], one.filename, one.page, one.words, one.quote[:80])
        console.print(table)
        if len(changes) > _SHOWN_PER_RULE:
            console.print(f"{len(changes) - _SHOWN_PER_RULE} more; --json and --markdown list them.")


def _write(target: str, text: str) -> None:
    """Write text to a file, or to standard output when it is ``-``; raises ``PescoError``."""
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise PescoError(f"{target} cannot be written: {error.strerror}") from error
