"""What a drawing process does: a page of a file whose bytes are those of the document, and of no other."""

import hashlib
from pathlib import Path

from extractors.page_picture import PagePicture, draw_page, load_painter
from pipeline.work import Job

CHANGED = "changed"


def draw_job(job: Job) -> tuple[PagePicture | int, str]:
    """Return the picture of ``job.page``; nothing and ``CHANGED`` when the file holds other bytes than the document.

    The bytes that are compared are those that are drawn. Raises ``ReadError`` and ``OSError``.
    """
    data = Path(job.location).read_bytes()
    if hashlib.sha256(data).hexdigest() != job.sha256:
        return 0, CHANGED
    return draw_page(data, job.page, scale=job.scale, passwords=job.passwords), "pdf"


def is_ready() -> bool:
    """Load what drawing needs, so that the first page does not wait for it."""
    load_painter()
    return True
