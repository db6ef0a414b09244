"""Runs over folders of planted files: as ``pesco ingest`` does them, but for what reads the files."""

import os
from dataclasses import replace
from pathlib import Path

from pipeline.ingest import IngestOptions, Progress, RunSummary, ingest
from pipeline.limits import Limits
from pipeline.store.load import Versions
from tests.pipeline.made_documents import VERSIONS, make_gazetteers

if os.environ.get("BREAK_GUARD"):
    import tests.pipeline.broken_guards  # noqa: F401 - importing it throws the switch

READ_PLANTED = "tests.pipeline.planted:read_planted"


def make_options(db: Path, **changes: object) -> IngestOptions:
    """Options of a run over planted files: two processes, two seconds a file."""
    options = IngestOptions(
        db=db,
        workers=2,
        limits=Limits(seconds=2.0, seconds_per_page=0.0),
        settle_seconds=0.05,
        function=READ_PLANTED,
        versions=VERSIONS,
        gazetteers=make_gazetteers(),
    )
    return replace(options, **changes)  # type: ignore[arg-type]


def new_versions(**changes: str) -> Versions:
    return replace(VERSIONS, **changes)


def plant(folder: Path, name: str, content: str = "good") -> Path:
    """Write a planted file; contents that differ are different documents."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def run(folder: Path, options: IngestOptions) -> tuple[RunSummary, list[Progress]]:
    """Ingest a folder; return the summary and what was reported on the way."""
    steps: list[Progress] = []
    return ingest([folder], options, steps.append), steps
