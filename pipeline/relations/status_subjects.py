"""Who a sentence speaks of when it says how far a commitment is met: states, all together, nobody, or only some.

A sentence with signs and a claim enter; the signs of the states meant leave, or one of the other answers.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from models.facts import Status
from pipeline.relations.sentences import STATE
from pipeline.relations.status_patterns import A_COMMITMENT
from pipeline.relations.status_rules import StatusRules, StatusWords, any_of, load_status_rules
from pipeline.relations.status_sentences import Claim


class Kind(Enum):
    """What kind of subject was found. ``UNSAID`` leaves it to the document, ``BEFORE`` to the sentence before,
    and so do ``NEITHER`` of the two states it named, the ``FORMER`` and the ``LATTER`` of them."""

    STATES = 1
    ALL = 2
    NOBODY = 3
    SOME = 4
    BEFORE = 5
    UNSAID = 6
    NEITHER = 7
    FORMER = 8
    LATTER = 9


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is meant; ``signs`` are offsets of states in the sentence and empty for all other kinds."""

    kind: Kind
    signs: tuple[int, ...] = ()


UNSAID = Subject(Kind.UNSAID)
POINTING = (Kind.NEITHER, Kind.FORMER, Kind.LATTER)


def _pointing(words: StatusWords) -> str:
    """Return the pattern of ``neither of them``, ``the former`` and ``the latter``: of two states named before."""
    verbs = (*words.haves, *words.links, *words.presents, *words.participles, *words.active_failures)
    end = rf"(?=,|\s*$|\s+(?:\w+ly\s+)?{any_of((*verbs, *words.active_futures))})"
    whom = r"of\s+(?:them|these|the\s+two|both)|(?:of\s+the\s+)?(?:two\s+)?(?:states?|countr(?:y|ies)|plans?|one)"
    neither = rf"\bneither(?:\s+(?:{whom}))?(?!\w)(?!\s+(?:the\s+)?[\ue000-\uf8ff])"
    former, latter = any_of(words.formers), any_of(words.latters)
    nor = rf"(?P<nor>\bneither\s+(?:the\s+)?{STATE}(?:,?\s+nor\s+(?:the\s+)?{STATE})+)"
    return rf"{nor}|(?P<former>{former}{end})|(?P<latter>{latter}{end})|(?P<neither>{neither})"


