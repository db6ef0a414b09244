"""Keeps what Prefect is told on being imported by a test module away from the project and from other tests."""

import os
import tempfile

import pytest

_BEFORE = {name: value for name, value in os.environ.items() if name.startswith("PREFECT") or name == "DO_NOT_TRACK"}
_HOME = tempfile.TemporaryDirectory(prefix="prefect-of-tests-")
os.environ["PREFECT_HOME"] = _HOME.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the environment back, once all test modules are imported; tests start programs that inherit it."""
    for name in [name for name in os.environ if name.startswith("PREFECT") or name == "DO_NOT_TRACK"]:
        del os.environ[name]
    os.environ.update(_BEFORE)
