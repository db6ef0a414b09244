"""Rules are checked and the gazetteers filled once per version of rules and code, before a run writes anything.

``start_check`` starts a process of its own for it and does not wait, so that a run can plan, and read kept pages,
meanwhile; ``await_check`` waits for its end.
"""

import contextlib
import sqlite3
from collections.abc import Callable

from pipeline.pool import ReaderPool
from pipeline.store.gazetteer_tables import Gazetteers, fill_gazetteers
from pipeline.store.load import Versions
from pipeline.store.schema import writing

CHECK_RULES = "pipeline.rule_check:check_rules"
Check = Callable[[], object]


def start_check(
    connection: sqlite3.Connection, versions: Versions, given: Gazetteers | None, resources: contextlib.ExitStack
) -> Check | None:
    """Start the check of all rules when they or the code are not those of the last one; return what waits for it.

    ``given`` stands for the gazetteers of the rule files. The process ends with ``resources`` at the latest.
    """
    row = connection.execute("SELECT value FROM marks WHERE name = 'gazetteers'").fetchone()
    if row is not None and row["value"] == _mark(versions):
        return None
    if given is not None:
        return lambda: given
    return resources.enter_context(ReaderPool(1, work="kept")).start_call(CHECK_RULES)


def await_check(connection: sqlite3.Connection, versions: Versions, check: Check) -> bool:
    """Wait for a check and fill the gazetteers; return whether they changed. Raises ``RuleError``."""
    found = check()
    if not isinstance(found, Gazetteers):
        raise TypeError(f"no gazetteers: {type(found).__name__}")
    with writing(connection):
        has_changed = fill_gazetteers(connection, found) > 0
        connection.execute("INSERT OR REPLACE INTO marks (name, value) VALUES ('gazetteers', ?)", (_mark(versions),))
    return has_changed


def _mark(versions: Versions) -> str:
    return f"{versions.rules} {versions.code}"
