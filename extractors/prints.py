"""Where stretches of a text stand on their pages: boxes, found for many stretches at once.

A ``TextView`` and spans of its text enter; boxes in points leave. Working on the glyphs of all spans together costs a
tenth of working span by span, whose arrays hold a handful of numbers each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.glyphs import Bools, Floats, Indices, Ints
from extractors.views import NO_GLYPH, DocumentGlyphs, TextView
from models.spans import Box, Span

# A mark between two glyphs of a text has no more glyphs than this.
_MOST_BETWEEN = 8


@dataclass(frozen=True, slots=True)
class Print:
    """Where a span is printed: the page of its first glyph (from 1), one box per printed line in text order, and
    whether its first glyph was recognised from a picture."""

    page: int
    boxes: tuple[Box, ...]
    is_ocr: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """The glyphs of all spans, one after the other: ``places[i]`` is the span that ``indices[i]`` belongs to,
    ``firsts`` are the offsets at which a span begins, ``printed`` the spans that have any glyph."""

    indices: Ints
    places: Indices
    firsts: Indices
    printed: list[int]


def find_prints(view: TextView, spans: Sequence[Span]) -> list[Print | None]:
    """Return where each span is printed, ``None`` for one without a glyph.

    A line ends where the print goes to another page or line, that is without vertical overlap, or with a step back,
    and where print that is not in the text stands between. A neighbour set so tight that its middle lies under the
    last glyph (``P,``) is kept out of the box.
    """
    found: list[Print | None] = [None] * len(spans)
    runs = _runs_of(view, spans)
    if not runs.printed:
        return found
    starts = _line_starts(view.glyphs, runs)
    boxes = _hulls(view.glyphs, runs.indices, starts)
    pages = view.glyphs.page[runs.indices[runs.firsts]].tolist()
    is_ocr = view.glyphs.is_ocr[runs.indices[runs.firsts]].tolist()
    bounds = [*np.searchsorted(starts, runs.firsts).tolist(), len(boxes)]
    for number, place in enumerate(runs.printed):
        own = tuple(boxes[bounds[number] : bounds[number + 1]])
        found[place] = Print(pages[number], own, is_ocr[number])
    for number in _tight_runs(view, spans, runs, boxes, bounds):
        place = runs.printed[number]
        end = runs.firsts[number + 1] if number + 1 < len(runs.firsts) else len(runs.indices)
        indices = runs.indices[runs.firsts[number] : end]
        own = tuple(boxes[bounds[number] : bounds[number + 1]])
        found[place] = Print(pages[number], _without_neighbours(view, spans[place], own, indices), is_ocr[number])
    return found


def page_hulls(view: TextView, spans: Sequence[Span]) -> list[tuple[Box, ...]]:
    """Return for each span one box per page it stands on, in the order of the pages: the hull of its glyphs."""
    hulls: list[list[Box]] = [[] for _ in spans]
    origins, places = _printed_origins(view, spans)
    if len(origins):
        pages = view.glyphs.page[origins]
        order = np.lexsort((pages, places))
        origins, places, pages = origins[order], places[order], pages[order]
        is_next = (places[1:] != places[:-1]) | (pages[1:] != pages[:-1])
        starts = np.concatenate(([0], np.flatnonzero(is_next) + 1))
        for place, box in zip(places[starts].tolist(), _hulls(view.glyphs, origins, starts), strict=True):
            hulls[place].append(box)
    return [tuple(boxes) for boxes in hulls]


def _printed_origins(view: TextView, spans: Sequence[Span]) -> tuple[Ints, Indices]:
    """Return the glyph behind each printed character of the spans, in their order, and the number of its span."""
    pieces = [view.origins[span.start : span.end] for span in spans]
    places = np.repeat(np.arange(len(spans)), [len(piece) for piece in pieces])
    origins = np.concatenate(pieces) if pieces else view.origins[:0]
    is_printed = origins != NO_GLYPH
    return origins[is_printed], places[is_printed]


def _runs_of(view: TextView, spans: Sequence[Span]) -> _Runs:
    """Return the distinct glyphs behind each span, in text order."""
    origins, places = _printed_origins(view, spans)
    if not len(origins):
        return _Runs(origins, places, np.zeros(0, dtype=np.int64), [])
    is_new_place = np.ones(len(places), dtype=np.bool_)
    is_new_place[1:] = places[1:] != places[:-1]
    is_new_glyph = is_new_place.copy()
    is_new_glyph[1:] |= origins[1:] != origins[:-1]
    indices, places = origins[is_new_glyph], places[is_new_glyph]
    firsts = np.flatnonzero(is_new_place[is_new_glyph])
    return _Runs(indices, places, firsts, places[firsts].tolist())


def _line_starts(glyphs: DocumentGlyphs, runs: _Runs) -> Indices:
    """Return the offsets in the runs at which a span or a printed line begins."""
    indices = runs.indices
    page, top, bottom = glyphs.page[indices], glyphs.top[indices], glyphs.bottom[indices]
    x0, x1 = glyphs.x0[indices], glyphs.x1[indices]
    height = np.minimum(bottom[1:], bottom[:-1]) - np.maximum(top[1:], top[:-1])
    is_back = x1[1:] < x0[:-1] - 0.5 * (bottom[:-1] - top[:-1])
    is_cut: Bools = (page[1:] != page[:-1]) | (height <= 0) | (is_back & (np.abs(top[1:] - top[:-1]) > 1.0))
    is_cut[runs.firsts[1:] - 1] = True
    step = np.diff(indices)
    for place in np.flatnonzero(~is_cut & (step > 1) & (step <= _MOST_BETWEEN)).tolist():
        is_cut[place] = _has_print_between(glyphs, int(indices[place]), int(indices[place + 1]))
    return np.concatenate(([0], np.flatnonzero(is_cut) + 1))


def _has_print_between(glyphs: DocumentGlyphs, first: int, second: int) -> bool:
    """Tell whether other print, such as a footnote mark, stands between two glyphs that follow each other in a text."""
    others = [other for other in range(first + 1, second) if not glyphs.text[other].isspace()]
    if not others:
        return False
    left, right = float(glyphs.x1[first]), float(glyphs.x0[second])
    return any(left - 1.0 <= _middle(glyphs, other) <= right + 1.0 for other in others)


def _hulls(glyphs: DocumentGlyphs, indices: Ints, starts: Indices) -> list[Box]:
    """Return the hulls of runs of glyphs; a run goes from one start to the next."""
    edges = (
        np.minimum.reduceat(glyphs.x0[indices], starts).tolist(),
        np.minimum.reduceat(glyphs.top[indices], starts).tolist(),
        np.maximum.reduceat(glyphs.x1[indices], starts).tolist(),
        np.maximum.reduceat(glyphs.bottom[indices], starts).tolist(),
    )
    return [Box(*box) for box in zip(glyphs.page[indices[starts]].tolist(), *edges, strict=True)]


def _tight_runs(
    view: TextView, spans: Sequence[Span], runs: _Runs, boxes: Sequence[Box], bounds: Sequence[int]
) -> list[int]:
    """Return the runs with a neighbour whose middle lies inside their first or last box; nearly none has one."""
    own = [spans[place] for place in runs.printed]
    ends = np.append(runs.firsts[1:], len(runs.indices)) - 1
    before = _neighbours(view, [span.start - 1 for span in own], runs.indices[runs.firsts])
    after = _neighbours(view, [span.end for span in own], runs.indices[ends])
    is_tight = _lie_inside(view.glyphs, before, [boxes[place] for place in bounds[:-1]])
    is_tight |= _lie_inside(view.glyphs, after, [boxes[place - 1] for place in bounds[1:]])
    return np.flatnonzero(is_tight).tolist()


def _neighbours(view: TextView, offsets: Sequence[int], own: Ints) -> Ints:
    """Return the glyph behind each offset, ``NO_GLYPH`` where there is none or it is the run's ``own``."""
    places = np.array(offsets)
    is_inside = (places >= 0) & (places < len(view.origins))
    found: Ints = np.where(is_inside, view.origins[np.where(is_inside, places, 0)], NO_GLYPH)
    found[found == own] = NO_GLYPH
    return found


