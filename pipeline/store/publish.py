"""A copy of the database for others: nothing of restricted documents, nothing of the owner's machine.

``write_public_copy`` is stable. What stays out: restricted documents with all that hangs on them, documents that could
not be read, every path (a document's id and name stand for it), the settings and messages of runs, marks of password
files, who corrected what in which file (that it was corrected, when and why, is said), and stale corrections. The
search index is built anew and the file is vacuumed, so that no deleted word is left between its pages.
"""

import contextlib
import hashlib
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from models.errors import PescoError
from pipeline.names import from_text
from pipeline.store.failures import storage_errors
from pipeline.store.schema import open_database, open_reader, writing

# Every table of the schema is in here or holds nothing but what hangs on documents or comes from rule files; a test
# knows their names, so that a new one is thought of. Parents last: what hangs on a document by foreign key goes too.
_LEFT_OUT = """
DELETE FROM documents WHERE restricted = 1 OR status = 'quarantined';
DELETE FROM issues WHERE document_id IS NULL OR code = 'stale_correction';
DELETE FROM corrections WHERE document_id IS NULL OR state <> 'applied';
UPDATE corrections SET who = '', file = '';
DELETE FROM sources WHERE path NOT IN (
    SELECT min(sources.path) FROM sources JOIN files USING (path) WHERE document_id IS NOT NULL GROUP BY document_id
);
UPDATE sources SET path = (
    SELECT 'documents/' || documents.id || '/' || documents.filename
    FROM files JOIN documents ON documents.id = files.document_id
    WHERE files.path = sources.path
);
DELETE FROM files;
INSERT INTO files (path, filename, document_id, status, reason, seen, size)
    SELECT 'documents/' || id || '/' || filename, filename, id, status, reason,
           coalesce((SELECT max(finished) FROM runs), ''), size
    FROM documents;
DELETE FROM restricted_paths;
DELETE FROM run_files;
DELETE FROM changes;
DELETE FROM runs WHERE id <> (SELECT max(id) FROM runs WHERE finished IS NOT NULL) OR finished IS NULL;
UPDATE runs SET id = 1, status = 'completed', folders = '[]', options = '{}', files = NULL, documents = NULL,
    quarantined = NULL, pages = NULL, mentions = NULL, issues = NULL, seconds = NULL, message = NULL;
UPDATE documents SET tried = NULL;
INSERT INTO pages_fts (pages_fts) VALUES ('rebuild');
"""


@dataclass(frozen=True, slots=True)
class PublicCopy:
    """A public copy that was written, what is in it, and how many documents stayed out for which reason."""

    path: Path
    documents: int
    pages: int
    mentions: int
    restricted: int
    quarantined: int


def write_public_copy(db: Path, target: Path) -> PublicCopy:
    """Write the copy to ``target``, as the database is at one moment, also while a run writes; raises ``PescoError``.

    The copy appears whole or not at all, replaces a file that stood there, and has no write-ahead log.
    """
    with closing(open_reader(db)) as source, storage_errors(target):
        if target.exists() and target.samefile(db):
            raise PescoError(f"{target} is the database itself; name another folder for the copy")
        target.parent.mkdir(parents=True, exist_ok=True)
        # What must stay out stands for a moment in this folder, which only its owner can open.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".publish-") as folder:
            private, public = Path(folder, "private.db"), Path(folder, "public.db")
            _copy(source, private)
            copy = _strip(private, public)
            public.replace(target)
    return PublicCopy(target, **copy)


def copy_files(db: Path, public: Path) -> tuple[int, int]:
    """Put the files of a public copy's documents where the copy says that they are; return how many, and how many not.

    A file is only taken when its bytes are those of the document. Raises ``PescoError``.
    """
    with closing(open_reader(public)) as copy:
        wanted = copy.execute(
            "SELECT d.id, d.sha256, f.path FROM documents d JOIN files f ON f.document_id = d.id ORDER BY d.id"
        ).fetchall()
    missing = 0
    with closing(open_reader(db)) as source, storage_errors(public.parent):
        for document, sha256, path in wanted:
            data = _find_bytes(source, document, sha256)
            if data is None:
                missing += 1
                continue
            target = public.parent / from_text(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    return len(wanted) - missing, missing


def _find_bytes(source: sqlite3.Connection, document: str, sha256: str) -> bytes | None:
    """Return the bytes of a document from the first of its files that still holds them."""
    for (path,) in source.execute("SELECT path FROM files WHERE document_id = ? ORDER BY path", (document,)).fetchall():
        with contextlib.suppress(OSError, ValueError):
            data = from_text(path).read_bytes()
            if hashlib.sha256(data).hexdigest() == sha256:
                return data
    return None


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy in one step, hence in one read transaction."""
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=-1)


def _strip(private: Path, public: Path) -> dict[str, int]:
    """Take out of a private copy what must not leave, write the rest to ``public``, and count."""
    with closing(open_database(private)) as connection:

        def count(sql: str) -> int:
            return int(connection.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])

        restricted = count("documents WHERE restricted = 1")
        quarantined = count("documents WHERE restricted = 0 AND status = 'quarantined'")
        with writing(connection):
            for statement in filter(str.strip, _LEFT_OUT.split(";\n")):
                connection.execute(statement)
        counts = {name: count(name) for name in ("documents", "pages", "mentions")}
        connection.execute("VACUUM INTO ?", (str(public),))
    with closing(sqlite3.connect(public)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
    return {**counts, "restricted": restricted, "quarantined": quarantined}
