"""The rows of projects, states and commitments as the rule files give them."""

from extractors.commitments.rules import load_commitment_texts
from extractors.projects.rules import ProjectEntry, load_project_rules
from extractors.states.rules import load_state_rules
from pipeline.store.gazetteer_records import CommitmentRow, ProjectNameRow, ProjectRow, StateRow
from pipeline.store.gazetteer_tables import Gazetteers


def read_gazetteers() -> Gazetteers:
    """Return the rows; raises ``RuleError`` for a mistake in a rule file."""
    entries = load_project_rules().projects
    return Gazetteers(
        projects=tuple(_project(entry) for entry in entries),
        project_names=tuple(name for entry in entries for name in _names(entry)),
        states=_states(),
        commitments=_commitments(),
    )


def _project(entry: ProjectEntry) -> ProjectRow:
    return ProjectRow(
        slug=entry.slug,
        name=entry.name,
        wave=entry.wave,
        adopted=entry.adopted.isoformat(),
        act=entry.act,
        domain=entry.domain,
        status=entry.status,
        status_date=entry.status_date,
        name_confidence=entry.name_confidence,
        members_confidence=entry.members_confidence,
        unverified=" ".join(entry.unverified) or None,
        notes=entry.notes or None,
    )


def _names(entry: ProjectEntry) -> list[ProjectNameRow]:
    """Return every form once, under the surest kind that it has."""
    kinds = (
        ("official", (entry.name,)),
        ("name", entry.names),
        ("acronym", entry.acronyms),
        ("weak", entry.weak),
        ("risky", entry.risky),
    )
    found: dict[str, str] = {}
    for kind, forms in kinds:
        for form in forms:
            found.setdefault(form, kind)
    return [
        ProjectNameRow(project=entry.slug, name=form, kind=kind, is_ambiguous=int(kind in ("weak", "risky")))
        for form, kind in found.items()
    ]


def _states() -> tuple[StateRow, ...]:
    return tuple(
        StateRow(
            code=entry.code,
            name=entry.name,
            code3=entry.iso3,
            eu_code=entry.eu_code,
            pesco_role=entry.pesco_role,
            pms_since=None if entry.pms_since is None else entry.pms_since.isoformat(),
        )
        for entry in load_state_rules().states
    )


def _commitments() -> tuple[CommitmentRow, ...]:
    return tuple(
        CommitmentRow(
            number=text.number,
            area=area.letter,
            area_label=area.label,
            summary=text.summary,
            confidence=text.confidence,
        )
        for area in load_commitment_texts().areas
        for text in area.commitments
    )
