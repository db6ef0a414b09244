"""Content streams into statements by pdfminer's own parser, for streams that the fast expression does not know:
inline images, odd names, numbers run together. Same statements, some twenty times slower.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import PSKeyword, PSLiteral

from extractors.reader.lexer import ARRAY, HEX, NAME, NUMBERS, OPERANDS, OPERATOR, REST, Statement, Unusual

# Stands for the operator of an inline image; no content can spell it.
INLINE_IMAGE = b"(image)"
# The number of operands of each known operator, -1 for any number.
_COUNTS: dict[bytes, int] = {
    **dict.fromkeys((b"Tr", b"w", b"J", b"j", b"M", b"i", b"g", b"G", b"ri", b"gs", b"cs", b"CS", b"sh", b"MP"), -1),
    **dict.fromkeys((b"rg", b"RG", b"k", b"K", b"sc", b"SC", b"scn", b"SCN", b"d", b"DP", b"BMC", b"BDC"), -1),
    **dict.fromkeys((b"Tc", b"Tw", b"Tz", b"TL", b"Ts", b"TJ", b"Tj", b"'", b"Do", b"EI"), 1),
    **dict.fromkeys((b"Tf", b"Td", b"TD", b"m", b"l"), 2),
    b'"': 3,
    **dict.fromkeys((b"v", b"y", b"re"), 4),
    **dict.fromkeys((b"cm", b"Tm", b"c"), 6),
    **dict.fromkeys(
        (b"q", b"Q", b"BT", b"ET", b"T*", b"h", b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"), 0
    ),
    **dict.fromkeys((b"n", b"W", b"W*", b"EMC", b"BX", b"EX", b"BI", b"ID"), 0),
}


def lex_slowly(streams: Sequence[PDFStream]) -> list[Statement]:
    """Return the statements of content streams. Operators that are not known are passed over, as pdfminer does.

    Raises ``Unusual`` and what pdfminer raises.
    """
    try:
        parser = PDFContentParser(streams)
    except PSEOF:
        return []
    statements: list[Statement] = []
    stack: list[object] = []
    while True:
        try:
            _, token = parser.nextobject()
        except PSEOF:
            return statements
        if not isinstance(token, PSKeyword):
            stack.append(token)
            continue
        operator = bytes(token.name)
        if operator in _COUNTS or operator in _ALIASES:
            operands = _pop(stack, operator)
            _SHAPES.get(operator, _numeric)(statements, operator, operands)


def _pop(stack: list[object], operator: bytes) -> list[object]:
    """Take an operator's operands from the stack."""
    if operator in _ALIASES:
        raise Unusual(f"operator {operator!r}")
    count = _COUNTS[operator]
    if count < 0:
        stack.clear()
    elif len(stack) < count:
        raise Unusual(f"too few operands for {operator!r}")
    operands = stack[len(stack) - count :] if count > 0 else []
    del stack[len(stack) - len(operands) :]
    return operands


def _numeric(statements: list[Statement], operator: bytes, operands: list[object]) -> None:
    numbers = b" ".join(_number(operand) for operand in operands)
    statements.append(_statement(operator, numbers=numbers))


def _named(statements: list[Statement], operator: bytes, operands: list[object]) -> None:
    name, rest = operands[0], operands[1:]
    if not isinstance(name, PSLiteral):
        raise Unusual(f"operand of {operator!r} is no name")
    raw = name.name.encode() if isinstance(name.name, str) else name.name
    numbers = b" ".join(_number(operand) for operand in rest)
    statements.append(_statement(operator, name=b"/" + raw, numbers=numbers))


def _text(statements: list[Statement], operator: bytes, operands: list[object]) -> None:
    text = operands[-1]
    numbers = b" ".join(_number(operand) for operand in operands[:-1])
    if not isinstance(text, bytes):
        raise Unusual(f"operand of {operator!r} is no string")
    coded = b"<" + text.hex().encode() + b">"
    statements.append(_statement(operator, numbers=numbers, string=coded))


def _texts(statements: list[Statement], operator: bytes, operands: list[object]) -> None:
    items = operands[0]
    if not isinstance(items, list):
        raise Unusual(f"operand of {operator!r} is no array")
    array = b"["
    for item in items:
        if isinstance(item, bytes):
            array += b"<" + item.hex().encode() + b">"
        elif isinstance(item, int | float):
            array += _number(item) + b" "
    array += b"]"
    statements.append(_statement(operator, array=array))


def _image(statements: list[Statement], operator: bytes, operands: list[object]) -> None:
    image = operands[0]
    if isinstance(image, PDFStream) and "W" in image and "H" in image:
        statements.append(_statement(INLINE_IMAGE))


def _nothing(statements: list[Statement], operator: bytes, operands: list[object]) -> None:
    """Leave out what changes nothing that is read: colours, dashes, marked content."""


def _statement(
    operator: bytes, *, name: bytes = b"", numbers: bytes = b"", array: bytes = b"", string: bytes = b""
) -> Statement:
    """Return a statement as the expression of ``extractors.reader.lexer`` gives it; ``string`` is in hex."""
    parts = [b""] * (REST + 1)
    parts[NAME], parts[NUMBERS], parts[OPERANDS], parts[ARRAY] = name, numbers, array or string, array
    parts[HEX], parts[OPERATOR] = string, operator
    return tuple(parts)


def _number(value: object) -> bytes:
    if not isinstance(value, int | float):
        raise Unusual("operand is no number")
    return format(Decimal(repr(value * 1)), "f").encode()


# Words that pdfminer takes for T*, f*, B* and b*.
_ALIASES = frozenset((b"T_a", b"f_a", b"B_a", b"b_a"))

_Shape = Callable[[list[Statement], bytes, list[object]], None]

_SHAPES: dict[bytes, _Shape] = {
    b"Tf": _named,
    b"Do": _named,
    b"Tj": _text,
    b"'": _text,
    b'"': _text,
    b"TJ": _texts,
    b"EI": _image,
    **dict.fromkeys((b"d", b"ri", b"gs", b"MP", b"DP", b"BMC", b"BDC", b"sh"), _nothing),
    **dict.fromkeys((b"cs", b"CS", b"sc", b"scn", b"SC", b"SCN"), _nothing),
}
