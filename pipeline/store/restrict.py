"""Which documents are for the owner only: they and all that was found in them stay out of published copies.

The mark stays with a document over all runs, and with each path that ever held it: a changed file under a restricted
path is restricted before its first row can be read, since triggers do it in the same transaction
(``pipeline.store.ddl_later.RESTRICTED``). Only ``restrict`` takes it away.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from models.errors import PescoError
from pipeline.lock import writer_lock
from pipeline.show import find_entity
from pipeline.store.failures import storage_errors
from pipeline.store.schema import open_database, open_reader, writing


@dataclass(frozen=True, slots=True)
class Restricted:
    """A document and whether it is restricted now; ``has_changed`` tells whether it was otherwise before."""

    document_id: str
    filename: str
    is_restricted: bool
    has_changed: bool


def mark_restricted(connection: sqlite3.Connection, paths: Iterable[str]) -> int:
    """Mark paths (as in ``files.path``) and the documents they hold or will hold; return how many paths are new to it.

    A path may be marked before any run met it. Call it inside ``writing``, best before the files are loaded.
    """
    sql = "INSERT OR IGNORE INTO restricted_paths (path) VALUES (?)"
    return sum(connection.execute(sql, (path,)).rowcount for path in paths)


def restrict(db: Path, identifier: str, *, is_off: bool = False, wait_seconds: float = 0.0) -> Restricted:
    """Mark a document (its id or file name) and its paths as restricted, or no longer; raises ``PescoError``."""
    open_reader(db).close()
    with writer_lock(db, wait_seconds=wait_seconds), closing(open_database(db)) as connection, storage_errors(db):
        entity = find_entity(db, identifier)
        if entity.kind != "document":
            raise PescoError(f"{identifier!r} is a {entity.kind}, no document")
        wanted = int(not is_off)
        with writing(connection):
            cursor = connection.execute(
                "UPDATE documents SET restricted = ?1 WHERE id = ?2 AND restricted <> ?1", (wanted, entity.id)
            )
            if is_off:
                connection.execute(
                    "DELETE FROM restricted_paths WHERE path IN (SELECT path FROM files WHERE document_id = ?)",
                    (entity.id,),
                )
    return Restricted(entity.id, str(entity.record["filename"]), not is_off, cursor.rowcount > 0)
