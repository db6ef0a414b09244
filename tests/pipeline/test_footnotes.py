"""A footnote is about the project that its mark hangs on; marks that hang nowhere, or on two places, tell nothing."""

from dataclasses import replace
from pathlib import Path

from extractors.layout.builder import build_view
from extractors.reader.pages import read_pages
from extractors.tables.finder import find_tables
from extractors.views import BlockKind, TextView
from pipeline.derive import derive_document
from pipeline.reading import ReadOptions
from pipeline.relations.footnotes import find_anchors

SAMPLE = Path(__file__).parents[2] / "data" / "raw" / "list-decision.pdf"


def read_view() -> TextView:
    pages = list(read_pages(SAMPLE))
    return build_view(pages, [find_tables(page) for page in pages])


def test_adoption_dates_in_footnotes_reach_their_projects() -> None:
    facts = derive_document(SAMPLE, ReadOptions(use_ocr=False)).milestones
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
