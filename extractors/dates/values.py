"""What a chain of date parts means: EDTF strings, never more precise than the print.

What enters is a chain of ``date_grammar``; what leaves are ``Group``s, each one mention: a single date or a range, with
the first and the last simple date it names. Years that the print leaves out are taken from the neighbour in the chain.
"""

from dataclasses import dataclass

from extractors.dates.grammar import Chain, Part
from extractors.dates.tokens import DASHES, Tokens

# A slash or a short second year joins years of one season or budget only when they lie close together.
_SLASH_YEARS = 15
# Two digits from here on are years of the last century; plans reach far into this one.
_FIRST_OLD_YEAR = 70
_QUARTER_MONTHS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12)}
_HALF_MONTHS = {40: (1, 6), 41: (7, 12)}
_SEASON_MONTHS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}
_LEVEL_MONTHS = _QUARTER_MONTHS | _HALF_MONTHS | _SEASON_MONTHS
_YEAR_PARTS = {"e": ("01~", "03~"), "m": ("05~", "08~"), "l": ("10~", "12~")}


@dataclass(slots=True)
class Value:
    """A part's meaning: year to year, with a level (0 none, 1 to 12 months, 21 to 41 parts) and a day, 0 if none.

    ``unit`` is the rule that reads the form. ``year`` 0 stands for a year that is not printed.
    """

    unit: str
    year: int = 0
    level: int = 0
    day: int = 0
    last_year: int = 0
    mod: str = ""
    last_level: int = 0

    @property
    def grain(self) -> str:
        """Return how fine it is, to tell ranges from neighbours."""
        return "d" if self.day else "m" if self.level else "y"

    def ends(self) -> tuple[str, str]:
        """Return the first and the last simple EDTF date."""
        if self.day:
            one = f"{self.year:04d}-{self.level:02d}-{self.day:02d}"
            return one, one
        if self.level:
            return self._level_ends()
        if self.last_year:
            return f"{self.year:04d}", f"{self.last_year:04d}"
        if self.mod in _YEAR_PARTS:
            first, last = _YEAR_PARTS[self.mod]
            return f"{self.year:04d}-{first}", f"{self.year:04d}-{last}"
        one = f"{self.year:04d}" + {"E": "-12", "B": "-01"}.get(self.mod, "")
        return one, one

    def _level_ends(self) -> tuple[str, str]:
        """Return the ends of a month or part of a year; its beginning or end, where printed, is a month."""
        months = _LEVEL_MONTHS.get(self.level)
        if months and self.mod in ("E", "B"):
            at = months[self.mod == "E"]
            one = f"{self.year + (at < months[0]):04d}-{at:02d}"
            return one, one
        one = f"{self.year:04d}-{self.level:02d}"
        return one, f"{self.year:04d}-{self.last_level:02d}" if self.last_level else one


@dataclass(slots=True)
class Group:
    """One mention: tokens ``first`` to ``last``, its values from ``low`` to ``high`` (the same for a single date).

    ``join`` tells what stands between it and the group before it in the chain.
    """

    low: Value
    high: Value
    first: int
    last: int
    join: str = ""
    unit: str = ""
    is_range: bool = False
    low_last: int = -1
    high_first: int = -1

    @property
    def is_bare(self) -> bool:
        """Tell whether only years are printed, which other numbers may look like."""
        return self.low.unit in ("date.year", "date.range") and not self.low.mod and self.high.grain == "y"


def read_values(chain: Chain, tokens: Tokens, text: str) -> list[Value | None]:
    """Return the meaning of each part, years filled in from neighbours; ``None`` for a part that means nothing."""
    values = [_read_part(part, tokens, text) for part in chain.parts]
    for index in range(len(values) - 2, -1, -1):
        _fill(values[index], values[index + 1], chain.joins[index], is_from_right=True)
    for index in range(1, len(values)):
        if chain.joins[index - 1] != "c":
            _fill(values[index], values[index - 1], chain.joins[index - 1], is_from_right=False)
    return values


