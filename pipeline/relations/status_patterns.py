"""The patterns that say in a sentence how far a commitment is met, compiled from the words of the rule file.

They read sentences as ``pipeline.relations.sentences`` makes them: every mention is one private character. ``which``
is the group that holds a commitment; the other groups are the parts that decide the status. Repeats are bounded:
texts are hostile.
"""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.relations.sentences import AREA, COMMITMENT, DATE, STATE
from pipeline.relations.status_rules import StatusWords, any_of, load_status_phrases, load_status_rules

THIS = "\ue007"
"""The sign of ``this commitment``: the one that the heading names."""
PRONOUN = "\ue008"
"""The sign of a pronoun that stands for commitments."""
A_COMMITMENT = f"[{COMMITMENT}{THIS}{PRONOUN}]"
_SIGNS = f"{COMMITMENT}{THIS}{PRONOUN}{STATE}"
_WHICH = rf"(?P<which>{A_COMMITMENT})"
_REMARK = r"\s?\([^()]{0,80}\)"
_AND_MORE = rf"(?:(?:,\s?|\s+and\s+){A_COMMITMENT}){{0,20}}"
_LISTED = rf"(?P<which>{A_COMMITMENT}{_AND_MORE})"
_PRINTED = rf"(?P<which>{COMMITMENT}(?:(?:,\s?|\s+and\s+){COMMITMENT}){{0,20}})"
Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class SentencePatterns:
    """What a sentence is searched with; the comments show an example each."""

    after: Pattern  # X is partly met
    again: Pattern  # but has been met since 2024, after "X was not met in 2023"
    bracketed: Pattern  # the commitments in area d (X) were met
    topic: Pattern  # under X, the goals were met
    before: Pattern  # has partly met X
    neither_done: Pattern  # met neither X nor X
    but_not: Pattern  # ... X but not X
    short: Pattern  # falls short of X
    awaits: Pattern  # X awaits fulfilment
    contrary: Pattern  # "; S and S do not", after "S meets X"
    no_more: Pattern  # in 2021 but no longer does, after "S met X"
    same: Pattern  # and the same holds for X; and so has X
    elliptic: Pattern  # X was not, after "X was met"
    relative: Pattern  # X, which the States have yet to meet
    by_which: Pattern  # by which, before "it plans to meet X"
    above: Pattern  # above the benchmark of X
    nothing: Pattern  # no progress was reported against X
    topic_nothing: Pattern  # on X there was no progress
    saw_nothing: Pattern  # X saw no progress
    named: Pattern  # X as not met
    declared: Pattern  # declares X fulfilled
    verdict: Pattern  # the verdict on X is not met
    topic_verdict: Pattern  # as to X, the verdict is not met
    label: Pattern  # X: met
    label_before: Pattern  # Partly met: X
    bare: Pattern  # (X not met)
    bare_and: Pattern  # and X not met
    more_weighed: Pattern  # and X partly, after "meets X fully"
    late_weight: Pattern  # in part, after "meets X and X"
    wrong_verb: Pattern  # to meet, before X
    doubt: Pattern  # it is not clear, before "that X is met"
    degree: Pattern  # partly, in part
    open_question: Pattern  # how, whether
    wish: Pattern  # asks
    topic_word: Pattern  # under, before X
    deed: Pattern  # the fulfilment, before "of X"
    neither: Pattern  # neither X nor
    more_before: Pattern  # X and, before X
    more_after: Pattern  # and X, after X
    object_end: Pattern  # what may follow the last X of an object
    helper: Pattern  # must, before "meet X"


