"""The whole pipeline beside the naive script: cold, again after a change of rules, and with nothing to do."""

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.report import ROOT, Section, load_files, ratio, run_pesco, time_command

WORKERS = "2"
_PAGES = 1102
_KNOWN_FILES = 1000


def measure_whole(rounds: int) -> Section:
    """Cold runs into a new database and reruns of all rules from kept pages, each round beside the naive script.

    Seconds are those of whole commands, start included.
    """
    files = load_files()
    seconds: dict[str, list[float]] = {"naive": [], "cold": [], "rules": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            db = Path(folder) / "pesco.db"
            words = ("ingest", "--direct", "--workers", WORKERS, "--db", db)
            seconds["cold"].append(run_pesco(*words, files[0].parent))
            seconds["rules"].append(run_pesco(*words, "--again", "rules", files[0].parent))
            naive = [sys.executable, str(ROOT / "benchmarks" / "naive.py"), str(Path(folder) / "naive.db")]
            seconds["naive"].append(time_command([*naive, *map(str, files)]))
    section = Section(
        f"Whole pipeline, {WORKERS} processes, {_PAGES} pages", ("run", "seconds", "pages/s", "speed, naive = 1", "aim")
    )
    for name, aim in (("naive", ""), ("cold", "12, better 18"), ("rules", "80, better 150")):
        middle = median(seconds[name])
        section.add(name, middle, _PAGES / middle, ratio(seconds["naive"], seconds[name]), aim)
    return section


def measure_known(rounds: int) -> Section:
    """Run over a thousand known files of which none has changed."""
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inbox = folder / "inbox"
        inbox.mkdir()
        source = (ROOT / "data" / "raw" / "recommendation.pdf").read_bytes()
        for number in range(_KNOWN_FILES):
            (inbox / f"{number:04}.pdf").write_bytes(source + b"\n%" + str(number // 20).encode())
        words = ("ingest", "--direct", "--workers", WORKERS, "--db", folder / "pesco.db", inbox)
        run_pesco(*words)
        for _ in range(rounds):
            seconds.append(run_pesco(*words))
    section = Section(f"Nothing changed, {_KNOWN_FILES} known files", ("run", "seconds", "aim"))
    section.add("--direct, start included", median(seconds), "under 1")
    return section
