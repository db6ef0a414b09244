"""Pages that are pictures: rendered by PDFium, set straight, recognised by RapidOCR, given back as ``PageGlyphs``.

Needs the extra ``[ocr]``; without it ``is_available`` is false and such pages stay as they are. The models come with
the package: nothing is fetched. A page takes seconds of CPU.
"""

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from extractors.glyphs import PageGlyphs
from extractors.ocr.picture import Picture, find_rulings, set_straight
from extractors.ocr.words import Line, make_page
from extractors.reader.read_errors import ReadError, ReadReason
from models.errors import PescoError

if TYPE_CHECKING:
    from rapidocr import RapidOCR

# Below 120 dots per inch small print blurs, above 150 the engine only takes longer and loses blanks between words.
_DOTS_PER_INCH = 150
_MAX_SIDE = 3500
_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
_MIN_SCORE = 0.5
# Lines the right way up are recognised with scores of 0.9 and more, upside down with some 0.6.
_DOUBTFUL_SCORE = 0.8


class OcrUnavailableError(PescoError):
    """The extra ``[ocr]`` is not installed; install it with ``pip install 'pesco-pipeline[ocr]'``."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page recognised from its picture; ``score`` says how sure the engine was of its lines, 0 to 1."""

    glyphs: PageGlyphs
    score: float

    @property
    def is_doubtful(self) -> bool:
        """Tell whether what was recognised may not be what is printed."""
        return self.score < _DOUBTFUL_SCORE


def is_available() -> bool:
    """Return whether pages can be recognised here."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "pypdfium2"))


def read_scanned_page(source: Path | bytes, number: int, *, password: str | None = None) -> ScannedPage:
    """Return page ``number`` (from 1) recognised from its picture, with ``is_ocr`` set.

    One glyph per character, words as the engine parts them, edges from the rulings in the picture. The page is set
    straight: where the scan leans, places are those on the straight page, off the print by what the lean makes of it.
    Where hardly a line is recognised with certainty, the picture is read upside down too, and taken so if that is sure.
    Raises ``OcrUnavailableError`` and ``ReadError``.
    """
    if not is_available():
        raise OcrUnavailableError("install the extra [ocr] to read pages that are pictures")
    picture = set_straight(_render(source, number, password))
    lines, score = _recognise(picture)
    found = ScannedPage(make_page(number, picture, lines, find_rulings(picture)), score)
    if not lines or not found.is_doubtful:
        return found
    over = replace(picture, pixels=np.ascontiguousarray(picture.pixels[::-1, ::-1]))
    lines, score = _recognise(over)
    if score < _DOUBTFUL_SCORE:
        return found
    return ScannedPage(_turn_back(make_page(number, over, lines, find_rulings(over))), score)


def _turn_back(page: PageGlyphs) -> PageGlyphs:
    """Return a page that was read upside down with the places that its print has on the page as it lies."""
    right, bottom = page.width, page.height
    return replace(
        page,
        x0=right - page.x1,
        top=bottom - page.bottom,
        x1=right - page.x0,
        bottom=bottom - page.top,
        upright=np.zeros(len(page), dtype=np.bool_),
        edges=np.array([right, bottom, right, bottom]) - page.edges[:, [2, 3, 0, 1]],
    )


def _render(source: Path | bytes, number: int, password: str | None) -> Picture:
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    try:
        pdf = pypdfium2.PdfDocument(source, password=password)
        try:
            page = pdf[number - 1]
            width, height = page.get_size()
            scale = min(_DOTS_PER_INCH / 72, _MAX_SIDE / max(width, height, 1.0))
            pixels = page.render(scale=scale, grayscale=True, no_smoothimage=False).to_numpy()
        finally:
            pdf.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise ReadError(ReadReason.DAMAGED, f"page {number}: {error}") from error
    return Picture(np.ascontiguousarray(pixels.reshape(pixels.shape[:2])), scale, float(width), float(height))


@cache
def load_engine() -> "RapidOCR":
    """Return the recogniser, made once per process. It uses one core: pages are spread over processes."""
    from rapidocr import RapidOCR

    params: dict[str, Any] = {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "Global.max_side_len": _MAX_SIDE,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    }
    # Named by path, so that a missing model is an error and never a download.
    models = files("rapidocr") / "models"
    params |= {f"{part}.model_path": str(models / name) for part, name in _MODELS.items()}
    return RapidOCR(params=params)


def _recognise(picture: Picture) -> tuple[list[Line], float]:
    """Return the lines of a picture, and the mean of their scores, 0 where there is none. Of a line on its side the
    engine knows the words, but not where they stand: it counts as 0."""
    colours = np.repeat(picture.pixels[:, :, None], 3, axis=2)
    found: Any = load_engine()(colours, return_word_box=True, return_single_char_box=True, text_score=_MIN_SCORE)
    if found.boxes is None:
        return [], 0.0
    lines = []
    for box, text, parts in zip(found.boxes, found.txts, found.word_results, strict=True):
        corners = np.asarray(box, dtype=np.float64)
        spans = [(str(part[0]), _extent(part[2])) for part in parts]
        left, top = corners.min(axis=0)
        right, bottom = corners.max(axis=0)
        lines.append(Line(str(text), float(left), float(top), float(right), float(bottom), spans))
    sure = [0.0 if _is_on_its_side(line) else score for line, score in zip(lines, found.scores, strict=True)]
    return lines, float(np.mean(sure)) if sure else 0.0


def _is_on_its_side(line: Line) -> bool:
    return len(line.text) > 1 and line.bottom - line.top > line.right - line.left


def _extent(box: object) -> tuple[float, float]:
    xs = np.asarray(box, dtype=np.float64)[:, 0]
    return float(xs.min()), float(xs.max())
