"""What a run shows while it runs, in a log and on a terminal."""

import io

import pytest
from rich.console import Console

from flows import progress
from flows.progress import show_progress
from pipeline.ingest import Progress

HOSTILE = "\x1b[2Jplan [red]2024[/].pdf"


def shown(steps: list[Progress], *, on_terminal: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=on_terminal, markup=False, highlight=False, emoji=False, width=120)
    with show_progress(console) as report:
        for step in steps:
            report(step)
    return out.getvalue()


def test_a_log_names_what_did_not_load_and_how_far_the_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 2.0, 10.0, 11.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(times))
    steps = [
        Progress("a.pdf", "loaded", 1, 4),
        Progress("b.pdf", "quarantined", 2, 4, "damaged"),
        Progress("c.pdf", "loaded", 3, 4),
        Progress("d.pdf", "loaded", 4, 4),
    ]
    assert shown(steps, on_terminal=False).splitlines() == [
        "b.pdf: quarantined (damaged)",
        "3 of 4 documents, 0.2 a second, 5 s left",
        "4 of 4 documents, 0.3 a second, 0 s left",
    ]


@pytest.mark.parametrize("on_terminal", [False, True])
def test_a_hostile_file_name_is_inert(on_terminal: bool) -> None:
    out = shown([Progress(HOSTILE, "quarantined", 1, 1, "not_a_pdf")], on_terminal=on_terminal)
    assert "\\x1b[2Jplan [red]2024[/].pdf: quarantined (not_a_pdf)" in out
    assert "\x1b[2J" not in out
