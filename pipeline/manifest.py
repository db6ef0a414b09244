"""The manifest of an inbox, ``manifest.csv``: where each file came from, and what its keeper says of it.

People write it by hand, ``pesco fetch`` adds to it, and runs keep it true: files that no row names get one, rows whose
file has gone say so. All other cells, further columns among them, stay as they were written. A folder without a
manifest gets none from a run.
"""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import PescoError
from models.facts import DocumentKind
from pipeline.names import for_terminal, from_text, to_text
from pipeline.store.sources import Source
from pipeline.whole_files import replacing

MANIFEST = "manifest.csv"
COLUMNS = ("filename", "url", "retrieved", "licence", "kind", "restricted", "status")
GONE = "gone"
_NAME_COLUMNS = ("filename", "path")
_YES = frozenset({"1", "yes", "true", "x"})
_NO = frozenset({"", "0", "no", "false"})
_KINDS = tuple(kind.value for kind in DocumentKind)
_MAX_BYTES = 64 << 20


@dataclass(slots=True)
class Manifest:
    """A manifest as it was read: its folder, the bytes it had, its columns, its rows in order, and its delimiter."""

    folder: Path
    before: bytes | None
    columns: list[str]
    rows: list[dict[str, str]] = field(default_factory=list)
    delimiter: str = ","

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.folder / MANIFEST

    @property
    def name_column(self) -> str:
        """The column that names files."""
        return next(name for name in _NAME_COLUMNS if name in self.columns)

    def path_of(self, row: Mapping[str, str]) -> str:
        """Return the full path of a row's file, as in ``files.path``."""
        return to_text(self._location(row))

    def sources(self) -> dict[str, Source]:
        """Return what the rows say, by full path; raises ``PescoError`` for a value that means nothing."""
        found: dict[str, Source] = {}
        for number, row in enumerate(self.rows, 2):
            cell = {name: row.get(name, "").strip() for name in COLUMNS}
            where = f"{self.file}, row {number}"
            if not self._location(row).is_relative_to(self.folder):
                raise PescoError(f"{where}: {_shown(row.get(self.name_column, ''))} leads out of the folder")
            if cell["kind"] and cell["kind"] not in _KINDS:
                raise PescoError(f"{where}: kind {_shown(cell['kind'])} is none of {', '.join(_KINDS)}")
            restricted = cell["restricted"].lower()
            if restricted not in _YES | _NO:
                raise PescoError(f"{where}: restricted is yes or no, not {_shown(cell['restricted'])}")
            found[self.path_of(row)] = Source(
                url=cell["url"] or None,
                retrieved=cell["retrieved"] or None,
                licence=cell["licence"] or None,
                kind=cell["kind"] or None,
                restricted=int(restricted in _YES),
            )
        return found

    def set_row(self, location: Path, values: Mapping[str, str]) -> None:
        """Fill cells of the row of a file, adding row and columns where they are missing."""
        path = to_text(location)
        row = next((row for row in self.rows if self.path_of(row) == path), None)
        if row is None:
            row = {self.name_column: _cell_for(location.relative_to(self.folder))}
            self.rows.append(row)
        for name, value in values.items():
            if row.get(name, "") != value:
                row[name] = value
                if name not in self.columns:
                    self.columns.append(name)

    def settle(self, present: Iterable[Path]) -> None:
        """Give each file that is there a row, and let the others' rows say that they have gone."""
        there = {to_text(location): location for location in present}
        named = set()
        for row in self.rows:
            path = self.path_of(row)
            named.add(path)
            is_gone = path not in there and not os.path.lexists(self._location(row))
            if is_gone != (row.get("status", "") == GONE):
                row["status"] = GONE if is_gone else ""
                if "status" not in self.columns:
                    self.columns.append("status")
        for path in sorted(there.keys() - named):
            self.set_row(there[path], {})

    def write(self) -> bool:
        """Write the manifest if it has changed; return ``False`` when somebody else changed it meanwhile.

        Raises ``OSError`` when the folder does not take it. The file is there whole or not at all.
        """
        data = self._encode()
        if data == self.before:
            return True
        if _read_bytes(self.file) != self.before:
            return False
        with replacing(self.file) as part:
            part.write_bytes(data)
            part.chmod(0o644 if self.before is None else self.file.stat().st_mode & 0o777)
        self.before = data
        return True

    def _location(self, row: Mapping[str, str]) -> Path:
        """Return where a row's file lies."""
        return Path(os.path.normpath(self.folder / from_text(row.get(self.name_column, "").strip())))

    def _encode(self) -> bytes:
        """Return the manifest as bytes: the very bytes that were read when no cell has changed."""
        before = None if self.before is None else parse(self.folder, self.before)
        if before is not None and (before.columns, before.rows) == (self.columns, self.rows):
            return self.before or b""
        old = self.before or b""
        stream = io.StringIO()
        end = "\r\n" if b"\r\n" in old else "\n"
        writer = csv.DictWriter(stream, self.columns, restval="", delimiter=self.delimiter, lineterminator=end)
        writer.writeheader()
        writer.writerows(self.rows)
        mark = b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b""
        return mark + stream.getvalue().encode("utf-8")


def read_manifest(folder: Path, *, make: bool = False) -> Manifest | None:
    """Return the manifest of a folder, ``None`` when it has none; with ``make``, an empty one.

    Raises ``PescoError`` when the file is there and is no manifest.
    """
    data = _read_bytes(folder / MANIFEST)
    if data is None:
        return Manifest(folder, None, list(COLUMNS)) if make else None
    return parse(folder, data)


def parse(folder: Path, data: bytes) -> Manifest:
    """Return the manifest that bytes hold; raises ``PescoError`` when they are none."""
    where = folder / MANIFEST
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PescoError(f"{where} is not in UTF-8: {error.reason} at byte {error.start}") from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if line]
    except csv.Error as error:
        raise PescoError(f"{where} is no CSV: {error}") from error
    columns = [name.strip() for name in lines[0]] if lines else list(COLUMNS)
    if not any(name in columns for name in _NAME_COLUMNS) or len(set(columns)) < len(columns):
        raise PescoError(f"{where} needs a first line with a column `filename`, each column once")
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) > len(columns):
            raise PescoError(f"{where}, row {number} has {len(cells)} cells, the first line has {len(columns)}")
        rows.append(dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=True)))
    return Manifest(folder, data, columns, rows, delimiter)


def settle_manifests(manifests: Sequence[Manifest], present: Sequence[Path]) -> list[str]:
    """Keep manifests true to the files that are there; return in words what could not be written."""
    problems = []
    for manifest in manifests:
        manifest.settle(location for location in present if location.is_relative_to(manifest.folder))
        try:
            if not manifest.write():
                problems.append(f"{manifest.file} was edited meanwhile; the next run brings it up to date")
        except OSError as error:
            problems.append(f"{manifest.file} could not be brought up to date: {error.strerror}")
    return problems


def _read_bytes(path: Path) -> bytes | None:
    """Return the bytes of a manifest, ``None`` when there is none; raises ``PescoError`` for one that is unreadable."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PescoError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > _MAX_BYTES:
        raise PescoError(f"{path} is too large for a manifest")
    return data


def _cell_for(path: Path) -> str:
    """Return a relative path as a cell that no spreadsheet takes for a formula."""
    text = to_text(path)
    return f"./{text}" if text[:1] in "=+-@\t\r" else text


def _shown(text: str) -> str:
    return repr(for_terminal(text, 40))
