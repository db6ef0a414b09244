"""For every mention, the glyphs inside its boxes spell its printed text, as plain pdfplumber sees the page."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest

from extractors.layout.builder import build_view
from extractors.mentions import find_mentions
from extractors.reader.pages import ReadReport, read_pages
from extractors.reader.read_errors import ReadError
from extractors.tables.finder import find_tables
from models.mentions import Mention

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
RAW = sorted((ROOT / "data" / "raw").glob("*.pdf"))
DASHES = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad"))
QUOTES = dict.fromkeys(map(ord, "\"'\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u00ab\u00bb`\u00b4"))


def bare(text: str) -> str:
    """Return what a print and its healed form share: no blanks, dashes, quotes, accents apart."""
    plain = unicodedata.normalize("NFKC", text).translate(DASHES).translate(QUOTES)
    return re.sub(r"\s", "", plain)


def spelled(pdf: pdfplumber.PDF, mention: Mention) -> str:
    """Return the glyphs whose centre lies in a mention's boxes, box by box, from left to right."""
    text = ""
    for box in mention.boxes:
        inside = [
            char
            for char in pdf.pages[box.page - 1].chars
            if box.x0 <= (char["x0"] + char["x1"]) / 2 <= box.x1
            and box.top <= (char["top"] + char["bottom"]) / 2 <= box.bottom
        ]
        text += "".join(char["text"] for char in sorted(inside, key=lambda char: (char["x0"], char["x1"])))
    return bare(text)


def wrong_mentions(path: Path) -> Iterator[str]:
    """Yield each mention of a document whose boxes spell something else."""
    pages = list(read_pages(path, report=ReadReport()))
    view = build_view(pages, [find_tables(page) for page in pages])
    sideways = {page.number for page in pages if not page.upright.all()}
    mentions = find_mentions(view).mentions
    if not mentions:
        return
    # Not closed: pdfplumber builds every page to close a document, and may fail on one that we left out.
    pdf = pdfplumber.open(path)
    for mention in mentions:
        if mention.page in sideways and not set(bare(mention.text)) - set(spelled(pdf, mention)):
            continue  # turned text has no left to right; its letters must be there all the same
        if spelled(pdf, mention) != bare(mention.text):
            yield f"{path.name} p. {mention.page}: {mention.text!r} spelled {spelled(pdf, mention)!r}"


@pytest.mark.parametrize("path", RAW, ids=lambda path: path.stem)
def test_boxes_spell_the_print(path: Path) -> None:
    assert list(wrong_mentions(path)) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("folder", ["dev", "real", "tables", "load", "hostile"])
def test_boxes_spell_the_print_in_the_corpus(folder: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not there")
    wrong: list[str] = []
    for path in sorted((CORPUS / folder).glob("*.pdf")):
        if path.stat().st_size > 6_000_000:
            continue
        try:
            wrong += wrong_mentions(path)
        except ReadError:
            continue
    assert wrong == []
