"""All mentions of one thing, newest document first, each with the words around it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.room.passages import Passage, cut_passage, find_places
from pipeline.room.rows import Slice, fetch

PAGE_SIZE = 40

DOCUMENTS_OF = """
SELECT c.document_id, c.mentions, d.filename, d.title, d.kind, d.year,
       coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '') AS as_of
FROM (SELECT document_id, count(*) AS mentions FROM mentions WHERE kind = :kind AND value = :value
      GROUP BY document_id) c
JOIN documents d ON d.id = c.document_id
ORDER BY as_of DESC, d.filename, d.id
"""
MENTIONS_IN = """
SELECT id, document_id, filename, page, text, span_start, is_ocr
FROM mentions WHERE kind = :kind AND value = :value AND document_id = :document
ORDER BY span_start, part, id LIMIT :limit OFFSET :offset
"""
PLACES_ON_PAGE = """
SELECT span_start, text FROM mentions WHERE document_id = :document AND page = :page
ORDER BY span_start, part
"""
PAGE_TEXT = "SELECT text FROM pages WHERE document_id = :document AND page = :page"


@dataclass(frozen=True, slots=True)
class Source:
    """A document in which a thing is mentioned, and how often."""

    document_id: str
    mentions: int
    filename: str
    title: str | None
    kind: str | None
    year: int | None
    as_of: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention in a list. ``passage`` is missing where its place in the page's text is not certain."""

    id: str
    document_id: str
    filename: str
    page: int
    text: str
    span_start: int
    is_ocr: int
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class MentionList:
    """A page of the mentions of a thing, and the documents they are spread over."""

    slice: Slice
    sources: list[Source] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)


def list_mentions(connection: sqlite3.Connection, kind: str, value: str, page: int = 1) -> MentionList:
    """Return page ``page`` (from 1) of the mentions of a thing."""
    sources = fetch(connection, Source, DOCUMENTS_OF, kind=kind, value=value)
    part = Slice(page, PAGE_SIZE, sum(source.mentions for source in sources))
    found: list[Mention] = []
    skip = part.offset
    for source in sources:
        if skip >= source.mentions:
            skip -= source.mentions
            continue
        wanted = PAGE_SIZE - len(found)
        here = {"kind": kind, "value": value, "document": source.document_id}
        found += fetch(connection, Mention, MENTIONS_IN, **here, limit=wanted, offset=skip)
        skip = 0
        if len(found) == PAGE_SIZE:
            break
    return MentionList(part, sources, add_passages(connection, found))


def add_passages(connection: sqlite3.Connection, mentions: Sequence[Mention]) -> list[Mention]:
    """Return mentions with the words around them."""
    texts: dict[tuple[str, int], str] = {}
    places: dict[tuple[str, int], dict[tuple[int, str], int]] = {}
    for mention in mentions:
        page = (mention.document_id, mention.page)
        if page not in texts:
            texts[page] = read_page_text(connection, *page)
            places[page] = find_places(texts[page], read_places(connection, *page))
    found = []
    for mention in mentions:
        page = (mention.document_id, mention.page)
        start = places[page].get((mention.span_start, mention.text))
        passage = None if start is None else cut_passage(texts[page], start, mention.text)
        found.append(replace(mention, passage=passage))
    return found


def read_page_text(connection: sqlite3.Connection, document: str, page: int) -> str:
    """Return the text of a page, empty when there is none."""
    row = connection.execute(PAGE_TEXT, {"document": document, "page": page}).fetchone()
    return str(row[0]) if row else ""


def read_places(connection: sqlite3.Connection, document: str, page: int) -> list[tuple[int, str]]:
    """Return the starts (in the document's text) and words of all mentions of a page."""
    answer = connection.execute(PLACES_ON_PAGE, {"document": document, "page": page})
    return [(int(row[0]), str(row[1])) for row in answer]
