"""The rows of the gazetteers, checked strictly: what is known of projects, states and commitments from public lists."""

from typing import Annotated

from pydantic import Field

from models.facts import Slug
from pipeline.store.record_columns import Flag, OfProject, Row, Text


class ProjectRow(Row):
    """Projects: the PESCO projects by name, from public lists; what is not certain says so."""

    slug: Slug = Field(description="Stable short name")
    name: Text = Field(description="Official name")
    wave: int | None = Field(description="Wave of adoption")
    adopted: str | None = Field(description="Date of adoption, EDTF")
    act: str | None = Field(description="Act that adopted it")
    domain: str | None = Field(description="Domain")
    status: str | None = Field(description="ongoing or closed, as last known")
    status_date: str | None = Field(description="Date of that status, EDTF")
    name_confidence: str | None = Field(description="How sure the name is: high, medium, low")
    members_confidence: str | None = Field(description="How sure the known members are: high, medium, low, none")
    unverified: str | None = Field(description="Which of these no act or official page confirmed")
    notes: str | None = Field(description="What is special")


class ProjectNameRow(Row):
    """Names of projects: official, short and other names, as rules find them."""

    project: OfProject
    name: Text = Field(description="A name it goes by")
    kind: Text = Field(description="official, short, other, ...")
    is_ambiguous: Flag = Field(description="1 when it counts only in a context that says so")


class StateRow(Row):
    """States: every state of ISO 3166-1 and Kosovo, with its part in PESCO."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2; XK for Kosovo")]
    name: Text = Field(description="English name")
    code3: str | None = Field(description="ISO 3166-1 alpha-3")
    eu_code: str | None = Field(description="Code that Union documents use where it is another")
    pesco_role: str = Field(
        description="Part in PESCO as last known: pms (participating member state), third_state, ..."
    )
    pms_since: str | None = Field(description="Participating member state since, EDTF")


class CommitmentRow(Row):
    """Commitments: the twenty that the participating states made, summarised."""

    number: int = Field(ge=1, le=20, description="Number, 1 to 20")
    area: Annotated[str, Field(pattern=r"^[a-e]$", description="Area, a to e")]
    area_label: str | None = Field(description="What the area is about")
    summary: Text = Field(description="What it asks for, in our words")
    confidence: str | None = Field(description="How sure the summary is: high, medium, low")
