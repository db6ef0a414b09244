"""Which path holds which bytes: the rows of ``files`` and what follows from them for ``documents``.

All functions write inside a transaction of the caller and touch only rows that change. A document's file name is that
of its first present path in sort order; its other paths are duplicates; a document without any path goes.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.names import for_terminal
from pipeline.reasons import ADVICE, PASSING_REASONS, Reason
from pipeline.store.ids import IdMaker


@dataclass(frozen=True, slots=True, order=True)
class FileFacts:
    """A file as a run met it. ``path`` and ``filename`` are storable text (``pipeline.names.to_text``)."""

    path: str
    filename: str
    size: int
    mtime_ns: int


_ATTACH = """
INSERT INTO files (path, filename, document_id, status, seen, size, mtime_ns)
VALUES (:path, :filename, :document_id, 'duplicate', :seen, :size, :mtime_ns)
ON CONFLICT (path) DO UPDATE SET
    document_id = excluded.document_id, size = excluded.size, mtime_ns = excluded.mtime_ns,
    status = CASE WHEN document_id IS excluded.document_id AND status NOT IN ('gone', 'waiting')
                  THEN status ELSE 'duplicate' END,
    seen = CASE WHEN document_id IS excluded.document_id AND status NOT IN ('gone', 'waiting')
                THEN seen ELSE excluded.seen END
WHERE document_id IS NOT excluded.document_id OR size IS NOT excluded.size OR mtime_ns IS NOT excluded.mtime_ns
   OR status IN ('gone', 'waiting')
"""


def attach_files(connection: sqlite3.Connection, document: str, files: Iterable[FileFacts], seen: str) -> set[str]:
    """Let paths hold a document; return the ids of other documents that they held before."""
    left: set[str] = set()
    for file in files:
        before = connection.execute("SELECT document_id FROM files WHERE path = ?", (file.path,)).fetchone()
        if before is not None and before["document_id"] not in (None, document):
            left.add(before["document_id"])
        values = {"path": file.path, "filename": file.filename, "size": file.size, "mtime_ns": file.mtime_ns}
        connection.execute(_ATTACH, {**values, "document_id": document, "seen": seen})
        connection.execute("DELETE FROM issues WHERE path = ?", (file.path,))
    return left


def settle_document(connection: sqlite3.Connection, document: str, seen: str) -> str:
    """Give a document's paths their status and the document its file name; return that name."""
    paths = connection.execute(
        "SELECT path, filename, status FROM files WHERE document_id = ? ORDER BY path", (document,)
    ).fetchall()
    present = [row for row in paths if row["status"] not in ("gone", "waiting")]
    first = (present or paths)[0]
    connection.execute(
        # Issues about records quote the name, so rows made under another one are not those of the digest.
        "UPDATE documents SET filename = ?1, digest = NULL WHERE id = ?2 AND filename <> ?1",
        (first["filename"], document),
    )
    status, reason = connection.execute("SELECT status, reason FROM documents WHERE id = ?", (document,)).fetchone()
    for row in present:
        if row["path"] == first["path"]:
            advice = ADVICE[Reason(reason)] if reason else None
            set_status(connection, row["path"], (status, reason, advice), seen)
        else:
            same_as = f"the same bytes as {for_terminal(first['path'], 500)}"
            set_status(connection, row["path"], ("duplicate", None, same_as), seen)
    return str(first["filename"])


def set_status(connection: sqlite3.Connection, path: str, state: tuple[str, str | None, str | None], seen: str) -> bool:
    """Set status, reason and advice of a known path; return whether anything changed."""
    cursor = connection.execute(
        "UPDATE files SET status = ?1, reason = ?2, advice = ?3,"
        " seen = CASE WHEN status IS ?1 AND reason IS ?2 THEN seen ELSE ?4 END"
        " WHERE path = ?5 AND (status IS NOT ?1 OR reason IS NOT ?2 OR advice IS NOT ?3)",
        (*state, seen, path),
    )
    return cursor.rowcount > 0


