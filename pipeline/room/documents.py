"""Documents: the list, and one with what it says of itself, its pages, its facts in figures and its issues."""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass

from pipeline.room.rows import Slice, fetch, fetch_one

PAGE_SIZE = 100

DOCUMENTS = """
SELECT id, filename, title, kind, state, year, date, pages, status, reason FROM documents
WHERE (:kind IS NULL OR kind IS nullif(:kind, '-')) AND (:year IS NULL OR year IS nullif(:year, 0))
ORDER BY year DESC, date_to DESC, filename, id LIMIT :limit OFFSET :offset
"""
N_DOCUMENTS = """
SELECT count(*) FROM documents
WHERE (:kind IS NULL OR kind IS nullif(:kind, '-')) AND (:year IS NULL OR year IS nullif(:year, 0))
"""
DOCUMENT = """
SELECT d.id, d.filename, d.sha256, d.title, d.kind, d.language, d.state, s.name AS state_name, d.year, d.date, d.pages,
       d.status, d.reason, d.size, d.evidence
FROM documents d LEFT JOIN states s ON s.code = d.state WHERE d.id = :document
"""
FILES = """
SELECT path, filename, status, reason, advice, size, mtime_ns FROM files WHERE document_id = :document ORDER BY path
"""
PAGES = """
SELECT page, substr(text, 1, 400) AS beginning, needs_ocr, length(text) AS letters FROM pages
WHERE document_id = :document ORDER BY page
"""
MENTIONS_BY_PAGE = "SELECT page, count(*) FROM mentions WHERE document_id = :document GROUP BY page"
PARTICIPATIONS_BY_PAGE = "SELECT page, count(*) FROM participations WHERE document_id = :document GROUP BY page"
MILESTONES_BY_PAGE = "SELECT page, count(*) FROM milestones WHERE document_id = :document GROUP BY page"
STATUSES_BY_PAGE = "SELECT page, count(*) FROM commitment_statuses WHERE document_id = :document GROUP BY page"
N_TABLES = "SELECT count(*) FROM tables WHERE document_id = :document"
ISSUES = """
SELECT page, code, severity, message FROM issues WHERE document_id = :document
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, page, position, id LIMIT :limit
"""
N_ISSUES = "SELECT count(*) FROM issues WHERE document_id = :document"

_ISSUES_SHOWN = 100
_BEGINNING = 110


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in the list."""

    id: str
    filename: str
    title: str | None
    kind: str | None
    state: str | None
    year: int | None
    date: str | None
    pages: int | None
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class DocumentList:
    """A page of the list of documents."""

    slice: Slice
    documents: list[DocumentLine]


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document. ``evidence`` is where it says what it is, as JSON."""

    id: str
    filename: str
    sha256: str
    title: str | None
    kind: str | None
    language: str | None
    state: str | None
    state_name: str | None
    year: int | None
    date: str | None
    pages: int | None
    status: str
    reason: str | None
    size: int
    evidence: str | None

    @property
    def says_so(self) -> dict[str, tuple[int, str]]:
        """Return where the document says what it is: field to page (from 1) and print."""
        found = json.loads(self.evidence) if self.evidence else {}
        return {str(name): (int(page), str(words)) for name, (page, words) in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file that has, or had, the document's bytes; ``size`` and ``mtime_ns`` as of the last run."""

    path: str
    filename: str
    status: str
    reason: str | None
    advice: str | None
    size: int | None
    mtime_ns: int | None


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page of a document: how it begins, and how much was found on it."""

    page: int
    beginning: str
    needs_ocr: int
    letters: int
    mentions: int
    facts: int


@dataclass(frozen=True, slots=True)
class Issue:
    """What the reading could not settle."""

    page: int | None
    code: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Everything that the page of a document shows. ``facts`` counts facts by table."""

    document: Document
    files: list[DocumentFile]
    pages: list[PageLine]
    facts: dict[str, int]
    tables: int
    issues: list[Issue]
    n_issues: int

    @property
    def mentions(self) -> int:
        """Return the number of mentions."""
        return sum(page.mentions for page in self.pages)


def list_documents(
    connection: sqlite3.Connection, kind: str | None = None, year: int | None = None, page: int = 1
) -> DocumentList:
    """Return a page of the documents, newest first; ``kind`` may be ``-`` and ``year`` 0 for those that have none."""
    chosen = {"kind": kind, "year": year}
    part = Slice(page, PAGE_SIZE, int(connection.execute(N_DOCUMENTS, chosen).fetchone()[0]))
    found = fetch(connection, DocumentLine, DOCUMENTS, **chosen, limit=part.size, offset=part.offset)
    return DocumentList(part, found)


def find_document(connection: sqlite3.Connection, document: str) -> Document | None:
    """Return a document by its id, or ``None``."""
    return fetch_one(connection, Document, DOCUMENT, document=document)


def list_files(connection: sqlite3.Connection, document: str) -> list[DocumentFile]:
    """Return the files of a document, by path."""
    return fetch(connection, DocumentFile, FILES, document=document)


def read_document(connection: sqlite3.Connection, identifier: str) -> DocumentPage | None:
    """Return a document, or ``None`` when there is none of that id."""
    document = find_document(connection, identifier)
    if document is None:
        return None
    facts = {
        "participations": _by_page(connection, PARTICIPATIONS_BY_PAGE, identifier),
        "milestones": _by_page(connection, MILESTONES_BY_PAGE, identifier),
        "commitment_statuses": _by_page(connection, STATUSES_BY_PAGE, identifier),
    }
    here = {"document": identifier}
    return DocumentPage(
        document=document,
        files=list_files(connection, identifier),
        pages=_pages(connection, identifier, facts),
        facts={name: sum(numbers.values()) for name, numbers in facts.items()},
        tables=int(connection.execute(N_TABLES, here).fetchone()[0]),
        issues=fetch(connection, Issue, ISSUES, document=identifier, limit=_ISSUES_SHOWN),
        n_issues=int(connection.execute(N_ISSUES, here).fetchone()[0]),
    )


def _pages(connection: sqlite3.Connection, document: str, facts: dict[str, dict[int, int]]) -> list[PageLine]:
    mentions = _by_page(connection, MENTIONS_BY_PAGE, document)
    rows = connection.execute(PAGES, {"document": document}).fetchall()
    heads = _find_heads([str(row[1]) for row in rows])
    return [
        PageLine(
            page=int(page),
            beginning=_shorten([line for line in str(beginning).split("\n") if line not in heads]),
            needs_ocr=int(needs_ocr),
            letters=int(letters),
            mentions=mentions.get(page, 0),
            facts=sum(numbers.get(page, 0) for numbers in facts.values()),
        )
        for page, beginning, needs_ocr, letters in rows
    ]


def _find_heads(beginnings: list[str]) -> set[str]:
    """Return the lines with which most pages begin: running heads, which tell no page from another."""
    lines = Counter(line for text in beginnings for line in set(text.split("\n")))
    return {line for line, number in lines.items() if number > max(2, len(beginnings) // 2)}


def _by_page(connection: sqlite3.Connection, sql: str, document: str) -> dict[int, int]:
    return {int(page): int(number) for page, number in connection.execute(sql, {"document": document})}


def _shorten(lines: list[str]) -> str:
    """Return the beginning of a page in one line, cut at a blank."""
    line = " ".join(" ".join(lines).split())
    return line if len(line) <= _BEGINNING else line[: line.rfind(" ", 0, _BEGINNING)] + " …"
