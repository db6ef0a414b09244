"""What a picture shows, in a sentence, for those who do not see it; the table beside it has the rest."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flows.room.words import count_of, in_words


def alt_of(name: str, rows: Sequence[Any]) -> str:
    """Return the sentence for the picture of that name and its rows."""
    return _SENTENCES[name](rows) if rows else "There is nothing to draw yet."


def _roles(rows: Sequence[Any]) -> str:
    projects, states = {row.project for row in rows}, Counter(row.state_name for row in rows)
    state, most = min(states.items(), key=lambda item: (-item[1], item[0]))
    parts = f"{count_of(len(projects), 'project')} down, {count_of(len(states), 'state')} across"
    return f"A grid of {parts}, each role a coloured cell. Most cells: {state}, {most}."


def _map(rows: Sequence[Any]) -> str:
    first = rows[0]
    most = f"{first.state_name}, {first.projects}"
    return f"A map of Europe, states the darker the more projects they are in. Darkest: {most}."


def _milestones(rows: Sequence[Any]) -> str:
    moved = sum(1 for row in rows if row.was)
    projects = count_of(len({row.project for row in rows}), "project")
    return f"{projects} on a line of time with {count_of(len(rows), 'date')}, of which {moved} moved."


def _commitments(rows: Sequence[Any]) -> str:
    counts = Counter(row.status for row in rows)
    words = ", ".join(f"{counts[status]} {in_words(status)}" for status in ("met", "partly", "not_met", "planned"))
    return f"A grid of states and the 20 commitments in {rows[0].year}: {words}."


def _years(rows: Sequence[Any]) -> str:
    years = sorted({row.year for row in rows})
    span = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    states = count_of(len({row.state for row in rows}), "state")
    return f"A grid of {states} and the years {span}, darker where more is met."


def _mentions(rows: Sequence[Any]) -> str:
    documents = count_of(len({row.id for row in rows}), "document")
    return f"A bar for each of {documents}, {sum(row.mentions for row in rows):,} mentions in all."


_SENTENCES = {
    "roles": _roles,
    "map": _map,
    "milestones": _milestones,
    "commitments": _commitments,
    "years": _years,
    "mentions": _mentions,
}
