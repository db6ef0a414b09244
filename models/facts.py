"""The facts we publish, checked strictly: who takes part in what, by when, and how far each commitment is.

A fact names its page, its rule, the print it was read from and at least one mention it rests on (an index into the
document's mentions, in reading order); a fact without evidence cannot be constructed. The words are those of ``gold``.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
StateCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
CommitmentNumber = Annotated[str, Field(pattern=r"^([1-9]|1[0-9]|20)$")]


class DocumentKind(StrEnum):
    """What a document is."""

    ANNUAL_REPORT = "annual_report"
    NIP = "nip"
    LIST_DECISION = "list_decision"
    RECOMMENDATION = "recommendation"
    PROGRESS_REPORT = "progress_report"
    FACTSHEET = "factsheet"
    OTHER = "other"


class Role(StrEnum):
    """How a state takes part in a project."""

    COORDINATOR = "coordinator"
    MEMBER = "member"
    OBSERVER = "observer"
    THIRD_STATE = "third_state"


class MilestoneKind(StrEnum):
    """A step in a project's life."""

    LAUNCH = "launch"
    IOC = "ioc"
    FOC = "foc"
    DELIVERY_START = "delivery_start"
    DELIVERY_END = "delivery_end"
    CLOSURE = "closure"
    PHASE = "phase"


class Phase(StrEnum):
    """The phases of a project."""

    IDEATION = "ideation"
    INCUBATION = "incubation"
    EXECUTION = "execution"
    CLOSING = "closing"


class Status(StrEnum):
    """How far a commitment is met."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    PLANNED = "planned"


class Fact(BaseModel):
    """What every fact has: its page (from 1), the mentions it rests on, its rule and the print it was read from."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    page: Annotated[int, Field(ge=1)]
    evidence: Annotated[tuple[int, ...], Field(min_length=1)]
    rule_id: Annotated[str, Field(min_length=1)]
    quote: Annotated[str, Field(min_length=1)]


class Participation(Fact):
    """A state takes part in a project in a role, as this document says at its date."""

    project: Slug
    state: StateCode
    role: Role


class Milestone(Fact):
    """A project reaches or is to reach a milestone. ``date`` and ``was`` are EDTF strings; ``was`` is the earlier date
    of one that moved; ``phase`` is set for the milestone ``phase`` only."""

    project: Slug
    milestone: MilestoneKind
    date: str | None = None
    phase: Phase | None = None
    was: str | None = None


class CommitmentStatus(Fact):
    """How far a commitment is met by a state, or by ``ALL`` participating states together."""

    state: Annotated[str, Field(pattern=r"^([A-Z]{2}|ALL)$")]
    commitment: CommitmentNumber
    status: Status


class DocumentFacts(BaseModel):
    """What a document says of itself. ``None`` where it does not say; ``language`` is ISO 639-1.

    ``evidence`` maps a field's name to the print it was read from and its page. ``kind_hint`` is the kind that the
    keeper of the file gives; ``kind`` is that one then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: DocumentKind
    title: str | None = None
    language: str | None = None
    state: StateCode | None = None
    year: Annotated[int, Field(ge=1900, le=2199)] | None = None
    date: str | None = None
    evidence: dict[str, tuple[int, str]] = Field(default_factory=dict)
    kind_hint: DocumentKind | None = None
