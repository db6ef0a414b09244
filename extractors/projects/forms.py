"""The ways in which one name is printed: with and without brackets, hyphens, plural, in either spelling.

Enters a form of the rule file, leaves the token sequences (joined by blanks) under which it may stand in a text. Case,
accents, dashes and blanks are no matter here: tokens are compared by their ``NORM``.
"""

import re
from itertools import islice, product

from extractors.nlp import fold
from extractors.projects.rules import ProjectRules

MAX_VARIANTS = 1500
"""More ways than this mean that a form is written wrongly in the rule file."""

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\s\w]|_")
_INNER_BRACKET = re.compile(r"\(([^()]*)\)")
_NUMERALS = {"ii": "2", "iii": "3", "iv": "4"}
_GLUE = "\0"
_GLUED = re.compile(rf"\s*{_GLUE}\s*")


def variants(form: str, rules: ProjectRules, *, is_acronym: bool) -> list[str]:
    """Return the folded token sequences of a form, the printed one first.

    Names may lose their brackets, swap ``and`` for ``&`` and take or drop a plural; acronyms may be glued, parted or
    hyphenated.
    """
    found: dict[str, None] = {}
    texts = [form] if is_acronym else _without_brackets(form)
    for text in texts:
        tokens = _TOKEN.findall(fold(text))
        for choice in islice(product(*_options(tokens, rules, is_acronym=is_acronym)), MAX_VARIANTS):
            found.setdefault(_retokenised("".join(choice)))
    return list(found)


def _retokenised(text: str) -> str:
    """Return text as tokens joined by blanks: ``mkiii`` stays one token, ``ugs2`` becomes two."""
    return " ".join(_TOKEN.findall(_GLUED.sub("", text)))


def _without_brackets(form: str) -> list[str]:
    """Return a name with each of its brackets as printed, opened up or left out."""
    parts = _INNER_BRACKET.split(form)
    plain, inner = parts[::2], parts[1::2]
    if not inner:
        return [form]
    texts = []
    ways = [_bracket_ways(text, len(inner)) for text in inner]
    for choice in product(*ways):
        pieces = [plain[0]]
        for chosen, following in zip(choice, plain[1:], strict=True):
            pieces += [chosen, following]
        texts.append(re.sub(r"[\s-]+$", "", "".join(pieces)))
    return [text for text in texts if len(text.split()) > 1 or text == form] or [form]


def _bracket_ways(text: str, n_brackets: int) -> list[str]:
    """Return the ways of one bracket; an adjective such as ``(semi-)`` may stand without its brackets."""
    if text[:1].islower() and n_brackets <= 2:
        return [f"({text})", f" {text} ", " "]
    return [f"({text})", " "]


def _options(tokens: list[str], rules: ProjectRules, *, is_acronym: bool) -> list[list[str]]:
    """Return for each token the texts that may stand in its place, blanks included."""
    options: list[list[str]] = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else ""
        if token == "-":
            is_loose = is_acronym or before in rules.joined
            options.append([" - ", " ", _GLUE] if is_loose else [" - ", " "])
        elif is_acronym:
            is_parted = before.isalnum() and token.isalnum()
            options += [[" ", " - "] if token.isdigit() else [" ", " - ", _GLUE]] if is_parted else []
            options.append([f" {token} "])
        else:
            options.append([f" {way} " for way in _word_ways(token, rules, is_last=place == len(tokens) - 1)])
    return options


def _word_ways(token: str, rules: ProjectRules, *, is_last: bool) -> list[str]:
    """Return the spellings of a word of a name; the last may take or drop its plural."""
    if token in _NUMERALS:
        return [token, _NUMERALS[token], f"{_GLUE}{token}", f"- {token}", f"- {_NUMERALS[token]}"]
    spellings = dict(rules.spellings) | {second: first for first, second in rules.spellings}
    ways = [token, spellings[token]] if token in spellings else [token]
    if is_last and len(token) > 3 and token.isalpha():
        ways += [way[:-1] if way.endswith("s") else f"{way}s" for way in list(ways)]
    return ways
