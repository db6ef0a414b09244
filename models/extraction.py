"""All that one document gives: what crosses from the process that reads to the one that writes; picklable values."""

from dataclasses import dataclass

from models.corrections import CorrectionRecord
from models.facts import CommitmentStatus, DocumentFacts, Milestone, Participation
from models.issues import Issue
from models.mentions import Mention
from models.spans import Box


@dataclass(frozen=True, slots=True)
class CellRecord:
    """A printed cell: its place in its table (from 0, spans of merged cells), its text and its boxes, one per page."""

    table: int
    row: int
    column: int
    row_span: int
    column_span: int
    is_header: bool
    heading: str
    text: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class TableRecord:
    """A table over all its pages. ``layout`` names the layout map that its headings fitted, or ``""``."""

    number: int
    caption: str
    headings: tuple[str, ...]
    pages: tuple[int, ...]
    n_rows: int
    n_columns: int
    is_ruled: bool
    layout: str
    cells: tuple[CellRecord, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a document says. Facts' ``evidence`` indexes ``mentions``; ``candidates`` are references without a number.

    ``needs_ocr`` lists the pages (from 1) that have no text layer and were not read. ``corrections`` says what became
    of the entries of correction files on this document.
    """

    document: DocumentFacts
    page_texts: tuple[str, ...]
    mentions: tuple[Mention, ...]
    candidates: tuple[Mention, ...]
    participations: tuple[Participation, ...]
    milestones: tuple[Milestone, ...]
    statuses: tuple[CommitmentStatus, ...]
    tables: tuple[TableRecord, ...]
    issues: tuple[Issue, ...]
    needs_ocr: tuple[int, ...] = ()
    corrections: tuple[CorrectionRecord, ...] = ()
