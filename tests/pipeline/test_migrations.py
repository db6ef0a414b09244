"""The steps that a database is known to need are those that exist, and a run with nothing to do loads none of them."""

import subprocess
import sys
from pathlib import Path

from pipeline.store.migrations import migrations
from pipeline.store.schema import STEPS, open_database

ROOT = Path(__file__).resolve().parents[2]
_OPEN = """
import sys
from pathlib import Path
from pipeline.store.schema import open_database
open_database(Path(sys.argv[1])).close()
print(*sorted({"numpy", "sqlite_utils"} & set(sys.modules)))
"""


def test_the_steps_named_are_the_steps_there_are() -> None:
    assert tuple(step.name for step in migrations._migrations) == STEPS


def test_a_database_that_is_up_to_date_loads_no_steps(tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    open_database(db).close()
    done = subprocess.run([sys.executable, "-c", _OPEN, db], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
