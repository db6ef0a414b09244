"""Content streams into statements: operands and operator, by one regular expression.

Enters the decoded bytes of content streams, leaves a list of ``Statement`` tuples. It knows the shapes that producers
write; whatever else pdfminer's parser would accept in its own way raises ``Unusual``, and the caller goes another way.
The expression uses possessive repeats only and ends at the first surprise, so its time is linear in the input.
"""

import re
from collections.abc import Sequence

# One statement, each part raw, with its delimiters, empty when absent. ``rest`` is not empty where the expression met a
# surprise; it then holds all that is left.
#   0 name   1 numbers   2 the operands behind them, of which: 3 plain array   4 other array   5 literal string
#   6 hex string   7 second name or dictionary   8 operator   9 rest
Statement = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]

_NAME = rb"/[^#/%\[\]()<>{}\s\x00]*+"
_NUMBERS = rb"(?:[-+.0-9]++\s*+)*+"
_TEXT = rb"(?>[^()\\]++|\\[^\r]|\((?>[^()\\]++|\\[^\r]|\((?>[^()\\]++|\\[^\r])*+\))*+\))*+"
_HEX = rb"[0-9A-Fa-f\s]*+"
_ARRAY = rb"(?>[-+.0-9\s]++|\(" + _TEXT + rb"\)|<" + _HEX + rb">)*+"
# Literal strings without escape or parenthesis, and numbers.
_PLAIN_ARRAY = rb"(?>[-+.0-9\s]++|\([^()\\]*+\))*+"
_FLAT = rb"(?>[^<>()%]++|\(" + _TEXT + rb"\)|<" + _HEX + rb">)*+"
_DICT = rb"<<(?>[^<>()%]++|\(" + _TEXT + rb"\)|<" + _HEX + rb">|<<" + _FLAT + rb">>)*+>>"

# Comments, and frequent whole statements that leave no trace.
_PASSED = rb"%[^\r\n]*+\s*+|(?:ET|EMC|W\*?+)\s++|/[A-Za-z0-9]++\s++gs\s++|[01]\s++[gG]\s++"

_STATEMENT = re.compile(
    rb"\s*+(?>" + _PASSED + rb")*+(?>"
    rb"(?:(" + _NAME + rb")\s*+)?+"
    rb"(" + _NUMBERS + rb")"
    rb"((?:(\[" + _PLAIN_ARRAY + rb"\])\s*+|(\[" + _ARRAY + rb"\])\s*+"
    rb"|(\(" + _TEXT + rb"\))\s*+|(<" + _HEX + rb">)\s*+)?+" + _NUMBERS + rb""
    rb"(?:(" + _NAME + rb"|" + _DICT + rb")\s*+)?+)"
    rb"([A-Za-z][^#/%\[\]()<>{}\s]*+|['\"])"
    rb"|(\S[\s\S]*+))"
)

_ITEMS = re.compile(rb"(?:\((" + _TEXT + rb")\)|<(" + _HEX + rb")>)?+\s*+([-+.0-9]*+)\s*+")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|[\s\S])")
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
        carried = _carry(found.pop()[9][: -len(_END)].rstrip())
        statements += found
    if carried:
        raise Unusual("content ends inside a statement")
    return statements


_OPERANDS = re.compile(
    rb"(?>" + _NAME + rb"\s*+|[-+.0-9]++\s++|\[" + _ARRAY + rb"\]\s*+|\(" + _TEXT + rb"\)\s*+|<" + _HEX + rb">\s*+)*+"
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
        return list(map(float, numbers))
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
