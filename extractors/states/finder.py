"""Find states in a document: names, adjectives, abbreviations and codes, with what only looks like them left out.

A ``TextView`` enters; leave hits with ISO 3166-1 alpha-2 codes and doubts. What the words
mean lives in ``rules/states.yml``; codes of two letters are read by ``extractors.states.codes``.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.nlp import Finds
from extractors.states.bearers import is_company, is_institution, is_person, opens_proper_name, stands_by_noun
from extractors.states.codes import find_codes, find_short_forms
from extractors.states.gazetteer import StateForm, StateGazetteer, count_capitals, load_gazetteer
from extractors.views import TextView
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

_FOREIGN = ("behind_noun", "before_noun", "beside_noun")
_EXACT = ("short", *_FOREIGN)

_NEXT_WORD = re.compile(r"[ ,-]{0,2}([^\W\d_]+)")
_NEXT_TOKEN = re.compile(r"[ -]([^\W\d_]+|\d+)")
_NEXT_NOUN = re.compile(r" ([^\W\d_]+)")
_CAPITAL_RUN = re.compile(r"(?: (?:[A-Z][\w&.'-]*|of|for|\d+)){1,6}")
_FILE_END = re.compile(r"\.[a-z]{2,4}\b|[_@]\w|-\w+\.(?:pdf|docx?|html?)\b")
_DATE_AFTER = re.compile(r",? (?:the )?\d{1,2}(?:st|nd|rd|th|\.|/)? ?(?:[A-Z]|\d)")
_GROUP_GAP = re.compile(r"(?:, | and | or |, and |, or |/|; )(?:English(?:, | and | or |, and |, or |/|; ))?")
_ENGLISH_BEFORE = re.compile(r"\bEnglish(?:, | and | or |, and |, or |/)$")
_ENGLISH_AFTER = re.compile(r"(?:, | and | or |, and |, or |/)English\b")
_LIST_GAP = re.compile(r"[*]?(?:, | and | or |, and |/|; )(?:the |from |with |in )?")
_WORDS_BEFORE = re.compile(r"[^\s(\[\"'«“‘]+")
_LAST_OF_BEFORE = re.compile(r"([^\s(\[\"'«“‘]+) $")
_LONGEST_LAST = 30
_LAST_WORD = re.compile(r"[A-Z][a-z]+$")
# What may stand before a name in small letters, and what may not stand behind it.
_LOOSE = ("", " ", "\n", "(", "'", '"')
_TIGHT = ("/", "-", "_", "@", "=")
_LOOK_BACK = 60
_CUE_WINDOW = 160


@dataclass(frozen=True, slots=True)
class _Found:
    """A form in the text, as offsets."""

    form: StateForm
    start: int
    end: int


def find_states(view: TextView) -> Finds:
    """Return the states named in a document, in text order."""
    gazetteer = load_gazetteer()
    text = view.text
    found = list(_match(gazetteer, view))
    languages = _find_languages(gazetteer, text, found)
    hits: list[Hit] = []
    doubts: list[Doubt] = []
    weak: list[_Found] = []
    refused: list[Doubt] = []
    for item in found:
        kind = item.form.kind
        if kind == "other":
            continue
        if veto := "state.not.language" if item.start in languages else _veto(gazetteer, view, item):
            refused.append(_refuse(item, veto))
            continue
        if kind in _FOREIGN:
            hits.append(_hit(item, "state.foreign_adjective"))
            continue
        if kind == "weak":
            weak.append(item)
        elif kind == "ambiguous":
            reason = f"{item.form.text!r} stands for more than one state"
            doubts.append(Doubt(MentionKind.STATE, Span(item.start, item.end), item.form.values, "state.name", reason))
        else:
            hits.append(_hit(item, f"state.{kind}"))
    hits += _find_prefixes(gazetteer, text, hits)
    hits += find_short_forms(view, hits)
    sure = sorted(hits, key=_place)
    for item in weak:
        outcome = _judge_weak(gazetteer, view, item, sure)
        (hits if isinstance(outcome, Hit) else doubts).append(outcome)  # type: ignore[arg-type]
    codes = find_codes(view, sorted(hits, key=_place))
    return Finds(
        tuple(sorted((*hits, *codes.hits), key=_place)),
        tuple(sorted((*doubts, *codes.doubts), key=_place)),
        tuple(refused),
    )


def _refuse(item: _Found, veto: str) -> Doubt:
    """Return a form that a rule makes something else than a state."""
    reason = f"the words beside {item.form.text!r} make it something else than the state"
    return Doubt(MentionKind.STATE, Span(item.start, item.end), item.form.values, veto, reason)


def _place(find: Hit | Doubt) -> int:
    return find.span.start


def _hit(item: _Found, rule_id: str) -> Hit:
    return Hit(MentionKind.STATE, Span(item.start, item.end), item.form.values, rule_id)


def _match(gazetteer: StateGazetteer, view: TextView) -> Iterator[_Found]:
    """Yield forms in text order, the longest where they overlap, when they are written as their kind asks."""
    matches = gazetteer.phrases.find(view.pieces())
    matches.sort(key=lambda match: (match[1], -match[2]))
    last_end = -1
    for key, start, end in matches:
        if start < last_end:
            continue
        item = _Found(gazetteer.forms[key], start, end)
        if _is_well_written(item, view.text):
            last_end = end
            yield item


def _is_well_written(item: _Found, text: str) -> bool:
    """Tell whether the print has the case that the form needs: exact for abbreviations, capitals for names."""
    printed = text[item.start : item.end]
    if item.form.kind in _EXACT:
        return printed == item.form.text
    # `Pole` is no find in `Pôle emploi`, whereas `Turkiye` is one of `Türkiye`.
    if printed.islower():
        return item.form.is_small and _is_loose(text, item.start, item.end)
    if not printed[0].isupper() or (item.form.text.isascii() and not printed.isascii()):
        return False
    return item.form.n_capitals < 2 or printed.isupper() or count_capitals(printed) >= item.form.n_capitals


def _is_loose(text: str, start: int, end: int) -> bool:
    """Tell whether a name in small letters is a word by itself: not so in addresses and file names."""
    if text[max(0, start - 1) : start] not in _LOOSE:
        return False
    following = text[end : end + 1]
    return following in _LOOSE or (following not in _TIGHT and not text[end + 1 : end + 2].isalnum())


def _find_languages(gazetteer: StateGazetteer, text: str, found: list[_Found]) -> set[int]:
    """Return the starts of adjectives that are languages; adjectives joined in a list are judged together."""
    starts: set[int] = set()
    group: list[_Found] = []
    for item in found:
        if item.form.text not in gazetteer.languages:
            continue
        if group and not _GROUP_GAP.fullmatch(text, group[-1].end, item.start):
            starts |= _judge_languages(gazetteer, text, group)
            group = []
        group.append(item)
    return starts | _judge_languages(gazetteer, text, group)


def _judge_languages(gazetteer: StateGazetteer, text: str, group: list[_Found]) -> set[int]:
    if not group:
        return set()
    start, end = group[0].start, group[-1].end
    before = text[max(0, start - _LOOK_BACK) : start]
    after = _NEXT_WORD.match(text, end)
    has_english = _ENGLISH_BEFORE.search(before) or _ENGLISH_AFTER.match(text, end)
    if has_english or (after and after[1] in gazetteer.language_after):
        return {item.start for item in group}
    if len(group) == 1 and before.endswith("(") and text.startswith(")", end):
        return {start}
    noun = _NEXT_NOUN.match(text, end)
    words = before.split()
    if words and words[-1].lower() in gazetteer.language_before and (not noun or noun[1] in gazetteer.function_words):
        return {item.start for item in group}
    return set()


def _veto(gazetteer: StateGazetteer, view: TextView, item: _Found) -> str:
    """Return the rule by which the words around a form make it something else than a state, or ``""``."""
    text, start, end, kind = view.text, item.start, item.end, item.form.kind
    before = text[max(0, start - _LOOK_BACK) : start]
    before = before[before.rfind("\n") + 1 :]
    if before and not before[-1].isspace() and _is_in_address(before):
        return "state.not.address"
    if kind == "adjective":
        veto = gazetteer.after_any.get(_next_word(text, end), "")
        return veto or ("state.not.thing" if opens_proper_name(text, end) else "")
    if kind in _FOREIGN:
        is_behind = kind != "before_noun" and stands_by_noun(text, start, end, is_behind=True)
        is_alone = not is_behind and (kind == "behind_noun" or not stands_by_noun(text, start, end, is_behind=False))
        return "state.foreign_adjective" if is_alone else ""
    if kind == "short":
        return f"state.{kind}" if text.startswith("$", end) or _is_shouted(view, item) else ""
    return _veto_of_name(gazetteer, item, text, before)


def _veto_of_name(gazetteer: StateGazetteer, item: _Found, text: str, before: str) -> str:
    """Return the rule that makes a name part of another name, a person or a place of printing, or ``""``."""
    start, end = item.start, item.end
    if _FILE_END.match(text, end) and not text.startswith(". ", end):
        return "state.not.address"
    if is_person(text, start, end, is_weak=item.form.kind == "weak"):
        return "state.not.person"
    if veto := _veto_before(gazetteer, before) or gazetteer.after_any.get(_next_word(text, end), ""):
        return veto
    if is_company(text, start, end, item.form.values):
        return "state.not.company"
    if is_institution(before):
        return "state.not.institution"
    if _is_place_line(gazetteer, item, text, before):
        return "state.not.place_line"
    is_organisation = _next_word(text, end) in gazetteer.after_name or _is_organisation(gazetteer, text, end)
    return "state.not.organisation" if is_organisation else ""


def _veto_before(gazetteer: StateGazetteer, before: str) -> str:
    """Return the rule by which the one, two or three words before a name make another name with it (``Bank of``)."""
    last = _LAST_OF_BEFORE.search(before[-_LONGEST_LAST:])
    if last is None or last[1] not in gazetteer.before_last:
        return ""
    words = _WORDS_BEFORE.findall(before)
    vetoes = (gazetteer.before.get(" ".join(words[-n:]), "") for n in (1, 2, 3) if len(words) >= n)
    return next((veto for veto in vetoes if veto), "")


def _next_word(text: str, end: int) -> str:
    """Return the word that stands right behind an offset, or ``""``."""
    match = _NEXT_TOKEN.match(text, end)
    return match[1] if match else ""


def _is_in_address(before: str) -> bool:
    """Tell whether the run of characters that leads up to a form is a web address, an e-mail or a file name."""
    run = before[before.rfind(" ") + 1 :]
    return "://" in run or run.startswith("www.") or "@" in run or run.endswith("_")


def _is_shouted(view: TextView, item: _Found) -> bool:
    """Tell whether an abbreviation stands among words in capitals, where ``US`` may be a pronoun."""
    if item.form.text != "US":
        return False
    block = view.block_at(item.start).span
    around = view.text[max(block.start, item.start - _LOOK_BACK) : min(block.end, item.end + _LOOK_BACK)]
    return around.isupper() and len(around.split()) > 2 and "," not in around


def _is_place_line(gazetteer: StateGazetteer, item: _Found, text: str, before: str) -> bool:
    """Tell whether a name is the place where an act was done, printed or dated: ``Done at Luxembourg``."""
    if before.rstrip().lower().endswith(gazetteer.place_before):
        return True
    if item.form.values != ("LU",):
        return False
    if not before.strip() and _DATE_AFTER.match(text, item.end):
        return True
    return text[item.end : item.end + _LOOK_BACK].lstrip(" :,").startswith(gazetteer.place_after)


def _is_organisation(gazetteer: StateGazetteer, text: str, end: int) -> bool:
    """Tell whether a name opens the proper name of an organisation: ``Netherlands Enterprise Agency``."""
    run = _CAPITAL_RUN.match(text, end)
    if run is None:
        return False
    words = run[0].split()
    return words[0] not in gazetteer.offices and not gazetteer.organisations.isdisjoint(words)


def _find_prefixes(gazetteer: StateGazetteer, text: str, hits: list[Hit]) -> list[Hit]:
    """Return the first halves of double adjectives such as ``Franco-German``."""
    found = []
    for hit in hits:
        end = hit.span.start - 1
        if text[end : end + 1] == "-" and (match := _LAST_WORD.search(text, max(0, end - _LOOK_BACK), end)):
            code = gazetteer.prefix_codes.get(match[0])
            if code is not None:
                found.append(Hit(MentionKind.STATE, Span(*match.span()), (code,), "state.prefix"))
    return found


def _judge_weak(gazetteer: StateGazetteer, view: TextView, item: _Found, hits: list[Hit]) -> Hit | Doubt:
    """Decide on a name that is also something else; without a cue it stays a doubt."""
    text, start, end = view.text, item.start, item.end
    block = view.block_at(start)
    before = text[max(block.span.start, start - _CUE_WINDOW) : start]
    after = text[end : min(block.span.end, end + _CUE_WINDOW)]
    words = before.split()
    doubt = Doubt(
        MentionKind.STATE,
        Span(start, end),
        item.form.values,
        "state.weak",
        "this name needs a cue that it is the state",
    )
    is_person = bool(re.match(r" [A-Z]", after)) or bool(words and words[-1][0].isupper() and words[-1].isalpha())
    if is_person and not (words and words[-1].lower() in gazetteer.weak_before and not re.match(r" [A-Z]", after)):
        return doubt
    if re.search(r"\b(?:state of|Atlanta,?|Fort \w+,?) $", before):
        return doubt
    if (words and words[-1].lower() in gazetteer.weak_before) or gazetteer.weak_cues.search(before + " . " + after):
        return _hit(item, "state.weak")
    place = bisect_right(hits, start, key=_place)
    has_before = place > 0 and _LIST_GAP.fullmatch(text, hits[place - 1].span.end, start)
    has_after = place < len(hits) and _LIST_GAP.fullmatch(text, end, hits[place].span.start)
    return _hit(item, "state.weak") if has_before or has_after else doubt
