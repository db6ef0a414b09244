"""What the columns of views and of answers to questions mean, and their units. A name means the same everywhere.

Columns of tables are described by their models (``pipeline.store.records``).
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from pipeline.store import ddl, ddl_later, timeline_sql, view_sql

MEANINGS = {
    "about": "What they differ on: role, phase, or a milestone",
    "advice": "What to do next",
    "area": "Area, a to e",
    "as_of": "The day as of which the document speaks",
    "closure": "Date of closure, EDTF",
    "commitment": "The commitment, 1 to 20",
    "commitment_status_id": "The fact, with its place on the page",
    "commitment_statuses": "How many statuses of commitments",
    "coordinates": "Projects it coordinates",
    "coordinators": "States that coordinate it, ISO 3166-1",
    "date": "EDTF, never more precise than the print",
    "date_from": "First day; empty when open",
    "date_to": "Last day; empty when open",
    "dated_by": "Whether the document bears a date of its own, only a year, or none",
    "delivery_end": "End of delivery, EDTF",
    "delivery_start": "Begin of delivery, EDTF",
    "document_id": "The document",
    "documents": "In how many documents; in a year: how many there are",
    "domain": "Domain of the project",
    "example": "One of them",
    "fact_id": "The fact, with its place on the page",
    "filename": "The document's file name",
    "foc": "Full operational capability, EDTF",
    "ioc": "Initial operational capability, EDTF",
    "issues": "How many issues",
    "kind": "Kind of document or mention",
    "kind_hint": "The kind that a manifest gives",
    "last_day": "Last day of the date",
    "last_milestone_as_of": "When a document last gave one of its milestones",
    "launch": "Date of launch, EDTF",
    "licence": "On what terms it may be used",
    "listed_status": "ongoing or closed, as the rule file of projects says",
    "member_of": "Projects it is a member of",
    "members": "States that are members, ISO 3166-1",
    "members_as_of": "The day of the latest word on its states",
    "mention_id": "The mention, with its place on the page",
    "mentions": "How many mentions",
    "met": "States that last met it",
    "milestone": "launch, ioc, foc, delivery_start, delivery_end, closure or phase",
    "milestone_id": "The fact, with its place on the page",
    "milestones": "How many milestones",
    "milestones_as_of": "The day of the latest word on its milestones",
    "months": "By how much the date moved, where both are equally precise",
    "months_least": "The least by which the date moved; below zero: brought forward",
    "months_most": "The most by which the date moved; as the least where both are equally precise",
    "name": "Name",
    "not_met": "States that last did not meet it",
    "observers": "States that observe it, ISO 3166-1",
    "observes": "Projects it observes",
    "other_as_of": "The day as of which the other document speaks",
    "other_document_id": "The other document",
    "other_fact_id": "The other fact, with its place on the page",
    "other_filename": "The other document's file name",
    "other_page": "Page of the other document",
    "other_role": "Role in the other document",
    "other_state": "The other state, ISO 3166-1",
    "other_status": "Status in the other document",
    "other_value": "What the other document says",
    "page": "Physical page of the PDF, from 1",
    "pages": "How many pages",
    "participation_id": "The fact, with its place on the page",
    "participations": "How many participations",
    "partly": "States that last met it in part",
    "path": "Full path",
    "pesco_role": "Part in PESCO as last known",
    "phase": "ideation, incubation, execution or closing",
    "planned": "States that last planned to meet it",
    "plans": "How many national plans",
    "project": "The project",
    "project_name": "Official name of the project",
    "projects": "How many projects",
    "projects_shared": "The projects that both are in",
    "quote": "The print it was read from",
    "reason": "Why it is not loaded",
    "restricted": "1 when nothing of it may go into a published copy",
    "retrieved": "When it was fetched",
    "role": "coordinator, member, observer or third_state",
    "rule_id": "The rule that found it",
    "seen": "When a run first saw it in this state, UTC",
    "severity": "info, warning or error",
    "size": "Size of the file",
    "state": "The state, ISO 3166-1, or ALL for all participating states together",
    "states": "How many states take part",
    "status": "met, partly, not_met or planned; of a file: why it is here",
    "summary": "What the commitment asks for, in our words",
    "text": "As printed",
    "third_state_in": "Projects it is in as a third state",
    "third_states": "Third states in it, ISO 3166-1",
    "title": "Title as printed",
    "told_by": "one document that gives both dates, or two editions of a series",
    "url": "Where it was fetched from",
    "value": "What the document says; of a mention: what it stands for",
    "was": "The earlier date, EDTF",
    "was_as_of": "The day as of which the earlier edition speaks",
    "was_document_id": "The earlier edition",
    "was_filename": "File name of the earlier edition",
    "was_milestone_id": "The earlier fact, with its place on the page",
    "was_page": "Page of the earlier edition",
    "wave": "Wave of adoption",
    "year": "The year the document reports on",
    "code": "What kind of issue",
}
UNITS = {
    "months": "months",
    "months_least": "months",
    "months_most": "months",
    "size": "B",
}


def read_view_columns() -> dict[str, list[str]]:
    """Return the columns of every view, as SQLite gives them for an empty database."""
    with closing(sqlite3.connect(":memory:")) as connection:
        tables = (ddl.GAZETTEERS, ddl.DOCUMENTS, ddl.MENTIONS, ddl.FACTS, ddl.TABLES, ddl.RUNS)
        later = (*view_sql.VIEWS, *timeline_sql.TIMELINE_VIEWS, ddl_later.RESTRICTED, ddl_later.SOURCES)
        for script in (*tables, *later):
            connection.executescript(script)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY 1")]
        return {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}


def meanings_of(columns: Iterable[str]) -> dict[str, str]:
    """Return what columns mean, with their units in brackets; those without a meaning are left out.

    >>> meanings_of(["months", "nothing"])
    {'months': 'By how much the date moved, where both are equally precise (months)'}
    """
    return {
        name: f"{MEANINGS[name]} ({UNITS[name]})" if name in UNITS else MEANINGS[name]
        for name in columns
        if name in MEANINGS
    }
