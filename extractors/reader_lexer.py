"""Content streams into statements: operands and operator, by one regular expression.

Enters the decoded bytes of content streams, leaves a list of ``Statement`` tuples. It knows the shapes that producers
write; whatever else pdfminer's parser would accept in its own way raises ``Unusual``, and the caller goes another way.
The expression uses possessive repeats only and ends at the first surprise, so its time is linear in the input.
"""

import re
from collections.abc import Sequence

# One statement: (name, numbers, array, literal string, hex string, more numbers, second name or dictionary, operator,
# rest), each raw, with its delimiters, empty when absent. ``rest`` is not empty where the expression met a surprise; it
# then holds all that is left.
Statement = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]

_NAME = rb"/[^#/%\[\]()<>{}\s\x00]*+"
_NUMBERS = rb"(?:[-+.0-9]++\s*+)*+"
_TEXT = rb"(?>[^()\\]++|\\[^\r]|\((?>[^()\\]++|\\[^\r]|\((?>[^()\\]++|\\[^\r])*+\))*+\))*+"
_HEX = rb"[0-9A-Fa-f\s]*+"
_ARRAY = rb"(?>[-+.0-9\s]++|\(" + _TEXT + rb"\)|<" + _HEX + rb">)*+"
_FLAT = rb"(?>[^<>()%]++|\(" + _TEXT + rb"\)|<" + _HEX + rb">)*+"
_DICT = rb"<<(?>[^<>()%]++|\(" + _TEXT + rb"\)|<" + _HEX + rb">|<<" + _FLAT + rb">>)*+>>"

_STATEMENT = re.compile(
    rb"\s*+(?:%[^\r\n]*+\s*+)*+(?>"
    rb"(?:(" + _NAME + rb")\s*+)?+"
    rb"(" + _NUMBERS + rb")"
    rb"(?:(\[" + _ARRAY + rb"\])\s*+|(\(" + _TEXT + rb"\))\s*+|(<" + _HEX + rb">)\s*+)?+"
    rb"(" + _NUMBERS + rb")"
    rb"(?:(" + _NAME + rb"|" + _DICT + rb")\s*+)?+"
    rb"([A-Za-z][^#/%\[\]()<>{}\s]*+|['\"])"
    rb"|(\S[\s\S]*+))"
)

_ITEMS = re.compile(rb"(?:\((" + _TEXT + rb")\)|<(" + _HEX + rb")>)?+\s*+([-+.0-9]*+)\s*+")
_LITERAL_ITEMS = re.compile(rb"(?:\((" + _TEXT + rb")\))?+\s*+([-+.0-9]*+)\s*+")
_HEX_ITEMS = re.compile(rb"(?:<(" + _HEX + rb")>)?+\s*+([-+.0-9]*+)\s*+")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|[\s\S])")
_LETTERS = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r", b"(": b"(", b")": b")", b"\\": b"\\"}


class Unusual(Exception):
    """The page holds something that the fast reader does not know; the text says what."""


def lex_content(streams: Sequence[bytes]) -> list[Statement]:
    """Return the statements of the content streams, read as one; raises ``Unusual``.

    A statement may go on in the next stream, a token may not.
    """
    statements: list[Statement] = []
    carried = b""
    for data in streams:
        found = _STATEMENT.findall((carried + b"\n" + data if carried else data).rstrip())
        carried = b""
        if found and found[-1][8]:
            carried = _carry(found.pop()[8])
        statements += found
    if carried:
        raise Unusual("content ends inside a statement")
    return statements


_OPERANDS = re.compile(
    rb"(?>" + _NAME + rb"\s*+|[-+.0-9]++\s++|\[" + _ARRAY + rb"\]\s*+|\(" + _TEXT + rb"\)\s*+|<" + _HEX + rb">\s*+)*+"
)


def _carry(rest: bytes) -> bytes:
    """Return the rest of a stream when it is whole operands whose operator comes in the next stream."""
    if _OPERANDS.fullmatch(rest + b"\n"):
        return rest
    raise Unusual(f"content {rest[:20]!r}")


def split_array(array: bytes) -> tuple[list[bytes], list[float]]:
    """Return the strings of a text array and the number behind each (0 for none); raises ``ValueError``.

    ``array`` comes without its brackets. A number before the first string stands behind an empty one.
    """
    # Each expression matches nothing once more at the end; that match is dropped.
    if b"<" not in array:
        pairs = _LITERAL_ITEMS.findall(array)
        del pairs[-1]
        strings = [pair[0] for pair in pairs]
        if b"\\" in array:
            strings = [unescape(string) for string in strings]
        return strings, [float(number) if number else 0.0 for _, number in pairs]
    if b"(" not in array:
        pairs = _HEX_ITEMS.findall(array)
        del pairs[-1]
        return [from_hex(pair[0]) for pair in pairs], [float(number) if number else 0.0 for _, number in pairs]
    items = _ITEMS.findall(array)
    del items[-1]
    strings = [from_hex(coded) if coded else unescape(plain) for plain, coded, _ in items]
    return strings, [float(number) if number else 0.0 for _, _, number in items]


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
