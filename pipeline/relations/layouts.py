"""What the columns of a printed table mean: headings become fields by rule files, never by guessing.

``rules/headings.yml`` lists the words for each field, ``rules/layouts.csv`` the known editions and styles, a row each
with the printed heading in the cell. A table enters, a ``TableMap`` leaves; a heading that nothing explains becomes an
issue.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.nlp import fold
from extractors.rulebook import RuleModel, read_rules, rule_error, rule_path
from extractors.views import TableView, TextView
from models.errors import RuleError
from models.issues import Issue, Severity

HEADINGS_FILE = "headings.yml"
LAYOUTS_FILE = "layouts.csv"
IGNORE = "ignore"
# A table without one of these columns tells nothing that facts could hang on.
KEY_FIELDS = frozenset({"project", "commitment", "state", "status"})

_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_YEARS = re.compile(r"\b(?:19|20)\d\d(?:\s*[-/]\s*(?:(?:19|20)\d\d|\d\d))?\b")
_BEGINNINGS = frozenset({"initial", "first", "start", "begin"})
_ENDS = frozenset({"full", "last", "final", "end"})
# What a heading that names a beginning and an end speaks of, and its field.
_SPANS = {"capab": "capability_span", "deliver": "delivery_span"}
# "Project in which Sweden is a member": a heading that says more of the projects below it.
_PROJECT_HEADING = re.compile(
    r"(?:PESCO )?projects? (?:in|with|led|coordinated|joined|followed|where|that)\b", re.IGNORECASE
)
# "Role of Sweden", "Part played by NL": the role of the state that the heading names.
_ROLE_HEADING = re.compile(r"(?:[Nn]ational )?(?:[Rr]ole|[Pp]art|[Cc]apacity)(?: played| taken)? (?:of|by) [A-Z]")
# "IOC now", "Planned IOC (then)": the same step, as it stands and as it was.
_NOW = re.compile(
    r"\b(?:now|current|currently|present|new|latest|revised|this report|this year|today)\b", re.IGNORECASE
)
_THEN = re.compile(
    r"\b(?:then|old|previous|previously|earlier|former|formerly|original|initially|before|was|last report|last year)\b",
    re.IGNORECASE,
)
_LONGEST_REVISED = 50
_REVISED = frozenset({"ioc", "foc", "delivery_start", "delivery_end", "launch", "closure"})
_NO_LETTER = re.compile(r"[^a-z#]")


@dataclass(frozen=True, slots=True)
class TableMap:
    """What a table's columns mean. ``layout`` names the known style it fits best, or ``""``; ``fields`` has a field per
    column, or ``None``; ``unknown`` holds (column, printed heading) of headings that nothing explains."""

    layout: str
    fields: tuple[str | None, ...]
    unknown: tuple[tuple[int, str], ...] = ()


class HeadingsFile(RuleModel):
    """``rules/headings.yml``."""

    fields: dict[str, tuple[str, ...]]
    ignore: tuple[str, ...]
    examples: dict[str, str]
    near_misses: tuple[str, ...]


@cache
def read_headings_file() -> HeadingsFile:
    """Return ``headings.yml`` as it is written."""
    return read_rules(HEADINGS_FILE, HeadingsFile)


@cache
def load_headings() -> dict[str, str]:
    """Return the field of each heading, in the form that ``bare_heading`` gives; raises ``RuleError`` for a clash."""
    file = read_headings_file()
    found: dict[str, str] = {}
    for field, forms in (*file.fields.items(), (IGNORE, file.ignore)):
        for number, form in enumerate(forms):
            key = bare_heading(form) or fold(form)
            if found.setdefault(key, field) != field:
                place = ("ignore", number) if field == IGNORE else ("fields", field, number)
                raise rule_error(HEADINGS_FILE, place, f"{form!r} is a heading of {found[key]} already")
    return found


@cache
def load_layouts() -> tuple[tuple[str, frozenset[tuple[str, str]]], ...]:
    """Return each known style with its (heading, field) pairs; raises ``RuleError`` with the line of a mistake."""
    known = set(read_headings_file().fields)
    layouts = []
    with rule_path(LAYOUTS_FILE).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        unknown = set(reader.fieldnames or ()) - known - {"layout"}
        if unknown:
            raise RuleError(f"{LAYOUTS_FILE}, line 1: no such field: {', '.join(sorted(unknown))}")
        for row in reader:
            if None in row or not row["layout"]:
                raise RuleError(
                    f"{LAYOUTS_FILE}, line {reader.line_num}: a row needs a name and no more cells than fields"
                )
            pairs = frozenset((bare_heading(cell), field) for field, cell in row.items() if field != "layout" and cell)
            layouts.append((row["layout"], pairs))
    return tuple(layouts)


def bare_heading(text: str) -> str:
    """Return what two prints of one heading share: letters in lower case, without brackets, years, hyphens and blanks.

    >>> bare_heading("Coordina- tor (2024)")
    'coordinator'
    """
    return _NO_LETTER.sub("", _YEARS.sub("", _BRACKETS.sub("", fold(text))))


def map_table(table: TableView, view: TextView) -> TableMap:
    """Return what a table's columns mean, by its printed headings."""
    del view  # the headings say it all; content is never a reason to call a column something
    headings = load_headings()
    own = _own_headings(table)
    fields = {column: field for column, text in own.items() if (field := _field_of(headings, text)) is not None}
    pairs = {(bare_heading(own[column]), field) for column, field in fields.items() if field != IGNORE}
    unknown = tuple((column, text) for column, text in own.items() if column not in fields)
    by_column = (None if fields.get(column) == IGNORE else fields.get(column) for column in range(len(table.headings)))
    return TableMap(_best_layout(pairs), tuple(by_column), unknown)


