"""Correction files: what an entry may say, and what is said of a mistake."""

from pathlib import Path

import pytest

from models.corrections import Addition, Rejection, Setting
from models.errors import CorrectionError
from pipeline.corrections.files import corrections_mark, parse_entries, read_corrections

SIGNED = "  document: nip-fi-2025.pdf\n  who: Ada\n  when: 2026-11-25\n  why: misread\n"
REJECT = f"- reject: mention\n  id: 0123456789abcdef0123\n{SIGNED}"
SET = f"- set: milestone\n  id: 0123456789abcdef0123\n  values: {{date: 2027-06}}\n{SIGNED}"
ADD = (
    f"- add: participation\n  page: 3\n  quote: Norway takes part\n"
    f"  values: {{project: essor, state: NO, role: third_state}}\n{SIGNED}"
)


def test_each_action_gives_its_model() -> None:
    reject, set_, add = (entry.said for entry in parse_entries("a.yml", REJECT + SET + ADD))
    assert isinstance(reject, Rejection)
    assert isinstance(set_, Setting)
    assert isinstance(add, Addition)
    assert add.values["state"] == "NO", "YAML 1.1 would read Norway as false"
    assert set_.values == {"date": "2027-06"}
    assert reject.when == "2026-11-25"


def test_lines_are_those_of_the_file() -> None:
    entries = parse_entries("a.yml", f"# one\n\n{REJECT}\n# two\n{ADD}")
    assert [entry.line for entry in entries] == [3, 11]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reject: mention\n", "a.yml, line 1: a correction file is a list of entries"),
        ("- reject: mention\n  set: mention\n", "a.yml, line 1: an entry has exactly one of reject, set, add"),
        ("- word\n", "a.yml, line 1: an entry has names and values"),
        (REJECT.replace("mention", "documents"), "a.yml, line 1: reject: Input should be"),
        (REJECT.replace("  why: misread\n", ""), "a.yml, line 1: why: Field required"),
        (REJECT.replace("  who: Ada", "  who:"), "a.yml, line 4: who: Input should be a valid string"),
        (REJECT.replace("0123456789abcdef0123", "012"), "a.yml, line 2: id: String should match"),
        (REJECT + "  whom: Ada\n", "a.yml, line 7: whom: Extra inputs are not permitted"),
        (REJECT + "  who: Ada\n", "a.yml, line 7: the key 'who' stands here twice"),
        (REJECT + "  was: [1]\n", "a.yml, line 7: was: no list is wanted here"),
        (SET.replace("2027-06", "June"), "a.yml, line 1: not EDTF: 'June'"),
        (SET.replace("date:", "day:"), "a.yml, line 1: values: a milestone has no day; it has project, milestone,"),
        (SET.replace("date: 2027-06", "milestone: oic"), "values: milestone cannot be 'oic': Input should be 'launch'"),
        (SET.replace("milestone\n", "document\n"), "id: an entry for a document has none"),
        (ADD.replace(", role: third_state", ""), "a.yml, line 1: role: Field required"),
        (ADD.replace("page: 3", "page: 0"), "a.yml, line 2: page: Input should be greater"),
        ("- reject: [\n", "a.yml, line 2:"),
    ],
)
def test_a_mistake_names_file_line_and_reason(text: str, said: str) -> None:
    with pytest.raises(CorrectionError) as raised:
        parse_entries("a.yml", text)
    assert said in str(raised.value)


def test_files_are_read_in_the_order_of_their_names_and_an_entry_stands_once(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "none").entries == ()
    (tmp_path / "b.yml").write_text(REJECT)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "z.yml").write_text("# nothing yet\n")
    (tmp_path / "a" / "c.yaml").write_text(ADD)
    assert [entry.file for entry in read_corrections(tmp_path).entries] == ["a/c.yaml", "b.yml"]
    (tmp_path / "c.yml").write_text(f"# again\n{REJECT}")
    with pytest.raises(CorrectionError, match=r"c\.yml, line 2: the same entry stands in b\.yml, line 1"):
        read_corrections(tmp_path)


def test_an_entry_names_its_document_by_hash_or_file_name() -> None:
    sha256 = "0123456789ab" + "c" * 52
    text = "".join(REJECT.replace("nip-fi-2025.pdf", name) for name in (sha256[:12], sha256[:11], sha256, "x.pdf"))
    folder = type(read_corrections(None))(tuple(parse_entries("a.yml", text)))
    assert [entry.said.document for entry in folder.for_document(sha256, ["x.pdf"])] == [sha256[:12], sha256, "x.pdf"]
    assert folder.for_document("f" * 64, ["y.pdf"]) == ()


def test_the_mark_depends_on_what_entries_say_and_not_on_where_they_stand() -> None:
    one, other = (parse_entries("a.yml", text) for text in (REJECT + SET, f"# moved\n\n{REJECT}{SET}"))
    assert corrections_mark(one) == corrections_mark(other)
    assert corrections_mark(one) != corrections_mark(one[::-1])
    assert corrections_mark(parse_entries("a.yml", REJECT.replace("Ada", "Eva"))) != corrections_mark(one[:1])
    assert corrections_mark(()) is None
