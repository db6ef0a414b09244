"""The power goes at any moment: what the database holds is whole, and the next run ends where it would have ended."""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.ingest import IngestOptions, ingest
from pipeline.plan import Again
from pipeline.store.invariants import find_violations
from pipeline.store.schema import open_reader
from pipeline.store.snapshot import Snapshot, differences, take_snapshot
from tests.pipeline.planted_runs import make_options, new_versions, plant

SHORT, LONG = 5, 200
SEED = 20171211
ROOT = Path(__file__).parents[2]
RUN = """
import sys
from pathlib import Path
from tests.pipeline.planted_runs import make_options, new_versions
from pipeline.ingest import ingest
folder, db, rules = sys.argv[1:]
options = make_options(Path(db), versions=new_versions(rules=rules))
print("ready", flush=True)
ingest([Path(folder)], options)
"""


def fill(folder: Path) -> None:
    for number in range(24):
        plant(folder, f"{number:02d}.pdf", f"good {number % 5 + 1} w{number}")
    plant(folder, "twin.pdf", "good 2 w1")
    plant(folder, "locked.pdf", "encrypted")
    plant(folder, "killer.pdf", "exit_1")


def change(folder: Path) -> None:
    """New versions, vanished, renamed and copied files."""
    for number in range(6):
        plant(folder, f"{number:02d}.pdf", f"good 3 v{number}")
    (folder / "06.pdf").unlink()
    (folder / "07.pdf").rename(folder / "sub.pdf")
    shutil.copy(folder / "08.pdf", folder / "00copy.pdf")
    plant(folder, "09.pdf", "encrypted too")


class Case:
    """A state from which a run starts, and where it must end."""

    def __init__(self, folder: Path, prepare: Callable[[Path], None], rules: str) -> None:
        self.folder = folder
        self.rules = rules
        self.start = folder.with_suffix(".start.db")
        prepare(self.start)
        reference = folder.with_suffix(".reference.db")
        self.copy_start(reference)
        began = time.monotonic()
        with start_run(folder, reference, rules) as process:
            began = time.monotonic()
            assert process.wait() == 0
        self.seconds = time.monotonic() - began
        self.reference = snapshot(reference)

    def copy_start(self, db: Path) -> None:
        if self.start.exists():
            shutil.copy(self.start, db)

    def options(self, db: Path) -> IngestOptions:
        return make_options(db, versions=new_versions(rules=self.rules))


def start_run(folder: Path, db: Path, rules: str) -> "subprocess.Popen[bytes]":
    """Start a run in a process of its own; return when it has loaded all it needs."""
    command = [sys.executable, "-c", RUN, str(folder), str(db), rules]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def snapshot(db: Path) -> Snapshot:
    with closing(open_reader(db)) as connection:
        assert find_violations(connection) == []
        return take_snapshot(connection)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """A first run, a run after a change of rules, and a run over a folder that changed."""
    made = []
    for name, change_folder, rules in (
        ("first", False, "rules1"),
        ("rules", False, "rules2"),
        ("files", True, "rules1"),
    ):
        folder = tmp_path_factory.mktemp("crash") / name
        fill(folder)

        def prepare(db: Path, folder: Path = folder, change_folder: bool = change_folder, name: str = name) -> None:
            if name != "first":
                ingest([folder], make_options(db))
            if change_folder:
                change(folder)

        made.append(Case(folder, prepare, rules))
    return made


def kill_and_converge(case: Case, work: Path, chance: random.Random) -> str:
    """Kill one run at a random moment, check what it leaves, let the next run finish; return when it was killed."""
    work.mkdir()
    db = work / "pesco.db"
    case.copy_start(db)
    moment = chance.uniform(0, case.seconds)
    with start_run(case.folder, db, case.rules) as process:
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
    at = f"{case.folder.name}, killed after {moment:.3f} s"
    if db.exists() and db.stat().st_size:
        with closing(open_reader(db)) as connection:
            tables = [
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE name = 'latest_projects'")
            ]
            if tables:
                assert find_violations(connection) == [], at
    ingest([case.folder], case.options(db))
    assert differences(case.reference, snapshot(db)) == [], at
    shutil.rmtree(work)
    return at


def test_killed_runs_leave_whole_documents_and_the_next_converges(cases: list[Case], tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for number in range(SHORT):
        kill_and_converge(cases[number % len(cases)], tmp_path / str(number), chance)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_hundred_kills(cases: list[Case], tmp_path: Path) -> None:
    chance = random.Random(SEED + 1)
    for number in range(LONG):
        kill_and_converge(cases[number % len(cases)], tmp_path / str(number), chance)


def test_a_run_killed_again_and_again_still_converges(cases: list[Case], tmp_path: Path) -> None:
    chance = random.Random(SEED + 2)
    case, db = cases[0], tmp_path / "pesco.db"
    for _ in range(4):
        with start_run(case.folder, db, case.rules) as process:
            time.sleep(chance.uniform(0, case.seconds))
            process.kill()
    ingest([case.folder], case.options(db))
    assert differences(case.reference, snapshot(db)) == []


@pytest.mark.parametrize("runs", [2, 5])
def test_runs_at_the_same_time_give_what_one_gives(cases: list[Case], tmp_path: Path, runs: int) -> None:
    case, db = cases[0], tmp_path / "pesco.db"
    code = RUN.replace("make_options(Path(db),", "make_options(Path(db), wait_seconds=100.0,")
    command = [sys.executable, "-c", code, str(case.folder), str(db), case.rules]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(runs)]
    assert [process.wait() for process in processes] == [0] * runs
    assert differences(case.reference, snapshot(db)) == []
    with closing(open_reader(db)) as connection:
        rows = connection.execute("SELECT documents FROM runs").fetchall()
    assert sorted(row[0] for row in rows)[:-1] == [0] * (runs - 1)


def test_a_second_run_refuses_at_once_and_changes_nothing(cases: list[Case], tmp_path: Path) -> None:
    case, db = cases[0], tmp_path / "pesco.db"
    with start_run(case.folder, db, case.rules) as process:
        while not db.with_name("pesco.db.lock.json").exists():
            time.sleep(0.005)
        command = [sys.executable, "-c", RUN, str(case.folder), str(db), case.rules]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert process.wait() == 0
    assert second.returncode == 1
    assert f"LockedError: process {process.pid} on" in second.stderr
    assert differences(case.reference, snapshot(db)) == []


def test_readers_see_whole_documents_only(cases: list[Case], tmp_path: Path) -> None:
    case, db = cases[2], tmp_path / "pesco.db"
    case.copy_start(db)
    seen = 0
    with start_run(case.folder, db, case.rules) as process:
        while process.poll() is None:
            with closing(open_reader(db)) as connection:
                connection.execute("BEGIN")
                assert find_violations(connection) == []
                seen += 1
    assert seen > 1
    assert differences(case.reference, snapshot(db)) == []


def test_again_is_the_same(cases: list[Case], tmp_path: Path) -> None:
    case, db = cases[0], tmp_path / "pesco.db"
    ingest([case.folder], case.options(db))
    ingest([case.folder], make_options(db, versions=new_versions(rules=case.rules), again=Again.PAGES))
    assert differences(case.reference, snapshot(db)) == []
