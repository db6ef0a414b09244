"""Kept pictures of pages: what drawing gave, so that a page is drawn once.

One file per bytes, page and zoom below ``pictures/`` beside the database: a line of JSON, then the PNG. Written whole
or not at all, bounded in total size (least recently used go first). All of it may be deleted.
"""

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from extractors.page_picture import PagePicture
from pipeline.store.kept import trim_files
from pipeline.whole_files import write_whole

MAX_BYTES = 256 << 20
_SUFFIX = ".picture"


@dataclass(frozen=True, slots=True)
class KeptPictures:
    """The folder of kept pictures. A name begins with the hash of the document's bytes."""

    folder: Path

    def read(self, name: str) -> PagePicture | None:
        """Return a kept picture, or ``None``; what is read counts as used now."""
        path = self._path(name)
        try:
            head, _, png = path.read_bytes().partition(b"\n")
            picture = PagePicture(png=png, **json.loads(head))
        except (OSError, ValueError, TypeError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return picture

    def write(self, name: str, picture: PagePicture) -> None:
        """Keep a picture; a disk that does not take it costs time only."""
        head = {"width": picture.width, "height": picture.height, "x0": picture.x0, "top": picture.top}
        path = self._path(name)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(head).encode() + b"\n" + picture.png)

    def trim(self, max_bytes: int = MAX_BYTES) -> int:
        """Delete the least recently used pictures until they fit; return how many went."""
        return trim_files(self.folder.glob(f"??/*{_SUFFIX}*"), max_bytes)

    def forget(self, sha256: str) -> int:
        """Delete the pictures of a document; return how many there were."""
        found = sorted(self.folder.glob(f"{sha256[:2]}/{sha256}-*{_SUFFIX}*"))
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / (name + _SUFFIX)


def picture_folder(db: Path) -> Path:
    """Return where the pictures of a database's pages are kept."""
    return db.parent / "pictures"
