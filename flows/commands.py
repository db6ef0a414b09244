"""``pesco status``, ``show`` and ``forget``: one function of ``pipeline`` each, and its answer printed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from flows.runs import print_unloaded
from flows.terminal import add_row, make_table, open_console, plain, print_json
from pipeline.corrections.placing import StaleCorrection
from pipeline.show import find_entity
from pipeline.status import Status, read_status
from pipeline.store.keep import forget

Record = Mapping[str, object]
# What a person reads first; a script gets every column.
HIDDEN_COLUMNS = frozenset(
    {
        "document_id", "print_id", "position", "part", "rules_version", "reader_version", "code_version", "span_start",
        "span_end", "is_ocr", "mention_ids", "x0", "top", "x1", "bottom", "date_from", "date_to", "was_from", "was_to",
        "mtime_ns", "tried", "evidence",
    }
)  # fmt: skip
SHOWN_ROWS = 20


def print_status(db: Path, *, as_json: bool) -> None:
    """Print how things stand in a database; raises ``PescoError`` when there is none."""
    status = read_status(db)
    if as_json:
        print_json(_status_record(status))
        return
    console = open_console()
    console.print(f"{plain(db)}: {status.totals.pages} pages, {status.totals.mentions} mentions")
    _print_counts(console, "documents", status.documents)
    _print_counts(console, "files", status.files)
    issues = make_table("severity", "code", "issues#")
    for (severity, code), number in status.issues.items():
        add_row(issues, severity, code, number)
    if status.issues:
        console.print(issues)
    runs = make_table("run#", "started", "status", "seconds#", "message")
    for run in status.runs:
        add_row(runs, run.id, run.started, run.status, run.seconds, run.message)
    console.print(runs)
    _print_stale(console, status.stale_corrections)
    print_unloaded(status.unloaded)
    print_unloaded(status.waiting)


def _status_record(status: Status) -> dict[str, object]:
    """Return a status for JSON, whose keys are single words."""
    issues = [{"severity": severity, "code": code, "issues": n} for (severity, code), n in status.issues.items()]
    return {
        "db": status.db,
        "totals": asdict(status.totals),
        "documents": status.documents,
        "files": status.files,
        "unloaded": [asdict(file) for file in status.unloaded],
        "waiting": [asdict(file) for file in status.waiting],
        "issues": issues,
        "stale_corrections": [asdict(one) for one in status.stale_corrections],
        "runs": [asdict(run) for run in status.runs],
    }


def _print_stale(console: Console, corrections: Sequence[StaleCorrection]) -> None:
    """Print the corrections that are not applied, and what to do."""
    if not corrections:
        return
    table = make_table("file", "correction", "document", "not applied, as", title="Stale corrections")
    for one in corrections:
        add_row(table, one.file, f"{one.action} {one.kind} {one.target_id}".strip(), one.document, one.reason)
    console.print(table)
    console.print("Look whether each is still needed: delete its entry, or correct anew with `pesco correct`.")


def _print_counts(console: Console, title: str, counts: Mapping[str, int]) -> None:
    table = make_table(title, "#")
    for name, number in counts.items():
        add_row(table, name, number)
    console.print(table)


def print_entity(identifier: str, db: Path, *, as_json: bool) -> None:
    """Print one thing with its evidence; raises ``PescoError`` when nothing or too much has that name."""
    entity = find_entity(db, identifier)
    if as_json:
        print_json(asdict(entity))
        return
    console = open_console()
    console.print(f"{entity.kind} {plain(entity.id)}: {plain(entity.title)}")
    _print_record(console, entity.record)
    for title, rows in entity.sections.items():
        _print_rows(console, f"{title} ({entity.counts[title]})", rows)
    if any(count > SHOWN_ROWS for count in entity.counts.values()):
        console.print(f"Lists end at {SHOWN_ROWS} rows; --json gives more, `pesco browse` all.")


def _print_record(console: Console, record: Record) -> None:
    """Print the columns that have a value, one a line, and each box on its page."""
    table = make_table("", "")
    table.show_header = False
    for name, value in record.items():
        if value not in (None, "") and name != "boxes":
            add_row(table, name, value)
    for box in _boxes(record):
        add_row(table, "box", box)
    console.print(table)


def _print_rows(console: Console, title: str, rows: Sequence[Record]) -> None:
    """Print the first rows of a list, without the columns that are for scripts."""
    rows = rows[:SHOWN_ROWS]
    names = [
        name for name in rows[0] if name not in HIDDEN_COLUMNS and any(row[name] not in (None, "") for row in rows)
    ]
    table = make_table(*("place" if name == "boxes" else name for name in names), title=title)
    for row in rows:
        add_row(table, *(", ".join(_boxes(row)) if name == "boxes" else row[name] for name in names))
    console.print(table)


def _boxes(record: Record) -> list[str]:
    """Return a mention's boxes in words."""
    boxes = record.get("boxes")
    if not isinstance(boxes, list):
        return []
    return [
        f"p. {box['page']} at {box['x0']:.0f},{box['top']:.0f} to {box['x1']:.0f},{box['bottom']:.0f}" for box in boxes
    ]


def forget_document(identifier: str, db: Path, wait_seconds: float, *, as_json: bool) -> None:
    """Remove a document for good and say which files held it; raises ``PescoError`` when there is none."""
    gone = forget(db, identifier, wait_seconds=wait_seconds)
    if as_json:
        print_json(asdict(gone))
        return
    console = open_console()
    console.print(f"document {gone.document_id}, {plain(gone.filename)}, is forgotten")
    for path in gone.paths:
        console.print(f"{plain(path)} is read again by the next run if it still lies there", soft_wrap=True)
