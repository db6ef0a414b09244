"""Two-letter codes of states, which are also words, languages and abbreviations: they count only where codes stand.

A code counts in a list of codes, beside the word for its role, in a cell of codes, or in brackets behind its own
state. A list that holds a language's code is a list of languages, and a code that a legend explains is what the
legend says. Enter a ``TextView`` and the names already found in it; leave hits and doubts.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from extractors.nlp import Finds
from extractors.states.code_cells import find_code_cells
from extractors.states.rules import load_state_rules
from extractors.views import Block, BlockKind, TextView
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

# The look behind stands inside, for a pattern that starts with a set of signs is found fastest.
_CODE = re.compile(r"[A-Z](?<![\w.@_#\\][A-Z])[A-Z]{1,2}(?![\w@])(?!\.\w)")
# What may stand between two codes of a list: marks of a role, then a separator.
_MARK = r"(?: ?\*{1,3}| ?\((?:o|obs\.?|c|coord\.?|observer|coordinator|lead)\))?"
_STRICT_GAP = re.compile(rf"{_MARK} ?(?:, ?(?:and |or )?|; ?|/ ?|[-–] ?|\+ ?|& ?|and |or )(?:the )?")
_LOOSE_GAP = re.compile(rf"{_MARK} ")
_CELL_MARKS = re.compile(r"\((?:o|c|coordinators?|observer|lead|obs\.?|coord\.?)\)|[*,;/&\s\d+-]|\band\b")
_STARRED = re.compile(r" ?\*|\((?:o|c)\)| \((?:o|c)\)")
_ENDS_PHRASE = re.compile(r"[*]?\s*(?:$|[.,;:)\]\n]|\()")
_EXPLAINS = re.compile(r"['\"]? ?(?:[:=(\u2013-]|for|stands for|means) ?(?:the )?")
_SLASH_BEFORE = re.compile(r" ?/ ?$")
_SLASH_AFTER = re.compile(r" ?/ ?")
_LOOK_BACK = 70
_MAX_GAP = 20
_NEAR = 40
MAX_CELL = 600
"""Characters; a longer cell is no cell of codes."""


@dataclass(frozen=True, slots=True)
class _CodeRules:
    """The rules compiled: which state a code means, which codes are betrayers, and the words for roles."""

    states: dict[str, str]
    names: dict[str, str]
    core: frozenset[str]
    words: frozenset[str]
    betrayers: frozenset[str]
    languages: frozenset[str]
    language_cue: re.Pattern[str]
    role_before: re.Pattern[str]
    role_after: re.Pattern[str]
    verb_after: re.Pattern[str]
    heading: re.Pattern[str]
    sure_heading: re.Pattern[str]
    legend: re.Pattern[str]
    group_before: re.Pattern[str]
    group_after: re.Pattern[str]
    short_forms: dict[str, str]
    short_form: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Code:
    text: str
    start: int
    end: int


def find_codes(view: TextView, names: Sequence[Hit]) -> Finds:
    """Return the codes that stand for states; ``names`` are the hits of names, in text order."""
    rules = _load_code_rules()
    text = view.text
    codes = list(_read_codes(rules, view))
    if not codes:
        return Finds()
    taken = {hit.span.start for hit in names}
    find_legends = cache(partial(_find_legends, rules, text))
    lined_up = find_code_cells(view, ((code.text, code.start, code.end) for code in codes), rules.core, rules.languages)
    hits: list[Hit] = []
    doubts: list[Doubt] = []
    blocks_with_lists: set[int] = set()
    judge = partial(_judge_chain, rules, view)
    for chain in _chains(rules, text, codes):
        is_lined_up = chain[0].start in lined_up
        rule_id = "state.code_cell" if is_lined_up else judge(chain, names, blocks_with_lists, find_legends)
        if rule_id == "state.code_list":
            blocks_with_lists.add(view.block_index_at(chain[0].start))
        for code in chain if rule_id else ():
            if code.start in taken or code.text not in rules.states:
                continue
            span, value = Span(code.start, code.end), (rules.states[code.text],)
            if rule_id == "?":
                reason = "two codes that are also words, and nothing says that they are states"
                doubts.append(Doubt(MentionKind.STATE, span, value, "state.code_list", reason))
            else:
                hits.append(Hit(MentionKind.STATE, span, value, rule_id))
    return Finds(tuple(hits), tuple(doubts))


def _read_codes(rules: _CodeRules, view: TextView) -> Iterator[_Code]:
    """Yield what has the form of a code, in text order; those of three letters are read where they can be states."""
    pieces = view.pieces()
    words = [word for piece in pieces.distinct if (word := piece.rstrip(" ")).isupper() and len(word) in (2, 3)]
    for start in pieces.places_of(word for word in words if len(word) == 2 or word in rules.core):
        match = _CODE.match(view.text, start)
        if match is not None:
            yield _Code(match[0], *match.span())


def _chains(rules: _CodeRules, text: str, codes: list[_Code]) -> Iterator[list[_Code]]:
    """Group codes that stand in one list; with blanks alone between them it takes three, two of which are no words."""
    chain: list[_Code] = []
    is_strict = False
    for code in codes:
        gap = (chain[-1].end, code.start) if chain and code.start - chain[-1].end <= _MAX_GAP else None
        is_joined = gap is not None and _STRICT_GAP.fullmatch(text, *gap) is not None
        if gap is not None and (is_joined or _LOOSE_GAP.fullmatch(text, *gap)):
            chain.append(code)
            is_strict |= is_joined
            continue
        yield from _split(rules, chain, is_strict=is_strict)
        chain, is_strict = [code], False
    yield from _split(rules, chain, is_strict=is_strict)


def _split(rules: _CodeRules, chain: list[_Code], *, is_strict: bool) -> list[list[_Code]]:
    """Return a chain whole when it is a list, else its codes one by one."""
    plain = sum(code.text in rules.core and code.text not in rules.words for code in chain)
    return [chain] if is_strict or (plain >= 2 and len(chain) >= 3) else [[code] for code in chain]


def _judge_chain(
    rules: _CodeRules,
    view: TextView,
    chain: list[_Code],
    names: Sequence[Hit],
    blocks_with_lists: set[int],
    find_legends: Callable[[], frozenset[str]],
) -> str:
    """Return the rule under which the codes of a chain count, ``"?"`` for a doubt, ``""`` for none."""
    text = view.text
    if 2 * sum(code.text in rules.states for code in chain) <= len(chain) or _are_languages(rules, view, chain):
        return ""
    core = [code for code in chain if code.text in rules.core]
    block = view.block_at(chain[0].start)
    if _is_cell_of_codes(rules, view, block, chain, find_legends):
        return "state.code_cell"
    if _has_role(rules, view, block, chain):
        return "state.code_role"
    if len(core) >= 2:
        return "state.code_list" if len(chain) >= 3 else _judge_pair(rules, text, chain)
    if len(core) == 1 and len(chain) == 1:
        index = view.block_index_at(chain[0].start)
        return _judge_single(rules, text, chain[0], names, index in blocks_with_lists)
    return ""


def _judge_pair(rules: _CodeRules, text: str, pair: list[_Code]) -> str:
    """Decide on two codes with a separator: ``FR and DE`` counts, ``IT and HR departments`` does not."""
    is_marked = any(_STARRED.match(text, code.end) for code in pair)
    if is_marked or not all(code.text in rules.words for code in pair):
        return "state.code_list"
    return "" if re.match(r" [a-z]", text[pair[-1].end : pair[-1].end + 2]) else "?"


def _are_languages(rules: _CodeRules, view: TextView, chain: list[_Code]) -> bool:
    """Tell whether a chain lists languages: it holds a code no state has, or the words before it say so."""
    texts = {code.text for code in chain}
    if len(chain) > 1 and (texts & rules.languages or (len(chain) > 2 and texts & rules.betrayers)):
        return True
    start = chain[0].start
    before = view.text[max(view.block_at(start).span.start, start - _LOOK_BACK) : start]
    return rules.language_cue.search(before) is not None


def _is_cell_of_codes(
    rules: _CodeRules, view: TextView, block: Block, chain: list[_Code], find_legends: Callable[[], frozenset[str]]
) -> bool:
    """Tell whether a table cell holds nothing but codes and their marks, and its column is one of states."""
    if block.kind is not BlockKind.CELL or block.cell is None or len(block.span) > MAX_CELL:
        return False
    codes = [code for code in _CODE.findall(view.block_text(block)) if code in rules.states]
    rest = _CODE.sub(lambda match: "" if match[0] in rules.states else match[0], view.block_text(block))
    if _CELL_MARKS.sub("", rest):
        return False
    # A code that a legend explains is that word, save where the column can only hold states.
    if len(codes) == 1 and codes[0] in find_legends():
        return rules.sure_heading.search(block.cell.heading) is not None
    if rules.heading.search(block.cell.heading):
        return True
    return len(codes) > 1 or _STARRED.match(view.text, chain[0].end) is not None


def _has_role(rules: _CodeRules, view: TextView, block: Block, chain: list[_Code]) -> bool:
    """Tell whether the word for a role stands right before or behind a code."""
    text = view.text
    start, end = chain[0].start, chain[-1].end
    before = text[max(block.span.start, start - _LOOK_BACK) : start]
    if rules.role_before.search(before) and (
        len(chain) > 1 or chain[0].text not in rules.words or _ENDS_PHRASE.match(text, end)
    ):
        return chain[0].text in rules.core
    if chain[-1].text not in rules.core:
        return False
    has_verb = (len(chain) > 1 or chain[0].text not in rules.words) and rules.verb_after.match(text, end) is not None
    return has_verb or rules.role_after.match(text, end) is not None


def _judge_single(rules: _CodeRules, text: str, code: _Code, names: Sequence[Hit], has_list: bool) -> str:
    """Decide on one code alone: starred, or in brackets behind its state or beside a list of codes."""
    if len(code.text) == 3:
        return ""
    if _is_by_group(rules, text, code):
        return "state.code_group"
    if _is_explained(rules, text, code, names):
        return "state.code_list"
    is_bracketed = text[code.start - 1 : code.start] == "(" and text[code.end : code.end + 1] == ")"
    if not is_bracketed:
        is_plain = code.text not in rules.words
        return "state.code_list" if is_plain and re.match(r"\*(?!\w)", text[code.end : code.end + 2]) else ""
    state = rules.states[code.text]
    initials = "".join(word[0] for word in text[max(0, code.start - 60) : code.start].split()[-3:] if word != "(")
    if initials.rstrip("(").upper().endswith(code.text):
        return ""
    if has_list:
        return "state.code_list"
    place = bisect_right(names, code.start, key=lambda hit: hit.span.start)
    near = (hit for hit in names[max(0, place - 3) : place] if 0 < code.start - hit.span.end < _NEAR)
    return "state.code_role" if any(state in hit.values for hit in near) else ""


def _is_explained(rules: _CodeRules, text: str, code: _Code, names: Sequence[Hit]) -> bool:
    """Tell whether the name of its own state explains a code: ``EL: Greece``, ``EL for Greece``."""
    match = _EXPLAINS.match(text, code.end)
    if match is None:
        return False
    place = bisect_left(names, match.end(), key=lambda hit: hit.span.start)
    return (
        place < len(names) and names[place].span.start == match.end() and rules.states[code.text] in names[place].values
    )


def _is_by_group(rules: _CodeRules, text: str, code: _Code) -> bool:
    """Tell whether a code shares its brackets with a political group: ``(DE, S&D)``."""
    if text[code.start - 1 : code.start] == "(":
        return rules.group_after.match(text, code.end) is not None
    return (
        text[code.end : code.end + 1] == ")"
        and rules.group_before.search(text[max(0, code.start - 16) : code.start]) is not None
    )


def find_short_forms(view: TextView, names: Sequence[Hit]) -> list[Hit]:
    """Return short forms such as ``Lux`` that a slash ties to a state or to another of them."""
    rules, text = _load_code_rules(), view.text
    if "/" not in text:
        return []
    places = view.pieces().places_of(rules.short_forms)
    found = [match.span() for start in places if (match := rules.short_form.match(text, start)) is not None]
    found = [(start, end) for start, end in found if not text[max(0, start - 1) : start].isalnum()]
    starts = {hit.span.start for hit in names} | {start for start, _ in found}
    ends = {hit.span.end for hit in names} | {end for _, end in found}
    hits = []
    for start, end in found:
        before, after = _SLASH_BEFORE.search(text, max(0, start - 3), start), _SLASH_AFTER.match(text, end)
        if (before and before.start() in ends) or (after and after.end() in starts):
            code = rules.short_forms[text[start:end]]
            hits.append(Hit(MentionKind.STATE, Span(start, end), (code,), "state.short_pair"))
    return hits


def _find_legends(rules: _CodeRules, text: str) -> frozenset[str]:
    """Return the codes that the document explains as something else: ``PL = planned``."""
    return frozenset(
        code
        for code, word in rules.legend.findall(text)
        if code in rules.states and not rules.names[rules.states[code]].startswith(word)
    )


@cache
def _load_code_rules() -> _CodeRules:
    rules = load_state_rules()
    states = {state.code: state.code for state in rules.states}
    states |= {code: state.code for state in rules.states for code in (state.eu_code, state.iso3) if code}
    core = {state.code for state in rules.states if state.pesco_role != "none"}
    core |= set(rules.rule("state.code_partner").words)
    core |= {code for code, state in states.items() if state in core}
    language, role = rules.rule("state.not.language_code"), rules.rule("state.code_role")
    before = "|".join(re.escape(word) for word in sorted(role.words, key=len, reverse=True))
    after = "|".join(re.escape(word) for word in role.after)
    signs = "|".join(re.escape(word) for word in rules.rule("state.not.legend").words)
    groups = "|".join(re.escape(word) for word in rules.rule("state.code_group").words)
    short_forms = dict(word.split(": ") for word in rules.rule("state.short_pair").words)
    verbs = "|".join(re.escape(word) for word in rules.rule("state.code_verb").words)
    return _CodeRules(
        states=states,
        names={state.code: state.name for state in rules.states},
        core=frozenset(core),
        words=frozenset(rules.rule("state.code_word").words),
        betrayers=frozenset(word for word in language.words if word in states),
        languages=frozenset(word for word in language.words if word not in states),
        language_cue=re.compile(rf"\b(?:{'|'.join(language.before)})\b[^.]*$", re.IGNORECASE),
        role_before=re.compile(rf"\b(?:{before})\s?(?:(?:is|are|as)\b|[:=(–-])?\s*$", re.IGNORECASE),
        role_after=re.compile(rf"\*?(?: ?\((?:{after})\)|-(?:led|coordinated)\b| lead\b(?! to))"),
        verb_after=re.compile(rf" (?:{verbs})\b(?! to)"),
        heading=re.compile("|".join(rules.rule("state.code_cell").words), re.IGNORECASE),
        group_before=re.compile(rf"\((?:{groups})[,/] ?$"),
        group_after=re.compile(rf"[,/] ?(?:{groups})\)"),
        short_forms=short_forms,
        short_form=re.compile(rf"(?:{'|'.join(short_forms)})(?!\w)"),
        legend=re.compile(rf"([A-Z](?<!\w[A-Z])[A-Z])['\"]?\s?(?:{signs})\s?['\"]?(?<=[\s=])([A-Za-z]\w+)"),
        sure_heading=re.compile("|".join(rules.rule("state.not.legend").before), re.IGNORECASE),
    )
