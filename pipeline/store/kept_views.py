"""A read document as bytes and back: the same view, block by block and glyph by glyph, floats to the last bit.

Nothing is unpickled: the bytes are columns and JSON (``pipeline.store.columns``), checked when read. What is damaged
or does not fit together is refused with ``ColumnsError``.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from extractors.glyphs import Bools, Floats, Ints
from extractors.views import NO_GLYPH, Block, BlockKind, Cell, DocumentGlyphs, TableView, TextView
from models.issues import Issue, Severity
from models.spans import Box, Span
from pipeline.document import ReadDocument
from pipeline.store.columns import Array, Columns, ColumnsError, pack, unpack

_KINDS = tuple(BlockKind)
_CELL_FIELDS = ("table", "row", "column", "row_span", "column_span", "is_header")
_NO_CELL = -1


def pack_document(read: ReadDocument) -> bytes:
    """Return a read document as bytes."""
    return pack(to_columns(read))


def unpack_document(data: bytes) -> ReadDocument:
    """Return the read document that ``pack_document`` packed; raises ``ColumnsError``."""
    return from_columns(unpack(data))


def to_columns(read: ReadDocument) -> Columns:
    """Return a read document as columns."""
    view = read.view
    strings: dict[str, int] = {}
    arrays: dict[str, Array] = {
        "origins": view.origins.astype(np.int32),
        "page": view.glyphs.page.astype(np.int32),
        "x0": view.glyphs.x0,
        "top": view.glyphs.top,
        "x1": view.glyphs.x1,
        "bottom": view.glyphs.bottom,
        "is_ocr": view.glyphs.is_ocr,
        "left_out": view.left_out.astype(np.int32),
        "glyph_lengths": _lengths(view.glyphs.text),
        **_block_columns(view.blocks, strings),
    }
    value = {
        "n_pages": read.n_pages,
        "needs_ocr": list(read.needs_ocr),
        "unreadable": list(read.unreadable),
        "issues": [[i.code, i.severity.value, i.page, i.message, i.context] for i in read.issues],
        "tables": [_table_value(table) for table in view.tables],
        "page_texts": list(view.page_texts),
        "furniture": [list(item) for item in view.furniture],
        "strings": list(strings),
    }
    return Columns(arrays, {"text": view.text, "glyphs": "".join(view.glyphs.text)}, value)


def from_columns(columns: Columns) -> ReadDocument:
    """Return the read document; raises ``ColumnsError``."""
    try:
        return _from_columns(columns)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ColumnsError(f"no kept pages: {error}") from error


def _from_columns(columns: Columns) -> ReadDocument:
    value = cast("dict[str, Any]", columns.value)
    text = columns.texts["text"]
    view = TextView(
        text=text,
        origins=cast("Ints", columns.arrays["origins"]),
        glyphs=_glyphs(columns),
        blocks=_blocks(columns, value["strings"]),
        tables=tuple(_table(item) for item in value["tables"]),
        page_texts=tuple(value["page_texts"]),
        furniture=tuple((page, line) for page, line in value["furniture"]),
        left_out=cast("Ints", columns.arrays["left_out"]),
    )
    _check(view)
    return ReadDocument(
        view=view,
        n_pages=value["n_pages"],
        needs_ocr=tuple(value["needs_ocr"]),
        unreadable=tuple(value["unreadable"]),
        issues=tuple(
            Issue(code, Severity(severity), page, message, context)
            for code, severity, page, message, context in value["issues"]
        ),
    )


def _check(view: TextView) -> None:
    """Refuse offsets and indices that lead out of the view."""
    if len(view.origins) != len(view.text):
        raise ValueError("origins and text differ in length")
    for indices, least in ((view.origins, NO_GLYPH), (view.left_out, 0)):
        if len(indices) and not least <= indices.min() <= indices.max() < len(view.glyphs.text):
            raise ValueError("an index without glyph")
    if any(block.span.end > len(view.text) for block in view.blocks):
        raise ValueError("a block beyond the text")
    if any(block.cell is not None and not 0 <= block.cell.table < len(view.tables) for block in view.blocks):
        raise ValueError("a cell without table")
    n_blocks = len(view.blocks)
    if any(index is not None and not 0 <= index < n_blocks for t in view.tables for row in t.rows for index in row):
        raise ValueError("a table cell without block")


def _glyphs(columns: Columns) -> DocumentGlyphs:
    page = cast("Ints", columns.arrays["page"])
    text = _split(columns.texts["glyphs"], cast("Ints", columns.arrays["glyph_lengths"]).tolist())
    x0, top, x1, bottom = (cast("Floats", columns.arrays[name]) for name in ("x0", "top", "x1", "bottom"))
    is_ocr = cast("Bools", columns.arrays["is_ocr"])
    if {len(page), len(x0), len(top), len(x1), len(bottom), len(is_ocr)} != {len(text)}:
        raise ValueError("glyph columns differ in length")
    return DocumentGlyphs(text=text, page=page, x0=x0, top=top, x1=x1, bottom=bottom, is_ocr=is_ocr)


def _lengths(texts: Sequence[str]) -> Ints:
    """Return the lengths of the texts, or nothing when all have one character."""
    lengths = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))
    return lengths if len(lengths) and (lengths != 1).any() else np.empty(0, dtype=np.int32)


def _split(joined: str, lengths: Sequence[int]) -> tuple[str, ...]:
    if not lengths:
        return tuple(joined)
    if sum(lengths) != len(joined) or min(lengths) < 0:
        raise ValueError("glyph lengths do not fit")
    found: list[str] = []
    start = 0
    for length in lengths:
        found.append(joined[start : start + length])
        start += length
    return tuple(found)


def _block_columns(blocks: Sequence[Block], strings: dict[str, int]) -> dict[str, Array]:
    """Return blocks as columns; ``strings`` collects the texts in them, each once."""

    def column(get: Callable[[Block], int]) -> Ints:
        return np.fromiter(map(get, blocks), dtype=np.int32, count=len(blocks))

    def number_of(text: str) -> int:
        return strings.setdefault(text, len(strings))

    def cell_column(name: str) -> Ints:
        return column(lambda block: _NO_CELL if block.cell is None else int(getattr(block.cell, name)))

    kinds = {kind: number for number, kind in enumerate(_KINDS)}
    return {
        "block_kind": column(lambda block: kinds[block.kind]),
        "block_start": column(lambda block: block.span.start),
        "block_end": column(lambda block: block.span.end),
        "block_size": np.array([block.size for block in blocks], dtype=np.float64),
        "block_is_bold": column(lambda block: int(block.is_bold)),
        "block_marker": column(lambda block: number_of(block.marker)),
        **{f"cell_{name}": cell_column(name) for name in _CELL_FIELDS},
        "cell_heading": column(lambda block: _NO_CELL if block.cell is None else number_of(block.cell.heading)),
    }


def _blocks(columns: Columns, strings: Sequence[str]) -> tuple[Block, ...]:
    names = ("kind", "start", "end", "size", "is_bold", "marker")
    own = [columns.arrays[f"block_{name}"].tolist() for name in names]
    cells = [columns.arrays[f"cell_{name}"].tolist() for name in ("heading", *_CELL_FIELDS)]
    found: list[Block] = []
    for row in zip(*own, *cells, strict=True):
        kind, start, end, size, is_bold, marker, heading, table, line, column, row_span, column_span, is_header = row
        cell = None
        if table != _NO_CELL:
            cell = Cell(table, line, column, strings[heading], bool(is_header), row_span, column_span)
        found.append(Block(_KINDS[kind], Span(start, end), cell, size, bool(is_bold), strings[marker]))
    return tuple(found)


def _table_value(table: TableView) -> list[object]:
    return [
        table.number,
        table.caption,
        list(table.headings),
        [list(row) for row in table.rows],
        table.n_header_rows,
        list(table.repeated_rows),
        [[box.page, box.x0, box.top, box.x1, box.bottom] for box in table.boxes],
        table.is_ruled,
    ]


def _table(value: Sequence[Any]) -> TableView:
    number, caption, headings, rows, n_header_rows, repeated_rows, boxes, is_ruled = value
    return TableView(
        number=number,
        caption=caption,
        headings=tuple(headings),
        rows=tuple(tuple(row) for row in rows),
        n_header_rows=n_header_rows,
        repeated_rows=tuple(repeated_rows),
        boxes=tuple(Box(*box) for box in boxes),
        is_ruled=is_ruled,
    )
