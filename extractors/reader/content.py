"""Content streams run for what the reader keeps: glyph runs, painted paths, images.

It does what pdfminer's ``PDFPageInterpreter`` and ``PDFTextDevice`` do to text state, matrices and paths, in the same
order of operations and with the same quirks, and passes over what leaves no trace in the columns: colours, dashes,
marked content. Whatever it does not know raises ``Unusual`` or ``ValueError``; the page is then read another way.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pdfminer.pdfinterp import LITERAL_FORM, LITERAL_IMAGE
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, stream_value
from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_rect, mult_matrix

from extractors.reader.fonts import Coding, FontBook, FontTable
from extractors.reader.lexer import (
    ARRAY,
    CLIP,
    CLOSING,
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
    SECOND,
    Q,
    Statement,
    Unusual,
    from_hex,
    lex_content,
    read_number,
    split_array,
    split_plain_array,
    unescape,
)
from extractors.reader.record import FROM_START, PLAIN_SPACING, PageRecord
from extractors.reader.slow_lexer import INLINE_IMAGE, lex_slowly

_MAX_DEPTH = 64
# Statements are kept until they have run, in some twenty times the memory of the content; pdfminer takes longer but
# keeps none.
_MAX_CONTENT = 16_000_000


class ContentRunner:
    """Runs the content of one page or form. ``is_slow`` makes it lex by pdfminer's parser."""

    def __init__(
        self, book: FontBook, record: PageRecord, *, is_slow: bool, parents: frozenset[int] = frozenset()
    ) -> None:
        self.book = book
        self.record = record
        self.is_slow = is_slow
        self.parents = parents

    def run(self, resources: object, streams: Sequence[object], ctm: Matrix) -> None:
        """Run content streams in a fresh graphics state."""
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
        for statement in self._lex(streams):
            operator, closing = statement[OPERATOR], statement[CLOSING]
            if statement[FONT]:
                if closing[-1:] == b"Q" and _show_alone(self, statement):
                    continue
                _open_text(self, statement)
            elif operator == b"re" and closing and not self.path and closing[-1:] != b"Q":
                self.record.add_rectangle(statement, True)
                continue
            operate = OPERATORS.get(operator)
            if operate is not None:
                operate(self, statement)
            if closing:
                (_Q if closing[-1:] == b"Q" else _fill)(self, statement)

    def _lex(self, streams: Sequence[object]) -> list[Statement]:
        found: list[PDFStream] = []
        for item in streams:
            stream = stream_value(item)
            # As pdfminer: a stream without number and one that is being run already are passed over.
            if stream.objid is not None and stream.objid not in self.parents:
                found.append(stream)
        self.own = self.parents.union(stream.objid for stream in found if stream.objid is not None)
        contents = [stream.get_data() for stream in found]
        if sum(map(len, contents)) > _MAX_CONTENT:
            raise Unusual("content too long")
        return lex_slowly(found) if self.is_slow else lex_content(contents)

    def font_named(self, raw: bytes) -> FontTable:
        """Return the font of a resource name, pdfminer's default font for an unknown one."""
        if raw not in self.named:
            self.named[raw] = self._find_font(raw)
        return self.named[raw]

    def _find_font(self, raw: bytes) -> FontTable:
        fonts = dict_value(self.resources.get("Font"))
        name = _literal(raw)
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

    def do_form(self, name: bytes) -> None:
        """Run a form or record an image."""
        found = dict_value(self.resources.get("XObject")).get(_literal(name))
        if found is None:
            return
        item = stream_value(found)
        kind = item.get("Subtype")
        if kind is LITERAL_FORM and "BBox" in item:
            self._run_form(item)
        elif kind is LITERAL_IMAGE:
            if "Width" in item and "Height" in item:
                self.record.add_image()
            if isinstance(found, PDFObjRef) and found.doc is not None:
                self.book.let_go(found.doc, [found])

    def _run_form(self, form: PDFStream) -> None:
        if len(self.parents) > _MAX_DEPTH:
            raise Unusual("forms nested too deep")
        x, y, width, height = list_value(form["BBox"])
        matrix: Any = list_value(form.get("Matrix", MATRIX_IDENTITY))
        # pdfminer makes a figure of the box and fails where it is no box.
        apply_matrix_rect(mult_matrix(matrix, self.record.ctm), (x, y, x + width, y + height))
        own = form.get("Resources")
        inner = ContentRunner(self.book, self.record, is_slow=self.is_slow, parents=self.own)
        inner.run(dict_value(own) if own else self.resources, [form], mult_matrix(matrix, self.ctm))


