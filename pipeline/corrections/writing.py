"""Entries made for a person: what is to be corrected is looked up, the entry is tried on the document, then written.

Text is only added to the end of a file, so that what people wrote stays as it is. Raises ``PescoError`` with what to do
when an entry would not be applied.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from models.corrections import (
    AnyCorrection,
    CorrectionRecord,
    CorrectionState,
    DocumentCorrections,
    Entry,
    RowKind,
    Values,
    read_correction,
    value_names,
)
from models.errors import PescoError
from models.facts import DocumentKind
from pipeline.corrections.files import Corrections, parse_entries, read_corrections
from pipeline.corrections.placing import check_known
from pipeline.names import for_terminal
from pipeline.show import Entity, find_entity
from pipeline.store.columns import ColumnsError
from pipeline.store.kept import KeptPages, pages_folder
from pipeline.store.kept_views import unpack_document
from pipeline.store.schema import open_reader
from pipeline.whole_files import write_whole

_KINDS = {
    "mention": RowKind.MENTION,
    "participations": RowKind.PARTICIPATION,
    "milestones": RowKind.MILESTONE,
    "commitment_statuses": RowKind.COMMITMENT_STATUS,
}
# The line of an entry that stands in no file yet.
_NEW = 0
_UNFIT = re.compile(r"[^\w.()+-]+")
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Signature:
    """Who corrects, and why."""

    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that was written: its file, its line (from 1), its text, and what it does. ``record`` is ``None`` when
    it could not be tried, as no pages of its document are kept."""

    path: Path
    line: int
    text: str
    record: CorrectionRecord | None


