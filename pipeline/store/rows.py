"""What a document says, as raw rows of the output contract: ids made, boxes hulled, dates bounded; not yet checked.

An ``Extraction`` comes in, dictionaries leave, in the order of the document. Text is cleaned of what no database text
can hold. Which rows are fit to be stored is decided in ``pipeline.store.check``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from models.corrections import CorrectionRecord
from models.extraction import Extraction, TableRecord
from models.facts import CommitmentStatus, Fact, Milestone, Participation
from models.issues import Issue
from models.mentions import Mention, MentionKind
from models.spans import Box
from pipeline.store.bounds import Bounds, date_bounds
from pipeline.store.ids import IdMaker, box_key, page_id

RawRow = dict[str, object]
# Made once: ``json.dumps`` would make one for each value.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=repr)


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """What is written beside every row of a document."""

    id: str
    filename: str
    rules_version: str

    @property
    def columns(self) -> RawRow:
        """The columns that name the document."""
        return {"document_id": self.id, "filename": self.filename}


@dataclass(slots=True)
class Prints:
    """The rows of one print: its mention rows by value. Facts refer to prints by their index in the extraction."""

    values: list[tuple[str, str]] = field(default_factory=list)

    def ids_for(self, wanted: Sequence[str]) -> list[str]:
        """Return the ids of the rows with a wanted value, or of all rows when there is none."""
        fitting = [row_id for value, row_id in self.values if value in wanted]
        return fitting or [row_id for _, row_id in self.values]


def clean(text: str) -> str:
    r"""Return text without what SQLite cannot hold: lone surrogates and NUL become U+FFFD.

    >>> clean("a\x00b") == "a" + chr(0xFFFD) + "b"
    True
    """
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if _has_surrogate(text) else text


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def to_json(value: object) -> str:
    """Return JSON with sorted keys, in readable letters; what JSON does not know is written as its ``repr``."""
    return clean(_ENCODER.encode(value))


def bounds_of(value: str | None) -> Bounds:
    """Return first and last day of a date that may be missing; raises ``EdtfError``."""
    return (None, None) if value is None else date_bounds(value)


def hull(boxes: Iterable[Box], page: int) -> Box | None:
    """Return the hull of those boxes that stand on a page, or ``None`` when none does."""
    on_page = [box for box in boxes if box.page == page]
    if len(on_page) < 2:
        return on_page[0] if on_page else None
    return Box(
        page,
        min(box.x0 for box in on_page),
        min(box.top for box in on_page),
        max(box.x1 for box in on_page),
        max(box.bottom for box in on_page),
    )


def page_rows(key: DocumentKey, extraction: Extraction) -> Iterator[RawRow]:
    """Yield the pages."""
    pictures = frozenset(extraction.needs_ocr)
    for number, text in enumerate(extraction.page_texts, 1):
        yield {
            "id": page_id(key.id, number),
            "document_id": key.id,
            "page": number,
            "text": clean(text),
            "needs_ocr": int(number in pictures),
        }


def mention_rows(key: DocumentKey, ids: IdMaker, mention: Mention) -> Iterator[RawRow]:
    """Yield one row per value of a mention; raises ``EdtfError`` for a date that is none."""
    place = _place(key, mention)
    first_box = box_key(mention.boxes[0])
    stable = (key.id, mention.kind.value, mention.page, first_box, place["text"])
    print_id = ids.make("print", *stable)
    boxes = _lines(mention)
    for part, value in enumerate(mention.values):
        day_from, day_to = date_bounds(value) if mention.kind == MentionKind.DATE else (None, None)
        yield {
            "id": ids.make("mention", *stable, value),
            "print_id": print_id,
            "part": part,
            "value": clean(value),
            "date_from": day_from,
            "date_to": day_to,
            "boxes": boxes,
            **place,
        }


def _lines(mention: Mention) -> str | None:
    """Return the boxes of a mention's printed lines, exactly, or ``None`` for a single one, which is its hull."""
    if len(mention.boxes) == 1 and mention.boxes[0].page == mention.page:
        return None
    return to_json([(b.page, float(b.x0), float(b.top), float(b.x1), float(b.bottom)) for b in mention.boxes])


def candidate_rows(key: DocumentKey, ids: IdMaker, mention: Mention) -> Iterator[RawRow]:
    """Yield one row per value of a reference without a number."""
    place = _place(key, mention)
    boxes = _json_boxes(mention.boxes)
    for part, value in enumerate(mention.values):
        stable = (key.id, mention.kind.value, mention.page, box_key(mention.boxes[0]), place["text"], value)
        yield {"id": ids.make("candidate", *stable), "part": part, "value": clean(value), "boxes": boxes, **place}


def _place(key: DocumentKey, mention: Mention) -> RawRow:
    """Return the columns that mentions and candidates share."""
    box = hull(mention.boxes, mention.page) or mention.boxes[0]
    return {
        **key.columns,
        "page": mention.page,
        "kind": mention.kind,
        "text": clean(mention.text),
        "x0": float(box.x0),
        "top": float(box.top),
        "x1": float(box.x1),
        "bottom": float(box.bottom),
        "span_start": mention.span.start,
        "span_end": mention.span.end,
        "is_ocr": int(mention.is_ocr),
        "rule_id": mention.rule_id,
        "rules_version": key.rules_version,
    }