_NO_FONT: Mapping[str, Any] = {}


def _literal(raw: bytes) -> str:
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


def _q(r: ContentRunner, s: Statement) -> None:
    r.saved.append((r.ctm, r.font, r.size, r.spacing, r.leading, r.matrix, r.origin))


def _Q(r: ContentRunner, s: Statement) -> None:
    if r.saved:
        (r.ctm, r.font, r.size, r.spacing, r.leading, r.matrix, r.origin) = r.saved.pop()
        r.record.ctm = r.ctm


def _cm(r: ContentRunner, s: Statement) -> None:
    a, b, c, d, e, f = _numbers(s)
    r.ctm = r.record.ctm = mult_matrix((a, b, c, d, e, f), r.ctm)


def _BT(r: ContentRunner, s: Statement) -> None:
    r.matrix = MATRIX_IDENTITY
    r.origin = FROM_START


def _Tc(r: ContentRunner, s: Statement) -> None:
    scaling, _, wordspace, rise = r.spacing
    r.spacing = (scaling, _number(s), wordspace, rise)


def _Tw(r: ContentRunner, s: Statement) -> None:
    scaling, charspace, _, rise = r.spacing
    r.spacing = (scaling, charspace, _number(s), rise)


def _Tz(r: ContentRunner, s: Statement) -> None:
    _, charspace, wordspace, rise = r.spacing
    r.spacing = (_number(s), charspace, wordspace, rise)


def _TL(r: ContentRunner, s: Statement) -> None:
    r.leading = -_number(s)


def _Ts(r: ContentRunner, s: Statement) -> None:
    scaling, charspace, wordspace, _ = r.spacing
    r.spacing = (scaling, charspace, wordspace, _number(s))


def _Tf(r: ContentRunner, s: Statement) -> None:
    size = _number(s)
    if not s[NAME]:
        raise ValueError("font without name")
    r.font = r.font_named(s[NAME])
    r.size = size


def _Td(r: ContentRunner, s: Statement) -> None:
    x, y = _numbers(s)
    a, b, c, d, e, f = r.matrix
    r.matrix = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
    r.origin = FROM_START


def _TD(r: ContentRunner, s: Statement) -> None:
    x, y = _numbers(s)
    a, b, c, d, e, f = r.matrix
    r.matrix = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
    r.leading = y
    r.origin = FROM_START


def _Tm(r: ContentRunner, s: Statement) -> None:
    if s[OPERANDS]:
        raise ValueError("operands are no numbers")
    a, b, c, d, e, f = map(read_number, s[NUMBERS].split())
    r.matrix = (a, b, c, d, e, f)
    r.origin = FROM_START


def _next_line(r: ContentRunner, s: Statement) -> None:
    a, b, c, d, e, f = r.matrix
    r.matrix = (a, b, c, d, r.leading * c + e, r.leading * d + f)
    r.origin = FROM_START


def _TJ(r: ContentRunner, s: Statement) -> None:
    array = s[PLAIN_ARRAY] or s[ARRAY]
    if not array or len(array) != len(s[OPERANDS].rstrip()):
        raise ValueError("operand is no array")
    array = array[1:-1].strip()
    if array:
        joined, lengths, numbers = split_plain_array(array) if s[PLAIN_ARRAY] else split_array(array)
        r.show(joined, lengths, numbers, is_led=array[0] not in b"(<")