@dataclass(frozen=True, slots=True)
class Print:
    """Where an added row stands: page (from 1), quoted words, and which of several such prints there (from 1)."""

    page: int
    quote: str
    occurrence: int = 1


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes entries on the documents of a database into files of a folder."""

    db: Path
    folder: Path
    signature: Signature

    def reject(self, identifier: str) -> Written:
        """Write that a mention or fact is none."""
        kind, entity = _find_row(self.db, identifier)
        said = {"reject": kind.value, "id": entity.id, "was": _was(kind, entity)}
        return self._write(str(entity.record["document_id"]), said)

    def set_values(self, identifier: str, values: Values) -> Written:
        """Write that a mention or fact has other values."""
        kind, entity = _find_row(self.db, identifier)
        said = {"set": kind.value, "id": entity.id, "values": values, "was": _was(kind, entity)}
        return self._write(str(entity.record["document_id"]), said)

    def add(self, kind: RowKind, document: str, print_: Print, values: Values) -> Written:
        """Write that a document has a mention or fact that rules missed."""
        said: dict[str, object] = {"add": kind.value, "page": print_.page, "quote": print_.quote}
        if print_.occurrence != 1:
            said["occurrence"] = print_.occurrence
        return self._write(_find_document(self.db, document).id, {**said, "values": values})

    def set_document(self, identifier: str, values: Values) -> Written:
        """Write what a document is."""
        entity = _find_document(self.db, identifier)
        names = [name for name in values if name in value_names(RowKind.DOCUMENT)]
        was = {name: _text(entity.record[name]) for name in names}
        return self._write(entity.id, {"set": RowKind.DOCUMENT.value, "values": values, "was": was})

    def _write(self, document: str, said: Mapping[str, object]) -> Written:
        """Check, try and write an entry."""
        today = datetime.now(UTC).date().isoformat()
        data = {**said, "document": document, "who": self.signature.who, "when": today, "why": self.signature.why}
        correction = _checked(data)
        older = read_corrections(self.folder)
        with closing(open_reader(self.db)) as connection:
            row = connection.execute("SELECT * FROM documents WHERE id = ?", (document,)).fetchone()
            files = connection.execute("SELECT filename FROM files WHERE document_id = ?", (document,))
            names = [name for (name,) in files]
            path = self.folder / (_UNFIT.sub("-", Path(row["filename"]).stem)[:100] + ".yml")
            entry = Entry(path.name, _NEW, correction)
            if any(one.id == entry.id for one in older.entries):
                raise PescoError(f"{path.name} says so already; `pesco ingest` applies it")
            check_known(connection, Corrections((entry,)))
        entries = sorted((*older.for_document(row["sha256"], names), entry), key=lambda one: one.file)
        record = _try(self.db, row, entries)
        if record is not None and record.state is not CorrectionState.APPLIED:
            raise PescoError(f"it would not be applied: {record.reason}")
        return _append(path, row["filename"], data, record)


def _find_row(db: Path, identifier: str) -> tuple[RowKind, Entity]:
    entity = find_entity(db, identifier)
    if entity.kind not in _KINDS:
        raise PescoError(
            f"{for_terminal(identifier)!r} is a {entity.kind}; give the id of a mention or a fact{_hint(entity)}"
        )
    return _KINDS[entity.kind], entity


def _hint(entity: Entity) -> str:
    return ", or use `pesco correct document`" if entity.kind == "document" else ""


def _find_document(db: Path, identifier: str) -> Entity:
    entity = find_entity(db, identifier)
    if entity.kind != "document":
        raise PescoError(f"{for_terminal(identifier)!r} is a {entity.kind}, no document")
    return entity


def _was(kind: RowKind, entity: Entity) -> Values:
    """Return the values of a row that are written beside its correction."""
    names = (*value_names(kind), *(("text",) if kind is RowKind.MENTION else ()), "page")
    return {name: _text(entity.record[name]) for name in names if entity.record[name] is not None}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _checked(data: Mapping[str, object]) -> AnyCorrection:
    """Return the entry; raises ``PescoError`` for a value that cannot be."""
    try:
        return read_correction(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        raise PescoError(f"{place}: {reason}" if place else reason) from error


def _try(db: Path, row: sqlite3.Row, entries: Sequence[Entry]) -> CorrectionRecord | None:
    """Return what becomes of the newest of a document's entries, or ``None`` when no pages of it are kept."""
    data = KeptPages(str(pages_folder(db)), str(row["reader_version"])).read(str(row["sha256"]))
    if data is None:
        return None
    from pipeline.derive import derive_facts  # noqa: PLC0415 - loads all rules

    try:
        read = unpack_document(data)
    except ColumnsError:
        return None
    hint = None if row["kind_hint"] is None else DocumentKind(row["kind_hint"])
    found = derive_facts(read, hint, DocumentCorrections(row["id"], tuple(entries)))
    return next(record for record in found.corrections if record.entry.line == _NEW)


def entry_text(data: Mapping[str, object]) -> str:
    """Return an entry as it is written: the item of a YAML list, with quotes where text would be read as another thing.

    >>> print(entry_text({"add": "mention", "page": 3, "values": {"kind": "state", "value": "NO"}}))
    - add: mention
      page: 3
      values:
        kind: state
        value: 'NO'
    <BLANKLINE>
    """
    items = [dict(data)]
    text = yaml.safe_dump(items, sort_keys=False, allow_unicode=True, width=_WIDTH)
    # Rare line breaks (NEL) come back as they were only when they are escaped, and all letters beyond ASCII with them.
    is_same = yaml.safe_load(text) == items
    return text if is_same else yaml.safe_dump(items, sort_keys=False, allow_unicode=False, width=_WIDTH)


def _append(path: Path, filename: str, data: Mapping[str, object], record: CorrectionRecord | None) -> Written:
    """Write an entry at the end of a file; raises ``PescoError`` when that does not leave a list with it."""
    head = f"# Corrections of {for_terminal(filename)}; each is applied by the next `pesco ingest`.\n"
    old = path.read_text(encoding="utf-8") if path.exists() else head
    if not old.endswith("\n"):
        old += "\n"
    text = entry_text(data)
    new = parse_entries(path.name, old + text)
    if len(new) != len(parse_entries(path.name, old)) + 1:
        raise PescoError(f"{path} is no list with an entry a line; add this by hand:\n{text}")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (old + text).encode())
    return Written(path, new[-1].line, text, record)
