"""One document: asked for only if it changed, resumed where it broke off, checked, and put in place whole.

What comes is written beside its place under a hidden name (``.NAME.part``), which no run looks at, and takes its place
by one rename when it is complete and a PDF. A file of that name that was not fetched from there stays as it is.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import httpx

from models.errors import PescoError
from pipeline.fetch.sources_file import Wanted
from pipeline.fetch.web import MAX_WAIT_SECONDS, FetchError, Web, read_retry_after

ATTEMPTS = 4
_BACKOFF_SECONDS = 2.0
_HEAD_BYTES = 1024
_BUSY = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Copy:
    """What is known of a document that was fetched: its hash and what the server said for the next time.

    ``part`` is the entity tag, or else the time of change, of one that broke off.
    """

    sha256: str = ""
    etag: str = ""
    modified: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a document: ``new``, ``changed`` or ``unchanged``, and what to know for the next time."""

    result: str
    copy: Copy
    size: int = 0


def fetch_document(web: Web, wanted: Wanted, folder: Path, copy: Copy, max_bytes: int) -> Fetched:
    """Bring a document into a folder; raises ``FetchError`` when that fails, whose ``copy`` says what is half there."""
    download = _Download(web, wanted, folder, copy, max_bytes)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return download.run()
        except FetchError as error:
            if not error.is_passing or attempt == ATTEMPTS:
                raise BrokenOffError(str(error), download.copy) from error
            pause = _BACKOFF_SECONDS * 2 ** (attempt - 1) if error.wait is None else error.wait
            if pause > MAX_WAIT_SECONDS:
                text = f"{error}; the server asks to wait {pause:.0f} s, fetch again later"
                raise BrokenOffError(text, download.copy) from error
            web.wait(pause)
    raise AssertionError("the last attempt raises")


class BrokenOffError(FetchError):
    """A document could not be fetched; ``copy`` is what to know for the next time."""

    def __init__(self, text: str, copy: Copy) -> None:
        super().__init__(text)
        self.copy = copy


