"""Gold files: what careful readers say stands in a document, and the form in which two answers are compared.

``read_gold`` reads ``NAME.gold.jsonl`` files. Items are tuples that begin with the document's name; dates among them
are their first and last day, so that two ways to write the same interval are equal.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import EdtfError, PescoError
from models.mentions import MentionKind
from pipeline.store.bounds import date_bounds

Item = tuple[object, ...]
Record = Mapping[str, Any]
MENTION_KINDS = tuple(kind.value for kind in MentionKind)
RELATIONS = {
    "participation": ("participations", ("project", "state", "role")),
    "milestone": ("milestones", ("project", "milestone", "date", "phase")),
    "commitment_status": ("commitment_statuses", ("state", "commitment", "status")),
}
DOCUMENT_FIELDS = ("kind", "state", "year", "date")
_SUFFIX = ".gold.jsonl"
_OPEN_CASES = "open_cases.jsonl"


@dataclass(slots=True)
class Side:
    """What one side says: items by kind, counted, and the print of each mention."""

    items: dict[str, Counter[Item]] = field(default_factory=dict)
    texts: dict[tuple[str, Item], str] = field(default_factory=dict)

    def add(self, kind: str, item: Item, text: str) -> None:
        """Count a mention."""
        self.items.setdefault(kind, Counter())[item] += 1
        self.texts[kind, item] = text

    def add_once(self, kind: str, item: Item) -> None:
        """Count a relation, which counts once a document however often it is said."""
        self.items.setdefault(kind, Counter())[item] = 1

    def of(self, kind: str) -> Counter[Item]:
        """Return the items of a kind."""
        return self.items.setdefault(kind, Counter())


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold of a folder: its records by document, and the mentions that may be read either way."""

    documents: dict[str, list[Record]]
    open_cases: tuple[Record, ...]

    def side(self, *, with_pages: bool) -> Side:
        """Return what the gold says; ``with_pages`` makes the page a part of relations."""
        side = Side()
        for name, records in self.documents.items():
            for record in records:
                kind = record["kind"]
                if kind in MENTION_KINDS and "values" in record:
                    for value in record["values"]:
                        side.add(kind, (name, record["page"], canonical(kind, value)), record["text"])
                elif kind in RELATIONS:
                    side.add_once(kind, relation_item(name, kind, record, with_pages=with_pages))
        return side


def read_gold(folder: Path) -> Gold:
    """Read the gold files of a folder; raises ``PescoError`` when there is none or one is broken."""
    documents = {
        path.name.removesuffix(_SUFFIX): list(_read_lines(path)) for path in sorted(folder.glob(f"*{_SUFFIX}"))
    }
    if not documents:
        raise PescoError(f"there is no *{_SUFFIX} in {folder}")
    cases = folder / _OPEN_CASES
    return Gold(documents, tuple(_read_lines(cases)) if cases.is_file() else ())


def document_name(filename: str) -> str:
    """Return the name under which a file's gold stands.

    >>> document_name("a/b/report.PDF")
    'report'
    """
    name = filename.rpartition("/")[2]
    return name[:-4] if name.lower().endswith(".pdf") else name


def canonical(kind: str, value: object) -> object:
    """Return a value in the form in which it is compared.

    >>> canonical("date", "../2025") == canonical("date", "../2025-12-31")
    True
    """
    text = "" if value is None else str(value).strip()
    if kind == MentionKind.DATE:
        return _canonical_date(text)
    if kind == MentionKind.STATE:
        return text.upper()
    if kind in (MentionKind.COMMITMENT_AREA, MentionKind.PROJECT):
        return text.lower()
    if kind == MentionKind.COMMITMENT and text.isdigit():
        return text.lstrip("0")
    return text


def relation_item(document: str, kind: str, record: Record, *, with_pages: bool) -> Item:
    """Return a relation in the form in which it is compared."""
    page = (record["page"],) if with_pages else ()
    _, columns = RELATIONS[kind]
    return (document, *page, *(_relation_value(column, record) for column in columns))


def leave_out_open_cases(cases: tuple[Record, ...], gold: Side, found: Side) -> None:
    """Take away, from both sides, the mentions that a careful reader could read either way, whichever way was taken."""
    either: Counter[tuple[str, Item]] = Counter()
    in_gold: Counter[tuple[str, Item]] = Counter()
    for case in cases:
        for side in ("gold", "other_reading"):
            value = case.get(side)
            if value in (None, "") or case["kind"] not in MENTION_KINDS:
                continue
            key = case["kind"], (document_name(case["file"]), case["page"], canonical(case["kind"], value))
            times = int(case.get("times", 1))
            either[key] += times
            if side == "gold":
                in_gold[key] += times
    for (kind, item), times in either.items():
        sure = gold.of(kind)[item] - in_gold[kind, item]
        extra = max(0, found.of(kind)[item] - sure)
        _set(gold.of(kind), item, sure)
        _set(found.of(kind), item, found.of(kind)[item] - min(times, extra))


def _set(items: Counter[Item], item: Item, number: int) -> None:
    if number > 0:
        items[item] = number
    else:
        items.pop(item, None)


def _canonical_date(text: str) -> object:
    try:
        return date_bounds(text.translate({ord(mark): None for mark in "~?%"}))
    except EdtfError:
        return ("bad", text)


def _relation_value(column: str, record: Record) -> object:
    value = record.get(column) if column in ("date", "phase") else record[column]
    if column == "state":
        return (value or "").upper()
    if column == "date":
        return canonical("date", value) if value not in (None, "") else "-"
    if column == "phase":
        return value or "-"
    return canonical("commitment", value) if column == "commitment" else value


def _read_lines(path: Path) -> Iterator[Record]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise PescoError(f"{path.name}, line {number}: no JSON: {error}") from error
