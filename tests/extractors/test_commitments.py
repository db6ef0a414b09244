"""Commitments and areas in texts: every example and near miss of the rule file, and properties of lists and ranges."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.commitments.finder import find_commitments
from extractors.commitments.numbers import NumberGrammar, expand_range
from extractors.commitments.paraphrases import find_paraphrases
from extractors.commitments.rules import ExampleRule, load_commitment_rules, load_commitment_texts
from extractors.nlp import make_doc
from extractors.views import plain_view
from models.mentions import Hit, MentionKind

RULES = load_commitment_rules()


def find(text: str) -> tuple[Hit, ...]:
    view = plain_view(text)
    return find_commitments(make_doc(text), view).hits


def cases(rules: tuple[ExampleRule, ...]) -> Iterator[tuple[str, str, str]]:
    for rule in rules:
        for text, values in rule.examples.items():
            yield rule.id, text, values


def misses(rules: tuple[ExampleRule, ...]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        for text in rule.near_misses:
            yield rule.id, text


@pytest.mark.parametrize(("rule_id", "text", "values"), list(cases((*RULES.numbers, *RULES.areas))))
def test_each_example_is_found_by_its_rule(rule_id: str, text: str, values: str) -> None:
    found = [value for hit in find(text) if hit.rule_id == rule_id for value in hit.values]
    if rule_id.endswith("alone"):
        found = [value for hit in find(text) if hit.kind is MentionKind.COMMITMENT_AREA for value in hit.values]
    assert ",".join(found) == values


@pytest.mark.parametrize(("rule_id", "text"), list(misses((*RULES.numbers, *RULES.areas))))
def test_no_near_miss_gives_a_hit_of_its_rule(rule_id: str, text: str) -> None:
    assert [hit for hit in find(text) if hit.rule_id.split(".")[0] == rule_id.split(".")[0]] == []


@pytest.mark.parametrize(
    ("rule_id", "text", "is_hit"),
    [
        (f"paraphrase.{text.number}.{paraphrase.id}", example, is_hit)
        for text in load_commitment_texts().commitments
        for paraphrase in text.paraphrases
        for examples, is_hit in ((paraphrase.examples, True), (paraphrase.near_misses, False))
        for example in examples
    ],
)
def test_paraphrases_hold_to_their_examples(rule_id: str, text: str, *, is_hit: bool) -> None:
    found = {hit.rule_id: hit.values for hit in find_paraphrases(make_doc(text), plain_view(text))}
    assert (rule_id in found) == is_hit
    assert all(values == (rule.split(".")[1],) for rule, values in found.items())


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 19)), min_size=1, max_size=8), st.data())
def test_lists_and_ranges_expand_like_arithmetic(items: list[tuple[int, int]], data: st.DataObject) -> None:
    printed, expected = [], []
    for first, length in items:
        last = min(20, first + length)
        joint = data.draw(st.sampled_from([" to ", "-", "\u2013", " through "]))
        printed.append(f"{first}{joint}{last}" if last > first else str(first))
        expected += [number for number in range(1, 21) if first <= number <= last]
    text = printed[0]
    for item in printed[1:]:
        text += data.draw(st.sampled_from([", ", " and ", "; ", ", and ", " and/or ", ", or ", " as well as "])) + item
    found = NumberGrammar(RULES.words).read(text + " are met.", 0)
    assert found is not None
    assert list(found.values) == expected
    assert found.end == len(text)


@given(st.integers(0, 40), st.integers(0, 40))
def test_numbers_outside_1_to_20_are_kept_apart(first: int, last: int) -> None:
    found = NumberGrammar(RULES.words).read(f"{first}-{last}", 0)
    assert found is not None
    printed = expand_range(first, last) if first < last else (first,)
    assert found.values == tuple(number for number in printed if number in range(1, 21))
    assert set(found.outside) == {number for number in printed if number not in range(1, 21)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("commitment 21", "no commitment has the number 21"),
        ("commitments 18-25", "no commitment has the number 21"),
        ("commitment 0 is", "no commitment has the number 0"),
        ("the commitments (2) of the Annex", "may be a footnote mark"),
        ("MBC 12", "does not explain the abbreviation"),
    ],
)
def test_what_stays_open_is_a_doubt(text: str, reason: str) -> None:
    doubts = find_commitments(make_doc(text), plain_view(text)).doubts
    assert [reason in doubt.reason for doubt in doubts] == [True]


def test_a_footnote_mark_glued_to_a_number_is_cut_off() -> None:
    text = "problems with commitments 4 and 132 remain"
    view = plain_view(text)
    mark = text.index("2 remain")
    view.glyphs.top[mark] += 5.0
    assert [hit.values for hit in find_commitments(make_doc(text), view).hits] == [("4", "13")]


def test_a_mention_spans_all_that_is_printed_of_it() -> None:
    text = "On the last three commitments (Nos 18, 19 and 20), and on binding Commitment 17."
    assert [text[hit.span.start : hit.span.end] for hit in find(text)] == [
        "last three commitments (Nos 18, 19 and 20)",
        "binding Commitment 17",
    ]


def test_a_list_never_runs_into_the_next_block() -> None:
    assert [hit.values for hit in find("see commitments 4 and\n5 are met")] == [("4",)]


def test_area_and_numbers_in_brackets_both_count() -> None:
    found = [(hit.kind.value, hit.values) for hit in find("Commitments in area c (12 to 14) are open")]
    assert found == [("commitment_area", ("c",)), ("commitment", ("12", "13", "14"))]


def test_a_blank_lost_in_recognition_is_no_loss() -> None:
    text = "20commitments exist; commitments3, 5 are shown"
    view = plain_view(text)
    assert find_commitments(make_doc(text), view).hits == ()
    view.glyphs.is_ocr[:] = True
    assert [hit.values for hit in find_commitments(make_doc(text), view).hits] == [("3", "5")]
