"""End-of-line hyphens: what is joined, what keeps its hyphen, what keeps a blank.

Enters two pieces of text that meet at a line break and what the document says elsewhere; leaves the way to join them.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache

from extractors.rulebook import RuleModel, read_rules, rule_path

_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_MARKS = ".,;:()'\"*"  # around words, in none
_HEAD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_TAIL = re.compile(r"(?:[^\W_]+-)*([^\W_]+)-$")
_URL = re.compile(r"(?:://|www\.)\S*$")
_URL_REST = re.compile(r"[/?=&#%._]|[\w.-]*[/_=&?%]\S")


class Joint(Enum):
    """How two pieces meet: with a blank, glued as they are, or glued without the hyphen."""

    BLANK = "blank"
    GLUE = "glue"
    DROP_HYPHEN = "drop"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What decides about hyphens: words of this document, words known anyway, first parts of true hyphens."""

    document: Counter[str]
    words: frozenset[str]
    hyphen_firsts: frozenset[str]


class HyphenRule(RuleModel):
    """First parts of true hyphens with their proof: ``examples`` keep the hyphen at ``|``, ``near_misses`` lose it."""

    id: str
    about: str
    words: tuple[str, ...]
    examples: dict[str, str]
    near_misses: dict[str, str]


class HyphenRules(RuleModel):
    """``rules/hyphens.yml``."""

    true_hyphen: HyphenRule


@cache
def load_hyphen_rules() -> HyphenRules:
    """Return the rules about hyphens; raises ``RuleError``."""
    return read_rules("hyphens.yml", HyphenRules)


@cache
def load_words() -> frozenset[str]:
    """Return known words, lower case but for names with capitals inside; compounds with their hyphen."""
    lines = rule_path("words.csv").read_text(encoding="utf-8").split("\n")
    return frozenset(line for line in lines[1:] if line)


def make_lexicon(texts: Iterable[str]) -> Lexicon:
    """Return a lexicon over a document's lines."""
    counts: Counter[str] = Counter()
    # A token holds no blank: the pattern need only run over what is distinct between blanks, a tenth of the text.
    for word, count in Counter("\n".join(texts).lower().split()).items():
        bare = word.strip(_MARKS)
        for token in (bare,) if bare.isalpha() else _TOKEN.findall(bare):
            counts[token] += count
    return Lexicon(counts, load_words(), frozenset(load_hyphen_rules().true_hyphen.words))


def join_at(before: str, after: str, lexicon: Lexicon, *, is_narrow: bool = False) -> Joint:
    """Tell how a line that ends with ``before`` and one that starts with ``after`` meet.

    ``is_narrow`` tells that they stand in a narrow cell, where words are also broken without a hyphen.

    >>> join_at("the logis-", "tic hubs", Lexicon(Counter(), frozenset({"logistic"}), frozenset()))
    <Joint.DROP_HYPHEN: 'drop'>
    """
    if not before or not after:
        return Joint.BLANK
    if before[-1] == "-":
        return _join_hyphen(before, after, lexicon)
    if before[-1] == "/" and before[-2:-1].isalnum() and after[0].isalnum():
        return Joint.GLUE
    if _ends_in_url(before) and _URL_REST.match(after):
        return Joint.GLUE
    if after[0] == "-" and after[1:2].isdigit() and before[-1].isdigit():
        return Joint.GLUE
    return Joint.GLUE if is_narrow and _is_broken_word(before, after, lexicon) else Joint.BLANK


def _ends_in_url(before: str) -> bool:
    """Tell whether a line ends inside a web address; nearly no line has any, which is found out sooner than a pattern
    could search it."""
    return ("://" in before or "www." in before) and _URL.search(before) is not None


def _is_broken_word(before: str, after: str, lexicon: Lexicon) -> bool:
    """Tell whether two pieces make a known word of which the first is none."""
    first, second = before.rsplit(" ", 1)[-1], after.split(" ", 1)[0]
    if not (first.isalpha() and second.isalpha() and second.islower()):
        return False
    joined, low = (first + second).lower(), first.lower()
    return joined in lexicon.words and low not in lexicon.words and lexicon.document[low] < 2


def _join_hyphen(before: str, after: str, lexicon: Lexicon) -> Joint:
    tail, head = _TAIL.search(before), _HEAD.match(after)
    if _ends_in_url(before):
        return Joint.GLUE
    if tail is None:
        return Joint.GLUE if before[-2:-1] in (")", "'", '"', "%") and after[0].isalnum() else Joint.BLANK
    if head is None:
        return Joint.GLUE if after[0] in "('\"" else Joint.BLANK
    first, second = tail[1], head[0].split("-")[0]
    if first[-1].isdigit() or second[0].isdigit():
        return Joint.GLUE
    if second in ("and", "or", "to") and after[len(second) : len(second) + 1] == " ":
        return Joint.BLANK
    return _join_words(tail[0][:-1], first, head[0], second, lexicon)


def _join_words(whole_first: str, first: str, whole_second: str, second: str, lexicon: Lexicon) -> Joint:
    """Decide by the document's own words, then by case, then by known words."""
    joined = (first + second).lower()
    hyphened = f"{first}-{second}".lower()
    keep = lexicon.document[hyphened] + lexicon.document[f"{whole_first}-{whole_second}".lower()]
    drop = lexicon.document[joined] + (
        lexicon.document[f"{whole_first}{whole_second}".lower()] if "-" in whole_first + whole_second else 0
    )
    if keep != drop:
        return Joint.GLUE if keep > drop else Joint.DROP_HYPHEN
    if second[0].isupper():
        return _join_capitals(first, second, lexicon)
    words, low, tail = lexicon.words, first.lower(), second.lower()
    if joined in words:
        return Joint.DROP_HYPHEN
    if hyphened in words or low in lexicon.hyphen_firsts:
        return Joint.GLUE
    is_pair = low in words and tail in words and min(len(low), len(tail)) >= 4
    return Joint.GLUE if is_pair else Joint.DROP_HYPHEN


def _join_capitals(first: str, second: str, lexicon: Lexicon) -> Joint:
    """Break of a word in capitals, or a compound of names: only the former loses its hyphen."""
    if first + second in lexicon.words:
        return Joint.DROP_HYPHEN
    if not (first.isupper() and second.isupper()) or min(len(first), len(second)) < 2:
        return Joint.GLUE
    return Joint.DROP_HYPHEN if (first + second).lower() in lexicon.words else Joint.GLUE
