"""Content streams run for what the reader keeps: glyph runs, painted paths, images.

Statements change the graphics state (``extractors.reader.graphics``) or run a form; what leaves no trace in the columns
is passed over: colours, dashes, marked content. Whatever it does not know raises ``Unusual`` or ``ValueError``; then
the page is read another way.
"""

from collections.abc import Sequence
from typing import Any

from pdfminer.pdfinterp import LITERAL_FORM, LITERAL_IMAGE
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, stream_value
from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_rect, mult_matrix

from extractors.reader.fonts import FontBook
from extractors.reader.graphics import (
    OPERATORS,
    GraphicsState,
    fill,
    fill_rectangle,
    literal,
    open_text,
    restore,
    save,
    show_alone,
)
from extractors.reader.lexer import (
    CLOSING,
    NAME,
    NUMBERS,
    OPERANDS,
    OPERATOR,
    PLACE,
    SECOND,
    Statement,
    Unusual,
    lex_content,
)
from extractors.reader.record import PageRecord
from extractors.reader.slow_lexer import lex_slowly

_MAX_DEPTH = 64
# Statements are kept until they have run, in some twenty times the memory of the content; pdfminer takes longer but
# keeps none.
_MAX_CONTENT = 16_000_000


class ContentRunner(GraphicsState):
    """Runs the content of one page or form. ``is_slow`` makes it lex by pdfminer's parser."""

    def __init__(
        self, book: FontBook, record: PageRecord, *, is_slow: bool, parents: frozenset[int] = frozenset()
    ) -> None:
        super().__init__(book, record)
        self.is_slow = is_slow
        self.parents = parents

    def run(self, resources: object, streams: Sequence[object], ctm: Matrix) -> None:
        """Run content streams in a fresh graphics state."""
        self.start(resources, ctm)
        for statement in self._lex(streams):
            if self._open(statement):
                continue
            operator, closing = statement[OPERATOR], statement[CLOSING]
            if operator == b"re" and closing and not self.path and closing[-1:] != b"Q":
                self.record.add_rectangle(statement, True)
                continue
            operate = OPERATORS.get(operator)
            if operate is not None:
                operate(self, statement)
            elif operator == b"Do":
                self.do_form(_name_of(statement))
            if closing:
                (restore if closing[-1:] == b"Q" else fill)(self, statement)

    def _open(self, statement: Statement) -> bool:
        """Do what stands before a statement; return whether the statement itself is done, too."""
        back, filled, kept, clip, font = statement[:PLACE]
        if back:
            restore(self, statement)
        if filled:
            fill_rectangle(self, filled)
        if font and statement[CLOSING][-1:] == b"Q" and show_alone(self, statement):
            return True
        if kept:
            save(self, statement)
        if clip:
            self.path = []
        if font:
            open_text(self, statement)
        return False

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

    def do_form(self, name: bytes) -> None:
        """Run a form or record an image."""
        found = dict_value(self.resources.get("XObject")).get(literal(name))
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


def _name_of(s: Statement) -> bytes:
    """Return the name that is the one operand of a statement; raises ``ValueError``."""
    name = s[SECOND] or s[NAME]
    if name[:1] != b"/" or (not s[SECOND] and (s[NUMBERS] or s[OPERANDS])):
        raise ValueError("operand is no name")
    return name
