"""An entry more stands in its place, and nothing else changes; one that breaks a proof leaves no trace."""

from pathlib import Path

import pytest
import yaml

from models.errors import PescoError
from pipeline.rule_edit import Edit, apply_edits, heading_edits, insert, project_edits

FILE = """\
# a comment that stays
projects:
- slug: one
  names: [One Name,  'Two, Names']  # and this one
  notes: long text that
    goes on here
- slug: two
  names:
    - A Name
    - Another
  examples: []

fields:
  phase: [phase]
  'no': [nr]
examples:
  Coordinat or: coordinator
  # the last
  'IOC (year)': ioc
near_misses: [Weather]
"""


def added(edit: Edit) -> list[str]:
    """The lines that an edit changes or adds, as they are then; the rest of the file must stay as it is."""
    after = insert(FILE, edit).splitlines()
    before = FILE.splitlines()
    return [line for line in after if line not in before]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            Edit("f.yml", ("projects", 0, "names"), "Third: Name"),
            ["  names: [One Name,  'Two, Names', 'Third: Name']  # and this one"],
        ),
        (Edit("f.yml", ("projects", 1, "names"), "Third, Name"), ["    - 'Third, Name'"]),
        (Edit("f.yml", ("projects", 1, "examples"), "a b"), ["  examples: [a b]"]),
        (Edit("f.yml", ("projects", 0, "examples"), "a b"), ["  examples: [a b]"]),
        (Edit("f.yml", ("fields", "no"), "no"), ["  'no': [nr, 'no']"]),
        (Edit("f.yml", ("examples",), "phase", key="Stage: now"), ["  'Stage: now': phase"]),
    ],
)
def test_an_edit_changes_its_line_only(edit: Edit, lines: list[str]) -> None:
    assert added(edit) == lines
    data = yaml.safe_load(insert(FILE, edit))
    for step in edit.place:
        data = data[step]
    assert (data[edit.key] if edit.key else data[-1]) == edit.text


def test_what_stands_there_is_not_added_again() -> None:
    with pytest.raises(PescoError, match="'phase' stands in f.yml, line 14, already"):
        insert(FILE, Edit("f.yml", ("fields", "phase"), "phase"))


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(PescoError, match="there is no fields.weather.words"):
        insert(FILE, Edit("f.yml", ("fields", "weather", "words"), "x"))


def test_an_entry_that_breaks_a_proof_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "headings.yml"
    path.write_text(FILE, encoding="utf-8")
    seen = []

    def prove() -> str | None:
        seen.append(path.read_text(encoding="utf-8"))
        return "it breaks"

    with pytest.raises(PescoError, match="not added: it breaks"):
        apply_edits(heading_edits("Stage", "phase"), prove, tmp_path)
    assert "[phase, Stage]" in seen[0]
    assert "  Stage: phase" in seen[0]
    assert path.read_text(encoding="utf-8") == FILE


def test_an_entry_that_holds_stays(tmp_path: Path) -> None:
    path = tmp_path / "projects.yml"
    path.write_text(FILE, encoding="utf-8")
    apply_edits(project_edits(1, "Newly Named", "names", "Newly Named begins"), lambda: None, tmp_path)
    second = yaml.safe_load(path.read_text(encoding="utf-8"))["projects"][1]
    assert second == {"slug": "two", "names": ["A Name", "Another", "Newly Named"], "examples": ["Newly Named begins"]}
