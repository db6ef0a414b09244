"""What a document says its marks mean: an asterisk behind the coordinator, the first code in a row, letters for phases.

A view enters; ``Legends`` leaves. Nothing is assumed but the most common meaning of an asterisk: the coordinator.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from extractors.rulebook import RuleModel, read_rules
from extractors.views import TextView
from models.facts import Phase, Role
from pipeline.relation_rules import RelationExample, load_milestone_rules

LEGENDS_FILE = "legends.yml"
# A legend is a sentence, not a page.
_LONGEST = 900


class LegendsFile(RuleModel):
    """``rules/legends.yml``."""

    roles: dict[Role, tuple[str, ...]]
    marks: dict[str, tuple[str, ...]]
    mark_patterns: tuple[str, ...]
    first_patterns: tuple[str, ...]
    letter_pattern: str
    examples: tuple[RelationExample, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Legends:
    """``marks`` maps a printed mark to a role, ``phases`` a letter to a phase; ``is_first_coordinator`` tells that the
    first state of a list coordinates."""

    marks: dict[str, Role] = field(default_factory=lambda: {"*": Role.COORDINATOR})
    phases: dict[str, Phase] = field(default_factory=dict)
    is_first_coordinator: bool = False


@cache
def read_legends_file() -> LegendsFile:
    """Return ``legends.yml`` as it is written."""
    return read_rules(LEGENDS_FILE, LegendsFile)


def read_legends(view: TextView) -> Legends:
    """Return what the legends of a document say; a document without tables needs none."""
    if not view.tables:
        return Legends()
    texts = [view.block_text(block) for block in view.blocks if len(block.span) <= _LONGEST]
    texts += [text for table in view.tables for text in (table.caption, *table.headings) if text]
    return read_legend_texts(texts)


def read_legend_texts(texts: list[str]) -> Legends:
    """Return what some texts say of marks, orders and letters; of two sayings on one mark the first counts."""
    marks: dict[str, Role] = {}
    phases: dict[str, Phase] = {}
    is_first = False
    for text in texts:
        if _role_word().search(text):
            for mark, role, pattern in _mark_patterns():
                if mark not in marks and pattern.search(text):
                    marks[mark] = role
            is_first = is_first or any(pattern.search(text) for pattern in _first_patterns())
        letters = list(_letter_pattern().finditer(text))
        if len(letters) > 1:
            for match in letters:
                phases.setdefault(match["letter"], load_milestone_rules().phase_of[match["word"].lower()])
    return Legends({"*": Role.COORDINATOR} | marks, phases, is_first)


@cache
def _role_word() -> re.Pattern[str]:
    """Return the pattern of any role's word, without one of which no other pattern of marks or orders can match."""
    file = read_legends_file()
    if not all("{ROLE}" in pattern for pattern in (*file.mark_patterns, *file.first_patterns)):
        return re.compile("")
    return re.compile(_fill("{ROLE}", tuple(word for words in file.roles.values() for word in words)))


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


def _fill(pattern: str, words: tuple[str, ...]) -> str:
    """Put the words of a role into a pattern, in any case."""
    return pattern.replace("{ROLE}", "(?i:" + "|".join(words) + ")")
