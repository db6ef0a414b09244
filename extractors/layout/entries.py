"""Lines that are entries of their own: of a timeline, each beginning with a date, or of a list with a name and a colon.

Enters lines set as one paragraph; leaves them parted before each entry.
"""

import re
from collections.abc import Sequence

from extractors.layout.lines import Line

_ENDS = frozenset(".!?:;")
_CLOSERS = "'\")]"
_SAME_START = 1.5  # points
_DATED = re.compile(r"(?=.{0,28}?(?:\b|[./])(?:19|20)\d{2}\b)[A-Za-z0-9][\w./ -]{0,26}?(?:\s[-|]|:)\s")
_NAMED = re.compile(r"[A-Z0-9][\w&/() -]{1,40}:\s")


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends with the end of a sentence or clause, quotes and brackets behind it allowed.

    >>> ends_sentence("See below.)"), ends_sentence("(see below)")
    (True, False)
    """
    return text.rstrip(_CLOSERS)[-1:] in _ENDS


def part_at_entries(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines parted before each that begins as the first does: with a date and a dash or colon, or, after the end
    of a sentence, with a name and a colon."""
    first = lines[0]
    parts = [[first]]
    is_dated, is_named = _DATED.match(first.text) is not None, _NAMED.match(first.text) is not None
    for before, line in zip(lines, lines[1:], strict=False):
        is_entry = abs(line.x0 - first.x0) < _SAME_START and (
            (is_dated and _DATED.match(line.text) is not None)
            or (is_named and _NAMED.match(line.text) is not None and ends_sentence(before.text))
        )
        if is_entry:
            parts.append([line])
        else:
            parts[-1].append(line)
    return parts
