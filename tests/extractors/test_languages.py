"""Languages by their small words: one sentence or two of each must be enough."""

import pytest

from extractors.identity.languages import find_language, load_languages

EXAMPLES = [(language, text) for language, texts in load_languages().examples.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), EXAMPLES)
def test_examples_are_told_apart(language: str, text: str) -> None:
    assert find_language(text) == language


def test_every_language_has_an_example() -> None:
    assert set(load_languages().examples) == set(load_languages().words)


@pytest.mark.parametrize("text", ["", "Annual Report 2025", "lorem ipsum dolor " * 20, "FOC IOC 2025 EDA " * 20])
def test_it_refuses_to_guess(text: str) -> None:
    assert find_language(text) is None
