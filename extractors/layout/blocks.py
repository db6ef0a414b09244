"""Blocks: lines of one column grouped into headings, paragraphs, list items and captions.

Enters lines in reading order; leaves ``Draft`` objects. Here is decided where a paragraph ends.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter

import numpy as np

from extractors.glyphs import Floats, Indices
from extractors.layout.entries import ends_sentence, part_at_entries
from extractors.layout.lines import Line
from extractors.medians import median_of
from extractors.views import BlockKind, Cell

_LABEL = re.compile(
    r"(?P<bullet>[•▪■◦●○‣⁃∙·➢➤►▶✓❖\ue000-\uf8ff]|o(?=\s)|-(?=\s)|\*(?=\s))"
    r"|(?P<bracket>['\"]?\((?:\d{1,3}[a-z]?|[a-z]{1,2}|[ivxl]{1,6})\)|(?:\d{1,2}|[a-z]|[ivxl]{1,5})\))(?=\s|$)"
    r"|(?P<number>['\"]?(?:\d{1,3}|[ivxl]{1,6}|[a-z])\.)(?=\s|$)"
    r"|(?P<roman>[IVXL]{1,6}\.)(?=\s|$)"
    r"|(?P<dotted>\d{1,2}(?:\.\d{1,2}){1,4}\.?|[A-Z](?:\.\d{1,2}){1,3}\.?)(?=\s|$)"
)
_CAPTION = re.compile(
    r"(?:table|figure|fig\.|chart|graph|map|box|diagram|photo)\s+(?:[A-Z]{0,2}\.?\d|[IVX]+\b)", re.IGNORECASE
)
_MONTH = re.compile(r"\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
_OPEN_END = re.compile(
    r"(?:(?<![,;]) (?:and|or)|\b(?:the|an?|of|in|to|by|for|with|from|at|on|between|until|since|than|nor|No|Nos|Article"
    r"|[Cc]ommitments?))$"
)
_OPEN_LENGTH = 16  # letters: an open end is shorter, with what stands before it
_MARK_ROOM = 0.4
_FLAT = 0.6  # points: a rule rises by less
ITEM_END = re.compile(r"[.!?:;]['\")\]]*$|[,;](?: and| or)?$")

Rules = Sequence[tuple[float, float, float]]
"""Horizontal rules as (x0, y, x1), from the top."""
_height = itemgetter(1)


@dataclass(slots=True, eq=False)
class Draft:
    """A block in the making. ``left`` and ``right`` are the edges of its column in points; ``region`` numbers columns
    over the document. ``cut`` holds (page, glyph) of labels cut off, ``uncut`` the first line before that."""

    kind: BlockKind
    lines: list[Line]
    left: float
    right: float
    region: int
    marker: str = ""
    cell: Cell | None = None
    is_bold: bool = False
    cut: list[tuple[int, int]] = field(default_factory=list)
    uncut: tuple[str, Indices] | None = None

    @property
    def size(self) -> float:
        """Return the size of the longest line."""
        if len(self.lines) == 1:
            return self.lines[0].size
        return max(self.lines, key=lambda line: len(line.text)).size if self.lines else 0.0


@dataclass(frozen=True, slots=True)
class Style:
    """What is usual in a document: body size, and line pitch by size (half points)."""

    body_size: float
    pitch: dict[int, float]
    leading: float

    def pitch_of(self, size: float) -> float:
        """Return the usual distance of lines of a size in points."""
        return self.pitch.get(round(size * 2), self.leading * size)


def learn_style(regions: Sequence[Sequence[Line]]) -> Style:
    """Learn body size and pitch from lines that surely go on from one to the next."""
    letters: dict[float, int] = {}
    pitches: dict[int, list[float]] = {}
    for region in regions:
        for line in region:
            size = round(line.size * 2) / 2
            letters[size] = letters.get(size, 0) + len(line.text)
        for one, two in pairwise(region):
            if _surely_goes_on(one, two):
                pitches.setdefault(round(two.size * 2), []).append(two.bottom - one.bottom)
    body = max(letters, key=lambda size: (letters[size], -size)) if letters else 10.0
    pitch = {size: median_of(found) for size, found in pitches.items()}
    leading = median_of(2 * value / size for size, value in pitch.items()) if pitch else 1.22
    return Style(body, pitch, max(1.15, leading))


def _surely_goes_on(one: Line, two: Line) -> bool:
    if abs(one.size - two.size) > 0.6 or two.row == one.row or not one.text or not two.text:
        return False
    pitch = two.bottom - one.bottom
    if not 0.7 * two.size < pitch < 2.6 * two.size:
        return False
    return two.text[0].islower() and (one.text[-1].isalpha() or one.text[-1] in ",-") and not _LABEL.match(two.text)


def flat_rules(edges: Floats) -> Rules:
    """Return the horizontal ones of a page's edges."""
    flat = edges[np.abs(edges[:, 1] - edges[:, 3]) < _FLAT] if len(edges) else edges
    return sorted(zip(*flat[:, :3].T.tolist(), strict=True), key=_height)


