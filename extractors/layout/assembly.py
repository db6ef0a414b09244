"""Drafts become the text: lines joined, hyphens healed, one block after the other, every character with its glyph.

Enters the drafts in reading order; leaves the finished ``TextView``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

import numpy as np

from extractors.glyphs import Indices, Ints, PageGlyphs, column_over
from extractors.layout.blocks import Draft
from extractors.layout.healing import Joint, Lexicon, join_at, make_lexicon
from extractors.layout.lines import Line
from extractors.layout.page_layout import PageBody
from extractors.layout.table_blocks import TableDrafts
from extractors.views import NO_GLYPH, Block, BlockKind, DocumentGlyphs, TableView, TextView
from models.spans import Span

_NONE = np.full(1, NO_GLYPH, dtype=np.int64)


@dataclass(slots=True, eq=False)
class _Text:
    """The text while it grows. ``bases`` holds for each part where its page's glyphs start in the document's;
    ``pieces`` the (page, start, end) of each block's print per page."""

    parts: list[str] = field(default_factory=list)
    origins: list[Indices] = field(default_factory=list)
    bases: list[int] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pieces: list[tuple[int, int, int]] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, origins: Indices, base: int = 0) -> None:
        """Append characters with the numbers of their glyphs on their page."""
        self.parts.append(text)
        self.origins.append(origins)
        self.bases.append(base)
        self.length += len(text)

    def all_origins(self) -> Ints:
        """Return the glyphs of the document behind all characters."""
        return _over_document(self.origins, self.bases)


def assemble(
    pages: Sequence[PageGlyphs],
    bodies: Sequence[PageBody],
    contents: Sequence[Sequence[Line]],
    drafts: Sequence[Draft],
    tables: TableDrafts,
) -> TextView:
    """Return the view over drafts in reading order."""
    base = _page_bases(pages)
    lexicon = make_lexicon(line.text for draft in drafts for line in draft.lines)
    text = _Text()
    block_of: dict[int, int] = {}
    for draft in drafts:
        if _add_draft(text, draft, lexicon, base):
            block_of[id(draft)] = len(text.blocks) - 1
    whole = "".join(text.parts)
    return TextView(
        text=whole,
        origins=text.all_origins(),
        glyphs=_document_glyphs(pages),
        blocks=tuple(text.blocks),
        tables=_table_views(tables, text.blocks, block_of, whole),
        page_texts=_page_texts(bodies, contents, whole, text.pieces),
        furniture=_furniture(bodies, contents),
        left_out=_left_out(bodies, contents, base, text.cut),
    )


def _left_out(
    bodies: Sequence[PageBody], contents: Sequence[Sequence[Line]], base: dict[int, int], cut: list[int]
) -> Ints:
    """Return the glyphs that stand in no block."""
    found = list(cut)
    pieces: list[Indices] = []
    starts: list[int] = []
    for body, lines in zip(bodies, contents, strict=True):
        start = base[body.frame.page.number]
        taken = (*body.furniture, *lines)
        own = [body.frame.clean.dropped, *(line.origins for line in taken)]
        pieces += own
        starts += [start] * len(own)
        found.extend(glyph + start for line in taken for glyph in line.cut)
    printed = _over_document(pieces, starts)
    return np.unique(np.concatenate((np.array(found, dtype=np.int32), printed[printed != NO_GLYPH])))


def _over_document(pieces: Sequence[Indices], starts: Sequence[int]) -> Ints:
    """Return the glyphs of the document for pieces of glyphs of its pages; ``starts`` tells where each page's start."""
    if not pieces:
        return np.zeros(0, dtype=np.int32)
    # In four bytes from the start: this runs when a document takes the most memory.
    found: Ints = np.concatenate(pieces, dtype=np.int32, casting="same_kind")
    start = np.repeat(np.array(starts, dtype=np.int32), [len(piece) for piece in pieces])
    np.add(found, start, out=found, where=found >= 0)
    return found


def _page_bases(pages: Sequence[PageGlyphs]) -> dict[int, int]:
    base: dict[int, int] = {}
    total = 0
    for page in pages:
        base[page.number] = total
        total += len(page)
    return base


def _document_glyphs(pages: Sequence[PageGlyphs]) -> DocumentGlyphs:
    return DocumentGlyphs(
        text=tuple(chain.from_iterable(page.text for page in pages)),
        page=np.repeat(
            np.array([page.number for page in pages], dtype=np.int32),
            np.array([len(page) for page in pages], dtype=int),
        ),
        x0=column_over(pages, "x0"),
        top=column_over(pages, "top"),
        x1=column_over(pages, "x1"),
        bottom=column_over(pages, "bottom"),
        is_ocr=np.repeat(
            np.array([page.is_ocr for page in pages], dtype=np.bool_),
            np.array([len(page) for page in pages], dtype=int),
        ),
    )


