"""The command ``pesco``. Each command takes its words from the shell and calls one function; nothing is decided here.

Imports stand inside the commands, so that ``pesco --help`` loads no more than typer. Exit codes: 0 all loaded, 1 usage
or set-up error, 3 the run finished but something was quarantined or needs OCR.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows import settings
from flows.copies_cli import copies_app
from flows.correct_cli import correct_app
from flows.options import CorrectionsOption, DbOption, JsonOption
from flows.rules_cli import rules_app
from flows.service_cli import service_app
from models.errors import PescoError

SET_UP_ERROR = 1
TYPER_USAGE_ERROR = 2
DEFAULT_PORT = 9001

app = typer.Typer(
    name="pesco",
    help="Turn a folder of PESCO documents in PDF into a database of facts, each with its place on the page.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="N", help="Processes that read (default: one a core).")
]


class Engine(StrEnum):
    """What reads."""

    LOCAL = "local"
    DASK = "dask"


class Again(StrEnum):
    """What ``ingest`` does again although nothing changed."""

    RULES = "rules"
    PAGES = "pages"


class IfRunning(StrEnum):
    """What ``ingest`` does while another run writes to the database."""

    FAIL = "fail"
    WAIT = "wait"
    SKIP = "skip"


@app.command()
def ingest(
    db: DbOption,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH", help="Files, folders, patterns (default: data/raw).")
    ] = None,
    workers: WorkersOption = None,
    engine: Annotated[
        Engine | None, typer.Option("--engine", help="Read on this machine (default), or by a Dask cluster.")
    ] = None,
    dask_address: Annotated[
        str | None,
        typer.Option("--dask-address", metavar="URL", help="A Dask scheduler (tcp://host:8786); implies the engine."),
    ] = None,
    direct: Annotated[bool, typer.Option("--direct", help="Do the same work without Prefect.")] = False,
    again: Annotated[
        Again | None, typer.Option("--again", help="Find all facts again, or read all PDFs again.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="This document: id, file name or path; may be repeated."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help="Documents known to be of this kind (nip, annual_report, ...)."),
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option("--year", metavar="YEAR", help="Documents known to be of this year.")
    ] = None,
    state: Annotated[
        list[str] | None, typer.Option("--state", metavar="CODE", help="Documents known to be of this state (FI).")
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Read quarantined files again.")] = False,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Keep these documents out of published copies, from now on.")
    ] = False,
    if_running: Annotated[
        IfRunning, typer.Option("--if-running", help="While another run writes: fail, wait for its end, or skip this.")
    ] = IfRunning.FAIL,
    wait: Annotated[
        float | None,
        typer.Option("--wait", metavar="SECONDS", help="Wait for another run's end (negative: for ever)."),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option("--corrections", metavar="DIR", help="Correction files (default: data/corrections)."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="Passwords to try, one a line.")
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit", min=0.1, metavar="SECONDS", help="For any document (default: 30); pages add to it."
        ),
    ] = None,
    memory_limit: Annotated[
        int | None, typer.Option("--memory-limit", min=1, metavar="MIB", help="For any document (default: 800).")
    ] = None,
    size_limit: Annotated[
        int | None, typer.Option("--size-limit", min=1, metavar="MIB", help="Largest file to read (default: 500).")
    ] = None,
    keep_pages: Annotated[
        int | None,
        typer.Option("--keep-pages", min=0, metavar="GIB", help="At most so much of what reading gave (default: 4)."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what the run would change, and write nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read new and changed PDFs and load what they say."""
    if direct and engine is not Engine.DASK and dask_address is None:
        from pipeline.foresight import start_foreseen

        start_foreseen(db, again and again.value)
    from flows.request import make_request
    from flows.runs import ingest_request

    request = make_request(
        paths or settings.inboxes(),
        db,
        workers=workers,
        engine=(engine and engine.value) or (dask_address and Engine.DASK.value),
        dask_address=dask_address,
        again=again and again.value,
        selection={
            "only": tuple(only or ()),
            "kind": tuple(kind or ()),
            "year": tuple(year or ()),
            "state": tuple(code.upper() for code in state or ()),
        },
        retry=retry,
        restricted=restricted,
        if_running=if_running.value,
        wait_seconds=wait,
        password_file=password_file,
        corrections=corrections,
        time_limit=time_limit,
        memory_limit=memory_limit,
        size_limit=size_limit,
        keep_pages=keep_pages,
    )
    if dry_run:
        from flows.diff import rehearse_request

        raise typer.Exit(rehearse_request(request, as_json=as_json))
    raise typer.Exit(ingest_request(request, is_direct=direct, as_json=as_json))


