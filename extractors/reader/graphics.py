"""The graphics state of running content, and what each operator does to it.

It does what pdfminer's ``PDFPageInterpreter`` and ``PDFTextDevice`` do to text state, matrices and paths, in the same
order of operations and with the same quirks. Operators raise ``Unusual`` or ``ValueError`` for what they do not know.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pdfminer.pdftypes import PDFObjRef, dict_value
from pdfminer.utils import MATRIX_IDENTITY, Matrix, mult_matrix

from extractors.reader.fonts import Coding, FontBook, FontTable
from extractors.reader.lexer import (
    ARRAY,
    CLIP,
    FONT,
    HEX,
    LITERAL,
    NAME,
    NUMBERS,
    OPERANDS,
    OPERATOR,
    PLACE,
    PLAIN_ARRAY,
    REST,
    SAVE,
    Statement,
    Unusual,
    from_hex,
    read_number,
    split_array,
    split_plain_array,
    unescape,
)
from extractors.reader.record import FROM_START, PLAIN_SPACING, PageRecord
from extractors.reader.slow_lexer import INLINE_IMAGE


class GraphicsState:
    """The state that operators change, with the record that they write into."""

    def __init__(self, book: FontBook, record: PageRecord) -> None:
        self.book = book
        self.record = record

    def start(self, resources: object, ctm: Matrix) -> None:
        """Begin afresh, with these resources and this matrix."""
        self.resources = dict_value(resources)
        self.named: dict[bytes, FontTable] = {}
        self.ctm = self.record.ctm = ctm
        self.saved: list[tuple[Any, ...]] = []
        self.path: list[Statement] = []
        self.font: FontTable | None = None
        self.size = self.leading = 0.0
        self.spacing = PLAIN_SPACING
        self.matrix: Matrix = MATRIX_IDENTITY
        # Where the next run of glyphs starts: at the origin of the text matrix, or where an earlier run ended.
        self.origin = FROM_START

    def font_named(self, raw: bytes) -> FontTable:
        """Return the font of a resource name, pdfminer's default font for an unknown one."""
        if raw not in self.named:
            self.named[raw] = self._find_font(raw)
        return self.named[raw]

    def _find_font(self, raw: bytes) -> FontTable:
        fonts = dict_value(self.resources.get("Font"))
        name = literal(raw)
        if name not in fonts:
            return self.book.table(None, _NO_FONT)
        spec = fonts[name]
        objid = spec.objid if isinstance(spec, PDFObjRef) else None
        return self.book.table(objid, dict_value(spec))

    def show(self, joined: bytes, lengths: Sequence[int], numbers: Sequence[float], *, is_led: bool = False) -> None:
        """Record a run of glyphs: strings joined, the length of each and the number behind each. ``is_led``: a number
        stands before them all.
        """
        font = self.font
        if font is None:
            return
        if font.is_vertical:
            raise Unusual("vertical font")
        if font.coding is Coding.ONE_BYTE:
            codes = joined.decode("latin-1").encode("utf-16-be")
        else:
            codes, lengths = _decode(font, joined, lengths)
        if self.spacing[1] and not is_led and lengths[0] == 0 and any(lengths):
            raise Unusual("spaced text after an empty string")
        self.record.add_run((font, self.size, self.spacing, self.matrix), codes, lengths, numbers, self.origin)
        self.origin = self.record.n_runs - 1


_NO_FONT: Mapping[str, Any] = {}


def literal(raw: bytes) -> str:
    """Return the name that pdfminer makes of ``/raw``."""
    try:
        return raw[1:].decode("utf-8")
    except UnicodeDecodeError:
        return str(raw[1:])


def _decode(font: FontTable, joined: bytes, lengths: Sequence[int]) -> tuple[bytes, list[int]]:
    """Return strings as two bytes per glyph, with their lengths in glyphs."""
    if font.coding is Coding.TWO_BYTES:
        halves = [length >> 1 for length in lengths]
        if 2 * sum(halves) == len(joined):
            return joined, halves
    strings: list[Sequence[int]] = []
    start = 0
    for length in lengths:
        strings.append(list(font.font.decode(joined[start : start + length])))
        start += length
    if any(code > 0xFFFF or code < 0 for string in strings for code in string):
        raise Unusual("glyph code above two bytes")
    return b"".join(code.to_bytes(2, "big") for string in strings for code in string), list(map(len, strings))


