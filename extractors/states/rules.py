"""``rules/states.yml`` as checked values: what each state is called, which words betray something else, and the proofs.

Every ISO 3166-1 state and XK is there. Two states that claim one form are refused with file and line; forms that
really stand for two states are listed as ambiguous and never become a fact.
"""

from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from extractors.nlp import fold
from extractors.rulebook import RuleModel, read_rules, rule_error
from extractors.word_rules import WordRule, WordRules, Words
from models.facts import StateCode

FILE_NAME = "states.yml"
PescoRole = Literal[
    "pms", "not_participating", "third_state", "invited", "applied", "encouraged", "interest", "openness", "none"
]
RuleId = Annotated[str, Field(pattern=r"^state(\.[a-z0-9_]+)+$")]


class StateEntry(RuleModel):
    """A state. ``names`` and ``adjectives`` count when capitalised, ``short`` only in exactly this case.

    ``weak`` names are also given names, regions or things and need a cue. ``behind_noun`` and ``before_noun`` are
    adjectives in other languages, in exactly this case, which stand on that side of a common noun. ``eu_code`` is the
    code that Union documents use where it is not the ISO one.
    """

    code: StateCode
    name: str
    iso3: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    eu_code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    pesco_role: PescoRole = "none"
    pms_since: date | None = None
    names: Words
    adjectives: Words = ()
    short: Words = ()
    weak: Words = ()
    behind_noun: Words = ()
    before_noun: Words = ()


class AmbiguousForm(RuleModel):
    """A form that two states share; it becomes a doubt with these candidates."""

    form: str
    candidates: Annotated[tuple[StateCode, ...], Field(min_length=2)]


class StateRule(WordRule):
    """A rule of words; the values of its examples are codes."""

    id: RuleId


class StateRules(WordRules[StateRule]):
    """``rules/states.yml``; ``names_from`` says which library's data gave the official names."""

    names_from: str
    ambiguous: tuple[AmbiguousForm, ...]
    states: tuple[StateEntry, ...]


@cache
def load_state_rules() -> StateRules:
    """Return the checked rules; raises ``RuleError`` naming file and line for a mistake or a clash."""
    rules = read_rules(FILE_NAME, StateRules)
    _check_forms(rules)
    _check_foreign(rules)
    _check_codes(rules)
    return rules


def _check_forms(rules: StateRules) -> None:
    """Refuse a form that two states claim, or that one state claims in two ways."""
    owners: dict[str, str] = {fold(item.form): "ambiguous" for item in rules.ambiguous}
    for number, state in enumerate(rules.states):
        for field in ("names", "adjectives", "short", "weak"):
            for place, form in enumerate(getattr(state, field)):
                owner = owners.setdefault(fold(form), f"{state.code}, {field}")
                if owner != f"{state.code}, {field}":
                    reason = f"{form!r} clashes with the same form of {owner}"
                    raise rule_error(FILE_NAME, ("states", number, field, place), reason)


def _check_foreign(rules: StateRules) -> None:
    """Refuse an adjective in another language that two states claim; names differ from them by their capital."""
    owners: dict[str, str] = {}
    for number, state in enumerate(rules.states):
        for field in ("behind_noun", "before_noun"):
            for place, form in enumerate(getattr(state, field)):
                if owners.setdefault(fold(form), state.code) != state.code:
                    reason = f"{form!r} clashes with the same form of {owners[fold(form)]}"
                    raise rule_error(FILE_NAME, ("states", number, field, place), reason)


def _check_codes(rules: StateRules) -> None:
    """Refuse a code that stands for two states."""
    owners: dict[str, str] = {}
    for number, state in enumerate(rules.states):
        for field in ("code", "eu_code", "iso3"):
            code = getattr(state, field)
            if code is not None and owners.setdefault(code, state.code) != state.code:
                raise rule_error(FILE_NAME, ("states", number, field), f"{code} stands for {owners[code]} already")
