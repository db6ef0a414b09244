"""What corrections look at: the rows that finds would become, with the ids that the database would give them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.corrections import FACTS, RowKind, Values, value_names
from models.errors import EdtfError
from models.facts import CommitmentStatus, Fact, Milestone, Participation
from models.mentions import Mention
from pipeline.store.ids import IdMaker
from pipeline.store.rows import DocumentKey, fact_row, mention_rows

_FIELDS = {
    RowKind.PARTICIPATION: "participations",
    RowKind.MILESTONE: "milestones",
    RowKind.COMMITMENT_STATUS: "statuses",
}


@dataclass(frozen=True, slots=True)
class Related:
    """The mentions of a document and the facts that rest on them, by index."""

    mentions: tuple[Mention, ...]
    participations: tuple[Participation, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    statuses: tuple[CommitmentStatus, ...] = ()

    def facts(self, kind: RowKind) -> tuple[Fact, ...]:
        """Return the facts of a kind."""
        found: tuple[Fact, ...] = getattr(self, _FIELDS[kind])
        return found

    def with_facts(self, kind: RowKind, facts: Sequence[Fact]) -> "Related":
        """Return the same with other facts of a kind."""
        changes: dict[str, Any] = {_FIELDS[kind]: tuple(facts)}
        return replace(self, **changes)


def mention_ids(document: str, mentions: Sequence[Mention]) -> dict[str, tuple[int, int]]:
    """Return the place of each mention row by its id: index of the mention, index of the value."""
    key, ids = DocumentKey(document, "", ""), IdMaker()
    found: dict[str, tuple[int, int]] = {}
    for index, mention in enumerate(mentions):
        try:
            rows = list(mention_rows(key, ids, mention))
        except EdtfError:  # it will not be stored
            continue
        found.update((str(row["id"]), (index, part)) for part, row in enumerate(rows))
    return found


def fact_ids(document: str, related: Related) -> dict[str, tuple[RowKind, int]]:
    """Return the place of each fact by its id: its kind, and its index among those."""
    key, ids = DocumentKey(document, "", ""), IdMaker()
    found: dict[str, tuple[RowKind, int]] = {}
    for kind in FACTS:
        for index, fact in enumerate(related.facts(kind)):
            try:
                found[str(fact_row(key, ids, fact, index)["id"])] = (kind, index)
            except EdtfError:
                continue
    return found


def mention_values(mention: Mention, part: int) -> Values:
    """Return what a mention row says."""
    return {"kind": mention.kind, "value": mention.values[part], "text": mention.text, "page": str(mention.page)}


def fact_values(kind: RowKind, fact: Fact) -> Values:
    """Return what a fact says."""
    said = fact.model_dump(mode="json")
    own = {name: said[name] for name in value_names(kind)}
    return {**own, "page": str(fact.page), "quote": fact.quote}


def difference(was: Values, now: Values) -> str | None:
    """Return in words where a row is no longer what it was when it was corrected, or ``None``."""
    for name, value in was.items():
        if now.get(name) != value:
            return f"its {name} is {now.get(name)!r}, where it was {value!r} when it was corrected"
    return None
