"""A page of a PDF explained in a reading process with its limits, as the file may be hostile."""

import hashlib
import pickle
import tempfile
from dataclasses import replace
from pathlib import Path

from models.errors import PescoError
from pipeline.explain import Explanation, explain_document
from pipeline.explain_inputs import Inputs, find_inputs
from pipeline.limits import MIB, Limits
from pipeline.names import for_terminal
from pipeline.pdf_job import read_pdf
from pipeline.pool import ReaderPool
from pipeline.work import Job

_EXPLAIN = "pipeline.explain_job:explain_job"
_ANSWER = "explanation"


def explain_page(location: Path, page: int | None, db: Path, corrections: Path | None = None) -> Explanation:
    """Explain a page (from 1) of a PDF, or all its pages, as a run would understand it that writes to a database and
    applies the correction files of a folder.

    Raises ``PescoError`` when it cannot be read or has no such page, ``RuleError`` when rules are broken,
    ``CorrectionError`` for a mistake in a correction file.
    """
    name = for_terminal(location.name)
    with tempfile.TemporaryDirectory(prefix="pesco-") as scratch:
        try:
            data = _read_bytes(location)
        except OSError as error:
            raise PescoError(f"{name} cannot be read: {error.strerror or error}") from error
        inputs = find_inputs(location, hashlib.sha256(data).hexdigest(), db, corrections)
        job = _make_job(location, data, page, inputs, scratch)
        with ReaderPool(1, function=_EXPLAIN) as pool:
            (outcome,) = pool.run([job])
        if outcome.reason is not None:
            raise PescoError(f"{name} cannot be read: {outcome.reason}: {for_terminal(outcome.detail)}")
        if page is not None and not 1 <= page <= (outcome.n_pages or 0):
            raise PescoError(f"{name} has pages 1 to {outcome.n_pages}, and no page {page}")
        # Written by our own process into a folder that only its user can open.
        found: Explanation = pickle.loads((Path(scratch) / _ANSWER).read_bytes())
        return replace(found, notes=inputs.notes)


def explain_job(job: Job) -> tuple[int, str]:
    """Explain the page in ``job.bounds``, or all pages, into the scratch folder; return the number of pages."""
    read = read_pdf(job)
    page = job.bounds[0] if job.bounds else None
    found = explain_document(read, Path(job.location).name, page, job.kind, job.corrections)
    (Path(job.scratch) / _ANSWER).write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))
    return read.n_pages, "pdf"


def _read_bytes(location: Path) -> bytes:
    """Return a file's bytes; raises ``PescoError`` when there are more than are read, ``OSError``."""
    if location.stat().st_size > Limits().max_bytes:
        raise PescoError(f"{for_terminal(location.name)} is larger than {Limits().max_bytes // MIB} MiB")
    return location.read_bytes()


def _make_job(location: Path, data: bytes, page: int | None, inputs: Inputs, scratch: str) -> Job:
    limits = Limits()
    return Job(
        sha256=hashlib.sha256(data).hexdigest(),
        location=str(location),
        seconds=limits.seconds_for(len(data), None),
        memory_bytes=limits.memory_for(len(data)),
        ocr_seconds=limits.ocr_seconds,
        ocr_memory_bytes=limits.ocr_memory,
        function=_EXPLAIN,
        bounds=() if page is None else (page,),
        scratch=scratch,
        kind=inputs.kind,
        corrections=inputs.corrections,
    )
