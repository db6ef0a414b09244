"""Tokens know their offsets, whatever the blanks; phrases match in any case and with or without accents."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.matcher import PhraseMatcher

from extractors.nlp import Phrases, load_vocab, make_doc
from extractors.pieces import cut_pieces, split_pieces

TEXTS = st.text(alphabet=st.sampled_from(list("aB9é²- \n/()ﬁ\0\u3000")), max_size=40)
# Words that begin phrases, go on with them, do both or neither, in the forms that texts print them in.
WORDS = ("a", "A ", "b", "b ", "B ", "é ", "E", "c ", "- ", "-", "7 ", "x ", "x", "\n", "  ", " \n")
PHRASES = ("a", "a b", "a b c", "b-c", "e a", "c 7 c", "b b", "a-b-c", "7")


@given(TEXTS)
def test_offsets_quote_the_text(text: str) -> None:
    doc = make_doc(text)
    assert doc.text == text
    for token in doc:
        assert text[token.idx : token.idx + len(token)] == token.text


@given(TEXTS)
def test_pieces_are_the_tokens(text: str) -> None:
    pieces, doc = cut_pieces(text), make_doc(text)
    assert "".join(pieces.distinct[number] for number in pieces.numbers) == text
    assert len(set(pieces.distinct)) == len(pieces.distinct)
    assert pieces.starts.tolist() == [*(token.idx for token in doc), len(text)]


@given(TEXTS)
def test_a_pattern_is_found_in_the_pieces_that_hold_it(text: str) -> None:
    pieces, pattern = cut_pieces(text), re.compile("a|9 |\\(")
    assert pieces.holding(pattern).tolist() == [pattern.search(piece) is not None for piece in pieces.distinct]
    places = pieces.where(pieces.holding(pattern))
    found = [text[pieces.starts[place] : pieces.starts[place + 1]] for place in places]
    assert found == [piece for piece in split_pieces(text) if pattern.search(piece)]


def test_hyphens_slashes_and_digits_part_tokens() -> None:
    assert [token.text for token in make_doc("German-led iUGS2, AIFV/AAV")] == [
        "German", "-", "led", "iUGS", "2", ",", "AIFV", "/", "AAV",
    ]  # fmt: skip


def test_phrases_fold_case_and_accents() -> None:
    phrases, text = Phrases(), "TURKIYE and türkiye"
    key = phrases.add("TR", ["Türkiye"])
    assert phrases.find(cut_pieces(text)) == [(key, 0, 7), (key, 12, 19)]


@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join), st.sets(st.sampled_from(PHRASES), min_size=1))
def test_stretches_hold_what_the_whole_text_does(text: str, chosen: set[str]) -> None:
    """A matcher that sees the whole text finds the same phrases in the same order."""
    phrases, whole = Phrases(), PhraseMatcher(load_vocab(), attr="NORM")
    for name in ("one", "two"):
        phrases.add(name, sorted(chosen))
        whole.add(name, [make_doc(phrase) for phrase in sorted(chosen)])
    doc = make_doc(text)
    found = [(key, doc[first].idx, doc[last - 1].idx + len(doc[last - 1])) for key, first, last in whole(doc)]
    assert phrases.find(cut_pieces(text)) == found


def test_a_phrase_stands_in_one_line() -> None:
    with pytest.raises(ValueError, match="line feed"):
        Phrases().add("two lines", ["a\nb"])
