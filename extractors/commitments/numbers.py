"""Lists and ranges of numbers after the word commitment: ``6 to 9, 11 and 18-20``, ``(12) and (13)``, ``twelve``.

In goes a text and the offset after the trigger, out come the numbers with the offset where the list ends. What counts
(``4 and 12 States``), measures (``2 %``) or dates (``6 March``) ends the list before it. Numbers outside 1 to 20 are
kept apart, never dropped in silence.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from extractors.commitments.rules import CommitmentWords

HIGHEST = 20
NUMBER_WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
ORDINAL_WORDS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
DASHES = r"\-\u2010\u2011\u2012\u2013\u2014\u2212"

DigitsEnd = Callable[[int, int], int]
"""Given the offsets of a run of digits, return where its digits of full size end (a footnote mark may be glued on)."""


def all_digits(_start: int, end: int) -> int:
    """Return ``end``: every digit counts. For texts without glyphs."""
    return end


@dataclass(frozen=True, slots=True)
class NumberList:
    """Numbers read: ``values`` within 1 to 20 as printed, ``outside`` the others, ``end`` the offset after the last,
    ``items`` how many numbers and ranges were printed."""

    values: tuple[int, ...]
    outside: tuple[int, ...]
    end: int
    items: int


def expand_range(first: int, last: int) -> tuple[int, ...]:
    """Return the numbers from ``first`` to ``last``, both included; empty when the range runs backwards.

    >>> expand_range(6, 9)
    (6, 7, 8, 9)
    """
    return tuple(range(first, last + 1))


@dataclass(frozen=True, slots=True)
class _Number:
    """One printed number; ``end`` lies behind its digits, ``after`` behind a bracket or footnote mark too."""

    value: int
    end: int
    after: int
    is_word: bool


class NumberGrammar:
    """Reads lists of commitment numbers; compiled once from the words of the rule file."""

    def __init__(self, words: CommitmentWords) -> None:
        """Compile the patterns; does nothing else."""
        self._words = words

    @cached_property
    def _sign(self) -> re.Pattern[str]:
        signs = alternatives(self._words.number_signs)
        return re.compile(rf"\(?(?:{signs})(?:\s?\.)?\s*(?=[\d(]|{alternatives(NUMBER_WORDS)})", re.IGNORECASE)

    @cached_property
    def _number(self) -> re.Pattern[str]:
        words = alternatives(NUMBER_WORDS)
        return re.compile(
            rf"(?P<open>\(\s?)?(?:(?P<digits>\d+)|(?P<word>{words})(?![\w{DASHES}]))(?P<close>\s?\))?", re.IGNORECASE
        )

    @cached_property
    def _join(self) -> re.Pattern[str]:
        joins, asides = alternatives(self._words.list_joins), alternatives(self._words.asides)
        aside = rf"(?:,?\s*(?:{asides})\b,?\s+)?"
        return re.compile(
            rf"\s*[,;]\s*(?:(?:{joins})(?!\w)\s*)?{aside}|\s+(?:{joins})(?!\w)\s*{aside}|\s?[/+]\s?|\s*&\s*",
            re.IGNORECASE,
        )

    @cached_property
    def _range(self) -> re.Pattern[str]:
        return re.compile(rf"\s*[{DASHES}]\s*|\s+(?:{alternatives(self._words.range_joins)})\s+", re.IGNORECASE)

    @cached_property
    def _unit(self) -> re.Pattern[str]:
        """What makes any number a measure, a share, a date, a case number or a thousand."""
        units, months = alternatives(self._words.units), "|".join(self._words.months)
        return re.compile(rf"\s?%|\s+(?i:{units})\b|\s+(?:{months})\b\.?(?!\s+[a-z])|[.,]\d{{3}}\b|/\d{{4}}")

    @cached_property
    def _counted(self) -> re.Pattern[str]:
        """What makes a later number of a list a count."""
        return re.compile(
            rf"\s+(?:{alternatives(self._words.counted)})\b|\s+of\s+(?:which|whom|them|the\s+(?:20|twenty)|20)\b",
            re.IGNORECASE,
        )

    @cached_property
    def _safe(self) -> re.Pattern[str]:
        return re.compile(rf"\s*(?:[.,;:!?)\]\"'/]|$|\n|[{DASHES}])|\s+(?:{alternatives(self._words.safe_after)})\b")

    _word_part = re.compile(r"(?![a-e](?!\w))[^\W\d_]")
    _note = re.compile(r"\(\d{1,2}\)|\[[^\[\]\n]{1,12}\]|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+")
    _remark = re.compile(r"\s\((?=[^()\n]*[A-Za-z])[^()\n]{1,60}\)")

    def read(
        self, text: str, start: int, *, is_plural: bool = True, digits_end: DigitsEnd = all_digits
    ) -> NumberList | None:
        """Return the list that begins exactly at ``start`` (signs such as ``No`` allowed), or ``None``.

        ``is_plural`` tells that the trigger was plural: a list after a singular one goes on only where it is safe to.
        """
        number = self._read_number(text, self._skip_sign(text, start), digits_end)
        if number is None or self._unit.match(text, number.after):
            return None
        values: list[int] = []
        items = 0
        end = start
        while number is not None:
            numbers, end, after = self._read_item(text, number, is_plural, digits_end)
            values.extend(numbers)
            items += 1
            number = self._next_number(text, after, is_plural, digits_end)
        inside = tuple(value for value in values if 1 <= value <= HIGHEST)
        outside = tuple(value for value in values if not 1 <= value <= HIGHEST)
        return NumberList(inside, outside, end, items)

    def _skip_sign(self, text: str, start: int) -> int:
        found = self._sign.match(text, start)
        return found.end() if found else start

    def _read_number(self, text: str, start: int, digits_end: DigitsEnd) -> _Number | None:
        """Return the number at ``start``; years and other numbers of more than three digits are none."""
        found = self._number.match(text, start)
        if found is None:
            return None
        word = found["word"]
        if word:
            value, end = NUMBER_WORDS.index(word.lower()) + 1, found.end("word")
        else:
            end = digits_end(*found.span("digits"))
            if end == found.start("digits"):
                return None
            value = int(text[found.start("digits") : min(end, found.start("digits") + 5)])
            if value > 999 or self._word_part.match(text, found.end("digits")):
                return None
        closes = (
            found["open"] is not None and found["close"] is not None and end in (found.end("digits"), found.end("word"))
        )
        if closes:
            end = found.end()
        after = max(end, found.end("digits"))
        note = self._note.match(text, after)
        return _Number(value, end, note.end() if note else after, bool(word))

    def _read_item(
        self, text: str, first: _Number, is_plural: bool, digits_end: DigitsEnd
    ) -> tuple[tuple[int, ...], int, int]:
        """Return the values of a number or range, the offset of its end, and the offset behind its notes."""
        joint = self._range.match(text, first.after)
        last = self._read_number(text, self._skip_sign(text, joint.end()), digits_end) if joint else None
        is_range = last is not None and last.value > first.value and not self._is_count(text, last)
        if last is None or not is_range or not (is_plural or self._safe.match(text, last.after)):
            return (first.value,), first.end, first.after
        return expand_range(first.value, last.value), last.end, last.after

    def _is_count(self, text: str, number: _Number) -> bool:
        return bool(self._unit.match(text, number.after) or self._counted.match(text, number.after))

    def _next_number(self, text: str, after: int, is_plural: bool, digits_end: DigitsEnd) -> _Number | None:
        """Return the number that goes on with the list behind ``after``, over a join and a remark in brackets."""
        remark = self._remark.match(text, after)
        join = self._join.match(text, remark.end() if remark else after)
        if join is None or not join.group().strip():
            return None
        number = self._read_number(text, self._skip_sign(text, join.end()), digits_end)
        if number is None or self._is_count(text, number):
            return None
        if not is_plural and not self._safe.match(text, number.after):
            return None
        return number


def alternatives(words: Sequence[str]) -> str:
    """Return a pattern that matches any of the words, longest first, blanks of any width."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def any_case(word: str) -> str:
    """Return a pattern for a word in any case that the engine can search by its first letter, unlike a flag.

    >>> any_case("No")
    '[nN][oO]'
    """
    return "".join(f"[{letter.lower()}{letter.upper()}]" if letter.isalpha() else re.escape(letter) for letter in word)
