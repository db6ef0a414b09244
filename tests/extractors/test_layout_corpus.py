"""The view of real files: every printed glyph has one place, boxes spell spans, and the gold's texts are there.

``python -m tests.extractors.test_layout_corpus`` prints the share of gold texts found per document, and the misses.
"""

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from extractors.glyphs import PageGlyphs
from extractors.layout.builder import build_view
from extractors.prints import find_prints
from extractors.reader.pages import read_pages
from extractors.reader.read_errors import ReadError
from extractors.tables.finder import find_tables
from extractors.views import TextView
from models.spans import Span

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
SPANS_PER_DOCUMENT = 150
MAX_PAGES = 40
KINDS = ("project", "state", "date", "commitment", "commitment_area")
GOLD = sorted(path for folder in ("dev", "real") for path in (CORPUS / folder).glob("*.gold.jsonl"))
# Right-to-left script, text at other than right angles, vertical script: boxes of runs there overlap other print.
SLANTED = ("rotated.pdf", "habibi", "vertical", "ArabicCID")
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="no folder `shared` beside the checkout")


def read(path: Path) -> tuple[list[PageGlyphs], TextView]:
    """Read the first pages of a document and lay them out."""
    pages = list(read_pages(path, pages=range(1, MAX_PAGES + 1)))
    return pages, build_view(pages, [find_tables(page) for page in pages])


def printed(pages: list[PageGlyphs]) -> set[int]:
    """Return the numbers, over the document, of all glyphs that stand in words."""
    base, found = 0, set()
    for page in pages:
        found.update((page.word_glyphs + base).tolist())
        base += len(page)
    return found


def check_books(pages: list[PageGlyphs], view: TextView) -> None:
    """Every glyph of a word is in the text once or left out, never both; blocks make up the text."""
    origins = view.origins[view.origins >= 0]
    runs = origins[np.concatenate(([True], origins[1:] != origins[:-1]))] if len(origins) else origins
    assert len(set(runs.tolist())) == len(runs)
    left_out = set(view.left_out.tolist())
    assert not left_out & set(runs.tolist())
    assert left_out | set(runs.tolist()) == printed(pages)
    assert "\n".join(view.block_text(block) for block in view.blocks) == view.text
    for block in view.blocks:
        text = view.block_text(block)
        assert "\n" not in text
        assert "  " not in text
        assert text == text.strip()


def stray_glyphs(view: TextView, span: Span, known: set[int]) -> tuple[set[int], set[int]]:
    """Return glyphs of a span with their middle outside its boxes, and other printed glyphs with theirs inside."""
    glyphs, own = view.glyphs, set(view.glyph_indices(span).tolist())
    inside: set[int] = set()
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    (found,) = find_prints(view, [span])
    for box in found.boxes if found else ():
        middle = (glyphs.page == box.page) & (x >= box.x0) & (x <= box.x1) & (y >= box.top) & (y <= box.bottom)
        inside |= set(np.flatnonzero(middle).tolist())
    return own - inside, (inside - own) & known


def check_boxes(pages: list[PageGlyphs], view: TextView, *, may_overlap: float) -> None:
    """The glyphs inside the boxes of a span are its own, cut marks and (a share of spans) overlapping print aside."""
    if len(view.text) < 5:
        return
    known = printed(pages) - set(view.left_out.tolist())
    chance = random.Random(7)
    n_overlaps = 0
    for _ in range(SPANS_PER_DOCUMENT):
        block = chance.choice(view.blocks)
        start = chance.randrange(block.span.start, block.span.end)
        span = Span(start, min(block.span.end, start + chance.randrange(1, 40)))
        missing, strangers = stray_glyphs(view, span, known)
        n_overlaps += bool(missing or strangers)
    assert n_overlaps <= may_overlap * SPANS_PER_DOCUMENT


def _documents(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (CORPUS / folder).glob("*.pdf"))


@needs_corpus
@pytest.mark.parametrize("path", _documents("dev", "real", "tables"), ids=lambda path: path.name)
def test_every_glyph_has_one_place_and_boxes_spell_spans(path: Path) -> None:
    pages, view = read(path)
    check_books(pages, view)
    check_boxes(pages, view, may_overlap=0.02)


@needs_corpus
@pytest.mark.slow
@pytest.mark.parametrize("path", _documents("load", "hostile"), ids=lambda path: path.name)
def test_hostile_and_large_files_too(path: Path) -> None:
    try:
        pages, view = read(path)
    except ReadError:
        pytest.skip("cannot be read")
    check_books(pages, view)
    check_boxes(pages, view, may_overlap=1.0 if any(word in path.name for word in SLANTED) else 0.03)


def plain(text: str) -> str:
    """Unify dashes, quotes and blanks as a view does."""
    text = re.sub("[\u2010-\u2015\u2212\u00ad]", "-", unicodedata.normalize("NFC", text))
    text = re.sub("[\u201c-\u201e]", '"', re.sub("[\u2018-\u201b]", "'", text))
    return " ".join(text.split())


def gold_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (page, printed text) of each mention in a gold file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] in KINDS and "text" in row:
            yield row["page"], plain(row["text"])


def find_missing(view: TextView, wanted: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the mentions that stand in no block of their page."""
    by_page: dict[int, list[str]] = {}
    for block in view.blocks:
        text = plain(view.block_text(block))
        for page in set(view.glyphs.page[view.glyph_indices(block.span)].tolist()):
            by_page.setdefault(page, []).append(text)
    return [(page, text) for page, text in wanted if not any(text in block for block in by_page.get(page, ()))]


@needs_corpus
@pytest.mark.parametrize("gold", [path for path in GOLD if "scan" not in path.name], ids=lambda path: path.name)
def test_texts_of_the_gold_stand_whole_in_one_block(gold: Path) -> None:
    _, view = read(gold.with_name(gold.name.replace(".gold.jsonl", ".pdf")))
    assert find_missing(view, list(gold_texts(gold))) == []


if __name__ == "__main__":
    for gold_path in GOLD:
        if "scan" in gold_path.name:
            continue
        _, laid_out = read(gold_path.with_name(gold_path.name.replace(".gold.jsonl", ".pdf")))
        texts = list(gold_texts(gold_path))
        misses = find_missing(laid_out, texts)
        print(f"{gold_path.name}: {1 - len(misses) / len(texts):.2%} of {len(texts)}", *misses, sep="\n    ")  # noqa: T201 - read with -s
