"""What a run shows: few artifacts, in which file names are inert."""

import re
from collections.abc import Callable

import httpx
import pytest

from flows import artifacts
from flows.request import IngestRequest
from flows.run_names import scope
from pipeline.full_check import CheckReport, Finding, Trouble
from pipeline.run import Progress
from pipeline.summary import RunSummary, Totals, Unloaded

HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:b) |`c` _d_ *e* &lt;\n# f\x1b[2J"


def make_summary(n_unloaded: int = 1) -> RunSummary:
    unloaded = tuple(Unloaded(f"/in/{HOSTILE}", HOSTILE, "quarantined", "not_a_pdf", "x") for _ in range(n_unloaded))
    waiting = (Unloaded("/in/w.pdf", "w.pdf", "waiting", "busy", "y"),)
    return RunSummary(1, 5, 2, 1, 0, 9, 9, {}, 0, 1.0, True, unloaded, waiting, Totals(documents=3))


def unescape(markdown: str) -> str:
    """What a reader of Markdown sees of escaped text."""
    assert not any(markdown[i] in "<>[]()|`_*&#!~\n" and markdown[i - 1] != "\\" for i in range(1, len(markdown)))
    return re.sub(r"\\(.)", r"\1", markdown)


def test_names_are_escaped_and_read_as_they_are() -> None:
    assert unescape(artifacts.inert(HOSTILE)) == HOSTILE.replace("\n", "\\n").replace("\x1b", "\\x1b")


def test_the_quarantine_lists_what_did_not_load_and_ends_somewhere() -> None:
    rows = artifacts.quarantine_rows(make_summary())
    assert [row["reason"] for row in rows] == [r"not\_a\_pdf", "busy"]
    assert "<img" not in str(rows[0]["file"]).replace(r"\<", "")
    many = artifacts.quarantine_rows(make_summary(artifacts.SHOWN_ROWS + 10))
    assert len(many) == artifacts.SHOWN_ROWS + 1
    assert many[-1]["file"] == "11 more"


def test_a_long_report_ends_at_a_line_and_says_so() -> None:
    assert artifacts.shortened("| a |\n") == "| a |\n"
    cut = artifacts.shortened("| a line of a table |\n" * 10_000)
    assert len(cut) < artifacts.MAX_CHARACTERS + 100
    assert cut.endswith("| a line of a table |\n\nThere is more: `pesco diff` shows all.")


def test_outcomes_are_counted() -> None:
    counts = {row["outcome"]: row["documents"] for row in artifacts.outcome_rows(make_summary())}
    assert counts["read in this run"] == 2
    assert (counts["quarantined"], counts["left to the next run"], counts["loaded in all"]) == (1, 1, 3)


def test_a_check_names_what_it_found() -> None:
    report = CheckReport("x.db", 1, 2, 0, 0.1, (Finding(Trouble.OTHER_BYTES, HOSTILE, "fetch it again"),))
    shown = artifacts.check_report(report)
    assert r"| other\_bytes | \<img" in shown
    assert len(shown.splitlines()) == 5


class Server:
    """Counts artifacts; may refuse them."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls: list[float] = []

    def take(self, progress: float = 0.0, **_rest: object) -> None:
        self.calls.append(progress)
        if self.error is not None:
            raise self.error


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], Server]:
    def install(server: Server) -> Server:
        for name in ("create_progress_artifact", "update_progress_artifact", "create_table_artifact"):
            monkeypatch.setattr(artifacts, name, server.take)
        return server

    return install


def test_the_bar_moves_now_and_then_not_with_each_document(serve: Callable[[Server], Server]) -> None:
    server = serve(Server())
    clock = iter(range(0, 10_000))
    show = artifacts.ProgressShown(lambda: next(clock) / 10)
    for done in range(1, 1001):
        show(Progress("a.pdf", "loaded", done, 1000))
    assert len(server.calls) < 30
    assert server.calls[-1] == 100.0


def test_a_server_that_takes_no_artifact_costs_no_run(serve: Callable[[Server], Server]) -> None:
    server = serve(Server(httpx.ConnectError("gone")))
    artifacts.show_summary(make_summary())
    artifacts.ProgressShown()(Progress("a.pdf", "loaded", 1, 1))
    assert len(server.calls) == 2


def test_what_a_run_changed_is_kept_beside_it(
    serve: Callable[[Server], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(Server())
    kept: list[dict[str, str]] = []
    monkeypatch.setattr(artifacts, "create_markdown_artifact", lambda **what: kept.append(what))
    artifacts.show_summary(make_summary())
    assert kept == []
    artifacts.show_summary(make_summary(), "# Changes of run 1")
    assert [(what["key"], what["markdown"]) for what in kept] == [("pesco-changes", "# Changes of run 1")]


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ({}, "raw"),
        ({"paths": ("/data/raw/nip 2025",)}, "nip-2025"),
        ({"paths": ("/a/\x1b[2J",)}, "\\x1b[2J"),
        ({"paths": ("/a", "/b", "/c"), "again": "pages"}, "a-and-2-more-again"),
        ({"selection": {"kind": ["nip"]}}, "nip"),
        ({"paths": ("/a",), "selection": {"year": [2025], "state": ["FI"]}}, "a-2025-FI"),
    ],
)
def test_runs_are_named_after_what_they_are_about(request_: dict[str, object], name: str) -> None:
    assert scope(IngestRequest.model_validate(request_)) == name
