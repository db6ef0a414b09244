"""One thing with its evidence: a document, project, state, commitment, mention or fact, found by what people call it.

``find_entity`` is stable; what it returns is ready for JSON. Reads only.
"""

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import PescoError
from pipeline.names import for_terminal
from pipeline.store.check import LINKS
from pipeline.store.ids import ID_LENGTH
from pipeline.store.replace import columns_of
from pipeline.store.schema import open_reader

Record = dict[str, object]
_LIMIT = 200
_COMMITMENT = re.compile(r"(?:commitment|c)?\s*([1-9]|1[0-9]|20)", re.IGNORECASE)
_MIN_PREFIX = 6


_SAME_PRINT = "(document_id, print_id) = (SELECT document_id, print_id FROM mentions WHERE id = ?)"


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing: its ``kind``, its row, and lists of rows about it by title. Lists end at 200 rows; ``counts`` says how
    many there are. Evidence rows carry filename, page, text or quote, and mentions their boxes."""

    kind: str
    id: str
    title: str
    record: Record
    sections: dict[str, list[Record]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def find_entity(db: Path, identifier: str) -> Entity:
    """Return the thing that an identifier names; raises ``PescoError`` when nothing or more than one thing has it.

    A mention, fact or document goes by its id or the first digits of it, a document also by its file name, a project by
    slug or any name, a state by code or name, a commitment by its number.
    """
    with closing(open_reader(db)) as connection:
        connection.execute("BEGIN")
        for wanted in dict.fromkeys((identifier, identifier.strip())):
            for find in (_find_commitment, _find_state, _find_project, _find_document, _find_mention, _find_fact):
                entity = find(connection, wanted)
                if entity is not None:
                    return entity
    raise PescoError(
        f"nothing is called {for_terminal(identifier)!r}; give the id of a document, mention or fact, a file name, "
        "a project, a state or the number of a commitment"
    )


def _find_commitment(connection: sqlite3.Connection, wanted: str) -> Entity | None:
    found = _COMMITMENT.fullmatch(wanted)
    row = found and _one(connection, "SELECT * FROM commitments WHERE number = ?", int(found[1]))
    if not row:
        return None
    number = str(row["number"])
    more = _More(connection)
    more.add("statuses", "commitment_statuses", "commitment = ?", number)
    more.add("mentions", "mentions", "kind = 'commitment' AND value = ?", number)
    more.add("candidates", "candidates", "kind = 'commitment' AND value = ?", number)
    return Entity("commitment", number, f"Commitment {number}: {row['summary']}", row, more.sections, more.counts)


def _find_state(connection: sqlite3.Connection, wanted: str) -> Entity | None:
    row = _one(connection, "SELECT * FROM states WHERE code = upper(?1) OR lower(name) = lower(?1) LIMIT 1", wanted)
    if not row:
        return None
    code = str(row["code"])
    more = _More(connection)
    more.add("documents", "documents", "state = ?", code)
    more.add("participations", "participations", "state = ?", code)
    more.add("commitment statuses", "commitment_statuses", "state = ?", code)
    more.add("mentions", "mentions", "kind = 'state' AND value = ?", code)
    return Entity("state", code, str(row["name"]), row, more.sections, more.counts)


def _find_project(connection: sqlite3.Connection, wanted: str) -> Entity | None:
    by_name = "SELECT project FROM project_names WHERE lower(name) = lower(?1)"
    sql = f"SELECT * FROM projects WHERE slug = lower(?1) OR lower(name) = lower(?1) OR slug IN ({by_name})"
    rows = _all(connection, sql, wanted)
    if len(rows) > 1:
        raise PescoError(f"{for_terminal(wanted)!r} may be " + " or ".join(str(row["slug"]) for row in rows))
    if not rows:
        return None
    slug = str(rows[0]["slug"])
    more = _More(connection)
    more.add("names", "project_names", "project = ?", slug)
    more.add("latest", "latest_projects", "project = ?", slug)
    more.add("participations", "participations", "project = ?", slug)
    more.add("milestones", "milestones", "project = ?", slug)
    more.add("contradictions", "contradictions", "project = ?", slug)
    more.add("mentions", "mentions", "kind = 'project' AND value = ?", slug)
    return Entity("project", slug, str(rows[0]["name"]), rows[0], more.sections, more.counts)


def _find_document(connection: sqlite3.Connection, wanted: str) -> Entity | None:
    rows = _all(
        connection,
        "SELECT * FROM documents WHERE filename = ?1 OR filename = ?1 || '.pdf'"
        " OR id IN (SELECT document_id FROM files WHERE filename = ?1 OR path = ?1)",
        wanted,
    ) or _by_prefix(connection, "documents", wanted)
    if not rows:
        return None
    row = _only(rows, wanted)
    document = str(row["id"])
    more = _More(connection)
    more.add("files", "files", "document_id = ?", document)
    more.add("participations", "participations", "document_id = ?", document)
    more.add("milestones", "milestones", "document_id = ?", document)
    more.add("commitment statuses", "commitment_statuses", "document_id = ?", document)
    more.add("issues", "issues", "document_id = ?", document)
    more.add("corrections", "corrections", "document_id = ?", document)
    more.add("mentions", "mentions", "document_id = ?", document)
    return Entity("document", document, str(row["title"] or row["filename"]), row, more.sections, more.counts)


def _find_mention(connection: sqlite3.Connection, wanted: str) -> Entity | None:
    rows = _by_prefix(connection, "mentions", wanted)
    if not rows:
        return None
    row = _with_boxes(connection, _only(rows, wanted))
    more = _More(connection)
    more.add("values of the same print", "mentions", _SAME_PRINT, str(row["id"]))
    for table, link in LINKS.items():
        key = columns_of(link)[0]
        rest_on_it = f"id IN (SELECT {key} FROM {link} WHERE mention_id = ?)"
        more.add(f"{table} that rest on it", table, rest_on_it, str(row["id"]))
    more.add("corrections", "corrections", "row_id = ?", str(row["id"]))
    title = f"{row['kind']} {row['value']}: {row['text']}"
    return Entity("mention", str(row["id"]), title, row, more.sections, more.counts)


def _find_fact(connection: sqlite3.Connection, wanted: str) -> Entity | None:
    for table, link in LINKS.items():
        rows = _by_prefix(connection, table, wanted)
        if rows:
            row = _only(rows, wanted)
            more = _More(connection)
            key = columns_of(link)[0]
            more.add("mentions", "mentions", f"id IN (SELECT mention_id FROM {link} WHERE {key} = ?)", str(row["id"]))
            more.add("corrections", "corrections", "row_id = ?", str(row["id"]))
            return Entity(table, str(row["id"]), str(row["quote"]), row, more.sections, more.counts)
    return None


class _More:
    """Collects lists of rows about a thing; empty ones are left out."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.sections: dict[str, list[Record]] = {}
        self.counts: dict[str, int] = {}

    def add(self, title: str, table: str, where: str, value: str) -> None:
        """Add the rows of a table that fit, in the order of their document."""
        number = int(self._connection.execute(f"SELECT count(*) FROM {table} WHERE {where}", (value,)).fetchone()[0])
        if not number:
            return
        rows = _all(self._connection, f"SELECT * FROM {table} WHERE {where}{_order(table)} LIMIT {_LIMIT}", value)
        if table == "mentions":
            rows = [_with_boxes(self._connection, row) for row in rows]
        self.sections[title] = rows
        self.counts[title] = number


