"""The rule files of states and projects are what their generators make of them: no fact is older than its source."""

from importlib.metadata import version
from pathlib import Path

from extractors.rules import make_projects, make_states


def test_states_are_what_the_libraries_say() -> None:
    text = make_states.TARGET.read_text(encoding="utf-8")
    made = make_states.regenerate(text, [])
    if f"babel {version('babel')} " in text and f"pycountry {version('pycountry')} " in text:
        assert made == text
    assert make_states.regenerate(made, []) == made


def test_states_have_the_roles_of_the_facts(shared: Path) -> None:
    text = make_states.TARGET.read_text(encoding="utf-8")
    made = make_states.regenerate(text, [shared / "facts" / "states.csv"])
    assert made.split("\n", 3)[3] == text.split("\n", 3)[3]


def test_projects_are_what_the_facts_say(shared: Path) -> None:
    text = make_projects.TARGET.read_text(encoding="utf-8")
    assert make_projects.regenerate(text, shared / "facts" / "projects.csv") == text


def test_a_new_project_gets_forms_by_how_ambiguous_it_is(tmp_path: Path) -> None:
    table = tmp_path / "projects.csv"
    head = "slug,official_name,short_names,other_names,wave,adopted,act,coordinators,members_unverified,domain,status"
    head += ",status_date,ambiguity,name_confidence,members_confidence,notes\n"
    row = (
        "asn,Arctic Shield Network (ASN),ASN,Northern Shield Network,7,2027-05-01,Decision,,,Land,ongoing,,HIGH: a name"
    )
    table.write_text(head + row + ",high,none,\n", encoding="utf-8")
    made = make_projects.regenerate(make_projects.TARGET.read_text(encoding="utf-8"), table)
    assert "names: [Arctic Shield Network, Northern Shield Network]\n  risky: [ASN]" in made
    assert "slug: crrt" in made