@app.command()
def fetch(
    sources: Annotated[
        Path | None, typer.Argument(metavar="SOURCES", help="YAML or CSV (default: data/sources.yml).")
    ] = None,
    into: Annotated[Path | None, typer.Option("--into", metavar="DIR", help="The folder (default: data/raw).")] = None,
    delay: Annotated[
        float, typer.Option("--delay", min=0.0, metavar="SECONDS", help="Between two requests to a host.")
    ] = 2.0,
    size_limit: Annotated[
        int | None, typer.Option("--size-limit", min=1, metavar="MIB", help="Largest document (default: 500).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched; ask nobody.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch public documents that a file lists into the inbox."""
    from flows.fetch import fetch_documents

    raise typer.Exit(
        fetch_documents(
            sources or settings.sources_file(),
            into or settings.inbox(),
            delay=delay,
            size_limit=size_limit,
            is_dry=dry_run,
            as_json=as_json,
        )
    )


@app.command()
def status(db: DbOption, as_json: JsonOption = False) -> None:
    """Say what is loaded, what is not and why, and what to do next."""
    from flows.commands import print_status

    print_status(db, as_json=as_json)


@app.command()
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A document, project, state, commitment or mention.")],
    db: DbOption,
    as_json: JsonOption = False,
) -> None:
    """Show one thing with its evidence."""
    from flows.commands import print_entity

    print_entity(identifier, db, as_json=as_json)


@app.command()
def explain(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Words, FILE.pdf, FILE.pdf:PAGE or a mention's id.")],
    db: DbOption,
    corrections: CorrectionsOption,
    as_json: JsonOption = False,
) -> None:
    """Show which rule finds what in a text or on a page, what is refused and why, or where a mention comes from."""
    from flows.explanations import print_explanation

    print_explanation(target, db, corrections, as_json=as_json)


@app.command()
def unmatched(
    db: DbOption,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only project, heading or commitment.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many are shown.")] = 40,
    as_json: JsonOption = False,
) -> None:
    """Show names, headings and numbers that no rule knows, those in most documents first."""
    from flows.rules import print_queue

    print_queue(db, kind=kind, limit=limit, as_json=as_json)


@app.command()
def diff(
    db: DbOption,
    runs: Annotated[
        list[int] | None,
        typer.Argument(metavar="RUN", help="A run (default: the last), or two: all after the first to the second."),
    ] = None,
    documents: Annotated[
        tuple[str, str] | None,
        typer.Option("--documents", metavar="A B", help="Compare documents: ids, names or years of annual reports."),
    ] = None,
    markdown: Annotated[
        str | None, typer.Option("--markdown", metavar="FILE", help="Write a Markdown report; - for standard output.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what runs gained, lost and changed, by rule, or how two documents differ."""
    from flows.diff import print_diff

    print_diff(db, runs or [], documents, markdown=markdown, as_json=as_json)


@app.command()
def timeline(
    identifier: Annotated[str, typer.Argument(metavar="PROJECT|STATE", help="A project or a state.")],
    db: DbOption,
    as_json: JsonOption = False,
) -> None:
    """Show a project or a state through its documents, and what changed from one to the next."""
    from flows.timelines import print_timeline

    print_timeline(identifier, db, as_json=as_json)


@app.command()
def evaluate(
    pdfs: Annotated[Path, typer.Argument(metavar="PDFS", help="A folder of PDFs.")],
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="A folder of NAME.gold.jsonl files.")],
    db: Annotated[
        Path | None,
        typer.Option("--db", metavar="FILE", help="Score this database (default: ingest PDFS into a temporary one)."),
    ] = None,
    errors: Annotated[bool, typer.Option("--errors", help="List misses and false finds.")] = False,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score what is found in PDFS against the gold of careful readers."""
    from flows.scores import print_scores

    print_scores(pdfs, gold, db, workers=workers, with_errors=errors, as_json=as_json)


@app.command()
def browse(
    db: DbOption,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help=f"The port (default: {DEFAULT_PORT}, or a free one)."),
    ] = None,
    opens: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; others than this machine see it there.")
    ] = "127.0.0.1",
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", metavar="FILE", help="Passwords, one a line, to draw encrypted files."),
    ] = None,
) -> None:
    """Read the database in the browser, from the question to the words on the page; on this machine only."""
    from flows.browse import Serving, serve

    serve(db, Serving(host, port, opens, password_file), default_port=DEFAULT_PORT)


app.add_typer(copies_app)
app.add_typer(service_app)
app.add_typer(rules_app, name="rules")
app.add_typer(correct_app, name="correct")


def main() -> None:
    """Run ``pesco``: an error that we know is one line on standard error; wrong usage is 1, as cron jobs expect."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except PescoError as error:
        from flows.terminal import plain

        sys.stderr.write(f"pesco: {plain(error)}\n")
        sys.exit(SET_UP_ERROR)
    except SystemExit as done:
        sys.exit(SET_UP_ERROR if done.code == TYPER_USAGE_ERROR else done.code)


if __name__ == "__main__":
    main()
