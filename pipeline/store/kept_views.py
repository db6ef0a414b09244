"""A read document as bytes and back: the same view, block by block and glyph by glyph, floats to the last bit.

Nothing is unpickled: the bytes are columns and JSON (``pipeline.store.columns``), checked when read. What is damaged
or does not fit together is refused with ``ColumnsError``.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, cast, overload
from unicodedata import unidata_version

import numpy as np

from extractors.glyphs import Bools, Floats, Indices, Ints
from extractors.pieces import Pieces, number_pieces
from extractors.views import HEADINGS, NO_GLYPH, Block, BlockKind, Cell, DocumentGlyphs, TableView, TextView
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
    view, pieces = read.view, read.view.pieces()
    strings: dict[str, int] = {}
    texts = {"text": view.text, "glyphs": "".join(view.glyphs.text), "pages": "".join(view.page_texts)}
    arrays: dict[str, Array] = {
        **_origin_columns(view.origins),
        "page": view.glyphs.page.astype(np.int32),
        "x0": view.glyphs.x0,
        "top": view.glyphs.top,
        "x1": view.glyphs.x1,
        "bottom": view.glyphs.bottom,
        "is_ocr": view.glyphs.is_ocr,
        "left_out": view.left_out.astype(np.int32),
        "glyph_lengths": _lengths(view.glyphs.text, texts["glyphs"]),
        "page_lengths": _lengths(view.page_texts, texts["pages"]),
        "piece_numbers": _narrow(pieces.numbers),
        **_block_columns(view.blocks, strings),
    }
    value = {
        "n_pages": read.n_pages,
        "needs_ocr": list(read.needs_ocr),
        "unreadable": list(read.unreadable),
        "issues": [[i.code, i.severity.value, i.page, i.message, i.context] for i in read.issues],
        "tables": [_table_value(table) for table in view.tables],
        "pieces": list(pieces.distinct),
        "letters": unidata_version,
        "furniture": [list(item) for item in view.furniture],
        "strings": list(strings),
    }
    return Columns(arrays, texts, value)


def from_columns(columns: Columns) -> ReadDocument:
    """Return the read document; raises ``ColumnsError``."""
    try:
        return _from_columns(columns)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ColumnsError(f"no kept pages: {error}") from error


def _from_columns(columns: Columns) -> ReadDocument:
    value = cast("dict[str, Any]", columns.value)
    text = columns.texts["text"]
    blocks = _KeptBlocks(columns, value["strings"], len(text), len(value["tables"]))
    view = TextView(
        text=text,
        origins=_origins(columns),
        glyphs=_glyphs(columns),
        blocks=blocks,
        tables=tuple(_table(item) for item in value["tables"]),
        page_texts=tuple(_slices(columns, "pages", "page_lengths")),
        furniture=tuple((page, line) for page, line in value["furniture"]),
        left_out=cast("Ints", columns.arrays["left_out"]),
        _starts=blocks.starts,
        _pieces=_pieces(columns, value),
        _headings=[blocks.of_kinds(HEADINGS)],
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
        key=columns.key,
    )


def _check(view: TextView) -> None:
    """Refuse offsets and indices that lead out of the view."""
    if len(view.origins) != len(view.text):
        raise ValueError("origins and text differ in length")
    for indices, least in ((view.origins, NO_GLYPH), (view.left_out, 0)):
        if len(indices) and not least <= indices.min() <= indices.max() < len(view.glyphs.text):
            raise ValueError("an index without glyph")
    n_blocks = len(view.blocks)
    if any(index is not None and not 0 <= index < n_blocks for t in view.tables for row in t.rows for index in row):
        raise ValueError("a table cell without block")


def _glyphs(columns: Columns) -> DocumentGlyphs:
    page = cast("Ints", columns.arrays["page"])
    text = _slices(columns, "glyphs", "glyph_lengths")
    x0, top, x1, bottom = (cast("Floats", columns.arrays[name]) for name in ("x0", "top", "x1", "bottom"))
    is_ocr = cast("Bools", columns.arrays["is_ocr"])
    if {len(page), len(x0), len(top), len(x1), len(bottom), len(is_ocr)} != {len(text)}:
        raise ValueError("glyph columns differ in length")
    return DocumentGlyphs(text=text, page=page, x0=x0, top=top, x1=x1, bottom=bottom, is_ocr=is_ocr)


def _origin_columns(origins: Ints) -> dict[str, Array]:
    """Return origins as how far each is from its character's own place, and a bit for each character without one.

    Most glyphs follow each other, and the blank that a blank stands for is passed over: so the first has long runs.
    """
    place = np.arange(len(origins), dtype=np.int32)
    is_none = origins == NO_GLYPH
    # A character without a glyph repeats what the last one with a glyph has. Here and below, arithmetic takes a tenth
    # of choosing by a mask, which is as irregular as the words are long.
    last = np.maximum.accumulate(place * ~is_none) if len(place) else place
    return {"origin_shift": (origins - place)[last].astype(np.int32), "origin_none": np.packbits(is_none)}


def _origins(columns: Columns) -> Ints:
    """Return the origins that ``_origin_columns`` packed."""
    shift, none = cast("Ints", columns.arrays["origin_shift"]), columns.arrays["origin_none"].astype(np.uint8)
    if len(none) != (len(shift) + 7) // 8:
        raise ValueError("bits of origins do not fit")
    origins = np.arange(len(shift), dtype=np.int32)
    origins += shift
    # -1, which stands for no glyph, has all bits set.
    origins |= -np.unpackbits(none, count=len(shift)).view(np.int8)
    return origins


def _lengths(texts: Sequence[str], joined: str) -> Ints:
    """Return the lengths of the texts, or nothing when all have one character; ``joined`` are the texts as one."""
    # Nearly all glyphs have one: to look for an empty one takes a fifth of counting.
    if len(joined) == len(texts) and "" not in texts:
        return np.empty(0, dtype=np.int32)
    lengths = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))
    return lengths if len(lengths) and (lengths != 1).any() else np.empty(0, dtype=np.int32)


def _slices(columns: Columns, text: str, lengths: str) -> Sequence[str]:
    """Return texts that were kept as one."""
    joined, each = columns.texts[text], cast("Ints", columns.arrays[lengths])
    if not len(each):
        return joined
    if int(each.sum()) != len(joined) or int(each.min()) < 0:
        raise ValueError("lengths do not fit")
    return _Slices(joined, [0, *np.cumsum(each).tolist()])


class _Slices(Sequence[str]):
    """Texts that are cut out of one when they are asked for: of most glyphs nobody asks what they stand for."""

    def __init__(self, joined: str, bounds: list[int]) -> None:
        self._joined, self._bounds = joined, bounds

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        """Return a text, or several."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        return self._joined[self._bounds[place] : self._bounds[place + 1]]


