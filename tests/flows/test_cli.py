"""``pesco`` from the shell: what it offers, how it refuses, and that asking for help loads little."""

import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ("ingest", "status", "show", "evaluate", "browse", "backup", "forget")


def pesco(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def test_help_names_every_command(root: Path) -> None:
    done = pesco("--help", cwd=root)
    assert done.returncode == 0
    assert [name for name in COMMANDS if name not in done.stdout] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("ingest", "--no-such-option"),
        ("ingest", "--workers", "0"),
        ("ingest", "--workers", "many"),
        ("show",),
        ("evaluate", "only-one"),
        ("browse", "--port", "70000"),
    ],
)
def test_wrong_usage_exits_with_1_and_says_why_on_standard_error(arguments: tuple[str, ...], root: Path) -> None:
    done = pesco(*arguments, cwd=root)
    assert done.returncode == 1
    assert "Usage:" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["status", "browse"])
def test_a_database_that_is_not_there_is_one_clear_line(command: str, root: Path, tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    done = pesco(command, "--db", str(missing), cwd=root)
    assert done.returncode == 1
    assert str(missing) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not missing.exists()


def test_help_loads_none_of_the_heavy_packages(root: Path) -> None:
    heavy = "prefect pydantic spacy numpy pdfplumber sqlite_utils datasette pipeline extractors"
    code = f"import sys, flows.cli; print([name for name in {heavy.split()} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
