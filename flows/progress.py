"""What a run shows while it runs: a bar on a terminal, plain lines in a log. It goes to standard error."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from flows.terminal import open_console, plain
from pipeline.ingest import Progress

SECONDS_BETWEEN_LINES = 5.0
NAME_WIDTH = 40
Report = Callable[[Progress], None]


@contextmanager
def show_progress(console: Console | None = None) -> Iterator[Report]:
    """Give a function that shows each step of a run, for as long as the context lasts."""
    console = console or open_console(stderr=True)
    if not console.is_terminal:
        yield _LineReport(console)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        yield _BarReport(bar)


def _bad_news(step: Progress) -> str | None:
    """Return a line about a document that did not load."""
    if step.status == "loaded":
        return None
    return f"{plain(step.filename)}: {step.status}" + (f" ({step.reason})" if step.reason else "")


class _BarReport:
    """A bar of documents, with the last one's name; bad news stays above it."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("reading", total=None)

    def __call__(self, step: Progress) -> None:
        name = plain(step.filename)[-NAME_WIDTH:].ljust(NAME_WIDTH)
        self._bar.update(self._task, description=name, completed=step.done, total=step.total)
        if (line := _bad_news(step)) is not None:
            self._bar.console.print(line)


class _LineReport:
    """A line now and then: every document that did not load, and how far the run is, with rate and time left."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._first: float | None = None
        self._last = float("-inf")

    def __call__(self, step: Progress) -> None:
        if (line := _bad_news(step)) is not None:
            self._console.print(line, soft_wrap=True)
        now = time.monotonic()
        if self._first is None:  # what came before was not reading: a server that started, rules that were checked
            self._first = self._last = now
        if now - self._last < SECONDS_BETWEEN_LINES and step.done < step.total:
            return
        self._last = now
        self._console.print(f"{step.done} of {step.total} documents" + self._pace(step, now - self._first))

    @staticmethod
    def _pace(step: Progress, seconds: float) -> str:
        """Return the rate since the first document was done and the time left, or nothing before that can be told."""
        if step.done < 2 or seconds <= 0:
            return ""
        rate = (step.done - 1) / seconds
        return f", {rate:.1f} a second, {(step.total - step.done) / rate:.0f} s left"
