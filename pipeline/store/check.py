"""The gate before the database: rows that fit their model pass, the others become issues with their payload.

An ``Extraction`` comes in; ``CheckedRows`` leave, ready to be written. A fact needs at least one mention that passed,
and a project, state and commitment that the gazetteers know. Nothing is dropped without an ``invalid_record`` issue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from models.errors import EdtfError
from models.extraction import Extraction
from models.facts import CommitmentStatus, Fact, Milestone, Participation
from models.issues import Issue, Severity
from pipeline.store import rows
from pipeline.store.ids import IdMaker
from pipeline.store.records import ROWS
from pipeline.store.rows import DocumentKey, Prints, RawRow

Values = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the gazetteers in the database hold: facts must refer to these."""

    projects: frozenset[str]
    states: frozenset[str]
    commitments: frozenset[str]


@dataclass(slots=True)
class CheckedRows:
    """Rows by table, as tuples in the order of their model's fields; ``mentions_by_kind`` counts values."""

    tables: dict[str, list[Values]] = field(default_factory=dict)
    mentions_by_kind: dict[str, int] = field(default_factory=dict)

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return len(self.tables.get(table, ()))


# Fact table -> link table. The link's first column is the fact's id.
LINKS = {
    "participations": "participation_mentions",
    "milestones": "milestone_mentions",
    "commitment_statuses": "commitment_status_mentions",
}


def check_extraction(key: DocumentKey, extraction: Extraction, known: Known) -> CheckedRows:
    """Return the rows of a document that may be stored; what may not is among its issues."""
    gate = _Gate(key, known)
    gate.pass_all("pages", rows.page_rows(key, extraction))
    prints = gate.pass_mentions(extraction)
    gate.pass_candidates(extraction)
    gate.pass_facts(extraction, prints)
    gate.pass_tables(extraction)
    gate.pass_all("corrections", rows.correction_rows(key, extraction))
    gate.pass_issues(extraction.issues)
    return gate.checked


def check_row(table: str, row: RawRow) -> Values:
    """Return one checked row in the order of its model's fields; raises pydantic's ``ValidationError``."""
    return tuple(ROWS[table].__pydantic_validator__.validate_python(row).__dict__.values())


