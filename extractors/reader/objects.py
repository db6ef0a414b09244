"""Objects of a PDF (pages, resources, fonts, object streams) by one regular expression instead of token by token.

Enters pdfminer's open document with its bytes; from then on the document gives its objects the quick way, the same
objects that pdfminer's parser makes. Whatever the expression does not know (comments, numbers and names of rare
shapes, anything damaged) is left to pdfminer's parser, object by object. ``QuickObjects.watch`` compares the
objects behind a page with what pdfminer's parser makes of them.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFStreamParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, int_value
from pdfminer.psparser import KWD, LIT, PSLiteral

from extractors.reader.lexer import TEXT, Unusual, from_hex, unescape

_ENDS = rb"(?=[\s/<>\[\](])"
_NAME, _REFERENCE, _INTEGER, _REAL, _OPEN, _CLOSE, _OPEN_ARRAY, _CLOSE_ARRAY, _STRING, _HEX, _WORD, _LAST, _OTHER = (
    range(1, 14)
)
_TOKEN = re.compile(
    rb"\s*+(?:"
    rb"/([!-\"$&'*-.0-;=?-Z\\^-z|~]++)" + _ENDS + rb"|(\d{1,9})\s++\d{1,9}\s++R" + _ENDS + rb"|([-+]?\d{1,15})" + _ENDS
    + rb"|([-+]?(?:\d{1,15}\.\d{0,15}|\.\d{1,15}))" + _ENDS + rb"|(<<)|(>>)|(\[)|(\])|\((" + TEXT + rb")\)"
    # pdfminer takes the end of a string together with the sign behind it for the end of a dictionary.
    rb"|<((?:[0-9A-Fa-f]{2})*+)>(?!>)|(true|false|null)" + _ENDS + rb"|(endobj|stream)(?=\s)|(\S))"
)  # fmt: skip
_HEAD = re.compile(rb"\s*+(\d{1,9})\s++\d{1,9}\s++obj" + _ENDS)
_STREAM = re.compile(rb"stream\r?\n")
_STREAM_END = re.compile(rb"\s*+endstream\s++endobj(?=\s)")
_RARE = "left to pdfminer's parser"
_Makers = Sequence[Callable[[bytes], object] | None]


class QuickObjects:
    """Gives the objects of an open document in the place of pdfminer's parser. ``data`` are the bytes of the file."""

    def __init__(self, document: PDFDocument, data: bytes) -> None:
        self._document = document
        self._data = data
        literals = _Literals()
        self._in_file = _make_makers(document, literals, None)
        # In an object stream pdfminer takes ``null`` for a word.
        self._in_stream = _make_makers(document, literals, KWD(b"null"))
        self._is_watching = self._is_different = False
        # pdfminer has no place to put another parser, so this document's own methods stand before those of its class.
        methods: Any = document
        methods._getobj_parse = self._object_at
        methods._get_objects = self._objects_in
        methods._getobj_objstm = self._object_in

    def watch(self) -> None:
        """Compare each object from now on, also those read before, with what pdfminer's parser makes of it."""
        self._document._cached_objs.clear()
        self._is_watching, self._is_different = True, False

    def end_watch(self) -> bool:
        """Compare no longer; return whether all objects since ``watch`` were the same."""
        self._is_watching = False
        return not self._is_different

    def _object_at(self, position: int, objid: int) -> object:
        """Return the object with this number at this place of the file: ``PDFDocument._getobj_parse``."""
        document = self._document
        assert document._parser is not None
        try:
            # Where the table of objects is damaged pdfminer does not believe the lengths of streams either.
            if document._parser.fallback:
                raise Unusual(_RARE)
            found = self._read_object(position, objid)
        except Unusual:
            return PDFDocument._getobj_parse(document, position, objid)
        if self._is_watching and not is_same(found, PDFDocument._getobj_parse(document, position, objid)):
            self._is_different = True
        return found

    def _read_object(self, position: int, objid: int) -> object:
        head = _HEAD.match(self._data, position) if position >= 0 else None
        if head is None or int(head[1]) != objid:
            raise Unusual(_RARE)
        values, last = _parse(self._data, head.end(), self._in_file)
        if len(values) != 1 or last is None:
            raise Unusual(_RARE)
        return values[0] if last[_LAST] == b"endobj" else self._stream(values[0], last.start(_LAST))

    def _stream(self, attributes: object, position: int) -> PDFStream:
        """Return a stream whose first line begins at ``position``."""
        line = _STREAM.match(self._data, position)
        if line is None or not isinstance(attributes, dict) or "Length" not in attributes:
            raise Unusual(_RARE)
        start = line.end()
        length = int_value(attributes["Length"])
        if length < 0 or not _STREAM_END.match(self._data, start + length):
            raise Unusual(_RARE)
        return PDFStream(attributes, self._data[start : start + length], self._document.decipher)

    def _objects_in(self, stream: PDFStream) -> tuple[list[object], int]:
        """Return what an object stream holds, numbers and places of the objects first, and how many objects:
        ``PDFDocument._get_objects``."""
        try:
            if "N" not in stream:
                raise Unusual(_RARE)
            values, last = _parse(stream.get_data(), 0, self._in_stream)
            # A reference outside of all others is none for pdfminer here.
            if last is not None or any(type(value) is PDFObjRef for value in values):
                raise Unusual(_RARE)
        except Unusual:
            return PDFDocument._get_objects(self._document, stream)
        return values, cast("int", stream["N"])

    def _object_in(self, stream: PDFStream, index: int, objid: int) -> object:
        """Return one object of an object stream: ``PDFDocument._getobj_objstm``."""
        found = PDFDocument._getobj_objstm(self._document, stream, index, objid)
        if self._is_watching and not is_same(found, self._read_again(stream, index)):
            self._is_different = True
        return found

    def _read_again(self, stream: PDFStream, index: int) -> object:
        """Return an object of an object stream as pdfminer's parser reads it from where it stands."""
        objects, _ = self._document._parsed_objs[cast("int", stream.objid)]
        parser = PDFStreamParser(stream.get_data())
        parser.set_document(self._document)
        parser.seek(int_value(stream.get("First")) + int_value(objects[2 * index + 1]))
        return parser.nextobject()[1]