def make_drafts(lines: list[Line], style: Style, rules: Rules, region: int) -> list[Draft]:
    """Return the blocks of one column. ``rules`` are drawn horizontal rules; they part what they run between."""
    lines = [line for line in lines if line.text or line.lead]
    if not lines:
        return []
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    pitch = _own_pitch(lines, style)
    groups: list[list[Line]] = [[lines[0]]]
    for number in range(1, len(lines)):
        group, line = groups[-1], lines[number]
        # Print without any height has no pitch; one of a point does no harm.
        usual = pitch.get(round(line.size * 2)) or style.pitch_of(line.size) or 1.0
        if (
            _starts_new(group, line, usual, right, rules)
            or _changes_weight(group, line, right)
            or _is_indent(group, line, (left, right))
        ):
            groups.append([line])
        else:
            group.append(line)
    entries = [entry for group in groups for entry in part_at_entries(group)]
    parts = [part for entry in entries for part in _part_at_short_lines(entry, right)]
    return [_finish(Draft(BlockKind.PARAGRAPH, part, left, right, region), style) for part in parts]


def _own_pitch(lines: list[Line], style: Style) -> dict[int, float]:
    """Return this column's pitch by size where it shows, over the document's."""
    own: dict[int, list[float]] = {}
    for one, two in pairwise(lines):
        if _surely_goes_on(one, two):
            own.setdefault(round(two.size * 2), []).append(two.bottom - one.bottom)
    found = dict(style.pitch)
    found.update({size: median_of(values) for size, values in own.items() if len(values) >= 2})
    return found


def _starts_new(group: list[Line], line: Line, usual: float, right: float, rules: Rules) -> bool:
    """Tell whether a line opens a block: by place, size, weight, a label or a drawn rule."""
    last = group[-1]
    if line.page != last.page or line.row == last.row or line.bottom <= last.bottom or line.has_bullet:
        return True
    if abs(line.size - last.size) > 0.08 * last.size + 0.3 and not _is_small_part(last, line):
        return True
    pitch = line.bottom - last.bottom
    if pitch > 1.12 * usual + 0.7 + _mark_room(last, line) and not _is_mid_sentence(last, line, pitch / usual, right):
        return True
    if _has_rule_between(last, line, rules):
        return True
    return _opens_item(group, line)


def _mark_room(last: Line, line: Line) -> float:
    """Return how much a raised mark may push a line away from one whose sentence is open, in points."""
    return _MARK_ROOM * line.size if line.cut and ITEM_END.search(last.text) is None else 0.0


def _is_small_part(last: Line, line: Line) -> bool:
    """Tell whether one of the lines is an index or symbol only, whose other size does not end a block."""
    return len(line.text) <= 2 or len(last.text) <= 2


def _is_mid_sentence(last: Line, line: Line, ratio: float, right: float) -> bool:
    """Tell whether lines ``ratio`` times as far apart as usual belong together: one full, the sentence going on."""
    is_full = line.first_width >= _room(last, line, right) - 1.0
    return ratio < 1.6 and is_full and _surely_goes_on(last, line)


def _changes_weight(group: list[Line], line: Line, right: float) -> bool:
    """Tell whether weight changes between whole lines, as between a heading and its text.

    A name in bold that happens to fill a line of a paragraph is none: the line before is full and its sentence open.
    """
    last = group[-1]
    if line.is_bold == last.is_bold or (last.ends_bold and line.starts_bold):
        return False
    is_full = line.first_width >= _room(last, line, right) - 1.0
    if line.is_bold:
        return not (is_full and last.text[-1:].isalnum())
    return all(other.is_bold for other in group) and not (is_full and line.text[:1].islower())


def _has_rule_between(last: Line, line: Line, rules: Rules) -> bool:
    """Tell whether a rule longer than the line above runs between two lines over most of what they share."""
    low, high = last.bottom - 0.35 * last.size, line.top + 0.35 * line.size
    left, right = max(last.x0, line.x0), min(last.x1, line.x1)
    for x0, _, x1 in rules[bisect_left(rules, low, key=_height) : bisect_right(rules, high, key=_height)]:
        is_wide = min(x1, right) - max(x0, left) >= 0.8 * max(right - left, 1.0)
        if is_wide and x1 - x0 > (last.x1 - last.x0) + 0.5 * last.size:
            return True
    return False


def _opens_item(group: list[Line], line: Line) -> bool:
    """Tell whether a line starts with the label of a list item or numbered paragraph, not with a wrapped number."""
    match = _LABEL.match(line.text)
    if match is None:
        return False
    if match.lastgroup == "bullet" and match[0] not in "-o*":
        return True
    last, first = group[-1], group[0]
    if match.lastgroup == "number" and _MONTH.match(line.text, match.end()):
        return False
    is_wide = line.lead_gap > 0.55 * line.size and match.end() <= len(line.text.split(" ", 1)[0])
    is_out = line.x0 < last.x0 - 0.5 * line.size
    is_in = line.x0 > last.x0 + 0.5 * line.size
    same_start = abs(line.x0 - first.x0) < 1.5 and _LABEL.match(first.text) is not None
    ends = ITEM_END.search(last.text) is not None
    if match.end() == len(line.text):
        return is_out or same_start
    if is_wide and (is_out or is_in or same_start or ends):
        return True
    return (is_out or same_start or is_in) and ends


