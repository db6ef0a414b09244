"""``pesco timeline``: a project or a state through its documents, as tables or JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from flows.terminal import add_row, make_table, open_console, plain, print_json
from pipeline.timeline import DATES, ROLES, Change, Record, Timeline, read_timeline


def print_timeline(identifier: str, db: Path, *, as_json: bool) -> None:
    """Print the timeline of a project or a state; raises ``PescoError`` when no such thing has that name."""
    timeline = read_timeline(db, identifier)
    if as_json:
        print_json(asdict(timeline))
        return
    console = open_console()
    console.print(f"{timeline.kind} {plain(timeline.id)}: {plain(timeline.title)}")
    if not timeline.editions and not timeline.roles:
        console.print("No document says anything of it yet.")
        return
    if timeline.kind == "project":
        _print_editions(console, timeline.editions)
    else:
        _print_statuses(console, timeline)
        _print_roles(console, timeline.roles)
    _print_changes(console, timeline.changes)


def _print_editions(console: Console, editions: Sequence[Record]) -> None:
    """Print one row a document: members by role, phase and dates; columns that nobody fills are left out."""
    names = [name for name in (*ROLES, "phase", *DATES) if any(edition[name] for edition in editions)]
    table = make_table("as of", "document", *(name.replace("_", " ") for name in names))
    for edition in editions:
        add_row(table, edition["as_of"], edition["filename"], *(edition[name] for name in names))
    console.print(table)


def _print_statuses(console: Console, timeline: Timeline) -> None:
    """Print a grid: commitments down, documents across; what is said of all states is marked so."""
    sources = list(dict.fromkeys((str(row["as_of"]), str(row["filename"])) for row in timeline.editions))
    said: dict[tuple[str, str], str] = {}
    for row in reversed(timeline.editions):  # what is said of the state itself comes first in its document, and counts
        mark = " (all)" if row["state"] == "ALL" else ""
        said[str(row["filename"]), str(row["commitment"])] = f"{row['status']}{mark}"
    if not said:
        return
    table = make_table("commitment#", *(f"{as_of} {filename}" for as_of, filename in sources))
    for commitment in sorted({commitment for _, commitment in said}, key=int):
        add_row(table, commitment, *(said.get((filename, commitment)) for _, filename in sources))
    console.print(table)


def _print_roles(console: Console, roles: Sequence[Record]) -> None:
    """Print one row a document and role: the projects."""
    grouped: dict[tuple[object, object, object], list[str]] = {}
    for row in roles:
        grouped.setdefault((row["as_of"], row["filename"], row["role"]), []).append(str(row["project"]))
    if grouped:
        table = make_table("as of", "document", "role", "projects")
        for (as_of, filename, role), projects in grouped.items():
            add_row(table, as_of, filename, role, ", ".join(projects))
        console.print(table)


def _print_changes(console: Console, changes: Sequence[Change]) -> None:
    if not changes:
        console.print("Nothing changed between editions.")
        return
    table = make_table("changed", "before", "after", "months#", "from", "to", title="Changes between editions")
    for change in changes:
        add_row(table, change.what, change.before, change.after, _months(change), change.was_filename, change.filename)
    console.print(table)


def _months(change: Change) -> str | None:
    """Return how far a date slipped: ``+6``, or ``+3 to +14`` where the prints are of unlike precision."""
    if change.months is not None:
        return f"{change.months:+d}"
    if change.months_least is None and change.months_most is None:
        return None
    least, most = ("?" if bound is None else f"{bound:+d}" for bound in (change.months_least, change.months_most))
    return f"{least} to {most}"
