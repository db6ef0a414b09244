"""The words of commitment statuses from ``rules/statuses.yml``, and what a cell, a legend or a heading says by them."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Annotated

from pydantic import Field

from extractors.nlp import fold
from extractors.rulebook import RuleModel, read_rules
from models.facts import Status

RuleId = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")]


class StatusPhrase(RuleModel):
    """Phrases that say one status. ``examples`` are cells that say it, ``near_misses`` cells that do not."""

    id: RuleId
    status: Status
    words: tuple[str, ...]
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


class SentenceRule(RuleModel):
    """A kind of sentence with its proof: sentences with all the statuses they give, and sentences that give none."""

    id: RuleId
    examples: dict[str, str]
    near_misses: tuple[str, ...]


class StatusWords(RuleModel):
    """The words that sentences are taken apart with; the rule file says what each list is for."""

    participles: tuple[str, ...]
    presents: tuple[str, ...]
    bases: tuple[str, ...]
    gerunds: tuple[str, ...]
    company: tuple[str, ...]
    demands: tuple[str, ...]
    sames: tuple[str, ...]
    awaitings: tuple[str, ...]
    shortfalls: tuple[str, ...]
    likes: tuple[str, ...]
    latters: tuple[str, ...]
    formers: tuple[str, ...]
    degrees: tuple[str, ...]
    fulls: tuple[str, ...]
    negations: tuple[str, ...]
    fillers: tuple[str, ...]
    links: tuple[str, ...]
    verdicts: tuple[str, ...]
    verdict_verbs: tuple[str, ...]
    haves: tuple[str, ...]
    futures: tuple[str, ...]
    lacks: tuple[str, ...]
    exceptions: tuple[str, ...]
    comparisons: tuple[str, ...]
    active_futures: tuple[str, ...]
    active_failures: tuple[str, ...]
    plans: tuple[str, ...]
    goals: tuple[str, ...]
    above: tuple[str, ...]
    nothings: tuple[str, ...]
    happenings: tuple[str, ...]
    reported: tuple[str, ...]
    towards: tuple[str, ...]
    topics: tuple[str, ...]
    namings: tuple[str, ...]
    seeings: tuple[str, ...]
    undone: tuple[str, ...]
    deeds: tuple[str, ...]
    open_questions: tuple[str, ...]
    wishes: tuple[str, ...]
    doubts: tuple[str, ...]
    verdict_nouns: tuple[str, ...]
    quantities: tuple[str, ...]
    restricted: tuple[str, ...]
    nobodies: tuple[str, ...]
    groups: tuple[str, ...]
    pronouns: tuple[str, ...]
    clause_breaks: tuple[str, ...]
    headings: tuple[str, ...]
    group_headings: tuple[str, ...]
    state_headings: tuple[str, ...]
    nothing_cells: tuple[str, ...]
    yes_cells: tuple[str, ...]
    no_cells: tuple[str, ...]
    colours: tuple[str, ...]


class StatusRules(RuleModel):
    """``rules/statuses.yml``."""

    phrases: tuple[StatusPhrase, ...]
    words: StatusWords
    sentences: tuple[SentenceRule, ...]


@cache
def load_status_rules() -> StatusRules:
    """Return the status rules; read once. Raises ``RuleError``."""
    return read_rules("statuses.yml", StatusRules)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words as whole words, longest first, blanks of any width."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return rf"(?<!\w)(?:{'|'.join(re.escape(word).replace(chr(92) + ' ', chr(92) + 's+') for word in ordered)})(?!\w)"


_MAX_SAID = 200
"""A longer cell or heading says more than a status."""


class StatusPhrases:
    """Reads statuses that stand alone: in cells, legends, headings and after colons."""

    def __init__(self, rules: StatusRules) -> None:
        """Compile the phrases."""
        self._status_of = {fold(word): phrase.status for phrase in rules.phrases for word in phrase.words}
        # "notmet": recognition of characters may lose a blank
        self._glued = {phrase.replace(" ", ""): status for phrase, status in self._status_of.items() if " " in phrase}
        self.pattern = any_of(self._status_of)
        when = r"(?:since|in|by|for|as\s+of|until|from)\s+(?:the\s+)?(?:end\s+of\s+)?(?:\d|Q\d|H\d|early|mid|late)"
        remark = rf"(?:\s*[.,;:(\u2013\u2014-].*|\s+{when}.*)?"
        self._cell = re.compile(rf"\s*({self.pattern}){remark}\s*", re.DOTALL)
        openers = rf"(?:yes|no|overall|{any_of(rules.words.verdict_nouns)})\s*[,:]\s*"
        lead = rf"(?:{openers}|(?:now|again|already|currently|still)\s+)?"
        goes_on = r",\s+(?:with|as|since|but|because|though|although|thanks|except|apart|yet|and\s+in|see)\s"
        self._verdict = re.compile(
            rf"\s*{lead}(?P<phrase>{self.pattern})(?:\s*[.;:(\u2013\u2014!].*|{goes_on}.*|\s+{when}.*)?\s*", re.DOTALL
        )
        self._inside = re.compile(self.pattern)
        self._column = re.compile(rf"\s*({self.pattern})\s*(?:by|\?)?\s*(?:\(?\s*yes\s*/\s*no[^)]{{0,10}}\)?|\?)?\s*")
        self._yes = frozenset(map(fold, rules.words.yes_cells))
        self._no = frozenset(map(fold, rules.words.no_cells))
        self._nothing = frozenset(map(fold, rules.words.nothing_cells))

    def of_phrase(self, phrase: str) -> Status:
        """Return the status of a phrase of the rule file; raises ``KeyError``."""
        return self._status_of[" ".join(fold(phrase).split())]

    def of_cell(self, text: str) -> Status | None:
        """Return the status that a cell says, a remark behind it allowed; ``None`` when it says none."""
        if len(text) > _MAX_SAID:
            return None
        folded = fold(text)
        found = self._cell.fullmatch(folded)
        return self.of_phrase(found[1]) if found else self._glued.get(folded.strip(" ."))

    def of_verdict(self, sentence: str) -> Status | None:
        """Return the status of a sentence that is a bare verdict (``Met, with 62 firms.``), or ``None``."""
        found = self._verdict.fullmatch(fold(sentence))
        return self.of_phrase(found["phrase"]) if found else None

    def of_heading(self, text: str) -> Status | None:
        """Return the one status that a heading names somewhere, or ``None``."""
        if len(text) > _MAX_SAID:
            return None
        found = {self.of_phrase(phrase) for phrase in self._inside.findall(fold(text))}
        return found.pop() if len(found) == 1 else None

    def of_column(self, heading: str) -> Status | None:
        """Return the status that a heading is the name of: ``Met``, ``Fulfilled?``, ``Not met by``."""
        found = self._column.fullmatch(fold(heading.rpartition(" / ")[2])) if len(heading) <= _MAX_SAID else None
        return self.of_phrase(found[1]) if found else None

    def is_yes(self, text: str) -> bool:
        """Tell whether a cell is a tick or says yes."""
        return fold(text).strip(" .()") in self._yes

    def is_no(self, text: str) -> bool:
        """Tell whether a cell says no."""
        return fold(text).strip(" .()") in self._no

    def is_nothing(self, text: str) -> bool:
        """Tell whether a cell says nothing: a dash, ``none``, ``n/a``."""
        return fold(text).strip(" .") in self._nothing


@cache
def load_status_phrases() -> StatusPhrases:
    """Return the compiled phrases; made once."""
    return StatusPhrases(load_status_rules())


@cache
def load_status_roots() -> re.Pattern[str]:
    """Return a quick test for lower-case text that might say a status: the beginnings of all words that can."""
    rules = load_status_rules()
    words = rules.words
    said = [word for phrase in rules.phrases for word in phrase.words]
    said += [
        *words.participles,
        *words.presents,
        *words.bases,
        *words.degrees,
        *words.plans,
        *words.nothings,
        *words.above,
        *words.gerunds,
        *words.shortfalls,
        *words.awaitings,
    ]
    roots = {max(fold(phrase).split(), key=len)[:5] for phrase in said}
    return re.compile("|".join(sorted(map(re.escape, roots))))
