"""Content streams into statements: operands and operator, by one regular expression.

Enters the decoded bytes of content streams, leaves a list of ``Statement`` tuples. It knows the shapes that producers
write; whatever else pdfminer's parser would accept in its own way raises ``Unusual``, and the caller goes another way.
The expression uses possessive repeats only and ends at the first surprise, so its time is linear in the input.
"""

import re
from collections.abc import Callable, Sequence

# One statement, each part raw, with its delimiters, empty when absent. Most statements of a page stand in a few rows
# that producers write over and over, so what stands in such rows is taken together with the statement that follows:
# - before it, any of these in this order: ``Q``; a filled rectangle, of which the numbers are kept; ``q`` and behind it
#   a clip, of which the ``n`` that ends it is kept; what opens text, ``BT``, ``Tf``, ``Tm``, of which are kept the
#   font, and size and text matrix with the ``Tf`` between them;
# - behind it what closes it: ``ET Q``, or the fill of a path.
# ``OPERANDS`` is all that stands between the numbers and the operator, the next five are parts of it; ``SECOND`` is a
# name or a dictionary. ``REST`` is not empty where the expression met a surprise; it then holds all that is left.
Statement = tuple[bytes, ...]
RESTORE, FILLED, SAVE, CLIP, FONT, PLACE, NAME, NUMBERS, OPERANDS, PLAIN_ARRAY, ARRAY, LITERAL, HEX, SECOND = range(14)
OPERATOR, CLOSING, REST = range(14, 17)

_NAME = rb"/[^#/%\[\]()<>{}\s\x00]*+"
_NUMBERS = rb"(?:[-+.0-9]++\s*+)*+"
TEXT = rb"(?>[^()\\]++|\\[^\r]|\((?>[^()\\]++|\\[^\r]|\((?>[^()\\]++|\\[^\r])*+\))*+\))*+"
_HEX = rb"[0-9A-Fa-f\s]*+"
_ARRAY = rb"(?>[-+.0-9\s]++|\(" + TEXT + rb"\)|<" + _HEX + rb">)*+"
# Literal strings without escape or parenthesis, and numbers.
_PLAIN_ARRAY = rb"(?>[-+.0-9\s]++|\([^()\\]*+\))*+"
_FLAT = rb"(?>[^<>()%]++|\(" + TEXT + rb"\)|<" + _HEX + rb">)*+"
_DICT = rb"<<(?>[^<>()%]++|\(" + TEXT + rb"\)|<" + _HEX + rb">|<<" + _FLAT + rb">>)*+>>"

_NUMBER = rb"[-+.0-9]++\s++"
# Comments, and frequent whole statements that leave no trace.
_PASSED = (
    rb"%[^\r\n]*+\s*+|(?:ET|EMC|W\*?+)\s++|[01]\s++[gG]\s++"
    rb"|/[A-Za-z0-9]++\s*+(?:gs|(?:/[A-Za-z0-9]++|<<(?>[^<>()%]++|\([^()\\]*+\))*+>>)\s*+BDC)\s++"
)
_COLOUR = rb"(?:" + _NUMBER + rb"){1,4}+(?:rg|RG|g|G|k|K)\s++"
# The absence of each part is an alternative of its own, so that no group outlives a failure.
_OPENING = (
    rb"(?:(Q)\s++(?>" + _PASSED + rb")*+|)"
    rb"(?:((?:" + _NUMBER + rb"){4})re\s++f\*?+\s++(?>" + _PASSED + rb")*+|)"
    rb"(?:(q)\s++(?>" + _PASSED + rb")*+(?:(?:" + _NUMBER + rb"){4}re\s++W\*?+\s++(n)\s++(?>" + _PASSED + rb")*+|)|)"
    rb"(?:BT\s++(?>" + _PASSED + rb")*+"
    rb"(" + _NAME + rb")\s++(" + _NUMBER + rb"Tf\s++(?:" + _NUMBER + rb"){6})Tm\s++"
    rb"(?>" + _COLOUR + rb"|" + _PASSED + rb")*+|)"
)
_CLOSING = rb"\s++ET\s++(?:EMC\s++)?+Q(?=\s)|\s++f\*?+(?=\s)"

_STATEMENT = re.compile(
    rb"\s*+(?>" + _PASSED + rb")*+(?>" + _OPENING + rb"(?:(" + _NAME + rb")\s*+)?+"
    rb"(" + _NUMBERS + rb")"
    rb"((?:(\[" + _PLAIN_ARRAY + rb"\])\s*+|(\[" + _ARRAY + rb"\])\s*+"
    rb"|(\(" + TEXT + rb"\))\s*+|(<" + _HEX + rb">)\s*+)?+" + _NUMBERS + rb""
    rb"(?:(" + _NAME + rb"|" + _DICT + rb")\s*+)?+)"
    rb"([A-Za-z][^#/%\[\]()<>{}\s]*+|['\"])"
    rb"(" + _CLOSING + rb"|)"
    rb"|(\S[\s\S]*+))"
)

_ITEMS = re.compile(rb"(?:\((" + TEXT + rb")\)|<(" + _HEX + rb")>)?+\s*+([-+.0-9]*+)\s*+")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|[\s\S])")
_PAREN, _CLOSE = b"()"
_LETTERS = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r", b"(": b"(", b")": b")", b"\\": b"\\"}


# Put behind each stream: a byte that the expression takes for a surprise, so that the last match tells what is left.
_END = b"\x00"


class Unusual(Exception):
    """The page holds something that the fast reader does not know; the text says what."""


