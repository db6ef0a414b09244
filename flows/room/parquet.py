"""Tables and answers as Parquet in the browser: all their rows, not only the page that is shown."""

import io
import re
from collections.abc import Mapping
from typing import Any

from datasette import Response, hookimpl
from datasette.app import Datasette

from flows.table_files import can_write_parquet, write_parquet
from models.errors import PescoError
from pipeline.store.relations import Cell

MAX_ROWS = 1_000_000
_END_OF_PAGE = re.compile(r" limit \d+( offset \d+)?\s*$")
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]")
_TYPE = "application/vnd.apache.parquet"


@hookimpl  # type: ignore[untyped-decorator]
def register_output_renderer() -> dict[str, object]:
    """Offer ``.parquet`` beside ``.json`` and ``.csv``."""
    return {"extension": "parquet", "render": render_parquet, "can_render": can_write_parquet}


async def render_parquet(
    datasette: Datasette,
    columns: list[str],
    database: str,
    data: Mapping[str, Any],
) -> Response:
    """Return all rows of a table, view or answer; a plain sentence with status 400 when that cannot be."""
    table = data.get("table")
    try:
        if data.get("error"):
            raise PescoError(str(data["error"]))
        rows = await _read_rows(datasette, database, data)
        stream = io.BytesIO()
        write_parquet(stream, columns, [""] * len(columns), [rows])
    except PescoError as error:
        return Response.text(f"{error}\n", status=400)
    name = table or data.get("query_name") or database
    headers = {"content-disposition": f'attachment; filename="{_NO_NAME.sub("_", name)}.parquet"'}
    return Response(stream.getvalue(), headers=headers, content_type=_TYPE)


async def _read_rows(datasette: Datasette, database: str, data: Mapping[str, Any]) -> list[list[Cell]]:
    """Return all rows of a table with its filters, or of an answer: by its own SQL, without the end of a page."""
    query = data["query"]
    sql = _END_OF_PAGE.sub("", query["sql"]) if data.get("table") else query["sql"]
    answer = await datasette.execute(
        database, f"SELECT * FROM ({sql}\n) LIMIT {MAX_ROWS + 1}", query["params"], truncate=False
    )
    if len(answer.rows) > MAX_ROWS:
        raise PescoError(f"these are more than {MAX_ROWS} rows; filter them, or use pesco export")
    return [list(row) for row in answer.rows]
