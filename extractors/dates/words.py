"""The words that dates are made of, read from ``rules/dates.yml`` and made ready for looking up.

What enters is the rule file; what leaves is one ``DateWords``: the class of each word (one letter, as the grammar uses
it), and phrases filed under their last word, so that "what stands before this date" is one look in a dictionary.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from extractors.rulebook import RuleModel, read_rules, rule_error

RULES_FILE = "dates.yml"
RuleId = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")]
Meaning = Literal["until", "since", "around"]
# A phrase's last word: letters or digits with their full stop, or one sign.
_LAST_WORD = re.compile(r"(?:[\w\u00b0\u00ba]+\.?|[^\w\s]-?)$")
_LOOK_BACK = 48


class FormRule(RuleModel):
    """A way to print a date, with its proof: print to values (joined by blanks)."""

    id: RuleId
    examples: dict[str, str]
    near_misses: tuple[str, ...]


class TriggerRule(FormRule):
    """Phrases before or after a date that open it or make it approximate."""

    means: Meaning
    before: tuple[str, ...]
    after: tuple[str, ...]


class VetoRule(RuleModel):
    """What makes a number that looks like a date none. ``examples`` give no date, ``near_misses`` give one."""

    id: RuleId
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


class ContextWords(RuleModel):
    """Words around a date that decide between two readings; the rule file says what each list is for."""

    origins: tuple[str, ...]
    moves: tuple[str, ...]
    move_ways: tuple[str, ...]
    time_units: tuple[str, ...]
    time_counts: tuple[str, ...]
    elapsed_triggers: tuple[str, ...]
    recurring_after: tuple[str, ...]
    recurring_before: tuple[str, ...]
    month_leads: tuple[str, ...]
    date_leads: tuple[str, ...]


class ClassWords(RuleModel):
    """Months, seasons and the like with their numbers, and the plain word classes."""

    months: dict[int, tuple[str, ...]]
    foreign_months: dict[int, tuple[str, ...]]
    seasons: dict[int, tuple[str, ...]]
    ordinals: dict[int, tuple[str, ...]]
    weekdays: tuple[str, ...]
    classes: dict[str, tuple[str, ...]]
    numbers: dict[int, tuple[str, ...]]


class DateRules(RuleModel):
    """``rules/dates.yml``."""

    forms: tuple[FormRule, ...]
    triggers: tuple[TriggerRule, ...]
    vetoes: tuple[VetoRule, ...]
    context: ContextWords
    words: ClassWords


class Phrases:
    """Phrases that may stand right before an offset, filed under their last word; the longest wins."""

    def __init__(self, phrases: Iterable[tuple[str, str]], *, is_cased: bool = False) -> None:
        """File (phrase, what it stands for) pairs; raises ``ValueError`` for a phrase that stands for two things."""
        self._is_cased = is_cased
        self._by_last: dict[str, list[tuple[str, str]]] = {}
        meanings: dict[str, str] = {}
        for phrase, meaning in phrases:
            key = phrase if is_cased else phrase.lower()
            if meanings.setdefault(key, meaning) != meaning:
                raise ValueError(f"{phrase!r} stands for {meanings[key]} and for {meaning}")
            match = _LAST_WORD.search(key)
            if match is None:
                raise ValueError(f"{phrase!r} has no last word")
            self._by_last.setdefault(match.group(), []).append((key, meaning))
        for entries in self._by_last.values():
            entries.sort(key=lambda entry: (-len(entry[0]), entry[0]))

    def before(self, left: "Left") -> tuple[str, int] | None:
        """Return (meaning, where the phrase starts) of the phrase that ends a stretch of text."""
        text = left.cased if self._is_cased else left.lower
        for phrase, meaning in self._by_last.get(text[left.last :], ()):
            if text.endswith(phrase):
                at = len(text) - len(phrase)
                if at == 0 or not (phrase[0].isalnum() and (text[at - 1].isalnum() or text[at - 1] in "-_/")):
                    return meaning, left.start + at
        return None


class Left:
    """The text before an offset, blanks at its end cut off: where it starts, as printed, in lower case, and where in
    it its last word starts."""

    __slots__ = ("cased", "last", "lower", "start")

    def __init__(self, text: str, start: int, offset: int) -> None:
        """Look at most ``_LOOK_BACK`` characters back, and not before ``start``."""
        self.start = max(start, offset - _LOOK_BACK)
        self.cased = text[self.start : offset].rstrip()
        self.lower = self.cased.lower()
        lower = self.lower
        first = max(0, len(lower) - 24)
        at = max(first, lower.rfind(" ", first) + 1)
        if not lower[at:].isalnum():
            match = _LAST_WORD.search(lower, first)
            at = match.start() if match else len(lower)
        self.last = at


@dataclass(frozen=True, slots=True)
class WordClass:
    """The letter of a word and its number: the month, the season, the place in a row."""

    letter: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class DateWords:
    """All that the rule file says, ready for looking up."""

    rules: DateRules
    classes: dict[str, WordClass]
    triggers: Phrases
    triggers_after: re.Pattern[str]
    meaning_after: dict[str, str]
    vetoes_before: Phrases
    standards_before: Phrases
    acts_before: Phrases
    series_before: Phrases
    names_before: dict[str, tuple[tuple[str, str], ...]]
    names_after: re.Pattern[str]
    resolution_before: Phrases
    count_label: re.Pattern[str]
    phone_before: re.Pattern[str]
    money_after: re.Pattern[str]
    count_after: re.Pattern[str]
    unit_after: re.Pattern[str]
    amount_heading: re.Pattern[str]
    origins: Phrases
    moves: re.Pattern[str]
    moved: re.Pattern[str]
    elapsed: re.Pattern[str]
    recurring_after: re.Pattern[str]
    recurring_before: Phrases
    month_leads: Phrases
    date_leads: Phrases

    def rule_id(self, meaning: str) -> str:
        """Return the id of the trigger rule of that meaning."""
        return f"date.{meaning}"


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _word_end(words: Iterable[str]) -> str:
    """Return a pattern for any of the words that does not end inside a longer word."""
    return rf"(?:{_any_of(words)})(?!\w)"


def _word_classes(words: ClassWords) -> dict[str, WordClass]:
    """Return the class of each word; raises ``ValueError`` when two classes claim it."""
    found: dict[str, WordClass] = {}
    full = {month: names[:1] for month, names in words.months.items()}
    short = {month: names[1:] for month, names in words.months.items()}
    tables: tuple[tuple[str, dict[int, tuple[str, ...]]], ...] = (
        ("M", full),
        ("A", short),
        ("W", words.foreign_months),
        ("S", words.seasons),
        ("O", words.ordinals),
        ("6", words.numbers),
        ("w", {0: words.weekdays}),
    )
    entries = [(word, WordClass(letter, n)) for letter, table in tables for n, row in table.items() for word in row]
    entries += [(word, WordClass(letter)) for letter, row in words.classes.items() for word in row]
    for word, word_class in entries:
        if found.setdefault(word, word_class) != word_class:
            raise ValueError(f"{word!r} is {found[word].letter} and {word_class.letter}")
    return found


def _names_by_year(names: Iterable[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """File brand names that end with their year under it; ``{year}`` files them under ``*``."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        if name[:4].isdigit():
            continue
        head, _, year = name.rpartition(" ")
        found.setdefault("*" if year == "{year}" else year, []).append((head, name))
    return {year: tuple(entries) for year, entries in found.items()}


