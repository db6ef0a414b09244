"""Many nights on one database: ``python -m benchmarks.soak --folder DIR [--documents N] [--nights N]``.

Each night plants documents that were not there before (the corpora's own with a comment behind their end, which
changes their bytes), runs ``pesco ingest`` over all as a process of its own, and looks that every one is accounted for.
A second call with the same folder adds nights. Memory is that of the run's own process and of the largest reading
process.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.report import PESCO, ROOT, SHARED, MissingError, Section, load_files, write_results

_LOOK_SECONDS = 0.5
_OWN_MIB = 1 << 20


@dataclass(slots=True)
class Night:
    """What one night took. Memory in MiB: of the run's process when a fifth of its time was over and at the end, at
    most, and the most of any reading process."""

    planted: int
    seconds: float = 0.0
    pages: int = 0
    early: float = 0.0
    late: float = 0.0
    own_peak: float = 0.0
    reader_peak: float = 0.0
    database: float = 0.0
    kept: float = 0.0
    prefect: float = 0.0
    unaccounted: int = 0
    statuses: dict[str, int] = field(default_factory=dict)


def main() -> int:
    """Run the nights, print and write what they took; return 1 when a document is not accounted for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where inbox, database and figures stay")
    parser.add_argument("--documents", type=int, default=5000, help="documents of all nights of this call")
    parser.add_argument("--nights", type=int, default=5)
    parser.add_argument("--load-every", type=int, default=250, help="each so many documents, a long one")
    parser.add_argument("--max-pages", type=int, default=0, help="leave out documents of `dev` with more pages")
    parser.add_argument("--keep-runs", type=int, default=3, help="ended runs that stay in Prefect's records")
    parser.add_argument("--minutes", type=float, default=30.0, help="start no night after so many")
    parser.add_argument("--direct", action="store_true", help="without Prefect")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    notes = options.folder / "nights.json"
    nights = [Night(**one) for one in json.loads(notes.read_text())] if notes.exists() else []
    sources = _small_files(options.max_pages), load_files()
    start = time.monotonic()
    for _ in range(options.nights):
        if time.monotonic() - start > options.minutes * 60:
            break
        night = _plant(options.folder / "inbox", sources, options.documents // options.nights, options.load_every)
        _run(options.folder, night, options.keep_runs, is_direct=options.direct)
        _look(options.folder, night)
        nights.append(night)
        notes.write_text(json.dumps([asdict(one) for one in nights], indent=1))
        print(night, flush=True)
    section = describe(nights, is_direct=options.direct)
    write_results([section], 1)
    print(section.markdown())
    return int(any(night.unaccounted for night in nights))


def describe(nights: list[Night], *, is_direct: bool) -> Section:
    """Return the figures of all nights as a table."""
    columns = (
        "night", "documents so far", "pages", "seconds", "pages/s", "run's process, MiB: early",
        "at the end", "at most",
        "a reading process at most", "database, MiB", "kept pages", "prefect.db", "not accounted for",
    )  # fmt: skip
    section = Section("Soak: many nights on one database", columns)
    total = 0
    for number, night in enumerate(nights, 1):
        total += night.planted
        speed = night.pages / night.seconds if night.seconds else 0.0
        section.add(
            number, total, night.pages, night.seconds, speed, night.early, night.late, night.own_peak,
            night.reader_peak, night.database, night.kept, "-" if is_direct else night.prefect, night.unaccounted,
        )  # fmt: skip
    if nights:
        section.notes.append(f"At the end, files by status: {nights[-1].statuses}.")
    return section


def _small_files(max_pages: int) -> list[Path]:
    """Return the specimens, without scans (recognising pictures is another matter) and those with more pages."""
    from extractors.reader.pages import count_pages

    files = sorted(path for path in (SHARED / "corpus" / "dev").glob("*.pdf") if "scan" not in path.name)
    if not files:
        raise MissingError("the specimens are not at ../shared/corpus/dev")
    return [path for path in files if not max_pages or count_pages(path) <= max_pages]


def _plant(inbox: Path, sources: tuple[list[Path], list[Path]], number: int, load_every: int) -> Night:
    """Add documents to the inbox, numbered on from those that are there."""
    inbox.mkdir(parents=True, exist_ok=True)
    small, large = sources
    first = sum(1 for _ in inbox.rglob("*.pdf"))
    for at in range(first, first + number):
        source = large[at // load_every % len(large)] if at % load_every == 0 else small[at % len(small)]
        folder = inbox / f"{at // 500:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"{at:06}-{source.name}").write_bytes(source.read_bytes() + f"\n% {at}\n".encode())
    return Night(number)


def _run(folder: Path, night: Night, keep_runs: int, *, is_direct: bool) -> None:
    """Run the command as a process of its own and watch the memory of it and of its children."""
    import psutil

    words = ["ingest", str(folder / "inbox"), "--db", str(folder / "pesco.db"), *(["--direct"] if is_direct else [])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PESCO_HOME": str(folder)}
    environment["PESCO_KEEP_RUNS"] = str(keep_runs)
    start = time.monotonic()
    seen: list[tuple[float, float]] = []
    with (folder / "ingest.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-c", PESCO, *words], env=environment, stdout=log, stderr=log)
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.Error):
                seen.append((time.monotonic() - start, watched.memory_info().rss / _OWN_MIB))
                for child in watched.children(recursive=True):
                    with suppress(psutil.Error):
                        night.reader_peak = max(night.reader_peak, child.memory_info().rss / _OWN_MIB)
            time.sleep(_LOOK_SECONDS)
    if process.returncode not in (0, 3):
        raise RuntimeError(f"the run ended with {process.returncode}; see {folder / 'ingest.log'}")
    night.seconds = time.monotonic() - start
    night.own_peak = max(rss for _, rss in seen)
    night.early = next(rss for at, rss in seen if at >= night.seconds / 5)
    night.late = seen[-2][1] if len(seen) > 1 else seen[-1][1]


def _look(folder: Path, night: Night) -> None:
    """Count what the database says of every file that lies there, and what lies on the disk."""
    there = {str(path.absolute()) for path in (folder / "inbox").rglob("*.pdf")}
    with closing(sqlite3.connect(folder / "pesco.db")) as connection:
        rows = connection.execute("SELECT path, status FROM files").fetchall()
        status, pages = connection.execute("SELECT status, pages FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    night.statuses = dict(sorted(Counter(status for _, status in rows).items()))
    night.unaccounted = len(there ^ {path for path, _ in rows}) + (not status.startswith("completed"))
    night.pages = pages
    night.database = _size(folder / "pesco.db")
    night.kept = sum(_size(path) for path in (folder / "pages").rglob("*.pages"))
    night.prefect = _size(folder / "data" / "processed" / "prefect" / "prefect.db")


def _size(path: Path) -> float:
    return path.stat().st_size / _OWN_MIB if path.exists() else 0.0


if __name__ == "__main__":
    sys.exit(main())
