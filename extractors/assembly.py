"""Drafts become the text: lines joined, hyphens healed, one block after the other, every character with its glyph.

Enters the drafts in reading order; leaves the finished ``TextView``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from extractors.blocks import Draft
from extractors.glyphs import Ints, PageGlyphs
from extractors.healing import Joint, Lexicon, join_at, make_lexicon
from extractors.lines import Line
from extractors.page_layout import PageBody
from extractors.table_blocks import TableDrafts
from extractors.views import NO_GLYPH, Block, BlockKind, DocumentGlyphs, TableView, TextView
from models.spans import Span

_NONE = np.full(1, NO_GLYPH, dtype=np.int32)


@dataclass(slots=True, eq=False)
class _Text:
    """The text while it grows."""

    parts: list[str] = field(default_factory=list)
    origins: list[Ints] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, origins: Ints) -> None:
        self.parts.append(text)
        self.origins.append(origins)
        self.length += len(text)


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
    origins = np.concatenate(text.origins).astype(np.int32) if text.origins else np.zeros(0, dtype=np.int32)
    glyphs = _document_glyphs(pages)
    return TextView(
        text=whole,
        origins=origins,
        glyphs=glyphs,
        blocks=tuple(text.blocks),
        tables=_table_views(tables, text.blocks, block_of, whole),
        page_texts=_page_texts(pages, bodies, contents, whole, origins, glyphs, text.blocks),
        furniture=_furniture(bodies, contents),
        left_out=_left_out(bodies, contents, base, text.cut),
    )


def _left_out(
    bodies: Sequence[PageBody], contents: Sequence[Sequence[Line]], base: dict[int, int], cut: list[int]
) -> Ints:
    """Return the glyphs that stand in no block."""
    found = list(cut)
    for body, lines in zip(bodies, contents, strict=True):
        start = base[body.frame.page.number]
        found.extend((body.frame.clean.dropped + start).tolist())
        for line in (*body.furniture, *lines):
            found.extend((line.origins[line.origins >= 0] + start).tolist())
            found.extend(glyph + start for glyph in line.cut)
    return np.unique(np.array(found, dtype=np.int32))


def _page_bases(pages: Sequence[PageGlyphs]) -> dict[int, int]:
    base: dict[int, int] = {}
    total = 0
    for page in pages:
        base[page.number] = total
        total += len(page)
    return base


def _document_glyphs(pages: Sequence[PageGlyphs]) -> DocumentGlyphs:
    def column(name: str) -> np.ndarray:
        return np.concatenate([getattr(page, name) for page in pages]) if pages else np.zeros(0)

    return DocumentGlyphs(
        text=tuple(text for page in pages for text in page.text),
        page=np.repeat(
            np.array([page.number for page in pages], dtype=np.int32),
            np.array([len(page) for page in pages], dtype=int),
        ),
        x0=column("x0"),
        top=column("top"),
        x1=column("x1"),
        bottom=column("bottom"),
        is_ocr=np.repeat(
            np.array([page.is_ocr for page in pages], dtype=np.bool_),
            np.array([len(page) for page in pages], dtype=int),
        ),
    )


def _add_draft(text: _Text, draft: Draft, lexicon: Lexicon, base: dict[int, int]) -> bool:
    """Append a draft as a block; tell whether it holds any text."""
    text.cut.extend(base[page] + glyph for page, glyph in draft.cut)
    for line in draft.lines:
        text.cut.extend(base[line.page] + glyph for glyph in line.cut)
    lines = [line for line in draft.lines if line.text]
    if not lines:
        return False
    if text.length:
        text.add("\n", _NONE)
    start = text.length
    is_cell = draft.cell is not None
    for number, line in enumerate(lines):
        piece, origins = line.text, _origins(line, base)
        joint = Joint.GLUE
        if number + 1 < len(lines):
            joint = join_at(piece, lines[number + 1].text, lexicon, is_narrow=is_cell)
        if joint is Joint.DROP_HYPHEN:
            text.cut.append(int(origins[-1]))
            piece, origins = piece[:-1], origins[:-1]
        text.add(piece, origins)
        if joint is Joint.BLANK:
            text.add(" ", _NONE)
    marker = draft.marker
    text.blocks.append(Block(draft.kind, Span(start, text.length), draft.cell, draft.size, draft.is_bold, marker))
    return True


def _origins(line: Line, base: dict[int, int]) -> Ints:
    return np.where(line.origins >= 0, line.origins + base[line.page], NO_GLYPH)


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
    pages: Sequence[PageGlyphs],
    bodies: Sequence[PageBody],
    contents: Sequence[Sequence[Line]],
    whole: str,
    origins: Ints,
    glyphs: DocumentGlyphs,
    blocks: Sequence[Block],
) -> tuple[str, ...]:
    """Return each page's text: heads, tables of contents, blocks, feet."""
    parts: dict[int, list[str]] = {page.number: [] for page in pages}
    for body, lines in zip(bodies, contents, strict=True):
        parts[body.frame.page.number].extend(line.text for line in lines)
    for block in blocks:
        start, end = block.span.start, block.span.end
        there = origins[start:end]
        on_page = np.where(there >= 0, glyphs.page[np.maximum(there, 0)], 0)
        known = on_page[on_page > 0]
        if len(known) == 0:
            continue
        if known[0] == known[-1]:
            parts[int(known[0])].append(whole[start:end])
            continue
        on_page = np.maximum.accumulate(on_page)
        cuts = np.concatenate(([0], np.flatnonzero(np.diff(on_page)) + 1, [end - start]))
        for a, b in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            parts[int(on_page[a])].append(whole[start + a : start + b].strip())
    for body in bodies:
        found = parts[body.frame.page.number]
        found[:0] = [line.text for line in body.furniture if line.top < body.frame.page.height / 2]
        found.extend(line.text for line in body.furniture if line.top >= body.frame.page.height / 2)
    return tuple("\n".join(parts[page.number]) for page in pages)


def _furniture(bodies: Sequence[PageBody], contents: Sequence[Sequence[Line]]) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    for body, lines in zip(bodies, contents, strict=True):
        number = body.frame.page.number
        found.extend((number, line.text) for line in (*body.furniture, *lines))
    return tuple(found)