@cache
def load_date_words() -> DateWords:
    """Read the rule file; raises ``RuleError`` for any mistake in it."""
    rules = read_rules(RULES_FILE, DateRules)
    try:
        return _make_words(rules)
    except ValueError as error:
        raise rule_error(RULES_FILE, ("words",), str(error)) from error


def _make_words(rules: DateRules) -> DateWords:
    """Make the tables; raises ``ValueError`` for a clash between two entries."""
    veto = {rule.id.removeprefix("not_date."): rule for rule in rules.vetoes}
    context = rules.context
    after = {phrase: rule.means for rule in rules.triggers for phrase in rule.after}
    plain_vetoes = [(word, veto[name].id) for name in ("money", "count", "label") for word in veto[name].before]
    count = veto["count"]
    return DateWords(
        rules=rules,
        classes=_word_classes(rules.words),
        triggers=Phrases((phrase, rule.means) for rule in rules.triggers for phrase in rule.before),
        triggers_after=re.compile(rf"(?:\s?,)?\s?({_any_of(after)})(?!\w)(?!\s(?:in|by|on)\s|\s\d)", re.IGNORECASE),
        meaning_after={phrase.lower(): meaning for phrase, meaning in after.items()},
        vetoes_before=Phrases(plain_vetoes),
        standards_before=Phrases(((word, veto["label"].id) for word in veto["label"].standards), is_cased=True),
        acts_before=Phrases((word, veto["act"].id) for word in veto["act"].before),
        series_before=Phrases((word, veto["act"].id) for word in veto["act"].series),
        names_before=_names_by_year(veto["programme"].names),
        names_after=re.compile(_word_end(name for name in veto["programme"].names if name[:4].isdigit())),
        resolution_before=Phrases((word, veto["resolution"].id) for word in veto["resolution"].before),
        count_label=re.compile(rf"\b(?:{_any_of(count.labels)})\b[^.;:\d]{{0,40}}:$", re.IGNORECASE),
        phone_before=re.compile(
            rf"(?:\b(?:{_any_of(veto['label'].phones)})\b[.:]?[\s+()\d/-]*|\+\d[\s()\d/-]*)$", re.IGNORECASE
        ),
        money_after=re.compile(rf"\s?(?:{_word_end(veto['money'].after)})(?!\s?\d)", re.IGNORECASE),
        count_after=re.compile(
            rf"\s(?:(?:{_any_of(count.adjectives)})\s){{0,2}}{_word_end(count.after)}", re.IGNORECASE
        ),
        unit_after=re.compile(rf"\s?{_word_end(veto['unit'].after)}"),
        amount_heading=re.compile(rf"(?<!\w)(?:{_any_of(veto['amount_cell'].headings)})(?!\w)", re.IGNORECASE),
        origins=Phrases((word, "origin") for word in context.origins),
        moves=re.compile(rf"\b(?:{_any_of(context.moves)})\b[^.;]*$", re.IGNORECASE),
        moved=re.compile(
            rf"\b(?:{_any_of(context.moves)})(?:,?\s(?:{_any_of(context.move_ways)}"
            rf"|(?:by|of)\s(?:(?:\d+|{_any_of(context.time_counts)})\s){{1,2}}(?:{_any_of(context.time_units)})))*,?$",
            re.IGNORECASE,
        ),
        elapsed=re.compile(
            rf"\b(?:(?:\d+|{_any_of(context.time_counts)})\s(?:{_any_of(context.time_units)})"
            rf"|the\s(?:{_any_of(unit for unit in context.time_units if not unit.endswith('s'))}))$",
            re.IGNORECASE,
        ),
        recurring_after=re.compile(rf"\s?,?\s?(?:\(?){_word_end(context.recurring_after)}", re.IGNORECASE),
        recurring_before=Phrases((word, "recurring") for word in context.recurring_before),
        month_leads=Phrases((word, "lead") for word in context.month_leads),
        date_leads=Phrases((word, "lead") for word in context.date_leads),
    )
