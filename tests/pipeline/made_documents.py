"""Documents made for tests: extractions of any size whose facts refer to the gazetteers made here."""

import hashlib

from models.extraction import CellRecord, Extraction, TableRecord
from models.facts import (
    CommitmentStatus,
    DocumentFacts,
    DocumentKind,
    Milestone,
    MilestoneKind,
    Participation,
    Role,
    Status,
)
from models.issues import Issue, Severity
from models.mentions import Mention, MentionKind
from models.spans import Box, Span
from pipeline.store.gazetteer_records import CommitmentRow, ProjectNameRow, ProjectRow, StateRow
from pipeline.store.gazetteer_tables import Gazetteers
from pipeline.store.ledger import FileFacts
from pipeline.store.load import DocumentFile, Versions

VERSIONS = Versions(reader="reader1", rules="rules1", code="code1")


def make_gazetteers() -> Gazetteers:
    """Two projects, three states, twenty commitments."""
    projects = tuple(
        ProjectRow(**{**dict.fromkeys(ProjectRow.model_fields), "slug": slug, "name": slug.upper(), "wave": 1})
        for slug in ("csip", "harmspro")
    )
    names = tuple(ProjectNameRow(project=row.slug, name=row.name, kind="short", is_ambiguous=0) for row in projects)
    states = tuple(
        StateRow(code=code, name=name, code3=None, eu_code=None, pesco_role="pms", pms_since=None)
        for code, name in (("FI", "Finland"), ("IT", "Italy"), ("NL", "Netherlands"))
    )
    commitments = tuple(
        CommitmentRow(number=number, area="a", area_label=None, summary=f"summary {number}", confidence=None)
        for number in range(1, 21)
    )
    return Gazetteers(projects, names, states, commitments)


def make_mention(kind: MentionKind, values: tuple[str, ...], text: str, *, page: int = 1, at: int = 0) -> Mention:
    """A mention on one line, ``at`` characters into its page."""
    box = Box(page, 50.0 + at, 100.0, 50.0 + at + len(text), 110.0)
    return Mention(kind, values, text, page, Span(at, at + len(text)), (box,), f"test.{kind.value}")


def make_extraction(
    *,
    pages: int = 1,
    per_page: int = 4,
    role: Role = Role.COORDINATOR,
    date: str | None = "2024-06-30",
    word: str = "pesco",
) -> Extraction:
    """A document that says on each page who takes part in what; every fact kind occurs."""
    mentions: list[Mention] = []
    participations: list[Participation] = []
    milestones: list[Milestone] = []
    statuses: list[CommitmentStatus] = []
    for page in range(1, pages + 1):
        for line in range(per_page):
            first = len(mentions)
            at = line * 100
            mentions += [
                make_mention(MentionKind.PROJECT, ("csip",), "CSIP", page=page, at=at),
                make_mention(MentionKind.STATE, ("IT",), "Italian", page=page, at=at + 10),
                make_mention(MentionKind.DATE, ("2026",), "2026", page=page, at=at + 20),
                make_mention(MentionKind.COMMITMENT, ("6", "7", "8", "9"), "commitments 6 to 9", page=page, at=at + 30),
            ]
            base = {"page": page, "rule_id": "test.rule", "quote": "CSIP is led by Italy"}
            if line == 0:
                participations.append(
                    Participation(**base, evidence=(first, first + 1), project="csip", state="IT", role=role)
                )
                milestones.append(
                    Milestone(
                        **base, evidence=(first, first + 2), project="csip", milestone=MilestoneKind.FOC, date="2026"
                    )
                )
                statuses.append(
                    CommitmentStatus(**base, evidence=(first + 3,), state="ALL", commitment="7", status=Status.MET)
                )
    cell = CellRecord(0, 0, 0, 1, 1, True, "", "State", (Box(1, 0.0, 0.0, 9.0, 9.0),))
    table = TableRecord(0, "Table 1", ("State",), (1,), 1, 1, True, "", (cell,))
    return Extraction(
        document=DocumentFacts(
            kind=DocumentKind.ANNUAL_REPORT, title="Annual report", language="en", year=2024, date=date
        ),
        page_texts=tuple(f"page {page} of the {word} report" for page in range(1, pages + 1)),
        mentions=tuple(mentions),
        candidates=(make_mention(MentionKind.COMMITMENT, ("1",), "budgets in real terms"),),
        participations=tuple(participations),
        milestones=tuple(milestones),
        statuses=tuple(statuses),
        tables=(table,),
        issues=(Issue("unknown_heading", Severity.WARNING, 1, "a heading is unknown", {"heading": "Remarks"}),),
    )


def make_file(*names: str, content: str = "a", folder: str = "/in") -> DocumentFile:
    """A document's bytes under one name or more."""
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return DocumentFile(
        sha256, len(content), tuple(FileFacts(f"{folder}/{name}", name, len(content), 1) for name in names)
    )
