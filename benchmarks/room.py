"""How long each page of the reading room takes over a database of 100,000 mentions.

    python -m benchmarks.room [--mentions N] [--keep FILE]

The database is made from the samples: each is read once, then its rows are copied under new ids, with its years moved
back by up to ten. Every page is asked for as a browser does, through the whole application, five times; the table gives
the first answer, the middle and the slowest one in milliseconds, and the size. Ends with 1 when a middle is above 300.
"""

import argparse
import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flows.browse import make_site
from flows.room import charts
from flows.room.pages.pictures import PICTURES
from flows.room.site import Site
from pipeline.ingest import ingest
from pipeline.run import IngestOptions
from pipeline.store.questions import QUESTIONS, Question
from pipeline.store.schema import open_database, writing

SAMPLES = Path(__file__).parents[1] / "data" / "raw"
MENTIONS = 100_000
LIMIT_MS = 300.0
_REPEATS = 5

# A copy's ids: a letter that is no digit and the number of the copy in place of the first four of the twenty digits.
_NEW = "printf('z%03x', :copy) || substr({0}, 5)"
# A copy's dates: the year moved back.
_DAY = "CASE WHEN {0} IS NULL THEN NULL ELSE (CAST(substr({0}, 1, 4) AS INTEGER) - :back) || substr({0}, 5) END"
_IDS = {"id", "print_id", "document_id", "mention_id", "participation_id", "milestone_id", "commitment_status_id"}
_TABLES = (
    *("documents", "pages", "mentions", "candidates", "participations", "milestones"),
    *("commitment_statuses", "participation_mentions", "milestone_mentions", "commitment_status_mentions"),
)


@dataclass(frozen=True, slots=True)
class Timing:
    """What a page took, in milliseconds, and its size in bytes."""

    name: str
    status: int
    first: float
    middle: float
    slowest: float
    size: int


def make_database(path: Path, mentions: int = MENTIONS) -> None:
    """Make a database of at least so many mentions from the samples."""
    ingest([SAMPLES], IngestOptions(path))
    with closing(open_database(path)) as connection:
        [(once,)] = connection.execute("SELECT count(*) FROM mentions").fetchall()
        for table in _TABLES:
            # What is copied is what is there now, not the copies made meanwhile.
            connection.execute(f"CREATE TEMP TABLE once_{table} AS SELECT * FROM {table}")
        for copy in range(1, -(-mentions // once)):
            with writing(connection):
                _copy_all(connection, copy)


def _copy_all(connection: sqlite3.Connection, copy: int) -> None:
    for table in _TABLES:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(_copied(table, column) for column in columns)
        names = ", ".join(columns)
        connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM once_{table}", {"copy": copy, "back": copy % 10}
        )


def _copied(table: str, column: str) -> str:
    """Return the SQL of a copy's value."""
    if (table, column) == ("pages", "id"):
        return "NULL"
    if column in _IDS or (table, column) == ("documents", "sha256"):
        return _NEW.format(column)
    if column == "filename":
        return "printf('%04d-', :copy) || filename"
    if (table, column) == ("documents", "year"):
        return "year - :back"
    if table == "documents" and column in ("date", "date_from", "date_to"):
        return _DAY.format(column)
    return column


def choose_addresses(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the address of a page of each kind, of the things most spoken of; only the samples themselves have a
    picture."""

    def one(sql: str) -> str:
        return str(connection.execute(sql).fetchone()[0])

    most = "SELECT value FROM mentions WHERE kind = '{}' GROUP BY value ORDER BY count(*) DESC, value LIMIT 1"
    project, state, commitment = (one(most.format(kind)) for kind in ("project", "state", "commitment"))
    sample = one("SELECT document_id FROM files ORDER BY path LIMIT 1")
    page = f"/documents/{sample}/pages/5"
    return {
        "home": "/",
        "projects": "/projects",
        "search": "/search?q=cyber",
        "questions": "/queries",
        "project": f"/projects/{project}",
        "project, page 40 of its mentions": f"/projects/{project}?page=40",
        "project, all sources": f"/projects/{project}?sources=all",
        "states": "/states",
        "state": f"/states/{state}",
        "commitments": "/commitments",
        "commitment": f"/commitments/{commitment}",
        "documents": "/documents",
        "documents of a year": "/documents?year=2020&kind=nip",
        "document": f"/documents/{sample}",
        "page": page,
        "page, large": f"{page}?zoom=2",
        "picture of the page": f"{page}-1.png",
        "mention": "/mentions/" + one(f"SELECT id FROM mentions WHERE kind = 'state' AND value = '{state}' LIMIT 1"),
        "milestone": "/milestones/" + one("SELECT id FROM milestones WHERE was IS NOT NULL LIMIT 1"),
        "participation": "/participations/" + one("SELECT id FROM participations LIMIT 1"),
        "search, many hits": "/search?q=commitments",
        "search, phrase": "/search?q=%22military+mobility%22+finland",
        **{f"question {question.name}": f"/pesco/{question.name}?{_example(question)}" for question in QUESTIONS},
        **{f"picture {picture.name}": f"/pictures/{picture.name}" for picture in PICTURES},
        "status": "/statuses/" + one("SELECT id FROM commitment_statuses WHERE state <> 'ALL' LIMIT 1"),
    }


def _example(question: Question) -> str:
    return urlencode({blank.name: blank.example for blank in question.parameters})


async def measure(site: Site, addresses: dict[str, str]) -> list[Timing]:
    """Return what each page takes."""
    await site.invoke_startup()
    await site.client.get("/assets/room.css")
    return [await _measure(site, name, address) for name, address in addresses.items()]


async def _measure(site: Site, name: str, address: str) -> Timing:
    taken: list[float] = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        answer = await site.client.get(address)
        taken.append((time.perf_counter() - start) * 1000)
    return Timing(name, answer.status_code, taken[0], statistics.median(taken), max(taken), len(answer.content))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mentions", type=int, default=MENTIONS)
    parser.add_argument("--keep", type=Path, help="make the database here, or take the one that is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "pesco.db"
        if not path.is_file():
            make_database(path, options.mentions)
        with closing(sqlite3.connect(path)) as connection:
            addresses = choose_addresses(connection)
            [(number,)] = connection.execute("SELECT count(*) FROM mentions").fetchall()
        with closing(make_site(path)) as site:
            site.drawer.warm()
            charts.warm_up()
            timings = asyncio.run(measure(site, addresses))
    print(f"{number:,} mentions; milliseconds")
    print(f"{'page':34} {'status':>6} {'first':>7} {'middle':>7} {'slowest':>7} {'kB':>6}")
    for one in timings:
        print(
            f"{one.name:36} {one.status:6} {one.first:7.0f} {one.middle:7.0f} {one.slowest:7.0f} {one.size / 1000:6.0f}"
        )
    return int(any(one.middle > LIMIT_MS or one.status != 200 for one in timings))


if __name__ == "__main__":
    sys.exit(main())
