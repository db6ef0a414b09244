"""Pages drawn for layout tests: text at places, in fixed advance, as the reader would give it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from extractors.glyphs import PageGlyphs
from extractors.grids import GridCell, PageTable
from extractors.layout.builder import build_view
from extractors.views import BlockKind, TextView
from models.spans import Box

WIDTH, HEIGHT = 595.0, 842.0
ADVANCE = 0.5  # of the size


@dataclass
class Sheet:
    """A page being drawn. Glyphs are half as wide as high; a text's ``top`` is the top of its glyphs."""

    number: int = 1
    text: list[str] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    upright: list[bool] = field(default_factory=list)
    fonts: list[str] = field(default_factory=list)
    edges: list[tuple[float, float, float, float]] = field(default_factory=list)
    word: list[int] = field(default_factory=list)
    is_ocr: bool = False

    def write(
        self,
        text: str | Sequence[str],
        x: float,
        top: float,
        size: float = 10.0,
        font: str = "Serif",
        advance: float = ADVANCE,
    ) -> float:
        """Write glyphs from ``x`` on and return where they end; a sequence gives glyphs of several characters."""
        word = max(self.word, default=-1) + 1
        for glyph in text:
            if glyph == " ":
                word += 1
            self._add(glyph, (x, top, x + advance * size, top + size), font, word if glyph != " " else -1)
            x += advance * size
        return x

    def write_up(self, text: str, x: float, bottom: float, size: float = 10.0) -> None:
        """Write glyphs that run up the page from ``bottom``."""
        word = max(self.word, default=-1) + 1
        for glyph in text:
            box = (x, bottom - ADVANCE * size, x + size, bottom)
            self._add(glyph, box, "Serif", word if glyph != " " else -1, upright=False)
            bottom -= ADVANCE * size

    def _add(
        self, glyph: str, box: tuple[float, float, float, float], font: str, word: int, upright: bool = True
    ) -> None:
        self.text.append(glyph)
        self.boxes.append(box)
        self.fonts.append(font)
        self.word.append(word)
        self.upright.append(upright)

    def lines(self, texts: Iterable[str], x: float, top: float, size: float = 10.0, font: str = "Serif") -> float:
        """Write lines below each other, one and a fifth sizes apart; return the top of the line after."""
        for text in texts:
            self.write(text, x, top, size, font)
            top += 1.2 * size
        return top

    def rule(self, x0: float, y: float, x1: float) -> None:
        """Draw a horizontal rule."""
        self.edges.append((x0, y, x1, y))

    def page(self) -> PageGlyphs:
        """Return the page as the reader gives it."""
        boxes = np.array(self.boxes, dtype=np.float64).reshape(-1, 4)
        words = sorted({word for word in self.word if word >= 0})
        members = [[place for place, own in enumerate(self.word) if own == word] for word in words]
        names = sorted(set(self.fonts))
        size = np.array(
            [b - t if up else r - left for (left, t, r, b), up in zip(self.boxes, self.upright, strict=True)],
            dtype=np.float64,
        )
        return PageGlyphs(
            number=self.number,
            width=WIDTH,
            height=HEIGHT,
            text=tuple(self.text),
            x0=boxes[:, 0],
            top=boxes[:, 1],
            x1=boxes[:, 2],
            bottom=boxes[:, 3],
            size=size,
            upright=np.array(self.upright, dtype=np.bool_),
            font=np.array([names.index(font) for font in self.fonts], dtype=np.int32),
            fonts=tuple(names),
            word_starts=np.cumsum([0, *map(len, members)]).astype(np.int32),
            word_glyphs=np.array([place for member in members for place in member], dtype=np.int32),
            edges=np.array(self.edges, dtype=np.float64).reshape(-1, 4),
            rects=np.zeros((0, 4)),
            is_filled=np.zeros(0, dtype=np.bool_),
            is_ocr=self.is_ocr,
        )


def view_of(*sheets: Sheet, tables: Sequence[Sequence[PageTable]] | None = None) -> TextView:
    """Return the view of drawn pages."""
    return build_view([sheet.page() for sheet in sheets], tables or [()] * len(sheets))


def texts_of(view: TextView, kind: BlockKind | None = None) -> list[str]:
    """Return the texts of a view's blocks, of one kind if given."""
    return [view.block_text(block) for block in view.blocks if kind is None or block.kind is kind]


def grid(page: PageGlyphs, columns: Sequence[float], rows: Sequence[float], n_header_rows: int = 1) -> PageTable:
    """Return a ruled table with borders at ``columns`` and ``rows``, its cells holding the glyphs inside."""
    cells = []
    x, y = (page.x0 + page.x1) / 2, (page.top + page.bottom) / 2
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            box = Box(page.number, columns[column], rows[row], columns[column + 1], rows[row + 1])
            inside = (x > box.x0) & (x < box.x1) & (y > box.top) & (y < box.bottom)
            cells.append(GridCell(row, column, 1, 1, box, np.flatnonzero(inside).astype(np.int32)))
    return PageTable(
        page=page.number,
        box=Box(page.number, columns[0], rows[0], columns[-1], rows[-1]),
        n_rows=len(rows) - 1,
        n_columns=len(columns) - 1,
        columns=tuple(columns),
        cells=tuple(cells),
        n_header_rows=n_header_rows,
        is_ruled=True,
    )


def prose(n_lines: int, width: int = 40, seed: str = "alpha beta gamma delta epsilon zeta eta theta") -> list[str]:
    """Return lines of one sentence, each ``width`` letters long, every one another."""
    words, lines, place = seed.split(), [], 0
    for number in range(n_lines):
        line = f"n{number}" if number else "N0"
        while len(line) < width:
            line += " " + words[place % len(words)]
            place += 1
        lines.append(line[: width - 1].rstrip().ljust(width - 1, "x") + ("." if number == n_lines - 1 else "x"))
    return lines
