"""The queue of what no rule knows: candidates, their order, what they are like and the entry that would add them."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.issues import Issue, Severity
from models.mentions import MentionKind
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.load import load_extraction
from pipeline.store.schema import open_database
from pipeline.unmatched import Candidate, find_names, load_unmatched_rules, read_queue
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers, make_mention

RULES = load_unmatched_rules()


@pytest.mark.parametrize("example", RULES.examples, ids=lambda example: example.text[:40])
def test_examples_are_candidates(example: object) -> None:
    assert list(dict.fromkeys(name for name, _ in find_names(example.text))) == list(example.gives)


@pytest.mark.parametrize("text", RULES.near_misses)
def test_near_misses_are_none(text: str) -> None:
    assert list(find_names(text)) == []


def queue_of(folder: Path, *texts: str, issues: tuple[Issue, ...] = ()) -> list[Candidate]:
    """The queue of documents of one page each, which mention CSIP in their print."""
    connection = open_database(folder / "pesco.db")
    fill_gazetteers(connection, make_gazetteers())
    for place, text in enumerate(texts):
        made = make_extraction(per_page=1)
        known = make_mention(MentionKind.PROJECT, ("csip",), "Critical Seabed Infrastructure Protection (CSIP)", at=50)
        made = replace(made, page_texts=(text,), mentions=(*made.mentions, known), issues=issues)
        name = f"{place}.pdf"
        load_extraction(connection, make_file(name, content=name), made, VERSIONS)
    connection.close()
    return read_queue(folder / "pesco.db")


def test_what_stands_in_most_documents_comes_first(tmp_path: Path) -> None:
    queue = queue_of(
        tmp_path,
        "The project Sky Harbour\nShield goes on. The project Blue Lantern begins.",
        "The project Blue Lantern ended. The project BLUE LANTERN was there.",
    )
    assert [(one.text, one.documents, one.times) for one in queue] == [
        ("Blue Lantern", 2, 2),
        ("Sky Harbour Shield", 1, 1),
    ]
    assert queue[0].places[0][:2] == ("0.pdf", 1)
    assert "The project Blue Lantern begins" in queue[0].places[0][2]


def test_what_a_mention_prints_is_no_candidate(tmp_path: Path) -> None:
    text = (
        "The project Critical Seabed Infrastructure Protection (CSIP) and the projects CSIP and Italian Something (IS)"
    )
    assert queue_of(tmp_path, text) == []


def test_a_renamed_project_is_like_the_old_one(tmp_path: Path) -> None:
    (one,) = queue_of(tmp_path, "The project Critical Undersea Infrastructure Protection 2 (CUIP) is new.")
    assert one.owner == "csip"
    assert one.likeness > 80
    assert one.entry == ('pesco rules add "Critical Undersea Infrastructure Protection 2 (CUIP)" --project csip')


def test_issues_of_a_run_are_in_the_queue(tmp_path: Path) -> None:
    issues = (
        Issue("unknown_heading", Severity.WARNING, 1, "unknown", {"heading": "Coordinating statess"}),
        Issue(
            "unmatched_commitment",
            Severity.WARNING,
            1,
            "no such",
            {"text": "commitment 23", "around": "of commitment 23"},
        ),
    )
    heading, commitment = sorted(queue_of(tmp_path, "nothing", issues=issues), key=lambda one: one.kind, reverse=True)
    assert (heading.kind, heading.owner) == ("heading", "coordinator")
    assert heading.entry == 'pesco rules add "Coordinating statess" --heading coordinator'
    assert (commitment.kind, commitment.entry) == ("commitment", "")