def participation_row(key: DocumentKey, ids: IdMaker, fact: Participation, position: int) -> RawRow:
    """Return a participation; its evidence is added by the caller."""
    return _fact_row(key, ids, fact, position, {"project": fact.project, "state": fact.state, "role": fact.role})


def milestone_row(key: DocumentKey, ids: IdMaker, fact: Milestone, position: int) -> RawRow:
    """Return a milestone; raises ``EdtfError`` for a date that is none."""
    row = _fact_row(
        key,
        ids,
        fact,
        position,
        {
            "project": fact.project,
            "milestone": fact.milestone,
            "date": fact.date,
            "phase": fact.phase,
            "was": fact.was,
        },
    )
    row["date_from"], row["date_to"] = bounds_of(fact.date)
    row["was_from"], row["was_to"] = bounds_of(fact.was)
    return row


def status_row(key: DocumentKey, ids: IdMaker, fact: CommitmentStatus, position: int) -> RawRow:
    """Return a commitment status."""
    said: RawRow = {"state": fact.state, "commitment": fact.commitment, "status": fact.status}
    return _fact_row(key, ids, fact, position, said)


def fact_row(key: DocumentKey, ids: IdMaker, fact: Fact, position: int) -> RawRow:
    """Return the row of a fact; raises ``EdtfError``."""
    if isinstance(fact, Participation):
        return participation_row(key, ids, fact, position)
    if isinstance(fact, Milestone):
        return milestone_row(key, ids, fact, position)
    if isinstance(fact, CommitmentStatus):
        return status_row(key, ids, fact, position)
    raise TypeError(f"no table for {type(fact).__name__}")


def _fact_row(key: DocumentKey, ids: IdMaker, fact: Fact, position: int, said: RawRow) -> RawRow:
    return {
        "id": ids.make(type(fact).__name__, key.id, fact.page, *(value or "" for value in said.values())),
        **key.columns,
        "page": fact.page,
        "position": position,
        **said,
        "quote": clean(fact.quote),
        "rule_id": fact.rule_id,
        "rules_version": key.rules_version,
    }


def table_row(key: DocumentKey, ids: IdMaker, table: TableRecord) -> RawRow:
    """Return a table without its cells."""
    return {
        "id": ids.make("table", key.id, table.number),
        **key.columns,
        "number": table.number,
        "page": table.pages[0] if table.pages else 1,
        "pages": to_json(table.pages),
        "caption": clean(table.caption),
        "headings": to_json(table.headings),
        "n_rows": table.n_rows,
        "n_columns": table.n_columns,
        "is_ruled": int(table.is_ruled),
        "layout": table.layout,
    }


def cell_rows(table_id: str, table: TableRecord) -> Iterator[RawRow]:
    """Yield the cells of a table."""
    for cell in table.cells:
        yield {
            "table_id": table_id,
            "row": cell.row,
            "column": cell.column,
            "row_span": cell.row_span,
            "column_span": cell.column_span,
            "is_header": int(cell.is_header),
            "heading": clean(cell.heading),
            "text": clean(cell.text),
            "page": cell.boxes[0].page if cell.boxes else None,
            "boxes": _json_boxes(cell.boxes),
        }


def issue_row(ids: IdMaker, issue: Issue, position: int, about: Mapping[str, str | None]) -> RawRow:
    """Return an issue; ``about`` holds ``filename`` and one of ``document_id`` and ``path``."""
    owner = about.get("document_id") or about.get("path") or ""
    context = to_json(issue.context)
    message = clean(issue.message)
    return {
        "id": ids.make("issue", owner, issue.code, issue.page, message, context),
        "document_id": about.get("document_id"),
        "path": about.get("path"),
        "filename": about["filename"],
        "page": issue.page,
        "position": position,
        "code": issue.code,
        "severity": issue.severity,
        "message": message,
        "context": context,
    }


def correction_rows(key: DocumentKey, extraction: Extraction) -> Iterator[RawRow]:
    """Yield what became of the corrections of a document."""
    for position, record in enumerate(extraction.corrections):
        yield correction_row(key.id, record, position)


def correction_row(document: str | None, record: CorrectionRecord, position: int) -> RawRow:
    """Return what became of a correction; ``document`` is ``None`` when its document is not in the database."""
    entry = record.entry
    return {
        "id": IdMaker().make("correction", document or "", entry.id),
        "document_id": document,
        "position": position,
        "entry_id": entry.id,
        "file": clean(entry.file),
        "action": entry.said.action,
        "kind": entry.row_kind,
        "target_id": entry.target,
        "row_id": record.row_id,
        "state": record.state,
        "reason": clean(record.reason),
        "who": clean(entry.said.who),
        "when": clean(entry.said.when),
        "why": clean(entry.said.why),
        "before": None if record.before is None else to_json(record.before),
        "after": None if record.after is None else to_json(record.after),
    }


def _json_boxes(boxes: Sequence[Box]) -> str:
    """Return boxes as JSON lists of page, x0, top, x1, bottom."""
    places = ((box.page, *(round(edge, 2) for edge in (box.x0, box.top, box.x1, box.bottom))) for box in boxes)
    return to_json(list(places))
