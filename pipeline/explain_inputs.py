"""What a run knows of a document besides its bytes: the kind that its keeper gave, and what people set right in it.

A database and a folder of correction files enter. For a document of the database, what the database was made with
leaves, so that an explanation says what it says; where that has changed since, a note tells so. Reads only.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePath

from models.corrections import DocumentCorrections, Entry
from models.facts import DocumentKind
from pipeline.corrections.files import corrections_mark, read_corrections
from pipeline.manifest import read_manifest
from pipeline.names import to_text
from pipeline.store.ids import document_id
from pipeline.store.schema import open_reader
from pipeline.versions import current_versions

_AGAIN = "have changed since it was loaded; `pesco ingest` finds its facts again"


@dataclass(frozen=True, slots=True)
class Inputs:
    """``kind`` is what the keeper says that a document is; ``notes`` say, in words, in what the database is older."""

    kind: DocumentKind | None
    corrections: DocumentCorrections
    notes: tuple[str, ...] = ()


def find_inputs(location: Path, sha256: str, db: Path, corrections: Path | None) -> Inputs:
    """Return what a run adds to the bytes of a PDF, by their hash; a file that no run has met goes by its own name and
    the manifest of its folder.

    Raises ``CorrectionError`` for a mistake in a correction file, ``PescoError`` for one in that manifest.
    """
    entries = read_corrections(corrections)
    known, names = _find_known(db, sha256)
    on_it = entries.for_document(sha256, names or [to_text(location.name)])
    kind = _kind_in_manifest(location) if known is None else known["kind_hint"]
    return Inputs(
        None if kind is None else DocumentKind(kind),
        DocumentCorrections(document_id(sha256), on_it),
        () if known is None else tuple(_notes(known, on_it)),
    )


def _find_known(db: Path, sha256: str) -> tuple[sqlite3.Row | None, list[str]]:
    """Return the row of a document, and the names of its files that are there."""
    if not db.is_file():
        return None, []
    with closing(open_reader(db)) as connection:
        row = connection.execute("SELECT * FROM documents WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            return None, []
        sql = "SELECT path FROM files WHERE document_id = ? AND status <> 'gone' ORDER BY path"
        return row, [PurePath(path).name for (path,) in connection.execute(sql, (row["id"],))]


def _kind_in_manifest(location: Path) -> str | None:
    """Return the kind that the manifest of a file's folder gives it."""
    manifest = read_manifest(location.absolute().parent)
    source = None if manifest is None else manifest.sources().get(to_text(location.absolute()))
    return None if source is None else source.kind


def _notes(known: sqlite3.Row, entries: Sequence[Entry]) -> list[str]:
    """Return in words what has changed since a document was loaded."""
    if known["status"] == "quarantined":
        return [f"the database has no facts of it: {known['reason']}"]
    now = current_versions()
    changed = {
        "corrections of it": known["corrections_version"] != corrections_mark(entries),
        "rules": known["rules_version"] != now.rules,
        "parts of the program": (known["reader_version"], known["code_version"]) != (now.reader, now.code),
    }
    return [f"{what} {_AGAIN}" for what, has_changed in changed.items() if has_changed]
