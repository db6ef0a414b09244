"""Rule files become checked, frozen models; a mistake stops everything before the first document.

A rule file is YAML beside this module, in ``rules/``. Its schema is a pydantic model of the module that applies it.
``read_rules`` refuses syntax errors, repeated keys, unknown keys and wrong values, naming file, line and reason.
``rules_version`` is a hash of the canonical form of all rule files: comments and layout do not change it, words do.
"""

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from extractors.rule_folders import OWN_RULES, RULES_FOLDER, files_of, own_folder
from models.errors import RuleError

Place = tuple[int | str, ...]


class RuleModel(BaseModel):
    """Base of all schemas of rule files: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


M = TypeVar("M", bound=BaseModel)


def read_rules(file_name: str, model: type[M], folder: Path | None = None) -> M:
    """Read one rule file into its schema; raises ``RuleError`` with file, line and reason."""
    path = rule_path(file_name, folder)
    data = _read_data(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        _, lines = _read_yaml(path)
        first = error.errors()[0]
        place = tuple(first["loc"])
        reason = f"{'.'.join(map(str, place))}: {first['msg']}"
        raise RuleError(f"{path.name}, line {_line_of(lines, place)}: {reason}") from error


def rule_error(file_name: str, place: Place, reason: str, folder: Path | None = None) -> RuleError:
    """Return the error for a mistake that only shows between entries, such as a clash; ``place`` is a path of keys."""
    _, lines = _read_yaml(rule_path(file_name, folder))
    return RuleError(f"{file_name}, line {_line_of(lines, place)}: {reason}")


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """An entry of a rule file that has an ``id``: where it stands (``line`` from 1) and what it says of itself."""

    id: str
    file_name: str
    line: int
    about: str
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


def list_rules(folder: Path | None = None) -> list[RuleEntry]:
    """Return all entries with an ``id`` of all YAML rule files, by file and line; raises ``RuleError``."""
    entries: list[RuleEntry] = []
    for path in _rule_files(folder):
        if path.suffix == ".yml":
            data, lines = _read_yaml(path)
            entries += _entries_below(data, (), lines, path.name)
    return entries


def _entries_below(data: object, place: Place, lines: dict[Place, int], file_name: str) -> Iterator[RuleEntry]:
    """Yield the entries with an ``id`` in plain data; what stands in an entry is part of it."""
    if isinstance(data, dict):
        if isinstance(data.get("id"), str):
            line = _line_of(lines, place)
            about, examples, near_misses = (data.get(key) for key in ("about", "examples", "near_misses"))
            yield RuleEntry(data["id"], file_name, line, str(about or ""), _texts(examples), _texts(near_misses))
            return
        for key, value in data.items():
            yield from _entries_below(value, (*place, key), lines, file_name)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _entries_below(value, (*place, index), lines, file_name)


def _texts(examples: object) -> tuple[str, ...]:
    """Return the texts of examples, which stand in a list, as keys, or as ``text`` of items."""
    if not isinstance(examples, (list, dict)):
        return ()
    return tuple(str(one.get("text", "") if isinstance(one, dict) else one) for one in examples)


@dataclass(frozen=True, slots=True)
class PhraseList:
    """A list of phrases in a rule file: its place as a path of keys, its ``line`` from 1, and what stands in it."""

    file_name: str
    place: Place
    line: int
    texts: tuple[str, ...]


def list_phrases(folder: Path | None = None) -> list[PhraseList]:
    """Return all lists of texts in all YAML rule files, by file and line; raises ``RuleError``."""
    found: list[PhraseList] = []
    for path in _rule_files(folder):
        if path.suffix == ".yml":
            data, lines = _read_yaml(path)
            found += _phrases_below(data, (), lines, path.name)
    return found


def _phrases_below(data: object, place: Place, lines: dict[Place, int], file_name: str) -> Iterator[PhraseList]:
    """Yield the lists of texts in plain data."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _phrases_below(value, (*place, key), lines, file_name)
    elif isinstance(data, list):
        texts = tuple(value for value in data if isinstance(value, str))
        if len(texts) == len(data) > 0:
            yield PhraseList(file_name, place, _line_of(lines, place), texts)
        for index, value in enumerate(data):
            yield from _phrases_below(value, (*place, index), lines, file_name)


def rules_version(folder: Path | None = None) -> str:
    """Return a hash (16 hex digits) of the canonical form of all rule files, or of those in ``folder``."""
    digest = hashlib.sha256()
    for path in _rule_files(folder):
        digest.update(path.name.encode() + b"\0")
        digest.update(_canonical_form(path))
    return digest.hexdigest()[:16]


