"""The rule file of document identity as checked values, and the one way its phrases are compared with print."""

import re
from functools import cache
from typing import Literal

from extractors.nlp import fold
from extractors.rulebook import RuleModel, read_rules
from models.facts import DocumentKind

Place = Literal["title", "opening", "running", "short"]


class Clue(RuleModel):
    """Phrases that together say what a document is, when they stand in one place; ``without`` takes that back."""

    place: Place
    phrases: tuple[str, ...]
    without: tuple[str, ...] = ()
    weight: int


class KindRule(RuleModel):
    """The clues of one kind, with openings that are of it and openings that are not.

    A document that does not name the subject may still be of the kind: then one phrase of each of ``own_subject``
    stands in it.
    """

    kind: DocumentKind
    clues: tuple[Clue, ...]
    own_subject: tuple[tuple[str, ...], ...] = ()
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


class TitleRules(RuleModel):
    """How titles of acts begin and end, and what names the subject of a note."""

    acts: tuple[str, ...]
    subject_lines: tuple[str, ...]
    ends: tuple[str, ...]


class Lead(RuleModel):
    """Words before a date, and how much they say that it is the document's own."""

    words: tuple[str, ...]
    weight: int


class DateRules(RuleModel):
    """Weights of the places where a document's own date may stand."""

    leads: tuple[Lead, ...]
    labels: tuple[Lead, ...]
    subjects: tuple[str, ...]
    act: int
    place_line: int
    place_text: int
    signed_at: tuple[str, ...]
    signed: int
    heading: int
    part: int
    alone: int
    end_line: int
    running: int
    approvals: tuple[str, ...]
    approved: tuple[str, ...]
    issues: tuple[str, ...]
    approval: int
    journal: tuple[str, ...]


class StateRules(RuleModel):
    """Weights of what tells which state files a plan."""

    threshold: int
    margin: int
    title: int
    opening: int
    running: int
    place: int
    translated: int
    language: int
    office: int
    frequent: int
    offices: tuple[str, ...]
    translated_from: tuple[str, ...]
    capitals: dict[str, tuple[str, ...]]
    languages: dict[str, tuple[str, str]]


class IdentityRules(RuleModel):
    """``rules/identity.yml``."""

    kinds: tuple[KindRule, ...]
    threshold: int
    margin: int
    subject: tuple[str, ...]
    sure_subject: tuple[str, ...]
    titles: TitleRules
    dates: DateRules
    states: StateRules


@cache
def load_identity_rules() -> IdentityRules:
    """Read the rule file; raises ``RuleError`` for a mistake in it."""
    return read_rules("identity.yml", IdentityRules)


def plain(text: str) -> str:
    """Return text as phrases are compared: lower case, no accents, single blanks, plain hyphens.

    >>> plain("Plan national de mise en \u0152uvre")
    'plan national de mise en oeuvre'
    """
    folded = fold(text).replace("\u0153", "oe").replace("\u2011", "-").replace("\u00ad", "")
    return " ".join(folded.split())


@cache
def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Return a pattern for a phrase that does not stand inside longer words."""
    begin = r"(?<!\w)" if phrase[:1].isalnum() else ""
    end = r"(?!\w)" if phrase[-1:].isalnum() else ""
    return re.compile(begin + re.escape(phrase) + end)


def has_phrase(text: str, phrase: str) -> bool:
    """Tell whether a phrase stands in a text; both as ``plain`` gives them."""
    return phrase in text and _phrase_pattern(phrase).search(text) is not None