def _order(table: str) -> str:
    if table == "mentions" or table == "candidates":
        return " ORDER BY filename, span_start, part"
    if table in LINKS:
        return " ORDER BY filename, page, position"
    if table == "corrections":
        return " ORDER BY position"
    return ""


def _with_boxes(connection: sqlite3.Connection, mention: Record) -> Record:
    """Return a mention with its boxes, one per printed line."""
    rows = connection.execute(
        "SELECT page, x0, top, x1, bottom FROM mention_boxes WHERE mention_id = ? ORDER BY line", (mention["id"],)
    )
    return {**mention, "boxes": [dict(row) for row in rows]}


def _by_prefix(connection: sqlite3.Connection, table: str, wanted: str) -> list[Record]:
    """Return the rows whose id begins with what looks like the beginning of one."""
    prefix = wanted.lower()
    if not re.fullmatch(rf"[0-9a-f]{{{_MIN_PREFIX},{ID_LENGTH}}}", prefix):
        return []
    return _all(connection, f"SELECT * FROM {table} WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT 3", prefix)


def _only(rows: Sequence[Record], wanted: str) -> Record:
    """Return the only row; raises ``PescoError`` when there are more."""
    if len(rows) > 1:
        raise PescoError(f"{for_terminal(wanted)!r} may be " + " or ".join(str(row["id"]) for row in rows))
    return rows[0]


def _one(connection: sqlite3.Connection, sql: str, *values: object) -> Record | None:
    rows = _all(connection, sql, *values)
    return rows[0] if rows else None


_JSON_COLUMNS = frozenset({"mention_ids", "boxes", "context", "evidence", "headings", "before", "after"})


def _all(connection: sqlite3.Connection, sql: str, *values: object) -> list[Record]:
    """Return rows as dictionaries; columns that hold JSON are read."""
    return [
        {name: _plain(name, value) for name, value in zip(row.keys(), row, strict=True)}
        for row in connection.execute(sql, values)
    ]


def _plain(name: str, value: object) -> object:
    return json.loads(value) if name in _JSON_COLUMNS and isinstance(value, str) else value
