"""``pesco --help`` beside a typer program of three commands."""

import sys
from statistics import median

from benchmarks.report import Section, ratio, run_pesco, time_command

_PROGRAM = """
import typer
app = typer.Typer()
@app.command()
def one(name: str) -> None: ...
@app.command()
def two(name: str) -> None: ...
@app.command()
def three(name: str) -> None: ...
app()
"""


def measure_help(rounds: int) -> Section:
    """Time both, one after the other, four times a round."""
    ours: list[float] = []
    small: list[float] = []
    for _ in range(4 * rounds):
        small.append(time_command([sys.executable, "-c", _PROGRAM, "--help"]))
        ours.append(run_pesco("--help"))
    section = Section("Help", ("program", "seconds", "ratio", "aim"))
    section.add("three commands with typer", median(small), 1, "")
    section.add("pesco --help", median(ours), ratio(ours, small), "at most 1.5")
    return section
