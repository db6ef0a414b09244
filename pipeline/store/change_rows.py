"""What a run gained, lost and changed in a document, as rows of ``changes``.

Rows that went and rows that came are paired by what they say, so that a fact that moved a little, or that says another
value in the same place, is one change. A document met for the first time is one row with its counts, not a row for each
of its facts; a file that holds another version now is compared with what it held before. All inside the caller's
transaction.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.store.check import Values
from pipeline.store.load import Loaded
from pipeline.store.replace import columns_of, stored_rows
from pipeline.store.rows import to_json

MAX_PER_DOCUMENT = 2000
KEPT_RUNS = 50
DOCUMENT_FIELDS = ("kind", "title", "language", "state", "year", "date", "pages", "status", "reason")
Said = dict[str, object]
Pair = tuple[Said | None, Said | None]

_INSERT = """
INSERT INTO changes (run_id, document_id, filename, page, kind, key, what, rule_id, before, after)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Spec:
    """How rows of a table are compared: ``said`` are the columns that count; rows with the same values in one of
    ``levels`` are the same thing, the first level that fits first."""

    kind: str
    said: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]


_PLACE = ("x0", "top", "x1", "bottom", "boxes", "is_ocr")
_MENTION_LEVELS = (
    ("kind", "value", "page", "text"),
    ("kind", "value", "text"),
    ("page", "x0", "top", "text"),
)


def _fact(kind: str, about: tuple[str, ...], values: tuple[str, ...]) -> Spec:
    same = (*about, *values)
    return Spec(kind, (*same, "quote"), ((*same, "page"), same, (*about, "page"), about))


SPECS = {
    "mentions": Spec("mention", ("kind", "value", "text", *_PLACE), _MENTION_LEVELS),
    "candidates": Spec("candidate", ("kind", "value", "text", *_PLACE), _MENTION_LEVELS),
    "participations": _fact("participation", ("project", "state"), ("role",)),
    "milestones": _fact("milestone", ("project", "milestone"), ("date", "phase", "was")),
    "commitment_statuses": _fact("commitment_status", ("state", "commitment"), ("status",)),
    "tables": Spec("table", ("number", "caption", "headings", "n_rows", "n_columns", "layout"), (("number",),)),
    "issues": Spec(
        "issue", ("code", "severity", "message", "context"), (("code", "page", "message"), ("code", "message"))
    ),
}


@dataclass(frozen=True, slots=True)
class Before:
    """What stood there: the document's own row, if there is one, and the rows by table of the version that it takes the
    place of."""

    document: Said | None = None
    rows: Mapping[str, Sequence[Values]] = field(default_factory=dict)


def read_before(connection: sqlite3.Connection, document: str, paths: Sequence[str]) -> Before:
    """Return what stood in the place of a document that is about to be written, found under these paths."""
    known = _read_document(connection, document)
    if known is not None:
        return Before(known)
    marks = ", ".join("?" * len(paths))
    found = connection.execute(
        f"SELECT DISTINCT document_id FROM files WHERE path IN ({marks}) AND document_id IS NOT NULL", tuple(paths)
    ).fetchall()
    for (other,) in found:
        sql = f"SELECT 1 FROM files WHERE document_id = ? AND path NOT IN ({marks})"
        if connection.execute(sql, (other, *paths)).fetchone() is None:
            return Before(
                _read_document(connection, other), {table: stored_rows(connection, table, other) for table in SPECS}
            )
    return Before()


def note_changes(connection: sqlite3.Connection, run: int, loaded: Loaded, before: Before) -> int:
    """Write what a run changed in a document; return how many rows that are."""
    now = _read_document(connection, loaded.document_id)
    filename = connection.execute("SELECT filename FROM documents WHERE id = ?", (loaded.document_id,)).fetchone()[0]
    is_new = before.document is None or (before.document.get("status") == "quarantined" and not before.rows)
    counts = {SPECS[table].kind: len(rows) for table, rows in loaded.changes.gained.items() if table in SPECS}
    found: list[tuple[str, Pair]] = []
    if is_new and counts and now is not None:
        now["found"] = counts
    if now != before.document:
        found.append(("document", (before.document, now)))
    if not is_new:
        for table, spec in SPECS.items():
            lost = [*before.rows.get(table, ()), *loaded.changes.lost.get(table, ())]
            pairs = pair_up(spec, _said(table, lost), _said(table, loaded.changes.gained.get(table, ())))
            found += [(spec.kind, pair) for pair in pairs]
    rows = [_row(run, loaded.document_id, filename, kind, pair) for kind, pair in found[:MAX_PER_DOCUMENT]]
    if more := len(found) - len(rows):
        note: Pair = (None, {"message": f"{more} more changes in this document are not listed"})
        rows.append(_row(run, loaded.document_id, filename, "document", note))
    connection.executemany(_INSERT, rows)
    return len(rows)


