"""How right a database is: precision, recall and F1 against gold files, by kind, document, relation and field.

``evaluate`` is stable, and so is the shape of ``Scores.to_json``. Mentions are compared as multisets of document, page,
kind and value; relations as sets, without the page unless asked. What may be read either way counts for nobody.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import PescoError
from pipeline.scoring.gold import (
    DOCUMENT_FIELDS,
    MENTION_KINDS,
    RELATIONS,
    Gold,
    Item,
    Record,
    Side,
    canonical,
    document_name,
    leave_out_open_cases,
    read_gold,
    relation_item,
)
from pipeline.store.schema import open_reader


@dataclass(frozen=True, slots=True)
class Score:
    """True and false finds and misses, and what follows; ``None`` where there is nothing to divide by."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float | None:
        """The share of finds that are right."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """The share of the gold that is found."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp + self.fp + self.fn else None

    def __add__(self, other: "Score") -> "Score":
        """Return the score of both together."""
        return Score(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    def to_json(self) -> dict[str, object]:
        """Return the score as JSON-ready values."""
        return {
            "tp": self.tp,
            "fp": self.fp,
            "fn": self.fn,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


@dataclass(frozen=True, slots=True, order=True)
class Slip:
    """A miss or a false find: what it is and how often it occurs; ``text`` is the print of a mention."""

    kind: str
    document: str
    what: str
    n: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class FieldScore:
    """How often a field of documents is right, and what is wrong; ``unasked`` are values where the gold is silent."""

    right: int
    of: int
    wrong: tuple[str, ...]
    unasked: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the score as JSON-ready values."""
        return {
            "right": self.right,
            "of": self.of,
            "accuracy": self.right / self.of if self.of else None,
            "wrong": list(self.wrong),
            "unasked": list(self.unasked),
        }


@dataclass(slots=True)
class Scores:
    """All scores of a database, and every miss and false find."""

    kinds: dict[str, Score] = field(default_factory=dict)
    all_mentions: Score = field(default_factory=Score)
    all_mentions_ignoring_page: Score = field(default_factory=Score)
    relations: dict[str, Score] = field(default_factory=dict)
    document_fields: dict[str, FieldScore] = field(default_factory=dict)
    documents: dict[str, dict[str, Score]] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    unknown_files: list[str] = field(default_factory=list)
    misses: list[Slip] = field(default_factory=list)
    false_positives: list[Slip] = field(default_factory=list)

    def to_json(self, errors: int | None = None) -> dict[str, object]:
        """Return the scores as JSON-ready values, with at most ``errors`` misses and false finds (``None``: all)."""
        return {
            "kinds": {kind: score.to_json() for kind, score in self.kinds.items()},
            "documents": {
                name: {kind: score.to_json() for kind, score in scores.items()}
                for name, scores in self.documents.items()
            },
            "relations": {kind: score.to_json() for kind, score in self.relations.items()},
            "document_fields": {name: score.to_json() for name, score in self.document_fields.items()},
            "absent": self.absent,
            "misses": _slips_to_json(self.misses[:errors]),
            "false_positives": _slips_to_json(self.false_positives[:errors]),
            "unknown_files": self.unknown_files,
            "all_mentions": self.all_mentions.to_json(),
            "all_mentions_ignoring_page": self.all_mentions_ignoring_page.to_json(),
        }


def evaluate(db: Path, gold_folder: Path, *, page_relations: bool = False) -> Scores:
    """Score a database against the gold files of a folder; raises ``PescoError`` when either cannot be used."""
    gold = read_gold(gold_folder)
    scores = Scores()
    with closing(open_reader(db)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        if "mentions" not in names:
            raise PescoError(f"{db} has no view or table named mentions")
        ours = gold.side(with_pages=page_relations)
        found = _read_side(connection, gold, names, scores, with_pages=page_relations)
        leave_out_open_cases(gold.open_cases, ours, found)
        by_document = _score_items(scores, ours, found)
        if "documents" in names:
            scores.document_fields = _score_fields(connection, gold)
        else:
            scores.absent.append("documents")
    for name in gold.documents:
        scored = {kind: by_document[name, kind] for kind in (*MENTION_KINDS, *RELATIONS) if (name, kind) in by_document}
        mentions = sum((scored[kind] for kind in MENTION_KINDS if kind in scored), Score())
        scores.documents[name] = {"all": mentions, **scored}
    return scores


def _read_side(
    connection: sqlite3.Connection, gold: Gold, names: set[str], scores: Scores, *, with_pages: bool
) -> Side:
    """Return what the database says of the documents that have gold."""
    side = Side()
    unknown: set[str] = set()
    for filename, page, kind, text, value in connection.execute(
        "SELECT filename, page, kind, text, value FROM mentions"
    ):
        name = document_name(filename)
        if name not in gold.documents:
            unknown.add(name)
        elif kind in MENTION_KINDS:
            side.add(kind, (name, page, canonical(kind, value)), text)
    scores.unknown_files = sorted(unknown)
    for kind, (view, columns) in RELATIONS.items():
        if view not in names:
            scores.absent.append(view)
            continue
        for row in connection.execute(f"SELECT filename, page, {', '.join(columns)} FROM {view}"):
            name = document_name(row["filename"])
            if name in gold.documents:
                side.add_once(kind, relation_item(name, kind, dict(row), with_pages=with_pages))
    return side


def _score_items(scores: Scores, gold: Side, found: Side) -> dict[tuple[str, str], Score]:
    """Score mentions and relations; return the scores by document and kind."""
    by_document: dict[tuple[str, str], Score] = {}

    def tally(kind: str) -> Score:
        ours, theirs = gold.of(kind), found.of(kind)
        right, missed, extra = ours & theirs, ours - theirs, theirs - ours
        for items, make in ((right, _true), (extra, _false), (missed, _missed)):
            for item, number in items.items():
                key = str(item[0]), kind
                by_document[key] = by_document.get(key, Score()) + make(number)
        scores.misses += _slips(kind, missed, gold.texts)
        scores.false_positives += _slips(kind, extra, found.texts)
        return Score(right.total(), extra.total(), missed.total())

    scores.kinds = {kind: tally(kind) for kind in MENTION_KINDS}
    scores.relations = {kind: tally(kind) for kind in RELATIONS}
    scores.all_mentions = sum(scores.kinds.values(), Score())
    scores.all_mentions_ignoring_page = sum(
        (_compare(_without_page(gold.of(kind)), _without_page(found.of(kind))) for kind in MENTION_KINDS), Score()
    )
    return by_document


def _true(number: int) -> Score:
    return Score(tp=number)


def _false(number: int) -> Score:
    return Score(fp=number)


def _missed(number: int) -> Score:
    return Score(fn=number)


def _compare(gold: Counter[Item], found: Counter[Item]) -> Score:
    return Score((gold & found).total(), (found - gold).total(), (gold - found).total())


def _without_page(items: Counter[Item]) -> Counter[Item]:
    counted: Counter[Item] = Counter()
    for item, number in items.items():
        counted[item[0], item[2]] += number
    return counted


def _slips(kind: str, items: Counter[Item], texts: Mapping[tuple[str, Item], str]) -> list[Slip]:
    """Return misses or false finds by document, page and value."""

    def place(item: Item) -> tuple[str, int, str]:
        page = item[1] if isinstance(item[1], int) else 0
        return str(item[0]), page, _shown(item)

    return [
        Slip(kind, str(item[0]), _shown(item[1:]), items[item], texts.get((kind, item), ""))
        for item in sorted(items, key=place)
    ]


def _shown(item: Item) -> str:
    return " | ".join(_shown_part(part) for part in item)


def _shown_part(part: object) -> str:
    if isinstance(part, tuple) and len(part) == 2 and part[0] != "bad":
        return "/".join(day or ".." for day in part)
    return str(part)


def _slips_to_json(slips: Iterable[Slip]) -> list[dict[str, object]]:
    return [{"kind": s.kind, "document": s.document, "what": s.what, "n": s.n, "text": s.text} for s in slips]


def _score_fields(connection: sqlite3.Connection, gold: Gold) -> dict[str, FieldScore]:
    """Score kind, state, year and date of documents."""
    columns = ", ".join(DOCUMENT_FIELDS)
    got: dict[str, Mapping[str, Any]] = {
        document_name(row["filename"]): dict(row)
        for row in connection.execute(f"SELECT filename, {columns} FROM documents")
    }
    lines = {name: line for name, records in gold.documents.items() if (line := _document_line(records)) is not None}
    return {name: _score_field(name, lines, got) for name in DOCUMENT_FIELDS}


def _document_line(records: Sequence[Record]) -> Record | None:
    return next((record for record in records if record["kind"] == "document"), None)


def _score_field(name: str, lines: Mapping[str, Record], got: Mapping[str, Mapping[str, Any]]) -> FieldScore:
    right = 0
    wrong: list[str] = []
    unasked: list[str] = []
    asked = 0
    for document, line in lines.items():
        wanted = line.get("document_kind" if name == "kind" else name)
        found = got.get(document, {}).get(name)
        if wanted in (None, ""):
            if found not in (None, ""):
                unasked.append(f"{document}: {found!r}")
            continue
        asked += 1
        if _is_same(name)(wanted, found):
            right += 1
        else:
            wrong.append(f"{document}: gold {wanted!r}, got {found!r}")
    return FieldScore(right, asked, tuple(wrong), tuple(unasked))


def _is_same(name: str) -> Callable[[object, object], bool]:
    """Return how two values of a field are compared."""

    def is_same(wanted: object, found: object) -> bool:
        if found in (None, ""):
            return False
        if name == "date":
            return canonical("date", wanted) == canonical("date", found)
        return str(wanted).lower() == str(found).lower()

    return is_same