def _fill(value: Value | None, other: Value | None, join: str, *, is_from_right: bool) -> None:
    """Take what ``value`` lacks from its neighbour ``other``."""
    if value is None or other is None or value.year or not other.year or value.unit == "padded":
        return
    if value.unit == "day alone":
        if not is_from_right or not other.day:
            return
        value.unit, value.level = "date.day", other.level
    elif value.unit in ("place alone", "mod alone"):
        if not is_from_right:
            return
        if value.unit == "place alone":
            value.unit = other.unit
            value.level = (32 if other.unit == "date.quarter" else 39) + value.last_level
            value.last_level = 0
        else:
            value.unit, value.level = other.unit, other.level
    value.year = other.year
    is_earlier = is_from_right and join != "c" and 1 <= value.level <= 12 and 1 <= other.level <= 12
    if is_earlier and value.level > other.level and (join in "rts/" or (value.level, other.level) == (12, 1)):
        value.year -= 1


def make_groups(chain: Chain, values: list[Value | None], *, is_between: bool) -> list[Group]:
    """Join values to ranges where the print says so; values that still lack a year are left out.

    In a list that ends with and or or, commas join as closely as that word: their letter is ``L``.
    """
    groups: list[Group] = []
    comma = "L" if chain.joins[-1:] == ["l"] else "c"
    index = 0
    while index < len(values):
        value = values[index]
        join = chain.joins[index - 1] if index else ""
        join = comma if join == "c" else join
        if value is None or not value.year:
            index += 1
            continue
        part = chain.parts[index]
        other = values[index + 1] if index + 1 < len(values) else None
        if other is not None and other.year and _is_range(chain.joins[index], value, other, is_between and index == 0):
            follower = chain.parts[index + 1]
            joined = Group(value, other, part.first, follower.last, join, "date.range")
            joined.is_range, joined.low_last, joined.high_first = True, part.last, follower.first
            groups.append(joined)
            index += 2
            continue
        groups.append(Group(value, value, part.first, part.last, join, value.unit))
        index += 1
    return groups


def _is_range(join: str, low: Value, high: Value, is_between: bool) -> bool:
    """Tell whether two neighbours are the ends of one range: joined so, in order, and of one grain where it matters."""
    if join == "l":
        return is_between and low.ends()[0] <= high.ends()[1]
    if join == "c" or (low.last_year and join != "t"):
        return False
    if join in "s/" and low.grain != high.grain:
        return False
    return _sort_key(low.ends()[0]) <= _sort_key(high.ends()[1]) and low.ends() != high.ends()


def _sort_key(text: str) -> tuple[int, int, int]:
    """Return the first day of a simple EDTF date as numbers."""
    year, _, rest = text.rstrip("~").partition("-")
    month, _, day = rest.rstrip("~").partition("-")
    level = int(month or 0)
    return int(year), _LEVEL_MONTHS.get(level, (level, level))[0], int(day or 0)


def _read_part(part: Part, tokens: Tokens, text: str) -> Value | None:
    """Return the meaning of one part."""
    value = _READERS[part.shape](part, tokens, text)
    if value is not None and not value.mod:
        value.mod = part.mod
    return value


def _print_of(index: int, tokens: Tokens, text: str) -> str:
    return text[tokens.starts[index] : tokens.ends[index]]


def _year_of(part: Part, tokens: Tokens, text: str) -> tuple[int, int]:
    """Return first and last year (0 for one year) of the token that holds the part's year, (0, 0) if none."""
    if part.year < 0:
        return 0, 0
    return _years(_print_of(part.year, tokens, text))


def full_year(year: int) -> int:
    """Return the year that two digits stand for: ``08`` is 2008, ``98`` is 1998; a year of four digits is itself."""
    if year > 99:
        return year
    return year + (2000 if year < _FIRST_OLD_YEAR else 1900)