def rule_path(file_name: str, folder: Path | None = None) -> Path:
    """Return where a rule file stands: in ``folder``, else in that of ``PESCO_RULES``, else beside this module."""
    if folder is not None:
        return folder / file_name
    own = own_folder()
    return own / file_name if own is not None and (own / file_name).is_file() else RULES_FOLDER / file_name


def _rule_files(folder: Path | None) -> list[Path]:
    """Return all rule files by name; raises ``RuleError`` for one of the user's own that would never be read."""
    if folder is not None:
        return files_of(folder)
    names = [path.name for path in files_of(RULES_FOLDER)]
    own = own_folder()
    for path in files_of(own) if own is not None else ():
        if path.name not in names:
            raise RuleError(f"{path.name} in {OWN_RULES} is read by nothing; rule files are {', '.join(names)}")
    return [rule_path(name) for name in names]


def _canonical_form(path: Path) -> bytes:
    """Return what counts in a rule file: the data of YAML without comments, the lines of a table without blanks."""
    if path.suffix == ".yml":
        data = _read_data(path)
        return json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()
    return "\n".join(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()).encode()


@cache
def _read_data(path: Path) -> object:
    """Return the data of a YAML file, which is parsed once for each content; raises ``RuleError``."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RuleError(f"{path.name}: cannot be read: {error}") from error
    parsed = path.parent / "__pycache__" / f"{path.stem}.{_hash_of(content)}.json"
    try:
        return json.loads(parsed.read_bytes())
    except (OSError, ValueError):
        data, _ = _read_yaml(path)
        _write_parsed(path, parsed, data)
        return data


def _hash_of(content: bytes) -> str:
    """Return a hash of a file's bytes and of this module's, which says how they are read."""
    return hashlib.sha256(Path(__file__).read_bytes() + content).hexdigest()[:32]


def _write_parsed(path: Path, parsed: Path, data: object) -> None:
    """Leave parsed data beside its file, as Python leaves its own, for that takes longer than all else at a start.

    Data that JSON would change is not written, and a folder that cannot be written to costs time only.
    """
    text = json.dumps(data, default=str)
    if json.loads(text) != data:
        return
    with contextlib.suppress(OSError):
        parsed.parent.mkdir(exist_ok=True)
        for old in parsed.parent.glob(f"{path.stem}.*.json"):
            old.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=parsed.parent) as folder:
            part = Path(folder) / parsed.name
            part.write_text(text, encoding="utf-8")
            part.replace(parsed)


@cache
def _read_yaml(path: Path) -> tuple[object, dict[Place, int]]:
    """Return the data of a YAML file and the line (from 1) of each key and item; raises ``RuleError``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path.name}: cannot be read: {error}") from error
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        lines: dict[Place, int] = {}
        data = None if node is None else _plain_value(node, (), lines, path.name)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleError(f"{path.name}, line {line}: {error.problem or error}") from error
    except yaml.YAMLError as error:
        raise RuleError(f"{path.name}: {error}") from error
    return data, lines


def _plain_value(node: yaml.Node, place: Place, lines: dict[Place, int], file_name: str) -> object:
    """Turn a YAML node into plain data, noting the line of each place; raises ``RuleError`` for a repeated key."""
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_items(node, place, lines, file_name))
    if isinstance(node, yaml.SequenceNode):
        return [_plain_value(child, (*place, i), lines, file_name) for i, child in enumerate(node.value)]
    return _scalar_loader().construct_object(node)


@cache
def _scalar_loader() -> yaml.SafeLoader:
    """Return the loader that turns scalars into values; it reads no text of its own."""
    return yaml.SafeLoader("")


def _items(
    node: yaml.MappingNode, place: Place, lines: dict[Place, int], file_name: str
) -> Iterator[tuple[str, object]]:
    """Yield the items of a mapping, keys as strings; raises ``RuleError`` for a repeated key."""
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in seen:
            raise RuleError(f"{file_name}, line {line}: the key {key!r} stands here twice")
        seen.add(key)
        value = _plain_value(value_node, (*place, key), lines, file_name)
        lines[(*place, key)] = line
        yield key, value


def _line_of(lines: dict[Place, int], place: Place) -> int:
    """Return the line of the longest known beginning of a place."""
    for length in range(len(place), -1, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return 1
