"""The rows of the output contract, checked strictly: one model per table, and the meaning of every column.

A model's docstring is its table's description in the browser, a field's description its column's;
``pipeline.store.catalogue`` writes them out. What does not fit its model is never stored: ``pipeline.store.check``
turns it into an issue row.
"""

from typing import Annotated, Literal

from pydantic import Field

from models.corrections import CorrectionState, RowKind
from models.facts import DocumentKind, MilestoneKind, Phase, Role, Status
from models.issues import Severity
from models.mentions import MentionKind
from pipeline.store.gazetteer_records import CommitmentRow, ProjectNameRow, ProjectRow, StateRow
from pipeline.store.record_columns import (
    Bottom,
    Day,
    Evidence,
    Flag,
    IsOcr,
    Left,
    OfDocument,
    OfFile,
    OfProject,
    PageNumber,
    PartOfPrint,
    Points,
    Quote,
    Right,
    Row,
    RuleId,
    RulesVersion,
    SpanEnd,
    SpanStart,
    StableId,
    Text,
    Top,
)

DocumentStatus = Literal["loaded", "quarantined", "needs_ocr"]
FileStatus = Literal["loaded", "quarantined", "needs_ocr", "duplicate", "waiting", "gone"]


class DocumentRow(Row):
    """Documents: each is its bytes, whatever they are called, with what it says of itself."""

    id: Text = Field(description="Beginning of the hash of the bytes")
    filename: Text = Field(description="Name of the first of its files in sort order")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Hash of the bytes")]
    kind: DocumentKind | None = Field(description="annual_report, nip, list_decision, recommendation, ...")
    title: str | None = Field(description="Title as printed")
    language: str | None = Field(description="ISO 639-1")
    state: str | None = Field(description="The state whose plan it is, ISO 3166-1")
    year: int | None = Field(ge=1900, le=2199, description="The year it reports on, else that of its own date")
    date: str | None = Field(description="Its own date, EDTF")
    date_from: Day | None = Field(description="First day of its own date")
    date_to: Day | None = Field(description="Last day of its own date")
    pages: int | None = Field(ge=0, description="Number of pages")
    status: DocumentStatus = Field(description="loaded, quarantined (cannot be read) or needs_ocr (pictures only)")
    reason: str | None = Field(description="Why it is not loaded")
    size: int = Field(ge=0, description="Size of the file", json_schema_extra={"unit": "B"})
    evidence: str | None = Field(description="Where it says what it is: field, page and print, as JSON")
    reader_version: Text = Field(description="Version of the reader that read it")
    rules_version: str | None = Field(description="Hash of the rule files its facts were found with")
    code_version: str | None = Field(description="Hash of the program that found its facts")
    tried: str | None = Field(description="Mark of the password file it was last tried with")
    restricted: Flag = Field(description="1 when nothing of it may go into a published copy")
    kind_hint: DocumentKind | None = Field(description="The kind that a manifest gives; it goes before the text's own")
    corrections_version: str | None = Field(description="Hash of the corrections that its facts hold")
    digest: str | None = Field(description="Hash of all that its rows were made from, which a later run compares")


class FileRow(Row):
    """Files: one row per path that a run met, with what became of it and what to do next."""

    path: Text = Field(description="Full path; bytes that are no text as \\xNN")
    filename: Text = Field(description="Name without folder")
    document_id: str | None = Field(description="The document its bytes are")
    status: FileStatus = Field(description="loaded, quarantined, needs_ocr, duplicate, waiting (still copied) or gone")
    reason: str | None = Field(description="Why it is not loaded")
    advice: str | None = Field(description="What to do next")
    seen: Text = Field(description="When a run first saw it in this state, UTC")
    size: int | None = Field(description="Size when last read", json_schema_extra={"unit": "B"})
    mtime_ns: int | None = Field(description="Time of change when last read, ns since 1970")


class SourceRow(Row):
    """Sources: what manifests say of files, one row per path."""

    path: Text = Field(description="Full path, as in files")
    url: str | None = Field(description="Where it was fetched from")
    retrieved: str | None = Field(description="When it was fetched")
    licence: str | None = Field(description="On what terms it may be used")
    kind: DocumentKind | None = Field(description="What it is, as the keeper of the folder says")
    restricted: Flag = Field(description="1 when its document must not be published")


class PageRow(Row):
    """Pages: the text of each page, furniture included, for reading and search."""

    id: int = Field(description="Made from the document's hash and the page")
    document_id: OfDocument
    page: PageNumber
    text: str = Field(description="Text in reading order")
    needs_ocr: Flag = Field(description="1 when the page is a picture without usable text")


