"""A document once it is read: what every rule works on, and what is kept for the next run."""

from dataclasses import dataclass

from extractors.views import TextView
from models.issues import Issue


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What reading gives: the view, its number of pages, the pages (from 1) without usable text, and what came up.

    ``unreadable`` lists those of ``needs_ocr`` that have a text layer without usable characters. ``key`` is a hash of
    all of it where that is known: of a document that was kept.
    """

    view: TextView
    n_pages: int
    needs_ocr: tuple[int, ...] = ()
    unreadable: tuple[int, ...] = ()
    issues: tuple[Issue, ...] = ()
    key: str = ""
