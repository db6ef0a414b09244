"""Who else bears the name of a state: persons, companies, institutions; and adjectives of other languages.

Enter a text and the place of a form in it; leave whether the words beside it say that no state is meant (or, for an
adjective in another language, that one is). The words live in ``rules/states.yml``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from extractors.states.rules import load_state_rules

_INITIALS = r"[A-Z]\.(?:[ -]?[A-Z]\.){0,2}"
# "Jordan, J." in a list of authors; "Spain, U.S. forces" and "In France, E. Macron" are something else.
_INITIAL_AFTER = re.compile(
    rf", (?!U\.\s?[KS]\.){_INITIALS}(?=\s*(?:[,;:&()\]\n]|$)|\s(?:and|y|e|et|und|en|i)\s(?!\w\.\s[A-Z][a-z]+\s[a-z]))"
)
_INITIAL_BEFORE = re.compile(rf"(?:^|[\s(,;&])(?!U\.\s?[KS]\.){_INITIALS} $")
_TITLE_BEFORE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Capt|Col|Gen|Maj|Lt)\.? $")
_CITED_AFTER = re.compile(rf" \((?:19|20)\d\d[a-z]?\)| et al\b|, {_INITIALS} ?[A-Z][a-z]+")
_CAPITAL_BEFORE = re.compile(r"\b(?!The |In |Of |And |For |With |From )[A-Z][\w&.-]* $")
_WORD_BEFORE = re.compile(r"([^\W\d_]{4,})['\u2019]? $")
_WORD_AFTER = re.compile(r" ([^\W\d_]{3,})")
_LOWER_AFTER = 4
_LOOK_BACK = 80


@dataclass(frozen=True, slots=True)
class Bearers:
    """The words of the rules as patterns."""

    company: re.Pattern[str]
    proper_run: re.Pattern[str]
    company_with_code: re.Pattern[str]
    institution: re.Pattern[str]
    institution_near: re.Pattern[str]
    no_noun_before: frozenset[str]
    no_noun_after: frozenset[str]


def is_person(text: str, start: int, end: int, *, is_weak: bool) -> bool:
    """Tell whether initials or a title make a form the name of a person; initials before it do so alone for a name
    that is weak."""
    if text[end : end + 2] == ", " and _INITIAL_AFTER.match(text, end):
        return True
    if text[start - 1 : start] == " " and _TITLE_BEFORE.search(text[max(0, start - 12) : start]):
        return True
    if text[start - 2 : start] != ". " or not _INITIAL_BEFORE.search(text[max(0, start - 12) : start]):
        return False
    return is_weak or _CITED_AFTER.match(text, end) is not None


def is_company(text: str, start: int, end: int, codes: tuple[str, ...]) -> bool:
    """Tell whether the legal form of a company stands behind a form."""
    bearers = load_bearers()
    if bearers.company.match(text, end):
        return True
    match = bearers.company_with_code.match(text, end)
    if match is None or match[1] in codes:
        return False
    return _CAPITAL_BEFORE.search(text[max(0, start - _LOOK_BACK) : start]) is not None


def opens_proper_name(text: str, end: int) -> bool:
    """Tell whether an adjective opens the name of a company or a journal: capital words follow, then its kind."""
    following = text[end + 1 : end + 2]
    return following.isupper() and load_bearers().proper_run.match(text, end) is not None


def is_institution(before: str) -> bool:
    """Tell whether the text before a name ends with ``Banco de`` or the like."""
    return load_bearers().institution.search(before) is not None


def stands_by_noun(text: str, start: int, end: int, *, is_behind: bool) -> bool:
    """Tell whether an adjective in another language has a common noun on its side, and opens or ends no proper name."""
    bearers = load_bearers()
    low = max(text.rfind("\n", 0, start) + 1, start - _LOOK_BACK)
    if bearers.institution_near.search(text[low:start]):
        return False
    if is_behind:
        match = _WORD_BEFORE.search(text[low:start])
        return match is not None and match[1].lower() not in bearers.no_noun_before
    after = _WORD_AFTER.match(text, end)
    if after is None or after[1] in bearers.no_noun_after:
        return False
    return not text[start].isupper() or (after[1].islower() and len(after[1]) >= _LOWER_AFTER)


@cache
def load_bearers() -> Bearers:
    """Return the compiled words of the rules."""
    rules = load_state_rules()
    company, institution = rules.rule("state.not.company"), rules.rule("state.not.institution")
    foreign = rules.rule("state.foreign_adjective")
    nouns, all_nouns = _any_of(institution.words), _any_of((*institution.words, *institution.before))
    links = _any_of(institution.after)
    return Bearers(
        company=re.compile(rf"(?: [A-Z][\w&-]*){{0,4}}\s(?:{_any_of(company.after)})(?![\w-])"),
        proper_run=re.compile(
            rf"(?: [A-Z][\w&-]*){{1,4}} (?:{_any_of(company.after)})(?![\w-])"
            rf"| (?:{_any_of(company.before)})(?![\w-])"
            rf"|(?: (?:[A-Z][\w&-]*|of|and)){{0,5}} (?:{_any_of(rules.rule('state.not.journal').words)})(?![\w-])"
        ),
        company_with_code=re.compile(rf"(?: [A-Z][\w&-]*){{0,2}} ({_any_of(company.words)})(?![\w-])"),
        institution=re.compile(rf"\b(?:{all_nouns})(?: [^\W\d_][\w'\u2019-]*){{0,6}} (?:{links})[ '\u2019]$"),
        institution_near=re.compile(rf"\b(?:{nouns})(?: [^\W\d_][\w'\u2019-]*){{0,6}} $"),
        no_noun_before=frozenset(foreign.before),
        no_noun_after=frozenset(foreign.after),
    )


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
