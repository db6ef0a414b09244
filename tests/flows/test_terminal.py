"""Document text and file names are inert on a terminal."""

import json

import pytest
from rich.console import Console

from flows.terminal import add_row, make_table, plain, print_json

HOSTILE = "\x1b]0;owned\x07 [bold red]markup[/] \u202egnp.exe \x9b31m \udcff :smile:"


def printed(value: object, capsys: pytest.CaptureFixture[str]) -> str:
    table = make_table("what")
    add_row(table, value)
    Console(force_terminal=True, markup=False, emoji=False, highlight=False, width=200).print(table)
    return capsys.readouterr().out


def test_escapes_and_direction_marks_are_shown_not_sent() -> None:
    assert plain(HOSTILE) == r"\x1b]0;owned\x07 [bold red]markup[/] \u202egnp.exe \x9b31m \udcff :smile:"


def test_a_cell_prints_hostile_text_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(HOSTILE, capsys)
    assert "[bold red]markup[/]" in out
    assert ":smile:" in out
    assert "\x1b]" not in out
    assert "\x9b" not in out


@pytest.mark.parametrize("text", ["café", "Ελλάδα", "naïve – “quoted” €", "日本"])
def test_letters_of_the_world_stay_letters(text: str) -> None:
    assert plain(text) == text


def test_json_is_ascii_and_gives_the_text_back(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": HOSTILE})
    out = capsys.readouterr().out
    assert all(character == "\n" or " " <= character < "\x7f" for character in out)
    assert json.loads(out) == {"text": HOSTILE}
