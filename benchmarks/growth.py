"""Cost per page of the last thousand of ten thousand pages beside that of the first: reading, loading, no change."""

import hashlib
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.report import ROOT, Section, load_files, ratio, run_pesco

if TYPE_CHECKING:
    from models.extraction import Extraction

_TIMES = 9
_LARGEST = "UNFIT_st05597.en23.pdf"
_READ_ONE = """
import pickle, resource, sys, tempfile
from pathlib import Path
import pipeline.warm_pdf
from pipeline.store.kept import KeptPages
from pipeline.work import Job, run_job
with tempfile.TemporaryDirectory() as folder:
    kept = KeptPages(folder, "reader")
    outcome = pickle.loads(run_job(Job("0" * 64, sys.argv[1], 600.0, 0, use_ocr=False, kept=kept)))
assert outcome.extraction is not None, outcome.reason
# The system's count for a process begins with what its parent held when it started it; Linux also keeps the one wanted.
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
own = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
print(own[0] if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measure_reading(rounds: int) -> Section:
    """Read the corpus nine times under changed bytes in one process; compare the last time with the first."""
    from pipeline.reading import ReadOptions, read_document

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    first, last, pages = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            seconds: list[float] = []
            for copy in range(_TIMES):
                paths = _changed_copies(Path(folder), copy)
                start = time.process_time()
                pages = sum(read_document(path, ReadOptions(use_ocr=False)).n_pages for path in paths)
                seconds.append(time.process_time() - start)
            first.append(seconds[0])
            last.append(seconds[-1])
    return _compared("Growth: reading", first, last, pages)


def measure_loading(rounds: int) -> Section:
    """Load the corpus into a new database, and nine times the corpus into another; compare what a page costs.

    A load ends with the search index merged and the log written back. The last copy of the nine is shown too.
    """
    from pipeline.derive import derive_document
    from pipeline.reading import ReadOptions

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    found = [derive_document(path, ReadOptions(use_ocr=False)) for path in load_files()]
    pages = sum(len(one.page_texts) for one in found)
    small, large, last = [], [], []
    for _ in range(rounds):
        small.append(sum(_load(found, 1)))
        seconds = _load(found, _TIMES)
        large.append(sum(seconds) / _TIMES)
        last.append(seconds[_TIMES - 1])
    section = Section("Growth: loading", ("pages", "CPU ms per page", "ratio", "aim"))
    section.add(f"{pages} into a new database", median(small) / pages * 1000, 1, "")
    section.add(
        f"{pages * _TIMES} into a new database", median(large) / pages * 1000, ratio(large, small), "at most 1.05"
    )
    section.add(f"the last {pages} of these", median(last) / pages * 1000, ratio(last, small), "")
    return section


def _load(found: "Sequence[Extraction]", times: int) -> list[float]:
    """Load documents so many times, under other names each time; return the seconds of each time, and of the end."""
    from pipeline.rule_check import check_rules
    from pipeline.store.gazetteer_tables import fill_gazetteers
    from pipeline.store.group import Group
    from pipeline.store.ledger import FileFacts
    from pipeline.store.load import DocumentFile, Versions, load_extraction
    from pipeline.store.schema import open_database
    from pipeline.store.search import merge_pieces

    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        connection = open_database(Path(folder) / "pesco.db")
        fill_gazetteers(connection, check_rules())
        group = Group(connection)
        for copy in range(times):
            start = time.process_time()
            for number, extraction in enumerate(found):
                name = f"{copy}-{number}.pdf"
                file = DocumentFile(hashlib.sha256(name.encode()).hexdigest(), 1, (FileFacts(name, name, 1, 1),))
                with group.document():
                    load_extraction(connection, file, extraction, Versions("reader", "rules", "code"))
            group.commit()
            seconds.append(time.process_time() - start)
        start = time.process_time()
        merge_pieces(connection)
        connection.close()
        seconds.append(time.process_time() - start)
    return seconds


def measure_no_change(rounds: int) -> Section:
    """Run with nothing to do over the corpus and over nine times the corpus."""
    small, large = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _changed_copies(folder / "one", 0)
        for copy in range(_TIMES):
            _changed_copies(folder / "nine", copy)
        for inbox in ("one", "nine"):
            run_pesco("ingest", "--direct", "--db", folder / f"{inbox}.db", folder / inbox)
        for _ in range(rounds):
            small.append(run_pesco("ingest", "--direct", "--db", folder / "one.db", folder / "one"))
            large.append(run_pesco("ingest", "--direct", "--db", folder / "nine.db", folder / "nine"))
    section = Section("Growth: nothing changed", ("pages", "seconds", "seconds a file", "ratio"))
    section.add("1,102", median(small), median(small) / 14, 1)
    section.add("9,918", median(large), median(large) / 14 / _TIMES, ratio(large, small))
    return section


def measure_memory(rounds: int) -> Section:
    """Measure the most memory that a reading process holds for the 331 pages of the largest document."""
    path = next(path for path in load_files() if path.name == _LARGEST)
    peaks = [_peak_of(path) for _ in range(rounds)]
    section = Section("Memory", ("document", "MB at most", "aim"))
    section.add(f"{_LARGEST}, 331 pages", median(peaks), "under 300")
    return section


def _peak_of(path: Path) -> float:
    """Return the peak of a process that reads one document and finds its facts, in MB."""
    command = [sys.executable, "-c", _READ_ONE, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    return int(done.stdout) * unit / 1e6


def _changed_copies(folder: Path, copy: int) -> list[Path]:
    """Write the corpus with a comment after the end of each file, which makes other documents of them."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for path in load_files():
        target = folder / f"{copy}-{path.name}"
        target.write_bytes(path.read_bytes() + f"\n% {copy}\n".encode())
        found.append(target)
    return found


def _compared(title: str, first: list[float], last: list[float], pages: int) -> Section:
    section = Section(title, ("pages", "CPU ms per page", "ratio", "aim"))
    section.add(f"1 to {pages}", median(first) / pages * 1000, 1, "")
    section.add(
        f"{pages * (_TIMES - 1) + 1} to {pages * _TIMES}",
        median(last) / pages * 1000,
        ratio(last, first),
        "at most 1.05",
    )
    return section
