"""Corrections applied to what rules found in a document: which rows they reach, and what is found from them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.views import plain_view
from models.corrections import DocumentCorrections, Entry, RowKind, read_correction
from models.extraction import Extraction
from models.facts import Participation, Role
from pipeline.corrections.apply import correct_facts
from pipeline.corrections.found import Related, fact_ids, mention_ids
from pipeline.corrections.quotes import find_quote
from pipeline.derive import derive_facts
from pipeline.document import ReadDocument
from pipeline.store.check import Known, check_extraction
from pipeline.store.replace import columns_of
from pipeline.store.rows import DocumentKey

DOCUMENT = "0123456789abcdef0123"
TEXT = (
    "The PESCO project Military Mobility is led by the Netherlands. Its IOC is planned for 2026.\n"
    "Finland is a member of the PESCO project ESSOR. ESSOR reaches FOC in June 2027.\n"
    "The Ministry of Norway spoke of a thing."
)
SIGNED = {"document": DOCUMENT, "who": "Ada", "when": "2026-01-31", "why": "so it is"}
KNOWN = Known(
    projects=frozenset({"military-mobility", "essor", "crrt"}),
    states=frozenset({"NL", "FI", "NO", "SE"}),
    commitments=frozenset(str(number) for number in range(1, 21)),
)


def entries(*said: dict[str, object]) -> DocumentCorrections:
    return DocumentCorrections(
        DOCUMENT, tuple(Entry("a.yml", line, read_correction({**one, **SIGNED})) for line, one in enumerate(said, 1))
    )


def derive(*said: dict[str, object]) -> Extraction:
    return derive_facts(ReadDocument(plain_view(TEXT), 1), None, entries(*said))


def rows(found: Extraction, table: str) -> list[dict[str, object]]:
    """The rows that the database would get, by the gate that stands before it."""
    checked = check_extraction(DocumentKey(DOCUMENT, "x.pdf", "rules"), found, KNOWN)
    assert [row for row in checked.tables.get("issues", []) if "invalid_record" in row] == []
    return [dict(zip(columns_of(table), row, strict=True)) for row in checked.tables.get(table, [])]


def row(found: Extraction, table: str, **wanted: str) -> dict[str, object]:
    (one,) = [one for one in rows(found, table) if all(one[name] == value for name, value in wanted.items())]
    return one


def states(found: Extraction) -> list[tuple[str, str]]:
    return [(record.state.value, record.reason) for record in found.corrections]


APPLIED = [("applied", "")]


def test_without_entries_nothing_is_touched() -> None:
    assert derive() == derive_facts(ReadDocument(plain_view(TEXT), 1))
    assert derive().corrections == ()


def test_ids_are_those_of_the_database() -> None:
    found = derive()
    related = Related(found.mentions, found.participations, found.milestones, found.statuses)
    assert set(mention_ids(DOCUMENT, found.mentions)) == {one["id"] for one in rows(found, "mentions")}
    stored = [one["id"] for table in ("participations", "milestones") for one in rows(found, table)]
    assert list(fact_ids(DOCUMENT, related)) == stored
    assert len(stored) == 4


def test_a_rejected_mention_is_gone_with_the_relations_that_rested_on_it() -> None:
    finland = row(derive(), "mentions", value="FI")
    found = derive({"reject": "mention", "id": finland["id"], "was": {"value": "FI", "text": "Finland", "page": "1"}})
    assert states(found) == APPLIED
    assert "FI" not in [one["value"] for one in rows(found, "mentions")]
    assert [one["state"] for one in rows(found, "participations")] == ["NL"]
    assert found.corrections[0].before == {"kind": "state", "value": "FI", "text": "Finland", "page": "1"}
    assert found.corrections[0].after is None


def test_one_value_of_a_range_is_rejected_alone() -> None:
    view = plain_view("It meets commitments 6 to 9 of PESCO.")
    found = derive_facts(ReadDocument(view, 1))
    ids = {values: row_id for row_id, values in mention_ids(DOCUMENT, found.mentions).items()}
    said = {"reject": "mention", "id": ids[(0, 1)]}
    again = derive_facts(ReadDocument(view, 1), None, entries(said))
    assert found.mentions[0].values == ("6", "7", "8", "9")
    assert again.mentions[0].values == ("6", "8", "9")


def test_a_mention_with_another_value_gives_other_relations() -> None:
    finland = row(derive(), "mentions", value="FI")
    found = derive({"set": "mention", "id": finland["id"], "values": {"value": "SE"}, "was": {"value": "FI"}})
    assert states(found) == APPLIED
    sweden = row(found, "mentions", value="SE")
    assert (sweden["text"], sweden["rule_id"], sweden["id"]) == ("Finland", "correction", found.corrections[0].row_id)
    assert sorted(str(one["state"]) for one in rows(found, "participations")) == ["NL", "SE"]


def test_an_added_mention_has_its_boxes_and_its_place() -> None:
    said = {"add": "mention", "page": 1, "quote": "a thing", "values": {"kind": "project", "value": "crrt"}}
    found = derive(said)
    assert states(found) == APPLIED
    added = row(found, "mentions", value="crrt")
    assert (added["text"], added["rule_id"]) == ("a thing", "correction")
    assert (added["x0"], added["x1"]) == (
        TEXT.splitlines()[2].index("a thing") * 6.0,
        (len("The Ministry of Norway spoke of a thing")) * 6.0,
    )
    assert [one.span for one in found.mentions] == sorted(one.span for one in found.mentions)


def test_an_added_mention_does_not_take_the_words_of_another() -> None:
    said = {"add": "mention", "page": 1, "quote": "of Norway", "values": {"kind": "project", "value": "crrt"}}
    found = derive(said)
    assert states(found) == [("stale", "its words are a state already ('Norway'); reject that one first")]
    norway = row(found, "mentions", value="NO")
    assert states(derive({"reject": "mention", "id": norway["id"]}, said)) == APPLIED * 2


def test_a_fact_with_another_value_keeps_its_evidence() -> None:
    foc = row(derive(), "milestones", milestone="foc")
    found = derive({"set": "milestone", "id": foc["id"], "values": {"date": "2028"}, "was": {"date": "2027-06"}})
    assert states(found) == APPLIED
    new = row(found, "milestones", milestone="foc")
    assert (new["date"], new["date_from"], new["rule_id"]) == ("2028", "2028-01-01", "correction")
    assert (new["quote"], new["mention_ids"]) == (foc["quote"], foc["mention_ids"])
    assert new["id"] == found.corrections[0].row_id != foc["id"]
    assert row(found, "milestones", milestone="ioc") == row(derive(), "milestones", milestone="ioc")


def test_an_entry_may_correct_what_an_earlier_one_made() -> None:
    foc = row(derive(), "milestones", milestone="foc")
    first = {"set": "milestone", "id": foc["id"], "values": {"date": "2028"}}
    later = {"set": "milestone", "id": derive(first).corrections[0].row_id, "values": {"date": "2029"}}
    found = derive(first, later)
    assert states(found) == APPLIED * 2
    assert row(found, "milestones", milestone="foc")["date"] == "2029"
    assert states(derive(later, first)) == [
        ("unknown_target", f"no milestone has the id {later['id']} any more"),
        *APPLIED,
    ]


def test_an_added_fact_rests_on_the_mentions_of_its_values_in_the_quote() -> None:
    said = {
        "add": "participation",
        "page": 1,
        "quote": "The Ministry\nof Nor-way spoke",
        "values": {"project": "crrt", "state": "NO", "role": "third_state"},
    }
    found = derive(said)
    assert states(found) == APPLIED
    added = row(found, "participations", project="crrt")
    norway = row(found, "mentions", value="NO")
    assert (added["rule_id"], added["page"], added["quote"]) == ("correction", 1, "The Ministry of Norway spoke")
    assert added["mention_ids"] == f'["{norway["id"]}"]'
    assert len(rows(found, "mentions")) == len(rows(derive(), "mentions"))


def test_an_added_fact_without_mention_in_its_quote_gets_one_and_the_others_keep_theirs() -> None:
    """The new mention stands before others in the text, so that facts found by rules refer to later places."""
    said = {
        "add": "participation",
        "page": 1,
        "quote": "is led by",
        "values": {"project": "crrt", "state": "SE", "role": "observer"},
    }
    found = derive(said)
    assert states(found) == APPLIED
    added = row(found, "participations", project="crrt")
    made = row(found, "mentions", text="is led by")
    assert (made["kind"], made["value"], made["rule_id"]) == ("project", "crrt", "correction")
    assert added["mention_ids"] == f'["{made["id"]}"]'
    before = {
        one["id"]: one["mention_ids"] for one in (*rows(derive(), "milestones"), *rows(derive(), "participations"))
    }
    after = {one["id"]: one["mention_ids"] for one in (*rows(found, "milestones"), *rows(found, "participations"))}
    assert after == {**before, added["id"]: added["mention_ids"]}


def test_what_a_document_is_reaches_its_relations() -> None:
    """Whom a plan's `we` means follows from whose plan it is."""
    text = "National Implementation Plan\nWe coordinate the PESCO project ESSOR."

    def derived(*said: dict[str, object]) -> Extraction:
        return derive_facts(ReadDocument(plain_view(text), 1), None, entries(*said))

    assert rows(derived(), "participations") == []
    found = derived(
        {"set": "document", "values": {"kind": "nip", "state": "FI", "year": "2025"}, "was": {"state": None}}
    )
    assert states(found) == APPLIED
    assert (found.document.kind, found.document.state, found.document.year) == ("nip", "FI", 2025)
    (lead,) = rows(found, "participations")
    assert (lead["project"], lead["state"], lead["role"]) == ("essor", "FI", "coordinator")


