"""A run that writes nothing: done in a scratch copy of the database, for what it would change."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from models.errors import PescoError
from pipeline.changes import Diff, read_diff
from pipeline.ingest import ingest
from pipeline.run import Engine, IngestOptions, Progress
from pipeline.store.keep import backup
from pipeline.summary import RunSummary


def rehearse(
    paths: Sequence[Path], options: IngestOptions, report: Callable[[Progress], None] | None = None
) -> tuple[RunSummary, Diff]:
    """Return what a run would do and change; database, kept pages, manifests and files stay as they are, byte for byte.

    It needs no lock. The copy of the database lies in the system's folder for temporary files while it runs. Raises
    ``PescoError`` as ``ingest`` does, and for a Dask cluster, whose workers keep pages.
    """
    if options.engine is not Engine.LOCAL:
        raise PescoError("a dry run reads on this machine only; leave out --engine")
    with tempfile.TemporaryDirectory(prefix="pesco-dry-run-") as folder:
        scratch = Path(folder) / options.db.name
        if options.db.is_file():
            backup(options.db, scratch)
        summary = ingest(paths, replace(options, db=scratch, kept=options.pages_folder, is_rehearsal=True), report)
        return summary, read_diff(scratch, summary.run_id)