def _narrow(numbers: Indices) -> Array:
    """Return numbers in as few bytes as hold them."""
    is_narrow = not len(numbers) or int(numbers.max()) <= np.iinfo(np.uint16).max
    return numbers.astype(np.uint16 if is_narrow else np.int32)


def _pieces(columns: Columns, value: Mapping[str, Any]) -> list[Pieces]:
    """Return the pieces of the text, or nothing where another Python, which may know other letters, has cut them."""
    if value["letters"] != unidata_version:
        return []
    pieces = number_pieces(tuple(value["pieces"]), columns.arrays["piece_numbers"].astype(np.int64))
    if int(pieces.starts[-1]) != len(columns.texts["text"]):
        raise ValueError("pieces and text differ in length")
    return [pieces]


def _block_columns(blocks: Sequence[Block], strings: dict[str, int]) -> dict[str, Array]:
    """Return blocks as columns; ``strings`` collects the texts in them, each once."""

    def column(get: Callable[[Block], int]) -> Ints:
        return np.fromiter(map(get, blocks), dtype=np.int32, count=len(blocks))

    def number_of(text: str) -> int:
        return strings.setdefault(text, len(strings))

    numbers_of = attrgetter(*_CELL_FIELDS)
    none = (_NO_CELL,) * len(_CELL_FIELDS)
    rows = [none if block.cell is None else numbers_of(block.cell) for block in blocks]
    cells = np.array(rows, dtype=np.int32).reshape(-1, len(_CELL_FIELDS)).T
    kinds = {kind: number for number, kind in enumerate(_KINDS)}
    return {
        "block_kind": column(lambda block: kinds[block.kind]),
        "block_start": column(lambda block: block.span.start),
        "block_end": column(lambda block: block.span.end),
        "block_size": np.array([block.size for block in blocks], dtype=np.float64),
        "block_is_bold": column(lambda block: int(block.is_bold)),
        "block_marker": column(lambda block: number_of(block.marker)),
        **{f"cell_{name}": numbers for name, numbers in zip(_CELL_FIELDS, cells, strict=True)},
        "cell_heading": column(lambda block: _NO_CELL if block.cell is None else number_of(block.cell.heading)),
    }


