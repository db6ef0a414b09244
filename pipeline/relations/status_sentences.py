"""What a sentence says of commitments: which ones, how far they are met, and where the words stand that say so.

A sentence enters with every mention as one private character, claims leave. A claim that is only asked,
wished or a condition (``how X will be met``) is none; neither is a verb whose subject the commitment only qualifies.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.facts import Status
from pipeline.relations.sentences import STATE
from pipeline.relations.status_patterns import A_COMMITMENT, PRONOUN, SentencePatterns, load_sentence_patterns
from pipeline.relations.status_rules import load_status_phrases

_MAX_SENTENCE = 3000
"""A longer run of text is no sentence."""
_NEAR = 200
"""How far back a list or a qualifying word is looked for."""
_CLAUSE = re.compile(r"[;:]\s|,\s+(?:so|and|but|yet)\s", re.IGNORECASE)

# "Austria, which has met X", "Portugal, contrary to what was said, has met X": neither asks anything.
_RELATIVE = re.compile(rf"{STATE},\s+(?:which|who)\s")
_ASIDE = re.compile(r",\s+(?:contrary\s+to|unlike|as\s+opposed\s+to|in\s+contrast\s+to)\s[^,;:]{1,80},", re.IGNORECASE)
_NOT_HAVING = re.compile(r"\b(?:not|never)\s+having\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_INVERTED = re.compile(
    rf"\W*(?:had|were|should)\s+(?:the\s+)?(?:{STATE}|\w+\s+(?:states|group|union)\b|it\s|they\s)", re.IGNORECASE
)
"""``Had Greece met``: a condition."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence says: the offsets of the commitment signs meant, a status, its rule, and where the saying words
    begin and end. ``is_active`` tells that a subject before the words does it."""

    commitments: tuple[int, ...]
    status: Status
    rule_id: str
    start: int
    end: int
    is_active: bool = False


def find_claims(sentence: str) -> list[Claim]:
    """Return what a sentence with signs says, each commitment sign at most once, the surest pattern first."""
    if len(sentence) > _MAX_SENTENCE or sentence.rstrip(" \"')").endswith("?"):
        return []
    taken: set[int] = set()
    found: list[Claim] = []
    searched = _Sentence(sentence, load_sentence_patterns())
    for claim in searched.claims():
        signs = tuple(sign for sign in claim.commitments if sign not in taken)
        if signs:
            taken.update(signs)
            found.append(replace(claim, commitments=signs))
    found += searched.contrasts(found)
    for claim in searched.echoes(found):
        signs = tuple(sign for sign in claim.commitments if sign not in taken)
        if signs:
            taken.update(signs)
            found.append(replace(claim, commitments=signs))
    return found


def _last_before(claims: Sequence[Claim], offset: int) -> Claim | None:
    """Return the claim that ends last before an offset."""
    return max((claim for claim in claims if claim.end <= offset), key=lambda claim: claim.end, default=None)


class _Sentence:
    """One sentence with the patterns it is searched with."""

    def __init__(self, text: str, patterns: SentencePatterns) -> None:
        """Keep both."""
        self._text = text
        self._patterns = patterns

    def claims(self) -> Iterator[Claim]:
        """Yield claims, the surest first; signs may repeat."""
        patterns = self._patterns
        for pattern in (patterns.label, patterns.label_before):
            yield from self._by_phrase(pattern, "status.label")
        for pattern in (patterns.named, patterns.declared, patterns.verdict, patterns.topic_verdict):
            yield from self._by_phrase(pattern, "status.named")
        for pattern in (patterns.bare, patterns.bare_and):
            yield from self._by_phrase(pattern, "status.label")
        yield from self._by_nothing()
        yield from self._by_deed()
        yield from self._by_passive(patterns.after, "status.passive")
        yield from self._by_passive(patterns.bracketed, "status.passive")
        yield from self._by_passive(patterns.topic, "status.topic")

    def echoes(self, claims: Sequence[Claim]) -> Iterator[Claim]:
        """Yield what is said by pointing at what was said before: ``and the same holds for X``, ``X was not``."""
        for found in self._patterns.same.finditer(self._text):
            before = _last_before(claims, found.start())
            if before is not None and (found["neither"] is None or before.status is Status.NOT_MET):
                yield replace(before, commitments=self._signs_in(found))
        for found in self._patterns.elliptic.finditer(self._text):
            before = _last_before(claims, found.start())
            is_open = self._is_open(found.start()) or self._ends(self._patterns.topic_word, found.start())
            if before is None or is_open or before.status is Status.PLANNED:
                continue
            is_turned = before.status is Status.NOT_MET
            if is_turned != bool(found["neg"]):
                status = Status.MET if is_turned else Status.NOT_MET
                yield replace(before, commitments=self._signs_in(found), status=status)

    def contrasts(self, claims: Sequence[Claim]) -> list[Claim]:
        """Return what is said of others by their not doing the same: ``Spain meets X; Italy and Greece do not``."""
        found: list[Claim] = []
        for contrast in self._patterns.contrary.finditer(self._text):
            before = _last_before(claims, contrast.start() + 1)
            if before is not None and before.status in (Status.MET, Status.PARTLY) and before.is_active:
                start, end = contrast.span("verb")
                found.append(replace(before, status=Status.NOT_MET, start=start, end=end))
        return found

    def _by_phrase(self, pattern: re.Pattern[str], rule_id: str) -> Iterator[Claim]:
        """Yield from a status phrase beside a commitment."""
        for found in pattern.finditer(self._text):
            which = found.start("which")
            if not self._is_open(which):
                status = load_status_phrases().of_phrase(found["phrase"])
                is_named = pattern in (self._patterns.named, self._patterns.declared)
                yield Claim(
                    self._named(pattern, found), status, rule_id, found.start(), found.end(), is_active=is_named
                )

    def _named(self, pattern: re.Pattern[str], found: re.Match[str]) -> tuple[int, ...]:
        """Return the signs that a phrase is said of."""
        if pattern is self._patterns.declared:
            return self._object(found.start("which"))
        if len(found["which"]) > 1:
            return self._signs_in(found)
        return self._subject(found.start("which"))

    def _signs_in(self, found: re.Match[str]) -> tuple[int, ...]:
        """Return the signs of a list that a pattern took in whole."""
        return tuple(found.start("which") + sign.start() for sign in re.finditer(A_COMMITMENT, found["which"]))

    def _by_nothing(self) -> Iterator[Claim]:
        """Yield from ``no progress on X``, ``X saw no progress``."""
        for found in self._patterns.nothing.finditer(self._text):
            signs = self._object(found.start("which"))
            yield Claim(signs, Status.NOT_MET, "status.nothing", found.start(), found.end())
        for found in self._patterns.topic_nothing.finditer(self._text):
            yield Claim(self._signs_in(found), Status.NOT_MET, "status.nothing", found.start("nothing"), found.end())
        for pattern in (self._patterns.saw_nothing, self._patterns.awaits):
            for found in pattern.finditer(self._text):
                signs = self._subject(found.start("which"))
                yield Claim(signs, Status.NOT_MET, "status.nothing", found.start(), found.end())

    def _by_deed(self) -> Iterator[Claim]:
        """Yield from verbs whose object is a commitment: ``has met X but not X``, ``above the benchmark of X``."""
        for found in self._patterns.neither_done.finditer(self._text):
            signs = (found.start("which"), found.end() - 1)
            yield Claim(signs, Status.NOT_MET, "status.active", found.start(), found.end(), is_active=True)
        yield from self._by_shortfall()
        for found in self._patterns.above.finditer(self._text):
            if not self._is_open(found.start()):
                yield Claim((found.start("which"),), Status.MET, "status.active", found.start(), found.end())
        for found in self._patterns.relative.finditer(self._text):
            if not self._is_open(found.start()):
                status, start = self._active_status(found.groupdict()), found.start("verb")
                yield Claim(self._signs_in(found), status, "status.active", start, found.end(), is_active=True)
        has_base = self._patterns.short.search(self._text) is not None
        for found in self._patterns.before.finditer(self._text):
            is_helped = self._patterns.helper.search(self._text, max(0, found.start() - _NEAR), found.start())
            is_loose = found["joined"] is not None and not has_base
            is_plan = found["future"] is not None
            if not is_helped and not is_loose and not self._is_open(found.start(), is_plan=is_plan):
                has_base = has_base or found["base"] is not None
                yield from self._of_deed(found)

    def _by_shortfall(self) -> Iterator[Claim]:
        """Yield from ``falls short of X``, and from ``no longer falls short of X``."""
        for found in self._patterns.short.finditer(self._text):
            if not self._is_open(found.start()):
                status = Status.MET if found["neg"] else Status.NOT_MET
                signs = self._object(found.start("which"))
                yield Claim(signs, status, "status.active", found.start(), found.end(), is_active=True)

    def _of_deed(self, found: re.Match[str]) -> Iterator[Claim]:
        signs = self._object(found.start("which"))
        late = self._patterns.late_weight.match(self._text, signs[-1] + 1)
        parts = {**found.groupdict(), "tail": late["tail"] if late else None}
        if _NOT_HAVING.search(self._text, max(0, found.start() - _NEAR), found.start()):
            parts["neg"] = "not"
        status = self._active_status(parts)
        if self._patterns.no_more.match(self._text, signs[-1] + 1):
            status = Status.NOT_MET
        yield Claim(signs, status, "status.active", found.start(), found.end(), is_active=True)
        more = self._patterns.more_weighed.match(self._text, late.end() if late else signs[-1] + 1)
        while more is not None and not parts["future"]:
            own = {name: parts[name] for name in ("future", "failure", "neg", "neg2")}
            sign = more.start("which") if more["which"] else more.start("which2")
            weighed = self._active_status({**own, "degree": more["degree"], "tail": more["tail"]})
            yield Claim((sign,), weighed, "status.active", found.start(), more.end(), is_active=True)
            more = self._patterns.more_weighed.match(self._text, more.end())
        contrast = self._patterns.but_not.match(self._text, signs[-1] + 1) if status is Status.MET else None
        if contrast is not None:
            others = self._object(contrast.start("which"))
            yield Claim(others, Status.NOT_MET, "status.active", found.start(), contrast.end(), is_active=True)

    def _by_passive(self, pattern: re.Pattern[str], rule_id: str) -> Iterator[Claim]:
        """Yield from verbs whose subject is a commitment, or which stand under it as a topic."""
        for found in pattern.finditer(self._text):
            if self._is_open(found.start()):
                continue
            status = self._passive_status(found.groupdict())
            again = self._patterns.again.match(self._text, found.end())
            if again is not None:
                status = self._passive_status(again.groupdict()) or status
            signs = self._told_of(pattern, found)
            if self._neither(found.start("which")) is not None:
                status = Status.NOT_MET
            # "it is planned" may speak of anything
            is_vague = found["planned"] and PRONOUN in found["which"]
            if status is not None and signs and not is_vague:
                yield Claim(signs, status, rule_id, found.start("which"), found.end())

    def _told_of(self, pattern: re.Pattern[str], found: re.Match[str]) -> tuple[int, ...]:
        """Return the signs that a passive is told of."""
        neither = self._neither(found.start("which"))
        if neither is not None:
            return (neither, found.start("which"))
        if pattern is self._patterns.bracketed:
            return () if self._ends(self._patterns.topic_word, found.start()) else (found.start("which"),)
        return self._own_subject(found.start("which")) if pattern is self._patterns.after else self._signs_in(found)

    # --- how far

    def _is_partly(self, weight: str | None) -> bool:
        return weight is not None and self._patterns.degree.fullmatch(weight) is not None

    def _active_status(self, parts: dict[str, str | None]) -> Status:
        weights = [text for name, text in parts.items() if text and name.startswith(("degree", "tail"))]
        if parts["future"]:
            return Status.PLANNED
        return self._weighed(weights, is_negated=bool(parts["failure"] or parts["neg"] or parts.get("neg2")))

    def _passive_status(self, parts: dict[str, str | None]) -> Status | None:
        weights = [parts[name] for name in ("degree", "degree2", "tail", "tail2") if parts[name]]
        is_negated = any(parts[name] for name in ("neg", "neg2", "neg3", "neg4", "lack"))
        if parts["future"] or parts["planned"]:
            return None if is_negated else Status.PLANNED
        if parts["undone"]:
            return None if is_negated else Status.NOT_MET
        return self._weighed(weights, is_negated=is_negated)

    def _weighed(self, weights: Sequence[str | None], *, is_negated: bool) -> Status:
        """Return the status of ``(not) (partly, fully) met``: what is not fully met is partly met."""
        is_partly = any(map(self._is_partly, weights))
        if is_negated:
            return Status.PARTLY if weights and not is_partly else Status.NOT_MET
        return Status.PARTLY if is_partly else Status.MET

    def _is_open(self, offset: int, *, is_plan: bool = False) -> bool:
        """Tell whether what stands at an offset is asked, wished or conditional: ``how X will be met``. Plans by which
        somebody ``plans to meet X`` are none of these."""
        starts = [found.end() for found in _CLAUSE.finditer(self._text, 0, offset)]
        wish, that, rest = self._text[starts[-1] if starts else 0 : offset].rpartition(" that ")
        if that and (self._patterns.wish.search(wish) or self._patterns.doubt.search(wish)):
            return True
        rest = self._patterns.by_which.sub("", rest) if is_plan else rest
        rest = _ASIDE.sub(" ", _RELATIVE.sub(STATE + " ", rest))
        return bool(self._patterns.open_question.search(rest) or _INVERTED.match(self._text, 0, offset))

    # --- which

    def _ends(self, pattern: re.Pattern[str], end: int) -> re.Match[str] | None:
        """Return the match of a pattern that ends at ``end``."""
        return pattern.search(self._text, max(0, end - _NEAR), end)

    def _neither(self, offset: int) -> int | None:
        found = self._ends(self._patterns.neither, offset)
        return found.start("which") if found else None

    def _own_subject(self, last: int) -> tuple[int, ...]:
        """Return the subject that ends at ``last``; none where it only qualifies another noun (``talks on X are``)."""
        signs = self._subject(last)
        if self._ends(self._patterns.wrong_verb, signs[0]) is not None:
            return ()
        qualifier = self._ends(self._patterns.topic_word, signs[0])
        if qualifier is not None and self._ends(self._patterns.deed, qualifier.start()) is None:
            return ()
        return signs

    def _subject(self, last: int) -> tuple[int, ...]:
        """Return the signs that end at ``last`` as one subject: ``X and Y are met``, but not ``on X, and Y is met``."""
        signs = [last]
        while True:
            before = self._ends(self._patterns.more_before, signs[0])
            if before is None or self._ends(self._patterns.topic_word, before.start("which")):
                return tuple(signs)
            if before["join"].startswith(",") and before["join"].strip(" ,"):
                return tuple(signs)
            signs.insert(0, before.start("which"))

    def _object(self, first: int) -> tuple[int, ...]:
        """Return the signs that begin at ``first`` as one object: ``met X and Y``, but not ``met X, and Y is open``."""
        signs = [first]
        while True:
            join = self._patterns.more_after.match(self._text, signs[-1] + 1)
            if join is None or not self._patterns.object_end.match(self._text, join.end() + 1):
                return tuple(signs)
            signs.append(join.end())
