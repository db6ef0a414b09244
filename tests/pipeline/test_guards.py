"""Without its guard, each test fails: none of them passes for another reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.broken_guards import GUARDS, SWITCH

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", GUARDS)
def test_a_broken_guard_is_seen(name: str) -> None:
    environment = {**os.environ, SWITCH: name}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--timeout", "100", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, str(HERE / GUARDS[name].test)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if "skipped" in done.stdout and "failed" not in done.stdout:
        pytest.skip("its test is skipped here")
    assert done.returncode == 1, done.stdout[-2000:]


def test_every_switch_names_a_test_that_is_there() -> None:
    for guard in GUARDS.values():
        file, _, test = guard.test.partition("::")
        assert f"def {test}(" in (HERE / file).read_text(encoding="utf-8")
