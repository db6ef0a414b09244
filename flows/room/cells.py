"""Cells of Datasette's tables that name a thing are links to its page, so that every row leads on to the words.

Which column names what is a matter of names, which are the same in all tables, views and questions.
"""

from collections.abc import Mapping
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from markupsafe import Markup

from flows.room.site import Room

# The column, and the beginning of the address of what it names.
_THINGS = {
    "project": "projects",
    "state": "states",
    "other_state": "states",
    "commitment": "commitments",
    "document_id": "documents",
    "other_document_id": "documents",
    "was_document_id": "documents",
    "mention_id": "mentions",
    "participation_id": "participations",
    "milestone_id": "milestones",
    "was_milestone_id": "milestones",
    "commitment_status_id": "statuses",
}
# A column with a page, and the column beside it that names the document.
_PAGES = {"page": "document_id", "other_page": "other_document_id", "was_page": "was_document_id"}
# Ids in the tables themselves.
_OWN_PAGES = {
    "documents": "documents",
    "mentions": "mentions",
    "participations": "participations",
    "milestones": "milestones",
    "commitment_statuses": "statuses",
}
# So much of an id is shown; `pesco show` needs no more.
_ID_SHOWN = 8
# What these kinds of value name.
_KINDS = {"project": "projects", "state": "states", "commitment": "commitments"}


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(
    row: Any,  # noqa: ANN401 - Datasette has no types
    value: object,
    column: str,
    table: str | None,
    datasette: Datasette,
) -> Markup | None:
    """Return a cell as a link to the page of what it names, or ``None`` for any other cell."""
    if not isinstance(value, str | int) or value in ("", "ALL"):
        return None
    parts = _address(dict(row), str(value), column, table or "")
    if parts is None:
        return None
    label = str(value)[:_ID_SHOWN] if column == "id" or column.endswith("_id") else value
    return Markup('<a href="{}">{}</a>').format(Room(datasette).path_to(*parts), label)


def _address(row: Mapping[str, object], value: str, column: str, table: str) -> tuple[object, ...] | None:
    """Return the parts of the path to what a cell names."""
    if column in _PAGES:
        document = row.get(_PAGES[column])
        return ("documents", document, "pages", value) if document else None
    if column == "id" and table in _OWN_PAGES:
        return (_OWN_PAGES[table], value)
    if column == "value" and str(row.get("kind")) in _KINDS:
        return (_KINDS[str(row["kind"])], value)
    if column in ("slug", "code", "number") and table in ("projects", "states", "commitments"):
        return (table, value)
    return (_THINGS[column], value) if column in _THINGS else None
