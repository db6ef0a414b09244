"""Evidence: a page with the boxes of all its mentions, and the one mention or fact that was asked for.

What is asked for is a mention, a fact or a page; what leaves is the page with its boxes, the chosen ones named, the
text of the page in pieces, and what comes before and after in the list that the reader came along.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.room.documents import Document, DocumentFile, find_document, list_files
from pipeline.room.mentions import DOCUMENTS_OF, Source, read_page_text, read_places
from pipeline.room.passages import Piece, find_places, split_at_mentions
from pipeline.room.rows import fetch, fetch_one

MENTION = """
SELECT id, print_id, document_id, filename, page, kind, value, text, date_from, date_to, span_start, is_ocr, rule_id,
       x0, top, x1, bottom, boxes
FROM mentions WHERE id = :id
"""
MENTIONS_ON_PAGE = """
SELECT id, print_id, document_id, filename, page, kind, value, text, date_from, date_to, span_start, is_ocr, rule_id,
       x0, top, x1, bottom, boxes
FROM mentions WHERE document_id = :document AND page BETWEEN :page - 1 AND :page
ORDER BY span_start, part, id
"""
IDS_IN = """
SELECT id FROM mentions WHERE kind = :kind AND value = :value AND document_id = :document
ORDER BY span_start, part, id
"""
PAGE = "SELECT needs_ocr FROM pages WHERE document_id = :document AND page = :page"
LAST_PAGE = "SELECT max(page) FROM pages WHERE document_id = :document"

PARTICIPATION = """
SELECT q.id, q.document_id, q.page, q.quote, q.rule_id, q.project, p.name AS project_name, q.state,
       s.name AS state_name, q.role AS value, NULL AS step, NULL AS was, NULL AS commitment
FROM participations q JOIN projects p ON p.slug = q.project JOIN states s ON s.code = q.state WHERE q.id = :id
"""
MILESTONE = """
SELECT m.id, m.document_id, m.page, m.quote, m.rule_id, m.project, p.name AS project_name, NULL AS state,
       NULL AS state_name, coalesce(m.phase, m.date) AS value, m.milestone AS step, m.was, NULL AS commitment
FROM milestones m JOIN projects p ON p.slug = m.project WHERE m.id = :id
"""
STATUS = """
SELECT c.id, c.document_id, c.page, c.quote, c.rule_id, NULL AS project, NULL AS project_name, c.state,
       s.name AS state_name, c.status AS value, NULL AS step, NULL AS was, c.commitment
FROM commitment_statuses c LEFT JOIN states s ON s.code = c.state WHERE c.id = :id
"""
MENTIONS_OF_PARTICIPATION = """
SELECT mention_id FROM participation_mentions WHERE participation_id = :id ORDER BY mention_id
"""
MENTIONS_OF_MILESTONE = "SELECT mention_id FROM milestone_mentions WHERE milestone_id = :id ORDER BY mention_id"
MENTIONS_OF_STATUS = """
SELECT mention_id FROM commitment_status_mentions WHERE commitment_status_id = :id ORDER BY mention_id
"""
FACTS_ON_PAGE = """
SELECT 'participations' AS kind, q.id, q.position, q.quote, p.name AS project_name, s.name AS state_name,
       q.role AS value, NULL AS step, NULL AS commitment
FROM participations q JOIN projects p ON p.slug = q.project JOIN states s ON s.code = q.state
WHERE q.document_id = :document AND q.page = :page
UNION ALL
SELECT 'milestones', m.id, m.position, m.quote, p.name, NULL, coalesce(m.phase, m.date), m.milestone, NULL
FROM milestones m JOIN projects p ON p.slug = m.project WHERE m.document_id = :document AND m.page = :page
UNION ALL
SELECT 'statuses', c.id, c.position, c.quote, NULL, s.name, c.status, NULL, c.commitment
FROM commitment_statuses c LEFT JOIN states s ON s.code = c.state
WHERE c.document_id = :document AND c.page = :page
ORDER BY kind, position, id LIMIT :limit
"""
# The kinds of fact, as they stand in addresses: the statement for one, and for the mentions it rests on.
FACTS = {
    "participations": (PARTICIPATION, MENTIONS_OF_PARTICIPATION),
    "milestones": (MILESTONE, MENTIONS_OF_MILESTONE),
    "statuses": (STATUS, MENTIONS_OF_STATUS),
}
PARTICIPATIONS_OF = """
SELECT q.id FROM participations q JOIN documents d ON d.id = q.document_id WHERE q.project = :project
ORDER BY coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '') DESC,
         d.filename, q.document_id, q.position, q.id