def forget_old_changes(connection: sqlite3.Connection) -> None:
    """Delete the changes of all but the last runs that changed something."""
    connection.execute(
        "DELETE FROM changes WHERE run_id < (SELECT min(run_id) FROM"
        " (SELECT DISTINCT run_id FROM changes ORDER BY run_id DESC LIMIT ?))",
        (KEPT_RUNS,),
    )


def count_changes(connection: sqlite3.Connection, run: int) -> dict[str, int]:
    """Return how many changes a run made, by ``gained``, ``lost`` and ``changed``."""
    found = dict(connection.execute("SELECT what, count(*) FROM changes WHERE run_id = ? GROUP BY what", (run,)))
    return {what: int(found.get(what, 0)) for what in ("gained", "lost", "changed")}


def pair_up(spec: Spec, lost: Sequence[Said], gained: Sequence[Said]) -> list[Pair]:
    """Return what went, came and changed, as (before, after); what only has another id is left out.

    What cannot be told apart by a level is paired in the order it comes in.
    """
    pairs: list[Pair] = []
    for level in (("id",), *spec.levels):
        if not (lost and gained):
            break
        waiting: dict[tuple[object, ...], list[Said]] = {}
        for one in lost:
            waiting.setdefault(_key(one, level), []).append(one)
        left: list[Said] = []
        for new in gained:
            same = waiting.get(_key(new, level))
            if same:
                pairs.append((same.pop(0), new))
            else:
                left.append(new)
        taken = {id(old) for old, _ in pairs}
        lost, gained = [one for one in lost if id(one) not in taken], left
    changed = [(old, new) for old, new in pairs if old is not None and new is not None and _differ(old, new)]
    return [*changed, *((one, None) for one in lost), *((None, one) for one in gained)]


def _key(said: Said, level: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(said.get(name) for name in level)


def _differ(old: Said, new: Said) -> bool:
    return {**old, "id": None} != {**new, "id": None}


def _said(table: str, rows: Sequence[Values]) -> list[Said]:
    """Return rows as what counts of them, in the order of the document; edges to a hundredth of a point."""
    return list(_each_said(SPECS[table], columns_of(table), sorted(rows, key=lambda row: _order(table, row))))


def _order(table: str, row: Values) -> tuple[object, ...]:
    columns = columns_of(table)
    names = ("span_start", "part") if "span_start" in columns else ("position",) if "position" in columns else ()
    return (*(row[columns.index(name)] for name in names), str(row[0]))


def _each_said(spec: Spec, columns: tuple[str, ...], rows: Sequence[Values]) -> Iterator[Said]:
    for values in rows:
        row = dict(zip(columns, values, strict=True))
        said = {name: row[name] for name in ("id", "page", "rule_id", *spec.said) if row.get(name) is not None}
        if spec.kind == "issue":
            said["rule_id"] = f"issue.{said['code']}"
        yield {name: round(value, 2) if isinstance(value, float) else value for name, value in said.items()}


def _row(run: int, document: str, filename: str, kind: str, pair: Pair) -> tuple[object, ...]:
    old, new = pair
    one = new or old or {}
    what = "gained" if old is None else "lost" if new is None else "changed"
    key = one.get("id", document)
    return (run, document, filename, one.get("page"), kind, key, what, one.get("rule_id") or kind,
            old and to_json(old), new and to_json(new))  # fmt: skip


def _read_document(connection: sqlite3.Connection, document: str) -> Said | None:
    sql = f"SELECT {', '.join(DOCUMENT_FIELDS)} FROM documents WHERE id = ?"
    row = connection.execute(sql, (document,)).fetchone()
    return None if row is None else {name: row[name] for name in DOCUMENT_FIELDS if row[name] is not None}
