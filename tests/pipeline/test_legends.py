"""A document's own words decide what its marks, orders and letters mean."""

import pytest

from models.facts import Role
from pipeline.relations.legends import Legends, read_legend_texts, read_legends_file
from pipeline.relations.rules import RelationExample


def said(legends: Legends) -> set[str]:
    marks = {f"{mark} {role}" for mark, role in legends.marks.items()}
    phases = {f"{letter} {phase}" for letter, phase in legends.phases.items()}
    roles = {f"{letter} {role}" for letter, role in legends.roles.items()}
    return marks | phases | roles | ({"first coordinator"} if legends.is_first_coordinator else set())


@pytest.mark.parametrize("example", read_legends_file().examples, ids=lambda example: example.text[:40])
def test_a_legend_says_what_its_example_says(example: RelationExample) -> None:
    assert set(example.gives) <= said(read_legend_texts([example.text]))


@pytest.mark.parametrize("text", read_legends_file().near_misses)
def test_a_near_miss_is_no_legend(text: str) -> None:
    assert read_legend_texts([text]) == Legends()


def test_an_asterisk_means_the_coordinator_unless_said_otherwise() -> None:
    assert read_legend_texts([]).marks["*"] == Role.COORDINATOR
    assert read_legend_texts(["Observers are marked by an asterisk."]).marks["*"] == Role.OBSERVER
