"""Where a mention stands in the text of its page, for showing the words around it.

A mention knows its place in the text of its document; the text of a page is cut from that, with head and foot lines
around. So all mentions of one stretch of a page stand the same distance from their place in the document: that distance
is found by letting them vote. Where they cannot decide, no place is given, rather than perhaps a wrong one.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# So often a short word may stand on a page before it has no vote.
_MAX_PLACES = 200


@dataclass(frozen=True, slots=True)
class Passage:
    """A mention's words and what stands around them in the same block; "…" is not part of it."""

    before: str
    words: str
    after: str
    is_cut_before: bool = False
    is_cut_after: bool = False


def find_places(page_text: str, mentions: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    r"""Return where each mention, given as its start in the document's text and its words, begins in a page's text.

    >>> find_places("Head\nCSIP and CSIP", [(100, "CSIP"), (109, "CSIP")])
    {(100, 'CSIP'): 5, (109, 'CSIP'): 14}
    >>> find_places("CSIP or CSIP", [(100, "CSIP")])
    {}
    """
    wanted = list(dict.fromkeys(mentions))
    votes: Counter[int] = Counter()
    reach: dict[tuple[int, str], list[int]] = {}
    for mention in wanted:
        start, words = mention
        reach[mention] = [place - start for place in _places_of(page_text, words)]
        votes.update(reach[mention])
    found: dict[tuple[int, str], int] = {}
    for mention in wanted:
        best = sorted(reach[mention], key=lambda distance: (-votes[distance], distance))[:2]
        if best and (len(best) == 1 or votes[best[0]] > votes[best[1]]):
            found[mention] = mention[0] + best[0]
    return found


def _places_of(text: str, words: str) -> list[int]:
    places: list[int] = []
    place = text.find(words) if words else -1
    while place >= 0 and len(places) < _MAX_PLACES:
        places.append(place)
        place = text.find(words, place + 1)
    return places


def cut_passage(page_text: str, start: int, words: str, width: int = 90) -> Passage:
    r"""Return the words at ``start`` of a page's text with up to ``width`` characters of their block on either side.

    >>> cut_passage("Head\nLed by Italy, CSIP goes on.\nFoot", 19, "CSIP", width=12)
    Passage(before='by Italy, ', words='CSIP', after=' goes on.', is_cut_before=True, is_cut_after=False)
    """
    end = start + len(words)
    block = page_text.rfind("\n", 0, start) + 1
    block_end = page_text.find("\n", end)
    block_end = len(page_text) if block_end < 0 else block_end
    first, last = max(block, start - width), min(block_end, end + width)
    if first > block:
        blank = page_text.find(" ", first - 1, start)
        first = blank + 1 if 0 <= blank < start - 1 else first
    if last < block_end:
        blank = page_text.rfind(" ", end + 1, last + 1)
        last = blank if blank > 0 else last
    return Passage(page_text[first:start], words, page_text[end:last], first > block, last < block_end)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page's text; ``mention`` is the id of the mention it is, or empty."""

    text: str
    mention: str = ""
    is_chosen: bool = False


def split_at_mentions(page_text: str, places: Mapping[str, tuple[int, int]], chosen: Iterable[str]) -> list[Piece]:
    """Return a page's text in pieces: what lies between mentions, and each mention; of mentions that overlap a chosen
    one wins, else the first. ``places`` maps ids to half-open offsets."""
    wanted = frozenset(chosen)
    order = sorted(places.items(), key=lambda item: (item[0] not in wanted, item[1], item[0]))
    taken: list[tuple[int, int, str]] = []
    for mention, (start, end) in order:
        at = bisect(taken, (start, end, mention))
        is_free_before = at == 0 or taken[at - 1][1] <= start
        if is_free_before and (at == len(taken) or taken[at][0] >= end):
            taken.insert(at, (start, end, mention))
    pieces: list[Piece] = []
    place = 0
    for start, end, mention in taken:
        pieces.append(Piece(page_text[place:start]))
        pieces.append(Piece(page_text[start:end], mention, mention in wanted))
        place = end
    return [piece for piece in (*pieces, Piece(page_text[place:])) if piece.text]
