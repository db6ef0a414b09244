"""The whole pipeline beside the naive script: cold, again after a change of rules, and with nothing to do."""

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.report import ROOT, MissingError, Section, load_files, ratio, run_pesco, time_command

WORKERS = "2"
_PAGES = 1102
_KNOWN_FILES = 1000


def measure_whole(rounds: int) -> Section:
    """Cold runs into a new database and reruns of all rules from kept pages, each round beside the naive script.

    Rules are run again twice: because the user asks for it, and because a rule file has changed, in a copy of the
    checkout.

    Seconds are those of whole commands, start included.
    """
    files = load_files()
    seconds: dict[str, list[float]] = {"naive": [], "cold": [], "rules": [], "a rule changed": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            db = Path(folder) / "pesco.db"
            words = ("ingest", "--direct", "--workers", WORKERS, "--db", db)
            seconds["cold"].append(run_pesco(*words, files[0].parent))
            seconds["rules"].append(run_pesco(*words, "--again", "rules", files[0].parent))
            changed = _with_changed_rule(Path(folder) / "changed")
            seconds["a rule changed"].append(run_pesco(*words, files[0].parent, root=changed))
            naive = [sys.executable, str(ROOT / "benchmarks" / "naive.py"), str(Path(folder) / "naive.db")]
            seconds["naive"].append(time_command([*naive, *map(str, files)]))
    section = Section(
        f"Whole pipeline, {WORKERS} processes, {_PAGES} pages", ("run", "seconds", "pages/s", "speed, naive = 1", "aim")
    )
    aims = {"cold": "12, better 18", "rules": "80, better 150", "a rule changed": "80, better 150"}
    for name in seconds:
        aim = aims.get(name, "")
        middle = median(seconds[name])
        section.add(name, middle, _PAGES / middle, ratio(seconds["naive"], seconds[name]), aim)
    return section


def _with_changed_rule(folder: Path) -> Path:
    """Copy the program to a folder, with one more word in a rule file; return the folder."""
    for package in ("models", "extractors", "pipeline", "flows"):
        shutil.copytree(ROOT / package, folder / package)
    rules = folder / "extractors" / "rules" / "legends.yml"
    text = rules.read_text(encoding="utf-8")
    changed = text.replace("['circle', ", "['circle', 'ring', ")
    if changed == text:
        raise MissingError(f"{rules.name} has no circle any more")
    rules.write_text(changed, encoding="utf-8")
    return folder


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
