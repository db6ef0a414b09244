"""Commitments 1 to 20 and their areas a to e, as a text or a table prints them.

In goes a view, out come hits and doubts. All is anchored on the rare word commitment (or an abbreviation that the
document explains): numbers, words and ordinals after or before it; areas; and, by ``extractors.commitments.tables``,
the cells of tables that say so. Counts (``17 of the 20 commitments``), money and numbers of other things give nothing;
numbers outside 1 to 20 and readings that stay open give doubts.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extractors.commitments.areas import AreaFinder
from extractors.commitments.footnote_marks import end_of_digits, is_recognised
from extractors.commitments.numbers import (
    HIGHEST,
    NUMBER_WORDS,
    ORDINAL_WORDS,
    NumberGrammar,
    NumberList,
    alternatives,
    any_case,
    expand_range,
)
from extractors.commitments.paraphrases import find_paraphrases
from extractors.commitments.rules import CommitmentRules, load_commitment_rules, load_commitment_texts
from extractors.commitments.tables import CommitmentTables
from extractors.nlp import Finds
from extractors.pieces import split_pieces, word_of
from extractors.views import TextView
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

__all__ = ["find_commitments", "find_paraphrases", "load_commitment_rules", "load_commitment_texts"]

_TRIGGER = re.compile(rf"[Cc](?<![A-Za-z].){any_case('ommitment')}(?P<plural>[sS])?(?![A-Za-z])")
# Recognition of characters may lose a blank; in print a digit glued to a word is a footnote mark.
_GLUED = re.compile(r"(?P<said>(?!))?(?P<colon>(?!))?(?P<between>(?!))?")
_BINDING = re.compile(r"(?<![A-Za-z])binding\s$", re.IGNORECASE)
_BARE_BRACKET = re.compile(r"\s+\(\s?\d{1,2}\s?\)")
_WORD_STOP = re.compile(r"\s+(?:of|by|or)\b", re.IGNORECASE)
_WINDOW = 1500
_BEFORE = 90


class CommitmentPatterns:
    """The compiled patterns of the rule file, made once."""

    def __init__(self, rules: CommitmentRules) -> None:
        """Compile."""
        words = rules.words
        self.grammar = NumberGrammar(words)
        leads = alternatives(words.lead_words)
        self.lead = re.compile(
            rf"(?:(?P<said>(?:\s+(?:{leads})){{1,4}}\s?:)|(?P<colon>\s?:))?\s+(?P<between>between\s+|from\s+)?(?=[^\s])",
            re.IGNORECASE,
        )
        adjectives = alternatives(words.adjectives)
        ordinal = rf"(?:{'|'.join(ORDINAL_WORDS)}|\d{{1,2}}(?:st|nd|rd|th))"
        joint = r"(?:\s*,\s*|\s+(?:and|or|to)\s+)(?:the\s+)?"
        self.counting_lead = re.compile(rf"\b(?:{alternatives(words.counting_leads)})\b", re.IGNORECASE)
        self.ordinal = re.compile(
            rf"(?<![\w-])the\s+(?P<list>{ordinal}(?:{joint}{ordinal})*)\s+(?:(?:{adjectives})\s+)*$", re.IGNORECASE
        )
        self.ordinal_item = re.compile(ordinal, re.IGNORECASE)
        count = rf"(?P<count>{'|'.join(NUMBER_WORDS)}|\d{{1,2}})"
        self.first_last = re.compile(
            rf"(?<![\w-])(?P<side>first|last)\s+{count}\s+(?:(?:{adjectives})\s+)*$", re.IGNORECASE
        )
        self.ordinal_stop = re.compile(rf"\s+(?:{alternatives(words.ordinal_stops)})\b", re.IGNORECASE)
        self.foreign = re.compile(rf"(?<![A-Za-z])(?:{alternatives(words.foreign)})\s+$", re.IGNORECASE)
        abbreviations = rules.rule("commitment.abbreviation").words
        self.abbreviation_heads = frozenset(word_of(split_pieces(word)[0]) for word in abbreviations)
        short = alternatives(abbreviations)
        self.abbreviation = re.compile(rf"(?<![\w-])(?:{short})(?![\w-])")
        self.definition = re.compile(
            rf"commitments?\W{{1,4}}(?:{short})\b|\b(?:{short})\s*(?:=|:|means|stands?\s+for|denotes?)\s[^.\n]{{0,30}}commitment",
            re.IGNORECASE,
        )


@cache
def load_commitment_patterns() -> CommitmentPatterns:
    """Return the compiled patterns; made once."""
    return CommitmentPatterns(load_commitment_rules())


def find_commitments(view: TextView) -> Finds:
    """Return all commitments and areas of a view in text order."""
    rules, texts, patterns = load_commitment_rules(), load_commitment_texts(), load_commitment_patterns()
    tables = CommitmentTables(view, rules.words, texts, patterns.grammar)
    found: list[Hit | Doubt] = [*_find_numbers(view, patterns), *_find_abbreviations(view, patterns)]
    found += AreaFinder(view, patterns.grammar, tables).find()
    found += tables.find()
    return Finds(
        _without_overlaps([f for f in found if isinstance(f, Hit)]),
        _in_order([f for f in found if isinstance(f, Doubt)]),
    )


def _in_order(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    return tuple(sorted(doubts, key=lambda doubt: (doubt.span, doubt.rule_id)))


def _without_overlaps(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return hits in text order; of two of one kind that overlap, the one that starts first, then the longer, stays."""
    kept: list[Hit] = []
    ends: dict[MentionKind, int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.span.start, -hit.span.end, hit.rule_id)):
        if hit.span.start >= ends.get(hit.kind, 0):
            kept.append(hit)
            ends[hit.kind] = hit.span.end
    return tuple(kept)


