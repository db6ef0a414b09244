"""Views with a table made by hand: rows of cell texts in, a ``TextView`` with its ``TableView`` out."""

from collections.abc import Sequence
from dataclasses import replace

from extractors.views import Block, BlockKind, Cell, TableView, TextView, plain_view
from models.spans import Box


def table_view(
    rows: Sequence[Sequence[str]],
    *,
    before: Sequence[tuple[BlockKind, str]] = (),
    caption: str = "",
    repeated: tuple[int, ...] = (),
) -> TextView:
    """Return a view with blocks before a table and the table; the first row is its head, an empty string no cell.

    A row shorter than the head is one cell merged over all columns.
    """
    heads = [*rows[0]]
    lines: list[tuple[str, Cell | None]] = [(text, None) for _, text in before]
    places: list[list[int | None]] = []
    for row, cells in enumerate(rows):
        merged = len(cells) < len(heads)
        indices: list[int | None] = []
        for column, text in enumerate(cells):
            if not text:
                indices.append(None)
                continue
            indices.append(len(lines))
            is_header = row == 0 or row in repeated
            lines.append((text, Cell(0, row, column, heads[column], is_header, 1, len(heads) if merged else 1)))
        places.append(indices * len(heads) if merged else indices)
    view = plain_view(lines)
    blocks = list(view.blocks)
    for index, (kind, _) in enumerate(before):
        blocks[index] = replace(blocks[index], kind=kind)
    box = Box(1, 0.0, 0.0, 1.0, 1.0)
    table = TableView(0, caption, tuple(heads), tuple(map(tuple, places)), 1, repeated, (box,))
    return replace(view, blocks=tuple(blocks), tables=(table,), _starts=[])


def heading(text: str) -> tuple[BlockKind, str]:
    """Return a heading for ``before``."""
    return BlockKind.HEADING, text


def paragraph(text: str) -> tuple[BlockKind, str]:
    """Return a paragraph for ``before``."""
    return BlockKind.PARAGRAPH, text


__all__ = ["Block", "heading", "paragraph", "table_view"]
