"""Makes the pictures of the README from the shipped samples: ``make screenshots``.

Needs a Chromium (Debian's ``chromium``, or what ``PESCO_CHROMIUM`` names). The samples are read into a database of
their own, served for this machine only, and each page is photographed as a reader sees it.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

from pipeline.ingest import IngestOptions, ingest

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Shot:
    """A photograph: its file, the address, the window in pixels, and what of the page stands in the middle."""

    name: str
    address: str
    width: int = 1200
    height: int = 760
    middle: str = ""


def main() -> int:
    """Make all photographs and say how large they are."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "pesco.db"
        ingest([ROOT / "data" / "raw"], IngestOptions(db))
        with _served(db) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"])
            for shot in choose_shots(db):
                path = TARGET / f"{shot.name}.png"
                _save(_photograph(browser, address, shot), path)
                sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size // 1000} kB\n")
            browser.close()
    return 0


def choose_shots(db: Path) -> list[Shot]:
    """Return what is photographed."""
    with closing(sqlite3.connect(db)) as connection:

        def one(sql: str) -> str:
            return str(connection.execute(sql).fetchone()[0])

        slips = "FROM milestones WHERE was IS NOT NULL AND project = 'satoc' AND milestone = 'ioc'"
        milestone = one(f"SELECT id {slips} ORDER BY page, id LIMIT 1")
    return [
        Shot("project", "/projects/satoc"),
        Shot("evidence", f"/milestones/{milestone}", height=860, middle=".sheet rect.chosen"),
        Shot("search", "/search?q=%22military+mobility%22", height=620),
        Shot("question", "/pesco/slips?milestone=ioc&project=", height=700),
        Shot("roles", "/pictures/roles", height=800),
        Shot("map", "/pictures/map", height=800),
        Shot("milestones", "/pictures/milestones", width=1000, height=800),
        Shot("commitments", "/pictures/commitments", height=860),
    ]


def _photograph(browser: Any, address: str, shot: Shot) -> bytes:  # noqa: ANN401 - no types for the browser
    page = browser.new_page(viewport={"width": shot.width, "height": shot.height})
    page.goto(address + shot.address, wait_until="networkidle")
    if shot.middle:
        page.locator(shot.middle).first.evaluate("element => element.scrollIntoView({block: 'center'})")
    picture: bytes = page.screenshot()
    page.close()
    return picture


def _save(png: bytes, path: Path) -> None:
    """Write a picture with few colours, which takes a third of the bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(png)).convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)


@contextmanager
def _served(db: Path) -> Iterator[str]:
    """Serve the database as ``pesco browse`` does; give its address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "flows.cli", "browse", "--db", str(db), "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/assets/room.css")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, TimeoutError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _chromium() -> str:
    found = os.environ.get("PESCO_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise SystemExit("no Chromium on this machine: apt install chromium, or name one in PESCO_CHROMIUM")
    return found


if __name__ == "__main__":
    sys.exit(main())