class MentionRow(Row):
    """Mentions: every project, state, date and commitment in print, one row per mention and value."""

    id: StableId
    print_id: Text = Field(description="Shared by the values of one print, as in a range of commitments")
    document_id: OfDocument
    filename: OfFile
    page: PageNumber
    part: PartOfPrint
    kind: MentionKind = Field(description="project, state, date, commitment or commitment_area")
    value: Text = Field(description="Slug, ISO 3166-1 code, EDTF date, number 1 to 20, or area a to e")
    text: Text = Field(description="As printed, line breaks and hyphens healed")
    x0: Left
    top: Top
    x1: Right
    bottom: Bottom
    date_from: Day | None = Field(description="First day of a date; empty when open")
    date_to: Day | None = Field(description="Last day of a date; empty when open")
    span_start: SpanStart
    span_end: SpanEnd
    is_ocr: IsOcr
    rule_id: RuleId
    rules_version: RulesVersion
    boxes: str | None = Field(
        description="Of a mention over several lines: page, x0, top, x1, bottom of each, as JSON (see mention_boxes)"
    )


class MentionBoxRow(Row):
    """Boxes of mentions: one per printed line; the glyphs inside spell the print."""

    mention_id: Text = Field(description="The mention")
    line: int = Field(ge=0, description="Printed line of the mention, from 0")
    page: PageNumber
    x0: Points = Field(description="Left edge")
    top: Points = Field(description="Upper edge")
    x1: Points = Field(description="Right edge")
    bottom: Points = Field(description="Lower edge")


class CandidateRow(Row):
    """Candidates: words that may speak of a commitment without naming its number. No facts rest on them."""

    id: StableId
    document_id: OfDocument
    filename: OfFile
    page: PageNumber
    part: PartOfPrint
    kind: MentionKind = Field(description="What it may speak of")
    value: Text = Field(description="The value it may have")
    text: Text = Field(description="As printed")
    x0: Left
    top: Top
    x1: Right
    bottom: Bottom
    boxes: Text = Field(description="One box per printed line: page, x0, top, x1, bottom, as JSON")
    span_start: SpanStart
    span_end: SpanEnd
    is_ocr: IsOcr
    rule_id: RuleId
    rules_version: RulesVersion


class FactRow(Row):
    """What all fact tables have."""

    id: StableId
    document_id: Text = Field(description="The document that says so")
    filename: OfFile
    page: PageNumber
    position: int = Field(ge=0, description="Place within the document")


class ParticipationRow(FactRow):
    """Participations: a state takes part in a project in a role, as one document says at its date."""

    project: OfProject
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="The state, ISO 3166-1")]
    role: Role = Field(description="coordinator, member, observer or third_state")
    quote: Quote
    mention_ids: Evidence
    rule_id: RuleId
    rules_version: RulesVersion


class MilestoneRow(FactRow):
    """Milestones: a project reaches, or is to reach, a step; with the earlier date of one that moved."""

    project: OfProject
    milestone: MilestoneKind = Field(description="launch, ioc, foc, delivery_start, delivery_end, closure or phase")
    date: str | None = Field(description="EDTF, never more precise than the print")
    date_from: Day | None = Field(description="First day; empty when open")
    date_to: Day | None = Field(description="Last day; empty when open")
    phase: Phase | None = Field(description="ideation, incubation, execution or closing")
    was: str | None = Field(description="Earlier date of a milestone that moved, EDTF")
    was_from: Day | None = Field(description="First day of the earlier date")
    was_to: Day | None = Field(description="Last day of the earlier date")
    quote: Quote
    mention_ids: Evidence
    rule_id: RuleId
    rules_version: RulesVersion


class CommitmentStatusRow(FactRow):
    """Commitment statuses: how far a commitment is met by a state, or by ALL participating states together."""

    state: Annotated[str, Field(pattern=r"^([A-Z]{2}|ALL)$", description="The state, ISO 3166-1, or ALL")]
    commitment: Annotated[str, Field(pattern=r"^([1-9]|1[0-9]|20)$", description="The commitment, 1 to 20")]
    status: Status = Field(description="met, partly, not_met or planned")
    quote: Quote
    mention_ids: Evidence
    rule_id: RuleId
    rules_version: RulesVersion


class TableRow(Row):
    """Tables: each printed table over all its pages."""

    id: StableId
    document_id: OfDocument
    filename: OfFile
    number: int = Field(ge=0, description="Number within the document, from 0")
    page: PageNumber
    pages: Text = Field(description="All its pages, as JSON")
    caption: str = Field(description="Caption as printed")
    headings: Text = Field(description="Column headings, as JSON")
    n_rows: int = Field(ge=0, description="Number of rows")
    n_columns: int = Field(ge=0, description="Number of columns")
    is_ruled: Flag = Field(description="1 when it has drawn lines")
    layout: str = Field(description="The layout map that fitted its headings")


class CellRow(Row):
    """Cells: what stands in each cell of each table."""

    table_id: Text = Field(description="The table")
    row: int = Field(ge=0, description="Row, from 0, headings included")
    column: int = Field(ge=0, description="Column, from 0")
    row_span: int = Field(ge=1, description="Rows it covers")
    column_span: int = Field(ge=1, description="Columns it covers")
    is_header: Flag = Field(description="1 in a heading row")
    heading: str = Field(description="Heading of its column")
    text: str = Field(description="Text as printed")
    page: int | None = Field(description="Its first page")
    boxes: Text = Field(description="One box per page: page, x0, top, x1, bottom, as JSON")


