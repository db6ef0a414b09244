"""What lies in the folders, and what it is compared with what is known: the first step of a run.

``scan`` walks folders and looks at named files; ``identify`` finds the hash of each file, from the ledger when size and
time of change are as before, else from its bytes. Symbolic links that leave their folder, things that are no files, and
files that are still being copied are set apart with a reason. Nothing is written here and no PDF is opened.
"""

import glob
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from models.errors import BusyError, PescoError
from pipeline.names import for_terminal, to_text
from pipeline.patience import answered, passes
from pipeline.reasons import Reason
from pipeline.store.ledger import FileFacts, Refusal

# A file changed within this time may still be being written.
FRESH_SECONDS = 2.0
# How long a fresh file is watched before it counts as still.
SETTLE_SECONDS = 0.5
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it lies there: where, and its size and time of change."""

    location: Path
    facts: FileFacts


@dataclass(slots=True)
class Scan:
    """What a run met. ``folders`` were walked wholly; ``blind`` lists folders that could not be looked into;
    ``patterns`` are those that were looked up, as full paths."""

    files: list[Found] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)

    def covers(self, path: str) -> bool:
        """Tell whether a path would have been met if it still were there."""
        if any(_is_below(path, folder) for folder in self.blind):
            return False
        if any(_is_below(path, folder) for folder in self.folders):
            return True
        return any(_expression(pattern).fullmatch(path) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Identified:
    """A file whose bytes are known by hash. ``is_hashed`` tells that they were read for it in this run."""

    location: Path
    facts: FileFacts
    sha256: str
    is_hashed: bool


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the ledger says of a path."""

    size: int
    mtime_ns: int
    sha256: str


def scan(paths: Sequence[Path]) -> Scan:
    """Find the PDFs in folders and look at files named one by one; raises ``PescoError`` for a path that is not there.

    A path that is not there and has ``*``, ``?`` or ``[`` in it is a pattern: what it matches counts as named, ``**``
    stands for any folders, hidden names are not matched. In a folder ``*.pdf`` counts, in any case, recursively, hidden
    ones not. A named file always counts.
    """
    found = Scan()
    seen: set[str] = set()
    for path in paths:
        for location in _expand(Path(os.path.abspath(path)), found):  # noqa: PTH100 - resolve() would follow links
            if location.is_dir():
                _walk(location, found, seen)
            else:
                _look_at(location, None, found, seen)
    found.files.sort(key=lambda file: file.facts.path)
    found.refusals.sort(key=lambda refusal: refusal.path)
    return found


def identify(
    scanned: Scan, known: Mapping[str, KnownFile], *, max_bytes: int, settle_seconds: float = SETTLE_SECONDS
) -> tuple[list[Identified], list[Refusal]]:
    """Return the files by hash, and those that cannot be hashed or are still changing."""
    fresh_after = time.time_ns() - int(FRESH_SECONDS * 1e9)
    files: list[Identified] = []
    refusals: list[Refusal] = []
    to_watch: list[Found] = []
    for file in scanned.files:
        before = known.get(file.facts.path)
        if before is not None and (before.size, before.mtime_ns) == (file.facts.size, file.facts.mtime_ns):
            files.append(Identified(file.location, file.facts, before.sha256, is_hashed=False))
        elif file.facts.mtime_ns > fresh_after:
            to_watch.append(file)
        else:
            _hash_into(file, max_bytes, files, refusals)
    if to_watch:
        time.sleep(settle_seconds)
        for file in to_watch:
            _hash_into(file, max_bytes, files, refusals)
    files.sort(key=lambda file: file.facts.path)
    return files, refusals


def is_unchanged(location: Path, facts: FileFacts) -> bool:
    """Tell whether a file still has the size and time of change that it had."""
    try:
        status = answered(location.stat)
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (facts.size, facts.mtime_ns)


def group_by_bytes(files: Iterable[Identified]) -> dict[str, list[Identified]]:
    """Return files by hash, each group and the groups themselves in the order of their paths."""
    groups: dict[str, list[Identified]] = {}
    for file in sorted(files, key=lambda file: file.facts.path):
        groups.setdefault(file.sha256, []).append(file)
    return groups


