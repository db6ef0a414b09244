"""Tokens know their offsets, whatever the blanks; names match in any case and with or without accents."""

from hypothesis import given
from hypothesis import strategies as st

from extractors.nlp import make_doc, make_matcher


@given(st.text(alphabet=st.sampled_from(list("aB9é²- \n/()ﬁ")), max_size=40))
def test_offsets_quote_the_text(text: str) -> None:
    doc = make_doc(text)
    assert doc.text == text
    for token in doc:
        assert text[token.idx : token.idx + len(token)] == token.text


def test_hyphens_slashes_and_digits_part_tokens() -> None:
    assert [token.text for token in make_doc("German-led iUGS2, AIFV/AAV")] == [
        "German", "-", "led", "iUGS", "2", ",", "AIFV", "/", "AAV",
    ]  # fmt: skip


def test_a_matcher_folds_case_and_accents() -> None:
    matcher = make_matcher()
    matcher.add("TR", [make_doc("Türkiye")])
    doc = make_doc("TURKIYE and türkiye")
    assert [doc[start:end].text for _, start, end in matcher(doc)] == ["TURKIYE", "türkiye"]