def _add_draft(text: _Text, draft: Draft, lexicon: Lexicon, base: dict[int, int]) -> bool:
    """Append a draft as a block; tell whether it holds any text."""
    if draft.cut:
        text.cut.extend(base[page] + glyph for page, glyph in draft.cut)
    for line in draft.lines:
        if line.cut:
            text.cut.extend(base[line.page] + glyph for glyph in line.cut)
    lines = [line for line in draft.lines if line.text]
    if not lines:
        return False
    if text.length:
        text.add("\n", _NONE)
    start = text.length
    _add_lines(text, lines, lexicon, base, is_narrow=draft.cell is not None)
    span = Span(start, text.length)
    text.blocks.append(Block(draft.kind, span, draft.cell, draft.size, draft.is_bold, draft.marker))
    return True


def _add_lines(text: _Text, lines: Sequence[Line], lexicon: Lexicon, base: dict[int, int], *, is_narrow: bool) -> None:
    """Append the lines of a block, joined; note which of its print stands on which page."""
    page, start = lines[0].page, text.length
    for line, following in zip_longest(lines, lines[1:]):
        if line.page != page:
            text.pieces.append((page, start, text.length))
            page, start = line.page, text.length
        piece, origins = line.text, line.origins
        joint = Joint.GLUE
        if following is not None:
            joint = join_at(piece, following.text, lexicon, is_narrow=is_narrow)
        if joint is Joint.DROP_HYPHEN:
            text.cut.append(int(origins[-1]) + base[page])
            piece, origins = piece[:-1], origins[:-1]
        text.add(piece, origins, base[page])
        if joint is Joint.BLANK:
            text.add(" ", _NONE)
    text.pieces.append((page, start, text.length))


def _table_views(
    tables: TableDrafts, blocks: Sequence[Block], block_of: dict[int, int], whole: str
) -> tuple[TableView, ...]:
    found: list[TableView] = []
    for number, (table, drafts) in enumerate(zip(tables.tables, tables.drafts, strict=True)):
        grid: list[list[int | None]] = [[None] * table.n_columns for _ in range(table.n_rows)]
        for draft in drafts:
            index = block_of.get(id(draft))
            if index is None or draft.cell is None:
                continue
            for row in range(draft.cell.row, min(draft.cell.row + draft.cell.row_span, table.n_rows)):
                for column in range(
                    draft.cell.column, min(draft.cell.column + draft.cell.column_span, table.n_columns)
                ):
                    grid[row][column] = index
        first = min((block_of[id(draft)] for draft in drafts if id(draft) in block_of), default=None)
        found.append(
            TableView(
                number=number,
                caption=_caption(blocks, first, whole),
                headings=tables.headings[number],
                rows=tuple(tuple(row) for row in grid),
                n_header_rows=table.n_header_rows,
                repeated_rows=table.repeated_rows,
                boxes=table.boxes,
                is_ruled=table.is_ruled,
            )
        )
    return tuple(found)


def _caption(blocks: Sequence[Block], first: int | None, whole: str) -> str:
    """Return the text of the caption just before a table's first cell."""
    if first is None or first == 0 or blocks[first - 1].kind is not BlockKind.CAPTION:
        return ""
    span = blocks[first - 1].span
    return whole[span.start : span.end]


def _page_texts(
    bodies: Sequence[PageBody],
    contents: Sequence[Sequence[Line]],
    whole: str,
    pieces: Sequence[tuple[int, int, int]],
) -> tuple[str, ...]:
    """Return each page's text: heads, tables of contents, blocks, feet."""
    parts: dict[int, list[str]] = {}
    for body, lines in zip(bodies, contents, strict=True):
        middle = body.frame.page.height / 2
        heads = [line.text for line in body.furniture if line.top < middle]
        parts[body.frame.page.number] = heads + [line.text for line in lines]
    for page, start, end in pieces:
        parts[page].append(whole[start:end].strip())
    for body in bodies:
        middle = body.frame.page.height / 2
        parts[body.frame.page.number].extend(line.text for line in body.furniture if line.top >= middle)
    return tuple("\n".join(parts[body.frame.page.number]) for body in bodies)


def _furniture(bodies: Sequence[PageBody], contents: Sequence[Sequence[Line]]) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    for body, lines in zip(bodies, contents, strict=True):
        number = body.frame.page.number
        found.extend((number, line.text) for line in (*body.furniture, *lines))
    return tuple(found)
