"""The real fact sheet that a user gave: what it says, and nothing it does not say."""

from pathlib import Path

from models.mentions import MentionKind
from pipeline.derive import derive_document
from pipeline.reading import ReadOptions


def test_the_fact_sheet_says_who_takes_part_from_outside(fact_sheet_pdf: Path) -> None:
    extraction = derive_document(fact_sheet_pdf, ReadOptions(use_ocr=False))
    facts = {(fact.project, fact.state, fact.role.value) for fact in extraction.participations}
    assert facts == {
        ("military-mobility", "US", "third_state"),
        ("military-mobility", "CA", "third_state"),
        ("military-mobility", "NO", "third_state"),
        ("military-mobility", "GB", "third_state"),
        ("netloghubs", "CA", "third_state"),
    }
    assert extraction.milestones == ()
    assert extraction.statuses == ()


def test_the_fact_sheet_prints_no_date_of_its_own(fact_sheet_pdf: Path) -> None:
    document = derive_document(fact_sheet_pdf, ReadOptions(use_ocr=False)).document
    assert (document.kind.value, document.language, document.date) == ("factsheet", "en", None)


def test_counts_of_commitments_are_no_commitments(fact_sheet_pdf: Path) -> None:
    mentions = derive_document(fact_sheet_pdf, ReadOptions(use_ocr=False)).mentions
    assert not [mention for mention in mentions if mention.kind == MentionKind.COMMITMENT]
