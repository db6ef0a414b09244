"""``rules/projects.yml`` as checked values: what each project is, what it is called, and what its names also mean.

A form belongs to one project; two projects that claim one form are refused with file and line. How sure a form is
decides what it needs: names count anywhere, acronyms in their own case, weak acronyms in a PESCO document, risky forms
only beside words that speak of a project.
"""

from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from extractors.nlp import fold
from extractors.rulebook import RuleModel, read_rules, rule_error
from extractors.word_rules import WordRule, WordRules, Words
from models.facts import Slug

FILE_NAME = "projects.yml"
FORM_FIELDS = ("names", "acronyms", "weak", "risky")
Confidence = Literal["high", "medium", "low", "none"]


class ProjectEntry(RuleModel):
    """A project. ``unverified`` names the fields that no act or official page confirmed.

    ``not_before`` and ``not_after`` are words right beside a form that make it something else, ``not_near`` words in
    the same sentence that do. ``examples`` and ``near_misses`` are read in a document that speaks of PESCO.
    """

    slug: Slug
    name: str
    wave: Annotated[int, Field(ge=1)]
    adopted: date
    act: str
    status: Literal["ongoing", "closed"]
    status_date: str | None = None
    domain: str | None = None
    name_confidence: Confidence
    members_confidence: Confidence
    unverified: Words = ()
    names: Words = ()
    acronyms: Words = ()
    weak: Words = ()
    risky: Words = ()
    not_before: Words = ()
    not_after: Words = ()
    not_near: Words = ()
    notes: str = ""
    examples: Words = ()
    near_misses: Words = ()

    @property
    def forms(self) -> Words:
        """Return all forms, the official name first."""
        return (self.name, *self.names, *self.acronyms, *self.weak, *self.risky)


class ProjectRule(WordRule):
    """A rule of words; the values of its examples are slugs."""

    id: Annotated[str, Field(pattern=r"^project(\.[a-z0-9_]+)+$")]


class ProjectRules(WordRules[ProjectRule]):
    """``rules/projects.yml``. ``spellings`` are pairs of words that are one, ``joined`` are first parts that may stand
    apart, with a hyphen or glued to what follows."""

    spellings: tuple[tuple[str, str], ...]
    joined: Words
    projects: tuple[ProjectEntry, ...]


@cache
def load_project_rules() -> ProjectRules:
    """Return the checked rules; raises ``RuleError`` naming file and line for a mistake or a clash."""
    rules = read_rules(FILE_NAME, ProjectRules)
    owners: dict[str, str] = {}
    for number, project in enumerate(rules.projects):
        if owners.setdefault(f"slug {project.slug}", str(number)) != str(number):
            raise rule_error(FILE_NAME, ("projects", number, "slug"), f"{project.slug} stands here twice")
        for field in FORM_FIELDS:
            for place, form in enumerate(getattr(project, field)):
                owner = owners.setdefault(fold(form), project.slug)
                if owner != project.slug:
                    reason = f"{form!r} of {project.slug} clashes with {owner}"
                    raise rule_error(FILE_NAME, ("projects", number, field, place), reason)
    return rules
