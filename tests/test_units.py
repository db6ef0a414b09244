"""The units for systemd and the lines for cron: they parse, and their commands do what they are there for."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[1] / "docs" / "systemd"


def read_unit(name: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string((UNITS / name).read_text(encoding="utf-8"))
    return unit


def cron_lines(root: Path) -> list[tuple[str, str]]:
    """The lines for cron in the README: five fields, and what the shell runs."""
    lines = re.findall(r"^    ((?:\S+ ){5}) ?(cd /path/to/.*)$", (root / "README.md").read_text(encoding="utf-8"), re.M)
    return [(when.strip(), command) for when, command in lines]


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A project folder as the units expect it below a home, with one document and one that is none."""
    project = tmp_path / "pesco-pipeline"
    (project / "data" / "raw").mkdir(parents=True)
    (project / "data" / "processed").mkdir()
    (project / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(root / "data" / "raw" / "recommendation.pdf", project / "data" / "raw")
    program = project / ".venv" / "bin" / "pesco"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(root))} exec {sys.executable} -m flows.cli "$@" $EXTRA\n'
    )
    program.chmod(0o755)
    return project


def run(command: str, project: Path, extra: str = "") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "PESCO"))}
    environment = {**kept, "EXTRA": extra}
    return subprocess.run(
        ["/bin/sh", "-c", command],
        env=environment,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_there_is_a_service_for_each_timer() -> None:
    names = sorted(path.name for path in UNITS.iterdir())
    both = [f"pesco-{what}.{kind}" for what in ("check", "ingest") for kind in ("service", "timer")]
    assert names == [*both, "pesco-server.service"]


@pytest.mark.parametrize("name", sorted(path.name for path in UNITS.iterdir()))
def test_units_parse_and_stop_politely(name: str) -> None:
    unit = read_unit(name)
    if name.endswith(".timer"):
        assert unit["Timer"]["OnCalendar"]
        assert unit["Timer"]["Persistent"] == "true"
        assert unit["Install"]["WantedBy"] == "timers.target"
        return
    assert unit["Service"]["ExecStart"].startswith("%h/pesco-pipeline/.venv/bin/pesco ")
    if "ingest" in name or "server" in name:
        assert unit["Service"]["KillMode"] == "mixed"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
def test_systemd_finds_nothing_wrong(project: Path, tmp_path: Path) -> None:
    for path in UNITS.iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace("%h", str(tmp_path)))
    units = sorted(str(path) for path in tmp_path.glob("pesco-*.[st]*") if path.is_file())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", *units],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_commands_of_the_units_do_what_they_are_there_for(project: Path) -> None:
    ingest = read_unit("pesco-ingest.service")["Service"]
    (project / "data" / "raw" / "letter.pdf").write_text("no PDF")
    done = run(ingest["ExecStart"].replace("%h", str(project.parent)), project, "--direct --workers 1")
    assert done.returncode == int(ingest["SuccessExitStatus"]) == 3
    assert "2 of 2 files read" in done.stdout
    check = read_unit("pesco-check.service")["Service"]["ExecStart"].replace("%h", str(project.parent))
    assert run(check, project).returncode == 0
    pdf = project / "data" / "raw" / "recommendation.pdf"
    before = pdf.stat()
    data = bytearray(pdf.read_bytes())
    data[len(data) // 2] ^= 1
    pdf.write_bytes(data)
    os.utime(pdf, ns=(before.st_atime_ns, before.st_mtime_ns))
    done = run(check, project)
    assert done.returncode == 3
    assert "other_bytes" in done.stdout


def test_the_lines_for_cron_do_so_too(project: Path, root: Path) -> None:
    (when, ingest), (_, check) = cron_lines(root)
    assert when == "0 2 * * *"
    for command in (ingest, check):
        done = run(command.replace("/path/to", str(project.parent)), project, "--direct" if command is ingest else "")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    log = (project / "data" / "processed" / "pesco.log").read_text(encoding="utf-8")
    assert "1 of 1 files read" in log
    assert "all is well" in log