def _find_numbers(view: TextView, patterns: CommitmentPatterns) -> Iterator[Hit | Doubt]:
    """Yield what stands at each word commitment: the numbers after it, else an ordinal or a count before it."""
    pieces = view.pieces()
    places = pieces.where(pieces.holding(_TRIGGER))
    for start, end in zip(pieces.starts[places].tolist(), pieces.starts[places + 1].tolist(), strict=True):
        for trigger in _TRIGGER.finditer(view.text, start, end):
            yield from _find_at(view, patterns, trigger.span(), bool(trigger["plural"]))


def _find_at(
    view: TextView, patterns: CommitmentPatterns, trigger: tuple[int, int], is_plural: bool
) -> Iterator[Hit | Doubt]:
    text, (start, end) = view.text, trigger
    block_start = text.rfind("\n", max(0, start - _BEFORE), start) + 1 or max(0, start - _BEFORE)
    before = text[block_start:start]
    stop = text.find("\n", end, end + _WINDOW)
    after = text[end : stop if stop >= 0 else end + _WINDOW]
    numbers = None if patterns.foreign.search(before) else _read_after(view, patterns, trigger, after, is_plural)
    prefix = patterns.first_last.search(before) if is_plural else None
    if numbers is None:
        yield from _find_before(patterns, before, after, trigger, is_plural)
        return
    begin = _begin(before, start, prefix)
    values = tuple(map(str, numbers.values))
    is_open = text.count("(", end, end + numbers.end) > text.count(")", end, end + numbers.end)
    span = Span(begin, end + numbers.end + (is_open and after.startswith(")", numbers.end)))
    if numbers.outside or _is_footnote_like(after, numbers, is_plural):
        reason = "a number in brackets after a plural may be a footnote mark"
        if numbers.outside:
            reason = f"no commitment has the number {numbers.outside[0]}"
        yield Doubt(MentionKind.COMMITMENT, span, values, "commitment.number", reason)
    if values and not _is_footnote_like(after, numbers, is_plural):
        yield Hit(MentionKind.COMMITMENT, span, values, "commitment.number")


def _begin(before: str, start: int, prefix: re.Match[str] | None) -> int:
    """Return where a mention starts: at ``the last three``, at ``binding``, or at the trigger."""
    if prefix is not None:
        return start - len(before) + prefix.start()
    binding = _BINDING.search(before)
    return start - len(before) + binding.start() if binding else start


