"""Makes the facts of commitment statuses: one per commitment of a mention and per state meant, with its evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.facts import CommitmentStatus, Status
from pipeline.relations.mention_index import MentionIndex

ALL = "ALL"
"""Stands for all participating States together."""
_MAX_QUOTE = 600


@dataclass(frozen=True, slots=True)
class Who:
    """A state, or ``ALL``, with the mention that names it where one does."""

    state: str
    mention: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What was read: a status, the rule that read it, and the print it was read from."""

    status: Status
    rule_id: str
    quote: str


def make_statuses(index: MentionIndex, mention: int, whos: Sequence[Who], said: Said) -> Iterator[CommitmentStatus]:
    """Yield what was said for each commitment of a mention and each of those meant, on the mention's page."""
    found = index.mentions[mention]
    for value in found.values:
        for who in whos:
            yield CommitmentStatus(
                page=found.page,
                evidence=(mention,) if who.mention is None else (mention, who.mention),
                rule_id=said.rule_id,
                quote=said.quote[:_MAX_QUOTE],
                state=who.state,
                commitment=value,
                status=said.status,
            )
