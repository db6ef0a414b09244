"""Tables as geometry: cells with boxes and the glyphs inside them, first per page, then joined over pages.

``extractors.tables.finder`` finds and joins them; ``extractors.layout.builder`` turns their cells into blocks of text.
"""

from dataclasses import dataclass

from extractors.glyphs import Ints
from models.spans import Box


@dataclass(frozen=True, slots=True, eq=False)
class GridCell:
    """A cell on one page. ``row`` and ``column`` count from 0 in the page's table; ``glyphs`` indexes the page's
    ``PageGlyphs`` in painting order and may be empty."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    glyphs: Ints


@dataclass(frozen=True, slots=True, eq=False)
class PageTable:
    """A table on one page. ``columns`` holds the n_columns + 1 x positions of its column borders in points;
    ``n_header_rows`` is what the page alone suggests. ``is_open_top`` and ``is_open_bottom`` tell that the outer ruling
    is missing there, as where a row is cut by the page."""

    page: int
    box: Box
    n_rows: int
    n_columns: int
    columns: tuple[float, ...]
    cells: tuple[GridCell, ...]
    n_header_rows: int
    is_ruled: bool
    is_open_top: bool = False
    is_open_bottom: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class JoinedCell:
    """A cell of a table over all its pages; ``parts`` holds its pieces as (page, cell), one per page it stands on."""

    row: int
    column: int
    row_span: int
    column_span: int
    is_header: bool
    parts: tuple[tuple[int, GridCell], ...]


@dataclass(frozen=True, slots=True, eq=False)
class JoinedTable:
    """A table over all its pages, rows numbered through, repeated heads included and listed in ``repeated_rows``."""

    n_rows: int
    n_columns: int
    n_header_rows: int
    repeated_rows: tuple[int, ...]
    cells: tuple[JoinedCell, ...]
    boxes: tuple[Box, ...]
    is_ruled: bool
