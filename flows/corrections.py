"""``pesco correct``: entries of correction files, shown and written."""

from pathlib import Path

from flows.terminal import add_row, make_table, open_console, plain, print_json
from models.corrections import Addition, AnyCorrection, Rejection
from pipeline.corrections.files import Entry, read_corrections


def print_corrections(folder: Path, *, as_json: bool) -> None:
    """Print all entries below a folder; raises ``CorrectionError`` when one holds a mistake."""
    entries = read_corrections(folder).entries
    if as_json:
        print_json([_record(entry) for entry in entries])
        return
    console = open_console()
    if not entries:
        console.print(f"There are no corrections in {plain(folder)}.", soft_wrap=True)
        return
    table = make_table("file", "line#", "what", "document", "values", "who", "when", "why")
    for entry in entries:
        said = entry.said
        values = ", ".join(f"{name} = {value}" for name, value in _values(said).items())
        add_row(table, entry.file, entry.line, _what(said), said.document, values, said.who, said.when, said.why)
    console.print(table)


def _record(entry: Entry) -> dict[str, object]:
    return {"file": entry.file, "line": entry.line, **entry.said.model_dump(mode="json", by_alias=True)}


def _what(said: AnyCorrection) -> str:
    if isinstance(said, Rejection):
        return f"reject {said.reject} {said.id_}"
    if isinstance(said, Addition):
        return f"add {said.add} on p. {said.page}: {said.quote}"
    return f"set {said.set} {said.id_ or ''}"


def _values(said: AnyCorrection) -> dict[str, str | None]:
    return said.was if isinstance(said, Rejection) else said.values
