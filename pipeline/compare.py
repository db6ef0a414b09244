"""Two documents side by side: members, roles, milestones, phases and statuses that one has and the other lacks or has
with another value. What each says several times counts once, with its first place."""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from models.errors import PescoError
from pipeline.changes import Change, Diff
from pipeline.names import for_terminal
from pipeline.show import find_entity
from pipeline.store.change_rows import Said, Spec, pair_up
from pipeline.store.schema import open_reader

_TABLES = {
    "participations": Spec("participation", ("project", "state", "role"), (("project", "state"),)),
    "milestones": Spec("milestone", ("project", "milestone", "date", "phase"), (("project", "milestone"),)),
    "commitment_statuses": Spec("commitment_status", ("state", "commitment", "status"), (("state", "commitment"),)),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``other`` gained, lost and changed against ``one``, both file names; the changes by kind of fact."""

    one: str
    other: str
    diff: Diff


def compare_documents(db: Path, one: str, other: str) -> Comparison:
    """Compare two documents, each an id, a file name, or the year of an annual report.

    Raises ``PescoError`` for a name that no document has, or more than one.
    """
    ids = [_document(db, name) for name in (one, other)]
    with closing(open_reader(db)) as connection:
        names = [_filename(connection, document) for document in ids]
        changes: list[Change] = []
        for table, spec in _TABLES.items():
            before, after = (_facts(connection, table, spec, document) for document in ids)
            for old, new in pair_up(spec, list(before.values()), list(after.values())):
                side = 0 if new is None else 1
                places = _placed(before, spec, old), _placed(after, spec, new)
                changes.append(_change(spec, ids[side], names[side], *places))
    order = sorted(changes, key=lambda change: (change.rule_id, change.words))
    return Comparison(names[0], names[1], Diff(0, 0, tuple(order)))


def _document(db: Path, name: str) -> str:
    """Return the id of a document."""
    if re.fullmatch(r"\d{4}", name):
        with closing(open_reader(db)) as connection:
            rows = connection.execute(
                "SELECT id, filename FROM documents WHERE kind = 'annual_report' AND year = ? ORDER BY filename",
                (int(name),),
            ).fetchall()
        if len(rows) == 1:
            return str(rows[0]["id"])
        if rows:
            raise PescoError(f"{name!r} may be " + " or ".join(for_terminal(row["filename"]) for row in rows))
        raise PescoError(f"there is no annual report of {name}; name another year, an id or a file name")
    entity = find_entity(db, name)
    if entity.kind != "document":
        raise PescoError(f"{for_terminal(name)!r} is a {entity.kind}, no document")
    return entity.id


def _filename(connection: sqlite3.Connection, document: str) -> str:
    return str(connection.execute("SELECT filename FROM documents WHERE id = ?", (document,)).fetchone()[0])


# What a fact says -> the fact as it is compared; its place stands beside it, under names that no comparison looks at.
Facts = dict[tuple[object, ...], Said]


def _facts(connection: sqlite3.Connection, table: str, spec: Spec, document: str) -> Facts:
    sql = f"SELECT id, page, quote, {', '.join(spec.said)} FROM {table} WHERE document_id = ? ORDER BY page, position"
    found: Facts = {}
    for row in connection.execute(sql, (document,)):
        said = tuple(row[name] for name in spec.said)
        values = {name: row[name] for name in spec.said if row[name] is not None}
        found.setdefault(said, {**values, "id": (row["id"], row["page"], row["quote"])})
    return found


def _placed(facts: Facts, spec: Spec, said: Said | None) -> Said | None:
    """Return a fact with its place; ``facts`` are those of its document."""
    if said is None:
        return None
    place = facts[tuple(said.get(name) for name in spec.said)]["id"]
    assert isinstance(place, tuple)
    return {**said, "id": place[0], "page": place[1], "quote": place[2]}


def _change(spec: Spec, document: str, filename: str, old: Said | None, new: Said | None) -> Change:
    one = new or old or {}
    what = "gained" if old is None else "lost" if new is None else "changed"
    page = one.get("page")
    number = page if isinstance(page, int) else None
    return Change(0, document, filename, number, spec.kind, str(one.get("id")), what, spec.kind, old, new)