def _years(printed: str) -> tuple[int, int]:
    """Return first and last year of ``2025``, ``2025-27``, ``2025/2026``, ``FY25``; the last is 0 for one year."""
    digits = "".join(c if c.isdigit() else " " for c in printed).split()
    first = full_year(int(digits[0]))
    if len(digits) < 2:
        return first, 0
    last = int(digits[1]) if len(digits[1]) == 4 else first // 100 * 100 + int(digits[1])
    if len(digits[1]) == 2 and first % 100 == 99 and last % 100 == 0:
        last += 100
    return first, last


def _read_day(part: Part, tokens: Tokens, text: str) -> Value:
    """Read a day and its month; in ``Dec 08`` the number may be a year, so it takes none from a neighbour."""
    year = _year_of(part, tokens, text)[0]
    is_padded = not year and part.month < part.day and text[tokens.starts[part.day]] == "0"
    return Value("padded" if is_padded else "date.day", year, tokens.numbers[part.month], tokens.numbers[part.day])


def _read_month(part: Part, tokens: Tokens, text: str) -> Value | None:
    # The names of months in other languages, or in lower case, are words of their own without a year beside them;
    # "they may 2025 times": without a word that leads to a month they are verbs even so.
    year = _year_of(part, tokens, text)[0]
    if tokens.letters[part.month] == "W":
        is_verb = _print_of(part.month, tokens, text) in ("may", "march")
        is_led = part.mod or tokens.letters[part.month - 1 : part.month] in ("t", "o", "i")
        if not year or (is_verb and not is_led):
            return None
    return Value("date.month", year, tokens.numbers[part.month])


def _read_numeric_day(part: Part, tokens: Tokens, text: str) -> Value:
    printed = _print_of(part.key, tokens, text)
    pieces = [piece for piece in _split(printed) if piece]
    if len(pieces[0]) == 4:
        year, month, day = (int(piece) for piece in pieces)
    else:
        day, year = int(pieces[0]), int(pieces[2])
        month = _month_number(pieces[1])
    return Value("date.day", full_year(year), month, day)


def _month_number(printed: str) -> int:
    """Return the number of a month in digits, in Roman numerals or by its name."""
    if printed.isdigit():
        return int(printed)
    return _ROMAN.index(printed) + 1 if printed in _ROMAN else _MONTHS.index(printed[:3]) + 1


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def _split(printed: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in printed).split()


def _read_numeric_month(part: Part, tokens: Tokens, text: str) -> Value | None:
    month, year = (int(piece) for piece in _split(_print_of(part.key, tokens, text)))
    return Value("date.month", year, month) if 1 <= month <= 12 else None


def _read_short_month(part: Part, tokens: Tokens, text: str) -> Value:
    """Read ``Mar-09`` and ``May '24``."""
    month, year = _split(_print_of(part.key, tokens, text))
    return Value("date.month", full_year(int(year)), _month_number(month))


def _read_code(part: Part, tokens: Tokens, text: str) -> Value | None:
    """Read ``Q3`` with or without its year, also ``3Q24`` and ``2024Q3``."""
    printed = _print_of(part.key, tokens, text)
    code, rest = (printed[4:].strip(" -/"), printed[:4]) if printed[:4].isdigit() else (printed[:2], printed[2:])
    letter, place = (code[1], code[0]) if code[0].isdigit() else (code[0], code[1])
    year, last = _years(rest) if rest else _year_of(part, tokens, text)
    return _numbered(letter, int(place), year, last)


def _numbered(letter: str, place: int, year: int, last_year: int) -> Value | None:
    """Return a quarter or half; in a year of two (2025/26) no month is known."""
    if last_year:
        return Value("date.range", year, last_year=last_year)
    if letter in "Qq":
        return Value("date.quarter", year, 32 + place)
    return Value("date.half", year, 39 + min(place, 2)) if place in (1, 2, 4) else None