class _Parts:
    """Pieces that several patterns share, as pattern texts."""

    def __init__(self, words: StatusWords) -> None:
        """Join the words."""
        self.words = words
        self.degree = any_of(words.degrees)
        self.weight = rf"{self.degree}|{any_of(words.fulls)}"
        self.negation = any_of(words.negations)
        self.fill = rf"(?:{any_of(words.fillers)}\s+){{0,3}}"
        self.done = any_of(words.participles)
        self.bases = any_of(words.bases)
        self.goals = any_of(words.goals)
        self.gerunds = any_of(words.gerunds)
        self.no_cause = r"(?!,?\s+(?:by|because|due|thanks|owing|of)(?!\w))"
        self.only = r"(?:\s+only|,?\s+(?:but|albeit|if|though)(?:\s+only)?)?"
        self.tail = rf"(?:{self.only}\s+(?P<tail>{self.weight}){self.no_cause})?"
        agent = rf"\s+by\s+[^.;:(){COMMITMENT}{THIS}{PRONOUN}]{{1,80}}?"
        self.late_tail = (
            rf"(?:,?(?:\s+only)?\s+(?P<tail>{self.weight})(?!\s+(?:because|due|thanks|owing|of)(?!\w))"
            rf"|{agent},?(?:\s+only)?\s+(?P<tail2>{self.weight}){self.no_cause})?"
        )
        self.company = rf"(?!\s+with\s+(?!{any_of(words.company)}))"
        self.nouns = any_of(words.verdict_nouns)
        self.nothings = any_of(words.nothings)
        self.chatter = any_of((*words.happenings, *words.reported, "yet", "so far", "at all", "there"))
        self.phrase = rf"(?P<phrase>{load_status_phrases().pattern})"

    def passive(self) -> str:
        """``is (not) (partly) met (in part)``, ``has not been met``, ``were judged to be met``, ``will be met``."""
        words, weight, fill = self.words, self.weight, self.fill
        be = r"(?<!\w)(?:is|are|was|were|can\s+be|may\s+be|must\s+be|has\s+been|have\s+been)"
        verdict = (
            rf"(?:(?P<neg3>(?<!\w)(?:cannot(?:\s+yet)?|can\s+not|can\s+no\s+longer|could\s+not)\s+be)|{be})\s+{fill}"
            rf"(?:(?P<neg4>{self.negation})\s+)?{fill}{any_of(words.verdicts)}"
            r"(?:\s+as|\s+to\s+be|\s+to\s+have\s+been)?(?!\w)"
        )
        been = (
            rf"{any_of(words.haves)}\s+(?:(?P<neg2>{self.negation})\s+)?{fill}(?:(?P<degree2>{weight})\s+)?{fill}been"
        )
        plans = rf"(?P<planned>{any_of(words.plans)}(?!\s+to\s+(?!be\s)))"
        ends = rf"(?P<undone>{any_of(words.undone)})|{plans}|(?P<done>{self.done})"
        ahead = rf"(?P<future>{any_of(words.futures)})|(?P<lack>{any_of(words.lacks)})"
        return (
            rf"(?:{ahead}|{been}|{verdict}|{any_of(words.links)})\s+"
            rf"{fill}(?:(?P<neg>{self.negation})\s+)?{fill}(?:(?P<degree>{weight})\s+)?{fill}"
            rf"(?:{ends}){self.company}{self.late_tail}"
        )

    def active(self) -> str:
        """``has (not) (partly) met``, ``plans to meet``, ``failed to meet``, ``meets``, ``we meet``."""
        words, weight, fill = self.words, self.weight, self.fill
        ahead = rf"(?:(?P<future>{any_of(words.active_futures)})|(?P<failure>{any_of(words.active_failures)}))"
        named = ("they", "we", "states", "pms", "group", "together")
        behind = "|".join(rf"(?<=\b{word}\s)" for word in named)
        subjects = rf"(?:(?<={STATE}\s)|{behind})"
        joined = r"(?:(?<=,\s)|(?<=\band\s)|(?<=\bbut\s))"
        return (
            rf"(?:{ahead}\s+{fill}(?:(?P<degree>{weight})\s+)?{fill}{self.bases}"
            rf"|(?:{any_of(words.haves)}\s+)?(?:(?P<neg>{self.negation})\s+)?{fill}"
            rf"(?:(?P<degree2>{weight})\s+)?(?P<done>{self.done})"
            rf"|(?<!\w)(?:is|are)\s+{fill}(?:(?P<neg2>{self.negation})\s+)?{fill}"
            rf"(?:(?P<degree3>{weight})\s+)?{self.gerunds}"
            rf"|(?<!\w)(?:complies|comply|complied)\s+(?:only\s+)?(?P<degree6>{weight})\s+with"
            rf"|(?:(?P<degree4>{weight})\s+)?(?:{any_of(words.presents)}|continues?\s+to\s+{self.bases})"
            rf"|(?:{subjects}|(?P<joined>{joined})){fill}(?:(?P<degree5>{weight})\s+)?(?P<base>{self.bases}))"
        )

    def target(self) -> str:
        """Return what is met: the commitment, all of them, or ``the collective benchmark of`` it."""
        of_goal = rf"(?:the\s+)?(?:\w+\s+){{0,3}}{self.goals}\s+(?:of|set\s+by|under)\s+(?:[^,.;{_SIGNS}]{{0,40}},\s+)?"
        what = rf"what\s+(?={A_COMMITMENT}\s+{any_of(self.words.demands)})|what\s+is\s+\w+\s+(?:by|in|under)\s+"
        return rf"(?:(?:only|all\s+of|both|all|the)\s+){{0,3}}(?:{of_goal}|{what})?(?:{self.degree}\s+)?{_WHICH}"


