"""All documents of a sources file, one after the other, into a folder with its manifest."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from models.errors import PescoError
from pipeline.fetch.download import BrokenOffError, Copy, fetch_document
from pipeline.fetch.sources_file import Wanted
from pipeline.fetch.web import FetchError, Web
from pipeline.manifest import read_manifest

# Hidden, so that no run looks at it.
_NOTES = ".fetched.json"


@dataclass(frozen=True, slots=True)
class Step:
    """A document is done: ``result`` is ``new``, ``changed``, ``unchanged`` or ``failed``, with ``detail`` then."""

    wanted: Wanted
    result: str
    detail: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Settings: the folder, the seconds between two requests to a host, and the largest document in bytes."""

    folder: Path
    delay: float = 2.0
    max_bytes: int = 500 << 20


def fetch_all(
    sources: Sequence[Wanted], options: FetchOptions, report: Callable[[Step], None], web: Web | None = None
) -> list[Step]:
    """Fetch what is new or changed; return what became of each. A document that fails costs itself only.

    Raises ``PescoError`` when the folder can't be written or another process fetches into it.
    """
    steps: list[Step] = []
    with _locked(options.folder), web or Web(options.delay) as way:
        notes = _Notes(options.folder)
        for wanted in sources:
            steps.append(_fetch_one(way, wanted, options, notes))
            report(steps[-1])
    return steps


def plan_fetch(sources: Sequence[Wanted], folder: Path) -> list[Step]:
    """Return what would be asked for, without any request: documents that are ``new``, and those to be looked at."""
    return [Step(wanted, "present" if (folder / wanted.filename).exists() else "new") for wanted in sources]


def _fetch_one(web: Web, wanted: Wanted, options: FetchOptions, notes: "_Notes") -> Step:
    try:
        done = fetch_document(web, wanted, options.folder, notes.get(wanted), options.max_bytes)
    except BrokenOffError as error:
        notes.set(wanted, error.copy)
        return Step(wanted, "failed", str(error))
    except FetchError as error:
        return Step(wanted, "failed", str(error))
    except OSError as error:
        raise PescoError(f"{options.folder} cannot be written: {error.strerror}") from error
    notes.set(wanted, done.copy)
    if done.result != "unchanged":
        _note_in_manifest(wanted, options.folder)
    return Step(wanted, done.result, size=done.size)


def _note_in_manifest(wanted: Wanted, folder: Path) -> None:
    """Write where a document came from, and of the rest what nobody has written by hand."""
    manifest = read_manifest(folder, make=True)
    if manifest is None:
        return
    location = folder / wanted.filename
    manifest.set_row(location, {"url": wanted.url, "retrieved": f"{datetime.now(UTC):%Y-%m-%d}", "status": ""})
    row = next(row for row in manifest.rows if manifest.path_of(row) == str(location))
    said = {"kind": wanted.kind, "licence": wanted.licence, "restricted": "yes" if wanted.restricted else ""}
    manifest.set_row(location, {name: value for name, value in said.items() if value and not row.get(name)})
    if not manifest.write():
        raise PescoError(f"{manifest.file} was edited meanwhile; fetch again")


class _Notes:
    """What servers said of each document, for the next time; written after each."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NOTES
        self._notes: dict[str, dict[str, str]] = {}
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            self._notes = {str(key): {str(k): str(v) for k, v in note.items()} for key, note in found.items()}
        except (OSError, ValueError, AttributeError):  # without notes everything is fetched again
            self._notes = {}

    def get(self, wanted: Wanted) -> Copy:
        """Return what is known of a document; nothing when it came from elsewhere."""
        note = self._notes.get(wanted.filename, {})
        if note.get("url") != wanted.url:
            return Copy()
        return Copy(**{name: note.get(name, "") for name in ("sha256", "etag", "modified", "part")})

    def set(self, wanted: Wanted, copy: Copy) -> None:
        """Note what is known of a document."""
        self._notes[wanted.filename] = {"url": wanted.url, **asdict(copy)}
        new = self._path.with_name(f"{_NOTES}.new")
        new.write_text(json.dumps(self._notes, indent=1, sort_keys=True), encoding="utf-8")
        new.replace(self._path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time fetch into a folder, which is made; raises ``PescoError``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".fetch.lock", timeout=0):
            yield
    except Timeout as error:
        raise PescoError(f"another process fetches into {folder}") from error
    except PermissionError as error:
        raise PescoError(f"{folder} cannot be written: {error.strerror}") from error
