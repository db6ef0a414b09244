"""The commands that copy what is in the database, and those that take documents out of it or of its public copies.

Imports stand inside them, as in ``flows.cli``.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.options import DbOption, JsonOption, WaitOption

copies_app = typer.Typer()


class ExportFormat(StrEnum):
    """What ``export`` writes."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@copies_app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; a file there is replaced.")],
    db: DbOption,
) -> None:
    """Copy the database as it is at one moment, also while a run writes."""
    from pipeline.store.keep import backup as copy_database

    copy_database(db, target)


@copies_app.command()
def forget(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A document: its id or file name.")],
    db: DbOption,
    wait: WaitOption = 0.0,
    as_json: JsonOption = False,
) -> None:
    """Remove a document, all that was found in it, and its kept pages, for good."""
    from flows.commands import forget_document

    forget_document(identifier, db, wait, as_json=as_json)


@copies_app.command()
def restrict(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A document: its id or file name.")],
    db: DbOption,
    off: Annotated[bool, typer.Option("--off", help="Let the document go into published copies again.")] = False,
    wait: WaitOption = 0.0,
) -> None:
    """Keep a document out of published copies."""
    from flows.publish import restrict_document

    restrict_document(identifier, db, wait, is_off=off)


@copies_app.command()
def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the copy goes; an older one there is replaced.")],
    db: DbOption,
    files: Annotated[bool, typer.Option("--files", help="Add the PDFs, so that pages can be shown.")] = False,
) -> None:
    """Write a read-only copy for others, without restricted documents and without your paths."""
    from flows.publish import publish_copy

    publish_copy(db, folder, with_files=files)


@copies_app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go, one for each table and view.")],
    db: DbOption,
    kind: Annotated[ExportFormat, typer.Option("--format", help="What other programs read.")] = ExportFormat.CSV,
) -> None:
    """Write every table and view as a file for other programs."""
    from flows.export import export_tables

    export_tables(db, folder, kind.value)
