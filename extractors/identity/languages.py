"""The language of a text, by its small words.

What enters is text; what leaves is an ISO 639-1 code, or ``None`` when no language of the Union stands out. The words
are in ``rules/languages.yml``; a word that several languages share counts the less. It refuses to guess on fewer than
twenty words. (spaCy's stop words would do, but importing its two dozen language packages costs seconds in each worker;
the detectors on PyPI bring models of megabytes for a question that twenty words a language answer.)
"""

import re
from functools import cache

from extractors.rulebook import RuleModel, read_rules

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 20
_SAMPLE = 9_000
_LEAST_SHARE = 0.08
_LEAD = 1.15


class LanguageRules(RuleModel):
    """``rules/languages.yml``."""

    words: dict[str, tuple[str, ...]]
    examples: dict[str, tuple[str, ...]]


@cache
def load_languages() -> LanguageRules:
    """Read the rule file; raises ``RuleError`` for a mistake in it."""
    return read_rules("languages.yml", LanguageRules)


@cache
def _load_weights() -> dict[str, tuple[str, ...]]:
    """Return for each small word the languages that have it."""
    found: dict[str, list[str]] = {}
    for language, words in load_languages().words.items():
        for word in dict.fromkeys(words):
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


def find_language(text: str) -> str | None:
    """Return the language of a text, from its beginning.

    >>> find_language("The plan was approved by the government and is sent to the secretariat of the Council, for this "
    ...               "is what the States agreed.")
    'en'
    """
    words = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    if len(words) < _ENOUGH:
        return None
    weights = _load_weights()
    scores = dict.fromkeys(load_languages().words, 0.0)
    for word in words:
        languages = weights.get(word, ())
        for language in languages:
            scores[language] += 1 / len(languages)
    best, second = sorted(scores, key=lambda language: (-scores[language], language))[:2]
    if scores[best] < _LEAST_SHARE * len(words) or scores[best] < _LEAD * scores[second]:
        return None
    return best