"""
MILESTONES_OF = """
SELECT m.id FROM milestones m JOIN documents d ON d.id = m.document_id WHERE m.project = :project
ORDER BY coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '') DESC,
         d.filename, m.document_id, m.position, m.id
"""
STATUSES_OF = """
SELECT c.id FROM commitment_statuses c JOIN documents d ON d.id = c.document_id WHERE c.state = :state
ORDER BY coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '') DESC,
         d.filename, c.document_id, c.position, c.id
"""
_SEQUENCES = {"participations": PARTICIPATIONS_OF, "milestones": MILESTONES_OF, "statuses": STATUSES_OF}
_FACTS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention: what was printed, where, what it stands for, and the rule that found it. ``boxes`` is one for each
    line as JSON, or ``None`` when the hull is the only one."""

    id: str
    print_id: str
    document_id: str
    filename: str
    page: int
    kind: str
    value: str
    text: str
    date_from: str | None
    date_to: str | None
    span_start: int
    is_ocr: int
    rule_id: str
    x0: float
    top: float
    x1: float
    bottom: float
    boxes: str | None

    def boxes_on(self, page: int) -> "list[Box]":
        """Return the boxes of its printed lines on a page."""
        if self.boxes is None:
            return [Box(self.page, self.x0, self.top, self.x1, self.bottom)] if page == self.page else []
        return [box for line in json.loads(self.boxes) if (box := Box(*line)).page == page]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of any kind: ``kind`` is its table as in addresses; what it is not about is ``None``."""

    id: str
    document_id: str
    page: int
    quote: str
    rule_id: str
    project: str | None
    project_name: str | None
    state: str | None
    state_name: str | None
    value: str | None
    step: str | None
    was: str | None
    commitment: str | None


@dataclass(frozen=True, slots=True)
class Box:
    """A printed line of a mention on a page, in points from the page's top left corner as pdfplumber counts."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Marked:
    """A mention on the page shown, with its boxes there; values of one print share them."""

    mention: Mention
    boxes: list[Box]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FactOnPage:
    """A fact read from the page shown, with what it says; ``state_name`` is missing for all states together."""

    kind: str
    id: str
    position: int
    quote: str
    project_name: str | None
    state_name: str | None
    value: str | None
    step: str | None
    commitment: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """Where the reader stands in a list: ``place`` (from 1) of ``total``, and the ids before and after."""

    place: int = 0
    total: int = 0
    previous: str | None = None
    following: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A page with its marks. ``mention``, or ``kind`` and ``fact``, is what was asked for; neither, for a page.

    ``chosen`` are the mentions it rests on, also those on other pages; ``pieces`` is the page's text.
    """

    document: Document
    files: list[DocumentFile]
    page: int
    last_page: int
    needs_ocr: bool
    marks: list[Marked]
    pieces: list[Piece]
    facts: list[FactOnPage]
    chosen: list[Mention] = field(default_factory=list)
    mention: Mention | None = None
    kind: str = ""
    fact: Fact | None = None
    way: Way = field(default_factory=Way)

    @property
    def is_ocr(self) -> bool:
        """Tell whether the page's words were read from its picture: their places then are those on the picture."""
        return any(mark.mention.is_ocr for mark in self.marks)


def show_mention(connection: sqlite3.Connection, identifier: str) -> Evidence | None:
    """Return the page of a mention, or ``None`` when there is none of that id. All values of its print are chosen."""
    mention = fetch_one(connection, Mention, MENTION, id=identifier)
    if mention is None:
        return None
    page = _gather(connection, mention.document_id, mention.page, chosen=[mention])
    return page and replace(page, mention=mention, way=_way_of_mention(connection, mention))


