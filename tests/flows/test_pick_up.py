"""Which runs count as dead: those whose process is gone, not those that only look so."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State, StateType

from flows.pick_up import is_alive, is_dead

WORKER = "pesco-here"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def make_run(
    state: StateType,
    process: object = None,
    *,
    seconds: float = 60,
    worker: str = WORKER,
    identifier: UUID | None = None,
) -> FlowRun:
    """A run that went into its state some seconds ago."""
    return FlowRun(
        id=identifier or uuid4(),
        flow_id=uuid4(),
        deployment_id=uuid4(),
        state=State(type=state, timestamp=NOW - timedelta(seconds=seconds)),
        labels={"prefect.worker.name": worker},
        infrastructure_pid=None if process is None else str(process),
    )


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_run_whose_process_is_gone_is_dead(gone: int) -> None:
    assert is_dead(make_run(StateType.RUNNING, gone), WORKER, NOW)
    assert is_dead(make_run(StateType.PENDING, gone), WORKER, NOW)


def test_a_crashed_run_is_dead_whoever_ran_it() -> None:
    assert is_dead(make_run(StateType.CRASHED, worker="elsewhere"), WORKER, NOW)


def test_a_run_of_another_machine_is_left_to_its_heartbeats(gone: int) -> None:
    assert not is_dead(make_run(StateType.RUNNING, gone, worker="elsewhere"), WORKER, NOW)


def test_a_run_that_has_just_been_taken_is_given_time(gone: int) -> None:
    assert not is_dead(make_run(StateType.PENDING, gone, seconds=2), WORKER, NOW)
    assert not is_dead(make_run(StateType.PENDING), WORKER, NOW)
    assert is_dead(make_run(StateType.PENDING, seconds=600), WORKER, NOW)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")
def test_a_number_that_went_to_another_process_is_told_apart() -> None:
    identifier = uuid4()
    environment = {**os.environ, "PREFECT__FLOW_RUN_ID": str(identifier)}
    code = "import sys; print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has its own environment by now
        assert is_alive(make_run(StateType.RUNNING, process.pid, identifier=identifier))
        assert not is_alive(make_run(StateType.RUNNING, process.pid))
        assert process.stdin is not None
        process.stdin.close()


def test_a_number_that_is_none_is_left_alone() -> None:
    assert is_alive(make_run(StateType.RUNNING, "host:abc"))
