r"""The text that rules read, and the way back to the page.

A ``TextView`` is made once per document by ``extractors.layout.builder``: reading order, no running heads or feet,
no tables of contents, hyphens healed, dashes, quotes and blanks unified. Every character knows the glyph it came
from, from birth; the map is never recovered by comparing texts.

The text is a sequence of blocks joined by exactly one line feed; inside a block there is no line feed. So a pattern
that cannot match ``\n`` cannot leave its block. A paragraph or table cell that goes on after a column or page break is
one block.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from extractors.glyphs import Bools, Floats, Ints
from extractors.pieces import Pieces, cut_pieces
from models.spans import Box, Span

NO_GLYPH = -1


class BlockKind(StrEnum):
    """What a block of text is on its page."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    CELL = "cell"


HEADINGS = (BlockKind.TITLE, BlockKind.HEADING)


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a cell block. ``table`` indexes ``TextView.tables``; ``row`` and ``column`` count from 0 over the
    whole table, header rows included. ``heading`` is the printed heading of its column, levels joined by `` / ``, or
    ``""``.
    """

    table: int
    row: int
    column: int
    heading: str
    is_header: bool
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that belongs together; ``span`` covers it in ``TextView.text``. ``size`` is the usual glyph size in
    points, ``is_bold`` whether most of it is bold. ``marker`` is the list label or footnote mark cut off its start."""

    kind: BlockKind
    span: Span
    cell: Cell | None = None
    size: float = 0.0
    is_bold: bool = False
    marker: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """A table over all its pages. ``rows[r][c]`` is the index in ``TextView.blocks`` of the cell that covers that place
    (merged cells are named in each place they cover), or ``None`` for an empty cell. The first ``n_header_rows`` rows
    are headings; a head repeated on a later page is listed in ``repeated_rows`` and is no body row. ``caption`` may be
    ``""``. ``boxes`` holds one box per page it stands on.
    """

    number: int
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int | None, ...], ...]
    n_header_rows: int
    repeated_rows: tuple[int, ...]
    boxes: tuple[Box, ...]
    is_ruled: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class DocumentGlyphs:
    """The glyphs of a whole document as columns of length n, as in ``PageGlyphs``; ``page`` counts from 1."""

    text: Sequence[str]
    page: Ints
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    is_ocr: Bools


@dataclass(frozen=True, slots=True, eq=False)
class TextView:
    """See the module. ``origins[i]`` is the index in ``glyphs`` of the glyph behind ``text[i]``, or ``NO_GLYPH`` for a
    blank or line feed that stands for a break. ``page_texts`` has each page's text for reading and search (furniture
    included), ``furniture`` the dropped lines as (page, text). ``left_out`` holds the glyphs that stand in no block:
    furniture, tables of contents, labels, footnote marks, healed hyphens, doubled print; with ``origins`` it names
    every printed glyph once."""

    text: str
    origins: Ints
    glyphs: DocumentGlyphs
    blocks: Sequence[Block]
    tables: tuple[TableView, ...] = ()
    page_texts: tuple[str, ...] = ()
    furniture: tuple[tuple[int, str], ...] = ()
    left_out: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    _starts: list[int] = field(default_factory=list)
    _pieces: list[Pieces] = field(default_factory=list)
    _headings: list[list[int]] = field(default_factory=list)

    def pieces(self) -> Pieces:
        """Return the text cut into pieces: those kept with it, else cut when first asked for."""
        if not self._pieces:
            self._pieces.append(cut_pieces(self.text))
        return self._pieces[0]

    def headings(self) -> list[int]:
        """Return the indices of the blocks that are titles or headings, in text order."""
        if not self._headings:
            self._headings.append([index for index, block in enumerate(self.blocks) if block.kind in HEADINGS])
        return self._headings[0]

    def block_index_at(self, offset: int) -> int:
        """Return the index of the block that holds ``offset`` (a line feed belongs to the block before it)."""
        if not self._starts:
            self._starts.extend(block.span.start for block in self.blocks)
        return max(0, bisect_right(self._starts, offset) - 1)

    def block_at(self, offset: int) -> Block:
        """Return the block that holds ``offset``."""
        return self.blocks[self.block_index_at(offset)]

    def block_text(self, block: Block) -> str:
        """Return the block's text."""
        return self.text[block.span.start : block.span.end]

    def glyph_indices(self, span: Span) -> Ints:
        """Return the distinct glyph indices behind a span, in text order."""
        found: Ints = self.origins[span.start : span.end]
        found = found[found != NO_GLYPH]
        if len(found) == 0:
            return found
        keep = np.ones(len(found), dtype=np.bool_)
        keep[1:] = found[1:] != found[:-1]
        kept: Ints = found[keep]
        return kept

    def page_of(self, span: Span) -> int:
        """Return the page of the first glyph of a span, from 1; raises ``ValueError`` when it has none."""
        indices = self.glyph_indices(span)
        if len(indices) == 0:
            raise ValueError(f"no glyph behind {span}")
        return int(self.glyphs.page[indices[0]])


def plain_view(lines: str | Sequence[tuple[str, Cell | None]]) -> TextView:
    """Return a view over plain text, for tests and notebooks: one block per line, one glyph per character on page 1.

    A sequence of (text, cell) pairs makes cell blocks. Glyphs are six points wide, lines twelve points apart.
    """
    pairs = [(line, None) for line in lines.split("\n")] if isinstance(lines, str) else list(lines)
    text = "\n".join(line for line, _ in pairs)
    blocks: list[Block] = []
    column = np.zeros(len(text), dtype=np.float64)
    row = np.zeros(len(text), dtype=np.float64)
    start = 0
    for number, (line, cell) in enumerate(pairs):
        end = start + len(line)
        if line:
            kind = BlockKind.PARAGRAPH if cell is None else BlockKind.CELL
            blocks.append(Block(kind, Span(start, end), cell))
        column[start:end] = np.arange(end - start) * 6.0
        row[start : end + 1] = number * 12.0
        start = end + 1
    origins = np.arange(len(text), dtype=np.int32)
    for offset, character in enumerate(text):
        if character in "\n ":
            origins[offset] = NO_GLYPH
    glyphs = DocumentGlyphs(
        text=tuple(text),
        page=np.ones(len(text), dtype=np.int32),
        x0=column,
        top=row,
        x1=column + 6.0,
        bottom=row + 10.0,
        is_ocr=np.zeros(len(text), dtype=np.bool_),
    )
    return TextView(text=text, origins=origins, glyphs=glyphs, blocks=tuple(blocks), page_texts=(text,))
