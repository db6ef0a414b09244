"""Printed headings become fields by rule files; what nothing explains is said, not lost."""

from extractors.views import TableView, TextView, plain_view
from models.spans import Box
from pipeline.relations.layouts import load_headings, load_layouts, map_issues, map_table

VIEW = plain_view("text")


def table(*headings: str) -> TableView:
    return TableView(0, "", headings, ((None,) * len(headings),), 1, (), (Box(7, 0.0, 0.0, 1.0, 1.0),))


def view_of(*tables: TableView) -> TextView:
    return TextView(VIEW.text, VIEW.origins, VIEW.glyphs, VIEW.blocks, tables)


def test_a_known_style_is_named() -> None:
    found = map_table(table("Project", "Coordina tor", "Members", "Phase", "IOC", "FOC"), VIEW)
    assert found.layout == "annual report: projects"
    assert found.fields == ("project", "coordinator", "members", "phase", "ioc", "foc")


def test_every_style_speaks_the_language_of_the_headings() -> None:
    headings = load_headings()
    for name, pairs in load_layouts():
        assert pairs, name
        for heading, field in pairs:
            assert headings.get(heading, field) == field, (name, heading)


def test_the_lowest_known_level_of_a_heading_decides() -> None:
    assert map_table(table("Capability / IOC", "Capability / FOC"), VIEW).fields == ("ioc", "foc")


def test_an_unknown_heading_is_an_issue_with_page_and_heading() -> None:
    one = table("Project", "Weather")
    (issue,) = map_issues(view_of(one), [map_table(one, VIEW)])
    assert (issue.code, issue.page, issue.context["heading"]) == ("unknown_heading", 7, "Weather")


def test_a_table_about_other_things_is_kept_and_said() -> None:
    one = table("Ship type", "Radar")
    (issue,) = map_issues(view_of(one), [map_table(one, VIEW)])
    assert (issue.code, issue.severity) == ("unmapped_table", "info")


def test_a_heading_of_two_ends_has_a_field_of_its_own() -> None:
    fields = map_table(table("Initial / full operational capability", "First and last delivery"), VIEW).fields
    assert fields == ("capability_span", "delivery_span")
