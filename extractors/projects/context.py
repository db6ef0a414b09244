"""Decide on forms that are also something else: ``EPC``, ``Military Mobility``, ``ACCESS``.

Enter candidates in text order, leave hits and doubts. A name or a distinct acronym always counts. A weak acronym counts
in a document that speaks of PESCO, unless words in capitals surround it. A risky form counts where the document names
the project in full, where it stands in a list or column of projects, or where words of a project stand beside it. Words
that mean a policy or another body veto both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.projects.gazetteer import Form, Gazetteer
from extractors.views import TextView
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

_LIST_GAP = re.compile(
    r"['\"]?(?: ?[;,&/](?: ?(?:and|or|&))?| (?:and|or|with|&))(?: \d{1,2}[.)])?"
    r"(?: (?:the|for|of|in))?(?: project)? ?['\"]?"
)
_NUMBERING = re.compile(r"^(?:\[[A-Z ]+\] ?|\d{1,2}[.)] ?|[-\u2022*] ?|['\"(])+")
# ``iUGS 3``: a later project of a line that has its number, or a second phase with a name of its own.
_SUCCESSOR = re.compile(r" (?:[2-9]|II|III)(?= ?(?:[(,;.)\n]|$)| (?:is|was|will|has|and|or|in|for)\b)")
_CAPITALS_BEFORE = re.compile(r"(?<![\w-])([A-Z]{3,}) $")
_CAPITALS_AFTER = re.compile(r" ([A-Z]{3,})(?![\w-])")
_OWN_CAPITALS = frozenset(("PESCO", "IOC", "FOC", "PROJECT", "PROJECTS", "THE"))
_WINDOW = 110
_SENTENCE = 400
_LEAD = 24


@dataclass(frozen=True, slots=True)
class Candidate:
    """A form in the text; ``is_full`` tells that name and acronym stand together."""

    form: Form
    span: Span
    is_full: bool = False


@dataclass(slots=True)
class _Evidence:
    """What the document as a whole says: which projects it names in full, and in which columns projects stand.

    One sure project, named in passing perhaps, makes doubts visible but no weak form sure.
    """

    is_pesco: bool
    is_near_pesco: bool
    named: set[str]
    foreign: set[str]
    columns: set[tuple[int, int]]
    alone: set[int]


def judge_candidates(
    gazetteer: Gazetteer, view: TextView, candidates: Sequence[Candidate]
) -> tuple[list[Hit], list[Doubt], list[Doubt]]:
    """Return the candidates that count as hits, doubts for those that lack what their kind needs, and what is refused
    because words beside it say that something else is meant."""
    evidence = _gather(gazetteer, view, candidates)
    verdicts = [_judge(gazetteer, view, item, evidence) for item in candidates]
    for order in (range(1, len(candidates)), range(len(candidates) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for place in order:
            item, other = candidates[place], candidates[place + step]
            if verdicts[place] == "?" and _is_sure(verdicts[place + step]) and _are_neighbours(view.text, item, other):
                verdicts[place] = f"project.{item.form.kind}"
    hits: list[Hit] = []
    doubts: list[Doubt] = []
    refused: list[Doubt] = []
    for item, verdict in zip(candidates, verdicts, strict=True):
        if _is_sure(verdict):
            hits.append(Hit(MentionKind.PROJECT, item.span, (item.form.slug,), verdict))
        elif verdict == "successor":
            span = Span(item.span.start, item.span.end + 2)
            reason = "this number makes it another project, and no known project has this name"
            doubts.append(Doubt(MentionKind.PROJECT, span, (), "project.unknown", reason))
        elif verdict == "?" and evidence.is_near_pesco:
            reason = f"{item.form.text!r} has other meanings and nothing beside it speaks of a project"
            doubts.append(_doubt(item, reason))
        else:
            refused.append(_doubt(item, _reason_of(item, verdict)))
    return hits, doubts, refused


def _reason_of(item: Candidate, verdict: str) -> str:
    """Return why a form is refused that is not even a doubt."""
    if verdict == "?":
        return f"nothing here speaks of PESCO, and {item.form.text!r} has other meanings"
    return f"the words beside {item.form.text!r} speak of something else than the project"


def _doubt(item: Candidate, reason: str) -> Doubt:
    return Doubt(MentionKind.PROJECT, item.span, (item.form.slug,), f"project.{item.form.kind}", reason)


def _is_sure(verdict: str) -> bool:
    return verdict.startswith("project.")


def _gather(gazetteer: Gazetteer, view: TextView, candidates: Sequence[Candidate]) -> _Evidence:
    strong = {item.form.slug for item in candidates if item.is_full or item.form.kind in ("name", "acronym")}
    is_pesco = len(strong) > 1 or (bool(candidates) and gazetteer.pesco.search(view.text) is not None)
    evidence = _Evidence(is_pesco, is_pesco or bool(strong), set(), set(), set(), set())
    for item in candidates:
        is_strong = item.is_full or item.form.kind in ("name", "acronym")
        if _SUCCESSOR.match(view.text, item.span.end):
            continue
        if item.is_full or item.form.kind == "name":
            evidence.named.add(item.form.slug)
        elif not is_strong and _is_defined_otherwise(view.text, item):
            evidence.foreign.add(item.form.slug)
        if is_strong:
            index = view.block_index_at(item.span.start)
            block = view.blocks[index]
            if item.span.start - block.span.start <= 12:
                evidence.alone.add(index)
                if block.cell is not None:
                    evidence.columns.add((block.cell.table, block.cell.column))
    return evidence


def _is_defined_otherwise(text: str, item: Candidate) -> bool:
    """Tell whether the words before ``(EPC)`` have these initials: the document means something else by it."""
    start, end = item.span.start, item.span.end
    if text[start - 1 : start] != "(" or text[end : end + 1] != ")":
        return False
    letters = item.form.letters.lower()
    words = re.findall(r"[a-z]+", text[max(0, start - 90) : start].lower())
    initials = "".join(word[0] for word in words)
    main_initials = "".join(word[0] for word in words if word not in ("of", "the", "and", "for", "on"))
    return initials.endswith(letters) or main_initials.endswith(letters)


def _judge(gazetteer: Gazetteer, view: TextView, item: Candidate, evidence: _Evidence) -> str:
    """Return the rule id of a hit, ``"?"`` when something is missing, ``""`` when something else is meant."""
    kind, slug = item.form.kind, item.form.slug
    is_name = kind == "name" or item.is_full
    if not is_name and _is_vetoed(gazetteer, view, item):
        return ""
    if not item.is_full and _SUCCESSOR.match(view.text, item.span.end):
        return "successor"
    if is_name:
        return "project.name"
    if kind == "acronym":
        return "project.acronym"
    if slug in evidence.foreign and slug not in evidence.named:
        return ""
    if kind == "weak" and (evidence.is_pesco or slug in evidence.named) and not _is_shouted(view.text, item.span):
        return "project.weak"
    is_meant = (
        (slug in evidence.named and slug not in evidence.foreign)
        or _has_cue(gazetteer, view, item)
        or _stands_among_projects(gazetteer, view, item, evidence)
    )
    return f"project.{kind}" if is_meant else "?"


def _is_vetoed(gazetteer: Gazetteer, view: TextView, item: Candidate) -> bool:
    """Tell whether words beside a form, or in its block, say that something else is meant."""
    vetoes = gazetteer.vetoes[item.form.slug]
    text, start, end = view.text, item.span.start, item.span.end
    block = view.block_at(start).span
    if vetoes.before and vetoes.before.search(text[max(block.start, start - 40) : start]):
        return True
    if vetoes.after and vetoes.after.match(text, end, block.end):
        return True
    return vetoes.near is not None and vetoes.near.search(_sentence(text, item.span, block)) is not None


def _sentence(text: str, span: Span, block: Span) -> str:
    """Return the sentence round a span, near enough: what stands between two full stops of its block."""
    first, last = max(block.start, span.start - _SENTENCE), min(block.end, span.end + _SENTENCE)
    start, end = text.rfind(". ", first, span.start), text.find(". ", span.end, last)
    return text[first if start < 0 else start : last if end < 0 else end]


def _is_shouted(text: str, span: Span) -> bool:
    """Tell whether a form stands beside another word in capitals, where ``ACCESS`` is a word like any other."""
    if not text[span.start : span.end].isupper():
        return False
    words = (_CAPITALS_BEFORE.search(text, max(0, span.start - 30), span.start), _CAPITALS_AFTER.match(text, span.end))
    return any(match is not None and match[1] not in _OWN_CAPITALS for match in words)


def _has_cue(gazetteer: Gazetteer, view: TextView, item: Candidate) -> bool:
    """Tell whether words of a project stand beside a form."""
    text, start, end = view.text, item.span.start, item.span.end
    block = view.block_at(start).span
    before = text[max(block.start, start - _WINDOW) : start]
    if gazetteer.cue_before.search(before) or gazetteer.cue_after.match(text, end, block.end):
        return True
    return gazetteer.cue_near.search(text, max(block.start, start - _WINDOW), min(block.end, end + _WINDOW)) is not None


def _stands_among_projects(gazetteer: Gazetteer, view: TextView, item: Candidate, evidence: _Evidence) -> bool:
    """Tell whether a form opens a cell of a column of projects, or is a line of its own in a list of projects."""
    index = view.block_index_at(item.span.start)
    block = view.blocks[index]
    lead = _NUMBERING.match(view.text[block.span.start : min(block.span.end, block.span.start + _LEAD)])
    if item.span.start - block.span.start > (lead.end() if lead else 0):
        return False
    cell = block.cell
    if cell is not None and (gazetteer.heading.match(cell.heading) or (cell.table, cell.column) in evidence.columns):
        return True
    if block.span.end - item.span.end > 3:
        return False
    if index - 1 in evidence.alone or index + 1 in evidence.alone:
        return True
    following = view.blocks[index + 1] if index + 1 < len(view.blocks) else None
    return following is not None and gazetteer.cue_near.search(view.text, *_head(following.span)) is not None


def _head(span: Span) -> tuple[int, int]:
    return span.start, min(span.end, span.start + 2 * _WINDOW)


def _are_neighbours(text: str, one: Candidate, other: Candidate) -> bool:
    """Tell whether two candidates stand side by side in a list."""
    first, second = sorted((one.span, other.span))
    return first.end < second.start and _LIST_GAP.fullmatch(text, first.end, second.start) is not None
