"""Sentences with their commitments and states as single signs, and the patterns that say how far a commitment is met.

A sentence enters with its mentions masked (one private character each), so that patterns see ``X is not fully met`` or
``S has partly met X``. Out come claims: which commitments, which status, and where the words stand that say so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from models.facts import Status
from pipeline.status_rules import StatusPhrases, StatusRules, any_of, load_status_phrases, load_status_rules

FIRST_COMMITMENT, LAST_COMMITMENT = 0xE000, 0xE7FF
FIRST_STATE, LAST_STATE = 0xE800, 0xEFFF
COMMITMENT = f"[{chr(FIRST_COMMITMENT)}-{chr(LAST_COMMITMENT)}]"
STATE = f"[{chr(FIRST_STATE)}-{chr(LAST_STATE)}]"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence says: the offsets of the commitment signs meant, a status, its rule, and where the saying words
    begin and end. ``is_active`` tells that a subject before the words does it; ``is_nobody`` that nobody does."""

    commitments: tuple[int, ...]
    status: Status
    rule_id: str
    start: int
    end: int
    is_active: bool = False


class SentencePatterns:
    """The compiled patterns of the rule file."""

    def __init__(self, rules: StatusRules, phrases: StatusPhrases) -> None:
        """Compile them."""
        words = rules.words
        self._phrases = phrases
        degree, full = any_of(words.degrees), any_of(words.fulls)
        negation, filler = any_of(words.negations), any_of(words.fillers)
        done, plans = any_of(words.participles), any_of(words.plans)
        self._degree = re.compile(degree, re.IGNORECASE)
        tail = rf"(?:(?:\s+only)?\s+(?P<tail>{degree}|{full}))?"
        fill = rf"(?:{filler}\s+)*"
        weight = rf"(?:(?P<degree>{degree}|{full})\s+)?"
        be = r"(?<!\w)(?:is|are|was|were|can\s+be|may\s+be|must\s+be|has\s+been|have\s+been)"
        verdict = rf"{be}\s+(?:{filler}\s+)*{any_of(words.verdicts)}(?:\s+as|\s+to\s+be|\s+to\s+have\s+been)?(?!\w)"
        undone = any_of(words.undone)
        been = rf"(?:{any_of(words.haves)}\s+)(?:(?P<neg2>{negation})\s+)?{fill}(?:(?P<degree2>{degree}|{full})\s+)?{fill}been"
        self._passive = (
            rf"(?:(?P<future>{any_of(words.futures)})|{been}|{verdict}|{any_of(words.links)})\s+{fill}(?:(?P<neg>{negation})\s+)?{fill}{weight}{fill}"
            rf"(?:(?P<undone>{undone})|(?P<planned>{plans})|(?P<done>{done})){tail}"
        )
        gap = r"(?:\s?\([^()]*\))?(?:,?\s+and\s+(?:several|some|many|most|a\s+few|the)\s+others?)?(?:,\s[^,.;:\ue000-\uefff]{1,60},|,)?\s+"
        self.after = re.compile(
            rf"(?P<which>{COMMITMENT}){gap}(?:for\s+the\s+group(?:\s+as\s+a\s+whole)?\s+)?{self._passive}",
            re.IGNORECASE,
        )
        goals = any_of(words.goals)
        of_goal = rf"(?:(?:only|all\s+of|both|the)\s+)?(?:(?:the\s+)?(?:\w+\s+){{0,3}}{goals}\s+(?:of|set\s+by|under)\s+(?:[^,.;\ue000-\uefff]{{0,40}},\s+)?)?"
        before_base = (
            rf"(?:(?P<future>{any_of(words.active_futures)})|(?P<failure>{any_of(words.active_failures)}))\s+{fill}"
        )
        self.before = re.compile(
            rf"(?:{before_base}{weight}{any_of(words.bases)}"
            rf"|(?:(?P<have>{any_of(words.haves)})\s+)?(?:(?P<neg>{negation})\s+)?{fill}(?:(?P<degree2>{degree}|{full})\s+)?(?P<done>{done})"
            rf"|(?P<present>{any_of(words.presents)})"
            rf"|(?<={STATE}\s)(?:{any_of(words.bases)})|(?<=\bthey\s)(?:{any_of(words.bases)})|(?<=\bwe\s)(?:{any_of(words.bases)})|(?<=[sS]tates\s)(?:{any_of(words.bases)}))"
            rf"\s+{of_goal}(?:{degree}\s+)?(?P<which>{COMMITMENT}){tail}",
            re.IGNORECASE,
        )
        self.above = re.compile(
            rf"{any_of(words.above)}\s+(?:\w+\s+){{0,2}}{goals}\s+of\s+(?P<which>{COMMITMENT})", re.IGNORECASE
        )
        chatter = any_of((*words.happenings, *words.reported, "yet", "so far", "at all", "there"))
        self.nothing = re.compile(
            rf"{any_of(words.nothings)}(?:\s+{chatter})*(?:\s+by\s+{STATE})?\s+{any_of(words.towards)}\s+(?:the\s+)?(?P<which>{COMMITMENT})",
            re.IGNORECASE,
        )
        self.named = re.compile(
            rf"(?P<which>{COMMITMENT})\s+{any_of(words.namings)}\s+(?P<phrase>{phrases.pattern})", re.IGNORECASE
        )
        subjects = any_of((*words.goals, *words.headings))
        self.topic = re.compile(
            rf"{any_of(words.topics)}\s+(?P<which>{COMMITMENT}(?:(?:,\s*|\s+and\s+){COMMITMENT})*),?\s[^.;:\ue000-\ue7ff]{{0,60}}?{subjects}\s+(?:\w+\s+){{0,2}}?{self._passive}",
            re.IGNORECASE,
        )
        self.label = re.compile(
            rf"(?P<which>{COMMITMENT})\s*(?:\(|:|\s[-\u2013\u2014]\s)\s*(?:status\s*:\s*)?(?P<phrase>{phrases.pattern})\s*(?:[.),;(]|$)",
            re.IGNORECASE,
        )
        self.bare = re.compile(
            rf"(?:^|[(:;,]\s*)(?P<which>{COMMITMENT})\s+(?P<phrase>{phrases.pattern})\s*(?=[).,;]|$)", re.IGNORECASE
        )
        self.declared = re.compile(
            rf"{any_of(words.verdict_verbs)}\s+(?:that\s+)?(?P<which>{COMMITMENT})(?:(?:,\s*|\s+and\s+){COMMITMENT})*\s+(?P<phrase>{phrases.pattern})(?=[.,;]|\s+and\s|$)",
            re.IGNORECASE,
        )
        self.saw_nothing = re.compile(
            rf"(?P<which>{COMMITMENT})\s+{any_of(words.seeings)}\s+{any_of(words.nothings)}", re.IGNORECASE
        )
        self.but_not = re.compile(rf"\s*,?\s+but\s+not\s+(?:yet\s+)?(?P<which>{COMMITMENT})", re.IGNORECASE)
        self.neither_done = re.compile(
            rf"(?:{done}|{any_of(words.presents)})\s+neither\s+(?P<which>{COMMITMENT})\s+nor\s+{COMMITMENT}",
            re.IGNORECASE,
        )
        self.deeds = re.compile(rf"(?:{any_of((*words.deeds, *words.goals))}\s+(?:\w+\s+)?|,\s)$", re.IGNORECASE)
        self.neither = re.compile(rf"neither\s+({COMMITMENT})\s+nor\s+$", re.IGNORECASE)
        self.label_before = re.compile(
            rf"(?:^|[.;,(]\s*)(?P<phrase>{phrases.pattern})(?:\s+commitments?)?\s*:\s*(?P<which>{COMMITMENT})",
            re.IGNORECASE,
        )
        self._open = re.compile(any_of(words.open_questions), re.IGNORECASE)
        self._wish = re.compile(rf"(?<!\w)(?:{'|'.join(words.wishes)})\w*", re.IGNORECASE)
        self._list = re.compile(
            rf"(?:,\s*and\s+|\s+and\s+|\s+or\s+|\s+as\s+well\s+as\s+|,\s*)(?={COMMITMENT})", re.IGNORECASE
        )
        self._topic_word = re.compile(rf"(?:{any_of(words.topics)}|{any_of(words.towards)})\s+$", re.IGNORECASE)
        ending = any_of(
            (
                "in",
                "by",
                "for",
                "on",
                "under",
                "with",
                "at",
                "to",
                "from",
                "as",
                "since",
                "and",
                "or",
                "so",
                "which",
                "that",
            )
        )
        self._object_end = re.compile(rf"\s*(?:[.,;:)]|$)|\s\(|\s+(?:{ending}|{degree}|{full})", re.IGNORECASE)

    def claims(self, sentence: str) -> list[Claim]:
        """Return what a masked sentence says, each commitment sign at most once, the surest pattern first."""
        taken: set[int] = set()
        found: list[Claim] = []
        for claim in self._all_claims(sentence):
            signs = tuple(sign for sign in claim.commitments if sign not in taken)
            if signs:
                taken.update(signs)
                found.append(Claim(signs, claim.status, claim.rule_id, claim.start, claim.end, claim.is_active))
        return found

    def _all_claims(self, sentence: str) -> Iterator[Claim]:
        yield from self._phrase_claims(sentence, self.label, "status.label")
        yield from self._phrase_claims(sentence, self.label_before, "status.label")
        yield from self._phrase_claims(sentence, self.named, "status.named")
        yield from self._phrase_claims(sentence, self.declared, "status.named")
        yield from self._phrase_claims(sentence, self.bare, "status.label")
        yield from self._nothing_claims(sentence)
        yield from self._active_claims(sentence)
        yield from self._passive_claims(sentence)

    def _phrase_claims(self, sentence: str, pattern: re.Pattern[str], rule_id: str) -> Iterator[Claim]:
        for found in pattern.finditer(sentence):
            which = found.start("which")
            if not self._is_open(sentence, which):
                status = self._phrases.of_phrase(found["phrase"])
                signs = self._signs_right(sentence, which) if pattern is self.declared else self._signs(sentence, which)
                yield Claim(signs, status, rule_id, found.start(), found.end(), rule_id == "status.named")

    def _nothing_claims(self, sentence: str) -> Iterator[Claim]:
        for found in self.nothing.finditer(sentence):
            signs = self._signs_right(sentence, found.start("which"))
            yield Claim(signs, Status.NOT_MET, "status.nothing", found.start(), found.end())
        for found in self.saw_nothing.finditer(sentence):
            yield Claim(
                self._signs(sentence, found.start("which")),
                Status.NOT_MET,
                "status.nothing",
                found.start("which"),
                found.end(),
            )
        for found in self.neither_done.finditer(sentence):
            signs = (found.start("which"), found.end() - 1)
            yield Claim(signs, Status.NOT_MET, "status.active", found.start(), found.end(), is_active=True)
        for found in self.above.finditer(sentence):
            if not self._is_open(sentence, found.start()):
                yield Claim((found.start("which"),), Status.MET, "status.active", found.start(), found.end())

    def _active_claims(self, sentence: str) -> Iterator[Claim]:
        for found in self.before.finditer(sentence):
            if self._is_open(sentence, found.start()) or self._is_passive_or_purpose(sentence, found):
                continue
            status = self._active_status(found)
            if status is not None:
                signs = self._signs_right(sentence, found.start("which"))
                yield Claim(signs, status, "status.active", found.start(), found.end(), is_active=True)
                contrast = self.but_not.match(sentence, signs[-1] + 1) if status is Status.MET else None
                if contrast is not None:
                    others = self._signs_right(sentence, contrast.start("which"))
                    yield Claim(others, Status.NOT_MET, "status.active", found.start(), contrast.end(), is_active=True)

    def _is_passive_or_purpose(self, sentence: str, found: re.Match[str]) -> bool:
        """Tell whether ``met X`` is no deed: ``is met``, ``to have met``, ``must meet``."""
        before = sentence[max(0, found.start() - 30) : found.start()]
        return bool(
            re.search(
                r"(?:\b(?:to|is|are|was|were|be|been|being|must|shall|should|can|could|may|might|would)\s+)$", before
            )
        )

    def _active_status(self, found: re.Match[str]) -> Status | None:
        parts = found.groupdict()
        weight = parts["degree"] or parts["degree2"] or parts["tail"] or ""
        is_partly = bool(self._degree.fullmatch(weight))
        if parts["future"]:
            return Status.PLANNED
        if parts["failure"] or parts["neg"]:
            return Status.PARTLY if weight and not is_partly else Status.NOT_MET
        return Status.PARTLY if is_partly else Status.MET

    def _passive_claims(self, sentence: str) -> Iterator[Claim]:
        for pattern, rule_id in ((self.after, "status.passive"), (self.topic, "status.topic")):
            for found in pattern.finditer(sentence):
                if self._is_open(sentence, found.start()):
                    continue
                status = self._passive_status(found)
                signs = self._subject_signs(sentence, found) if pattern is self.after else _signs_in(found, "which")
                if signs and self.neither.search(sentence[: found.start("which")]):
                    status = Status.NOT_MET
                if status is not None and signs:
                    yield Claim(signs, status, rule_id, found.start("which"), found.end())

    def _subject_signs(self, sentence: str, found: re.Match[str]) -> tuple[int, ...]:
        """Return the commitments that are the subject of a verb; none where they only qualify it (``talks on X are``)."""
        last = found.start("which")
        neither = self.neither.search(sentence[:last])
        if neither is not None:
            return neither.start(1), last
        signs = self._signs(sentence, last)
        before = self._topic_word.search(sentence[: signs[0]])
        of_goal = re.search(r"\s(?:of|in|set\s+by)\s+$", sentence[: signs[0]])
        qualifies = before or of_goal
        if qualifies and not self.deeds.search(sentence[: qualifies.start()].rstrip() + " "):
            return ()
        return signs

    def _passive_status(self, found: re.Match[str]) -> Status | None:
        parts = found.groupdict()
        if parts["future"]:
            return None if parts["neg"] else Status.PLANNED
        is_negated = bool(parts["neg"] or parts["neg2"])
        if parts["undone"]:
            return None if is_negated else Status.NOT_MET
        if parts["planned"]:
            return None if is_negated else Status.PLANNED
        weights = [parts[name] for name in ("degree", "degree2", "tail") if parts[name]]
        is_partly = any(self._degree.fullmatch(weight) for weight in weights)
        if is_negated:
            return Status.PARTLY if weights and not is_partly else Status.NOT_MET
        return Status.PARTLY if is_partly else Status.MET

    def _is_open(self, sentence: str, offset: int) -> bool:
        """Tell whether what stands at an offset is asked, wished or conditional: ``how X will be met``."""
        clause = re.split(r"[;:]\s|,\s+(?:so|and|but|yet)\s", sentence[:offset])[-1]
        wish, that, rest = clause.rpartition(" that ")
        if that and self._wish.search(wish):
            return True
        return bool(self._open.search(rest))

    def _signs(self, sentence: str, last: int) -> tuple[int, ...]:
        """Return the signs that end at ``last`` as one subject: ``X and Y are met``, but not ``on X, and Y is met``."""
        signs = [last]
        while True:
            before = re.search(rf"({COMMITMENT})(?:\s?\([^()]*\))?(,\s*|,?\s+(?:and|or)\s+)$", sentence[: signs[0]])
            if before is None or self._topic_word.search(sentence[: before.start(1)]):
                return tuple(signs)
            if before[2].startswith(",") and before[2].strip(" ,"):
                return tuple(signs)
            signs.insert(0, before.start(1))

    def _signs_right(self, sentence: str, first: int) -> tuple[int, ...]:
        """Return the signs that begin at ``first`` as one object: ``met X and Y``, but not ``met X, and Y is open``."""
        signs = [first]
        while True:
            join = self._list.match(sentence, signs[-1] + 1)
            if join is None or not self._object_end.match(sentence, join.end() + 1):
                return tuple(signs)
            signs.append(join.end())


def _signs_in(found: re.Match[str], group: str) -> tuple[int, ...]:
    """Return the offsets of the commitment signs in a group of a match."""
    return tuple(found.start(group) + sign.start() for sign in re.finditer(COMMITMENT, found[group]))


@cache
def load_sentence_patterns() -> SentencePatterns:
    """Return the compiled patterns; made once."""
    return SentencePatterns(load_status_rules(), load_status_phrases())