def _verb_patterns(parts: _Parts) -> dict[str, str]:
    """Return the patterns that say a status by a verb."""
    words, passive = parts.words, parts.passive()
    others = r"(?:,?\s+and\s+(?:several|some|many|most|a\s+few|the)\s+others?)?"
    gap = rf"(?:{_REMARK})?{others}(?:,\s[^,.;:{_SIGNS}]{{1,60}},|,)?\s+(?:for\s+the\s+group(?:\s+as\s+a\s+whole)?\s+)?"
    subjects = any_of((*words.goals, *words.headings, "it", "they", "this", "these", "which"))
    topic = rf"{any_of(words.topics)}\s+{_LISTED},?\s[^.;:{_SIGNS}]{{0,60}}?{subjects}"
    area = rf"(?:the\s+)?(?:commitments\s+(?:in|of|under)\s+(?:the\s+)?)?{AREA}"
    met = rf"(?:{parts.done}|{any_of(words.presents)})"
    return {
        "after": rf"{_WHICH}{gap}{passive}",
        "again": rf"[^.;:{_SIGNS}]{{0,30}}?(?:,?\s+(?:but|and|yet)|;)\s+(?:(?:this\s+year|now|today|meanwhile)\s+)?"
        rf"(?:(?:{PRONOUN}|it|they)\s+)?{passive}",
        "bracketed": rf"{area}\s+\({_WHICH}\){gap}{passive}",
        "topic": rf"{topic}\s+(?:\w+\s+){{0,2}}?{passive}",
        "before": rf"(?<!\w)(?=\w){parts.active()}\s+{parts.target()}{parts.tail}",
        "neither_done": rf"{met}\s+neither\s+{_WHICH}\s+nor\s+{A_COMMITMENT}",
        "but_not": rf"\s*,?\s+but\s+not\s+(?:yet\s+)?(?:with\s+)?{_WHICH}",
        "short": rf"(?:(?<={STATE})|(?<=\bthey)|(?<=\bwe)|(?<=\bstates)|(?<=\bgroup)|(?<=\btogether)|(?<=\bit))\s+"
        rf"{parts.fill}(?:(?P<neg>{parts.negation})\s+)?{any_of(words.shortfalls)}\s+(?:only\s+)?{_WHICH}",
        "above": rf"{any_of(words.above)}\s+(?:\w+\s+){{0,2}}{parts.goals}\s+of\s+{_WHICH}",
    }


