"""The search index over pages: words in when a document is loaded, its pieces merged when a run ends.

A trigger for each inserted page would write the index out to the disk before each page, as SQLite tells the index of
every statement that could fail: twice the time. So inserted pages are indexed here, and only deletions and updates by
triggers. Each transaction adds a piece to the index; a search looks into all of them. Merging them while loading would
cost more per page the more there are, so it is left to the end of a run (``merge_pieces``).
"""

import sqlite3
from collections.abc import Iterable

from pipeline.store.schema import writing

# Pieces of a size are merged at the end of a run when there are so many; while loading only when a search would suffer.
MERGED_AT_END = 8
MERGED_AT_ONCE = 256
_ALL = 1 << 30

SETTINGS = f"""
DROP TRIGGER pages_ai;
INSERT INTO pages_fts (pages_fts, rank) VALUES ('automerge', 0);
INSERT INTO pages_fts (pages_fts, rank) VALUES ('usermerge', {MERGED_AT_END});
INSERT INTO pages_fts (pages_fts, rank) VALUES ('crisismerge', {MERGED_AT_ONCE});
"""


def index_pages(connection: sqlite3.Connection, pages: Iterable[tuple[object, ...]]) -> None:
    """Add pages, given as rows of ``pages``, to the index, inside the caller's transaction."""
    connection.executemany("INSERT INTO pages_fts (rowid, text) VALUES (?, ?)", ((row[0], row[3]) for row in pages))


def merge_pieces(connection: sqlite3.Connection) -> None:
    """Merge what loading left in pieces: work in proportion to what was loaded since the last time."""
    with writing(connection):
        connection.execute("INSERT INTO pages_fts (pages_fts, rank) VALUES ('merge', ?)", (_ALL,))
