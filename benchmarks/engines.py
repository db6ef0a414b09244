"""Reading by processes of this machine beside reading by a Dask cluster on it, with one and two workers."""

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.report import ROOT, MissingError, Section, ratio

_COPIES = 40
_SAMPLES = ("factsheet.pdf", "recommendation.pdf", "nip-fi-2025.pdf")
# Jobs whose reading also starts processes and loads rules; what follows is measured.
_WARM_UP = 8
_ONE = """
import json, sys, time
from pathlib import Path
import psutil
from pipeline.ingest import Engine, IngestOptions, load_outcome, plan_run, read_batch

def cpu():
    total = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total

def read(run, jobs, pool):
    start, before = time.perf_counter(), cpu()
    for outcome in read_batch(jobs, pool):
        assert load_outcome(run, outcome).status == "loaded"
    return time.perf_counter() - start, cpu() - before

if __name__ == "__main__":
    engine, workers, folder, db, warm_up = sys.argv[1:]
    options = IngestOptions(Path(db), workers=int(workers), engine=Engine(engine), use_ocr=False)
    start = time.perf_counter()
    with plan_run([Path(folder)], options) as run, run.make_pool() as pool:
        first, rest = run.jobs[:int(warm_up)], run.jobs[int(warm_up):]
        read(run, first, pool)
        ready = time.perf_counter() - start
        seconds, cpu_seconds = read(run, rest, pool)
        print(json.dumps([ready, seconds, cpu_seconds, len(rest)]))
"""


def measure_engines(rounds: int) -> Section:
    """Read and load the same documents by each engine, one after the other in each round."""
    if find_spec("distributed") is None:
        raise MissingError("the extra [dask] is not installed")
    kinds = [(engine, workers) for workers in ("1", "2") for engine in ("local", "dask")]
    found: dict[tuple[str, str], list[list[float]]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as name:
        inbox = Path(name) / "inbox"
        _plant(inbox)
        script = Path(name) / "one.py"
        script.write_text(_ONE, encoding="utf-8")
        for number in range(rounds):
            for engine, workers in kinds:
                db = Path(name) / f"{engine}-{workers}-{number}" / "pesco.db"
                found[engine, workers].append(_run(script, engine, workers, inbox, db))
    columns = (
        "engine", "workers", "start, s", "documents/s", "CPU ms a document", "speed, local = 1",
        "more CPU, ms a document",
    )  # fmt: skip
    section = Section("Engines: processes of this machine and Dask", columns)
    for engine, workers in kinds:
        mine, local = found[engine, workers], found["local", workers]
        number = mine[0][3]
        cpu, seconds = ([one[at] / number * 1000 for one in mine] for at in (2, 1))
        more = median(a[2] - b[2] for a, b in zip(mine, local, strict=True)) / number * 1000
        section.add(
            engine, workers, median(one[0] for one in mine), 1000 / median(seconds), median(cpu),
            ratio([one[1] for one in local], [one[1] for one in mine]), "-" if engine == "local" else more,
        )  # fmt: skip
    return section


def _plant(inbox: Path) -> None:
    """Write copies of samples that differ by a comment behind their end."""
    inbox.mkdir()
    for copy in range(_COPIES):
        for name in _SAMPLES:
            data = (ROOT / "data" / "raw" / name).read_bytes()
            (inbox / f"{copy:03}-{name}").write_bytes(data + f"\n% {copy}\n".encode())


def _run(script: Path, engine: str, workers: str, inbox: Path, db: Path) -> list[float]:
    """Measure one engine in a process of its own; return start, seconds, CPU seconds and documents."""
    command = [sys.executable, str(script), engine, workers, str(inbox), str(db), str(_WARM_UP)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found
