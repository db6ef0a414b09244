"""What running a page's content leaves, kept raw: glyph runs, paths, images. Columns are made of it once per page."""

from collections.abc import Sequence

from pdfminer.utils import MATRIX_IDENTITY, Matrix

from extractors.reader.fonts import FontTable
from extractors.reader.lexer import NUMBERS, OPERANDS, OPERATOR, Statement, Unusual, read_number, split_plain_arrays

# Where a run of glyphs starts: at the origin of its matrix, or else where the run with this index ended.
FROM_START = -1
# Scaling, character space, word space, rise; points, but for scaling, which is in percent.
Spacing = tuple[float, float, float, float]
PLAIN_SPACING: Spacing = (100.0, 0.0, 0.0, 0.0)


class PageRecord:
    """Glyph runs, paths and images of one page, in painting order.

    ``ctm`` is the matrix that text and paths are painted with. Like pdfminer's device it keeps a form's matrix after
    the form has ended, until the next ``cm`` or ``Q``. ``finish`` ends the recording.
    """

    def __init__(self) -> None:
        self.ctm: Matrix = MATRIX_IDENTITY
        self.fonts: dict[FontTable, int] = {}
        # Per run: font, matrix and spacing (as indices), whether it starts where the run before it ended.
        self.heads: list[int] = []
        # Per run: size and text matrix.
        self.places: list[float] = []
        # Per run its number of strings; per string its length in glyphs and the number behind it; two bytes per code.
        self.counts: list[int] = []
        self.lengths: list[int] = []
        self.numbers: list[float] = []
        self.codes: list[bytes] = []
        self.matrices: list[float] = []
        self.spacings: list[float] = []
        # Paths of one rectangle each: x, y, width, height; matrix, is_filled, place in the order of paths.
        self.rectangles: list[float] = []
        self.rectangle_heads: list[int] = []
        # Any other path: its statements, ctm, is_filled, place in the order of paths.
        self.paths: list[tuple[list[Statement], Matrix, bool, int]] = []
        self.n_paths = 0
        self.images: list[Matrix] = []
        # Text arrays of one byte per glyph that are still to be cut into strings, all at once.
        self._arrays: list[bytes] = []
        # The size and matrix of each, and the numbers of rectangles, read all at once as well.
        self._written_places: list[bytes] = []
        self._written_corners: list[bytes] = []
        self._matrix: Matrix | None = None
        self._spacing: Spacing | None = None

    @property
    def n_runs(self) -> int:
        """The number of glyph runs so far."""
        return len(self.heads) // 4

    def add_run(
        self,
        head: tuple[FontTable, float, Spacing, Matrix],
        codes: bytes,
        lengths: Sequence[int],
        numbers: Sequence[float],
        origin: int,
    ) -> None:
        """Add a run of glyphs: font, size, spacing and text matrix; codes, the length of each string and the number
        behind each. Raises ``Unusual`` when it starts where some earlier run but the last ended.
        """
        if origin not in (FROM_START, self.n_runs - 1):
            raise Unusual("text goes on after other text")
        self._cut_arrays()
        font, size, spacing, matrix = head
        self._add_head(font, spacing, is_chained=origin != FROM_START)
        self.places.append(size)
        self.places += matrix
        self.codes.append(codes)
        self.lengths += lengths
        self.numbers += numbers
        self.counts.append(len(lengths))

    def add_array(self, font: FontTable, spacing: Spacing, place: bytes, array: bytes) -> None:
        """Add a run at the origin of its matrix: a plain array, not empty, without its brackets, in a font with one
        byte per glyph; ``place`` is the size, ``Tf`` and the text matrix as written."""
        self._add_head(font, spacing, is_chained=False)
        self._written_places.append(place)
        self._arrays.append(array)

    def _add_head(self, font: FontTable, spacing: Spacing, *, is_chained: bool) -> None:
        if spacing is not self._spacing:
            self._spacing = spacing
            self.spacings += spacing
        number = self.fonts.setdefault(font, len(self.fonts))
        self.heads += (number, self._matrix_index(), len(self.spacings) // 4 - 1, is_chained)

    def _matrix_index(self) -> int:
        """Return the index of the current matrix, which most often is the one before."""
        if self.ctm is not self._matrix:
            self._matrix = self.ctm
            self.matrices += self.ctm
        return len(self.matrices) // 6 - 1

    def _cut_arrays(self) -> None:
        if self._arrays:
            joined, lengths, numbers, counts = split_plain_arrays(self._arrays)
            self.codes.append(joined.decode("latin-1").encode("utf-16-be"))
            self.lengths += lengths
            self.numbers += numbers
            self.counts += counts
            self._arrays = []
            places = b"".join(self._written_places).split()
            # Without each ``Tf``.
            del places[1::8]
            self.places += map(read_number, places)
            self._written_places = []

    def finish(self) -> None:
        """End the recording; raises ``ValueError`` when text or numbers were recorded that are none."""
        self._cut_arrays()
        self.rectangles += map(read_number, b" ".join(self._written_corners).split())

    def add_path(self, path: list[Statement], is_filled: bool) -> None:
        """Add a painted path; raises ``ValueError`` when its operands are no numbers."""
        for statement in path:
            if statement[OPERATOR] != b"re":
                self.paths.append((path, self.ctm, is_filled, self.n_paths))
                self.n_paths += 1
                return
        for statement in path:
            self.add_rectangle(statement, is_filled)

    def add_rectangle(self, statement: Statement, is_filled: bool) -> None:
        """Add a painted path of one rectangle; raises ``ValueError`` when its operands are not four."""
        if len(statement[NUMBERS].split()) != 4 or statement[OPERANDS]:
            raise ValueError("operands are no numbers")
        self.add_corners(statement[NUMBERS], is_filled)

    def add_corners(self, numbers: bytes, is_filled: bool) -> None:
        """Add a painted path of one rectangle, given by four numbers as written."""
        self._written_corners.append(numbers)
        self.rectangle_heads += (self._matrix_index(), is_filled, self.n_paths)
        self.n_paths += 1

    def add_image(self) -> None:
        """Add an image, which fills the unit square of the current matrix."""
        self.images.append(self.ctm)
