"""Rule files with mistakes are refused with file, line and reason; the version follows words, not layout."""

from pathlib import Path

import pytest

from extractors.rule_folders import RULES_FOLDER
from extractors.rulebook import RuleModel, _read_data, read_rules, rule_error, rule_path, rules_version
from models.errors import RuleError


class Entry(RuleModel):
    """An entry of the test's own rule file."""

    code: str
    names: tuple[str, ...]


class Book(RuleModel):
    """The test's own rule file."""

    entries: tuple[Entry, ...]


GOOD = "entries:\n  - code: AT\n    names: [Austria]\n  - code: BE\n    names: [Belgium, 'no']\n"


def write(folder: Path, text: str) -> Path:
    (folder / "book.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_good_file_is_read(tmp_path: Path) -> None:
    book = read_rules("book.yml", Book, write(tmp_path, GOOD))
    assert book.entries[1].names == ("Belgium", "no")


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (GOOD.replace("code: BE", "codes: BE"), 4, "code"),
        (GOOD + "    colour: red\n", 6, "colour"),
        (GOOD.replace("[Austria]", "Austria"), 3, "names"),
        ("entries:\n  - code: [AT\n", 3, "expected"),
        ("entries: []\nentries: []\n", 2, "twice"),
        ("", 1, "valid"),
    ],
    ids=["missing key", "unknown key", "wrong type", "syntax", "repeated key", "empty"],
)
def test_a_mistake_names_file_line_and_reason(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_rules("book.yml", Book, write(tmp_path, text))
    assert f"book.yml, line {line}:" in str(caught.value)
    assert word in str(caught.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="none.yml"):
        read_rules("none.yml", Book, tmp_path)


def test_an_error_between_entries_finds_its_line(tmp_path: Path) -> None:
    error = rule_error("book.yml", ("entries", 1, "names", 1), "clashes with Norway", write(tmp_path, GOOD))
    assert str(error) == "book.yml, line 5: clashes with Norway"


def test_the_version_follows_words_only(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    first = rules_version(write(tmp_path / "a", GOOD))
    assert (
        rules_version(write(tmp_path / "b", "# a comment\n" + GOOD.replace("[Austria]", "\n      - Austria"))) == first
    )
    assert rules_version(write(tmp_path / "c", GOOD.replace("Austria", "Autriche"))) != first


def test_what_was_parsed_is_left_beside_the_file_and_never_outlives_a_change(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second", "third")]
    for folder in folders:
        folder.mkdir()
    assert read_rules("book.yml", Book, write(folders[0], GOOD)).entries[0].code == "AT"
    (parsed,) = (folders[0] / "__pycache__").iterdir()
    for folder, content in ((folders[1], parsed.read_text()), (folders[2], "{")):
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / parsed.name).write_text(content)
        write(folder, GOOD)
    assert read_rules("book.yml", Book, folders[1]) == read_rules("book.yml", Book, folders[2])
    write(folders[1], GOOD.replace("AT", "IT"))
    _read_data.cache_clear()
    assert read_rules("book.yml", Book, folders[1]).entries[0].code == "IT"
    assert len(list((folders[1] / "__pycache__").iterdir())) == 1


def test_the_line_of_a_mistake_is_named_for_a_file_that_was_parsed_before(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("code: BE", "codes: BE"))
    for _ in range(2):
        with pytest.raises(RuleError, match=r"book.yml, line 4"):
            read_rules("book.yml", Book, tmp_path)
        _read_data.cache_clear()


def test_own_files_stand_for_those_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built_in = rules_version()
    own = tmp_path / "headings.yml"
    own.write_bytes((RULES_FOLDER / "headings.yml").read_bytes().replace(b"ignore: [", b"ignore: [weather forecast, "))
    monkeypatch.setenv("PESCO_RULES", str(tmp_path))
    assert rule_path("headings.yml") == own
    assert rule_path("projects.yml") == RULES_FOLDER / "projects.yml"
    assert rules_version() != built_in
    own.write_bytes((RULES_FOLDER / "headings.yml").read_bytes())
    monkeypatch.setenv("PESCO_RULES", "")
    assert rules_version() == built_in


@pytest.mark.parametrize("mistake", ["a file that nothing reads", "no folder"])
def test_own_files_that_would_never_be_read_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    folder = tmp_path / "rules"
    if mistake != "no folder":
        folder.mkdir()
        (folder / "project.yml").write_text("projects: []\n", encoding="utf-8")
    monkeypatch.setenv("PESCO_RULES", str(folder))
    with pytest.raises(RuleError, match="PESCO_RULES"):
        rules_version()
