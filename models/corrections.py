"""What a person sets right: a row rejected, a value set, a fact added, what a document is; with who, when and why.

An entry of a correction file enters as plain strings (``read_correction``); a frozen, checked model leaves. What it
does to what rules found is the business of ``pipeline.corrections``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from models.dates import EdtfDate
from models.facts import CommitmentStatus, DocumentFacts, Fact, Milestone, Participation
from models.mentions import MentionKind

RULE_ID = "correction"
Values = dict[str, str | None]
Text = Annotated[str, Field(min_length=1)]
RowId = Annotated[str, Field(pattern=r"^[0-9a-f]{20}$")]


class RowKind(StrEnum):
    """What can be corrected: rows of these kinds, and what a document says of itself."""

    MENTION = "mention"
    PARTICIPATION = "participation"
    MILESTONE = "milestone"
    COMMITMENT_STATUS = "commitment_status"
    DOCUMENT = "document"


FactKind = Literal[RowKind.PARTICIPATION, RowKind.MILESTONE, RowKind.COMMITMENT_STATUS]
RowWithId = Literal[RowKind.MENTION, RowKind.PARTICIPATION, RowKind.MILESTONE, RowKind.COMMITMENT_STATUS]
FACTS: dict[RowKind, type[Fact]] = {
    RowKind.PARTICIPATION: Participation,
    RowKind.MILESTONE: Milestone,
    RowKind.COMMITMENT_STATUS: CommitmentStatus,
}
DOCUMENT_FIELDS = ("kind", "title", "language", "state", "year", "date")
_MENTION_VALUES = {
    MentionKind.PROJECT: r"^[a-z0-9]+(-[a-z0-9]+)*$",
    MentionKind.STATE: r"^[A-Z]{2}$",
    MentionKind.COMMITMENT: r"^([1-9]|1[0-9]|20)$",
    MentionKind.COMMITMENT_AREA: r"^[a-e]$",
}


class Correction(BaseModel):
    """What every entry has. ``document`` is the id or hash of its document, 12 first digits or more, or a file name.

    ``was`` holds values that the row had when it was corrected: an entry whose row has others is not applied.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: Text
    was: Values = Field(default_factory=dict)
    who: Text
    when: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$")]
    why: Text

    @property
    def id(self) -> str:
        """A hash of all that the entry says."""
        return hashlib.blake2b(self.canonical.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()

    @property
    def action(self) -> str:
        """What the entry does: reject, set or add."""
        return next(name for name, model in _ACTIONS.items() if isinstance(self, model))

    @property
    def canonical(self) -> str:
        """All that the entry says, as JSON with sorted keys."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)


class Rejection(Correction):
    """A mention or fact that is none."""

    reject: RowWithId
    id_: RowId = Field(alias="id")


class Setting(Correction):
    """Other values of a mention, a fact or a document."""

    set: RowKind
    id_: RowId | None = Field(default=None, alias="id")
    values: Annotated[Values, Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.id_ is None) != (self.set is RowKind.DOCUMENT):
            raise ValueError("id: an entry for a document has none, any other has one")
        check_values(self.set, self.values)
        return self


class Addition(Correction):
    """A mention or fact that rules missed: ``quote`` is its print on ``page`` (from 1), the ``occurrence``-th there."""

    add: RowWithId
    page: Annotated[int, Field(ge=1)]
    quote: Text
    occurrence: Annotated[int, Field(ge=1)] = 1
    values: Annotated[Values, Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_values(self.add, self.values)
        if self.add is RowKind.MENTION:
            if missing := {"kind", "value"}.difference(self.values):
                raise ValueError(f"values: {', '.join(sorted(missing))} is missing")
        else:
            make_fact(self, (0,), self.quote)
        return self


AnyCorrection = Rejection | Setting | Addition


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its file, named from the folder of corrections, its line (from 1), and what it says."""

    file: str
    line: int
    said: AnyCorrection

    @property
    def id(self) -> str:
        """The entry's id: a hash of what it says."""
        return self.said.id

    @property
    def row_kind(self) -> RowKind:
        """What it corrects."""
        said = self.said
        if isinstance(said, Rejection):
            return said.reject
        return said.set if isinstance(said, Setting) else said.add

    @property
    def target(self) -> str | None:
        """The id of the row that it corrects; none for a document's values and for what it adds."""
        return None if isinstance(self.said, Addition) else self.said.id_


@dataclass(frozen=True, slots=True)
class DocumentCorrections:
    """The entries on one document, by its id, in the order in which they are applied."""

    document: str = ""
    entries: tuple[Entry, ...] = ()


NO_CORRECTIONS = DocumentCorrections()


class CorrectionState(StrEnum):
    """What became of an entry: applied; not applied, as what it corrects has changed; not applied, as it is gone."""

    APPLIED = "applied"
    STALE = "stale"
    UNKNOWN_TARGET = "unknown_target"


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """What became of an entry on a document, and why. ``row_id`` is the id of the row that it made or changed; values
    ``before`` are those of the row that it corrects, as far as there is one, ``after`` those that it has since."""

    entry: Entry
    state: CorrectionState
    reason: str = ""
    row_id: str | None = None
    before: Values | None = None
    after: Values | None = None


_ACTIONS: dict[str, type[Rejection | Setting | Addition]] = {"reject": Rejection, "set": Setting, "add": Addition}


def read_correction(data: Mapping[str, object]) -> AnyCorrection:
    """Return the entry that plain data gives; raises pydantic's ``ValidationError``, or ``ValueError`` when it does not
    say what it does."""
    named = [name for name in _ACTIONS if name in data]
    if len(named) != 1:
        raise ValueError(f"an entry has exactly one of {', '.join(_ACTIONS)}")
    return _ACTIONS[named[0]].model_validate(data)


def value_names(kind: RowKind) -> tuple[str, ...]:
    """Return the names of the values that can be set in a row of a kind."""
    if kind is RowKind.MENTION:
        return ("kind", "value")
    if kind is RowKind.DOCUMENT:
        return DOCUMENT_FIELDS
    return tuple(name for name in FACTS[kind].model_fields if name not in Fact.model_fields)


def check_values(kind: RowKind, values: Values) -> None:
    """Raise ``ValueError`` for a value that a row of a kind cannot have."""
    names = value_names(kind)
    for name, value in values.items():
        if name not in names:
            raise ValueError(f"values: a {kind} has no {name}; it has {', '.join(names)}")
        if value is not None and name in ("date", "was"):
            EdtfDate.parse(value)
    if kind is RowKind.MENTION:
        _check_mention(values)
        return
    model: type[BaseModel] = DocumentFacts if kind is RowKind.DOCUMENT else FACTS[kind]
    for name, value in values.items():
        info = model.model_fields[name]
        annotation = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
        adapter: TypeAdapter[object] = TypeAdapter(cast("type[object]", annotation))
        try:
            adapter.validate_python(value)
        except ValueError as error:
            raise ValueError(f"values: {name} cannot be {value!r}: {_first(error)}") from error


def make_fact(entry: Addition, evidence: tuple[int, ...], quote: str) -> Fact:
    """Return the fact that an entry adds, resting on these mentions; raises ``ValueError`` when a value is missing."""
    shared = {"page": entry.page, "evidence": evidence, "rule_id": RULE_ID, "quote": quote}
    return FACTS[entry.add].model_validate({**entry.values, **shared}, strict=False)


def _check_mention(values: Values) -> None:
    kind, value = values.get("kind"), values.get("value")
    if "kind" in values and kind not in list(MentionKind):
        raise ValueError(f"values: kind is one of {', '.join(MentionKind)}")
    if "value" in values and not value:
        raise ValueError("values: value is empty; reject the mention instead")
    if kind is not None and value is not None:
        check_mention_value(MentionKind(kind), value)


def check_mention_value(kind: MentionKind, value: str) -> None:
    """Raise ``ValueError`` for a value that a mention of a kind cannot have."""
    if kind is MentionKind.DATE:
        EdtfDate.parse(value)
        return
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, Field(pattern=_MENTION_VALUES[kind])])
    try:
        adapter.validate_python(value)
    except ValueError as error:
        raise ValueError(f"values: a {kind} has no value {value!r}") from error


def _first(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    return str(errors()[0]["msg"]) if callable(errors) else str(error)
