"""What rows of the output contract are made of: the model that all have, and the columns that stand in several.

A column's description is its meaning in the browser.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.facts import Slug

Points = Annotated[float, Field(allow_inf_nan=False, json_schema_extra={"unit": "pt"})]
PageNumber = Annotated[int, Field(ge=1, description="Physical page of the PDF, from 1")]
Flag = Annotated[int, Field(ge=0, le=1)]
Text = Annotated[str, Field(min_length=1)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]

StableId = Annotated[Text, Field(description="Stable over reruns")]
OfDocument = Annotated[Text, Field(description="The document")]
OfFile = Annotated[Text, Field(description="The document's file name")]
OfProject = Annotated[Slug, Field(description="The project")]
PartOfPrint = Annotated[int, Field(ge=0, description="Place among the values of its print, from 0")]
Left = Annotated[Points, Field(description="Left edge on the page")]
Top = Annotated[Points, Field(description="Upper edge on the page")]
Right = Annotated[Points, Field(description="Right edge on the page")]
Bottom = Annotated[Points, Field(description="Lower edge on the page")]
SpanStart = Annotated[int, Field(ge=0, description="Start in the document's text")]
SpanEnd = Annotated[int, Field(ge=1, description="End in the document's text")]
IsOcr = Annotated[Flag, Field(description="1 when read from a picture")]
RuleId = Annotated[Text, Field(description="The rule that found it")]
RulesVersion = Annotated[Text, Field(description="Hash of the rule files")]
Quote = Annotated[Text, Field(description="The print it was read from")]
Evidence = Annotated[Text, Field(description="The mentions it rests on, as JSON")]


class Row(BaseModel):
    """A row of a table; its columns are the fields, in this order."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_enum_values=True)
