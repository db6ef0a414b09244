"""Sentences as strangers write them, with all that they must give and nothing else (data/relation_sentences.txt)."""

from pathlib import Path

import pytest

from extractors.mentions import find_mentions
from extractors.views import plain_view
from models.facts import DocumentFacts, DocumentKind
from pipeline.relations.milestones import relate_milestones
from pipeline.relations.participations import relate_participations
from pipeline.relations.rules import read_milestones_file

PLAN = DocumentFacts(kind=DocumentKind.NIP, state="LV", year=2025)
REPORT = DocumentFacts(kind=DocumentKind.ANNUAL_REPORT, year=2025)
# Acronyms need a document that speaks of projects.
OPENING = "The PESCO projects are assessed.\n"
LINES = (Path(__file__).parents[1] / "data" / "relation_sentences.txt").read_text(encoding="utf-8").splitlines()
CASES = [line.partition("=>")[::2] for line in LINES if "=>" in line and not line.startswith("#")]


def facts_of(text: str, document: DocumentFacts) -> set[str]:
    view = plain_view(OPENING + text)
    mentions = find_mentions(view).mentions
    found = {
        f"{fact.project} {fact.state} {fact.role}" for fact in relate_participations(view, mentions, document, ())[0]
    }
    for fact in relate_milestones(view, mentions, document, ())[0]:
        moved = f" was {fact.was}" if fact.was else ""
        found.add(f"{fact.project} {fact.milestone} {fact.phase or fact.date}{moved}")
    return found


@pytest.mark.parametrize(("text", "gives"), CASES, ids=[text.strip()[:50] for text, _ in CASES])
def test_a_sentence_gives_just_what_it_says(text: str, gives: str) -> None:
    document = PLAN if text.startswith("PLAN:") else REPORT
    expected = {item.strip() for item in gives.split(",") if item.strip()}
    assert facts_of(text.removeprefix("PLAN:").strip(), document) == expected


@pytest.mark.parametrize("example", read_milestones_file().phase_examples, ids=lambda example: example.text[:50])
def test_a_phase_belongs_to_the_project_that_is_in_it(example: object) -> None:
    view = plain_view(OPENING + example.text)
    facts = relate_milestones(view, find_mentions(view).mentions, REPORT, ())[0]
    given = {f"{fact.project} phase {fact.phase}" + (f" {fact.date}" if fact.date else "") for fact in facts}
    assert given == set(example.gives)


def test_a_printed_private_character_is_no_mention() -> None:
    assert facts_of("The \ue001 and \ue002 of ESSOR: \ue003 France is the coordinator.", REPORT) == {
        "essor FR coordinator"
    }