def _lie_inside(glyphs: DocumentGlyphs, neighbours: Ints, boxes: Sequence[Box]) -> Bools:
    """Tell for each neighbour whether its middle lies inside the box, on its line."""
    page, x0, top, x1, bottom = np.array([(b.page, b.x0, b.top, b.x1, b.bottom) for b in boxes]).T
    middles = _middles(glyphs, neighbours)
    inside: Bools = (neighbours != NO_GLYPH) & (glyphs.page[neighbours] == page)
    inside &= (glyphs.top[neighbours] < bottom) & (glyphs.bottom[neighbours] > top)
    inside &= (x0 <= middles) & (middles <= x1)
    return inside


def _without_neighbours(view: TextView, span: Span, boxes: tuple[Box, ...], indices: Ints) -> tuple[Box, ...]:
    """Return the boxes of a span, the first and the last drawn back before its neighbours."""
    kept = list(boxes)
    before = view.origins[max(0, span.start - 1) : span.start]
    after = view.origins[span.end : span.end + 1]
    kept[0] = _keep_out(view.glyphs, kept[0], before, int(indices[0]), indices)
    kept[-1] = _keep_out(view.glyphs, kept[-1], after, int(indices[-1]), indices)
    return tuple(kept)


def _keep_out(glyphs: DocumentGlyphs, box: Box, neighbour: Ints, own: int, indices: Ints) -> Box:
    """Return a box drawn back before the middle of a neighbour that stands beside ``own`` on its line, unless that
    would leave a glyph of the span outside, as it would where print overlaps or is turned."""
    if len(neighbour) == 0 or neighbour[0] in (NO_GLYPH, own):
        return box
    other = int(neighbour[0])
    own_middle, middle = _middle(glyphs, own), _middle(glyphs, other)
    is_beside = glyphs.page[other] == box.page and glyphs.top[other] < box.bottom and glyphs.bottom[other] > box.top
    if not is_beside or not box.x0 <= middle <= box.x1:
        return box
    edge = (own_middle + middle) / 2
    inside = (glyphs.page[indices] == box.page) & (glyphs.top[indices] >= box.top)
    inside &= glyphs.bottom[indices] <= box.bottom
    middles = _middles(glyphs, indices[inside])
    if own_middle < middle and float(middles.max()) <= edge:
        return replace(box, x1=edge)
    if middle < own_middle and float(middles.min()) >= edge:
        return replace(box, x0=edge)
    return box


def _middle(glyphs: DocumentGlyphs, index: int) -> float:
    """Return where the middle of a glyph stands on its line."""
    return float(glyphs.x0[index] + glyphs.x1[index]) / 2


def _middles(glyphs: DocumentGlyphs, indices: Ints) -> Floats:
    """Return where the middles of glyphs stand on their lines."""
    return (glyphs.x0[indices] + glyphs.x1[indices]) / 2
