"""Cut the neighbourhood of a date into tokens, each named by one letter, so that a grammar can read the letters.

What enters is a stretch of text; what leaves is a ``Tokens``: a letter for each token and, beside it, where it stands.
Numbers are judged by their form and by the characters that touch them: a year inside a reference, an address or a
longer number is no year here and is noted under ``not_date.number``.

Letters: I a numeric day, N a numeric month, b a month with two digits of its year, k a quarter or half with its year,
K one without, R a range of years, F a financial year, C a decade, Y a year, y a year too far off to stand alone, D a
day, 0 another number; words have the letters of ``rules/dates.yml``; x is any other word, and a sign is itself (every
dash is ``-``).
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from extractors.dates.words import WordClass, load_date_words

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_Y = r"(?:1[5-9]|2[01])\d\d"
_ROMAN = r"(?:XI{0,2}|IX|IV|VI{0,3}|I{1,3})"
# A reader of pictures may lose the blank beside a month's name: 30January2024.
_MONTH_NAME = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)(?![a-z])"
# With a dash or an apostrophe, two digits are a year: 1-Sep-08, Mar-09, May '24.
_ANY_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_TOKEN = re.compile(
    rf"""
      (?P<b>{_ANY_MONTH}(?:-\d\d|\s?['\u2019]\d\d)(?![\w]|[-.:]\d))
    | (?P<word>(?![QHS][1-4]|FY)[^\W\d_]+)
    | (?P<I>{_Y}(?P<s1>[-/.])\d\d?(?P=s1)\d\d?(?!\d)
        | \d\d?(?P<s2>[./-])\s?\d\d?(?P=s2)\s?{_Y}(?!\d)
        | \d\d?\.{_ROMAN}\.\s?{_Y}(?!\d)
        | \d\d(?P<s3>[./])\d\d(?P=s3)\d\d(?![\d./])
        | \d\d?(?P<s4>[-/.])\s?{_ANY_MONTH}(?P=s4)['\u2019]?\d\d(?![\w]|[-.:/]\d)
        | \d\d?\s{_ANY_MONTH}\s?['\u2019]\d\d(?!\w) )
    | (?P<k>(?:[1-4]Q|Q[1-4]|[12]H|H[12]|[12]S|S[12])(?:\s?[-/]\s?|\s|\s?['\u2019])?{_Y}(?!\d)
        | (?:[1-4]Q|[12]H)\d\d(?!\w) | (?:Q[1-4]|H[12])\s?[/'\u2019]\d\d(?!\w)
        | {_Y}[\s/-]?(?:Q[1-4]|H[12])(?!\w) )
    | (?P<K>(?:[1-4]Q|Q[1-4]|[12]H|H[12]|S[12])(?!\w))
    | (?P<F>FY\s?(?:{_Y}(?:[-/\u2013](?:{_Y}|\d\d))?|\d\d(?:[-/]\d\d)?)(?!\w))
    | (?P<C>{_Y[:-2]}0['\u2019]?s(?!\w))
    | (?P<R>{_Y}[-\u2010-\u2015\u2212]{_Y}(?!\d) | {_Y}\s?[-\u2010-\u2015\u2212]\s?\d\d(?![\w]|[.,]\d|\s?%)
        | {_Y}\s?/\s?{_Y}(?!\d) | {_Y}/\d\d(?!\w))
    | (?P<N>\d\d?/{_Y}(?!\d) | \d\d[-.]{_Y}(?!\d))
    | (?P<Y>{_Y}(?:[a-k](?!\w)|(?!\w)))
    | (?P<D>\d\d?(?:st|nd|rd|th)?(?:(?!\w)|(?={_MONTH_NAME})))
    | (?P<n>\d+)
    | (?P<letters>[^\W\d_]+)
    | (?P<sign>\S)
    """,
    re.VERBOSE,
)
# Characters that may touch a date; every other one makes it part of something else.
_FREE_LEFT = set(" \n([{\"'\u2018\u201c\u00ab,;|~<>\u00a9\u2264\u2265\u2248\u2022*:\u00b7\u2192\u2026!?" + DASHES)
_FREE_RIGHT = set(" \n)]}\"'\u2019\u201d\u00bb,;.:|!?*+(\u2026\u2192\u2022/<>[" + DASHES)
_ADDRESS = re.compile(r"://|www\.|@|\.(?:pdf|docx?|xlsx?|pptx?|html?|php|aspx?|txt|csv|xml|zip|jpe?g|png|eu/)", re.I)
# "2017.1 The report": a footnote's mark behind the full stop.
_FOOTNOTE = re.compile(r"\d\d?(?:\s+[A-Z\u2018\u201c])")
# "12-2024-001": a number of three digits, or of many, behind a dash is no year.
_SERIAL = re.compile(r"\d{3}(?!\d)|\d{5}")
_DAY_AND_MONTH = re.compile(r"\d\d?(?:st|nd|rd|th)?\s[A-Z][a-z]{2}")
_LONG_RUN = 240
_LONG_WORD = 12
_LEADS = {"mid", "end", "early", "late", "start", "pre", "post", "non", "beginning", "of"}
# Words from which a year may have lost its blank: in2020.
_GLUED = {"in", "of", "by", "to", "and", "or", "from", "since", "until", "before", "after"}
_BLANKS = ("", " ", "\n", "(")
_LEADS |= {"spring", "summer", "autumn", "winter"}
_NUMERIC = "INbRYkFC"
# Behind one of these a blank may be the cut of an address over two lines.
_WRAPS = ("-", "/", "_", "=", "?", "&", "%")
_OTHER_LETTERS = {"n": "0", "K": "K"}
# A dash may join these to another number: 12-13.3.2024, Q4 2024-Q2 2025.
_JOINED = "INbk"
_MONTHS = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
SAFE_YEARS = range(1900, 2100)


@dataclass(slots=True)
class Tokens:
    """Tokens of one stretch: ``letters[i]`` stands at ``[starts[i], ends[i])`` of the text and may have a number.

    ``parts_of_numbers`` holds the spans of the numbers that touch something that makes them no dates.
    """

    letters: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    parts_of_numbers: list[tuple[int, int]] = field(default_factory=list)


def cut_tokens(text: str, start: int, end: int, classes: dict[str, WordClass]) -> Tokens:
    """Return the tokens of ``text[start:end]``, which begins and ends beside a blank or at an end of the block.

    Nearly all read the same wherever they stand, for what touches a number is part of the stretch; each of these is
    read once. Not so behind the cut of an address, where a number may be a footnote's mark, as the next word shows,
    and in runs so long that they are not looked at to their ends.
    """
    printed = text[start:end]
    is_cut = text[max(0, start - 2) : max(0, start - 1)] in _WRAPS
    if is_cut or "." in printed[-3:-1] or len(printed) >= _LONG_RUN:
        return cut_directly(text, start, end, classes)
    plain = _cut_plain(printed)
    shifted = [(begin + start, stop + start) for begin, stop in plain.parts_of_numbers]
    starts, ends = [at + start for at in plain.starts], [at + start for at in plain.ends]
    return Tokens(plain.letters, starts, ends, plain.numbers, shifted)


@lru_cache(maxsize=4096)
def _cut_plain(printed: str) -> Tokens:
    """Return the tokens of a stretch whose surroundings do not matter; nobody changes them."""
    return cut_directly(printed, 0, len(printed), load_date_words().classes)


def cut_directly(text: str, start: int, end: int, classes: dict[str, WordClass]) -> Tokens:
    """Return the tokens of ``text[start:end]``, read anew."""
    found = Tokens()
    letters: list[str] = []
    starts, ends, numbers = found.starts, found.ends, found.numbers
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or ""
        begin, stop = match.span()
        if kind in ("word", "letters"):
            letter, number = _word_letter(match.group(), classes)
        elif kind in _NUMERIC:
            letter, number = _number_letter(text, begin, stop, kind), 0
            if letter == "0":
                found.parts_of_numbers.append((begin, stop))
        elif kind == "D":
            letter, number = _day_letter(text, begin, stop)
        else:
            letter, number = _OTHER_LETTERS.get(kind) or _sign_letter(match.group(), classes), 0
        letters.append(letter)
        starts.append(begin)
        ends.append(stop)
        numbers.append(number)
    found.letters = "".join(letters)
    return found


def _number_letter(text: str, start: int, end: int, kind: str) -> str:
    """Return the letter of a date in digits: 0 where it is part of something else, y where the year is far off."""
    if not _is_free(text, start, end, kind):
        return "0"
    return "y" if kind == "Y" and int(text[start : start + 4]) not in SAFE_YEARS else kind


def _word_letter(word: str, classes: dict[str, WordClass]) -> tuple[str, int]:
    """Return a word's letter and number. A month's short name needs a capital, and so do ``May`` and ``March``."""
    known = classes.get(word.lower())
    if known is None:
        return "x", 0
    if known.letter in "AM" and word.islower():
        return ("W", known.number) if known.letter == "M" else ("x", 0)
    if known.letter == "w" and word.islower():
        return "x", 0
    return known.letter, known.number


def _sign_letter(sign: str, classes: dict[str, WordClass]) -> str:
    """Return a sign's letter: dashes are one, ``&`` is and."""
    if sign in DASHES:
        return "-"
    known = classes.get(sign)
    return known.letter if known else sign if sign in ",./" else "|"


def _day_letter(text: str, start: int, end: int) -> tuple[str, int]:
    """Return D for a day's number, T where it is an ordinal, 0 for any other number."""
    word = text[start:end]
    number = int(word.rstrip("stndrh"))
    if not 1 <= number <= 31:
        return "0", number
    if not word.isdigit():
        return "T", number
    is_joined = start > 1 and text[start - 1] in "./-" and text[start - 2].isalnum()
    return (_inner_day(text, start) if is_joined else "D"), number


def _inner_day(text: str, start: int) -> str:
    """Return 0 for a number behind a touching sign, as in ``3.4`` or ``A-4``; a day may follow a number and a dash."""
    is_range = text[start - 1] != "." and text[start - 2].isdigit()
    return "D" if is_range or _word_before(text, start - 1)[:3].title() in _MONTHS else "0"


def _is_free(text: str, start: int, end: int, kind: str) -> bool:
    """Tell whether a number stands for itself: what touches it left and right does not make it a longer thing."""
    left = text[start - 1] if start else " "
    right = text[end] if end < len(text) else " "
    if left in " \n" and right in " \n;)":
        return True
    if left not in _FREE_LEFT and not _is_short_date(text, start, left):
        return False
    if right not in _FREE_RIGHT:
        return False
    if not _is_free_left(text, start, left, kind) or not _is_free_right(text, end, right, kind):
        return False
    return not _ADDRESS.search(_run_around(text, start, end))


def _is_short_date(text: str, start: int, left: str) -> bool:
    """Tell whether a full stop or slash joins the number to a month, as in ``Sep.2022`` and ``5/May/2024``."""
    if left == ".":
        return start > 3 and text[start - 4 : start - 1].isalpha()
    if left.isalpha():
        word = _word_before(text, start)
        begin = start - len(word)
        if word in _GLUED and text[begin:start] == word and text[max(0, begin - 1) : begin] in _BLANKS:
            return True
        return re.fullmatch(_MONTH_NAME, _word_before(text, start).title()) is not None
    return left == "/" and _word_before(text, start - 1)[:3].title() in _MONTHS


def _is_free_left(text: str, start: int, left: str, kind: str) -> bool:
    """Judge what stands before the touching character on the left."""
    before = text[start - 2] if start > 1 else " "
    if left in DASHES:
        if before.isdigit() and kind in _JOINED:
            return True
        word = _word_before(text, start - 1)
        return not before.isalnum() or word in _LEADS or word[:3].title() in _MONTHS
    if left == "(":
        return not before.isalnum()
    if left in ",:" and before.isdigit():
        return left == "," and text[max(0, start - 5) : start - 1].isdigit() and start >= 5
    return True


def _is_free_right(text: str, end: int, right: str, kind: str) -> bool:
    """Judge what stands behind the touching character on the right."""
    after = text[end + 1 : end + 5]
    if right in DASHES:
        if kind == "Y" and _DAY_AND_MONTH.match(text, end + 1):
            return True
        is_joined = kind in _JOINED and (after[:1].isdigit() or after[:1] in "QH")
        if kind == "N" and _SERIAL.match(text, end + 1):
            return False
        is_word = after[:3].isalpha() and (after[:3].islower() or after[:3].title() in _MONTHS)
        return not after[:1].isalnum() or is_joined or is_word
    if right == "/":
        return after[:1].islower()
    if right == "." and _FOOTNOTE.match(text, end + 1):
        return True
    if right in ".,:":
        return not after[:1].isdigit() or (right == "," and len(after) == 4 and after.isdigit())
    return True


def _word_before(text: str, end: int) -> str:
    """Return the letters that end at ``end``, at most a month's name, in lower case."""
    start = end
    while start and end - start < _LONG_WORD and text[start - 1].isalpha():
        start -= 1
    return text[start:end].lower()


def _run_around(text: str, start: int, end: int) -> str:
    """Return the run without blanks around a number, so far as it matters; an address that a line break cut is one."""
    low, high = max(0, start - _LONG_RUN), min(len(text), end + _LONG_RUN)
    begin = max(text.rfind(" ", low, start), text.rfind("\n", low, start)) + 1 or low
    while begin > low + 1 and text[begin - 1] == " " and text[begin - 2] in "-/_=?&%":
        begin = max(text.rfind(" ", low, begin - 1), text.rfind("\n", low, begin - 1)) + 1 or low
    stop = end
    while stop < high and not text[stop].isspace():
        stop += 1
    return text[begin:stop]
