"""A full disk and a read-only folder end in one clear line; what was loaded stays, and the next run goes on."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.ingest import ingest
from pipeline.store.failures import StorageError
from pipeline.store.invariants import find_violations
from pipeline.store.keep import backup
from pipeline.store.schema import open_reader
from pipeline.store.snapshot import differences, take_snapshot
from tests.pipeline.planted_runs import make_options, plant, run

ROOT = Path(__file__).parents[2]
RUN = """
import sys
from pathlib import Path
from models.errors import PescoError
from tests.pipeline.planted_runs import make_options
from pipeline.ingest import ingest
try:
    ingest([Path(sys.argv[1])], make_options(Path(sys.argv[2])))
except PescoError as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(1)
"""


def in_own_mounts(script: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a shell script that may mount things nobody else sees; skips the test where the system does not allow it."""
    unshare = ["unshare", "--user", "--map-root-user", "--mount"]
    try:
        probe = [*unshare, "mount", "-t", "tmpfs", "none", "/mnt"]
        allowed = subprocess.run(probe, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs unshare")
    if allowed.returncode:
        pytest.skip("needs user namespaces")
    environment = {**os.environ, "PYTHON": sys.executable, "FOLDER": str(folder), "RUN": RUN}
    command = [*unshare, "sh", "-euc", script]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inbox = tmp_path / "in"
    for number in range(12):
        plant(inbox, f"{number:02d}.pdf", f"good 40 w{number}")
    return inbox


def test_a_full_disk(folder: Path, tmp_path: Path) -> None:
    script = """
    mkdir "$FOLDER/../small"; cd "$FOLDER/.."
    mount -t tmpfs -o size=3m none small
    cd "$OLDPWD"
    if "$PYTHON" -c "$RUN" "$FOLDER" "$FOLDER/../small/pesco.db"; then exit 99; fi
    "$PYTHON" -c "import sys; from pipeline.store.schema import *; from pipeline.store.invariants import *
db = open_reader(Path(sys.argv[1]))
print(find_violations(db), db.execute('SELECT count(*) FROM documents').fetchone()[0])
" "$FOLDER/../small/pesco.db"
    mount -o remount,size=100m "$FOLDER/../small"
    "$PYTHON" -c "$RUN" "$FOLDER" "$FOLDER/../small/pesco.db"
    cp "$FOLDER/../small/pesco.db" "$FOLDER/../after.db"
    """
    done = in_own_mounts(script, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("StorageError: ")
    assert "disk" in lines[0]
    assert lines[1].startswith("[] ")
    assert 0 <= int(lines[1].split()[1]) < 12
    assert len(lines) == 2
    run(folder, make_options(tmp_path / "reference.db"))
    with (
        closing(open_reader(tmp_path / "after.db")) as after,
        closing(open_reader(tmp_path / "reference.db")) as whole,
    ):
        assert find_violations(after) == []
        assert differences(take_snapshot(whole), take_snapshot(after)) == []


def test_a_read_only_folder(folder: Path) -> None:
    script = """
    mkdir "$FOLDER/../fixed"
    mount --bind "$FOLDER/../fixed" "$FOLDER/../fixed"
    mount -o remount,ro,bind "$FOLDER/../fixed"
    if "$PYTHON" -c "$RUN" "$FOLDER" "$FOLDER/../fixed/pesco.db"; then exit 99; fi
    if "$PYTHON" -c "$RUN" "$FOLDER" "$FOLDER/../fixed/deeper/pesco.db"; then exit 99; fi
    """
    done = in_own_mounts(script, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("StorageError: ") and "read-only" in line for line in lines)


def test_a_file_where_a_folder_should_be(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="no folder"):
        ingest([folder], make_options(tmp_path / "file" / "pesco.db"))


def test_a_folder_where_the_database_should_be(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pesco.db").mkdir()
    with pytest.raises(StorageError, match=r"pesco\.db: it cannot be opened"):
        ingest([folder], make_options(tmp_path / "pesco.db"))


def test_a_copy_that_does_not_fit_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    run(folder, make_options(tmp_path / "pesco.db"))
    with pytest.raises(StorageError, match="no folder"):
        backup(tmp_path / "pesco.db", tmp_path / "in" / "00.pdf" / "copy.db")
