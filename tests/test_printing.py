"""The printed fact sheet says what its text says."""

from pathlib import Path

import pdfplumber


def words(text: str) -> list[str]:
    return text.split()


def test_the_printed_fact_sheet_has_the_words_of_its_text(fact_sheet_pdf: Path, fact_sheet_text: str) -> None:
    with pdfplumber.open(fact_sheet_pdf) as pdf:
        printed = " ".join(page.extract_text() for page in pdf.pages)
    assert words(printed) == words(fact_sheet_text)


def test_every_sample_has_its_gold_and_every_gold_its_sample(root: Path) -> None:
    samples = {path.stem for path in (root / "data" / "raw").glob("*.pdf")}
    gold = {path.name.removesuffix(".gold.jsonl") for path in (root / "tests" / "gold").glob("*.gold.jsonl")}
    assert samples == gold
    assert len(samples) >= 5
