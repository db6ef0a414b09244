"""``pesco correct``: entries of correction files, shown with what became of them, and written."""

import getpass
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from flows.terminal import add_row, make_table, open_console, plain, print_json
from models.corrections import Addition, AnyCorrection, Entry, Rejection, RowKind, Values
from models.errors import PescoError
from pipeline.corrections.files import read_corrections
from pipeline.corrections.placing import read_states
from pipeline.corrections.writing import Print, Signature, Writer, Written
from pipeline.store.schema import open_reader

WAITING = "waiting"


def print_corrections(db: Path, folder: Path, *, as_json: bool) -> None:
    """Print all entries below a folder and their states; raises ``CorrectionError`` when one holds a mistake."""
    entries = read_corrections(folder).entries
    states: dict[str, list[tuple[str, str]]] = {}
    if db.is_file():
        with closing(open_reader(db)) as connection:
            states = read_states(connection)
    if as_json:
        print_json([_record(entry, states) for entry in entries])
        return
    console = open_console()
    if not entries:
        console.print(f"There are no corrections in {plain(folder)}.", soft_wrap=True)
        return
    table = make_table("file", "line#", "what", "values", "state", "who", "when", "why")
    for entry in entries:
        said = entry.said
        values = ", ".join(f"{name} = {value}" for name, value in _values(said).items())
        add_row(
            table, entry.file, entry.line, _what(said), values, _state(entry, states), said.who, said.when, said.why
        )
    console.print(table)
    if any(_state(entry, states) == WAITING for entry in entries):
        console.print("What is waiting is applied by the next `pesco ingest`.")


def _record(entry: Entry, states: dict[str, list[tuple[str, str]]]) -> dict[str, object]:
    found = [{"state": state, "reason": reason} for state, reason in states.get(entry.id, [(WAITING, "")])]
    return {
        "file": entry.file,
        "line": entry.line,
        "states": found,
        **entry.said.model_dump(mode="json", by_alias=True),
    }


def _state(entry: Entry, states: dict[str, list[tuple[str, str]]]) -> str:
    found = states.get(entry.id, [(WAITING, "")])
    return "; ".join(f"{state}: {reason}" if reason else state for state, reason in found)


def _what(said: AnyCorrection) -> str:
    if isinstance(said, Rejection):
        return f"reject {said.reject} {said.id_}"
    if isinstance(said, Addition):
        return f"add {said.add} to {said.document}, p. {said.page}: {said.quote}"
    return f"set {said.set} {said.id_ or said.document}"


def _values(said: AnyCorrection) -> Values:
    return said.was if isinstance(said, Rejection) else said.values


class Corrector:
    """Writes entries and says what was written; ``who`` is who corrects, by default as git or the system knows them."""

    def __init__(self, db: Path, folder: Path, why: str, who: str | None, *, as_json: bool) -> None:
        self._writer = Writer(db, folder, Signature(who or _user(), why))
        self._as_json = as_json

    def reject(self, identifier: str) -> None:
        """Reject a mention or fact; raises ``PescoError``."""
        self._say(self._writer.reject(identifier))

    def set(self, identifier: str, values: Sequence[str]) -> None:
        """Set values of a mention or fact; raises ``PescoError``."""
        self._say(self._writer.set_values(identifier, parse_values(values)))

    def set_document(self, identifier: str, values: Sequence[str]) -> None:
        """Set what a document is; raises ``PescoError``."""
        self._say(self._writer.set_document(identifier, parse_values(values)))

    def add(self, kind: RowKind, document: str, print_: Print, values: Sequence[str]) -> None:
        """Add a mention or fact; raises ``PescoError``."""
        self._say(self._writer.add(kind, document, print_, parse_values(values)))

    def _say(self, written: Written) -> None:
        record = written.record
        if self._as_json:
            done = None if record is None else {**asdict(record), "entry": record.entry.id}
            print_json({"path": str(written.path), "line": written.line, "text": written.text, "record": done})
            return
        console = open_console()
        console.print(f"{plain(written.path)}, line {written.line}:", soft_wrap=True)
        console.print("\n".join(plain(line) for line in written.text.splitlines()), soft_wrap=True, highlight=False)
        if record is None:
            console.print("No pages of the document are kept, so it could not be tried; the next run says if it holds.")
        console.print("`pesco ingest` applies it; put the file into version control.")


def parse_values(words: Sequence[str]) -> Values:
    """Return values given as NAME=VALUE, an empty one as ``None``; raises ``PescoError``."""
    values: Values = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name:
            raise PescoError(f"{plain(word)} is no NAME=VALUE")
        values[name] = value or None
    return values


def _user() -> str:
    """Return who works here: the name that git has, else that of the account."""
    try:
        found = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, timeout=10, check=False)
        name = found.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        name = ""
    try:
        return name or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise PescoError("nobody knows who you are; say it with --who NAME") from error
