"""The rule files of relations, compiled: patterns over sentences whose mentions have been taken out.

``rules/roles.yml`` and ``rules/milestones.yml`` enter, compiled patterns leave. Raises ``RuleError`` when a pattern is
no regular expression or names a place that does not exist.
"""

import re
from dataclasses import dataclass
from functools import cache

from extractors.rulebook import RuleModel, read_rules, rule_error
from extractors.states.rules import load_state_rules
from models.facts import MilestoneKind, Phase, Role
from pipeline.relations.sentences import DATE, PROJECT, STATE

ROLES_FILE = "roles.yml"
MILESTONES_FILE = "milestones.yml"

# What may stand in brackets behind a state of a list: a mark, a code, a day since when.
_REMARK = (
    r"(?:,? (?:which|who) (?:coordinates?|leads?)(?=,)"
    rf"| \((?:[oc]|[A-Z]{{2}}|(?!until|to|left|form)[a-z ]{{0,20}}{DATE})\))?"
)
_SINCE = rf"(?:,? and,? {DATE},? (?:also )?(?:the )?)"
_BETWEEN = rf"(?:\*?{_REMARK}(?:{_SINCE}|,? and (?:the )?|, (?:the )?|/|-| & | or )(?:the )?)"
STATE_LIST = rf"{STATE}(?:{_BETWEEN}{STATE})*"
_NAME_BREAK = r"(?:[\"']*(?:,? and |,? or |, | & |/)(?:of )?(?:the )?(?:projects? )?[\"']*)"
PROJECT_LIST = rf"[\"']*{PROJECT}(?:{_NAME_BREAK}{PROJECT})*"
WE = r"\b(?:[Ww]e|[Oo]ur (?:country|State|nation|armed forces)|[Ii]t)"
_ROLE_GROUPS = {
    "coordinator": Role.COORDINATOR,
    "member": Role.MEMBER,
    "observer": Role.OBSERVER,
    "third": Role.THIRD_STATE,
}


class RelationExample(RuleModel):
    """A sentence and what it must give, each as words parted by blanks."""

    text: str
    gives: tuple[str, ...]


class RoleRuleFile(RuleModel):
    """One way of saying who takes part."""

    id: str
    pattern: str
    filer: Role | None = None
    needs: tuple[str, ...] = ()
    examples: tuple[RelationExample, ...]
    near_misses: tuple[str, ...]


class RolesFile(RuleModel):
    """``rules/roles.yml``."""

    not_taking_part: tuple[str, ...]
    left_again: tuple[str, ...]
    not_a_third_state: tuple[str, ...]
    third_state_verbs: tuple[str, ...]
    words: dict[str, str]
    rules: tuple[RoleRuleFile, ...]


class TermFile(RuleModel):
    """One milestone and the words for it."""

    id: str
    milestone: MilestoneKind
    pattern: str
    examples: tuple[RelationExample, ...]
    near_misses: tuple[str, ...]


class MilestonesFile(RuleModel):
    """``rules/milestones.yml``."""

    terms: tuple[TermFile, ...]
    refusals: tuple[str, ...]
    link_words: str
    was_words: tuple[str, ...]
    earlier_words: tuple[str, ...]
    move_words: tuple[str, ...]
    subject_gaps: tuple[str, ...]
    plurals: tuple[str, ...]
    object_leads: tuple[str, ...]
    resumptions: tuple[str, ...]
    back_references: tuple[str, ...]
    launch_lists: tuple[str, ...]
    phases: dict[Phase, tuple[str, ...]]
    phase_patterns: tuple[str, ...]
    phase_examples: tuple[RelationExample, ...]


@dataclass(frozen=True, slots=True)
class RoleRule:
    """A compiled way of saying who takes part; ``groups`` maps the pattern's groups to roles. ``we`` is the same with
    ``we`` in the place of the state, for plans, where the rule has one role only."""

    id: str
    pattern: re.Pattern[str]
    we: re.Pattern[str] | None
    groups: tuple[tuple[str, Role], ...]
    names_project: bool
    filer: Role | None
    needs: tuple[str, ...] = ()

    def may_match(self, text: str) -> bool:
        """Tell whether a sentence holds what the pattern needs: much faster than the pattern."""
        return not self.needs or any(letters in text for letters in self.needs)


@dataclass(frozen=True, slots=True)
class RoleRules:
    """All of ``roles.yml``, compiled."""

    rules: tuple[RoleRule, ...]
    refusal: re.Pattern[str]
    left_again: re.Pattern[str]
    third_state: re.Pattern[str]
    no_third_state: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class MilestoneRules:
    """All of ``milestones.yml``, compiled. ``phase_patterns`` have a group ``phase``, ``launch_lists`` a group
    ``project``; ``term_ids`` maps the names of the groups of ``term`` to rule ids and milestones."""

    term: re.Pattern[str]
    term_ids: dict[str, tuple[str, MilestoneKind]]
    refusal: re.Pattern[str]
    link_words: frozenset[str]
    was: re.Pattern[str]
    earlier: re.Pattern[str]
    move: re.Pattern[str]
    subject_gap: re.Pattern[str]
    plural: re.Pattern[str]
    object_lead: re.Pattern[str]
    resumption: re.Pattern[str]
    back_reference: re.Pattern[str]
    launch_lists: tuple[re.Pattern[str], ...]
    phase_patterns: tuple[re.Pattern[str], ...]
    phase_of: dict[str, Phase]