def _echo_patterns(parts: _Parts) -> dict[str, str]:
    """Return the patterns that take up what was said or named before them."""
    words, fill, weight = parts.words, parts.fill, parts.weight
    helps = r"(?:is|are|was|were|has|have|had|does|do|did)"
    contrast = r"(?:however|though|by\s+contrast)"
    ahead = rf"(?:(?P<future>{any_of(words.active_futures)})|(?P<failure>{any_of(words.active_failures)}))"
    who = rf"(?P<who>[^.;:,{COMMITMENT}{THIS}{PRONOUN}]{{1,80}}?)"
    done = rf"{any_of(words.haves)}\s+(?:(?P<neg>{parts.negation})\s+)?{fill}(?:(?P<degree2>{weight})\s+)?{parts.done}"
    verb = rf"(?P<verb>{ahead}\s+{fill}(?:(?P<degree>{weight})\s+)?{parts.bases}|{done}|{any_of(words.presents)})"
    return {
        "same": rf"(?:{any_of(words.sames)}|\bso\s+{helps}|\b(?P<neither>nor|neither)\s+{helps})\s+"
        rf"{_LISTED}(?=\s*[.,;]|$)",
        "elliptic": rf"{_PRINTED}\s+{helps}(?:\s+(?P<neg>{parts.negation}))?(?=\s*[.;]|$|,\s+{contrast})",
        "relative": rf"{_LISTED},?\s+(?:which|that)\s+{who}\s+{verb}{parts.tail}"
        rf"(?=\s*[.,;){DATE}]|$|\s+(?:by|in|since)\s)",
        "contrary": rf"[;,]\s+(?:but\s+|while\s+|whereas\s+)?(?:the\s+)?"
        rf"{STATE}(?:(?:,\s|,?\s+and\s+)(?:the\s+)?{STATE})*\s+"
        r"(?P<verb>(?:do|does|did|has|have)\s+not(?:\s+yet)?)(?=\s*[.;,]|$)",
        "no_more": rf"[^.;:,{_SIGNS}]{{0,20}},?\s+but\s+(?:no\s+longer|not\s+any\s+more|not\s+now)\s+"
        r"(?:does|do|is|are)(?!\w)",
        "by_which": r"(?:by|with|through)\s+which\b",
    }


def _nothing_patterns(parts: _Parts) -> dict[str, str]:
    """Return the patterns that say that nothing was done."""
    words, nothings, chatter = parts.words, parts.nothings, parts.chatter
    saying = any_of(
        (*words.groups, *words.seeings, *words.links, *words.reported, "reports", "notes", "report", "note")
    )
    among = rf"(?:{STATE}|{saying}|there|it|yet|so\s+far|the)"
    end = rf"(?:\s+{chatter}|\s*[.,;{DATE}]|$)"
    towards = rf"{any_of(words.towards)}\s+(?:the\s+)?"
    return {
        "nothing": rf"{nothings}(?:\s+{chatter}){{0,6}}(?:\s+by\s+{STATE})?\s+{towards}{_WHICH}",
        "topic_nothing": rf"{any_of(words.topics)}\s+{_LISTED},?\s+(?:{among}\s+){{0,4}}(?P<nothing>{nothings}){end}",
        "saw_nothing": rf"{_WHICH}\s+{any_of(words.seeings)}\s+{nothings}",
        "awaits": rf"{_WHICH}\s+{any_of(words.awaitings)}\s+{any_of(words.deeds)}",
    }


