"""Projects by likeness, and places where a project must stand whose name nobody knows.

Enter a view and the hits found so far; leave hits for long names with a slip of the pen, and doubts without a
candidate where a cell under a project heading or the words ``PESCO project`` announce a project that matches nothing.
"""

import re
from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from extractors.nlp import Finds, fold
from extractors.projects.gazetteer import Gazetteer
from extractors.views import BlockKind, TextView
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

MIN_LIKENESS = 90.0
"""Likeness (0 to 100) of a whole name; about one slip in ten letters."""
MIN_WORD_LIKENESS = 60.0
"""Likeness of each word: below, another word stands there and another project may be meant."""
_NO_PROJECT = re.compile(r"(?:n/?a|tbd|tbc|none|total|sum|other|-|\W*|\d+)\.?", re.IGNORECASE)
_LEAD = re.compile(r"(?:\[[A-Z ]+\] ?|\d{1,2}[.)]? )+")


def find_guesses(gazetteer: Gazetteer, view: TextView, hits: Sequence[Hit]) -> Finds:
    """Return names with slips as hits, unknown projects as doubts; nothing that overlaps a hit."""
    taken = sorted(hit.span for hit in hits)
    guesses: list[Hit | Doubt] = []
    for span in _anchors(gazetteer, view):
        if not overlaps_any(span, taken):
            guess = _guess(gazetteer, view, fold(view.text[span.start : span.end]), span)
            if guess is not None and not overlaps_any(guess.span, taken):
                guesses.append(guess)
                insort(taken, guess.span)
    unknown = [doubt for doubt in _unknown(gazetteer, view, hits) if not overlaps_any(doubt.span, taken)]
    return Finds(
        tuple(guess for guess in guesses if isinstance(guess, Hit)),
        tuple(guess for guess in (*guesses, *unknown) if isinstance(guess, Doubt)),
    )


def overlaps_any(span: Span, taken: Sequence[Span]) -> bool:
    """Tell whether a span overlaps one of those that are taken, which are sorted and do not overlap each other."""
    place = bisect_right(taken, span)
    return any(taken[i].overlaps(span) for i in (place - 1, place) if 0 <= i < len(taken))


def _anchors(gazetteer: Gazetteer, view: TextView) -> Iterator[Span]:
    """Yield the places where two words in a row come from a long name."""
    for _, start, end in gazetteer.anchor_phrases.find(view.pieces()):
        yield Span(start, end)


def _guess(gazetteer: Gazetteer, view: TextView, anchor: str, span: Span) -> Hit | Doubt | None:
    """Return the long name that stands round an anchor with a slip; a doubt when its number is another one."""
    block = view.block_at(span.start).span
    best: tuple[float, Span, str] | None = None
    for name in gazetteer.anchors.get(anchor, ()):
        start = max(block.start, span.start - len(name))
        window = view.text[start : min(block.end, span.end + len(name))].lower()
        match = fuzz.partial_ratio_alignment(name, window, score_cutoff=MIN_LIKENESS)
        if match is None or match.score < MIN_LIKENESS:
            continue
        place = _whole_words(view.text, Span(start + match.dest_start, start + match.dest_end), block)
        if _is_slip(name, view.text[place.start : place.end]) and (best is None or match.score > best[0]):
            best = (match.score, place, name)
    if best is None:
        return None
    _, place, name = best
    slug = gazetteer.long_names[name]
    after = re.match(r" (\d+)\b", view.text[place.end : place.end + 4])
    if _numbers(name) != _numbers(view.text[place.start : place.end]) or after:
        reason = f"like {name!r}, but with another number"
        return Doubt(MentionKind.PROJECT, place, (slug,), "project.fuzzy", reason)
    return Hit(MentionKind.PROJECT, place, (slug,), "project.fuzzy")


def _whole_words(text: str, span: Span, block: Span) -> Span:
    """Widen a span to whole words inside its block."""
    start, end = span.start, span.end
    while start > block.start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < block.end and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    while end - 1 > start and not text[end - 1].isalnum():
        end -= 1
    while start + 1 < end and not text[start].isalnum():
        start += 1
    return Span(start, end)


def _is_slip(name: str, printed: str) -> bool:
    """Tell whether a print differs from a name by slips only: every word is like its counterpart."""
    ours, theirs = re.findall(r"\w+", name), re.findall(r"\w+", printed.lower())
    if not printed[:1].isupper():
        return False
    if len(ours) == len(theirs):
        return all(fuzz.ratio(one, other) >= MIN_WORD_LIKENESS for one, other in zip(ours, theirs, strict=True))
    return fuzz.ratio("".join(ours), "".join(theirs)) >= MIN_LIKENESS and abs(len(ours) - len(theirs)) == 1


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _unknown(gazetteer: Gazetteer, view: TextView, hits: Sequence[Hit]) -> Iterator[Doubt]:
    """Yield doubts where a project must stand and none is known."""
    for match in _announced(gazetteer, view):
        reason = "the words before announce a PESCO project, and no known project has this name"
        yield Doubt(MentionKind.PROJECT, Span(*match.span(match.lastindex or 0)), (), "project.unknown", reason)
    with_hits = {view.block_index_at(hit.span.start) for hit in hits}
    columns = {_column(view, index) for index in with_hits} - {None}
    if not columns:
        return
    for index, block in enumerate(view.blocks):
        if block.kind is not BlockKind.CELL or block.cell is None or block.cell.is_header or index in with_hits:
            continue
        if (block.cell.table, block.cell.column) in columns and gazetteer.heading.match(block.cell.heading):
            text = view.block_text(block)
            lead = _LEAD.match(text)
            start = block.span.start + (lead.end() if lead else 0)
            if start < block.span.end and not _NO_PROJECT.fullmatch(text):
                reason = "this stands in a column of projects, and no known project has this name"
                yield Doubt(MentionKind.PROJECT, Span(start, block.span.end), (), "project.unknown", reason)


def _announced(gazetteer: Gazetteer, view: TextView) -> Iterator[re.Match[str]]:
    """Yield where words announce a project, as searching the text would, which takes many times longer."""
    end = 0
    for start in view.pieces().places_of(gazetteer.unknown_words):
        match = gazetteer.unknown.match(view.text, start) if start >= end else None
        if match is not None:
            end = match.end()
            yield match


def _column(view: TextView, index: int) -> tuple[int, int] | None:
    cell = view.blocks[index].cell
    return (cell.table, cell.column) if cell is not None else None
