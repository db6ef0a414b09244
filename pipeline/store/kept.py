"""Kept pages: what reading a document gave, so that a run after a change of rules opens no PDF.

One file per bytes and reader version below ``data/processed/pages/``, written whole or not at all, bounded in total
size (least recently used go first). What stands in a file is the business of ``pipeline.store.kept_views``; this
module moves bytes, and loads nothing heavy.
"""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.whole_files import write_whole

DEFAULT_MAX_BYTES = 4 << 30
_SUFFIX = ".pages"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KeptPages:
    """The place of kept pages for one reader version; it is small and can be sent to other processes.

    A frozen place is only read: nothing is written or deleted, and no time of use noted.
    """

    folder: str
    reader_version: str
    is_frozen: bool = False

    def read(self, sha256: str) -> bytes | None:
        """Return what is kept for a document, or ``None``; what is read counts as used now."""
        path = self._path(sha256)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if not self.is_frozen:
            with contextlib.suppress(OSError):
                os.utime(path)
        return data

    def write(self, sha256: str, data: bytes) -> bool:
        """Keep bytes for a document; return ``False`` when the disk does not take them: that costs time, no fact."""
        if self.is_frozen:
            return False
        path = self._path(sha256)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)
        except OSError:
            return False
        return True

    def drop(self, sha256: str) -> None:
        """Delete what is kept for a document under this reader version."""
        if self.is_frozen:
            return
        self._path(sha256).unlink(missing_ok=True)

    def has(self, sha256: str) -> bool:
        """Tell whether pages are kept for these bytes."""
        return self._path(sha256).is_file()

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"no hash: {sha256!r}")
        return Path(self.folder) / self.reader_version / sha256[:2] / (sha256 + _SUFFIX)


def pages_folder(db: Path) -> Path:
    """Return where the pages of a database's documents are kept unless a run is told otherwise."""
    return db.parent / "pages"


def forget_pages(folder: Path, sha256: str) -> int:
    """Delete the kept pages of a document for all reader versions; return how many files went."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"no hash: {sha256!r}")
    found = sorted(folder.glob(f"*/{sha256[:2]}/{sha256}{_SUFFIX}"))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def kept_files(folder: Path) -> Iterator[Path]:
    """Yield the files of kept pages of all reader versions, in a stable order."""
    yield from sorted(folder.glob(f"*/??/*{_SUFFIX}"))


def trim_pages(folder: Path, max_bytes: int = DEFAULT_MAX_BYTES) -> int:
    """Delete the least recently used kept pages until they fit; return how many files went."""
    return trim_files(folder.glob(f"*/??/*{_SUFFIX}*"), max_bytes)


def trim_files(paths: Iterable[Path], max_bytes: int) -> int:
    """Delete the least recently changed of these files until they fit; return how many went."""
    files: list[tuple[int, int, Path]] = []
    for path in paths:
        with contextlib.suppress(OSError):
            status = path.stat()
            files.append((status.st_mtime_ns, status.st_size, path))
    total = sum(size for _, size, _ in files)
    gone = 0
    for _, size, path in sorted(files):
        if total <= max_bytes:
            break
        path.unlink(missing_ok=True)
        total -= size
        gone += 1
    return gone
