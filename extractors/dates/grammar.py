"""How the tokens of a date stand together: letters in, chains of parts out.

A part is one date or a piece of one (``6``, ``10 May``, ``the second half of 2026``); a chain is a run of parts with
what joins them (``6 and 7 March 2018``). The grammar is a regular expression over the letters of ``date_tokens``, so
that it reads structure and knows no words. What the parts mean is for ``date_values``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from extractors.dates.tokens import Tokens

_MONTH = r"(?:M|A\.?|W)"
_OF = r"(?:[-,/oi]?t?(?:f?j)?p?)"
_LIST = r"(?:,?[ar](?:/r)?[it]*|,)"
_RANGE = r"(?:-?u?>>?(?:aG)?[it]*-?|-|/)"
_PART = re.compile(
    rf"""
    (?P<mod>(?:t?(?:j-)?[EB]-?o?-?t?(?:f?jo?)?|t?[eml]-?o?t?|[el]it?)(?=[tTDMAWYRFCkKNbISOfjp]))?
    (?:
        (?:t(?=C))?(?P<whole>[INbkFC])
      | (?:w[,.]?)?(?:t(?=T))?(?P<day>[DT])\.?[-o/d]?t?(?P<month>{_MONTH})(?:[,\-/od]?,?(?P<year>[Yy]))?
      | (?:w[,.]?)?(?P<month_2>{_MONTH})(?P<day_2>[DT]),?(?P<year_2>[Yy])
      | (?:w[,.]?)?(?P<month_4>M|A\.?)(?P<day_4>[DT])(?:(?P<to>[->/]|,?[ar])t?(?P<day_5>[DT]))?
        (?:,?(?P<year_7>Y)|(?=[,./|arv>u-]|$))
      | (?P<month_3>{_MONTH})(?:[,\-/od]?(?P<year_3>[Yy]))?
      | t?(?:(?P<code>K)|(?P<place>[OT])-?(?P<unit>[qh])(?:-?j)?)(?:{_OF}(?P<year_4>[YRF]))?
      | t?O(?P<span>[D6])z(?:{_OF}(?P<year_5>[YRF]))
      | t?(?P<season>S)(?:{_OF}(?P<year_6>[YR]))?
      | (?:t?f?j|t?p)?(?P<plain>[YR])
    )
  | (?P<day_only>[DT])
      (?=\.?(?:{_LIST}[DT]\.?|{_RANGE}[DT]\.?){{0,8}}(?:,?[ar]t?|{_RANGE})(?:[DT]\.?[-o/d]?t?{_MONTH}|I))
  | t?(?P<place_only>O)(?=(?:{_LIST}|{_RANGE})O[qh])
  | (?P<mod_only>[eml])(?=-?[ar/>](?:-?[eml]|E))
  | (?P<never>(?!))
    """,
    re.VERBOSE,
)
_JOIN = re.compile(rf"\.?(?:(?P<range>{_RANGE})|(?P<list>{_LIST}))")


@dataclass(slots=True)
class Part:
    """One date or a piece of one. Fields hold token indices (-1: not printed); ``first`` to ``last`` are its tokens.

    ``shape`` is a letter: I N b k F C as the tokens; ``d`` day and month, ``m`` month, ``K`` a code, ``u`` a numbered
    unit, ``z`` the first months, ``S`` season, ``Y`` year or range, ``D`` a day alone, ``O`` a place alone, ``X`` a
    modifier alone.
    """

    shape: str
    first: int
    last: int
    mod: str = ""
    day: int = -1
    month: int = -1
    year: int = -1
    place: int = -1
    unit: int = -1
    key: int = -1


@dataclass(slots=True)
class Chain:
    """Parts and what joins each to the next: ``r`` a range, ``l`` a list with and/or, ``c`` a comma, ``/`` a slash,
    ``s`` a range whose dash has blanks around it."""

    parts: list[Part]
    joins: list[str]


def find_chains(tokens: Tokens, text: str) -> list[Chain]:
    """Return all chains of a stretch, in order; they do not overlap. Nobody changes a chain, for they are shared."""
    if "-" not in tokens.letters:
        return _chains_of(tokens.letters)
    return _read_chains(tokens.letters, tokens, text)


@lru_cache(maxsize=4096)
def _chains_of(letters: str) -> list[Chain]:
    """Return the chains of letters without a dash, whose blanks would matter; the same few come again and again."""
    return _read_chains(letters, None, "")


def _read_chains(letters: str, tokens: Tokens | None, text: str) -> list[Chain]:
    """Return the chains of letters; ``tokens`` and ``text`` are needed for dashes only."""
    chains: list[Chain] = []
    position = 0
    while (match := _PART.search(letters, position)) is not None:
        chain = Chain([], [])
        _add_part(chain, match)
        position = match.end()
        while (join := _JOIN.match(letters, position)) is not None:
            following = _PART.match(letters, join.end())
            if following is None:
                break
            chain.joins.append(_join_kind(join, tokens, text))
            _add_part(chain, following)
            position = following.end()
        chains.append(chain)
    return chains


def _add_part(chain: Chain, match: re.Match[str]) -> None:
    """Add a match of the grammar to a chain; a month with two days behind it (``March 18 to 20``) is two parts."""
    part = _make_part(match)
    chain.parts.append(part)
    at = match.start(_SECOND_DAY)
    if at < 0:
        return
    join = match[_TO]
    chain.joins.append({"-": "r", ">": "t", "/": "/"}.get(join, "l"))
    chain.parts.append(Part("d", at, part.last, "", at, part.month, part.year))
    part.last = match.end(_TO) - 1 - len(join)


def _join_kind(join: re.Match[str], tokens: Tokens | None, text: str) -> str:
    """Return the letter of a join."""
    if join["range"] is None:
        return "c" if join["list"] == "," else "l"
    letters = join["range"]
    if letters == "/":
        return "/"
    if ">" in letters:
        return "t"
    if letters == "-" and tokens is not None:
        at = tokens.starts[join.start("range")]
        return "s" if text[at - 1] == " " and text[tokens.ends[join.start("range")]] == " " else "r"
    return "t"


# Each way to print a part: the group that tells it, its shape, and the groups of day, month, year, place and unit.
_WAYS = (
    ("plain", "Y", "", "", "plain", "", ""),
    ("whole", "", "", "", "", "", ""),
    ("month_3", "m", "", "month_3", "year_3", "", ""),
    ("day", "d", "day", "month", "year", "", ""),
    ("unit", "u", "", "", "year_4", "place", "unit"),
    ("code", "K", "", "", "year_4", "", ""),
    ("season", "S", "", "", "year_6", "", ""),
    ("day_2", "d", "day_2", "month_2", "year_2", "", ""),
    ("day_4", "d", "day_4", "month_4", "year_7", "", ""),
    ("day_only", "D", "day_only", "", "", "", ""),
    ("span", "z", "", "", "year_5", "", ""),
    ("place_only", "O", "", "", "", "place_only", ""),
    ("mod_only", "X", "", "", "", "", ""),
)
# Group numbers of the same; the last group of the grammar never matches and stands for none.
_INDEX = _PART.groupindex
_NONE = _INDEX["never"]
_WAY_INDEX = tuple(
    (_INDEX[key], shape, _INDEX.get(day, _NONE), _INDEX.get(month, _NONE), _INDEX.get(year, _NONE))
    + (_INDEX.get(place, _NONE), _INDEX.get(unit, _NONE))
    for key, shape, day, month, year, place, unit in _WAYS
)
_MOD = _INDEX["mod"]
_TO, _SECOND_DAY = _INDEX["to"], _INDEX["day_5"]


def _make_part(match: re.Match[str]) -> Part:
    """Turn a match of the grammar into a part."""
    spans, letters = match.regs, match.string
    first, end = spans[0]
    for group, shape, day, month, year, place, unit in _WAY_INDEX:  # noqa: B007 - the names outlive the loop
        if spans[group][0] >= 0:
            break
    key = spans[group][0]
    part = Part(shape or letters[key], first, end - 1, "", spans[day][0], spans[month][0], spans[year][0])
    part.place, part.unit, part.key = spans[place][0], spans[unit][0], key
    mod = spans[_MOD]
    if mod[0] >= 0:
        part.mod = _mod_letter(letters[mod[0] : mod[1]])
    elif shape == "Y" and "j" in letters[first:key]:
        part.first = key
    return part


def _mod_letter(letters: str) -> str:
    """Return the one letter that says which part of the period is meant."""
    for letter in "EBeml":
        if letter in letters:
            return letter
    return ""