def show_fact(connection: sqlite3.Connection, kind: str, identifier: str) -> Evidence | None:
    """Return the page of a fact, or ``None``; ``kind`` is one of ``FACTS``. The mentions it rests on are chosen."""
    one, links = FACTS[kind]
    fact = fetch_one(connection, Fact, one, id=identifier)
    if fact is None:
        return None
    ids = [str(row[0]) for row in connection.execute(links, {"id": identifier})]
    found = [mention for one_id in ids if (mention := fetch_one(connection, Mention, MENTION, id=one_id))]
    chosen = sorted(found, key=lambda mention: (mention.page, mention.span_start, mention.id))
    rows = connection.execute(_SEQUENCES[kind], {"project": fact.project, "state": fact.state})
    way = _way([str(row[0]) for row in rows], identifier)
    page = _gather(connection, fact.document_id, fact.page, chosen=chosen)
    return page and replace(page, kind=kind, fact=fact, way=way)


def show_page(connection: sqlite3.Connection, document: str, page: int) -> Evidence | None:
    """Return a page (from 1) with all its mentions, none of them chosen; ``None`` when there is no such page."""
    return _gather(connection, document, page, chosen=[])


def find_sheet(connection: sqlite3.Connection, document: str, page: int) -> tuple[Document, list[DocumentFile]] | None:
    """Return what a page is drawn from: its document and the files of that; ``None`` when there is no such page."""
    found = find_document(connection, document)
    if found is None or connection.execute(PAGE, {"document": document, "page": page}).fetchone() is None:
        return None
    return found, list_files(connection, document)


def _gather(connection: sqlite3.Connection, document: str, page: int, *, chosen: Sequence[Mention]) -> Evidence | None:
    here = {"document": document, "page": page}
    found = find_document(connection, document)
    row = connection.execute(PAGE, here).fetchone()
    if found is None or row is None:
        return None
    prints = {one.print_id for one in chosen}
    marks = _read_marks(connection, document, page, prints)
    return Evidence(
        document=found,
        files=list_files(connection, document),
        page=page,
        last_page=int(connection.execute(LAST_PAGE, here).fetchone()[0]),
        needs_ocr=bool(row[0]),
        marks=marks,
        pieces=_read_pieces(connection, document, page, marks),
        facts=fetch(connection, FactOnPage, FACTS_ON_PAGE, **here, limit=_FACTS_SHOWN),
        chosen=list(chosen),
    )


def _read_marks(connection: sqlite3.Connection, document: str, page: int, prints: set[str]) -> list[Marked]:
    """Return the mentions with boxes on a page, also those that begin on the page before."""
    marks = []
    for mention in fetch(connection, Mention, MENTIONS_ON_PAGE, document=document, page=page):
        boxes = mention.boxes_on(page)
        if boxes:
            marks.append(Marked(mention, boxes, mention.print_id in prints))
    return marks


def _read_pieces(connection: sqlite3.Connection, document: str, page: int, marks: Iterable[Marked]) -> list[Piece]:
    text = read_page_text(connection, document, page)
    places = find_places(text, read_places(connection, document, page))
    found: dict[str, tuple[int, int]] = {}
    chosen = []
    for mark in marks:
        start = places.get((mark.mention.span_start, mark.mention.text))
        if start is not None and mark.mention.page == page:
            found[mark.mention.id] = (start, start + len(mark.mention.text))
            chosen += [mark.mention.id] if mark.is_chosen else []
    return split_at_mentions(text, found, chosen)


def _way_of_mention(connection: sqlite3.Connection, mention: Mention) -> Way:
    """Return the mentions of the same thing before and after, in the order of ``pipeline.room.mentions``."""
    sources = fetch(connection, Source, DOCUMENTS_OF, kind=mention.kind, value=mention.value)
    order = [source.document_id for source in sources]
    at = order.index(mention.document_id)
    before = sum(source.mentions for source in sources[:at])

    def ids_in(document: str) -> list[str]:
        here = {"kind": mention.kind, "value": mention.value, "document": document}
        return [str(row[0]) for row in connection.execute(IDS_IN, here)]

    own = ids_in(mention.document_id)
    place = own.index(mention.id)
    previous = own[place - 1] if place else ids_in(order[at - 1])[-1] if at else None
    is_last = place + 1 == len(own)
    following = own[place + 1] if not is_last else ids_in(order[at + 1])[0] if at + 1 < len(order) else None
    return Way(before + place + 1, sum(source.mentions for source in sources), previous, following)


def _way(ids: list[str], identifier: str) -> Way:
    at = ids.index(identifier)
    following = ids[at + 1] if at + 1 < len(ids) else None
    return Way(at + 1, len(ids), ids[at - 1] if at else None, following)
