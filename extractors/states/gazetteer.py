"""The names of states as phrases, and the words of ``rules/states.yml`` that betray something else.

Checked rules enter, compiled ones leave; built once a process.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extractors.nlp import Phrases
from extractors.states.rules import StateRules, load_state_rules

FormKind = Literal[
    "name", "adjective", "short", "weak", "ambiguous", "behind_noun", "before_noun", "beside_noun", "other"
]


@dataclass(frozen=True, slots=True)
class StateForm:
    """What a pattern stands for; ``n_capitals`` is how many of its words are written with a capital, ``is_small``
    whether it counts without any."""

    kind: FormKind
    values: tuple[str, ...]
    text: str
    n_capitals: int
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class StateGazetteer:
    """The compiled rules: phrases whose keys index ``forms``, and the words of the vetoes as lookups.

    ``before`` and ``after_any`` name the rule that each word comes from.
    """

    phrases: Phrases
    forms: dict[int, StateForm]
    before: dict[str, str]
    before_last: frozenset[str]
    after_name: frozenset[str]
    after_any: dict[str, str]
    organisations: frozenset[str]
    offices: frozenset[str]
    languages: frozenset[str]
    language_before: frozenset[str]
    language_after: frozenset[str]
    function_words: frozenset[str]
    place_before: tuple[str, ...]
    place_after: tuple[str, ...]
    weak_cues: re.Pattern[str]
    weak_before: frozenset[str]
    prefix_codes: dict[str, str]


@cache
def load_gazetteer() -> StateGazetteer:
    """Return the compiled rules; raises ``RuleError`` when the rule file is broken."""
    rules = load_state_rules()
    phrases = Phrases()
    forms: dict[int, StateForm] = {}
    for number, form in enumerate(_forms(rules)):
        forms[phrases.add(f"state {number}", (form.text,))] = form
    organisation, language = rules.rule("state.not.organisation"), rules.rule("state.not.language")
    prefixes = dict(word.split(": ") for word in rules.rule("state.prefix").words)
    veto_rules = [rules.rule(f"state.not.{name}") for name in ("sea", "organisation", "mission")]
    return StateGazetteer(
        phrases=phrases,
        forms=forms,
        before={word: rule.id for rule in veto_rules for word in rule.before},
        before_last=frozenset(word.split()[-1] for rule in veto_rules for word in rule.before),
        after_name=frozenset(word for word in organisation.after if word.isdigit()),
        after_any={
            word: rule.id for rule in map(rules.rule, ("state.not.sea", "state.not.thing")) for word in rule.after
        },
        organisations=frozenset(organisation.after),
        offices=frozenset(organisation.words),
        languages=frozenset(language.words),
        language_before=frozenset(language.before),
        language_after=frozenset(language.after),
        function_words=frozenset(rules.rule("state.function_word").words),
        place_before=tuple(rules.rule("state.not.place_line").before),
        place_after=tuple(rules.rule("state.not.place_line").after),
        weak_cues=_word_pattern(rules.rule("state.weak").words),
        weak_before=frozenset(rules.rule("state.weak").before),
        prefix_codes=prefixes,
    )


def _word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in words)})\b")


def _forms(rules: StateRules) -> Iterator[StateForm]:
    """Yield all forms; phrases that only hold the name of a state come as kind ``other``."""
    small = frozenset(rules.rule("state.small").words)
    for state in rules.states:
        fields: tuple[tuple[FormKind, tuple[str, ...]], ...] = (
            ("name", state.names),
            ("adjective", state.adjectives),
            ("short", state.short),
            ("weak", state.weak),
            ("behind_noun", tuple(word for word in state.behind_noun if word not in state.before_noun)),
            ("before_noun", tuple(word for word in state.before_noun if word not in state.behind_noun)),
            ("beside_noun", tuple(word for word in state.behind_noun if word in state.before_noun)),
        )
        for kind, texts in fields:
            for text in texts:
                yield StateForm(kind, (state.code,), text, count_capitals(text), text in small)
    for item in rules.ambiguous:
        yield StateForm("ambiguous", item.candidates, item.form, count_capitals(item.form))
    for name in ("part", "thing"):
        for text in rules.rule(f"state.not.{name}").words:
            yield StateForm("other", ("-",), text, 1, is_small=True)


def count_capitals(text: str) -> int:
    """Return how many words of a text begin with a capital."""
    return sum(word[0].isupper() for word in re.findall(r"[^\W\d_]+", text))