def lex_content(streams: Sequence[bytes]) -> list[Statement]:
    """Return the statements of the content streams, read as one; raises ``Unusual``.

    A statement may go on in the next stream, a token may not.
    """
    statements: list[Statement] = []
    carried = b""
    for data in streams:
        found = _STATEMENT.findall(b"%b\n%b\n%b" % (carried, data, _END) if carried else b"%b\n%b" % (data, _END))
        carried = _carry(found.pop()[REST][: -len(_END)].rstrip())
        statements += found
    if carried:
        raise Unusual("content ends inside a statement")
    return statements


class _Numbers(dict[bytes, float]):
    """Numbers as written and what they are: the same few come again and again, and looking one up takes a tenth of the
    time of reading it."""

    def __missing__(self, written: bytes) -> float:
        """Read a number; raises ``ValueError``."""
        number = float(written)
        if len(written) <= _MAX_LENGTH:
            if len(self) >= _MAX_NUMBERS:
                self.clear()
            self[written] = number
        return number


_MAX_NUMBERS, _MAX_LENGTH = 30_000, 30
# Returns the number that bytes spell; raises ``ValueError``.
read_number: Callable[[bytes], float] = _Numbers().__getitem__

_OPERANDS = re.compile(
    rb"(?>" + _NAME + rb"\s*+|[-+.0-9]++\s++|\[" + _ARRAY + rb"\]\s*+|\(" + TEXT + rb"\)\s*+|<" + _HEX + rb">\s*+)*+"
)


def _carry(rest: bytes) -> bytes:
    """Return the rest of a stream when it is whole operands whose operator comes in the next stream."""
    if not rest or _OPERANDS.fullmatch(rest + b"\n"):
        return rest
    raise Unusual(f"content {rest[:20]!r}")


def split_plain_array(array: bytes) -> tuple[bytes, list[int], list[float]]:
    """Return the strings of a plain text array joined, the length of each and the number behind each (0 for none).

    ``array`` comes without its brackets. A number before the first string stands behind an empty one. Raises
    ``ValueError``.
    """
    pieces = array.replace(b"(", b")").split(b")")
    try:
        numbers = _floats(pieces)
    except ValueError:
        return _split_items(array)
    strings = pieces[1::2]
    if len(numbers) > len(strings):
        strings.insert(0, b"")
    return b"".join(strings), list(map(len, strings)), numbers


def split_plain_arrays(arrays: Sequence[bytes]) -> tuple[bytes, list[int], list[float], list[int]]:
    """Return what ``split_plain_array`` does of many arrays in a row, and the number of strings of each array."""
    # Each array made to begin with a string and to end with a number; all are then cut at once.
    whole = b"".join([b"()" * (array[0] != _PAREN) + array + b"0" * (array[-1] == _CLOSE) for array in arrays])
    pieces = whole.replace(b"(", b")").split(b")")
    try:
        numbers = list(map(read_number, pieces[2::2]))
    except ValueError:
        return _split_one_by_one(arrays)
    strings = pieces[1::2]
    counts = [array.count(b"(") + (array[0] != _PAREN) for array in arrays]
    return b"".join(strings), list(map(len, strings)), numbers, counts


def _split_one_by_one(arrays: Sequence[bytes]) -> tuple[bytes, list[int], list[float], list[int]]:
    found = [split_plain_array(array) for array in arrays]
    joined = b"".join(one[0] for one in found)
    lengths = [length for one in found for length in one[1]]
    return joined, lengths, [number for one in found for number in one[2]], [len(one[1]) for one in found]


def split_array(array: bytes) -> tuple[bytes, list[int], list[float]]:
    """Return what ``split_plain_array`` does, of an array with escapes, parentheses or hex strings."""
    if b"(" in array:
        return _split_items(array)
    pieces = array.replace(b"<", b">").split(b">")
    try:
        numbers = _floats(pieces)
    except ValueError:
        return _split_items(array)
    coded = pieces[1::2]
    joined = from_hex(b"".join(coded))
    lengths = [len(string) >> 1 for string in coded]
    # A string with an odd digit or a blank in it does not have half its length.
    if sum(lengths) != len(joined) or any(len(string) & 1 for string in coded):
        return _split_items(array)
    if len(numbers) > len(coded):
        lengths.insert(0, 0)
    return joined, lengths, numbers


def _floats(pieces: list[bytes]) -> list[float]:
    """Return the numbers among pieces that alternate with strings: one behind each string, and one before the first
    string if there is any. Raises ``ValueError`` where two stand together."""
    if not pieces[-1]:
        pieces[-1] = b"0"
    numbers = pieces[2::2] if not pieces[0].strip() else pieces[0::2]
    try:
        return list(map(read_number, numbers))
    except ValueError:
        return [float(number.strip() or b"0") for number in numbers]


def _split_items(array: bytes) -> tuple[bytes, list[int], list[float]]:
    """Return what ``split_plain_array`` does, one item after another, for any array."""
    items = _ITEMS.findall(array)
    strings = [from_hex(coded) if coded else unescape(plain) for plain, coded, _ in items]
    return b"".join(strings), list(map(len, strings)), [float(number or b"0") for _, _, number in items]


def from_hex(coded: bytes) -> bytes:
    """Return the bytes of a hex string; raises ``ValueError`` for an odd digit, which pdfminer reads in its own way."""
    return bytes.fromhex(coded.decode("ascii"))


def unescape(string: bytes) -> bytes:
    """Return a literal string with its escapes resolved as pdfminer does: an unknown escape vanishes whole."""
    if b"\\" not in string:
        return string
    return _ESCAPE.sub(_escaped, string)


def _escaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code.isdigit() and code not in b"89":
        value = int(code, 8)
        if value > 255:
            raise Unusual("octal escape above 255")
        return bytes((value,))
    return _LETTERS.get(code, b"")
