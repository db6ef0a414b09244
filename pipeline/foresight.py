"""What a run will probably read, guessed from file times before anything else of it is loaded.

Reading processes take as long to get ready as the run itself; both at once halve the wait. A wrong guess costs some of
the other core's time, no more: processes forked from a server that holds too little load the rest themselves.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from extractors.rule_folders import RULES_FOLDER, files_of, own_folder
from models.errors import RuleError
from pipeline.processes import Work, start_early

_ROOT = Path(__file__).resolve().parents[1]
# What finds facts; the flows only call it.
_PACKAGES = ("models", "extractors", "pipeline")


def start_foreseen(db: Path, again: str | None) -> None:
    """Start the process that readers will be forked from, when it can be told what they will read; never raises."""
    work = foresee_work(db, again)
    if work is not None:
        start_early(work)


def foresee_work(db: Path, again: str | None) -> Work | None:
    """Return what a run on a database will read, or ``None`` when there may be nothing to read.

    Without a database everything is new. ``again`` is what the user wants done again: ``rules`` or ``pages``. Rules or
    code written after the database was (each run writes to it) will be applied to kept pages.
    """
    if again is not None:
        return "pdf" if again == "pages" else "kept"
    try:
        written = db.stat().st_mtime
    except OSError:
        return "pdf"
    return "kept" if any(time > written for time in _times_of_rules_and_code()) else None


def _times_of_rules_and_code() -> Iterator[float]:
    """Yield when each rule file and each module was written; what can't be looked at is left out."""
    with contextlib.suppress(OSError, RuleError):
        own = own_folder()
        for folder in (RULES_FOLDER, *([] if own is None else [own])):
            for path in files_of(folder):
                yield path.stat().st_mtime
    for package in _PACKAGES:
        for path in (_ROOT / package).rglob("*.py"):
            with contextlib.suppress(OSError):
                yield path.stat().st_mtime
