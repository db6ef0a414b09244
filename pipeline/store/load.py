"""One document into the database, in one transaction: its old rows go, its new rows come, or nothing happens.

``load_extraction`` takes what the reading process gave, ``load_same`` that this is what it gave before,
``load_quarantine`` why it gave nothing. All are stable names. Rows pass ``pipeline.store.check`` first; full-text
search follows by triggers. A crash at any moment leaves, for each document, either all its old rows or all its new
ones.
"""

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime

from models.extraction import Extraction
from models.issues import Issue, Severity
from pipeline.reasons import ADVICE, Reason
from pipeline.store.check import CheckedRows, Known, check_extraction, check_row
from pipeline.store.document_row import document_row, scan_reason, with_issues
from pipeline.store.ids import IdMaker, document_id
from pipeline.store.ledger import FileFacts, attach_files, drop_documents_without_files, settle_document
from pipeline.store.records import ROWS
from pipeline.store.replace import Changes, insert_sql, replace_rows, set_rules_version
from pipeline.store.rows import DocumentKey, RawRow, issue_row
from pipeline.store.schema import writing

# Columns of a document that reading it again does not change.
_KEPT = ("id", "filename", "restricted")


@dataclass(frozen=True, slots=True)
class Versions:
    """What facts depend on besides the bytes: reader, rule files, and the code that applies them."""

    reader: str
    rules: str
    code: str


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document's bytes and every path that a run found them under. ``tried`` marks the password file used,
    ``corrections`` the entries of correction files on it."""

    sha256: str
    size: int
    files: tuple[FileFacts, ...]
    tried: str | None = None
    corrections: str | None = None

    def __post_init__(self) -> None:
        """Refuse bytes that no path holds: raises ``ValueError``."""
        if not self.files:
            raise ValueError("a document needs a file")

    @property
    def id(self) -> str:
        """The document's id."""
        return document_id(self.sha256)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a document holds now. ``mentions`` counts values; ``changes`` is what differs from what stood there."""

    document_id: str
    status: str
    reason: Reason | None
    pages: int = 0
    mentions: int = 0
    mentions_by_kind: dict[str, int] = field(default_factory=dict)
    issues: int = 0
    changes: Changes = field(default_factory=Changes)


def load_extraction(
    connection: sqlite3.Connection,
    file: DocumentFile,
    extraction: Extraction,
    versions: Versions,
    digest: str | None = None,
) -> Loaded:
    """Replace all rows of a document by what it says now, in one transaction; ``digest`` (``pipeline.digest``) is kept.

    Raises ``sqlite3.IntegrityError``, with the old rows intact, when rows that passed the check still do not fit.
    """
    seen = utc_now()
    reason = scan_reason(extraction)
    status = "needs_ocr" if reason else "loaded"
    with writing(connection):
        known = load_known(connection)
        raw, extra = document_row(extraction, known)
        state = {"status": status, "reason": reason and reason.value, "digest": digest}
        _upsert_document(connection, {**_identity(file, versions), **raw, **state})
        left = attach_files(connection, file.id, file.files, seen)
        filename = settle_document(connection, file.id, seen)
        key = DocumentKey(file.id, filename, versions.rules)
        checked = check_extraction(key, with_issues(extraction, extra), known)
        changes = replace_rows(connection, file.id, checked, versions.rules)
        drop_documents_without_files(connection, left, seen)
    return Loaded(
        document_id=file.id,
        status=status,
        reason=reason,
        pages=len(extraction.page_texts),
        mentions=checked.count("mentions"),
        mentions_by_kind=checked.mentions_by_kind,
        issues=checked.count("issues"),
        changes=changes,
    )


def load_same(connection: sqlite3.Connection, file: DocumentFile, digest: str, versions: Versions) -> Loaded:
    """Let a document that says what it said keep its rows: only the versions that stand beside them change.

    Raises ``ValueError``, with nothing written, when its rows were made from something else than ``digest`` stands for.
    """
    seen = utc_now()
    with writing(connection):
        cursor = connection.execute(
            "UPDATE documents SET reader_version = ?, rules_version = ?, code_version = ?, tried = ?,"
            " corrections_version = ? WHERE id = ? AND digest = ?",
            (versions.reader, versions.rules, versions.code, file.tried, file.corrections, file.id, digest),
        )
        if cursor.rowcount != 1:
            raise ValueError(f"the rows of {file.id} were made from something else")
        left = attach_files(connection, file.id, file.files, seen)
        settle_document(connection, file.id, seen)
        set_rules_version(connection, file.id, versions.rules)
        drop_documents_without_files(connection, left, seen)
        return _count_rows(connection, file.id)


def load_quarantine(
    connection: sqlite3.Connection, file: DocumentFile, reason: Reason, detail: str, versions: Versions
) -> Loaded:
    """Write a document that cannot be read, with its reason, in place of whatever it had before."""
    seen = utc_now()
    empty: RawRow = dict.fromkeys(ROWS["documents"].model_fields)
    row = {**empty, **_identity(file, versions), "status": "quarantined", "reason": reason.value}
    message = f"{reason}: {ADVICE[reason]}"
    issue = Issue(reason.value, Severity.ERROR, None, message, {"detail": detail} if detail else {})
    with writing(connection):
        _upsert_document(connection, row)
        left = attach_files(connection, file.id, file.files, seen)
        filename = settle_document(connection, file.id, seen)
        checked = _check_issue(DocumentKey(file.id, filename, versions.rules), issue)
        changes = replace_rows(connection, file.id, checked, versions.rules)
        drop_documents_without_files(connection, left, seen)
    return Loaded(document_id=file.id, status="quarantined", reason=reason, issues=1, changes=changes)


def _count_rows(connection: sqlite3.Connection, document: str) -> Loaded:
    """Return what a document holds, by its rows."""
    status, reason, pages = connection.execute(
        "SELECT status, reason, pages FROM documents WHERE id = ?", (document,)
    ).fetchone()
    kinds = connection.execute(
        "SELECT kind, count(*) FROM mentions WHERE document_id = ? GROUP BY kind ORDER BY kind", (document,)
    )
    by_kind = {str(kind): int(number) for kind, number in kinds}
    (issues,) = connection.execute("SELECT count(*) FROM issues WHERE document_id = ?", (document,)).fetchone()
    return Loaded(
        document_id=document,
        status=str(status),
        reason=reason and Reason(reason),
        pages=int(pages),
        mentions=sum(by_kind.values()),
        mentions_by_kind=by_kind,
        issues=int(issues),
    )


def load_known(connection: sqlite3.Connection) -> Known:
    """Return what the gazetteers in the database hold."""

    def column(sql: str) -> frozenset[str]:
        return frozenset(str(row[0]) for row in connection.execute(sql))

    return Known(
        projects=column("SELECT slug FROM projects"),
        states=column("SELECT code FROM states"),
        commitments=column("SELECT number FROM commitments"),
    )


def utc_now() -> str:
    """Return the time in UTC to the second, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _identity(file: DocumentFile, versions: Versions) -> RawRow:
    """Return the columns of a document that its bytes give."""
    return {
        "id": file.id,
        "filename": min(file.files).filename,
        "sha256": file.sha256,
        "size": file.size,
        "reader_version": versions.reader,
        "rules_version": versions.rules,
        "code_version": versions.code,
        "tried": file.tried,
        "corrections_version": file.corrections,
        "restricted": 0,
    }


def _check_issue(key: DocumentKey, issue: Issue) -> CheckedRows:
    """Return the rows of a document of which nothing is known but one issue."""
    about: dict[str, str | None] = {"document_id": key.id, "filename": key.filename}
    return CheckedRows(tables={"issues": [check_row("issues", issue_row(IdMaker(), issue, 0, about))]})


def _upsert_document(connection: sqlite3.Connection, row: RawRow) -> None:
    """Write a document's row; an existing one stays in place, since paths refer to it, and stays restricted."""
    values = check_row("documents", row)
    columns = tuple(ROWS["documents"].model_fields)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in _KEPT)
    connection.execute(f"{insert_sql('documents')} ON CONFLICT (id) DO UPDATE SET {changes}", values)
