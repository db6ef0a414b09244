"""The commands of ``pesco rules``. Imports stand inside them, as in ``flows.cli``."""

from typing import Annotated

import typer

from flows.options import DbOption, JsonOption

rules_app = typer.Typer(
    help="Check the rules, or add a name or a heading to them.", no_args_is_help=True, add_completion=False
)


@rules_app.command("check")
def check_rules(
    db: DbOption,
    idle: Annotated[bool, typer.Option("--idle", help="List what never fired over the database.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run all examples and near misses; find duplicate, shadowed and idle entries and names that clash."""
    from flows.rules import print_review

    raise typer.Exit(print_review(db if db.is_file() else None, with_idle=idle, as_json=as_json))


@rules_app.command("add")
def add_rule(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The name or heading, as it is printed.")],
    project: Annotated[
        str | None, typer.Option("--project", metavar="SLUG", help="It is a name of this project.")
    ] = None,
    form: Annotated[
        str, typer.Option("--as", metavar="FORM", help="names, acronyms, weak or risky (default: names).")
    ] = "names",
    heading: Annotated[
        str | None, typer.Option("--heading", metavar="FIELD", help="It is a heading of this field.")
    ] = None,
    example: Annotated[
        str | None, typer.Option("--example", metavar="SENTENCE", help="A sentence in which the name must be found.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Add a name of a project or a heading to the rules, with an example, and prove all rules."""
    from flows.rules import add_rule as add

    add(text, project=project, form=form, heading=heading, example=example, is_sure=yes)
