"""Commitments: the list of the twenty, and one with who met it when and which words may speak of it."""

import sqlite3
from dataclasses import dataclass

from pipeline.room.rows import fetch, fetch_one
from pipeline.room.states import Commitment, StatusGrid, StatusWord, make_grid

COMMITMENTS = """
SELECT c.number, c.area, c.area_label, c.summary,
       (SELECT count(*) FROM mentions m WHERE m.kind = 'commitment' AND m.value = CAST(c.number AS TEXT)) AS mentions,
       (SELECT count(*) FROM commitment_statuses s WHERE s.commitment = CAST(c.number AS TEXT)) AS statuses,
       (SELECT count(*) FROM candidates k WHERE k.kind = 'commitment' AND k.value = CAST(c.number AS TEXT))
           AS candidates
FROM commitments c ORDER BY c.number
"""
COMMITMENT = "SELECT number, area, area_label, summary FROM commitments WHERE number = :number"
STATUSES_OF_COMMITMENT = """
SELECT c.id, c.state, s.name AS state_name, c.commitment, c.status, c.quote, c.page, c.document_id, d.filename,
       d.year,
       coalesce(d.date_to, d.date_from, CASE WHEN d.year IS NOT NULL THEN d.year || '-12-31' END, '') AS as_of
FROM commitment_statuses c JOIN documents d ON d.id = c.document_id LEFT JOIN states s ON s.code = c.state
WHERE c.commitment = :commitment
ORDER BY as_of, d.filename, c.document_id, c.position, c.id
"""
CANDIDATES = """
SELECT id, document_id, filename, page, text FROM candidates WHERE kind = 'commitment' AND value = :commitment
ORDER BY filename, document_id, page, span_start, part LIMIT :limit
"""
N_CANDIDATES = "SELECT count(*) FROM candidates WHERE kind = 'commitment' AND value = :commitment"

_CANDIDATES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A commitment in the list of all, with how often it is named, judged, and perhaps spoken of without its number."""

    number: int
    area: str
    area_label: str | None
    summary: str
    mentions: int
    statuses: int
    candidates: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may speak of the commitment without its number."""

    id: str
    document_id: str
    filename: str
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """Everything that the page of a commitment shows, its mentions aside. ``states`` maps the codes of the grid's rows
    to names; all states together come first."""

    commitment: Commitment
    states: dict[str, str]
    statuses: StatusGrid
    candidates: list[Candidate]
    n_candidates: int


def list_commitment_lines(connection: sqlite3.Connection) -> list[CommitmentLine]:
    """Return the twenty commitments."""
    return fetch(connection, CommitmentLine, COMMITMENTS)


def read_commitment(connection: sqlite3.Connection, number: int) -> CommitmentPage | None:
    """Return a commitment, or ``None`` when there is none of that number."""
    commitment = fetch_one(connection, Commitment, COMMITMENT, number=number)
    if commitment is None:
        return None
    words = fetch(connection, StatusWord, STATUSES_OF_COMMITMENT, commitment=str(number))
    names = {word.state: word.state_name or "all participating states" for word in words}
    return CommitmentPage(
        commitment=commitment,
        states=dict(sorted(names.items(), key=lambda item: (item[0] != "ALL", item[1].casefold()))),
        statuses=make_grid(words, row="state"),
        candidates=fetch(connection, Candidate, CANDIDATES, commitment=str(number), limit=_CANDIDATES_SHOWN),
        n_candidates=int(connection.execute(N_CANDIDATES, {"commitment": str(number)}).fetchone()[0]),
    )
