"""What a run shows on Prefect's page: how far it is, its documents by outcome, what did not load, what changed.

A handful of artifacts per run, never one per document. File names and other people's words are data there: they are
written so that neither Markdown nor HTML nor a terminal takes them for anything else. An artifact that the server does
not take costs a line in the log, not the run.
"""

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import httpx
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.exceptions import PrefectException
from prefect.logging import get_logger

from pipeline.full_check import CheckReport
from pipeline.names import for_terminal
from pipeline.run import Progress
from pipeline.summary import RunSummary

SECONDS_BETWEEN_STEPS = 5.0
SHOWN_ROWS = 200
MAX_CHARACTERS = 100_000
# All that Markdown may take for its own can be escaped by a backslash, and what is escaped is no HTML either. Prefect's
# page renders the cells of tables as Markdown too.
_ACTIVE = re.compile(r"""[!"#$%&'()*+\-./:;<=>?@\[\\\]^_`{|}~]""")


def inert(text: object) -> str:
    r"""Return text that Markdown and HTML show as it is, in one line.

    >>> print(inert("<b>plan</b> [a](http://b) | `c`"))
    \<b\>plan\<\/b\> \[a\]\(http\:\/\/b\) \| \`c\`
    """
    return _ACTIVE.sub(r"\\\g<0>", for_terminal(str(text), 500))


def markdown_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table of values as they are; long tables say how many rows are left out."""
    lines = [f"| {' | '.join(headings)} |", "|" + " --- |" * len(headings)]
    lines += [f"| {' | '.join(inert('' if cell is None else cell) for cell in row)} |" for row in rows[:SHOWN_ROWS]]
    if len(rows) > SHOWN_ROWS:
        lines.append(f"\n{len(rows) - SHOWN_ROWS} more; `pesco status` lists them all.")
    return "\n".join(lines)


class ProgressShown:
    """A bar on the page of the run, moved every few seconds; call it with each step of the run."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last = float("-inf")
        self._id: UUID | None = None

    def __call__(self, step: Progress) -> None:
        """Move the bar when it is time to, and at the end."""
        if self._now() - self._last < SECONDS_BETWEEN_STEPS and step.done < step.total:
            return
        self._last = self._now()
        percent = 100.0 * step.done / max(1, step.total)
        with _best_effort():
            if self._id is None:
                said = f"Documents read, of {step.total}"
                made = create_progress_artifact(progress=percent, key="pesco-progress", description=said)
                self._id = made if isinstance(made, UUID) else None
            else:
                update_progress_artifact(artifact_id=self._id, progress=percent)


def show_summary(summary: RunSummary, changes: str | None = None) -> None:
    """Write the artifacts of a run that has ended; ``changes`` is the report of what it changed, as Markdown."""
    with _best_effort():
        create_table_artifact(
            key="pesco-outcomes", table=outcome_rows(summary), description=inert(f"Run {summary.run_id}")
        )
        if summary.unloaded or summary.waiting:
            create_table_artifact(key="pesco-quarantine", table=quarantine_rows(summary), description="Not loaded")
        if changes:
            create_markdown_artifact(key="pesco-changes", markdown=shortened(changes), description="What changed")


def shortened(markdown: str) -> str:
    """Return Markdown that ends at a line's end before it is too long for a page, and says so."""
    if len(markdown) <= MAX_CHARACTERS:
        return markdown
    whole_lines = markdown[:MAX_CHARACTERS].rpartition("\n")[0]
    return f"{whole_lines}\n\nThere is more: `pesco diff` shows all."


def outcome_rows(summary: RunSummary) -> list[dict[str, object]]:
    """Return a run's documents by outcome, as rows of a table; the words are ours."""
    quarantined = sum(file.status == "quarantined" for file in summary.unloaded)
    return [
        {"outcome": "read in this run", "documents": summary.documents},
        {"outcome": "unchanged", "documents": summary.unchanged},
        {"outcome": "quarantined", "documents": quarantined},
        {"outcome": "needs OCR", "documents": len(summary.unloaded) - quarantined},
        {"outcome": "left to the next run", "documents": len(summary.waiting)},
        {"outcome": "gone", "documents": summary.gone},
        {"outcome": "loaded in all", "documents": summary.totals.documents},
    ]


def quarantine_rows(summary: RunSummary) -> list[dict[str, object]]:
    """Return what did not load, why, and what to do, as rows of a table; the last one says how many are left out."""
    files = (*summary.unloaded, *summary.waiting)
    rows = [
        {"file": file.path, "status": file.status, "reason": file.reason, "what to do": file.advice}
        for file in files[:SHOWN_ROWS]
    ]
    if len(files) > SHOWN_ROWS:
        rows.append(
            {"file": f"{len(files) - SHOWN_ROWS} more", "status": "", "reason": "", "what to do": "pesco status"}
        )
    return [{name: inert(value) for name, value in row.items()} for row in rows]


def show_check(report: CheckReport) -> None:
    """Write the artifact of a full check."""
    with _best_effort():
        create_markdown_artifact(key="pesco-check", markdown=check_report(report), description="Full check")


def check_report(report: CheckReport) -> str:
    """Return a full check as Markdown."""
    said = inert(report.message)
    if not report.findings:
        return said
    rows = [(finding.trouble.value, finding.what, finding.advice) for finding in report.findings]
    return f"{said}\n\n{markdown_table(('trouble', 'where', 'what to do'), rows)}"


@contextlib.contextmanager
def _best_effort() -> Iterator[None]:
    """Let the run go on when Prefect's server does not take an artifact."""
    try:
        yield
    except (httpx.HTTPError, PrefectException) as error:
        get_logger("pesco").warning("an artifact was not taken: %s", error)