def _read_after(
    view: TextView, patterns: CommitmentPatterns, trigger: tuple[int, int], after: str, is_plural: bool
) -> NumberList | None:
    """Return the numbers right after a trigger, offsets relative to its end, or ``None``."""
    is_glued = after[:1].isdigit() and is_recognised(view, trigger[1])
    lead = _GLUED.match(after) if is_glued else patterns.lead.match(after)
    if lead is None:
        return None
    word, base = trigger

    def digits_end(start: int, end: int) -> int:
        return end_of_digits(view, base + start, base + end, word) - base

    numbers = patterns.grammar.read(after, lead.end(), is_plural=is_plural, digits_end=digits_end)
    may_count = lead["colon"] or patterns.counting_lead.search(lead["said"] or "")
    if numbers is None or (may_count and is_plural and numbers.items == 1 and len(numbers.values) == 1):
        return None
    if after[lead.end()].isalpha() and numbers.items == 1 and _WORD_STOP.match(after, numbers.end):
        return None
    if (lead["between"] or "").lower().startswith("between") and numbers.items == 2 and len(numbers.values) == 2:
        return NumberList(expand_range(*numbers.values) or numbers.values, numbers.outside, numbers.end, 1)
    return numbers


def _is_footnote_like(after: str, numbers: NumberList, is_plural: bool) -> bool:
    """Tell whether all there is after a plural is one number in brackets, which reads like a footnote mark."""
    return is_plural and numbers.items == 1 and len(numbers.values) <= 1 and bool(_BARE_BRACKET.match(after))


def _find_before(
    patterns: CommitmentPatterns, before: str, after: str, trigger: tuple[int, int], is_plural: bool
) -> Iterator[Hit]:
    """Yield what stands before a trigger: ``the tenth``, ``the first five``."""
    first = trigger[0] - len(before)
    if patterns.ordinal_stop.match(after) and not re.match(r"\s+of\s+the\s+(?:Annex|Decision)\b", after):
        return
    if is_plural and (counted := patterns.first_last.search(before)):
        count = _count(counted["count"])
        if 2 <= count < HIGHEST:
            numbers = (
                expand_range(1, count)
                if counted["side"].lower() == "first"
                else expand_range(HIGHEST + 1 - count, HIGHEST)
            )
            yield Hit(
                MentionKind.COMMITMENT,
                Span(first + counted.start(), trigger[1]),
                tuple(map(str, numbers)),
                "commitment.first_last",
            )
        return
    found = patterns.ordinal.search(before)
    if found is None:
        return
    numbers = tuple(_ordinal(item) for item in patterns.ordinal_item.findall(found["list"]))
    if re.search(r"\bto\b", found["list"]) and len(numbers) == 2:
        numbers = expand_range(*numbers)
    if numbers and all(1 <= number <= HIGHEST for number in numbers) and (len(numbers) > 1) == is_plural:
        yield Hit(
            MentionKind.COMMITMENT,
            Span(first + found.start(), trigger[1]),
            tuple(map(str, numbers)),
            "commitment.ordinal",
        )


def _count(word: str) -> int:
    return int(word) if word.isdigit() else NUMBER_WORDS.index(word.lower()) + 1


def _ordinal(word: str) -> int:
    digits = re.match(r"\d+", word)
    return int(digits.group()) if digits else ORDINAL_WORDS.index(word.lower()) + 1


def _find_abbreviations(view: TextView, patterns: CommitmentPatterns) -> Iterator[Hit | Doubt]:
    """Yield numbers after abbreviations; hits where the document explains them, else doubts."""
    may_be = bool(view.pieces().places_of(patterns.abbreviation_heads))
    found = list(patterns.abbreviation.finditer(view.text)) if may_be else []
    is_defined = bool(found) and bool(patterns.definition.search(view.text))
    for trigger in found:
        stop = view.text.find("\n", trigger.end(), trigger.end() + _WINDOW)
        after = view.text[trigger.end() : stop if stop >= 0 else trigger.end() + _WINDOW]
        numbers = _read_after(view, patterns, trigger.span(), after, trigger.group().endswith("s"))
        if numbers is None or not (numbers.values or numbers.outside):
            continue
        span, values = Span(trigger.start(), trigger.end() + numbers.end), tuple(map(str, numbers.values))
        if is_defined and values:
            yield Hit(MentionKind.COMMITMENT, span, values, "commitment.abbreviation")
        if not is_defined or numbers.outside:
            reason = (
                "the document does not explain the abbreviation" if not is_defined else "no commitment has this number"
            )
            yield Doubt(MentionKind.COMMITMENT, span, values, "commitment.abbreviation", reason)
