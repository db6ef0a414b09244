"""Pages drawn for the reader: by processes with limits, kept on disk, never from a file that is not the document.

A document of the database and a page come in, a picture leaves, or ``NoPictureError`` with the reason in words. Only
the files that the database names are opened. One that has the size and time of change that a run or this class has
hashed is taken for the same; any other is hashed again by the process that draws it.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from extractors.page_picture import PagePicture
from models.errors import PescoError
from pipeline.limits import Limits
from pipeline.names import from_text
from pipeline.pool import ReaderPool
from pipeline.reasons import Reason
from pipeline.room.documents import Document, DocumentFile
from pipeline.room.draw_job import CHANGED
from pipeline.store.kept_pictures import KeptPictures
from pipeline.work import Job, Outcome

# Pixels to the point: about as fine as a screen, and for small print.
ZOOMS = {1: 1.6, 2: 2.6}
_DRAW = "pipeline.room.draw_job:draw_job"
_READY = "pipeline.room.draw_job:is_ready"
_SECONDS = 20.0
_WORKERS = 2
# Pictures at hand without the disk, and how many are written before the folder is measured.
_AT_HAND = 12
_WRITES_BETWEEN_TRIMS = 50
_PROBLEMS = {
    Reason.ENCRYPTED: "The file is encrypted. Start pesco browse with --password-file to see its pages.",
    Reason.TIMEOUT: "Drawing the page took too long.",
    Reason.MEMORY: "Drawing the page took too much memory.",
    Reason.CRASHED: "Drawing the page broke down.",
    Reason.DAMAGED: "The page cannot be drawn.",
}
GONE = "The file is no longer where it was read."
OTHER_BYTES = "The file has changed since it was read; it is another document now, and is not shown here."


class NoPictureError(PescoError):
    """There is no picture of a page; the text says why, in a sentence for the reader."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A file as it is now."""

    path: Path
    size: int
    mtime_ns: int


class PageDrawer:
    """Draws pages and keeps their pictures in ``folder``. Safe to use from several threads; close it at the end."""

    def __init__(self, folder: Path, passwords: tuple[str, ...] = (), *, seconds: float = _SECONDS) -> None:
        self._pictures = KeptPictures(folder)
        self._base = folder.parent
        self._passwords = passwords
        self._seconds = seconds
        self._pool = ReaderPool(_WORKERS, function=_DRAW)
        self._lock = threading.Lock()
        self._proved: dict[_Place, str] = {}
        self._at_hand: OrderedDict[str, PagePicture] = OrderedDict()
        self._writes = 0

    def draw(self, document: Document, files: Sequence[DocumentFile], page: int, zoom: int) -> PagePicture:
        """Return page ``page`` (from 1) at a zoom of ``ZOOMS``; raises ``NoPictureError``."""
        name = f"{document.sha256}-{page}-{zoom}"
        problem = GONE
        for file in files:
            place = _look_at(file, self._base)
            if place is None:
                continue
            if place.size != document.size:
                problem = OTHER_BYTES
                continue
            picture = self._kept(name) if self._is_proved(place, file, document.sha256) else None
            if picture is not None:
                return picture
            outcome = self._run(document, place, page, zoom)
            if outcome.picture is not None:
                self._keep(name, outcome.picture)
                self._proved[place] = document.sha256
                return outcome.picture
            problem = _describe(outcome)
        raise NoPictureError(problem)

    def warm(self) -> None:
        """Start the drawing processes, so that the first page does not wait for them."""
        self._pool.call(_READY)

    def close(self) -> None:
        """End the drawing processes."""
        self._pool.__exit__()

    def _is_proved(self, place: _Place, file: DocumentFile, sha256: str) -> bool:
        """Tell whether the file, as it is now, is known to hold the document's bytes."""
        is_as_read = file.status != "gone" and (place.size, place.mtime_ns) == (file.size, file.mtime_ns)
        return is_as_read or self._proved.get(place) == sha256

    def _run(self, document: Document, place: _Place, page: int, zoom: int) -> Outcome:
        memory = Limits().memory_for(document.size)
        job = Job(
            document.sha256,
            str(place.path),
            self._seconds,
            memory,
            passwords=self._passwords,
            function=_DRAW,
            page=page,
            scale=ZOOMS[zoom],
        )
        [outcome] = self._pool.run([job])
        return outcome

    def _kept(self, name: str) -> PagePicture | None:
        with self._lock:
            if name in self._at_hand:
                self._at_hand.move_to_end(name)
                return self._at_hand[name]
        picture = self._pictures.read(name)
        if picture is not None:
            self._put_at_hand(name, picture)
        return picture

    def _keep(self, name: str, picture: PagePicture) -> None:
        self._put_at_hand(name, picture)
        self._pictures.write(name, picture)
        with self._lock:
            is_due = self._writes % _WRITES_BETWEEN_TRIMS == 0
            self._writes += 1
        if is_due:
            self._pictures.trim()

    def _put_at_hand(self, name: str, picture: PagePicture) -> None:
        with self._lock:
            self._at_hand[name] = picture
            while len(self._at_hand) > _AT_HAND:
                self._at_hand.popitem(last=False)


def _look_at(file: DocumentFile, base: Path) -> _Place | None:
    """Return the file as it is now, or ``None`` when there is no ordinary file of that name. A path that is not whole,
    as in a published copy, counts from ``base``."""
    path = base / from_text(file.path)
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return _Place(path, status.st_size, status.st_mtime_ns) if S_ISREG(status.st_mode) else None


def _describe(outcome: Outcome) -> str:
    if outcome.source == CHANGED:
        return OTHER_BYTES
    return _PROBLEMS.get(outcome.reason or Reason.DAMAGED, _PROBLEMS[Reason.DAMAGED])