class SubjectPatterns:
    """The compiled patterns that find a subject."""

    def __init__(self, rules: StatusRules) -> None:
        """Compile them."""
        words = rules.words
        joins = r"(?:,\s{0,40}|,?\s+(?:and|or|as\s+well\s+as)\s+|\s?[/&]\s?)(?:the\s+)?"
        run = rf"(?P<run>{STATE}(?:{joins}{STATE}){{0,30}})"
        tens = r"\d{1,2}|(?:twenty|thirty)(?:-\w+)?|\w+teen"
        number = rf"(?<!\w)(?:{tens}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
        counted = r"(?:of\s+(?:the\s+)?)?(?:\w+\s+){0,3}?(?:states|plans|members|countries)\b"
        both = rf"(?<!{STATE}\s)both\s+(?:$|(?:have|had|meet|fulfil|comply|honour)\b)"
        both += r"|(?:every|each)\s+(?:second|third|other)\s+\w+"
        bare = "some|many|most|several|others|a\\s+few|(?:a|the)\\s+(?:majority|minority)"
        both += rf"|(?<!\w)(?:{bare})\s+(?:$|(?:have|has|had|meet|fulfil|comply|honour)\b)"
        some = rf"(?P<some>{both}|(?:{any_of(words.quantities)}|{number})\s+{counted})"
        which = rf"(?P<which>{any_of(words.restricted)}\s+(?:that|which|who)\s)"
        nobody = rf"{any_of(words.nobodies)}\s+(?:\w+\s+){{0,3}}?(?:states?|members?|country|one|plan)\b"
        nobody = rf"(?P<nobody>(?<!\w)(?:nobody|no\s+one)(?!\w)|{nobody})"
        whole = r"(?<!\w)(?:all|the)\s+(?:2[56]|twenty-(?:five|six))\s+(?:\w+\s+){0,2}?states\b"
        group = rf"(?P<all>{any_of(words.groups)}|{whole})"
        pronoun = rf"(?P<pronoun>{any_of(words.pronouns)})"
        others = r"(?:neighbou?rs?|partners?|allies|ally|friends|firms)\b"
        kin = rf"(?P<kin>(?:{STATE}'s?|our|their|its)\s+(?:\w+\s+)?{others})"
        whole = rf"(?P<whole>{whole})"
        kinds = (_pointing(words), kin, run, nobody, whole, some, which, group, pronoun)
        self._candidates = re.compile("|".join(kinds), re.IGNORECASE)
        breaks = "|".join(words.clause_breaks)
        self._break = re.compile(rf"[;:]\s|,\s+(?:{breaks})\s|\s(?:while|whereas|but)\s", re.IGNORECASE)
        doer = "|".join((kin, run, nobody, whole, some, r"(?P<few>\d{1,2}\b)", group))
        lead = r"(?:\s+\w+){0,4}?\s+(?:by|in|for|according\s+to)\s+(?:only\s+)?(?:the\s+(?!group))?"
        self._agent = re.compile(rf"{lead}(?:{doer})", re.IGNORECASE)
        aside = any_of((*words.exceptions, *words.comparisons))
        self._aside = re.compile(
            rf"(?:{aside}|(?<=states\s)but|(?<=members\s)but)\s+(?:the\s+)?{STATE}(?:\s+(?:and|or)\s+(?:the\s+)?{STATE})*",
            re.IGNORECASE,
        )
        likes = any_of(words.likes)
        self._like = re.compile(rf"(?<={STATE}),(?P<like>\s+{likes}\s+(?:the\s+)?)(?={STATE})", re.IGNORECASE)
        self._having = re.compile(r"\W*(?:(?:after|since|by|while)\s+)?(?:not\s+)?having\s", re.IGNORECASE)
        exceptions = any_of(words.exceptions)
        self._excepted = re.compile(
            rf"(?:{exceptions}|(?:states|members)\s+but)\s+(?:the\s+)?{STATE}|(?<!\w)all\s+but(?!\w)", re.IGNORECASE
        )
        self._every = re.compile(r"\W*(?:all|every|each)\b", re.IGNORECASE)
        self._reports = re.compile(rf"{STATE}\s[^.;:,{STATE}]{{0,60}}?\bthat\s", re.IGNORECASE)
        self._own = re.compile(r"(?:we|our\s\w+)", re.IGNORECASE)
        self._label = re.compile(rf"^\W*(?:the\s+)?{run}\s*:\s", re.IGNORECASE)

    def find(self, sentence: str, claim: Claim, *, own_plan: bool) -> Subject:
        """Return who a claim is about. ``own_plan`` tells that the document speaks for one state: then other states in
        the sentence count only as the subject of a deed or after ``by``."""
        sentence = self._joined(sentence)
        subject = self._find(self._aside.sub(_blank, sentence), claim, own_plan=own_plan)
        is_all = subject.kind is Kind.ALL or (subject.kind is Kind.UNSAID and not own_plan)
        return Subject(Kind.SOME) if is_all and self._excepted.search(sentence) else subject

    def _find(self, sentence: str, claim: Claim, *, own_plan: bool) -> Subject:
        """Return who a claim is about, in a sentence without the states that are named aside."""
        agent = self._agent.match(sentence, claim.end) or self._agent.search(sentence[claim.start : claim.end])
        if agent is not None and not claim.is_active and (subject := self._of(agent)).kind is not Kind.UNSAID:
            if (
                subject.kind is Kind.ALL
                and claim.status is Status.NOT_MET
                and self._every.match(agent["all"] or agent["whole"])
            ):
                return Subject(Kind.SOME)  # "not met by all States"
            return self._moved(subject, 0 if agent.string is sentence else claim.start)
        label = self._label.match(sentence)
        if label is not None and label.end() <= claim.start:
            return self._of(label)
        start = max((found.end() for found in self._break.finditer(sentence, 0, claim.start)), default=0)
        near = self._last(sentence, start, claim.start)
        if claim.is_active:
            return self._doer(sentence, claim, near, start, own_plan=own_plan)
        if own_plan and near.kind is Kind.STATES and self._reports.search(sentence, start, claim.start):
            return near  # "Croatia has informed us that its X is met"
        if (
            own_plan
            or near.kind in (Kind.NOBODY, Kind.BEFORE, *POINTING)
            or (near.kind is Kind.SOME and " that " not in sentence[start : claim.start])
        ):
            return UNSAID
        return near

    def _doer(self, sentence: str, claim: Claim, near: Subject, start: int, *, own_plan: bool) -> Subject:
        """Return who does what an active claim says: the nearest before it in its clause, else one named earlier."""
        if near.kind is Kind.UNSAID and self._having.match(sentence, 0, claim.start):
            return self.first(sentence[claim.end :], claim.end)  # "Having met X, Estonia ..."
        if near.kind not in (Kind.UNSAID, Kind.BEFORE):
            return near
        if own_plan and self._is_own(sentence, start, claim.start):
            return UNSAID
        end = claim.start if near.kind is Kind.BEFORE else start
        earlier = self._last(sentence, 0, end, named=True) if end else UNSAID
        return earlier if earlier.kind in (Kind.STATES, Kind.ALL) else near

    def first(self, sentence: str, moved: int = 0) -> Subject:
        """Return whom a sentence is about, for a pronoun in the next: its first state or group. ``moved`` tells where
        in a longer sentence it begins."""
        for found in self._candidates.finditer(self._joined(sentence)):
            subject = self._of(found)
            if subject.kind in (Kind.STATES, Kind.ALL):
                return self._moved(subject, moved)
        return UNSAID

    def _joined(self, sentence: str) -> str:
        """Return a sentence of the same length in which ``Slovakia, like Slovenia`` is a list."""
        return self._like.sub(lambda found: "," + " " * len(found["like"]), sentence)

    def _is_own(self, sentence: str, start: int, end: int) -> bool:
        """Tell whether the nearest candidate is ``we``."""
        found = list(self._candidates.finditer(sentence, start, end))
        return bool(found) and self._own.fullmatch(found[-1].group()) is not None

    def _last(self, sentence: str, start: int, end: int, *, named: bool = False) -> Subject:
        """Return the candidate nearest before ``end``; with ``named`` no pronoun."""
        last = UNSAID
        for found in self._candidates.finditer(sentence, start, end):
            is_object = re.search(rf"{A_COMMITMENT}[^{A_COMMITMENT[1:-1]}]{{0,20}}$", sentence[start : found.start()])
            if not (found["pronoun"] and (is_object or named)):
                last = self._of(found)
        return last

    def _of(self, found: re.Match[str]) -> Subject:
        parts = found.groupdict()
        for name, kind in (("run", Kind.STATES), ("nor", Kind.NEITHER)):
            if parts.get(name):
                begin = found.start(name)
                return Subject(kind, tuple(begin + sign.start() for sign in re.finditer(STATE, parts[name])))
        for name, kind in (
            ("former", Kind.FORMER),
            ("latter", Kind.LATTER),
            ("neither", Kind.NEITHER),
            ("nobody", Kind.NOBODY),
            ("kin", Kind.SOME),
            ("some", Kind.SOME),
            ("which", Kind.SOME),
            ("whole", Kind.ALL),
            ("all", Kind.ALL),
            ("pronoun", Kind.BEFORE),
        ):
            if parts.get(name):
                return Subject(kind)
        return UNSAID

    def _moved(self, subject: Subject, by: int) -> Subject:
        return Subject(subject.kind, tuple(sign + by for sign in subject.signs))


def _blank(found: re.Match[str]) -> str:
    """Return as many blanks as there are characters."""
    return " " * len(found.group())


@cache
def load_subject_patterns() -> SubjectPatterns:
    """Return the compiled patterns; made once."""
    return SubjectPatterns(load_status_rules())