def field_of(text: str) -> str | None:
    """Return the field of a printed heading, or ``None`` for one that is unknown or carries no fact."""
    field = _field_of(load_headings(), text)
    return None if field == IGNORE else field


def _own_headings(table: TableView) -> dict[int, str]:
    """Return the printed heading of each column that has one."""
    return {column: text for column, text in enumerate(table.headings) if text.strip()}


def _field_of(headings: dict[str, str], text: str) -> str | None:
    """Return the field of a heading; of several levels, both together or else the lowest that is known decide.

    A heading that names both ends of something ("Initial / full capability") has a field of its own, for its cells
    hold two dates.
    """
    words = set(fold(text).replace("/", " ").split())
    if words & _BEGINNINGS and words & _ENDS:
        return next((field for word, field in _SPANS.items() if any(own.startswith(word) for own in words)), None)
    if len(text) <= _LONGEST_REVISED and _THEN.search(text) and (revised := _revised_field(headings, text)):
        return revised
    levels = text.split(" / ")
    for level in (text, " ".join(levels), " ".join(reversed(levels)), *reversed(levels)):
        field = headings.get(bare_heading(level)) or headings.get(fold(level).strip())
        if field is not None:
            return field
    if _PROJECT_HEADING.match(text):
        return "project"
    return "role" if _ROLE_HEADING.match(text) else _revised_field(headings, text)


def _revised_field(headings: dict[str, str], text: str) -> str | None:
    """Return the field of a heading that says of a step whether it is meant as it stands now or as it was then."""
    if len(text) > _LONGEST_REVISED:
        return None
    for words, ending in ((_NOW, ""), (_THEN, "_before")):
        if words.search(text) is None:
            continue
        field = headings.get(bare_heading(words.sub("", text.replace("(", " ").replace(")", " "), count=1)))
        if field in _REVISED:
            return f"{field}{ending}"
    return None


def _best_layout(pairs: set[tuple[str, str]]) -> str:
    """Return the name of the known style with most headings among those whose headings the table all has, or ``""``."""
    fitting = [(len(own), name) for name, own in load_layouts() if own and own <= pairs]
    return max(fitting, key=lambda item: item[0])[1] if fitting else ""


def map_issues(view: TextView, maps: Sequence[TableMap]) -> tuple[Issue, ...]:
    """Return an issue for each heading that nothing explains, and one for each table that no field fits."""
    return tuple(
        issue for table, table_map in zip(view.tables, maps, strict=True) for issue in _issues(table, table_map)
    )


def _issues(table: TableView, table_map: TableMap) -> Iterator[Issue]:
    """Yield the issues of one table."""
    page = table.boxes[0].page if table.boxes else None
    if not KEY_FIELDS & set(table_map.fields):
        if any(heading.strip() for heading in table.headings):
            yield Issue(
                "unmapped_table",
                Severity.INFO,
                page,
                "no heading of the table names a project, state or commitment; its cells are kept, no fact is read",
                {"table": table.number, "headings": list(table.headings)},
            )
        return
    for column, heading in table_map.unknown:
        yield Issue(
            "unknown_heading",
            Severity.WARNING,
            page,
            f"no rule explains the heading {heading!r}; its column is kept, no fact is read from it",
            {"table": table.number, "column": column, "heading": heading},
        )