def _is_indent(group: list[Line], line: Line, column: tuple[float, float]) -> bool:
    """Tell whether a line's start marks a new paragraph: a first-line indent, or a return from a hanging one.

    ``column`` holds its left and right; after a line that fills less than half of it any other start is a new one.
    """
    first, last = group[0], group[-1]
    if _is_centred_pair(last, line):
        return False
    step = line.x0 - last.x0
    if (
        abs(step) > 0.7 * line.size
        and last.x1 - last.x0 < 0.5 * (column[1] - column[0])
        and _LABEL.match(first.text) is None
    ):
        return not first.lead and not first.has_bullet
    if len(group) == 1:
        if step > 0.5 * line.size:
            label = _LABEL.match(first.text)
            text_start = first.x0 + first.first_width + first.lead_gap
            has_room = line.first_width < _room(last, line, column[1]) - 1.0
            return (
                label is None
                and abs(line.x0 - text_start) > 2.5
                and not first.lead
                and step > 3 * line.size
                and has_room
            )
        return step < -6 * line.size
    return step > 0.7 * line.size or step < -0.7 * line.size


def _is_centred_pair(last: Line, line: Line) -> bool:
    return abs((last.x0 + last.x1) - (line.x0 + line.x1)) < 3.0


def _part_at_short_lines(group: list[Line], right: float) -> list[list[Line]]:
    """Part a run of lines where the next word would have fitted: there the break was meant."""
    if len(group) < 2:
        return [group]
    edge = max(line.x1 for line in group)
    parts = [[group[0]]]
    for one, two in pairwise(group):
        is_meant = two.first_width < _room(one, two, edge) - 1.0
        goes_on = (
            one.text.endswith("-")
            or _OPEN_END.search(one.text, max(0, len(one.text) - _OPEN_LENGTH)) is not None
            or (two.text[:1].islower() and not ends_sentence(one.text))
        )
        if is_meant and not goes_on:
            parts.append([two])
        else:
            parts[-1].append(two)
    return parts


def _room(one: Line, two: Line, edge: float) -> float:
    """Return how many points the first word of ``two`` had behind ``one``; of centred lines the next is the measure."""
    blank = 0.3 * two.size
    if _is_centred_pair(one, two) and abs(one.x0 - two.x0) > 0.5 * two.size:
        return (two.x1 - two.x0) - (one.x1 - one.x0) - blank
    return edge - one.x1 - blank


def _finish(draft: Draft, style: Style) -> Draft:
    """Name the kind of a block and cut its label off."""
    text = draft.lines[0].text
    bold = sum(len(line.text) for line in draft.lines if line.is_bold)
    letters = sum(len(line.text) for line in draft.lines)
    draft.is_bold = bold >= 0.6 * max(letters, 1)
    size = draft.size
    is_big = size > 1.08 * style.body_size + 0.3
    is_short = letters <= 200 and len(draft.lines) <= 4
    match = _LABEL.match(text)
    if _CAPTION.match(text) and letters <= 300:
        draft.kind = BlockKind.CAPTION
    elif is_big and is_short and size >= 1.35 * style.body_size and draft.lines[0].page == 1 and match is None:
        draft.kind = BlockKind.TITLE
    elif is_short and (is_big or draft.is_bold) and not draft.lines[-1].text.endswith((".", ";", ",")):
        draft.kind = BlockKind.HEADING
    elif draft.lines[0].has_bullet or (match is not None and _is_label(draft, match)):
        draft.kind = BlockKind.LIST_ITEM
    if match is not None and _is_label(draft, match):
        _cut_label(draft, match)
    elif draft.lines[0].has_bullet:
        draft.marker = "\u2022"
    return draft


def _is_label(draft: Draft, match: re.Match[str]) -> bool:
    text, line = draft.lines[0].text, draft.lines[0]
    rest = text[match.end() :].strip()
    if not rest and len(draft.lines) == 1:
        return False
    if match.lastgroup == "number" and _MONTH.match(text, match.end()):
        return False
    if match.lastgroup == "dotted":
        return draft.kind is BlockKind.HEADING or line.lead_gap > 0.6 * line.size
    return True


def _cut_label(draft: Draft, match: re.Match[str]) -> None:
    line = draft.lines[0]
    draft.marker = match[0]
    end = match.end()
    while end < len(line.text) and line.text[end] == " ":
        end += 1
    draft.cut.extend((line.page, glyph) for glyph in line.origins[:end].tolist() if glyph >= 0)
    draft.uncut = line.text, line.origins
    line.text, line.origins = line.text[end:], line.origins[end:]
