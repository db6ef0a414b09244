"""What glyphs stand for: single characters by tables, ligatures, soft hyphens and what lies beyond the tables."""

from dataclasses import replace

import numpy as np
import pytest

from extractors.glyphs import PageGlyphs
from extractors.layout.characters import plain_text, single_codes
from extractors.layout.page_text import page_text
from extractors.views import NO_GLYPH
from tests.extractors.drawn_pages import Sheet


def _page(texts: tuple[str, ...]) -> PageGlyphs:
    sheet = Sheet()
    sheet.write("x" * len(texts), 60, 100)
    return replace(sheet.page(), text=texts)


@pytest.mark.parametrize(
    "texts",
    [
        ("a", "\u2013", "\u201c", "\u00b2"),
        ("e", "\ufb03", "t", "", "\u200b", "ffi", "z"),
        ("a", "\U0001d7d8", "\u0301", "\x00", "b"),
        ("\ufb01",),
    ],
)
def test_glyphs_spell_their_plain_text_whatever_their_order(texts: tuple[str, ...]) -> None:
    shared = page_text(_page(texts), single_codes(texts))
    order = np.array([*range(len(texts)), NO_GLYPH, *reversed(range(len(texts)))])
    plain = [*map(plain_text, texts), " "]
    text, lengths = shared.spell(order)
    expected = [plain[place] for place in order.tolist()]
    assert text == "".join(expected)
    assert lengths is None or lengths.tolist() == [len(part) for part in expected]
    assert list(shared.texts) == plain
    assert shared.is_letter.tolist() == [part[:1].isalnum() for part in texts]
    assert shared.has_raised_signs == ("\u00b2" in texts)
    assert shared.has_accents == ("\u0301" in texts)


@pytest.mark.parametrize("texts", [("a", "\u00ad", "b"), ("\ufb01", "\u00ad", "b"), ("a", "\u200b\u00ad", "b")])
def test_a_soft_hyphen_that_takes_room_is_printed(texts: tuple[str, ...]) -> None:
    page = _page(texts)
    narrow = replace(page, x1=page.x0 + 0.01)
    codes = single_codes(texts)
    assert page_text(page, codes).spell(np.arange(3))[0][-2] == "-"
    assert page_text(narrow, codes).spell(np.arange(3))[0][-2] == "\u00ad"