def _numbers(s: Statement) -> list[float]:
    """Return the operands of a statement that takes numbers only; raises ``ValueError``."""
    if s[OPERANDS]:
        raise ValueError("operands are no numbers")
    return list(map(read_number, s[NUMBERS].split()))


def _number(s: Statement) -> float:
    if s[OPERANDS]:
        raise ValueError("operand is no number")
    return read_number(s[NUMBERS])


def save(r: GraphicsState, s: Statement) -> None:
    """Keep the state (``q``)."""
    r.saved.append((r.ctm, r.font, r.size, r.spacing, r.leading, r.matrix, r.origin))


def restore(r: GraphicsState, s: Statement) -> None:
    """Return to the state kept last, if there is any (``Q``)."""
    if r.saved:
        (r.ctm, r.font, r.size, r.spacing, r.leading, r.matrix, r.origin) = r.saved.pop()
        r.record.ctm = r.ctm


def _cm(r: GraphicsState, s: Statement) -> None:
    a, b, c, d, e, f = _numbers(s)
    r.ctm = r.record.ctm = mult_matrix((a, b, c, d, e, f), r.ctm)


def _BT(r: GraphicsState, s: Statement) -> None:
    r.matrix = MATRIX_IDENTITY
    r.origin = FROM_START


def _Tc(r: GraphicsState, s: Statement) -> None:
    scaling, _, wordspace, rise = r.spacing
    r.spacing = (scaling, _number(s), wordspace, rise)


def _Tw(r: GraphicsState, s: Statement) -> None:
    scaling, charspace, _, rise = r.spacing
    r.spacing = (scaling, charspace, _number(s), rise)


def _Tz(r: GraphicsState, s: Statement) -> None:
    _, charspace, wordspace, rise = r.spacing
    r.spacing = (_number(s), charspace, wordspace, rise)


def _TL(r: GraphicsState, s: Statement) -> None:
    r.leading = -_number(s)


def _Ts(r: GraphicsState, s: Statement) -> None:
    scaling, charspace, wordspace, _ = r.spacing
    r.spacing = (scaling, charspace, wordspace, _number(s))


def _Tf(r: GraphicsState, s: Statement) -> None:
    size = _number(s)
    if not s[NAME]:
        raise ValueError("font without name")
    r.font = r.font_named(s[NAME])
    r.size = size


def _Td(r: GraphicsState, s: Statement) -> None:
    x, y = _numbers(s)
    a, b, c, d, e, f = r.matrix
    r.matrix = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
    r.origin = FROM_START


def _TD(r: GraphicsState, s: Statement) -> None:
    x, y = _numbers(s)
    a, b, c, d, e, f = r.matrix
    r.matrix = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
    r.leading = y
    r.origin = FROM_START


def _Tm(r: GraphicsState, s: Statement) -> None:
    if s[OPERANDS]:
        raise ValueError("operands are no numbers")
    a, b, c, d, e, f = map(read_number, s[NUMBERS].split())
    r.matrix = (a, b, c, d, e, f)
    r.origin = FROM_START


def _next_line(r: GraphicsState, s: Statement) -> None:
    a, b, c, d, e, f = r.matrix
    r.matrix = (a, b, c, d, r.leading * c + e, r.leading * d + f)
    r.origin = FROM_START


def _TJ(r: GraphicsState, s: Statement) -> None:
    array = s[PLAIN_ARRAY] or s[ARRAY]
    if not array or len(array) != len(s[OPERANDS].rstrip()):
        raise ValueError("operand is no array")
    array = array[1:-1].strip()
    if array:
        joined, lengths, numbers = split_plain_array(array) if s[PLAIN_ARRAY] else split_array(array)
        r.show(joined, lengths, numbers, is_led=array[0] not in b"(<")


def _Tj(r: GraphicsState, s: Statement) -> None:
    string = s[LITERAL] or s[HEX]
    if not string or len(string) != len(s[OPERANDS].rstrip()):
        raise ValueError("operand is no string")
    text = unescape(string[1:-1]) if s[LITERAL] else from_hex(string[1:-1])
    r.show(text, (len(text),), (0.0,))