@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [
        ({"reject": "mention", "id": "f" * 20}, "unknown_target", f"no mention has the id {'f' * 20} any more"),
        ({"reject": "milestone", "id": "f" * 20}, "unknown_target", f"no milestone has the id {'f' * 20} any more"),
        (
            {"set": "document", "values": {"year": "2024"}, "was": {"kind": "nip"}},
            "stale",
            "its kind is 'other', where it was 'nip' when it was corrected",
        ),
        (
            {"add": "mention", "page": 1, "quote": "no such words", "values": {"kind": "state", "value": "FI"}},
            "stale",
            "the quote does not stand on page 1",
        ),
        (
            {
                "add": "mention",
                "page": 1,
                "quote": "ESSOR",
                "occurrence": 3,
                "values": {"kind": "state", "value": "FI"},
            },
            "stale",
            "the quote does not stand on page 1 3 times",
        ),
        (
            {"add": "mention", "page": 2, "quote": "a thing", "values": {"kind": "state", "value": "FI"}},
            "stale",
            "the quote does not stand on page 2",
        ),
        (
            {
                "add": "participation",
                "page": 1,
                "quote": "Finland is a member",
                "values": {"project": "essor", "state": "FI", "role": "member"},
            },
            "stale",
            "page 1 says so without it",
        ),
    ],
)
def test_what_cannot_be_applied_is_an_issue_and_changes_nothing(
    said: dict[str, object], state: str, reason: str
) -> None:
    found = derive(said)
    assert states(found) == [(state, reason)]
    (issue,) = [one for one in found.issues if one.code == "stale_correction"]
    assert issue.message == f"a correction in a.yml is not applied: {reason}"
    assert (issue.severity, issue.context["correction"]) == ("warning", found.corrections[0].entry.id)
    for table in ("mentions", "participations", "milestones"):
        assert rows(found, table) == rows(derive(), table)
    assert found.document == derive().document