class _Download:
    """The attempts at one document."""

    def __init__(self, web: Web, wanted: Wanted, folder: Path, copy: Copy, max_bytes: int) -> None:
        self._web = web
        self._wanted = wanted
        self._target = folder / wanted.filename
        self._part = folder / f".{wanted.filename}.part"
        self._max_bytes = max_bytes
        self.copy = copy

    def run(self) -> Fetched:
        """Make one attempt; raises ``FetchError``."""
        has_it = bool(self.copy.sha256) and _hash_of(self._target) == self.copy.sha256
        start = self._part.stat().st_size if self.copy.part and self._part.is_file() else 0
        with self._web.get(self._wanted.url, self._headers(has_it, start)) as answer:
            if answer.status_code == 304 and has_it:
                return Fetched("unchanged", self.copy)
            if answer.status_code == 416 and start:
                self._restart()
                raise FetchError("what was half there no longer fits", is_passing=True, wait=0.0)
            self._check(answer)
            is_rest = answer.status_code == 206 and _starts_at(answer, start)
            self._receive(answer, start if is_rest else 0)
        return self._settle(answer, has_it)

    def _headers(self, has_it: bool, start: int) -> dict[str, str]:
        """Ask for what changed, or for the rest of what is half there as long as it has not changed."""
        if start:
            return {"Range": f"bytes={start}-", "If-Range": self.copy.part}
        headers = {}
        if has_it and self.copy.etag:
            headers["If-None-Match"] = self.copy.etag
        if has_it and self.copy.modified:
            headers["If-Modified-Since"] = self.copy.modified
        return headers

    def _check(self, answer: httpx.Response) -> None:
        """Raise ``FetchError`` for an answer that holds no document."""
        status = answer.status_code
        if status in _BUSY:
            wait = read_retry_after(answer.headers.get("retry-after"))
            raise FetchError(f"the server answers with {status}", is_passing=True, wait=wait)
        if status not in (200, 206):
            raise FetchError(f"the server answers with {status}: {answer.reason_phrase or 'no such document'}")
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise FetchError("the server sends it packed, although it was asked not to")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind.startswith(("text/", "image/")) or kind in ("application/json", "application/xhtml+xml"):
            raise FetchError(f"the server sends no PDF but {kind}")

    def _receive(self, answer: httpx.Response, start: int) -> None:
        """Write the body behind what is there up to ``start``.

        Raises ``FetchError`` when it breaks off or is too long.
        """
        validator = answer.headers.get("etag", "")
        if validator.startswith("W/"):
            validator = ""
        self.copy = replace(self.copy, part=validator or answer.headers.get("last-modified", ""))
        expected = _length_of(answer)
        if expected is not None and start + expected > self._max_bytes:
            raise FetchError(f"it has {start + expected} bytes; the limit is {self._max_bytes}")
        with self._open_part(start) as stream:
            size = start
            for chunk in self._chunks(answer, start):
                size += len(chunk)
                if size > self._max_bytes:
                    self._restart()
                    raise FetchError(f"it has more than {self._max_bytes} bytes, which is the limit")
                stream.write(chunk)
        if expected is not None and size != start + expected:
            raise FetchError(f"it broke off after {size} of {start + expected} bytes", is_passing=True)

    def _open_part(self, start: int) -> BinaryIO:
        try:
            stream = self._part.open("r+b" if start else "wb")
            stream.seek(start)
            stream.truncate()
        except OSError as error:
            raise PescoError(f"{self._part} cannot be written: {error.strerror}") from error
        return stream

    def _chunks(self, answer: httpx.Response, start: int) -> Iterator[bytes]:
        """Yield the body; its first bytes must be those of a PDF."""
        head = b""
        for chunk in answer.iter_raw():
            if not start and len(head) < _HEAD_BYTES:
                head += chunk
                if len(head) >= _HEAD_BYTES and b"%PDF-" not in head[:_HEAD_BYTES]:
                    self._restart()
                    raise FetchError("what the server sends is no PDF")
            yield chunk

    def _settle(self, answer: httpx.Response, has_it: bool) -> Fetched:
        """Check what is complete and let it take its place."""
        sha256 = _hash_of(self._part)
        with self._part.open("rb") as stream:
            is_pdf = b"%PDF-" in stream.read(_HEAD_BYTES)
        if not is_pdf or (self._wanted.sha256 and sha256 != self._wanted.sha256):
            self._restart()
            text = "what the server sends is no PDF" if not is_pdf else f"its hash is {sha256}, not the one listed"
            raise FetchError(text)
        size = self._part.stat().st_size
        headers = answer.headers
        copy = Copy(sha256 or "", headers.get("etag", ""), headers.get("last-modified", ""))
        existed = self._target.exists()
        if existed and sha256 == _hash_of(self._target):
            self._part.unlink()
            self.copy = copy
            return Fetched("unchanged", copy, size)
        if existed and not has_it:
            self._restart()
            raise FetchError(f"a file {self._target.name} is there that was not fetched from there; move it away")
        self._part.chmod(0o644)
        self._part.replace(self._target)
        self.copy = copy
        return Fetched("changed" if existed else "new", copy, size)

    def _restart(self) -> None:
        """Throw away what is half there."""
        self._part.unlink(missing_ok=True)
        self.copy = replace(self.copy, part="")


def _length_of(answer: httpx.Response) -> int | None:
    text = answer.headers.get("content-length", "")
    return int(text) if text.isdecimal() else None


def _starts_at(answer: httpx.Response, start: int) -> bool:
    """Tell whether a partial answer begins where it was asked to; raises ``FetchError`` when it does not."""
    if not answer.headers.get("content-range", "").startswith(f"bytes {start}-"):
        raise FetchError("the server sends another part than it was asked for")
    return True


def _hash_of(path: Path) -> str | None:
    """Return the hash of a file, ``None`` when there is none."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
