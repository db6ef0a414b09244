"""All finders over one text, their finds made to agree and brought back to the page.

A ``TextView`` enters; mentions in reading order, paraphrase candidates and issues leave. Where two finds want the same
words, the longer name of the stronger kind has them: a state inside a project's name is no state mention.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.commitments.finder import find_commitments, find_paraphrases
from extractors.dates.finder import find_dates
from extractors.nlp import Finds
from extractors.prints import find_prints
from extractors.projects.finder import find_projects
from extractors.states.finder import find_states
from extractors.views import NO_GLYPH, TextView
from models.issues import Issue, Severity
from models.mentions import Doubt, Hit, Mention, MentionKind

# Who keeps the words when two finds overlap: a commitment's numbers are no date, a name's parts are no states.
_STRENGTH = {
    MentionKind.COMMITMENT: 4,
    MentionKind.COMMITMENT_AREA: 3,
    MentionKind.PROJECT: 2,
    MentionKind.DATE: 1,
    MentionKind.STATE: 0,
}


FINDERS = (find_projects, find_states, find_dates, find_commitments)


@dataclass(frozen=True, slots=True)
class Found:
    """What all finders found in one document: mentions and candidates in text order, doubts as issues."""

    mentions: tuple[Mention, ...]
    candidates: tuple[Mention, ...]
    issues: tuple[Issue, ...]


def find_mentions(view: TextView) -> Found:
    """Run every finder over a view; raises ``RuleError`` when a rule file is broken."""
    finds = [find(view) for find in FINDERS]
    hits = keep_strongest(hit for found in finds for hit in found.hits)
    return Found(
        mentions=to_mentions(view, hits),
        candidates=to_mentions(view, find_paraphrases(view)),
        issues=tuple(_to_issue(view, doubt) for doubt in open_doubts(finds, hits)),
    )


def keep_strongest(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits in text order, none overlapping: the stronger kind wins, then the longer find, then the earlier."""
    kept: list[Hit] = []
    starts: list[int] = []
    for hit in sorted(hits, key=lambda hit: (-_STRENGTH[hit.kind], -len(hit.span), hit.span, hit.values)):
        place = bisect_right(starts, hit.span.start)
        is_free = (place == 0 or kept[place - 1].span.end <= hit.span.start) and (
            place == len(kept) or hit.span.end <= kept[place].span.start
        )
        if is_free:
            kept.insert(place, hit)
            starts.insert(place, hit.span.start)
    return kept


def to_mentions(view: TextView, hits: Sequence[Hit]) -> tuple[Mention, ...]:
    """Bring hits back to their pages; one behind which no glyph stands is none."""
    prints = find_prints(view, [hit.span for hit in hits])
    return tuple(
        Mention(
            kind=hit.kind,
            values=hit.values,
            text=view.text[hit.span.start : hit.span.end],
            page=found.page,
            span=hit.span,
            boxes=found.boxes,
            rule_id=hit.rule_id,
            is_ocr=found.is_ocr,
        )
        for hit, found in zip(hits, prints, strict=True)
        if found is not None
    )


def open_doubts(finds: Sequence[Finds], hits: Sequence[Hit]) -> list[Doubt]:
    """Return the doubts, in text order, that no hit of any kind has settled by taking the words."""
    starts = [hit.span.start for hit in hits]
    doubts = sorted(
        (doubt for found in finds for doubt in found.doubts), key=lambda doubt: (doubt.span, doubt.kind, doubt.rule_id)
    )
    return [doubt for doubt in doubts if not _is_taken(doubt, hits, starts)]


def _is_taken(doubt: Doubt, hits: Sequence[Hit], starts: Sequence[int]) -> bool:
    """Tell whether a hit of another rule overlaps a doubt; what one rule both found and doubts (18-25) stays open."""
    place = bisect_right(starts, doubt.span.start)
    near = [hits[i] for i in (place - 1, place) if 0 <= i < len(hits)]
    return any(hit.span.overlaps(doubt.span) and hit.rule_id != doubt.rule_id for hit in near)


def _to_issue(view: TextView, doubt: Doubt) -> Issue:
    """Make an issue row of a doubt, with the words round it."""
    code = f"ambiguous_{doubt.kind}" if doubt.candidates else f"unmatched_{doubt.kind}"
    block = view.block_at(doubt.span.start).span
    around = view.text[max(block.start, doubt.span.start - 60) : min(block.end, doubt.span.end + 60)]
    text = view.text[doubt.span.start : doubt.span.end]
    has_glyph = bool((view.origins[doubt.span.start : doubt.span.end] != NO_GLYPH).any())
    return Issue(
        code=code,
        severity=Severity.WARNING,
        page=view.page_of(doubt.span) if has_glyph else None,
        message=f"{text!r}: {doubt.reason}",
        context={"text": text, "around": around, "candidates": list(doubt.candidates), "rule_id": doubt.rule_id},
    )
