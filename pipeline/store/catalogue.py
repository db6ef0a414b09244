"""What the browser says of tables and columns: titles, descriptions and units from the models, facets and labels.

``metadata`` returns Datasette's metadata, ``write_metadata`` writes it to a file. Both are stable.
"""

import inspect
import json
from pathlib import Path

from pydantic.fields import FieldInfo

from pipeline.store.questions import queries
from pipeline.store.record_columns import Row
from pipeline.store.records import ROWS
from pipeline.store.view_columns import meanings_of, read_view_columns

Metadata = dict[str, object]

# Each facet of a view would work the whole view out once more; a reader who wants one asks for it.
_FACETS = {
    "documents": ("kind", "year", "state", "language", "status", "restricted"),
    "files": ("status", "reason"),
    "sources": ("licence", "kind", "restricted"),
    "mentions": ("kind", "rule_id", "document_id"),
    "candidates": ("value", "rule_id", "document_id"),
    "participations": ("role", "state", "project", "filename"),
    "milestones": ("milestone", "project", "filename"),
    "commitment_statuses": ("status", "state", "commitment", "filename"),
    "issues": ("severity", "code", "filename"),
    "corrections": ("state", "action", "kind", "file"),
    "tables": ("layout", "filename"),
    "projects": ("wave", "domain", "status"),
    "states": ("pesco_role",),
    "commitments": ("area",),
    "runs": ("status",),
    "run_files": ("outcome", "reason"),
    "changes": ("run_id", "what", "kind", "rule_id", "filename"),
}
# Tables only by columns whose values differ: Datasette turns the pages of others with rows left out between.
_SORT = {
    "runs": ("sort_desc", "id"),
    "projects": ("sort", "name"),
    "states": ("sort", "name"),
    "project_overview": ("sort_desc", "mentions"),
    "state_overview": ("sort_desc", "mentions"),
    "commitment_overview": ("sort", "commitment"),
    "year_overview": ("sort_desc", "year"),
    "files": ("sort", "path"),
    "latest_projects": ("sort", "name"),
    "latest_participations": ("sort", "project"),
    "latest_milestones": ("sort", "date_to"),
    "latest_commitment_statuses": ("sort", "state"),
    "contradictions": ("sort", "project"),
    "document_order": ("sort_desc", "as_of"),
    "project_editions": ("sort", "as_of"),
    "state_editions": ("sort", "as_of"),
    "milestone_slips": ("sort_desc", "months"),
}
_LABELS = {"documents": "filename", "projects": "name", "states": "name", "commitments": "summary", "mentions": "text"}
_VIEWS = {
    "document_order": "Documents in time: those that can be read, with the day as of which each speaks.",
    "latest_projects": "Projects as last known: each with members, dates and phase from the latest document that says.",
    "latest_participations": "Participations as last known: those of the latest document on a project's states.",
    "latest_milestones": "Milestones as last known: the latest word on each step of each project.",
    "latest_commitment_statuses": "Commitment statuses as last known: the latest word on each state and commitment.",
    "contradictions": "Contradictions: two documents that give another role or date, with both sources.",
    "role_contradictions": "Contradicting roles: a state has another role in a later document than in an earlier.",
    "milestone_contradictions": "Contradicting milestones: an earlier and a later document give other dates or phases.",
    "project_editions": "Projects by edition: what each document says of a project's members, phase and dates.",
    "state_editions": "States by edition: the status of each commitment that each document gives.",
    "milestone_slips": "Slips: how far a date moved between two editions of a series, in months.",
    "project_overview": "Projects at a glance: how often and where each is spoken of.",
    "state_overview": "States at a glance: roles in projects, plans and commitment statuses.",
    "commitment_overview": "Commitments at a glance: mentions, and how many states last met each.",
    "year_overview": "Years at a glance: documents and facts by reporting year.",
    "document_sources": "Documents with their sources: address, day and licence of each file, from its manifest.",
    "quarantine": "Quarantine: files that are not loaded, why, and what to do next.",
}
_INNER = (
    "marks",
    "restricted_paths",
    "pages_fts",
    "participation_mentions",
    "milestone_mentions",
    "commitment_status_mentions",
    "_sqlite_migrations",
)


def metadata(database: str = "pesco") -> Metadata:
    """Return Datasette's metadata for a database of that name (its file name without suffix)."""
    tables: dict[str, Metadata] = {name: _table(name, model) for name, model in ROWS.items()}
    columns = read_view_columns()
    for name, text in _VIEWS.items():
        title, _, description = text.partition(": ")
        about = {"title": title, "description": description, "columns": meanings_of(columns[name])}
        tables[name] = {**about, **_browsing(name)}
    for name in _INNER:
        tables[name] = {"hidden": True}
    return {
        "title": "PESCO facts",
        "description": "Projects, states, dates and commitments in PESCO documents, each with its place on the page.",
        "databases": {database: {"tables": tables, "queries": queries()}},
    }


def write_metadata(db: Path, path: Path) -> None:
    """Write the metadata for a database file to ``path``, as JSON."""
    path.write_text(json.dumps(metadata(db.stem), indent=1, ensure_ascii=False), encoding="utf-8")


def _table(name: str, model: type[Row]) -> Metadata:
    title, _, description = inspect.cleandoc(model.__doc__ or "").partition(": ")
    units = {column: unit for column, info in model.model_fields.items() if (unit := _unit(info)) is not None}
    return {
        "title": title,
        "description": description[:1].upper() + description[1:],
        "columns": {column: info.description for column, info in model.model_fields.items() if info.description},
        **({"units": units} if units else {}),
        **_browsing(name),
    }


def _browsing(name: str) -> Metadata:
    found: Metadata = {}
    if name in _FACETS:
        found["facets"] = list(_FACETS[name])
    if name in _SORT:
        direction, column = _SORT[name]
        found[direction] = column
    if name in _LABELS:
        found["label_column"] = _LABELS[name]
    return found


def _unit(info: FieldInfo) -> str | None:
    """Return a column's unit, given at the field or at its type."""
    extra = info.json_schema_extra
    if isinstance(extra, dict) and isinstance(unit := extra.get("unit"), str):
        return unit
    return None
