"""The correction files: every ``*.yml`` or ``*.yaml`` below a folder, each a list of entries, in the order of names.

A folder comes in, checked entries with file and line leave; a mistake is a ``CorrectionError`` that names file, line
and reason. Every scalar is text, so that the state ``NO`` is Norway and a date stays as it is written.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import ValidationError

from models.corrections import Entry, read_correction
from models.errors import CorrectionError

Place = tuple[int | str, ...]
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MARK_LENGTH = 16
MIN_PREFIX = 12
_SUFFIXES = (".yml", ".yaml")
_NOTHING = ("", "~", "null")


@dataclass(frozen=True)
class Corrections:
    """All entries, in the order in which they are applied."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """The entries by what they call their document, a hash by its first digits."""
        found: dict[str, list[int]] = {}
        for place, entry in enumerate(self.entries):
            wanted = entry.said.document
            for name in {wanted, wanted[:MIN_PREFIX].lower()}:
                found.setdefault(name, []).append(place)
        return found

    def for_document(self, sha256: str, filenames: Iterable[str]) -> tuple[Entry, ...]:
        """Return the entries that name a document, by its hash (64 hex digits) or one of its file names."""
        if not self.entries:
            return ()
        names = frozenset(filenames)
        near = {place for name in (*names, sha256[:MIN_PREFIX]) for place in self._by_name.get(name, ())}
        entries = (self.entries[place] for place in sorted(near))
        return tuple(entry for entry in entries if names_document(entry.said.document, sha256, names))


def names_document(wanted: str, sha256: str, filenames: Iterable[str]) -> bool:
    """Tell whether a name in an entry is that of a document: its id, its hash, 12 digits of it or more, a file name."""
    return wanted in filenames or (len(wanted) >= MIN_PREFIX and sha256.startswith(wanted.lower()))


def corrections_mark(entries: Sequence[Entry]) -> str | None:
    """Return a hash of entries, in their order, or ``None`` for none: what facts depend on besides rules and pages."""
    if not entries:
        return None
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(f"{entry.file}\0{entry.said.canonical}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:_MARK_LENGTH]


def read_corrections(folder: Path | None) -> Corrections:
    """Return all entries below a folder, none when it is not there; raises ``CorrectionError``."""
    if folder is None or not folder.is_dir():
        return Corrections()
    entries: list[Entry] = []
    seen: dict[str, Entry] = {}
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES):
        name = path.relative_to(folder).as_posix()
        for entry in parse_entries(name, _read_text(path, name)):
            if entry.id in seen:
                first = seen[entry.id]
                raise mistake(name, entry.line, f"the same entry stands in {first.file}, line {first.line}")
            seen[entry.id] = entry
            entries.append(entry)
    return Corrections(tuple(entries))


def mistake(file: str, line: int, reason: str) -> CorrectionError:
    """Return the error for a mistake in a correction file."""
    return CorrectionError(f"{file}, line {line}: {reason}")


def parse_entries(name: str, text: str) -> list[Entry]:
    """Return the entries of a file's text; raises ``CorrectionError``."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise mistake(name, line, str(error.problem or error)) from error
    except yaml.YAMLError as error:
        raise mistake(name, 1, str(error)) from error
    if node is None:
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise mistake(name, node.start_mark.line + 1, "a correction file is a list of entries")
    return [_parse_entry(name, child) for child in node.value]


def _parse_entry(name: str, node: yaml.Node) -> Entry:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise mistake(name, line, "an entry has names and values, such as `reject: mention`")
    lines: dict[Place, int] = {}
    data = _plain_items(name, node, (), lines)
    try:
        return Entry(name, line, read_correction(data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = tuple(first["loc"])
        reason = ": ".join((*(".".join(map(str, part)) for part in (place,) if part), _message(first["msg"])))
        raise mistake(name, _line_of(lines, place, line), reason) from error
    except ValueError as error:
        raise mistake(name, line, str(error)) from error


def _message(text: str) -> str:
    return text.removeprefix("Value error, ")


def _line_of(lines: dict[Place, int], place: Place, line: int) -> int:
    """Return the line of the longest known beginning of a place, else that of the entry."""
    return next((lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in lines), line)


def _plain_items(name: str, node: yaml.MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, object]:
    """Return a mapping as plain data, its scalars as text; ``lines`` gets the line of each key. Raises
    ``CorrectionError``."""
    found: dict[str, object] = {}
    for key_node, value in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in found:
            raise mistake(name, line, f"the key {key!r} stands here twice")
        lines[(*place, key)] = line
        if isinstance(value, yaml.MappingNode):
            found[key] = _plain_items(name, value, (*place, key), lines)
        elif isinstance(value, yaml.ScalarNode):
            found[key] = None if not value.style and value.value in _NOTHING else value.value
        else:
            raise mistake(name, line, f"{key}: no list is wanted here")
    return found


def _read_text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorrectionError(f"{name}: cannot be read: {error}") from error
