"""What ``it``, ``both`` or ``these commitments`` stand for in a sentence on commitments.

A sentence with signs enters; the same sentence leaves with a sign in the place of each pronoun that stands for
commitments, and what each of these signs stands for. A pronoun stands for the commitments that open its sentence, the
sentence before or, in the first sentence below a heading, those of the heading; their number must fit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.relations.mention_index import MentionIndex
from pipeline.relations.sentences import COMMITMENT, DATE, STATE, Sentence, count_signs
from pipeline.relations.status_patterns import PRONOUN, THIS
from pipeline.relations.status_rules import StatusWords, any_of, load_status_phrases, load_status_rules

_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_GROUP = rf"{COMMITMENT}(?:(?:,\s?|,?\s+and\s+){COMMITMENT}){{0,20}}"


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with signs: ``meant`` holds the mentions behind each sign of ``text`` that stands for commitments told
    of elsewhere, by its offset; ``block`` is where it stands."""

    text: str
    sentence: Sentence
    meant: dict[int, tuple[int, ...]]
    block: int

    def mentions(self, sign: int) -> tuple[int, ...]:
        """Return the indices of the mentions behind the sign at an offset."""
        if sign in self.meant:
            return self.meant[sign]
        return (self.sentence.indices[count_signs(self.text, 0, sign)],)


class PronounPatterns:
    """The compiled patterns of pronouns."""

    def __init__(self, words: StatusWords) -> None:
        """Compile them."""
        counts = "|".join(_COUNTS)
        self.named = re.compile(
            r"(?<!\w)(?:(?P<one>this|the)\s+(?:binding\s+)?commitment\b"
            r"(?!\s+(?:to|towards|for|of|no|appropriations)\b|\s+[(\d])"
            rf"|(?:(?P<two>both)|(?P<many>these|the)|(?:all\s+)?(?:the|these|of\s+(?:the|these))?\s*(?P<count>{counts}))\s+"
            rf"(?:binding\s+)?commitments\b(?!\s+(?:to|towards|for|of|in|nos?|appropriations)\b|\s+[(\d]))",
            re.IGNORECASE,
        )
        pronoun = (
            rf"(?:(?P<one>it|this|this\s+one)|(?P<two>both|both\s+of\s+(?:them|these))|(?P<neither>neither|none)"
            rf"(?:\s+of\s+(?:them|these|the\s+(?:{counts})))?"
            rf"|all\s+(?:of\s+(?:them|these)|(?P<count>{counts})(?:\s+of\s+them)?)|they|these|them)"
        )
        links = any_of(("has", "have", *words.links, *words.futures, *words.lacks))
        verbs = any_of((*words.participles, *words.presents, *words.bases))
        weight = any_of((*words.degrees, *words.fulls))
        goes_on = "by|in|since|from|until|with|as|and|but|while|whereas"
        end = rf"(?=\s*(?:[.,;:){DATE}]|$)|\s+(?:only\s+)?(?:{weight}|{goes_on})\b)"
        self.subject = re.compile(rf"(?<!\w)(?=[abint]){pronoun}(?=\s+{links})", re.IGNORECASE)
        self.object = re.compile(rf"(?<!\w)(?=\w){verbs}\s+(?P<pronoun>{pronoun}){end}", re.IGNORECASE)
        phrase = load_status_phrases().pattern
        self.judged = re.compile(
            rf"(?<!\w){any_of(words.verdict_verbs)}\s+(?P<pronoun>{pronoun})(?=\s+(?:as\s+|to\s+be\s+)?{phrase})",
            re.IGNORECASE,
        )
        self.opening = re.compile(r"\W*(?:(?:yes|overall|again|so far|today|now),?\s+)?$", re.IGNORECASE)
        self.group = re.compile(_GROUP)
        # under, on or for a commitment something else may be spoken of
        weak = {"under", "on", "for", "against", "within"}
        topics = any_of((*(topic for topic in words.topics if topic not in weak), "of", "with", "the", "binding"))
        self.leading = re.compile(rf"\W*(?:{topics}\s+)*(?P<group>{_GROUP})", re.IGNORECASE)
        self.owner = re.compile(rf"{verbs}\s+(?:{topics}\s+)?(?P<group>{_GROUP})", re.IGNORECASE)
        degree = any_of(words.degrees)
        who = rf"(?=(?:the\s+)?(?:{STATE}|{any_of(words.groups)}))"
        self.other_agent = re.compile(
            rf"(?:,|(?=\s))\s*(?:and|but)\s+(?:(?P<neg>not(?:\s+yet)?)|(?:only\s+)?(?P<degree>{degree}))\s+by\s+{who}",
            re.IGNORECASE,
        )
        self.verb = re.compile(rf"(?P<done>{any_of(words.participles)})\s+by\s", re.IGNORECASE)


@cache
def load_pronoun_patterns() -> PronounPatterns:
    """Return the compiled patterns; made once."""
    return PronounPatterns(load_status_rules().words)


@dataclass(frozen=True, slots=True)
class _Swap:
    """Print to be replaced: its place, the words that stand for it with one sign, and the mentions meant."""

    start: int
    end: int
    words: str
    meant: tuple[int, ...]