def _next_line_show(r: GraphicsState, s: Statement) -> None:
    _next_line(r, s)
    _Tj(r, s)


def _space_show(r: GraphicsState, s: Statement) -> None:
    scaling, _, _, rise = r.spacing
    wordspace, charspace = list(map(read_number, s[NUMBERS].split()))
    r.spacing = (scaling, charspace, wordspace, rise)
    # pdfminer does not move to the next line here.
    _Tj(r, s)


def _path(r: GraphicsState, s: Statement) -> None:
    r.path.append(s)


def _statement(operator: bytes, numbers: bytes = b"") -> Statement:
    return tuple({OPERATOR: operator, NUMBERS: numbers}.get(part, b"") for part in range(REST + 1))


_CLOSE = _statement(b"h")


def _paint(is_filled: bool, is_closed: bool = False) -> Callable[[GraphicsState, Statement], None]:
    def paint(r: GraphicsState, s: Statement) -> None:
        if is_closed:
            r.path.append(_CLOSE)
        if r.path:
            r.record.add_path(r.path, is_filled)
            r.path = []

    return paint


fill = _paint(True)


def fill_rectangle(r: GraphicsState, numbers: bytes) -> None:
    """Fill a rectangle given by its four numbers, with what was on the path before it."""
    if not r.path:
        r.record.add_corners(numbers, True)
        return
    r.path.append(_statement(b"re", numbers))
    fill(r, _CLOSE)


def open_text(r: GraphicsState, s: Statement) -> None:
    """Do what opens text: ``BT``, ``Tf``, ``Tm``."""
    size, _, *matrix = s[PLACE].split()
    r.font = r.font_named(s[FONT])
    r.size = read_number(size)
    a, b, c, d, e, f = map(read_number, matrix)
    r.matrix = (a, b, c, d, e, f)
    r.origin = FROM_START


def show_alone(r: GraphicsState, s: Statement) -> bool:
    """Show a plain array between ``q`` and ``Q``, which leaves all as it was but for the path; return whether it could
    be done."""
    array = s[PLAIN_ARRAY]
    if not s[SAVE] or not array or s[OPERATOR] != b"TJ" or len(array) != len(s[OPERANDS].rstrip()):
        return False
    font = r.named.get(s[FONT]) or r.font_named(s[FONT])
    if font.coding is not Coding.ONE_BYTE or font.is_vertical or r.spacing[1]:
        return False
    if s[CLIP]:
        r.path = []
    array = array[1:-1].strip()
    if array:
        r.record.add_array(font, r.spacing, s[PLACE], array)
    r.record.ctm = r.ctm
    return True


def _n(r: GraphicsState, s: Statement) -> None:
    if r.path:
        r.path = []


def _image(r: GraphicsState, s: Statement) -> None:
    r.record.add_image()


def _unknown(r: GraphicsState, s: Statement) -> None:
    raise Unusual(f"operator {s[OPERATOR]!r}")


Operate = Callable[[GraphicsState, Statement], None]

# Operators that leave a trace. All others are passed over: their operands stay behind, which changes nothing because
# a statement with too few operands of its own raises.
OPERATORS: dict[bytes, Operate] = {
    b"q": save,
    b"Q": restore,
    b"cm": _cm,
    b"BT": _BT,
    b"Tc": _Tc,
    b"Tw": _Tw,
    b"Tz": _Tz,
    b"TL": _TL,
    b"Ts": _Ts,
    b"Tf": _Tf,
    b"Td": _Td,
    b"TD": _TD,
    b"Tm": _Tm,
    b"T*": _next_line,
    b"TJ": _TJ,
    b"Tj": _Tj,
    b"'": _next_line_show,
    b'"': _space_show,
    **dict.fromkeys((b"m", b"l", b"c", b"v", b"y", b"h", b"re"), _path),
    b"S": _paint(False),
    b"s": _paint(False, True),
    **dict.fromkeys((b"f", b"f*", b"B", b"B*"), _paint(True)),
    **dict.fromkeys((b"b", b"b*"), _paint(True, True)),
    b"n": _n,
    INLINE_IMAGE: _image,
    # Inline images, and spellings that pdfminer takes for T* and its like.
    **dict.fromkeys((b"BI", b"T_a", b"f_a", b"B_a", b"b_a"), _unknown),
}
