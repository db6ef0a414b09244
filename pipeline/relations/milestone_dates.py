"""Terms of milestones and the dates that belong to them, in one sentence.

A term and a date belong together only when link words stand between them, so that a meeting's date is no capability's.
A sentence enters; each term with its date, and the date it had before where it moved, leaves.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.facts import MilestoneKind
from models.mentions import Mention
from pipeline.relations.rules import PROJECT_LIST, MilestoneRules
from pipeline.relations.sentences import DATE, PROJECT, SIGNS, Sentence

# Several projects may be meant only where one act launches or closes them together.
SHARED_KINDS = frozenset({MilestoneKind.LAUNCH, MilestoneKind.CLOSURE})
_SINCE = re.compile(r"(?:with effect )?(?:since|as of|as from|from)\b", re.IGNORECASE)
_BEFORE = re.compile(r"(?:before|prior to)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b[^.;,]*$")
# Words between two dates of which the second is the one that holds.
_TURN = re.compile(r"\b(?:now|to|until|instead|but|only)\b", re.IGNORECASE)
_HOLDS = re.compile(r"\b(?:now|but|only)\b", re.IGNORECASE)
# Behind a term's only date: it was not kept.
_MISSED = re.compile(r" (?:was|were|has been|had been) (?:missed|not kept)\b")
_MOST_LINK_WORDS = 14
_WORD = re.compile(r"[A-Za-z]+(?:-[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Dated:
    """A milestone read in a sentence: its dates, the mentions it rests on, and where its term stands."""

    kind: MilestoneKind
    date: str
    was: str | None
    evidence: tuple[int, ...]
    rule_id: str
    place: int
    end: int


def find_dated_terms(rules: MilestoneRules, sentence: Sentence) -> Iterator[Dated]:
    """Yield each term of a sentence with the date that link words tie to it; an earlier date alone is no date of it."""
    text = sentence.pattern_text
    if DATE not in text:
        return
    for group, stop in _term_groups(rules, text):
        dates = linked_dates(rules, sentence, group[-1].end(), stop, with_lists=_kind(rules, group[-1]) in SHARED_KINDS)
        paired = _paired_dates(sentence, group, dates, stop)
        for match in group:
            rule_id, kind = _rule(rules, match)
            own = paired.get(match.start()) or dates or _date_before(sentence, match.start())
            is_old = len(own) == 1 and rules.earlier.search(text, match.end(), own[0]) is not None
            is_old = is_old or (len(own) == 1 and _MISSED.match(text, own[0] + 1) is not None)
            if own and not is_old and not _is_refused(rules, text, match, kind):
                yield _read_dates(rules, sentence, match, own, kind, rule_id)


def _term_groups(rules: MilestoneRules, text: str) -> Iterator[tuple[list[re.Match[str]], int]]:
    """Yield the terms of a text, those joined by `and` together, each group with the place of the next one."""
    terms = list(rules.term.finditer(text))
    group: list[re.Match[str]] = []
    for number, match in enumerate(terms):
        group.append(match)
        following = terms[number + 1].start() if number + 1 < len(terms) else len(text)
        if not re.fullmatch(r" ?(?:,? and|/|&|,)(?: its)? ?", text[match.end() : following]):
            yield group, following
            group = []


def _rule(rules: MilestoneRules, match: re.Match[str]) -> tuple[str, MilestoneKind]:
    """Return the rule id and the milestone of a term."""
    return next(rules.term_ids[name] for name in rules.term_ids if match.group(name) is not None)


def _kind(rules: MilestoneRules, match: re.Match[str]) -> MilestoneKind:
    """Return the milestone of a term."""
    return _rule(rules, match)[1]


def _is_refused(rules: MilestoneRules, text: str, match: re.Match[str], kind: MilestoneKind) -> bool:
    """Tell whether words in the clause say that a term is no fact: proposed, possible, asked for."""
    start = max(text.rfind(mark, 0, match.start()) for mark in ";.") + 1
    end = min(len(text), match.end() + 40) if kind == MilestoneKind.CLOSURE else match.start()
    return rules.refusal.search(text, start, end) is not None


def _paired_dates(
    sentence: Sentence, group: Sequence[re.Match[str]], dates: Sequence[int], stop: int
) -> dict[int, list[int]]:
    """Return the date of each term where as many dates follow as terms stand together ("IOC and FOC in X and Y")."""
    if len(group) < 2 or len(dates) != 1:
        return {}
    text = sentence.pattern_text
    run = re.match(rf"{DATE}(?:(?:,| and|, and) (?:in |by )?{DATE})+", text[dates[0] : stop])
    places = [] if run is None else [dates[0] + i for i, character in enumerate(run[0]) if character == DATE]
    return (
        {match.start(): [place] for match, place in zip(group, places, strict=True)}
        if len(places) == len(group)
        else {}
    )


def linked_dates(
    rules: MilestoneRules, sentence: Sentence, start: int, stop: int, *, with_lists: bool = False
) -> list[int]:
    """Return the offsets of the one or two dates that only link words part from an offset and from each other.

    ``of`` a project may stand between; with ``with_lists`` so may a list of projects.
    """
    text = sentence.pattern_text
    dates: list[int] = []
    position = start
    while len(dates) < 2:
        place = text.find(DATE, position, stop)
        gap = text[position:place] if place >= 0 else ""
        if not dates:
            gap = re.sub(r"\b(?:of|for|in|by)((?: the| PESCO| project)*[ \"']*)" + PROJECT, r"\1", gap)
            gap = re.sub(PROJECT_LIST, " ", gap) if with_lists else gap
        if place < 0 or not _is_link(rules, gap, is_second=bool(dates)):
            break
        dates.append(place)
        position = place + 1
    return dates


def _is_link(rules: MilestoneRules, gap: str, *, is_second: bool) -> bool:
    """Tell whether a text between a term and a date ties them. Between two dates it must say that the date moved."""
    if ";" in gap or any(sign in gap for sign in SIGNS):
        return False
    words = _WORD.findall(gap.lower())
    if len(words) > _MOST_LINK_WORDS or not all(word in rules.link_words for word in words):
        return False
    return not is_second or _says_moved(rules, gap)


def _says_moved(rules: MilestoneRules, gap: str) -> bool:
    """Tell whether the text between two dates parts an earlier date from a later one."""
    return bool(rules.was.search(gap) or _TURN.search(gap) or rules.move.search(gap))


def _date_before(sentence: Sentence, end: int) -> list[int]:
    """Return the offset of the one date that opens a sentence before a term ("On 20 November 2020 ...")."""
    text = sentence.pattern_text
    place = text.find(DATE)
    is_opening = 0 <= place < end and text[:place].strip().lower() in ("", "on", "in", "by")
    is_only = text.count(DATE) == 1 and not re.search(r"[;:]", text[:end])
    return [place] if is_opening and is_only else []


def _read_dates(
    rules: MilestoneRules, sentence: Sentence, match: re.Match[str], dates: list[int], kind: MilestoneKind, rule_id: str
) -> Dated:
    """Return the milestone of a term and its dates: which is the date, which the one it had before."""
    text = sentence.pattern_text
    current, earlier = dates[0], None
    if len(dates) == 2:
        lead, between = text[match.end() : dates[0]], text[dates[0] : dates[1]]
        is_first_old = any(pattern.search(lead) for pattern in (rules.was, rules.move, rules.earlier))
        is_first_old = is_first_old or _HOLDS.search(between) is not None
        current, earlier = (dates[1], dates[0]) if is_first_old else (dates[0], dates[1])
    slots = [len(sentence.slots(0, place)) for place in dates]
    return Dated(
        kind=kind,
        date=value_at(sentence, current),
        was=None if earlier is None else value_at(sentence, earlier),
        evidence=tuple(sentence.indices[slot] for slot in slots),
        rule_id=rule_id,
        place=match.start(),
        end=match.end(),
    )


def value_at(sentence: Sentence, place: int) -> str:
    """Return the value of the date at an offset; one said with `since` is a point, not the start of a stretch, and
    `not expected before X` is X or later."""
    mention = sentence.mentions[len(sentence.slots(0, place))]
    value = point_value(mention)
    is_negated = _BEFORE.match(mention.text) and _NOT.search(sentence.pattern_text[max(0, place - 40) : place])
    return f"{value[3:]}/.." if is_negated and value.startswith("../") else value


def point_value(mention: Mention) -> str:
    """Return a date's value as a milestone has it.

    ``since the end of 2020`` is 2020-12 (gold: a milestone said with `since X` has the date X without ``/..``).
    """
    value = mention.values[0]
    return value[:-3] if value.endswith("/..") and _SINCE.match(mention.text) else value