@cache
def read_roles_file() -> RolesFile:
    """Return ``roles.yml`` as it is written."""
    return read_rules(ROLES_FILE, RolesFile)


@cache
def read_milestones_file() -> MilestonesFile:
    """Return ``milestones.yml`` as it is written."""
    return read_rules(MILESTONES_FILE, MilestonesFile)


@cache
def load_union_members() -> frozenset[str]:
    """Return the codes of the Union's Member States: those that take part in PESCO and the one that stays outside."""
    return frozenset(
        state.code for state in load_state_rules().states if state.pesco_role in ("pms", "not_participating")
    )


@cache
def load_role_rules() -> RoleRules:
    """Return the compiled ways of saying who takes part; raises ``RuleError``."""
    file = read_roles_file()
    return RoleRules(
        rules=tuple(_compile_role(rule, number, file.words) for number, rule in enumerate(file.rules)),
        refusal=_compile("|".join(file.not_taking_part), ROLES_FILE, ("not_taking_part",)),
        left_again=_compile("|".join(file.left_again), ROLES_FILE, ("left_again",)),
        third_state=_compile("|".join(file.third_state_verbs), ROLES_FILE, ("third_state_verbs",)),
        no_third_state=_compile("|".join(file.not_a_third_state), ROLES_FILE, ("not_a_third_state",)),
    )


@cache
def load_milestone_rules() -> MilestoneRules:
    """Return the compiled words for milestones and phases; raises ``RuleError``."""
    file = read_milestones_file()
    groups = {f"t{number}": (term.id, term.milestone) for number, term in enumerate(file.terms)}
    # The more telling terms stand before those that they contain: "last delivery" before "delivery".
    order = sorted(range(len(file.terms)), key=lambda number: file.terms[number].milestone == "delivery_start")
    term = "|".join(f"(?P<t{number}>{file.terms[number].pattern})" for number in order)
    words = {word: phase for phase, forms in file.phases.items() for word in forms}
    any_phase = "(?P<phase>(?i:" + "|".join(map(re.escape, words)) + "))"
    return MilestoneRules(
        term=_compile(term, MILESTONES_FILE, ("terms",)),
        term_ids=groups,
        refusal=_compile("|".join(file.refusals), MILESTONES_FILE, ("refusals",)),
        link_words=frozenset(file.link_words.split()),
        was=_any_word(file.was_words),
        earlier=_any_word(file.earlier_words),
        move=_any_word(file.move_words),
        subject_gap=_compile(
            rf"[\"')\]]*(?: \([^()]*\))?,?(?:{'|'.join(file.subject_gaps)})*,?[ :]*(?:the )?",
            MILESTONES_FILE,
            ("subject_gaps",),
        ),
        plural=_compile("|".join(file.plurals), MILESTONES_FILE, ("plurals",)),
        object_lead=_compile("|".join(file.object_leads), MILESTONES_FILE, ("object_leads",)),
        resumption=_compile("|".join(file.resumptions), MILESTONES_FILE, ("resumptions",)),
        back_reference=_compile("|".join(file.back_references), MILESTONES_FILE, ("back_references",)),
        launch_lists=tuple(
            _compile(_fill(pattern), MILESTONES_FILE, ("launch_lists", number))
            for number, pattern in enumerate(file.launch_lists)
        ),
        phase_patterns=tuple(
            _compile(pattern.replace("{phase}", any_phase), MILESTONES_FILE, ("phase_patterns", number))
            for number, pattern in enumerate(file.phase_patterns)
        ),
        phase_of=words,
    )


def _compile_role(rule: RoleRuleFile, number: int, words: dict[str, str]) -> RoleRule:
    """Compile one rule of ``roles.yml``."""
    groups = tuple((name, role) for name, role in _ROLE_GROUPS.items() if "{" + name + "}" in rule.pattern)
    pattern = rule.pattern
    for word, expression in words.items():
        pattern = pattern.replace("{" + word + "}", expression)
    if not groups and rule.filer is None:
        raise rule_error(ROLES_FILE, ("rules", number), f"{rule.id} names no role")
    return RoleRule(
        id=rule.id,
        pattern=_compile(_fill(pattern, STATE_LIST), ROLES_FILE, ("rules", number, "pattern")),
        we=_compile(_fill(pattern, WE), ROLES_FILE, ("rules", number)) if len(groups) == 1 else None,
        groups=groups,
        names_project="{P}" in rule.pattern or "{PP}" in rule.pattern,
        filer=rule.filer,
        needs=rule.needs,
    )


def _fill(pattern: str, states: str = STATE_LIST) -> str:
    """Put the expressions for projects, states and dates in place of their names, each as a group of its own."""
    for name in _ROLE_GROUPS:
        pattern = pattern.replace("{" + name + "}", f"(?P<{name}>{states})", 1)
    pattern = pattern.replace("{D}", DATE)
    number = 0

    def name_group(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        body = PROJECT_LIST if match[0] == "{PP}" else f"[\"']*{PROJECT}"
        return f"(?P<project{number}>{body})"

    return re.sub(r"\{PP?\}", name_group, pattern)


def _any_word(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of some words, in any case."""
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b", re.IGNORECASE)


def _compile(pattern: str, file_name: str, place: tuple[int | str, ...]) -> re.Pattern[str]:
    """Compile a pattern; raises ``RuleError`` with file and line."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise rule_error(file_name, place, f"no regular expression: {error}") from error
