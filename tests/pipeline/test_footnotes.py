"""A footnote is about the project that its mark hangs on; marks that hang nowhere, or on two places, tell nothing."""

from dataclasses import replace
from pathlib import Path

from extractors.layout import build_view
from extractors.mentions import find_mentions
from extractors.pages import read_pages
from extractors.tables import find_tables
from extractors.views import BlockKind, TextView
from models.facts import DocumentFacts, DocumentKind
from pipeline.footnotes import find_anchors
from pipeline.relate_milestones import relate_milestones

SAMPLE = Path(__file__).parents[2] / "data" / "raw" / "list-decision.pdf"
DECISION = DocumentFacts(kind=DocumentKind.LIST_DECISION, year=2025)


def read_view() -> TextView:
    pages = list(read_pages(SAMPLE))
    return build_view(pages, [find_tables(page) for page in pages])


def test_adoption_dates_in_footnotes_reach_their_projects() -> None:
    view = read_view()
    facts, _ = relate_milestones(view, find_mentions(view).mentions, DECISION, ())
    launches = {(fact.project, fact.date) for fact in facts if fact.milestone == "launch"}
    assert {("essor", "2018-03-06"), ("eda-ta", "2023-05-22"), ("slia", "2025-05-27")} <= launches


def test_every_anchor_stands_on_the_page_of_its_note() -> None:
    view = read_view()
    anchors = find_anchors(view)
    assert len(anchors) >= 9
    for number, offset in anchors.items():
        assert view.blocks[number].kind == BlockKind.FOOTNOTE
        assert view.glyphs.page[view.origins[offset]] == view.page_of(view.blocks[number].span)


def test_without_marks_no_note_has_a_place() -> None:
    view = read_view()
    assert find_anchors(replace(view, left_out=view.left_out[:0])) == {}
