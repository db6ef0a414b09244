"""What the README says of the commands is what the commands offer."""

from pathlib import Path

import pytest
from typer.main import get_command

from flows.cli import app


def offered() -> list[tuple[str, str]]:
    """Every command with each of its options and arguments, as they are written."""
    group = get_command(app)
    return [
        (name, word)
        for name, command in group.commands.items()  # type: ignore[attr-defined]
        for parameter in command.params
        for word in ((parameter.opts[-1],) if parameter.param_type_name == "option" else (parameter.metavar,))
        if word != "--help"
    ]


@pytest.fixture(scope="module")
def sections(root: Path) -> dict[str, str]:
    """The README's section on each command."""
    parts = (root / "README.md").read_text(encoding="utf-8").split("\n### pesco ")[1:]
    return {part.split(maxsplit=1)[0]: part.split("\n## ")[0] for part in parts}


def test_there_is_something_to_document() -> None:
    assert ("ingest", "--direct") in offered()
    assert ("show", "ID") in offered()


def test_every_command_has_its_section_and_every_section_its_command(sections: dict[str, str]) -> None:
    assert set(sections) == {command for command, _ in offered()}


@pytest.mark.parametrize(("command", "word"), offered())
def test_every_option_and_argument_is_documented(command: str, word: str, sections: dict[str, str]) -> None:
    assert f"`{word}" in sections.get(command, "") or f" {word}" in sections.get(command, "")
