"""A document from the bytes of its PDF, in one go or in parts: what a reading process runs where no pages are kept."""

import pickle
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from extractors.reader.pages import count_pages
from extractors.reader.read_errors import ReadError, ReadReason
from pipeline.derive import find_facts
from pipeline.digest import compare
from pipeline.document import ReadDocument
from pipeline.memory import give_back
from pipeline.reading import ReadOptions, Stretch, join_stretches, read_document, read_stretch
from pipeline.store.columns import key_of
from pipeline.store.kept_views import pack_document
from pipeline.work import Derived, Job, allow_ocr

# Recognition takes five seconds a page on an idle core.
OCR_SECONDS_PER_PAGE = 60.0


def count_document(job: Job) -> tuple[int, str]:
    """Return the number of pages of a document; raises ``ReadError``."""
    return count_pages(Path(job.location)), "count"


def read_part(job: Job) -> tuple[int, str]:
    """Read the one part in ``job.bounds`` into the scratch folder; return the number of its pages, 0 for a part that
    came with anything to note: such a document is read in one go."""
    first, end = job.bounds
    # The comparison in one part speaks for the document: after a difference it is read in one go.
    options = ReadOptions(use_ocr=False)
    stretch = read_stretch(Path(job.location), options, range(first, end), is_compared=first == 1)
    if not stretch.is_plain:
        return 0, "part"
    _part_file(job, first).write_bytes(pickle.dumps(stretch, protocol=pickle.HIGHEST_PROTOCOL))
    return len(stretch.pages), "part"


def join_and_derive(job: Job) -> tuple[Derived, str]:
    """Return what a document says whose parts, by ``job.bounds``, have been read."""
    stretches: list[Stretch] = []
    for first, _ in pairwise(job.bounds):
        # Written by a process of this run, into a folder that only its user can open.
        stretches.append(pickle.loads(_part_file(job, first).read_bytes()))
        _part_file(job, first).unlink()
    return keep_and_derive(job, join_stretches(stretches)), "pdf"


def _part_file(job: Job, first: int) -> Path:
    return Path(job.scratch) / f"{job.sha256}-{first}"


def keep_and_derive(job: Job, read: ReadDocument) -> Derived:
    """Keep the pages of a document that was read, and return what it says."""
    give_back(read.n_pages)
    packed = pack_document(read)
    if job.kept is not None:
        job.kept.write(job.sha256, packed)
    return compare(job, replace(read, key=key_of(packed)), find_facts(read, job.kind, job.corrections))


def read_pdf(job: Job) -> ReadDocument:
    """Read a PDF without a password, then with each that is known; raises ``ReadError``."""
    for password in (None, *job.passwords[:-1]):
        try:
            return _read(job, password)
        except ReadError as error:
            if error.reason is not ReadReason.ENCRYPTED or not job.passwords:
                raise
    return _read(job, job.passwords[-1])


def _read(job: Job, password: str | None) -> ReadDocument:
    """Read a PDF; where it has pictures of pages and the job allows it, once more with their recognition.

    Text comes first under narrow limits; only a document that turns out to need more gets more.
    """
    read = read_document(Path(job.location), ReadOptions(password=password, use_ocr=False))
    if not read.needs_ocr or not job.use_ocr or job.ocr_seconds <= 0:
        return read
    allow_ocr(job, OCR_SECONDS_PER_PAGE * len(read.needs_ocr))
    return read_document(Path(job.location), ReadOptions(password=password, use_ocr=True))
