"""Fonts of one document: pdfminer's own, made when first used, with tables that turn glyph codes into columns.

Text and width of each glyph are always asked of pdfminer's font.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pdfminer.cmapdb import IdentityCMap
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, resolve1
from pdfplumber.page import fix_fontname_bytes

from extractors.glyphs import Floats, Ints
from extractors.reader.unicode import read_unicode_map

_MAX_TABLES = 64


class Coding(IntEnum):
    """How a font's strings hold its glyph codes."""

    ONE_BYTE = 1
    TWO_BYTES = 2
    OTHER = 3


class FontTable:
    """A font with what its glyphs stand for. Slots are filled as codes turn up."""

    __slots__ = ("_slots", "blank", "coding", "descent", "font", "is_vertical", "name", "texts", "widths")

    def __init__(self, font: PDFFont) -> None:
        self.font = font
        name = font.fontname
        self.name = fix_fontname_bytes(name) if isinstance(name, bytes) else str(name)
        self.is_vertical = font.is_vertical()
        self.descent = float(font.get_descent())
        self.coding = _coding(font)
        self._slots = np.full(256 if self.coding is Coding.ONE_BYTE else 65536, -1, dtype=np.int32)
        self.texts: NDArray[np.object_] = np.empty(0, dtype=object)
        self.widths: Floats = np.empty(0)
        self.blank: NDArray[np.int8] = np.empty(0, dtype=np.int8)

    def slots(self, codes: NDArray[np.uint16]) -> Ints:
        """Return for each code its index in ``texts``, ``widths`` and ``blank``."""
        found: Ints = self._slots[codes]
        if len(found) and found.min() < 0:
            self._fill(np.unique(codes[found < 0]))
            found = self._slots[codes]
        return found

    def _fill(self, codes: NDArray[np.uint16]) -> None:
        texts = [self._text(int(code)) for code in codes]
        widths = [float(self.font.char_width(int(code))) for code in codes]
        new = np.empty(len(texts), dtype=object)
        new[:] = texts
        self._slots[codes] = np.arange(len(self.texts), len(self.texts) + len(texts), dtype=np.int32)
        self.texts = np.concatenate([self.texts, new])
        self.widths = np.concatenate([self.widths, np.array(widths, dtype=np.float64)])
        # 1: parts words and belongs to none; 2: a word of its own (a glyph that stands for nothing); 0: other.
        kinds = [1 if text.isspace() else 2 if text == "" else 0 for text in texts]
        self.blank = np.concatenate([self.blank, np.array(kinds, dtype=np.int8)])

    def _text(self, code: int) -> str:
        try:
            text = self.font.to_unichr(code)
        except PDFUnicodeNotDefined:
            return f"(cid:{code})"
        if not isinstance(text, str):
            raise TypeError(f"glyph text {text!r}")
        return text


def _coding(font: PDFFont) -> Coding:
    if not font.is_multibyte():
        return Coding.ONE_BYTE if type(font).decode is PDFFont.decode else Coding.OTHER
    return Coding.TWO_BYTES if type(getattr(font, "cmap", None)) is IdentityCMap else Coding.OTHER


class FontBook(PDFResourceManager):
    """The fonts of one document, kept over its pages."""

    def __init__(self) -> None:
        super().__init__()
        self._tables: dict[int, FontTable] = {}
        self._inline: dict[int, tuple[object, FontTable]] = {}

    def table(self, objid: int | None, spec: Mapping[str, Any]) -> FontTable:
        """Return the table of a font given by object number (or ``None``) and dictionary; raises pdfminer's errors."""
        if objid:
            if objid not in self._tables:
                self._make_room()
                self._tables[objid] = FontTable(self.get_font(objid, spec))
            return self._tables[objid]
        kept = self._inline.get(id(spec))
        if kept is None or kept[0] is not spec:
            self._make_room()
            kept = (spec, FontTable(self.get_font(None, spec)))
            self._inline[id(spec)] = kept
        return kept[1]

    @staticmethod
    def let_go(document: PDFDocument, streams: Iterable[object]) -> None:
        """Drop streams that are done with, content and pictures, from what pdfminer keeps of the document."""
        for item in streams:
            if isinstance(item, PDFObjRef | PDFStream) and item.objid is not None:
                document._cached_objs.pop(item.objid, None)

    def _make_room(self) -> None:
        if len(self._tables) + len(self._inline) >= _MAX_TABLES:
            self._tables.clear()
            self._inline.clear()
            self._cached_fonts.clear()

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """Return pdfminer's font, its ``ToUnicode`` map read the fast way when it has the usual shape."""
        if objid and objid in self._cached_fonts:
            return self._cached_fonts[objid]
        stream = resolve1(spec.get("ToUnicode"))
        quick = read_unicode_map(stream.get_data()) if isinstance(stream, PDFStream) else None
        if quick is None:
            return super().get_font(objid, spec)
        # An empty map in place of the real one keeps pdfminer from parsing it; the font is then given the quick one.
        prepared = dict(spec)
        prepared["ToUnicode"] = PDFStream({}, b"")
        _drop_font_file(prepared)
        font: Any = super().get_font(None, prepared)
        font.unicode_map = quick
        if objid:
            self._cached_fonts[objid] = font
        return font  # type: ignore[no-any-return]


def _drop_font_file(spec: dict[str, Any]) -> None:
    """Take the embedded TrueType program out of a CID font: pdfminer opens it, but reads it only without a map."""
    if "FontDescriptor" in spec:
        descriptor = dict_value(spec["FontDescriptor"])
        if "FontFile2" in descriptor:
            spec["FontDescriptor"] = {key: value for key, value in descriptor.items() if key != "FontFile2"}