def _phrase_patterns(parts: _Parts) -> dict[str, str]:
    """Return the patterns that say a status by a phrase beside the commitment."""
    words, phrase, nouns = parts.words, parts.phrase, parts.nouns
    end = rf"\s*[.,;){DATE}]|$"
    stays = r"(?:is|are|was|were|remains|stays)\s*:?\s+"
    finding = rf"(?:(?:the|its|their|our)\s+)?{nouns}\s+{stays}"
    goes_on = r"\s+(?:and|as|since|in|by|for|but|while|whereas)\s"
    of = r"(?:of|on|for|under|regarding|as\s+to)\s+(?:the\s+)?"
    topics = any_of((*words.topics, "of"))
    verdict_verbs = any_of(words.verdict_verbs)
    return {
        "named": rf"{_WHICH}\s+{any_of(words.namings)}\s+{phrase}",
        "declared": rf"{verdict_verbs}\s+(?:that\s+)?{_WHICH}{_AND_MORE}\s+{phrase}(?={end}|\s+and\s)",
        "verdict": rf"{nouns}\s+{of}{_LISTED}\s*(?:{stays}|:\s+){phrase}(?={end}|{goes_on})",
        "topic_verdict": rf"{topics}\s+{_LISTED}\s*[,:]\s+(?:{finding})?{phrase}(?={end})",
        "label": rf"{_WHICH}\s*(?:\(|:|\s[-\u2013\u2014]\s)\s*(?:status\s*:\s*|{finding})?"
        rf"{phrase}\s*(?:[.),;({DATE}]|$)",
        "label_before": rf"(?:^|[.;,(]\s*){phrase}(?:\s+commitments?)?\s*:\s*{_WHICH}",
        "bare": rf"(?:^|[(:;,]\s*){_WHICH}\s+{phrase}(?={end}|\s(?:and|but|while)\s+{A_COMMITMENT})",
        "bare_and": rf"\s(?:and|but|while)\s+{_WHICH}\s+(?!met\b){phrase}(?={end})",
    }


def _judging_patterns(parts: _Parts) -> dict[str, str]:
    """Return the patterns that judge what stands around."""
    words = parts.words
    follow = any_of(
        ("in", "by", "for", "on", "under", "with", "at", "to", "from", "as", "since", "and", "or", "so", "that")
    )
    helpers = "to|is|are|was|were|be|been|being|must|shall|should|can|could|may|might|would"
    return {
        "degree": parts.degree,
        "more_weighed": rf"\s*,?\s+(?:and|but)\s+(?:only\s+)?(?:(?P<degree>{parts.weight})\s+(?P<which>{A_COMMITMENT})"
        rf"|(?P<which2>{A_COMMITMENT})\s+(?:only\s+)?(?P<tail>{parts.weight}))"
        rf"(?=\s*[.,;){DATE}]|$|\s+(?:and|but)\s)",
        "late_weight": rf"{parts.only}\s+(?P<tail>{parts.weight}){parts.no_cause}",
        "wrong_verb": rf"(?:(?<!measures\s)(?<!steps\s)to\s+{parts.bases}|{parts.gerunds})\s+(?:the\s+)?$",
        "doubt": rf"{any_of(words.doubts)}",
        "open_question": any_of(words.open_questions),
        "wish": rf"(?<!\w)(?:{'|'.join(words.wishes)})\w*",
        "topic_word": rf"(?:{any_of((*words.topics, *words.towards, *words.exceptions, 'of', 'in', 'set by'))})\s+$",
        "deed": rf"(?:{any_of((*words.deeds, *words.goals))}\s+(?:\w+\s+)?|,\s)$",
        "neither": rf"neither\s+{_WHICH}\s+nor\s+$",
        "more_before": rf"{_WHICH}(?:{_REMARK})?(?P<join>,\s*|,?\s+(?:and|or)\s+)$",
        "more_after": rf"(?:,\s*and\s+|\s+and\s+|\s+or\s+|\s+as\s+well\s+as\s+|,\s*)(?={A_COMMITMENT})",
        "object_end": rf"\s*(?:[.,;:){DATE}]|$)|\s\(|\s+(?:{follow}|{parts.weight})",
        "helper": rf"\b(?:{helpers})\s+$",
    }


@cache
def load_sentence_patterns() -> SentencePatterns:
    """Return the compiled patterns; made once."""
    parts = _Parts(load_status_rules().words)
    texts = {
        **_verb_patterns(parts),
        **_echo_patterns(parts),
        **_nothing_patterns(parts),
        **_phrase_patterns(parts),
        **_judging_patterns(parts),
    }
    return SentencePatterns(**{name: re.compile(text, re.IGNORECASE) for name, text in texts.items()})
