"""The commands of ``pesco correct``. Imports stand inside them, as in ``flows.cli``."""

from enum import StrEnum
from typing import Annotated

import typer

from flows.options import CorrectionsOption, DbOption, JsonOption

correct_app = typer.Typer(
    help="Set right what was found, for good: entries of correction files.", no_args_is_help=True, add_completion=False
)
ValuesArgument = Annotated[
    list[str], typer.Argument(metavar="NAME=VALUE...", help="Values; an empty one for none.", show_default=False)
]
WhyOption = Annotated[str, typer.Option("--why", metavar="WORDS", help="Why this is right.")]
WhoOption = Annotated[
    str | None, typer.Option("--who", metavar="NAME", help="Who says so (default: as git or the system knows you).")
]


class AddedKind(StrEnum):
    """What ``correct add`` adds."""

    MENTION = "mention"
    PARTICIPATION = "participation"
    MILESTONE = "milestone"
    COMMITMENT_STATUS = "commitment_status"


@correct_app.command("reject")
def correct_reject(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A mention or fact: its id.")],
    why: WhyOption,
    db: DbOption,
    corrections: CorrectionsOption,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a mention or fact is none."""
    from flows.corrections import Corrector

    Corrector(db, corrections, why, who, as_json=as_json).reject(identifier)


@correct_app.command("set")
def correct_set(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A mention or fact: its id.")],
    values: ValuesArgument,
    why: WhyOption,
    db: DbOption,
    corrections: CorrectionsOption,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a mention or fact other values."""
    from flows.corrections import Corrector

    Corrector(db, corrections, why, who, as_json=as_json).set(identifier, values)


@correct_app.command("add")
def correct_add(
    kind: Annotated[AddedKind, typer.Argument(metavar="KIND", help="What was missed.")],
    values: ValuesArgument,
    document: Annotated[
        str, typer.Option("--document", metavar="ID", help="The document that says so: its id or file name.")
    ],
    page: Annotated[int, typer.Option("--page", min=1, metavar="N", help="The page, from 1.")],
    quote: Annotated[str, typer.Option("--quote", metavar="WORDS", help="The words there that say so.")],
    why: WhyOption,
    db: DbOption,
    corrections: CorrectionsOption,
    occurrence: Annotated[
        int, typer.Option("--occurrence", min=1, metavar="N", help="Which of several such prints on the page.")
    ] = 1,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a mention or fact that rules missed, with the words that say so."""
    from flows.corrections import Corrector
    from models.corrections import RowKind
    from pipeline.corrections.writing import Print

    corrector = Corrector(db, corrections, why, who, as_json=as_json)
    corrector.add(RowKind(kind.value), document, Print(page, quote, occurrence), values)


@correct_app.command("document")
def correct_document(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A document: its id or file name.")],
    values: ValuesArgument,
    why: WhyOption,
    db: DbOption,
    corrections: CorrectionsOption,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a document is: its kind, title, language, state, year or date."""
    from flows.corrections import Corrector

    Corrector(db, corrections, why, who, as_json=as_json).set_document(identifier, values)


@correct_app.command("list")
def correct_list(db: DbOption, corrections: CorrectionsOption, as_json: JsonOption = False) -> None:
    """Show all entries and what became of them."""
    from flows.corrections import print_corrections

    print_corrections(db, corrections, as_json=as_json)
