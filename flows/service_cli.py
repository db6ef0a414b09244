"""The commands for what runs by itself, and for the machine that it runs on. Imports stand inside them, as in
``flows.cli``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.deployments import NIGHTLY_CRON, WEEKLY_CRON
from flows.options import DbOption, JsonOption

SERVER_PORT = 4200

service_app = typer.Typer()


class Overlap(StrEnum):
    """What a scheduled run does while another run writes to the database."""

    WAIT = "wait"
    SKIP = "skip"


@service_app.command()
def check(
    db: DbOption,
    files: Annotated[bool, typer.Option("--files/--no-files", help="Read every file and compare its hash.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Compare all files with what was read, and look for damage in the database and the kept pages."""
    from flows.checks import check as check_all
    from flows.request import CheckRequest
    from pipeline.names import to_text

    raise typer.Exit(check_all(CheckRequest(db=to_text(db.absolute()), with_files=files), as_json=as_json))


@service_app.command()
def doctor(db: DbOption, as_json: JsonOption = False) -> None:
    """Look at versions, folders, database, rules, server and disk, and say what to do."""
    from flows.doctor import examine

    raise typer.Exit(examine(db, as_json=as_json))


@service_app.command()
def server(
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help=f"Prefect's port (default: {SERVER_PORT}, or a free one)."),
    ] = None,
) -> None:
    """Start Prefect's server and a worker on this machine, until Ctrl+C."""
    from flows.serve import serve

    serve(port, default_port=SERVER_PORT)


@service_app.command()
def schedule(
    db: DbOption,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH", help="Files and folders (default: data/raw).")
    ] = None,
    nightly: Annotated[
        str, typer.Option("--nightly", metavar="CRON", help="When to ingest; 'off' for never by itself.")
    ] = NIGHTLY_CRON,
    every: Annotated[
        int | None, typer.Option("--every", min=1, metavar="SECONDS", help="Ingest so often, in place of --nightly.")
    ] = None,
    weekly: Annotated[
        str, typer.Option("--weekly", metavar="CRON", help="When to check everything; 'off' for never by itself.")
    ] = WEEKLY_CRON,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="NAME", help="Whose clock is meant (default: this machine's).")
    ] = None,
    if_running: Annotated[
        Overlap, typer.Option("--if-running", help="While another run writes: wait for its end, or skip this one.")
    ] = Overlap.WAIT,
) -> None:
    """Set up what runs by itself: ingest by night, the full check by week, and ingest on demand."""
    from flows.deployments import Wish
    from flows.schedule import local_timezone, schedule_runs
    from pipeline.names import to_text

    schedule_runs(
        Wish(
            paths=tuple(to_text(path.absolute()) for path in paths or ()),
            db=to_text(db.absolute()),
            nightly=None if nightly == "off" else nightly,
            every_seconds=every,
            weekly=None if weekly == "off" else weekly,
            timezone=timezone or local_timezone(),
            if_running=if_running.value,
        )
    )
