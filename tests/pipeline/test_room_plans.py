"""No statement of the reading room goes through a big table from end to end: SQLite is asked how it would run each."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import room
from pipeline.store.schema import open_database

# Tables that stay small: things there are some dozens of, and one row for each file or run.
SMALL = {"projects", "project_names", "states", "commitments", "documents", "files", "runs"}
FACTS = {"participations", "milestones", "commitment_statuses"}
# Shown as a whole on one page: issues counted from an index, and pictures of all facts, or of all that stands in some
# documents.
WHOLE = {
    "home.ISSUES": {"issues"},
    "figures.ROLES": FACTS,
    "figures.MILESTONES": FACTS,
    "figures.STATUSES": FACTS,
    "figures.STATES": FACTS,
}
_FROM = re.compile(
    r"\b(?:FROM|JOIN)\s+(\w+)(?:\s+(?:AS\s+)?(?!JOIN|WHERE|ON|LEFT|GROUP|ORDER|UNION)(\w+))?", re.IGNORECASE
)


def statements() -> Iterator[tuple[str, str]]:
    """Yield (place, statement) for all SQL of the reading room."""
    for module in sorted(info.name for info in pkgutil.iter_modules(room.__path__)):
        found = importlib.import_module(f"{room.__name__}.{module}")
        for name, value in vars(found).items():
            if name.isupper() and isinstance(value, str) and re.match(r"\s*(SELECT|WITH)\b", value):
                yield f"{module}.{name}", value


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    return open_database(tmp_path_factory.mktemp("plans") / "pesco.db")


def scanned(connection: sqlite3.Connection, sql: str) -> set[str]:
    """Return the tables, and full-text indexes aside, that a statement would go through from end to end.

    SQLite names a table by its alias. One of a view that the statement uses counts for all tables that have it there.
    """
    values = dict.fromkeys(re.findall(r":(\w+)", sql))
    details = [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    found = {match[1] for detail in details if (match := re.match(r"SCAN (\w+)\b(?! VIRTUAL)", detail))}
    schema = {row[0]: (row[1], row[2]) for row in connection.execute("SELECT name, type, sql FROM sqlite_master")}
    texts = [sql]
    for text in texts:
        used = {table for table, _ in _FROM.findall(text)}
        texts += [schema[name][1] for name in sorted(used) if schema.get(name, ("",))[0] == "view"]
    tables: set[str] = set()
    for name in found:
        meant = {table for text in texts for table, alias in _FROM.findall(text) if name in (table, alias)}
        # What stands in brackets or before AS ( is no table, nor is a view; their tables have lines of their own.
        tables |= {table for table in meant if schema.get(table, ("table",))[0] == "table" and table in schema}
        assert (
            meant
            or any(re.search(rf"\)\s+(?:AS\s+)?{name}\b|\b{name} AS", text) for text in texts)
            or name
            in (
                "CONSTANT",
                "SUBQUERY",
            )
        ), f"SCAN {name}: which table is that?"
    return tables


@pytest.mark.parametrize(("place", "sql"), list(statements()), ids=lambda value: value if len(value) < 40 else "")
def test_no_big_table_is_gone_through(place: str, sql: str, connection: sqlite3.Connection) -> None:
    assert not scanned(connection, sql) - SMALL - WHOLE.get(place, set())


def test_a_statement_without_an_index_is_seen(connection: sqlite3.Connection) -> None:
    assert scanned(connection, "SELECT * FROM mentions m WHERE m.text = :text") == {"mentions"}
    assert scanned(connection, "SELECT count(*) FROM milestones WHERE quote LIKE :q") == {"milestones"}
    assert len(list(statements())) > 30


def test_the_statements_are_those_that_run(tmp_path: Path) -> None:
    """Nothing in the reading room puts SQL together elsewhere: `execute` and `fetch` get a constant."""
    for info in pkgutil.iter_modules(room.__path__):
        source = Path(str(room.__path__[0]), f"{info.name}.py").read_text(encoding="utf-8")
        assert not re.search(r"execute\(\s*f?\"", source), info.name
