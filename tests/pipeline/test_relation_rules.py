"""Every way of saying who takes part and by when proves itself on its own sentences."""

from pathlib import Path

import pytest

import pipeline.relations.rules as module
from extractors.mentions import find_mentions
from extractors.views import plain_view
from models.errors import RuleError
from models.facts import DocumentFacts, DocumentKind, Milestone, Participation
from pipeline.relations.milestones import relate_milestones
from pipeline.relations.participations import relate_participations

PLAN = DocumentFacts(kind=DocumentKind.NIP, state="FI", year=2025)
REPORT = DocumentFacts(kind=DocumentKind.ANNUAL_REPORT, year=2025)


def participations(text: str, document: DocumentFacts) -> tuple[Participation, ...]:
    view = plain_view(text)
    return relate_participations(view, find_mentions(view).mentions, document, ())[0]


def milestones(text: str) -> tuple[Milestone, ...]:
    view = plain_view(text)
    return relate_milestones(view, find_mentions(view).mentions, REPORT, ())[0]


@pytest.mark.parametrize(
    ("text", "date", "was"),
    [
        ("Eurodrone: the first delivery moved from 2027 to 2030.", "2030", "2027"),
        ("CSIP: FOC 12/2028 (was mid-2026).", "2028-12", "2026-05~/2026-08~"),
        (
            "For DIVE PACK, led by Bulgaria, IOC was postponed from late 2024 to H1 2026.",
            "2026-40",
            "2024-10~/2024-12~",
        ),
        ("EPC: IOC, previously planned for H1 2026, is now expected in 2027.", "2027", "2026-40"),
        ("GMSCE has had its initial capability since the end of 2020.", "2020-12", None),
        ("CSIP: FOC is expected not before 2027.", "2027/..", None),
    ],
)
def test_a_date_that_moved_keeps_what_it_was(text: str, date: str, was: str | None) -> None:
    assert [(fact.date, fact.was) for fact in milestones(text)] == [(date, was)]


def test_a_fact_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="evidence"):
        Participation(page=1, evidence=(), rule_id="x", quote="x", project="csip", state="IT", role="member")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "US, Canada, Norway and Switzerland work in Military Mobility. The UK is invited.",
            {"US", "CA", "NO", "CH", "GB"},
        ),
        ("The project Military Mobility: three third States (US, Canada and Norway) contribute.", {"US", "CA", "NO"}),
        ("The project Military Mobility: talks with British officials go on; Türkiye asked to join.", set()),
        ("CSIP is mapped together with the UK, which stays outside.", set()),
    ],
)
def test_third_states_take_part_or_not(text: str, expected: set[str]) -> None:
    assert {fact.state for fact in participations(text, REPORT) if fact.role == "third_state"} == expected


def test_a_broken_pattern_is_refused_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = module.read_roles_file().model_copy(
        update={"rules": (module.read_roles_file().rules[0].model_copy(update={"pattern": "({coordinator}"}),)}
    )
    monkeypatch.setattr(module, "read_roles_file", lambda: broken)
    module.load_role_rules.cache_clear()
    with pytest.raises(RuleError, match=r"roles.yml, line \d+"):
        module.load_role_rules()
    module.load_role_rules.cache_clear()