class _KeptBlocks(Sequence[Block]):
    """Blocks that are made when they are asked for: most hold nothing that any rule looks at."""

    def __init__(self, columns: Columns, strings: Sequence[str], n_characters: int, n_tables: int) -> None:
        """Check the columns: raises ``ValueError`` for blocks that lead out of text, tables or strings."""
        names = [f"block_{name}" for name in ("kind", "start", "end", "is_bold", "marker")]
        names += [f"cell_{name}" for name in ("heading", *_CELL_FIELDS)]
        own = {name: cast("Ints", columns.arrays[name]) for name in (*names, "block_size")}
        if len({len(column) for column in own.values()}) > 1:
            raise ValueError("block columns differ in length")
        starts, ends = own["block_start"], own["block_end"]
        limits = (
            ("block_kind", 0, len(_KINDS)),
            ("block_start", 0, n_characters),
            ("block_end", 0, n_characters + 1),
            ("block_marker", 0, len(strings)),
            ("cell_heading", _NO_CELL, len(strings)),
            ("cell_table", _NO_CELL, n_tables),
        )
        if (starts >= ends).any() or any(_leads_out(own[name], least, end) for name, least, end in limits):
            raise ValueError("a block that leads out of the text or its tables")
        if (own["cell_heading"][own["cell_table"] != _NO_CELL] == _NO_CELL).any():
            raise ValueError("a cell without heading")
        self._rows = list(zip(*(own[name].tolist() for name in names), own["block_size"].tolist(), strict=True))
        self._kinds = own["block_kind"]
        self._strings = strings
        self._made: dict[int, Block] = {}
        self.starts: list[int] = starts.tolist()

    def of_kinds(self, kinds: Sequence[BlockKind]) -> list[int]:
        """Return the indices of the blocks of some kinds."""
        return np.flatnonzero(np.isin(self._kinds, [_KINDS.index(kind) for kind in kinds])).tolist()

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Block: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Block]: ...
    def __getitem__(self, place: int | slice) -> Block | Sequence[Block]:
        """Return a block, always the same one, or several."""
        if isinstance(place, slice):
            return tuple(self[one] for one in range(*place.indices(len(self))))
        made = self._made.get(place)
        if made is None:
            place = range(len(self))[place]
            made = self._made[place] = self._make(*self._rows[place])
        return made

    def _make(  # noqa: PLR0913 - the columns of a block
        self,
        kind: int,
        start: int,
        end: int,
        is_bold: int,
        marker: int,
        heading: int,
        table: int,
        row: int,
        column: int,
        row_span: int,
        column_span: int,
        is_header: int,
        size: float,
    ) -> Block:
        cell = None
        if table != _NO_CELL:
            cell = Cell(table, row, column, self._strings[heading], bool(is_header), row_span, column_span)
        return Block(_KINDS[kind], Span(start, end), cell, size, bool(is_bold), self._strings[marker])


def _leads_out(column: Ints, least: int, end: int) -> bool:
    """Tell whether any number of a column lies below the least one or at the end or beyond."""
    return bool(((column < least) | (column >= end)).any())


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