def drop_documents_without_files(connection: sqlite3.Connection, documents: Iterable[str], seen: str) -> list[str]:
    """Delete those of these documents that no path holds any more; settle the others. Return the ids deleted."""
    gone: list[str] = []
    for document in sorted(documents):
        if connection.execute("SELECT 1 FROM files WHERE document_id = ? LIMIT 1", (document,)).fetchone():
            settle_document(connection, document, seen)
        else:
            connection.execute("DELETE FROM documents WHERE id = ?", (document,))
            gone.append(document)
    return gone


@dataclass(frozen=True, slots=True)
class Refusal:
    """A path that gave no bytes to read, or that has to wait, and why. ``size`` is given for one that is too large."""

    path: str
    filename: str
    reason: Reason
    detail: str = ""
    size: int | None = None


def note_refusal(connection: sqlite3.Connection, refusal: Refusal, seen: str) -> bool:
    """Write a path that was not read, with an issue; return whether anything changed.

    A path that waits keeps the document it held. Any other refusal lets it go: what stood there is no longer there.
    """
    is_waiting = refusal.reason in PASSING_REASONS
    state = ("waiting" if is_waiting else "quarantined", refusal.reason.value, ADVICE[refusal.reason])
    before = connection.execute("SELECT * FROM files WHERE path = ?", (refusal.path,)).fetchone()
    if before is None:
        connection.execute(
            "INSERT INTO files (path, filename, status, reason, advice, seen, size) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (refusal.path, refusal.filename, *state, seen, refusal.size),
        )
    elif (before["status"], before["reason"]) == state[:2] and before["size"] == (refusal.size or before["size"]):
        return False
    else:
        set_status(connection, refusal.path, state, seen)
        _let_go(connection, refusal, before, seen)
    _write_issue(connection, refusal)
    return True


def _let_go(connection: sqlite3.Connection, refusal: Refusal, before: sqlite3.Row, seen: str) -> None:
    """Take a refused path away from the document it held, or settle that document's other paths when it waits."""
    if before["document_id"] is None:
        return
    if refusal.reason in PASSING_REASONS:
        settle_document(connection, before["document_id"], seen)
        return
    connection.execute(
        "UPDATE files SET document_id = NULL, size = ?, mtime_ns = NULL WHERE path = ?", (refusal.size, refusal.path)
    )
    drop_documents_without_files(connection, [before["document_id"]], seen)


def _write_issue(connection: sqlite3.Connection, refusal: Refusal) -> None:
    """Write the issue of a refused path in place of older ones."""
    connection.execute("DELETE FROM issues WHERE path = ?", (refusal.path,))
    severity = "info" if refusal.reason in PASSING_REASONS else "error"
    message = f"{refusal.reason}: {ADVICE[refusal.reason]}"
    if refusal.detail:
        message = f"{message} ({refusal.detail})"
    connection.execute(
        "INSERT INTO issues (id, path, filename, position, code, severity, message, context)"
        " VALUES (?, ?, ?, 0, ?, ?, ?, '{}')",
        (
            IdMaker().make("issue", refusal.path, refusal.reason, None, message, "{}"),
            refusal.path,
            refusal.filename,
            refusal.reason.value,
            severity,
            message,
        ),
    )


def mark_gone(connection: sqlite3.Connection, paths: Sequence[str], seen: str) -> int:
    """Mark paths that have vanished; their facts stay. Paths that never gave a document are forgotten."""
    changed = 0
    for path in paths:
        row = connection.execute("SELECT document_id, status FROM files WHERE path = ?", (path,)).fetchone()
        if row is None or row["status"] == "gone":
            continue
        changed += 1
        connection.execute("DELETE FROM issues WHERE path = ?", (path,))
        if row["document_id"] is None:
            connection.execute("DELETE FROM files WHERE path = ?", (path,))
            continue
        set_status(connection, path, ("gone", None, "the file has vanished; its facts are kept"), seen)
        settle_document(connection, row["document_id"], seen)
    return changed
