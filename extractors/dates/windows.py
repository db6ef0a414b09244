"""Where in a view dates may stand: short stretches around years, months and codes; the rest is never read closely.

What enters is a view; what leaves are its blocks with the stretches to read. A stretch goes left from its year as far
as words go that dates are made of, and ends with its year.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from extractors.dates.completion import lone_year
from extractors.dates.tokens import DASHES
from extractors.dates.words import load_date_words
from extractors.pieces import Pieces
from extractors.views import Block, TextView

_YEAR = re.compile(r"[12][0-9]\d\d")
# Years of two digits: 3Q24, 15.05.24, Q3'24, FY25. Only around such a sign, between two numbers, is the text searched.
_SHORT = re.compile(r"\d(?:[QH]\d\d|\d[./]\d\d[./]\d\d)")
_SHORT_SIGN = re.compile(r"^[QH./]$", re.MULTILINE)
_FINANCIAL, _FINANCIAL_WORD = re.compile(r"FY\s?\d\d"), re.compile(r"FY ?$", re.MULTILINE)
_MONTH = re.compile(
    r"[JFMASOND](?:an(?:uary)?|ebr?(?:uary)?|ar(?:ch)?|pr(?:il)?|ay|une?|uly?|ug(?:ust)?|ept?(?:ember)?|ct(?:ober)?"
    r"|ov(?:ember)?|ec(?:ember)?|A(?:N|Y|R)|E(?:B|P|C)|U(?:N|L|G)|PR|CT|OV)(?![a-z])"
)
# Behind a month: two digits of its year, or its day.
_SHORT_AFTER = re.compile(r"\.?[-/. ]?['\u2019]?\d\d?(?!\w)")
_DAYS_AFTER = re.compile(r"(?: (?:\d\d?(?:st|nd|rd|th)?(?!\w)[,.;:)]*|(?:to|and|-)(?= \d\d?(?!\w))))+")
_CODE = re.compile(r"[QH][1-4](?:(\s?['\u2019/]\d\d)|(?!\w))")
_CODE_WORD = re.compile(r"[QH]$", re.MULTILINE)
_EDGES = "()[]{}.,;:'\"\u2018\u2019\u201c\u201d\u00ab\u00bb|*"
_SIGNS = "&/" + DASHES
# No date has more words than this before its year.
_MOST_WORDS = 16


def find_windows(view: TextView) -> Iterator[tuple[Block, list[tuple[int, int]]]]:
    """Yield blocks with the stretches to read, in order; stretches of a block do not overlap.

    A block is read around its years, and around months and codes where a year may complete them.
    """
    text = view.text
    offsets = sorted(_anchors(view))
    position = 0
    while position < len(offsets):
        block = view.block_at(offsets[position][0])
        begin, end = position, block.span.end
        has_year = False
        while position < len(offsets) and offsets[position][0] < end:
            has_year = has_year or offsets[position][1]
            position += 1
        here = [offset for offset, _ in offsets[begin:position]]
        if not here:
            position += 1
        elif has_year or _may_complete(block, here, text):
            yield block, _windows(block, here, text)


def _anchors(view: TextView) -> Iterator[tuple[int, bool]]:
    """Yield where years, months and codes stand, and whether each has a year.

    What lies within a piece is looked for in each distinct piece, the rest around pieces that can begin it: the text
    itself takes seven times as long to search.
    """
    text, pieces = view.text, view.pieces()
    for start, _ in _find_within(pieces, _YEAR):
        yield start, True
    for start, end in _find_within(pieces, _MONTH):
        yield start, _SHORT_AFTER.match(text, end) is not None
    for start, end in _short_stretches(text, pieces):
        for match in _SHORT.finditer(text, start, end):
            yield match.start(), True
    for code in _find_behind(text, pieces, _FINANCIAL_WORD, _FINANCIAL):
        yield code.start(), True
    for code in _find_behind(text, pieces, _CODE_WORD, _CODE):
        yield code.start(), code[1] is not None


def _find_behind(text: str, pieces: Pieces, head: re.Pattern[str], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield where a pattern is found that begins as ``head`` does, which is found at the end of pieces."""
    is_holding = pieces.holding(head)
    rest = {number: _rest(head, pieces.distinct[number]) for number in np.flatnonzero(is_holding).tolist()}
    places = pieces.where(is_holding)
    for end, number in zip(pieces.starts[places + 1].tolist(), pieces.numbers[places].tolist(), strict=True):
        found = pattern.match(text, end - rest[number])
        if found is not None:
            yield found


