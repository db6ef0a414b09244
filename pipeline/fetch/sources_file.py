"""A sources file, YAML or CSV: which documents to fetch, by number in a public register or by address.

YAML has `documents`, a list of entries, and may have `registers` (as in ``places.yml``) and `language`. CSV has one
entry a row. Each entry has exactly one of `url` and the registers' keys (`celex`, `council`), and may have the other
fields of ``Entry``. Everything is checked before anything is fetched.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from models.errors import PescoError
from models.facts import DocumentKind
from pipeline.names import for_terminal

_PLACES = Path(__file__).with_name("places.yml")
_UNFIT = re.compile(r"[^\w.()+-]+")
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
_MAX_NAME = 120


class Register(BaseModel):
    """A register as ``places.yml`` describes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    form: str
    example: str = ""
    base: str
    url: str
    filename: str
    licence: str = ""

    @field_validator("base")
    @classmethod
    def _is_safe(cls, base: str) -> str:
        if (problem := unsafe(base)) is not None:
            raise ValueError(problem)
        return base.rstrip("/")


class Entry(BaseModel):
    """A document to fetch, as it is written; ``number`` is what stood under a register's key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = ""
    filename: str = ""
    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = ""
    kind: DocumentKind | None = None
    licence: str = ""
    restricted: bool = False
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document to fetch: from where, to which file name, and what the manifest is to say of it."""

    url: str
    filename: str
    kind: str = ""
    licence: str = ""
    restricted: bool = False
    sha256: str = ""


def read_sources_file(path: Path) -> list[Wanted]:
    """Return what a sources file lists, in its order; raises ``PescoError`` naming the entry that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PescoError(f"the sources file {path} cannot be read: {error}") from error
    if path.suffix.lower() == ".csv":
        entries: list[object] = [_without_blanks(row) for row in csv.DictReader(io.StringIO(text, newline=""))]
        registers, language = _read_registers({}, path), "en"
    else:
        entries, registers, language = _read_yaml(text, path)
    wanted = [_want(entry, number, registers, language, path) for number, entry in enumerate(entries, 1)]
    names: dict[str, int] = {}
    for number, one in enumerate(wanted, 1):
        if (before := names.setdefault(one.filename.casefold(), number)) != number:
            raise PescoError(f"{path}: entries {before} and {number} would both be {one.filename}; give a `filename`")
    return wanted


def unsafe(url: str) -> str | None:
    """Return what forbids to fetch from an address, ``None`` when nothing does: https only, but for this machine.

    >>> unsafe("http://example.org/a.pdf")
    'only https is fetched'
    >>> unsafe("http://127.0.0.1:8000/a.pdf")
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        return str(error)
    if not host:
        return "there is no host in it"
    if parts.username is not None or parts.password is not None:
        return "names and passwords do not belong into addresses"
    if parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL_HOSTS):
        return None
    return "only https is fetched"


def _read_yaml(text: str, path: Path) -> tuple[list[object], dict[str, Register], str]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PescoError(f"{path} is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict) or not isinstance(data.get("documents"), list):
        raise PescoError(f"{path} needs a list under `documents`")
    if unknown := sorted(map(str, data.keys() - {"documents", "registers", "language"})):
        raise PescoError(f"{path}: nothing is known about `{unknown[0]}`")
    registers = data.get("registers") or {}
    if not isinstance(registers, dict):
        raise PescoError(f"{path}: `registers` needs names with their fields")
    return data["documents"], _read_registers(registers, path), str(data.get("language") or "en")


def _read_registers(changes: Mapping[object, object], path: Path) -> dict[str, Register]:
    """Return the registers by key, with the changes that a sources file makes."""
    plain: dict[str, dict[str, object]] = yaml.safe_load(_PLACES.read_text(encoding="utf-8"))
    for name, fields in changes.items():
        if not isinstance(fields, dict):
            raise PescoError(f"{path}: register {name} needs fields")
        plain[str(name)] = {**plain.get(str(name), {}), **fields}
    found: dict[str, Register] = {}
    for name, fields in plain.items():
        try:
            register = Register.model_validate(fields)
        except ValidationError as error:
            raise PescoError(f"{path}: register {name}: {_first(error)}") from error
        found[register.key] = register
    return found


def _want(entry: object, number: int, registers: Mapping[str, Register], language: str, path: Path) -> Wanted:
    """Return what an entry asks for; raises ``PescoError``."""
    where = f"{path}, entry {number}"
    if not isinstance(entry, dict):
        raise PescoError(f"{where} needs fields, such as `celex: 32017D2315`")
    keys = [key for key in (*registers, "url") if entry.get(key)]
    if len(keys) != 1:
        raise PescoError(f"{where} needs one of {', '.join(registers)}, url")
    try:
        fields = Entry.model_validate({key: value for key, value in entry.items() if key not in registers})
    except ValidationError as error:
        raise PescoError(f"{where}: {_first(error)}") from error
    key = keys[0]
    url, name, licence = fields.url, _name_of(fields.url), ""
    if key != "url":
        url, name, licence = _address(registers[key], str(entry[key]), fields.language or language, where)
    if (problem := unsafe(url)) is not None:
        raise PescoError(f"{where}: {for_terminal(url)}: {problem}")
    filename = fields.filename or name
    if filename != _fit(filename) or not filename.lower().endswith(".pdf"):
        raise PescoError(f"{where}: {for_terminal(filename)!r} is no file name that ends in .pdf; give a `filename`")
    kind = "" if fields.kind is None else fields.kind.value
    return Wanted(url, filename, kind, fields.licence or licence, fields.restricted, fields.sha256)


def _address(register: Register, number: str, language: str, where: str) -> tuple[str, str, str]:
    """Return address, file name and licence of a document in a register."""
    if not re.fullmatch(register.form, number):
        raise PescoError(f"{where}: {for_terminal(number)!r} is no {register.key} number like {register.example}")
    words = {"base": register.base, "id": number, "language": language, "LANGUAGE": language.upper()}
    return register.url.format(**words), _fit(register.filename.format(**words)), register.licence


def _name_of(url: str) -> str:
    """Return the file name that an address ends in."""
    name = _fit(unquote(urlsplit(url).path.rpartition("/")[2]))
    return name if not name or name.lower().endswith(".pdf") else f"{name}.pdf"


def _fit(name: str) -> str:
    """Return a name that every file system takes, that is not hidden and leads nowhere."""
    return _UNFIT.sub("_", name).lstrip(".-")[-_MAX_NAME:]


def _without_blanks(row: Mapping[str | None, object]) -> dict[str, object]:
    cells = {str(key).strip(): str(value).strip() for key, value in row.items() if key is not None and value}
    return {key: value for key, value in cells.items() if value}


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"
