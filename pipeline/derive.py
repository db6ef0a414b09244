"""One document, from bytes to everything it says: read, find, relate. Runs in a child process; writes nothing.

Data goes down once: ``read_document`` gives the text, ``derive_facts`` what the rules find in it. The first depends on
bytes and reader only, the second on the text and the rules only.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.identity.facts import read_identity
from extractors.mentions import find_mentions
from extractors.prints import page_hulls
from extractors.views import Block, BlockKind, Cell, TableView, TextView
from models.corrections import NO_CORRECTIONS, DocumentCorrections
from models.extraction import CellRecord, Extraction, TableRecord
from models.facts import DocumentFacts, DocumentKind
from models.issues import Issue, Severity
from models.mentions import Hit, Mention, MentionKind
from models.spans import Box
from pipeline.corrections.apply import correct_document, correct_facts, correct_mentions, in_order, stale_issues
from pipeline.corrections.found import Related
from pipeline.document import ReadDocument
from pipeline.relations.grounds import read_grounds
from pipeline.relations.layouts import TableMap, map_issues, map_table
from pipeline.relations.milestones import relate_milestones
from pipeline.relations.participations import relate_participations
from pipeline.relations.statuses import relate_statuses

if TYPE_CHECKING:
    from pipeline.reading import ReadOptions

RULES_LANGUAGE = "en"


def derive_document(source: Path, options: "ReadOptions") -> Extraction:
    """Return what a PDF says; raises ``ReadError`` when it cannot be read and ``RuleError`` when rules are broken."""
    from pipeline.reading import read_document  # noqa: PLC0415 - facts from kept pages need no PDF library

    return derive_facts(read_document(source, options))


@dataclass(frozen=True, slots=True)
class Said:
    """What the rules find in a document: an extraction still without what only its pages and the maps of its tables
    decide, which is made (``complete``) for those who need it."""

    extraction: Extraction
    maps: tuple[TableMap, ...]


def derive_facts(
    read: ReadDocument, hint: DocumentKind | None = None, corrections: DocumentCorrections = NO_CORRECTIONS
) -> Extraction:
    """Return what the rules find in a document that was read before, set right where people did so.

    ``hint`` is the kind that its keeper gives.
    """
    return complete(read, find_facts(read, hint, corrections))


def complete(read: ReadDocument, said: Said) -> Extraction:
    """Return an extraction with the texts of the pages and the tables, every cell with its boxes."""
    tables = zip(read.view.tables, said.maps, strict=True)
    return replace(
        said.extraction,
        page_texts=read.view.page_texts,
        tables=tuple(to_record(read.view, table, table_map) for table, table_map in tables),
    )


def find_facts(
    read: ReadDocument, hint: DocumentKind | None = None, corrections: DocumentCorrections = NO_CORRECTIONS
) -> Said:
    """Return what the rules find in a document, as ``derive_facts`` does, before it is complete."""
    view = read.view
    found = find_mentions(view)
    mentions, records_m = correct_mentions(view, found.mentions, corrections)
    dates, states = (_hits(mentions, kind) for kind in (MentionKind.DATE, MentionKind.STATE))
    document, records_d = correct_document(read_identity(view, dates, states, hint), corrections)
    maps = tuple(map_table(table, view) for table in view.tables)
    grounds = read_grounds(view, mentions, maps)
    participations, issues_p = relate_participations(view, mentions, document, maps, grounds)
    milestones, issues_m = relate_milestones(view, mentions, document, maps, grounds)
    statuses, issues_s = relate_statuses(view, mentions, document, maps)
    map_rows = map_issues(view, maps)
    related = Related(mentions, participations, milestones, statuses)
    corrected, records_f = correct_facts(view, related, corrections)
    records = in_order(corrections, (*records_m, *records_d, *records_f))
    extraction = Extraction(
        document=document,
        page_texts=(),
        mentions=corrected.mentions,
        candidates=found.candidates,
        participations=corrected.participations,
        milestones=corrected.milestones,
        statuses=corrected.statuses,
        tables=(),
        issues=(
            *read.issues,
            *_language_issues(document),
            *found.issues,
            *map_rows,
            *issues_p,
            *issues_m,
            *issues_s,
            *stale_issues(records),
        ),
        needs_ocr=read.needs_ocr,
        corrections=records,
    )
    return Said(extraction, maps)


def _hits(mentions: tuple[Mention, ...], kind: MentionKind) -> list[Hit]:
    """Return the mentions of a kind as hits."""
    return [Hit(kind, mention.span, mention.values, mention.rule_id) for mention in mentions if mention.kind == kind]


def _language_issues(document: DocumentFacts) -> tuple[Issue, ...]:
    """Return an issue when the document is in a language that the rules were not written for."""
    if document.language in (None, RULES_LANGUAGE):
        return ()
    message = f"the document is in {document.language!r}; the rules are English, so facts will be missing"
    return (Issue("foreign_language", Severity.WARNING, None, message, {"language": document.language}),)


def to_record(view: TextView, table: TableView, table_map: TableMap) -> TableRecord:
    """Return a table as it is stored: every cell once, with its text and one box per page it stands on."""
    indices = sorted({index for row in table.rows for index in row if index is not None})
    blocks = [block for index in indices if (block := view.blocks[index]).kind == BlockKind.CELL]
    hulls = page_hulls(view, [block.span for block in blocks])
    return TableRecord(
        number=table.number,
        caption=table.caption,
        headings=table.headings,
        pages=tuple(sorted({box.page for box in table.boxes})),
        n_rows=len(table.rows),
        n_columns=max((len(row) for row in table.rows), default=0),
        is_ruled=table.is_ruled,
        layout=table_map.layout,
        cells=tuple(
            _cell_record(view, block, block.cell, boxes)
            for block, boxes in zip(blocks, hulls, strict=True)
            if block.cell is not None
        ),
    )


def _cell_record(view: TextView, block: Block, cell: Cell, boxes: tuple[Box, ...]) -> CellRecord:
    """Return the cell of a block as it is stored."""
    return CellRecord(
        table=cell.table,
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        is_header=cell.is_header,
        heading=cell.heading,
        text=view.block_text(block),
        boxes=boxes,
    )