def _parse(data: bytes, start: int, makers: _Makers) -> tuple[list[Any], re.Match[bytes] | None]:
    """Return the objects from ``start`` to the word that ends them, and that word, ``None`` for the end of the data;
    raises ``Unusual``."""
    items: list[Any] = []
    opened: list[tuple[list[Any], int]] = []
    for token in _TOKEN.finditer(data, start):
        kind = token.lastindex or _OTHER
        make = makers[kind]
        if make is not None:
            items.append(make(token[kind]))
        elif kind in (_OPEN, _OPEN_ARRAY):
            opened.append((items, kind))
            items = []
        elif kind in (_CLOSE, _CLOSE_ARRAY) and opened and opened[-1][1] == kind - 1:
            made = _dictionary(items) if kind == _CLOSE else items
            items, _ = opened.pop()
            items.append(made)
        elif kind == _LAST and not opened:
            return items, token
        else:
            raise Unusual(_RARE)
    if opened:
        raise Unusual(_RARE)
    return items, None


def _make_makers(document: PDFDocument, literals: "_Literals", null: object) -> _Makers:
    """Return for each kind of token what makes an object of it, ``None`` for those that stand for none."""
    words = {b"true": True, b"false": False, b"null": null}
    found: dict[int, Callable[[bytes], object]] = {
        _NAME: literals.__getitem__,
        _REFERENCE: lambda written: PDFObjRef(document, int(written)),
        _INTEGER: int,
        _REAL: float,
        _STRING: unescape,
        _HEX: from_hex,
        _WORD: words.__getitem__,
    }
    return [found.get(kind) for kind in range(_OTHER + 1)]


class _Literals(dict[bytes, PSLiteral]):
    """Names as written, each with pdfminer's."""

    def __missing__(self, written: bytes) -> PSLiteral:
        literal: PSLiteral = LIT(written.decode("ascii"))
        self[written] = literal
        return literal


def _dictionary(items: list[Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    keys, values = items[::2], items[1::2]
    if len(keys) != len(values):
        raise Unusual(_RARE)
    for key, value in zip(keys, values, strict=True):
        if type(key) is not PSLiteral:
            raise Unusual(_RARE)
        if value is not None:
            found[cast("str", key.name)] = value
    return found


def is_same(one: object, other: object) -> bool:
    """Tell whether two objects are the same in type and value, references by their numbers."""
    if type(one) is not type(other):
        return False
    if isinstance(one, PDFObjRef) and isinstance(other, PDFObjRef):
        return one.objid == other.objid
    if isinstance(one, PDFStream) and isinstance(other, PDFStream):
        return one.get_rawdata() == other.get_rawdata() and is_same(one.attrs, other.attrs)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(map(is_same, one.values(), other.values()))
    return one == other
