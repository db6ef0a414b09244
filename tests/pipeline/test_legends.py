"""A document's own words decide what its marks, orders and letters mean."""

from models.facts import Role
from pipeline.relations.legends import read_legend_texts


def test_an_asterisk_means_the_coordinator_unless_said_otherwise() -> None:
    assert read_legend_texts([]).marks["*"] == Role.COORDINATOR
    assert read_legend_texts(["Observers are marked by an asterisk."]).marks["*"] == Role.OBSERVER
