"""A document from its bytes, or from its kept pages, to what it says: what a reading process runs."""

from pipeline.derive import find_facts
from pipeline.digest import compare
from pipeline.document import ReadDocument
from pipeline.store.columns import ColumnsError
from pipeline.store.kept_views import unpack_document
from pipeline.work import Derived, Job


def read_and_derive(job: Job) -> tuple[Derived, str]:
    """Return what a document says, and ``kept`` or ``pdf`` for where it was read from.

    Raises ``ReadError`` when it cannot be read, and the other errors of the house.
    """
    kept = None if job.is_fresh else _read_kept(job)
    if kept is not None:
        return compare(job, kept, find_facts(kept, job.kind, job.corrections)), "kept"
    from pipeline.pdf_job import keep_and_derive, read_pdf  # noqa: PLC0415 - a change of rules opens no PDF

    return keep_and_derive(job, read_pdf(job)), "pdf"


def _read_kept(job: Job) -> ReadDocument | None:
    """Return the document from its kept pages; damaged ones are dropped and count as none."""
    data = None if job.kept is None else job.kept.read(job.sha256)
    if data is None or job.kept is None:
        return None
    try:
        return unpack_document(data)
    except ColumnsError:
        job.kept.drop(job.sha256)
        return None
