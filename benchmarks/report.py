"""What every benchmark needs: files, rounds, the whole command as a process, and results as Markdown.

A ratio is the median of the ratios within a round, whose parts run one after the other, so a machine that slows down
slows all alike.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
LOAD = SHARED / "corpus" / "load"
RESULTS = ROOT / "benchmarks" / "results.md"
PESCO = "import sys; from flows.cli import main; sys.exit(main())"
_PACKAGES = ("pdfplumber", "pdfminer.six", "numpy", "spacy", "pydantic", "pebble", "sqlite-utils", "prefect")


class MissingError(Exception):
    """What a benchmark needs is not on this machine."""


@dataclass(slots=True)
class Section:
    """The results of one benchmark: a heading, a table, and claims of the form (what, figure, aim, is it reached)."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """Add a row; floats are written with three digits that count."""
        self.rows.append(tuple(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in cells))

    def markdown(self) -> str:
        """Return the section as Markdown."""
        lines = [f"## {self.title}", ""]
        lines += [f"| {' | '.join(self.columns)} |", "|" + "---|" * len(self.columns)]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        lines += ["", *self.notes, ""] if self.notes else [""]
        return "\n".join(lines)


def load_files() -> list[Path]:
    """Return the PDFs of the load corpus; raises ``MissingError`` when it is not there."""
    files = sorted(LOAD.glob("*.pdf"))
    if not files:
        raise MissingError("the load corpus is not at ../shared/corpus/load")
    return files


def run_pesco(*words: str | Path, root: Path = ROOT) -> float:
    """Run the command ``pesco`` of a checkout as a process of its own; return its seconds, start included."""
    return time_command([sys.executable, "-c", PESCO, *map(str, words)], root)


def time_command(command: Sequence[str], root: Path = ROOT) -> float:
    """Run a command; return its seconds. Raises ``RuntimeError`` with what it said when it failed.

    Python may keep its bytecode, as it does wherever nobody forbids it; else compiling our modules is most of a start.
    """
    environment = {**os.environ, "PYTHONPATH": str(root)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(command[:4])} ended with {done.returncode}: {done.stderr[-2000:]}")
    return seconds


def ratio(ones: Iterable[float], others: Iterable[float]) -> float:
    """Return the median over the rounds of one figure over another of the same round."""
    return median(one / other for one, other in zip(ones, others, strict=True))


def describe_machine() -> str:
    """Return machine, load, Python and packages in a line or two."""
    packages = ", ".join(f"{name} {package_version(name)}" for name in _PACKAGES)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
        f"{load}, Python {platform.python_version()}; {packages}"
    )


def package_version(name: str) -> str:
    """Return the version of a package, ``-`` when it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def write_results(sections: Sequence[Section], rounds: int) -> None:
    """Put the sections into the results file in place of those with the same titles; the others stay."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n\nWritten by `make bench`.\n"
    head, *parts = old.split("\n## ")
    kept = {part.splitlines()[0]: f"## {part.rstrip()}\n" for part in parts}
    for section in sections:
        section.notes.append(f"Median of {rounds} round{'s' * (rounds > 1)}. {describe_machine()}.")
        kept[section.title] = section.markdown()
    RESULTS.write_text("\n".join([head.rstrip() + "\n", *kept.values()]), encoding="utf-8")
