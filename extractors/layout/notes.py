"""Footnotes as blocks, one per mark.

Enters the lines below a page's or column's text; leaves ``Draft`` objects with their marks cut off.
"""

import re

from extractors.layout.blocks import Draft
from extractors.layout.lines import Line
from extractors.views import BlockKind

_NOTE = re.compile(r"(?P<mark>\(?(?P<number>\d{1,3})\)?|\*{1,3}|†|‡|\(?[a-z]\))\.?(?=\s)")


def make_notes(lines: list[Line], region: int) -> list[Draft]:
    """Return footnotes: a new one at each mark. Plain numbers must count on from the note before."""
    lines = [line for line in lines if line.text or line.lead]
    if not lines:
        return []
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    drafts: list[Draft] = []
    expected: int | None = None
    for line in lines:
        mark, end, number = _note_mark(line, expected)
        if mark or not drafts:
            drafts.append(Draft(BlockKind.FOOTNOTE, [], left, right, region, mark))
            expected = number + 1 if number is not None else expected
        if end:
            drafts[-1].cut.extend((line.page, glyph) for glyph in line.origins[:end].tolist() if glyph >= 0)
            line.text, line.origins = line.text[end:], line.origins[end:]
        drafts[-1].lines.append(line)
    return drafts


def _note_mark(line: Line, expected: int | None) -> tuple[str, int, int | None]:
    """Return a footnote's mark, how many characters of the line it takes, and its number."""
    if line.lead:
        digits = line.lead.strip("()[]")
        return line.lead, 0, int(digits) if digits.isdigit() else None
    match = _NOTE.match(line.text)
    if match is None:
        return "", 0, None
    number = int(match["number"]) if match["number"] else None
    if number is not None and expected is not None and number != expected:
        return "", 0, None
    end = match.end()
    while end < len(line.text) and line.text[end] == " ":
        end += 1
    return match["mark"], end, number
