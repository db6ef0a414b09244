"""What the README shows is what a reader gets: the sentence it follows ends in the rows that it prints."""

import re
import sqlite3
from pathlib import Path

from pipeline.ingest import IngestOptions, ingest


def test_the_sentence_that_the_readme_follows_ends_in_its_rows(root: Path, tmp_path: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"( {4}SELECT.*?;)\n\n((?: {4}\d\|[^\n]*\n)+)", text, flags=re.DOTALL)
    assert shown is not None
    db = tmp_path / "pesco.db"
    ingest([root / "data" / "raw" / "nip-fi-2025.pdf"], IngestOptions(db, workers=1))
    with sqlite3.connect(db) as connection:
        rows = ["|".join(map(str, row)) for row in connection.execute(shown[1])]
    assert rows == [line.strip() for line in shown[2].splitlines()]
