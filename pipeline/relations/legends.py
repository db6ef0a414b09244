"""What a document says its marks mean: an asterisk behind the coordinator, the first code in a row, letters for phases.

A view enters; ``Legends`` leaves. Nothing is assumed but the most common meaning of an asterisk: the coordinator.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, TypeVar

from pydantic import Field

from extractors.rulebook import RuleModel, read_rules
from extractors.views import TextView
from models.facts import Phase, Role
from pipeline.relations.rules import RelationExample, load_milestone_rules

LEGENDS_FILE = "legends.yml"
Meaning = TypeVar("Meaning", Phase, Role)
# Legends of marks and orders name a role; only texts that do are searched for them.
RolePattern = Annotated[str, Field(pattern=r"\\b\{ROLE\}\\b")]
_MOST_ROLE_WORDS = 8
_ROLE_WORDS = {
    "coordinator": Role.COORDINATOR,
    "lead": Role.COORDINATOR,
    "member": Role.MEMBER,
    "participant": Role.MEMBER,
    "observer": Role.OBSERVER,
}
# A legend is a sentence, not a page.
_LONGEST = 900


class LegendsFile(RuleModel):
    """``rules/legends.yml``."""

    roles: dict[Role, tuple[str, ...]]
    marks: dict[str, tuple[str, ...]]
    mark_patterns: tuple[RolePattern, ...]
    first_patterns: tuple[RolePattern, ...]
    role_words: dict[Role, tuple[str, ...]]
    role_letter_pattern: str
    ticks: tuple[str, ...]
    letter_pattern: str
    examples: tuple[RelationExample, ...]
    near_misses: tuple[str, ...]


@cache
def read_legends_file() -> LegendsFile:
    """Return ``legends.yml`` as it is written."""
    return read_rules(LEGENDS_FILE, LegendsFile)


def _load_ticks() -> frozenset[str]:
    return frozenset(read_legends_file().ticks)


@dataclass(frozen=True, slots=True)
class Legends:
    """``marks`` maps a printed mark to a role, ``roles`` letters to a role, ``phases`` letters to a phase;
    ``is_first_coordinator`` tells that the first state of a list coordinates; ``ticks`` are the marks that say yes."""

    marks: dict[str, Role] = field(default_factory=lambda: {"*": Role.COORDINATOR})
    phases: dict[str, Phase] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    is_first_coordinator: bool = False
    ticks: frozenset[str] = field(default_factory=_load_ticks)


def read_legends(view: TextView) -> Legends:
    """Return what the legends of a document say; a document without tables needs none."""
    if not view.tables:
        return Legends()
    # A legend that opens with its first sign looks like an item of a list.
    texts = [f"{block.marker} {view.block_text(block)}" for block in view.blocks if len(block.span) <= _LONGEST]
    texts += [text for table in view.tables for text in (table.caption, *table.headings) if text]
    return read_legend_texts(texts)


def read_legend_texts(texts: list[str]) -> Legends:
    """Return what some texts say of marks, orders and letters; of two sayings on one mark the first counts."""
    marks: dict[str, Role] = {}
    role_texts = [text for text in texts if _any_role().search(text)]
    for text in role_texts:
        for mark, role, pattern in _mark_patterns():
            if mark not in marks and pattern.search(text):
                marks[mark] = role
    return Legends(
        marks={"*": Role.COORDINATOR} | marks,
        phases=_read_letters(texts, _letter_pattern(), load_milestone_rules().phase_of),
        roles=_read_letters(role_texts, *_role_letter_pattern()),
        is_first_coordinator=any(pattern.search(text) for text in role_texts for pattern in _first_patterns()),
    )


def role_of(text: str) -> Role | None:
    """Return the role named in a cell, or ``None``; a sentence about something else names none."""
    words = re.findall(r"[a-z]+", text.lower())
    roles = [role for word in words for key, role in _ROLE_WORDS.items() if word in (key, key + "s")]
    return roles[0] if roles and len(words) <= _MOST_ROLE_WORDS else None


def _read_letters(texts: list[str], pattern: re.Pattern[str], meanings: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """Return what letters stand for in texts that explain at least two of them; the first saying counts."""
    found: dict[str, Meaning] = {}
    for text in texts:
        letters = list(pattern.finditer(text))
        if len(letters) > 1:
            for match in letters:
                found.setdefault(match["letter"], meanings[match["word"].lower()])
    return found


@cache
def _any_role() -> re.Pattern[str]:
    """Return a pattern of the words of all roles."""
    words = tuple(word for forms in read_legends_file().roles.values() for word in forms)
    return re.compile(_fill(r"\b{ROLE}\b", words))


@cache
def _mark_patterns() -> tuple[tuple[str, Role, re.Pattern[str]], ...]:
    """Return a pattern per mark, role and way of saying it."""
    file = read_legends_file()
    return tuple(
        (mark, role, re.compile(_fill(pattern, words).replace("{MARK}", "|".join(names))))
        for pattern in file.mark_patterns
        for mark, names in file.marks.items()
        for role, words in file.roles.items()
    )


@cache
def _first_patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns that say the first state of a list coordinates."""
    file = read_legends_file()
    words = file.roles[Role.COORDINATOR]
    return tuple(re.compile(_fill(pattern, words)) for pattern in file.first_patterns)


@cache
def _letter_pattern() -> re.Pattern[str]:
    """Return the pattern of a letter that stands for a phase."""
    words = "|".join(load_milestone_rules().phase_of)
    return re.compile(read_legends_file().letter_pattern.replace("{PHASE}", words))


@cache
def _role_letter_pattern() -> tuple[re.Pattern[str], dict[str, Role]]:
    """Return the pattern of letters that stand for a role, and the role of each word."""
    file = read_legends_file()
    words = {word: role for role, forms in file.role_words.items() for word in forms}
    longest_first = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(file.role_letter_pattern.replace("{WORDS}", f"(?i:{longest_first})")), words


def _fill(pattern: str, words: tuple[str, ...]) -> str:
    """Put the words of a role into a pattern, in any case."""
    return pattern.replace("{ROLE}", "(?i:" + "|".join(words) + ")")
