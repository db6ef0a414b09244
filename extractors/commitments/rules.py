"""The rule files of commitments as checked values: words, examples, and what the twenty commitments are.

``rules/commitments.yml`` says how numbers are written, ``rules/commitment_texts.yml`` what each commitment asks for and
by which phrases it is meant when no number is printed. Loading refuses unknown keys and gaps.
"""

from functools import cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from extractors.rulebook import RuleModel, read_rules

RuleId = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]


class ExampleRule(RuleModel):
    """A rule with its proof: ``examples`` maps a print to its values joined by commas; ``near_misses`` give no hit."""

    id: RuleId
    words: tuple[str, ...] = ()
    examples: dict[str, str]
    near_misses: tuple[str, ...]


class CommitmentWords(RuleModel):
    """The words that the algorithms use; the rule file says what each list is for."""

    number_signs: tuple[str, ...]
    lead_words: tuple[str, ...]
    counting_leads: tuple[str, ...]
    list_joins: tuple[str, ...]
    asides: tuple[str, ...]
    range_joins: tuple[str, ...]
    units: tuple[str, ...]
    counted: tuple[str, ...]
    months: tuple[str, ...]
    safe_after: tuple[str, ...]
    adjectives: tuple[str, ...]
    ordinal_stops: tuple[str, ...]
    foreign: tuple[str, ...]
    counting_headings: tuple[str, ...]
    status_headings: tuple[str, ...]
    other_subjects: tuple[str, ...]
    label_headings: tuple[str, ...]
    label_company: tuple[str, ...]
    area_nouns: tuple[str, ...]
    weak_area_nouns: tuple[str, ...]
    not_areas: tuple[str, ...]


class CommitmentRules(RuleModel):
    """``rules/commitments.yml``."""

    numbers: tuple[ExampleRule, ...]
    cells: tuple[ExampleRule, ...]
    areas: tuple[ExampleRule, ...]
    words: CommitmentWords

    def rule(self, rule_id: str) -> ExampleRule:
        """Return the rule of that id; raises ``KeyError``."""
        for rule in (*self.numbers, *self.cells, *self.areas):
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


class Paraphrase(RuleModel):
    """A phrase by which a commitment is meant. ``id`` ends the rule id ``paraphrase.<number>.<id>``."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    phrases: Annotated[tuple[str, ...], Field(min_length=1)]
    examples: Annotated[tuple[str, ...], Field(min_length=1)]
    near_misses: Annotated[tuple[str, ...], Field(min_length=1)]


class CommitmentText(RuleModel):
    """A commitment: its number, what it asks for in our own words, how sure we are of that, and its paraphrases."""

    number: Annotated[int, Field(ge=1, le=20)]
    summary: str
    key_phrases: tuple[str, ...]
    confidence: Literal["high", "medium", "low"]
    paraphrases: tuple[Paraphrase, ...]


class CommitmentArea(RuleModel):
    """An area: its letter, its name in our own words, its legal basis and its commitments in order."""

    letter: Literal["a", "b", "c", "d", "e"]
    label: str
    legal_basis: str
    commitments: tuple[CommitmentText, ...]

    @property
    def first(self) -> int:
        """Return the number of the area's first commitment."""
        return self.commitments[0].number

    @property
    def last(self) -> int:
        """Return the number of the area's last commitment."""
        return self.commitments[-1].number


class CommitmentTexts(RuleModel):
    """``rules/commitment_texts.yml``: the five areas with the twenty commitments, numbered through."""

    valid_from: str
    areas: tuple[CommitmentArea, ...]

    @model_validator(mode="after")
    def _is_complete(self) -> "CommitmentTexts":
        """Refuse a list that is not 1 to 20 in order in areas a to e."""
        if [text.number for text in self.commitments] != list(range(1, 21)):
            raise ValueError("the commitments must be 1 to 20, each once and in order")
        if [area.letter for area in self.areas] != list("abcde"):
            raise ValueError("the areas must be a to e in order")
        return self

    @property
    def commitments(self) -> tuple[CommitmentText, ...]:
        """Return the twenty commitments in order."""
        return tuple(text for area in self.areas for text in area.commitments)

    def area(self, letter: str) -> CommitmentArea:
        """Return the area of a letter; raises ``KeyError``."""
        for area in self.areas:
            if area.letter == letter:
                return area
        raise KeyError(letter)


@cache
def load_commitment_rules() -> CommitmentRules:
    """Return how commitments are written; read once. Raises ``RuleError``."""
    return read_rules("commitments.yml", CommitmentRules)


@cache
def load_commitment_texts() -> CommitmentTexts:
    """Return the twenty commitments and their paraphrases; read once. Raises ``RuleError``."""
    return read_rules("commitment_texts.yml", CommitmentTexts)
