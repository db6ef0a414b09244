"""What goes wrong below us, said in one line: full disks, read-only folders, broken or foreign database files.

``storage_errors`` turns the operating system's and SQLite's errors into ``StorageError``; anything else passes.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import BusyError, PescoError
from pipeline.patience import PASSING


class StorageError(PescoError):
    """The database or its folder cannot be used; nothing half-written is left behind."""


class BusyStorageError(StorageError, BusyError):
    """The database is locked by another program, or its disk does not answer: both pass."""


_BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_BY_CODE = {
    sqlite3.SQLITE_FULL: "the disk is full; make room and run again",
    sqlite3.SQLITE_READONLY: "it is read-only; choose another file with --db or change its permissions",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened or made; choose another file with --db or change its permissions",
    sqlite3.SQLITE_IOERR: "the disk does not take or give data (full or failing?); make room, check it and run again",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged; restore a backup or make it anew from the PDFs",
    sqlite3.SQLITE_NOTADB: "the file is no SQLite database; choose another file with --db",
    sqlite3.SQLITE_BUSY: "another program keeps it locked; end that program and run again",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked; end that program and run again",
}
_BY_ERRNO = {
    errno.ENOSPC: "the disk is full; make room and run again",
    errno.EDQUOT: "the disk quota is used up; make room and run again",
    errno.EFBIG: "a file grew past the limit of the system; make room and run again",
    errno.EROFS: "the folder is read-only; choose another file with --db or change its permissions",
    errno.EACCES: "the folder is read-only; choose another file with --db or change its permissions",
    errno.EPERM: "the folder is read-only; choose another file with --db or change its permissions",
    errno.ENOTDIR: "a part of its path is no folder; choose another file with --db",
    errno.EEXIST: "a part of its path is no folder; choose another file with --db",
    errno.EISDIR: "it is a folder; choose another file with --db",
    errno.ENAMETOOLONG: "its name is too long; choose another file with --db",
}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Raise ``StorageError`` naming ``path`` and what to do, instead of SQLite's and the system's errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        advice = _BY_CODE.get(code)
        if advice is None:
            raise
        kind = BusyStorageError if code in _BUSY_CODES else StorageError
        raise kind(f"{path}: {advice} ({error})") from error
    except OSError as error:
        if error.errno in PASSING:
            raise BusyStorageError(f"{path}: the disk or share does not answer ({error.strerror})") from error
        advice = _BY_ERRNO.get(error.errno or 0)
        if advice is None:
            raise
        raise StorageError(f"{path}: {advice} ({error.strerror})") from error
