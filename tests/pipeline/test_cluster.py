"""Runs on a Dask cluster: the same database as one machine gives, whatever happens to workers and files."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import PescoError
from pipeline import run as run_module
from pipeline.ingest import Engine, IngestOptions, Progress, ingest
from pipeline.plan import Again
from pipeline.store.invariants import find_violations
from pipeline.store.schema import open_reader
from pipeline.store.snapshot import Snapshot, differences, take_snapshot
from tests.pipeline.planted_runs import make_options, plant

pytest.importorskip("distributed", reason="the extra [dask] is not installed")

from pipeline.cluster import connection
from pipeline.cluster.slots import Slots
from tests.pipeline.dask_processes import Processes, dask_processes


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with dask_processes(tmp_path / "dask") as started:
        yield started


def snapshot(db: Path) -> Snapshot:
    with closing(open_reader(db)) as connection:
        assert find_violations(connection) == []
        return take_snapshot(connection)


def statuses(db: Path) -> dict[str, tuple[str, str | None]]:
    with closing(open_reader(db)) as connection:
        rows = connection.execute("SELECT filename, status, reason FROM files ORDER BY path").fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


def sources(db: Path) -> set[str]:
    with closing(open_reader(db)) as connection:
        rows = connection.execute("SELECT source FROM run_files WHERE run_id = (SELECT max(id) FROM runs)").fetchall()
    return {row[0] for row in rows}


def plant_evil(folder: Path) -> Path:
    for number in range(10):
        plant(folder, f"{number}.pdf", f"good 2 w{number}")
    for deed in ("exit_1", "sigkill", "allocate_at_once", "hang", "unpicklable", "encrypted", "system_exit"):
        plant(folder, f"{deed}.pdf", deed)
    return folder


def test_a_cluster_of_this_machine_gives_what_the_machine_gives(root: Path, tmp_path: Path) -> None:
    folder = plant_evil(tmp_path / "in")
    one, many = tmp_path / "one" / "pesco.db", tmp_path / "many" / "pesco.db"
    ingest([folder], make_options(one))
    ingest([folder], make_options(many, engine=Engine.DASK))
    assert differences(snapshot(one), snapshot(many)) == []
    assert statuses(many)["hang.pdf"] == ("quarantined", "timeout")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run_module, "find_spec", lambda _name: None)
    with pytest.raises(PescoError, match=r"pip install 'pesco-pipeline\[dask\]'"):
        ingest([tmp_path], make_options(tmp_path / "pesco.db", engine=Engine.DASK))
    assert not (tmp_path / "pesco.db").exists()


def test_no_scheduler_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.5)
    plant(tmp_path, "a.pdf")
    with pytest.raises(PescoError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        ingest([tmp_path], make_options(tmp_path / "pesco.db", engine=Engine.DASK, dask_address="tcp://127.0.0.1:9"))


def test_nothing_runs_beside_what_runs_alone() -> None:
    slots, order = Slots(3), list[str]()
    assert slots.take(wait=False)

    def try_alone() -> None:
        with slots.alone():
            order.append("alone")

    thread = threading.Thread(target=try_alone)
    thread.start()
    while slots.take(wait=False):  # until the other waits to be alone, or all slots are held
        slots.end()
        slots.free()
    order.append("other ends")
    slots.end()
    thread.join()
    slots.free()
    assert order == ["other ends", "alone"]
    assert [slots.take(wait=False) for _ in range(4)] == [True, True, True, False]


@pytest.mark.slow
def test_workers_without_the_files_get_them_by_letter_and_return_pages(
    processes: Processes, root: Path, tmp_path: Path
) -> None:
    processes.add_worker(preload="tests.pipeline.blind_worker")
    paths = [root / "data" / "raw"]
    one, far = tmp_path / "one" / "pesco.db", tmp_path / "far" / "pesco.db"
    ingest(paths, IngestOptions(db=one, workers=2, use_ocr=False))
    options = IngestOptions(db=far, engine=Engine.DASK, dask_address=processes.address, use_ocr=False)
    ingest(paths, options)
    assert differences(snapshot(one), snapshot(far)) == []
    assert sources(far) == {"pdf"}
    kept = {path.relative_to(one.parent): path.read_bytes() for path in one.parent.rglob("*.pages")}
    assert {path.relative_to(far.parent): path.read_bytes() for path in far.parent.rglob("*.pages")} == kept
    ingest(paths, replace(options, again=Again.RULES))
    assert sources(far) == {"kept"}
    assert differences(snapshot(one), snapshot(far)) == []
    assert list((tmp_path / "dask").rglob("*.pdf")) == []


@pytest.mark.slow
def test_workers_with_other_rules_are_refused(processes: Processes, tmp_path: Path) -> None:
    processes.add_worker(preload="tests.pipeline.stale_worker")
    plant(tmp_path, "a.pdf")
    options = make_options(tmp_path / "pesco.db", engine=Engine.DASK, dask_address=processes.address)
    with pytest.raises(PescoError, match=r"refused: tcp://127.* has rules of last year instead of .*same release"):
        ingest([tmp_path], options)
    processes.add_worker()
    with pytest.raises(PescoError, match="refused"):
        ingest([tmp_path], options)


@pytest.mark.slow
def test_a_document_that_kills_workers_is_given_up_and_the_rest_loads(processes: Processes, tmp_path: Path) -> None:
    processes.add_worker()
    processes.add_worker()
    folder = tmp_path / "in"
    for number in range(30):
        plant(folder, f"{number}.pdf", f"good 2 w{number}")
    plant(folder, "killer.pdf", "kill_parent")
    db = tmp_path / "pesco.db"
    ingest([folder], make_options(db, engine=Engine.DASK, dask_address=processes.address))
    found = statuses(db)
    assert found.pop("killer.pdf") == ("quarantined", "crashed")
    assert set(found.values()) == {("loaded", None)}


@pytest.mark.slow
def test_a_lost_scheduler_ends_the_run_and_the_next_one_goes_on(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(connection, "WORKER_PATIENCE_SECONDS", 10.0)
    processes.add_worker()
    folder = tmp_path / "in"
    for number in range(60):
        plant(folder, f"{number}.pdf", f"slow 2 w{number}")
    db = tmp_path / "pesco.db"

    def kill_once(step: Progress) -> None:
        if step.done == 20:
            processes.scheduler.kill()

    with pytest.raises(PescoError, match="the Dask cluster is lost"):
        ingest([folder], make_options(db, engine=Engine.DASK, dask_address=processes.address), kill_once)
    assert 20 <= len(statuses(db)) < 60
    ingest([folder], make_options(db))
    assert set(statuses(db).values()) == {("loaded", None)}
    assert len(statuses(db)) == 60


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_worker_is_killed_in_the_middle_and_the_database_is_that_of_one_machine(
    processes: Processes, shared: Path, tmp_path: Path
) -> None:
    paths = [shared / "corpus" / "dev", shared / "corpus" / "hostile"]
    one, many = tmp_path / "one" / "pesco.db", tmp_path / "many" / "pesco.db"
    ingest(paths, IngestOptions(db=one, workers=2, use_ocr=False))
    processes.add_worker()
    processes.add_worker()
    killed = processes.pids()[0]

    def kill_once(step: Progress) -> None:
        if step.done == step.total // 2:
            os.kill(killed, signal.SIGKILL)

    ingest(paths, IngestOptions(db=many, engine=Engine.DASK, dask_address=processes.address, use_ocr=False), kill_once)
    assert killed not in processes.pids()
    assert differences(snapshot(one), snapshot(many)) == []
    assert len(snapshot(many)["files"]) > 150
