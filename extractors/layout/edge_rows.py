"""Heads and feet that a page shows by itself, without others to repeat them: rows at its very edge, set apart from the
text, that hold a page number beside other short parts, or small print far above a text that goes on.

Enters the outer rows of one page; leaves which lines are furniture. Mastheads of first pages are none.
"""

import re
from collections.abc import Sequence

from extractors.layout.lines import Line
from extractors.layout.outer_rows import OuterPage, OuterRow

_EDGE_SHARE = 0.1  # of the page's height: a foot stands within
_APART = 1.2  # of a line's size: white between a foot and the text
_MAX_ROWS = 3
_MAX_PART = 60  # letters
_SMALL = 0.85  # of the size of the text
_FAR = 4.0  # of a line's size: white between a lone head and the text
_TITLE = 1.25  # of the size of the text: a page with larger print begins something
_NUMBER = re.compile(r"(?:page|p\.|pg\.)?\s*[-|/\[(]*\s*\d{1,3}\s*[-|/\])]*", re.IGNORECASE)
_OF_ALL = re.compile(r"(?:page |p\. )?(?P<number>\d{1,3})\s?(?:/|\||of)\s?(?P<all>\d{1,3})", re.IGNORECASE)
_LAST_OF_ALL = re.compile(r"\s(?P<number>\d{1,3})/(?P<all>\d{1,3})$")
_SAYS_PAGE = re.compile(r"(?:^|(?<!,)\s|\|\s?)Page\s\d{1,4}(?:\s?(?:/|of)\s?\d{1,4})?$|^(?:p\.|pg\.)\s?\d{1,4}$")
_DATED = re.compile(r"\b\d{1,2}(?:\.\s?\d{1,2}\.\s?|/\d{1,2}/|\.? [A-Z][a-z]+ )\d{4}\b")


def find_edge_furniture(page: OuterPage) -> set[int]:
    """Return ``id(line)`` of the lines that are the foot, or the head, of this page by what they are."""
    rows = [*_foot(page), *(page.top[:1] if page.top and _is_head(page, page.top[0]) else ())]
    return {id(line) for row in rows for line in row.lines}


def _foot(page: OuterPage) -> Sequence[OuterRow]:
    """Return the rows of the foot from the edge inwards: those up to one that holds a page number, set apart."""
    for number, row in enumerate(page.bottom[:_MAX_ROWS]):
        if row.depth > _EDGE_SHARE * page.height or any(len(line.text) > _MAX_PART for line in row.lines):
            return ()
        size = max((line.size for line in row.lines), default=0.0)
        if _has_number(page.number, row.lines) and (row.gap >= _APART * size or row.is_ruled):
            return page.bottom[: number + 1]
    return ()


def _has_number(page: int, lines: Sequence[Line]) -> bool:
    """Tell whether a row has a part that is a page number, says so, or ends in one of so many that is this page's or
    stands in the row once more. The page of an act in a footnote (``p. 57``) is none."""
    texts = [line.text for line in lines]
    if len(texts) > 1 and any(_NUMBER.fullmatch(text) for text in texts):
        return True
    if any(_is_of_all(_OF_ALL.fullmatch(text)) or _SAYS_PAGE.search(text) is not None for text in texts):
        return True
    numbers = re.findall(r"(?<![\d/])\d{1,3}(?![\d/])", " ".join(texts))
    ends = [match for match in map(_LAST_OF_ALL.search, texts) if _is_of_all(match)]
    return any(match is not None and (int(match["number"]) == page or match["number"] in numbers) for match in ends)


def _is_of_all(match: re.Match[str] | None) -> bool:
    return match is not None and 0 < int(match["number"]) <= int(match["all"])


def _is_head(page: OuterPage, row: OuterRow) -> bool:
    """Tell whether the first row is a head of a page that goes on with a text: in small print, far above it. One in
    capitals or with a full date may be the masthead of a first page."""
    if page.largest > _TITLE * page.body_size or row.depth > _EDGE_SHARE * page.height or len(row.lines) != 1:
        return False
    line = row.lines[0]
    is_short = len(line.text) <= 2 * _MAX_PART and not line.text.isupper() and _DATED.search(line.text) is None
    return is_short and line.size <= _SMALL * page.body_size and row.gap >= _FAR * page.body_size
