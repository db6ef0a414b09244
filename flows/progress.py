"""What a run shows while it runs: a bar on a terminal, plain lines in a log. It goes to standard error."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from flows.terminal import open_console, plain
from pipeline.ingest import Progress as Step

SECONDS_BETWEEN_LINES = 5.0
Report = Callable[[Step], None]


@contextmanager
def show_progress(console: Console | None = None) -> Iterator[Report]:
    """Give a function that shows each step of a run, for as long as the context lasts."""
    console = console or open_console(stderr=True)
    if not console.is_terminal:
        yield _LineReport(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        yield _BarReport(bar)


class _BarReport:
    """A bar of documents, with the last one's name; bad news stays above it."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("reading", total=None)

    def __call__(self, step: Step) -> None:
        name = plain(step.filename)
        self._bar.update(self._task, description=name[-40:], completed=step.done, total=step.total)
        if step.status != "loaded":
            self._bar.console.print(f"{name}: {step.status}")


class _LineReport:
    """A line now and then: every document that did not load, and how far the run is, with rate and time left."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._start = time.monotonic()
        self._last = float("-inf")

    def __call__(self, step: Step) -> None:
        if step.status != "loaded":
            self._console.print(f"{plain(step.filename)}: {step.status}", soft_wrap=True)
        now = time.monotonic()
        if now - self._last < SECONDS_BETWEEN_LINES and step.done < step.total:
            return
        self._last = now
        rate = step.done / max(now - self._start, 1e-3)
        left = (step.total - step.done) / rate
        self._console.print(f"{step.done} of {step.total} documents, {rate:.1f} a second, {left:.0f} s left")