def _read_unit(part: Part, tokens: Tokens, text: str) -> Value | None:
    year, last = _year_of(part, tokens, text)
    return _numbered(tokens.letters[part.unit], tokens.numbers[part.place], year, last)


def _read_months(part: Part, tokens: Tokens, text: str) -> Value | None:
    """Read ``the first six months of 2024``; the last ones count from the end."""
    n = tokens.numbers[part.key]
    year = _year_of(part, tokens, text)[0]
    is_last = tokens.numbers[part.key - 1] == 4
    if not year or tokens.numbers[part.key - 1] not in (1, 4) or not 1 <= n <= 12:
        return None
    if n in (3, 6):
        return _numbered("q" if n == 3 else "h", (4 if n == 3 else 2) if is_last else 1, year, 0)
    first, last = (13 - n, 12) if is_last else (1, n)
    return Value("date.range", year, first, last_level=last)


def _read_season(part: Part, tokens: Tokens, text: str) -> Value | None:
    # "prices fall 2024": the verb, unless a word before it says that the American autumn is meant.
    year = _year_of(part, tokens, text)[0]
    is_led = part.mod or (part.key > 0 and tokens.letters[part.key - 1] in "tio")
    if _print_of(part.key, tokens, text) == "fall" and not is_led and part.key + 1 == part.year:
        return Value("date.year", year)
    return Value("date.season", year, tokens.numbers[part.key])


def _read_year(part: Part, tokens: Tokens, text: str) -> Value | None:
    """Read a year, or a range of years in one print; a slash joins neighbours only."""
    printed = _print_of(part.key, tokens, text)
    if tokens.letters[part.key] != "R":
        return Value("date.part" if part.mod else "date.year", int(printed[:4]))
    first, last = _years(printed)
    is_short = len(_split(printed.translate(_PLAIN_DASHES))[1]) == 2
    if "/" in printed and not (0 < last - first <= (1 if is_short else _SLASH_YEARS)):
        return None
    if last > first:
        return Value("date.range", first, last_year=last)
    if is_short and "-" in printed and 1 <= last % 100 <= 12 and len(printed) == 7:
        return Value("date.month", first, last % 100)
    return Value("date.year", first) if last == first else None


_PLAIN_DASHES = str.maketrans(dict.fromkeys(DASHES, "-"))


def _read_financial(part: Part, tokens: Tokens, text: str) -> Value:
    year, last = _years(_print_of(part.key, tokens, text))
    return Value("date.range", year, last_year=last) if last > year else Value("date.year", year)


def _read_decade(part: Part, tokens: Tokens, text: str) -> Value:
    # "2020's budget": the year's own, where nothing says that a decade is meant ("the 1980's").
    printed = _print_of(part.key, tokens, text)
    year = int(printed[:4])
    if not printed[4].isalpha() and not part.mod and tokens.letters[max(0, part.key - 1) : part.key] != "t":
        return Value("date.year", year)
    return Value("date.decade", year, last_year=year + 9)


def _read_day_only(part: Part, tokens: Tokens, text: str) -> Value:
    return Value("day alone", day=tokens.numbers[part.day])


def _read_place_only(part: Part, tokens: Tokens, text: str) -> Value:
    return Value("place alone", last_level=tokens.numbers[part.place])


def _read_mod_only(part: Part, tokens: Tokens, text: str) -> Value:
    return Value("mod alone", mod=tokens.letters[part.key])


_READERS = {
    "I": _read_numeric_day,
    "N": _read_numeric_month,
    "b": _read_short_month,
    "k": _read_code,
    "F": _read_financial,
    "C": _read_decade,
    "d": _read_day,
    "m": _read_month,
    "K": _read_code,
    "u": _read_unit,
    "z": _read_months,
    "S": _read_season,
    "Y": _read_year,
    "D": _read_day_only,
    "O": _read_place_only,
    "X": _read_mod_only,
}
