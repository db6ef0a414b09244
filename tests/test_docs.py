"""What the README says of the commands is what the commands offer."""

from pathlib import Path

import pytest
from typer.main import get_command

from flows.cli import app


def offered() -> list[tuple[str, str]]:
    """Every command with each of its options and arguments, as they are written; a group's with all its commands'."""
    group = get_command(app)
    return [(name, word) for name, command in group.commands.items() for word in words_of(command)]  # type: ignore[attr-defined]


def words_of(command: object) -> list[str]:
    """What the section on a command must name: its options and arguments, and those of its own commands, by name."""
    inner = getattr(command, "commands", {})
    own = [
        parameter.opts[-1] if parameter.param_type_name == "option" else parameter.metavar
        for parameter in command.params  # type: ignore[attr-defined]
    ]
    return [
        *(word for word in own if word != "--help"),
        *inner,
        *(word for one in inner.values() for word in words_of(one)),
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