class _Gate:
    """Collects what passes; remembers what does not as issues."""

    def __init__(self, key: DocumentKey, known: Known) -> None:
        self.key = key
        self.known = known
        self.ids = IdMaker()
        self.checked = CheckedRows()
        self.refused: list[Issue] = []

    def pass_all(self, table: str, raw_rows: Iterable[RawRow]) -> None:
        """Pass rows of one table."""
        for row in raw_rows:
            self.pass_one(table, row)

    def pass_one(self, table: str, row: RawRow) -> bool:
        """Pass a row or note why it does not."""
        try:
            values = check_row(table, row)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            self.refuse(table, row, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
            return False
        self.checked.tables.setdefault(table, []).append(values)
        return True

    def refuse(self, table: str, payload: RawRow, reason: str) -> None:
        """Note a record that cannot be stored."""
        page = payload.get("page")
        where = page if isinstance(page, int) and page >= 1 else None
        message = f"a record for {table} does not fit its schema and was left out: {reason}"
        context: dict[str, object] = {"table": table, "record": payload, "reason": reason}
        self.refused.append(Issue("invalid_record", Severity.ERROR, where, message, context))

    def pass_mentions(self, extraction: Extraction) -> list[Prints]:
        """Pass the mentions; return the rows of each print, by its index."""
        prints: list[Prints] = []
        for mention in extraction.mentions:
            found = Prints()
            prints.append(found)
            try:
                raw_rows = list(rows.mention_rows(self.key, self.ids, mention))
            except EdtfError as error:
                self.refuse("mentions", {"page": mention.page, "mention": repr(mention)}, str(error))
                continue
            for row in raw_rows:
                if self.pass_one("mentions", row):
                    found.values.append((str(row["value"]), str(row["id"])))
            kind = mention.kind.value
            self.checked.mentions_by_kind[kind] = self.checked.mentions_by_kind.get(kind, 0) + len(found.values)
        return prints

    def pass_candidates(self, extraction: Extraction) -> None:
        """Pass the references without a number."""
        for mention in extraction.candidates:
            self.pass_all("candidates", rows.candidate_rows(self.key, self.ids, mention))

    def pass_facts(self, extraction: Extraction, prints: list[Prints]) -> None:
        """Pass participations, milestones and commitment statuses with links to their evidence."""
        for table, position, fact in _facts(extraction):
            try:
                row = rows.fact_row(self.key, self.ids, fact, position)
            except EdtfError as error:
                self.refuse(table, {"page": fact.page, "fact": fact.model_dump(mode="json")}, str(error))
                continue
            evidence = _evidence(fact, prints)
            row["mention_ids"] = rows.to_json(evidence)
            reason = self._unfit(fact) if evidence else "none of the mentions it rests on is stored"
            if reason:
                self.refuse(table, row, reason)
            elif self.pass_one(table, row):
                links = self.checked.tables.setdefault(LINKS[table], [])
                links += [(str(row["id"]), mention_id) for mention_id in evidence]

    def _unfit(self, fact: Fact) -> str | None:
        """Return why a fact refers to nothing known, or ``None``."""
        if isinstance(fact, Participation | Milestone) and fact.project not in self.known.projects:
            return f"project: {fact.project!r} is in no rule file"
        if isinstance(fact, Participation | CommitmentStatus) and fact.state not in {*self.known.states, "ALL"}:
            return f"state: {fact.state!r} is in no rule file"
        if isinstance(fact, CommitmentStatus) and fact.commitment not in self.known.commitments:
            return f"commitment: {fact.commitment!r} is in no rule file"
        return None

    def pass_tables(self, extraction: Extraction) -> None:
        """Pass tables and their cells."""
        for table in extraction.tables:
            row = rows.table_row(self.key, self.ids, table)
            if self.pass_one("tables", row):
                self._pass_cells(rows.cell_rows(str(row["id"]), table))

    def _pass_cells(self, cells: Iterable[RawRow]) -> None:
        """Pass the cells of a table; of two in the same place the second is refused."""
        taken: set[tuple[object, object]] = set()
        for cell in cells:
            place = cell["row"], cell["column"]
            if place in taken:
                self.refuse("cells", cell, "another cell stands in the same place")
            elif self.pass_one("cells", cell):
                taken.add(place)

    def pass_issues(self, issues: Iterable[Issue]) -> None:
        """Pass the document's own issues, then those of records that did not pass."""
        about: dict[str, str | None] = {"document_id": self.key.id, "filename": self.key.filename}
        position = 0
        for issue in issues:
            position += self.pass_one("issues", rows.issue_row(self.ids, issue, position, about))
        # An issue that is itself unfit is refused like any record, and a refusal that is unfit is stripped to its code.
        for issue in tuple(self.refused):
            if not self.pass_one("issues", rows.issue_row(self.ids, issue, position, about)):
                bare = Issue(issue.code, issue.severity, issue.page, "a record does not fit and cannot be shown")
                self.pass_one("issues", rows.issue_row(self.ids, bare, position, about))
            position += 1


def _facts(extraction: Extraction) -> Iterator[tuple[str, int, Fact]]:
    """Yield (table, position, fact)."""
    for table, facts in (
        ("participations", extraction.participations),
        ("milestones", extraction.milestones),
        ("commitment_statuses", extraction.statuses),
    ):
        for position, fact in enumerate(facts):
            yield table, position, fact


def _evidence(fact: Fact, prints: list[Prints]) -> list[str]:
    """Return the ids of the mention rows that a fact rests on, each once, in the fact's order."""
    wanted = [str(value) for value in fact.model_dump(exclude={"evidence", "page", "rule_id", "quote"}).values()]
    found: dict[str, None] = {}
    for index in fact.evidence:
        if 0 <= index < len(prints):
            found.update(dict.fromkeys(prints[index].ids_for(wanted)))
    return list(found)