def _expand(location: Path, found: Scan) -> list[Path]:
    """Return what is meant by a path: itself, or what it matches as a pattern, which is noted.

    Raises ``PescoError`` when there is nothing.
    """
    if _is_there(location):
        return [location]
    pattern = str(location)
    if not glob.has_magic(pattern):
        raise PescoError(f"there is no file or folder {for_terminal(pattern)}")
    matches = sorted(Path(name) for name in glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no full path
    if not matches:
        raise PescoError(f"nothing matches {for_terminal(pattern)}")
    found.patterns.append(to_text(location))
    return matches


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Return what matches the full paths that a pattern stands for, and those below a folder that it stands for."""
    parts = re.split(r"(/\*\*(?=/)|\*|\?|\[[^]]+\])", pattern)
    signs = {"/**": "(?:/[^/]+)*", "*": "[^/]*", "?": "[^/]"}
    written = [
        signs.get(part) or (f"[^{part[2:]}" if part[1] == "!" else part) if at % 2 else re.escape(part)
        for at, part in enumerate(parts)
    ]
    return re.compile("".join(written) + "(?:/.*)?", re.DOTALL)


def _is_there(location: Path) -> bool:
    """Tell whether a path is there; raises ``BusyError`` when its share does not answer."""
    try:
        answered(location.lstat)
    except OSError as error:
        if passes(error):
            raise BusyError(f"{for_terminal(str(location))} does not answer ({error.strerror})") from error
        return False
    return True


def _walk(root: Path, found: Scan, seen: set[str]) -> None:
    """Look at every PDF below a folder; links to folders are not followed."""
    found.folders.append(to_text(root))
    real_root = os.path.realpath(root)
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = answered(partial(_entries_of, folder))
        except OSError as error:
            found.blind.append(to_text(folder))
            detail = error.strerror or type(error).__name__
            reason = Reason.BUSY if passes(error) else Reason.NO_ACCESS
            found.refusals.append(Refusal(to_text(folder), to_text(folder.name), reason, detail))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(folder / entry.name)
            elif entry.name.lower().endswith(".pdf"):
                _look_at(folder / entry.name, real_root, found, seen)


def _entries_of(folder: Path) -> list[os.DirEntry[str]]:
    return sorted(os.scandir(folder), key=lambda entry: entry.name)


def _look_at(location: Path, real_root: str | None, found: Scan, seen: set[str]) -> None:
    """Add one file to the scan, or the reason why it is refused. ``real_root`` is the folder it may not leave."""
    path = to_text(location)
    if path in seen:
        return
    seen.add(path)
    refuse = _reason_to_refuse(location, real_root)
    if refuse is not None:
        found.refusals.append(Refusal(path, to_text(location.name), *refuse))
        return
    try:
        status = answered(location.stat)
    except OSError as error:
        denied = Reason.NO_ACCESS if isinstance(error, PermissionError) else Reason.NOT_A_FILE
        reason = Reason.BUSY if passes(error) else denied
        found.refusals.append(Refusal(path, to_text(location.name), reason, error.strerror or ""))
        return
    if not stat.S_ISREG(status.st_mode):
        found.refusals.append(Refusal(path, to_text(location.name), Reason.NOT_A_FILE))
        return
    found.files.append(Found(location, FileFacts(path, to_text(location.name), status.st_size, status.st_mtime_ns)))


def _reason_to_refuse(location: Path, real_root: str | None) -> tuple[Reason, str] | None:
    """Return why a link inside a folder is refused: it leaves that folder, or leads nowhere."""
    if real_root is None or not location.is_symlink():
        return None
    target = os.path.realpath(location)
    if not _is_below(target, real_root):
        return Reason.OUTSIDE_FOLDER, f"it leads to {for_terminal(target, 500)}"
    if not Path(target).exists():
        return Reason.NOT_A_FILE, "the link leads nowhere"
    return None


def _hash_into(file: Found, max_bytes: int, files: list[Identified], refusals: list[Refusal]) -> None:
    """Hash a file unless it is too large, changes meanwhile, or may not be read."""
    facts = file.facts
    if facts.size > max_bytes:
        detail = f"{facts.size} bytes; the limit is {max_bytes}"
        refusals.append(Refusal(facts.path, facts.filename, Reason.TOO_LARGE, detail, size=facts.size))
        return
    if not is_unchanged(file.location, facts):
        refusals.append(Refusal(facts.path, facts.filename, Reason.STILL_COPIED))
        return
    try:
        sha256 = answered(lambda: _hash_bytes(file.location, facts.size))
    except OSError as error:
        reason = Reason.BUSY if passes(error) else Reason.NO_ACCESS
        refusals.append(Refusal(facts.path, facts.filename, reason, error.strerror or ""))
        return
    if sha256 is None or not is_unchanged(file.location, facts):
        refusals.append(Refusal(facts.path, facts.filename, Reason.STILL_COPIED))
        return
    files.append(Identified(file.location, facts, sha256, is_hashed=True))


def _hash_bytes(location: Path, size: int) -> str | None:
    """Return the hash of a file's bytes, or ``None`` when it has another size than expected."""
    digest = hashlib.sha256()
    read = 0
    with location.open("rb", buffering=0) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            read += len(chunk)
            if read > size:
                return None
    return digest.hexdigest() if read == size else None


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