def _Tj(r: ContentRunner, s: Statement) -> None:
    string = s[LITERAL] or s[HEX]
    if not string or len(string) != len(s[OPERANDS].rstrip()):
        raise ValueError("operand is no string")
    text = unescape(string[1:-1]) if s[LITERAL] else from_hex(string[1:-1])
    r.show(text, (len(text),), (0.0,))


def _next_line_show(r: ContentRunner, s: Statement) -> None:
    _next_line(r, s)
    _Tj(r, s)


def _space_show(r: ContentRunner, s: Statement) -> None:
    scaling, _, _, rise = r.spacing
    wordspace, charspace = list(map(read_number, s[NUMBERS].split()))
    r.spacing = (scaling, charspace, wordspace, rise)
    # pdfminer does not move to the next line here.
    _Tj(r, s)


def _path(r: ContentRunner, s: Statement) -> None:
    r.path.append(s)


_CLOSE: Statement = tuple(b"h" if part == OPERATOR else b"" for part in range(REST + 1))


def _paint(is_filled: bool, is_closed: bool = False) -> Callable[[ContentRunner, Statement], None]:
    def paint(r: ContentRunner, s: Statement) -> None:
        if is_closed:
            r.path.append(_CLOSE)
        if r.path:
            r.record.add_path(r.path, is_filled)
            r.path = []

    return paint


_fill = _paint(True)


def _open_text(r: ContentRunner, s: Statement) -> None:
    """Do what opens text: ``q`` and a clip, if they are there, ``BT``, ``Tf``, ``Tm``."""
    if s[Q]:
        _q(r, s)
    if s[CLIP]:
        r.path = []
    size, _, *matrix = s[PLACE].split()
    r.font = r.font_named(s[FONT])
    r.size = read_number(size)
    a, b, c, d, e, f = map(read_number, matrix)
    r.matrix = (a, b, c, d, e, f)
    r.origin = FROM_START


def _show_alone(r: ContentRunner, s: Statement) -> bool:
    """Show a plain array between ``q`` and ``Q``, which leaves all as it was but for the path; return whether it could
    be done."""
    array = s[PLAIN_ARRAY]
    if not s[Q] or not array or s[OPERATOR] != b"TJ" or len(array) != len(s[OPERANDS].rstrip()):
        return False
    font = r.named.get(s[FONT]) or r.font_named(s[FONT])
    if font.coding is not Coding.ONE_BYTE or font.is_vertical or r.spacing[1]:
        return False
    if s[CLIP]:
        r.path = []
    array = array[1:-1].strip()
    if array:
        place = s[PLACE].split()
        del place[1]
        r.record.add_array(font, r.spacing, place, array)
    r.record.ctm = r.ctm
    return True


def _n(r: ContentRunner, s: Statement) -> None:
    if r.path:
        r.path = []


def _Do(r: ContentRunner, s: Statement) -> None:
    name = s[SECOND] or s[NAME]
    if name[:1] != b"/" or (not s[SECOND] and (s[NUMBERS] or s[OPERANDS])):
        raise ValueError("operand is no name")
    r.do_form(name)


def _image(r: ContentRunner, s: Statement) -> None:
    r.record.add_image()


def _unknown(r: ContentRunner, s: Statement) -> None:
    raise Unusual(f"operator {s[OPERATOR]!r}")


_Operate = Callable[[ContentRunner, Statement], None]

# Operators that leave a trace. All others are passed over: their operands stay behind, which changes nothing because
# a statement with too few operands of its own raises.
OPERATORS: dict[bytes, _Operate] = {
    b"q": _q,
    b"Q": _Q,
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
    b"Do": _Do,
    INLINE_IMAGE: _image,
    # Inline images, and spellings that pdfminer takes for T* and its like.
    **dict.fromkeys((b"BI", b"T_a", b"f_a", b"B_a", b"b_a"), _unknown),
}