def test_a_changed_row_is_not_touched() -> None:
    ioc = row(derive(), "milestones", milestone="ioc")
    found = derive({"reject": "milestone", "id": ioc["id"], "was": {"quote": "It was another sentence."}})
    assert states(found)[0][0] == "stale"
    assert "its quote is 'Its IOC is planned for 2026.'" in states(found)[0][1]
    assert row(found, "milestones", milestone="ioc") == ioc


def related(facts: Sequence[tuple[str, str]]) -> Related:
    mentions = derive().mentions
    made = [
        Participation(
            page=1, evidence=(0,), rule_id="r", quote=f"sentence {n}", project=project, state=state, role=Role.MEMBER
        )
        for n, (project, state) in enumerate(facts)
    ]
    return Related(mentions, tuple(made))


@given(st.data(), st.lists(st.tuples(st.sampled_from(["essor", "crrt"]), st.sampled_from(["FI", "SE"])), max_size=6))
def test_an_entry_reaches_the_row_that_its_reader_saw(data: st.DataObject, facts: list[tuple[str, str]]) -> None:
    """However often a fact stands on a page: each rejection is written after a look at the rows that the ones before it
    left, and all of them together take away the same rows."""
    start = seen = related(facts)
    said: list[dict[str, object]] = []
    for _ in range(data.draw(st.integers(0, len(facts)))):
        ids = list(fact_ids(DOCUMENT, seen))
        row_id = data.draw(st.sampled_from(ids))
        gone = seen.participations[ids.index(row_id)]
        said.append({"reject": "participation", "id": row_id, "was": {"quote": gone.quote}})
        seen = seen.with_facts(RowKind.PARTICIPATION, [fact for fact in seen.participations if fact is not gone])
    left, records = correct_facts(plain_view(TEXT), start, entries(*said))
    assert all(record.state == "applied" for record in records)
    assert left == seen


WORDS = st.lists(st.text("abc-", min_size=1, max_size=5), min_size=1, max_size=12)


@given(st.data(), WORDS, st.lists(st.sampled_from([" ", "\n", "\t", "-\n", " | "]), min_size=12, max_size=12))
def test_a_quote_is_found_however_its_words_are_broken(
    data: st.DataObject, words: list[str], breaks: list[str]
) -> None:
    view = plain_view(" ".join(words))
    first = data.draw(st.integers(0, len(words) - 1))
    own = words[first : first + 4]
    quote = "".join(word + gap for word, gap in zip(own, breaks, strict=False))
    solid = "".join(own).replace("-", "")
    span = find_quote(view, 1, quote)
    if not solid:
        assert span is None
        return
    assert span is not None
    assert view.text[span.start : span.end].replace(" ", "").replace("-", "") == solid
    assert find_quote(view, 2, quote) is None
    assert find_quote(view, 1, quote + "z") is None
