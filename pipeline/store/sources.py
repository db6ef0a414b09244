"""Where files came from and what their keeper says of them: the table ``sources``, filled from manifests."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_COLUMNS = "url, retrieved, licence, kind, restricted"


@dataclass(frozen=True, slots=True)
class Source:
    """What a manifest says of a file. ``kind`` is one of ``DocumentKind``; ``restricted`` is 0 or 1."""

    url: str | None = None
    retrieved: str | None = None
    licence: str | None = None
    kind: str | None = None
    restricted: int = 0


def read_sources(connection: sqlite3.Connection) -> dict[str, Source]:
    """Return what is known of each path."""
    rows = connection.execute(f"SELECT path, {_COLUMNS} FROM sources")
    return {row["path"]: Source(*tuple(row)[1:]) for row in rows}


def merge_sources(
    known: Mapping[str, Source], said: Mapping[str, Source], is_covered: Callable[[str], bool]
) -> dict[str, Source]:
    """Return what holds now: what manifests say, and for paths that none of them covers what was known before."""
    left = {path: source for path, source in known.items() if not is_covered(path)}
    return {**left, **said}


def write_sources(connection: sqlite3.Connection, known: Mapping[str, Source], now: Mapping[str, Source]) -> bool:
    """Write the rows that differ; return whether any did. Call it inside ``writing``."""
    for path in known.keys() - now.keys():
        connection.execute("DELETE FROM sources WHERE path = ?", (path,))
    changed = {path: source for path, source in now.items() if known.get(path) != source}
    for path, source in changed.items():
        connection.execute(
            f"INSERT OR REPLACE INTO sources (path, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            (path, source.url, source.retrieved, source.licence, source.kind, source.restricted),
        )
    return bool(changed) or bool(known.keys() - now.keys())