class Pronouns:
    """Puts signs in the place of pronouns; one object per document."""

    def __init__(self, index: MentionIndex) -> None:
        """Keep the mentions."""
        self._index = index
        self._patterns = load_pronoun_patterns()

    def tell(
        self, sentence: Sentence, block: int, heading: int | None, before: Sequence[Told], *, is_opening: bool
    ) -> Told:
        """Return a sentence with its pronouns resolved. ``heading`` is the mention that the block stands under,
        ``is_opening`` tells that the sentence is the first below it."""
        text = sentence.pattern_text
        swaps = [*self._other_agents(sentence)]
        if heading is not None:
            swaps += self._named(text, (heading,))
        swaps += self._inside(sentence)
        outer = (heading,) if is_opening and heading is not None else self._leading(before[-1]) if before else ()
        if outer:
            swaps += self._outside(text, outer)
        return self._swapped(sentence, block, swaps)

    def _swapped(self, sentence: Sentence, block: int, swaps: Sequence[_Swap]) -> Told:
        pieces: list[str] = []
        meant: dict[int, tuple[int, ...]] = {}
        position = length = 0
        for swap in sorted(swaps, key=lambda one: (one.start, -one.end)):
            if swap.start < position:
                continue
            kept = sentence.pattern_text[position : swap.start]
            length += len(kept)
            meant[length + max(swap.words.find(THIS), swap.words.find(PRONOUN))] = swap.meant
            pieces += (kept, swap.words)
            length += len(swap.words)
            position = swap.end
        pieces.append(sentence.pattern_text[position:])
        return Told("".join(pieces), sentence, meant, block)

    def _named(self, text: str, meant: tuple[int, ...]) -> Iterator[_Swap]:
        """Yield ``this commitment``, ``both commitments``, ``these commitments`` below a heading."""
        for found in self._patterns.named.finditer(text):
            if self._fits(found, meant):
                yield _Swap(found.start(), found.end(), THIS, meant)

    def _inside(self, sentence: Sentence) -> Iterator[_Swap]:
        """Yield pronouns for commitments of the same sentence."""
        text = sentence.pattern_text
        for found in self._patterns.subject.finditer(text):
            yield from self._swap(found, found.start(), found.end(), self._owned(sentence, found.start()))
        for found in self._patterns.object.finditer(text):
            yield from self._swap(found, *found.span("pronoun"), self._owned(sentence, found.start()))
        for found in self._patterns.judged.finditer(text):
            yield from self._swap(found, *found.span("pronoun"), self._owned(sentence, found.start()))

    def _outside(self, text: str, meant: tuple[int, ...]) -> Iterator[_Swap]:
        """Yield pronouns that open a sentence, or are the object of its first verb."""
        subject = self._patterns.subject.search(text)
        if subject is not None and self._patterns.opening.match(text, 0, subject.start()):
            yield from self._swap(subject, subject.start(), subject.end(), meant)
        found = self._patterns.object.search(text)
        if (
            found is not None
            and COMMITMENT not in text[: found.start()]
            and not re.search("[,;:]", text[: found.start()])
        ):
            yield from self._swap(found, *found.span("pronoun"), meant)

    def _swap(self, found: re.Match[str], start: int, end: int, meant: tuple[int, ...]) -> Iterator[_Swap]:
        if not meant or not self._fits(found, meant):
            return
        if not found["neither"]:
            yield _Swap(start, end, PRONOUN, meant)
            return
        link = re.compile(r"\s+(\w+)").match(found.string, end)
        if link is not None:
            yield _Swap(start, link.end(), f"{PRONOUN} {link[1]} not", meant)

    def _other_agents(self, sentence: Sentence) -> Iterator[_Swap]:
        """Yield ``but not by Portugal`` as a clause of its own."""
        text = sentence.pattern_text
        for found in self._patterns.other_agent.finditer(text):
            verbs = list(self._patterns.verb.finditer(text, 0, found.start() + 1))
            groups = list(self._patterns.group.finditer(text, 0, verbs[-1].start())) if verbs else []
            if groups:
                degree = found["neg"] or found["degree"]
                words = f"; {THIS} is {degree} {verbs[-1]['done']} by "
                yield _Swap(found.start(), found.end(), words, self._group(sentence, *groups[-1].span()))

    # --- what is meant

    def _leading(self, told: Told) -> tuple[int, ...]:
        """Return the commitments that open a sentence."""
        found = self._patterns.leading.match(told.sentence.pattern_text)
        return self._group(told.sentence, *found.span("group")) if found else ()

    def _owned(self, sentence: Sentence, end: int) -> tuple[int, ...]:
        """Return the commitments before an offset that a pronoun may mean: those that open the sentence or a clause, or
        the object of the last verb."""
        text = sentence.pattern_text
        starts = [0, *(one.end() for one in re.finditer(r"[;:,]\s+(?:and\s+|but\s+)?", text[:end]))]
        for start in reversed(starts):
            found = self._patterns.leading.match(text, start, end)
            if found is not None:
                return self._group(sentence, *found.span("group"))
        objects = list(self._patterns.owner.finditer(text, 0, end))
        return self._group(sentence, *objects[-1].span("group")) if objects else ()

    def _group(self, sentence: Sentence, start: int, end: int) -> tuple[int, ...]:
        """Return the mentions of the signs of a stretch of a sentence."""
        return tuple(sentence.indices[slot] for slot in sentence.slots(start, end))

    def _fits(self, found: re.Match[str], meant: tuple[int, ...]) -> bool:
        """Tell whether as many commitments are meant as the pronoun says."""
        number = sum(len(self._index.mentions[mention].values) for mention in meant)
        parts = found.groupdict()
        if parts["one"]:
            return number == 1
        if parts["two"] or (parts.get("neither") or "").lower() == "neither":
            return number == 2
        if parts["count"]:
            return number == _COUNTS.index(parts["count"].lower()) + 2
        return number > 1
