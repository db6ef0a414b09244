"""Options that several commands have, for typer."""

from pathlib import Path
from typing import Annotated

import typer

from flows import settings

DbOption = Annotated[
    Path,
    typer.Option(
        "--db",
        metavar="FILE",
        envvar="PESCO_DB",
        default_factory=settings.default_database,
        show_default="data/processed/pesco.db",
        help="The database.",
    ),
]
CorrectionsOption = Annotated[
    Path,
    typer.Option(
        "--corrections",
        metavar="DIR",
        default_factory=settings.corrections_folder,
        show_default="data/corrections",
        help="The folder of correction files.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
WaitOption = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", help="Wait for another run's end; negative: for ever.")
]
