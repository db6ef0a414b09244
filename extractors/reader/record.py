"""What running a page's content leaves, kept raw: glyph runs, paths, images. Columns are made of it once per page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pdfminer.utils import MATRIX_IDENTITY, Matrix

from extractors.reader.fonts import FontTable
from extractors.reader.lexer import Statement, Unusual

if TYPE_CHECKING:
    from extractors.reader.content import ContentRunner

FROM_START = -1

# Columns of a glyph run, in the order in which ``PageRecord.runs`` holds them.
RUN_COLUMNS = 20
RUN_FONT, RUN_SIZE, RUN_SCALING, RUN_CHARSPACE, RUN_WORDSPACE, RUN_RISE = range(6)
RUN_MATRIX, RUN_CTM, RUN_CHAINED, RUN_STRINGS = 6, 12, 18, 19


class PageRecord:
    """Glyph runs, paths and images of one page, in painting order.

    ``ctm`` is the matrix that text and paths are painted with. Like pdfminer's device it keeps a form's matrix after
    the form has ended, until the next ``cm`` or ``Q``.
    """

    def __init__(self) -> None:
        self.ctm: Matrix = MATRIX_IDENTITY
        self.fonts: dict[FontTable, int] = {}
        # Two bytes per glyph code; per string its length in glyphs and the number behind it; RUN_COLUMNS per run.
        self.codes: list[bytes] = []
        self.lengths: list[int] = []
        self.numbers: list[float] = []
        self.runs: list[float] = []
        # Paths of one rectangle each: x, y, width, height, ctm, is_filled, place in the order of paths.
        self.rectangles: list[float] = []
        # Any other path: its statements, ctm, is_filled, place in the order of paths.
        self.paths: list[tuple[list[Statement], Matrix, bool, int]] = []
        self.n_paths = 0
        self.images: list[Matrix] = []

    def add_run(
        self, state: "ContentRunner", font: FontTable, codes: bytes, lengths: Sequence[int], numbers: Sequence[float]
    ) -> int:
        """Add a run of glyphs; return its index. Raises ``Unusual`` when it starts where some earlier run ended."""
        index = len(self.runs) // RUN_COLUMNS
        if state.origin not in (FROM_START, index - 1):
            raise Unusual("text goes on after other text")
        number = self.fonts.setdefault(font, len(self.fonts))
        self.codes.append(codes)
        self.lengths += lengths
        self.numbers += numbers
        self.runs += (
            number,
            state.size,
            state.scaling,
            state.charspace,
            state.wordspace,
            state.rise,
            *state.matrix,
            *self.ctm,
            state.origin != FROM_START,
            len(lengths),
        )
        return index

    def add_path(self, path: list[Statement], is_filled: bool) -> None:
        """Add a painted path; raises ``ValueError`` when its operands are no numbers."""
        for statement in path:
            if statement[8] != b"re":
                self.paths.append((path, self.ctm, is_filled, self.n_paths))
                self.n_paths += 1
                return
        for s in path:
            if s[2]:
                raise ValueError("operands are no numbers")
            x, y, width, height = s[1].split()
            box = (float(x), float(y), float(width), float(height))
            self.rectangles += (*box, *self.ctm, is_filled, self.n_paths)
            self.n_paths += 1

    def add_image(self) -> None:
        """Add an image, which fills the unit square of the current matrix."""
        self.images.append(self.ctm)