def _rest(head: re.Pattern[str], piece: str) -> int:
    """Return how long a piece is from the beginning of ``head`` on."""
    found = head.search(piece)
    return 0 if found is None else len(piece) - found.start()


def _find_within(pieces: Pieces, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield where a pattern that looks at nothing but letters, or nothing but digits, is found."""
    is_holding = pieces.holding(pattern)
    found = {
        number: [match.span() for match in pattern.finditer(pieces.distinct[number])]
        for number in np.flatnonzero(is_holding).tolist()
    }
    places = pieces.where(is_holding)
    for offset, number in zip(pieces.starts[places].tolist(), pieces.numbers[places].tolist(), strict=True):
        for start, end in found[number]:
            yield offset + start, offset + end


def _short_stretches(text: str, pieces: Pieces) -> Iterator[tuple[int, int]]:
    """Yield the stretches of numbers and single signs between them in which a year of two digits may stand."""
    signs = pieces.where(pieces.holding(_SHORT_SIGN))
    between = [
        place
        for place, at in zip(signs.tolist(), pieces.starts[signs].tolist(), strict=True)
        if text[at - 1 : at].isdecimal() and text[at + 1 : at + 2].isdecimal()
    ]
    # A sign two places behind another one goes on with its stretch.
    for run in np.split(between, np.flatnonzero(np.diff(between) != 2) + 1) if between else ():
        yield int(pieces.starts[run[0] - 1]), int(pieces.starts[run[-1] + 2])


def _may_complete(block: Block, offsets: list[int], text: str) -> bool:
    """Tell whether a block without a year may hold a date: a heading gives the year, or a day stands by a month."""
    if block.cell is not None and lone_year(block.cell.heading):
        return True
    return any(text[max(0, offset - 4) : offset].strip(" of")[-1:].isdigit() for offset in offsets)


def _windows(block: Block, anchors: list[int], text: str) -> list[tuple[int, int]]:
    """Return the stretches around the anchors, joined where only a blank lies between them."""
    low, high = block.span.start, block.span.end
    found: list[tuple[int, int]] = []
    for anchor in anchors:
        if found and anchor < found[-1][1]:
            continue
        start, end = _left_edge(text, low, anchor), _right_edge(text, anchor, high)
        if found and start <= found[-1][1] + 1:
            start = min(start, found.pop()[0])
        found.append((start, end))
    return found


def _left_edge(text: str, low: int, anchor: int) -> int:
    """Return where the words begin that may belong to the date at ``anchor``."""
    start = text.rfind(" ", low, anchor) + 1 or low
    for _ in range(_MOST_WORDS):
        if start <= low:
            return low
        before = text.rfind(" ", low, start - 1) + 1 or low
        if not _is_date_word(text[before : start - 1]):
            return start
        start = before
    return start


@lru_cache(maxsize=4096)
def _is_date_word(word: str) -> bool:
    """Tell whether a word may be part of a date: a number, a sign, or a word of the rule file, also before a dash."""
    core = word.strip(_EDGES)
    if not core or core[0].isdigit() or core[-1].isdigit() or core in _SIGNS:
        return True
    classes, lower = load_date_words().classes, core.lower()
    if lower in classes or lower == "fy":
        return True
    return any(sign in lower and lower.split(sign, 1)[0] in classes for sign in "-/\u2013")


def _right_edge(text: str, anchor: int, high: int) -> int:
    """Return the end of the anchor's word, and of what a dash or an apostrophe ties to it (``2021 - 25``).

    Behind a month's name days may stand; the word that follows them shows whether they are days.
    """
    end = text.find(" ", anchor, high)
    if end < 0:
        return high
    following = text[end + 1 : end + 2]
    if following.isdigit() and text[anchor].isalpha():
        days = _DAYS_AFTER.match(text, end, high)
        end = text.find(" ", days.end() + 1, high) if days is not None else end
        return high if end < 0 else end
    if following not in DASHES and following not in "'\u2019/":
        return end
    for _ in range(2):
        end = text.find(" ", end + 1, high)
        if end < 0:
            return high
    return end
