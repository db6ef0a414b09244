"""Tables and answers as Parquet in the browser: all their rows, not only the page that is shown."""

import io
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from datasette.app import Datasette

from flows.table_files import can_write_parquet, write_parquet
from models.errors import PescoError
from pipeline.store.relations import Cell

MAX_ROWS = 1_000_000
_PAGE = 1000
_OWN = frozenset({"_next", "_size", "_shape", "_nofacet", "_nocount", "_col", "_nocol", "_facet", "_labels"})
_FINE = 200
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]")
_TYPE = "application/vnd.apache.parquet"


@hookimpl  # type: ignore[untyped-decorator]
def register_output_renderer() -> dict[str, object]:
    """Offer ``.parquet`` beside ``.json`` and ``.csv``."""
    return {"extension": "parquet", "render": render_parquet, "can_render": can_write_parquet}


async def render_parquet(
    datasette: Datasette,
    request: Any,  # noqa: ANN401 - Datasette has no types
    columns: list[str],
    database: str,
    data: Mapping[str, Any],
) -> Response:
    """Return all rows of a table, view or answer; a plain sentence with status 400 when that cannot be."""
    table = data.get("table")
    try:
        if data.get("error"):
            raise PescoError(str(data["error"]))
        if table:
            rows = await _rows_of_table(datasette, request, columns)
        else:
            rows = await _rows_of_query(datasette, database, data)
        stream = io.BytesIO()
        write_parquet(stream, columns, [""] * len(columns), [rows])
    except PescoError as error:
        return Response.text(f"{error}\n", status=400)
    name = table or data.get("query_name") or database
    headers = {"content-disposition": f'attachment; filename="{_NO_NAME.sub("_", name)}.parquet"'}
    return Response(stream.getvalue(), headers=headers, content_type=_TYPE)


async def _rows_of_table(datasette: Datasette, request: Any, columns: list[str]) -> list[list[Cell]]:  # noqa: ANN401
    """Return all rows of a table with its filters, page by page."""
    path = request.path.removesuffix(".parquet")
    kept = [(key, value) for key in request.args for value in request.args.getlist(key) if key not in _OWN]
    rows: list[list[Cell]] = []
    following: object = ""
    while following is not None:
        own = [("_shape", "objects"), ("_size", _PAGE), ("_nofacet", 1), ("_nocount", 1), ("_next", following)]
        answer = await datasette.client.get(f"{path}.json?{urlencode([*kept, *own])}")
        page = answer.json()
        if answer.status_code != _FINE:
            raise PescoError(str(page.get("error", "this table cannot be read")))
        rows += [[row[name] for name in columns] for row in page["rows"]]
        if len(rows) > MAX_ROWS:
            raise PescoError(f"these are more than {MAX_ROWS} rows; filter them, or use pesco export")
        following = page["next"]
    return rows


async def _rows_of_query(datasette: Datasette, database: str, data: Mapping[str, Any]) -> list[list[Cell]]:
    """Return all rows of an answer."""
    query = data["query"]
    answer = await datasette.execute(database, query["sql"], query["params"], truncate=False)
    return [list(row) for row in answer.rows]
