"""The names of projects compiled: phrases, and the words that decide about doubtful forms.

Enters the rule file, leaves lookups; nothing here reads a document.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extractors.nlp import Phrases, fold
from extractors.pieces import split_pieces, word_of
from extractors.projects.forms import variants
from extractors.projects.rules import ProjectEntry, ProjectRules, load_project_rules

FormKind = Literal["name", "acronym", "weak", "risky"]

_WORD = re.compile(r"[^\W\d_]+|\d+")
_TRAILING_BRACKET = re.compile(r"\s*\([^()]*\)$")
_PROJECT = ("Project", "project")
_JOINING = frozenset(("and", "for", "the"))
_TITLE = r"[A-Z][\w-]*(?: (?:[A-Z][\w-]*|\d+|of|for|and|in|on)){0,12}"
MIN_FUZZY_WORDS = 3
MIN_FUZZY_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a project; ``letters`` are its letters and digits in their own case."""

    slug: str
    kind: FormKind
    text: str
    letters: str


@dataclass(frozen=True, slots=True)
class Vetoes:
    """The words that make a project's form something else; ``None`` when there are none."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    near: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Everything compiled. ``anchors`` maps three words in a row to the long names that hold them; ``unknown`` begins
    with one of ``unknown_words``."""

    phrases: Phrases
    forms: dict[int, Form]
    vetoes: dict[str, Vetoes]
    pesco: re.Pattern[str]
    cue_before: re.Pattern[str]
    cue_after: re.Pattern[str]
    cue_near: re.Pattern[str]
    heading: re.Pattern[str]
    unknown: re.Pattern[str]
    unknown_words: frozenset[str]
    long_names: dict[str, str]
    anchors: dict[str, tuple[str, ...]]
    anchor_phrases: Phrases


@cache
def load_gazetteer() -> Gazetteer:
    """Return the compiled rules; raises ``RuleError`` when the rule file is broken."""
    rules = load_project_rules()
    phrases = Phrases()
    forms: dict[int, Form] = {}
    for number, form in enumerate(_forms(rules)):
        is_acronym = form.kind != "name"
        forms[phrases.add(f"project {number}", variants(form.text, rules, is_acronym=is_acronym))] = form
    long_names = {fold(name): project.slug for project in rules.projects for name in _long_names(project)}
    anchors = _anchors(long_names)
    anchor_phrases = Phrases()
    for anchor in anchors:
        anchor_phrases.add(anchor, (anchor,))
    weak, risky, unknown = (rules.rule(f"project.{name}") for name in ("weak", "risky", "unknown"))
    return Gazetteer(
        phrases=phrases,
        forms=forms,
        vetoes={project.slug: _vetoes(project) for project in rules.projects},
        pesco=re.compile(any_of(weak.words)),
        cue_before=re.compile(
            rf"\b{any_of(risky.before)}(?: (?:the|a|our|their))?(?: PESCO)?(?: [Pp]rojects?)? ['\"]?$"
        ),
        cue_after=re.compile(rf"['\"]?(?:(?<=\W)|,|\s){any_of(risky.after)}(?!\w)"),
        cue_near=re.compile(rf"\b{any_of(risky.words)}\b"),
        heading=re.compile(rf"^(?:no\.?|nr\.?)?\W*{any_of(unknown.words)}\W*$", re.IGNORECASE),
        unknown=re.compile(
            rf"\b{any_of(unknown.before)} ['\"]?({_TITLE})|\b[Pp]roject ['\"]?({_TITLE} \([A-Z][\w-]+\))"
        ),
        unknown_words=frozenset((*_PROJECT, *(word_of(split_pieces(phrase)[0]) for phrase in unknown.before))),
        long_names=long_names,
        anchors=anchors,
        anchor_phrases=anchor_phrases,
    )


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, the longest first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))})"


def letters_of(text: str) -> str:
    """Return the letters and digits of a text.

    >>> letters_of("MAS-MCM")
    'MASMCM'
    """
    return "".join(_WORD.findall(text))


def _forms(rules: ProjectRules) -> Iterator[Form]:
    for project in rules.projects:
        others = {fold(letters_of(text)) for text in (*project.acronyms, *project.weak, *project.risky)}
        names = [text for text in _names(project) if fold(letters_of(text)) not in others]
        fields: tuple[tuple[FormKind, Iterable[str]], ...] = (
            ("name", names),
            ("acronym", project.acronyms),
            ("weak", project.weak),
            ("risky", project.risky),
        )
        for kind, texts in fields:
            for text in texts:
                yield Form(project.slug, kind, text, letters_of(text))


def _names(project: ProjectEntry) -> list[str]:
    """Return the names of a project, the official one without its acronym in brackets first."""
    return list(dict.fromkeys((_TRAILING_BRACKET.sub("", project.name), *project.names)))


def _long_names(project: ProjectEntry) -> list[str]:
    """Return the names that are long enough to be known by likeness."""
    names = (re.sub(r"\s*\([^()]*\)", "", name) for name in _names(project))
    return [name for name in names if len(name) >= MIN_FUZZY_LENGTH and len(_WORD.findall(name)) >= MIN_FUZZY_WORDS]


def _anchors(long_names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Map every two words in a row of the long names to the names that hold them; short words are no anchor."""
    anchors: dict[str, list[str]] = {}
    for name in long_names:
        words = _WORD.findall(name)
        for pair in zip(words, words[1:], strict=False):
            if all(len(word) >= 3 and word not in _JOINING for word in pair):
                anchors.setdefault(" ".join(pair), []).append(name)
    return {anchor: tuple(names) for anchor, names in anchors.items()}


def _vetoes(project: ProjectEntry) -> Vetoes:
    return Vetoes(
        before=re.compile(rf"(?<!\w){any_of(project.not_before)}\W{{1,2}}$") if project.not_before else None,
        after=re.compile(rf"\W{{1,2}}{any_of(project.not_after)}(?!\w)") if project.not_after else None,
        near=re.compile(rf"\b{any_of(project.not_near)}\b") if project.not_near else None,
    )