class IssueRow(Row):
    """Issues: what was not understood, could not be read or was refused, to be counted and cleared."""

    id: StableId
    document_id: str | None = Field(description="The document, if it is about one")
    path: str | None = Field(description="The file, if it is about one that gave no document")
    filename: Text = Field(description="File name")
    page: int | None = Field(ge=1, description="Physical page, from 1; empty for the whole document")
    position: int = Field(ge=0, description="Place among the issues of its document")
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="What kind of issue")]
    severity: Severity = Field(description="info (costs nothing), warning (perhaps a fact), error (a page or more)")
    message: Text = Field(description="What a person should know")
    context: Text = Field(description="The words, candidates or record behind it, as JSON")


class CorrectionRow(Row):
    """Corrections: what people set right, and what became of it."""

    id: StableId
    document_id: str | None = Field(description="The document; empty when it is not in the database")
    position: int = Field(ge=0, description="Place among the corrections of its document")
    entry_id: Text = Field(description="Hash of what its entry says")
    file: Text = Field(description="The file of its entry, below the folder of corrections")
    action: Literal["reject", "set", "add"] = Field(description="reject, set or add")
    kind: RowKind = Field(description="mention, participation, milestone, commitment_status or document")
    target_id: str | None = Field(description="The row that it corrects")
    row_id: str | None = Field(description="The row that it made or changed")
    state: CorrectionState = Field(description="applied, stale (what it corrects has changed) or unknown_target (gone)")
    reason: str = Field(description="Why it is not applied")
    who: Text = Field(description="Who corrected")
    when: Text = Field(description="When")
    why: Text = Field(description="Why")
    before: str | None = Field(description="The values before it, as JSON")
    after: str | None = Field(description="The values since, as JSON")


class RunRow(Row):
    """Runs: one row per run of the pipeline, also of one that changed nothing."""

    id: int = Field(description="Number of the run")
    started: Text = Field(description="Start, UTC")
    finished: str | None = Field(description="End, UTC; empty for a run that was killed")
    status: Literal["running", "completed", "completed_with_quarantine", "failed"] = Field(description="How it ended")
    folders: Text = Field(description="The folders and files asked for, as JSON")
    options: Text = Field(description="The settings, as JSON")
    reader_version: Text = Field(description="Version of the reader")
    rules_version: RulesVersion
    files: int | None = Field(description="Files met")
    documents: int | None = Field(description="Documents written in this run")
    quarantined: int | None = Field(description="Files in reach that are quarantined or need OCR")
    pages: int | None = Field(description="Pages written in this run")
    mentions: int | None = Field(description="Mentions written in this run")
    issues: int | None = Field(description="Issues written in this run")
    seconds: float | None = Field(description="Duration", json_schema_extra={"unit": "s"})
    message: str | None = Field(description="The summary in one line, or why it failed")


class RunFileRow(Row):
    """Files of runs: what each run did to each file that it changed something about."""

    run_id: int = Field(description="The run")
    path: Text = Field(description="Full path")
    document_id: str | None = Field(description="The document")
    outcome: Text = Field(description="loaded, quarantined, needs_ocr, duplicate, waiting, gone or moved")
    reason: str | None = Field(description="Why it is not loaded")
    source: str | None = Field(description="pdf when the file was read, kept when only the rules ran again")
    pages: int | None = Field(description="Pages")
    mentions: int | None = Field(description="Mentions, one per value")
    seconds: float | None = Field(description="Time in the reading process", json_schema_extra={"unit": "s"})


class ChangeRow(Row):
    """Changes: what each of the last runs gained, lost and changed, against what stood before it."""

    id: int = Field(description="Number of the change")
    run_id: int = Field(description="The run")
    document_id: Text = Field(description="The document, which may be gone by now")
    filename: Text = Field(description="The document's file name at the time")
    page: int | None = Field(description="Physical page, from 1")
    kind: Text = Field(description="document, mention, candidate, participation, milestone, commitment_status, ...")
    key: Text = Field(description="Id of the row, after the change if there is one then")
    what: Literal["gained", "lost", "changed"] = Field(description="gained, lost or changed")
    rule_id: Text = Field(description="The rule that found it; issue.CODE of an issue")
    before: str | None = Field(description="What stood there, as JSON")
    after: str | None = Field(description="What stands there now, as JSON")


ROWS: dict[str, type[Row]] = {
    "documents": DocumentRow,
    "files": FileRow,
    "sources": SourceRow,
    "pages": PageRow,
    "mentions": MentionRow,
    "mention_boxes": MentionBoxRow,
    "candidates": CandidateRow,
    "participations": ParticipationRow,
    "milestones": MilestoneRow,
    "commitment_statuses": CommitmentStatusRow,
    "tables": TableRow,
    "cells": CellRow,
    "issues": IssueRow,
    "corrections": CorrectionRow,
    "runs": RunRow,
    "run_files": RunFileRow,
    "changes": ChangeRow,
    "projects": ProjectRow,
    "project_names": ProjectNameRow,
    "states": StateRow,
    "commitments": CommitmentRow,
}
