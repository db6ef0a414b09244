"""A real server on the samples and some pages of our own, and a headless Chromium that may speak to it alone.

The browser is Debian's ``chromium``, or what ``PESCO_CHROMIUM`` names, driven by Playwright's client. Without one these
tests are skipped; ``.ci/run`` installs it.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from pipeline.ingest import IngestOptions, ingest
from pipeline.store.kept import pages_folder
from tests.turned_pages import SHAPES, print_shape

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A database and the address at which it is served, without a slash at the end."""

    db: Path
    address: str

    def one(self, sql: str, *values: object) -> str:
        """Return the first value of an answer of the database."""
        with closing(sqlite3.connect(self.db)) as connection:
            return str(connection.execute(sql, values).fetchone()[0])

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Return an answer of the database."""
        with closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(sql, values).fetchall()


@dataclass(slots=True)
class Watch:
    """What a browser did beside showing pages: hosts it asked, what its console said, dialogs that scripts opened."""

    hosts: set[str] = field(default_factory=set)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    pytest.importorskip("playwright", reason="Playwright's client is not installed")
    found = os.environ.get("PESCO_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine (apt install chromium, or name one in PESCO_CHROMIUM)")
    return found


@pytest.fixture(scope="module")
def served(samples_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """``pesco browse`` on the samples, a page in every shape, and a document whose title means harm."""
    folder = tmp_path_factory.mktemp("served")
    db = folder / "pesco.db"
    with closing(sqlite3.connect(samples_db)) as source, closing(sqlite3.connect(db)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = WAL")
    shutil.copytree(pages_folder(samples_db), pages_folder(db))
    for number, shape in enumerate(SHAPES):
        if shape.name != "cropped to nothing":
            print_shape(shape, folder / f"shape-{number:02d}.pdf")
    print_shape(SHAPES[0], folder / "hostile.pdf", "CIDCC for you")
    ingest([folder], IngestOptions(db, workers=2))
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE documents SET title = ? WHERE filename = 'hostile.pdf'", (HOSTILE,))
    yield from _serve(db)


def _serve(db: Path) -> Iterator[Served]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "flows.cli", "browse", "--db", str(db), "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server)
        yield Served(db, address)
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            _, said = server.communicate()
            pytest.fail(f"pesco browse ended: {said.decode(errors='replace')}")
        try:
            with urlopen(f"{address}/assets/room.css", timeout=5):
                return
        except (URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail("pesco browse did not answer")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[object]:
    """A headless Chromium that knows no host but this one.

    Its client runs an event loop in this thread until it ends, so it must end before tests that need one of their own.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            # A test machine's user is often root, for whom Chromium has no sandbox; what it shows here is our own.
            args=["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Watch:
    """What the page of this test did."""
    return Watch()


@pytest.fixture
def page(browser: object, served: Served, watch: Watch) -> Iterator[object]:
    """A page of its own, at the first page. Afterwards: nothing was asked of another host, no script of a document ran,
    and the policy had nothing to refuse."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=served.address)  # type: ignore[attr-defined]
    context.on("request", lambda request: watch.hosts.add(urlsplit(request.url).hostname or request.url[:5]))
    page = context.new_page()
    page.on("console", lambda message: watch.console.append(message.text))
    page.on("dialog", lambda dialog: (watch.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto("/")
    yield page
    context.close()
    assert watch.hosts <= {"127.0.0.1", "data:"}
    assert watch.dialogs == []
    assert [line for line in watch.console if "Content Security Policy" in line] == []
