"""A project or a state through its documents: what each edition says, and what changed from one to the next.

``read_timeline`` is stable; what it returns is ready for JSON. Members are compared between documents that list all
states, so a plan, which speaks of its own state only, adds what it says and takes nobody away. Reads only.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import PescoError
from pipeline.show import find_entity
from pipeline.store.schema import open_reader

Record = dict[str, object]
ROLES = ("coordinators", "members", "observers", "third_states")
DATES = ("launch", "ioc", "foc", "delivery_start", "delivery_end", "closure")


@dataclass(frozen=True, slots=True)
class Change:
    """``what`` (a role, ``phase``, a milestone, a commitment) went from ``before`` to ``after``; ``None`` is not said.

    ``months`` is how far a date slipped where both have the same precision, else ``months_least`` and ``months_most``
    bound it; negative when it came nearer. ``filename`` is where the change shows first.
    """

    what: str
    before: str | None
    after: str | None
    filename: str
    as_of: str
    was_filename: str
    months: int | None = None
    months_least: int | None = None
    months_most: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A thing over time.

    ``editions`` are rows of ``project_editions`` (project) or of ``state_editions`` (state) in time order, ``roles`` a
    state's roles in projects by document, ``changes`` what went from one value to another.
    """

    kind: str
    id: str
    title: str
    editions: tuple[Record, ...]
    changes: tuple[Change, ...]
    roles: tuple[Record, ...] = field(default=())


def read_timeline(db: Path, identifier: str) -> Timeline:
    """Return the timeline of the project or state that an identifier names, as in ``find_entity``.

    Raises ``PescoError`` when there is none or it is something else.
    """
    entity = find_entity(db, identifier)
    if entity.kind not in ("project", "state"):
        raise PescoError(f"{entity.kind} {entity.id} has no timeline; name a project or a state")
    with closing(open_reader(db)) as connection:
        connection.execute("BEGIN")
        if entity.kind == "project":
            return _project_timeline(connection, entity.id, entity.title)
        return _state_timeline(connection, entity.id, entity.title)


def _project_timeline(connection: sqlite3.Connection, slug: str, title: str) -> Timeline:
    editions = _rows(
        connection, "SELECT * FROM project_editions WHERE project = ? ORDER BY as_of, kind, document_id", slug
    )
    changes = [*_role_changes(editions), *_phase_changes(editions), *_slips(connection, slug)]
    changes.sort(key=lambda change: (change.as_of, change.filename))
    return Timeline("project", slug, title, tuple(editions), tuple(changes))


def _state_timeline(connection: sqlite3.Connection, code: str, title: str) -> Timeline:
    editions = _rows(
        connection,
        "SELECT * FROM state_editions WHERE state IN (?, 'ALL')"
        " ORDER BY as_of, document_id, CAST(commitment AS INTEGER), state = 'ALL'",
        code,
    )
    roles = _rows(
        connection,
        "SELECT DISTINCT o.as_of, o.year, o.kind, o.filename, p.project, p.role FROM participations p"
        " JOIN document_order o USING (document_id) WHERE p.state = ? ORDER BY o.as_of, o.filename, p.project, p.role",
        code,
    )
    return Timeline("state", code, title, tuple(editions), tuple(_status_changes(editions, code)), tuple(roles))


def _role_changes(editions: Sequence[Record]) -> Iterable[Change]:
    """Yield who joined, left or changed a role between documents that list all states of the project."""
    lists = [edition for edition in editions if edition["kind"] != "nip" and any(edition[role] for role in ROLES)]
    for before, after in _pairs_of_a_kind(lists):
        was, now = _roles_by_state(before), _roles_by_state(after)
        for state in sorted({*was, *now}):
            if was.get(state) != now.get(state):
                yield _change(f"role of {state}", was.get(state), now.get(state), before, after)


def _phase_changes(editions: Sequence[Record]) -> Iterable[Change]:
    said = [edition for edition in editions if edition["phase"]]
    for before, after in _pairs_of_a_kind(said):
        if before["phase"] != after["phase"]:
            yield _change("phase", str(before["phase"]), str(after["phase"]), before, after)


def _status_changes(editions: Sequence[Record], code: str) -> Iterable[Change]:
    """Yield the commitments whose status differs from the one that the document before it gave."""
    last: dict[str, Record] = {}
    for edition in editions:
        if edition["state"] != code:
            continue
        commitment = str(edition["commitment"])
        before = last.get(commitment)
        if before is not None and before["status"] != edition["status"]:
            yield _change(f"commitment {commitment}", str(before["status"]), str(edition["status"]), before, edition)
        last[commitment] = edition


def _slips(connection: sqlite3.Connection, slug: str) -> Iterable[Change]:
    for row in _rows(connection, "SELECT * FROM milestone_slips WHERE project = ?", slug):
        yield Change(
            what=str(row["milestone"]),
            before=str(row["was"]),
            after=str(row["date"]),
            filename=str(row["filename"]),
            as_of=str(row["as_of"]),
            was_filename=str(row["was_filename"]),
            months=_whole(row["months"]),
            months_least=_whole(row["months_least"]),
            months_most=_whole(row["months_most"]),
        )


def _pairs_of_a_kind(editions: Sequence[Record]) -> Iterable[tuple[Record, Record]]:
    """Yield each edition with the one before it of the same kind, a plan's of the same state."""
    last: dict[tuple[object, object], Record] = {}
    for edition in editions:
        series = (edition["kind"], edition["state"] if edition["kind"] == "nip" else None)
        if series in last:
            yield last[series], edition
        last[series] = edition


def _roles_by_state(edition: Mapping[str, object]) -> dict[str, str]:
    """Return each state's role, several joined by commas."""
    found: dict[str, list[str]] = {}
    for role in ROLES:
        for state in str(edition[role] or "").split():
            found.setdefault(state, []).append(role.removesuffix("s"))
    return {state: ", ".join(roles) for state, roles in found.items()}


def _change(what: str, was: str | None, now: str | None, before: Record, after: Record) -> Change:
    return Change(what, was, now, str(after["filename"]), str(after["as_of"]), str(before["filename"]))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _rows(connection: sqlite3.Connection, sql: str, value: str) -> list[Record]:
    return [dict(row) for row in connection.execute(sql, (value,))]
