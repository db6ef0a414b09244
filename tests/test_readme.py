"""What the README shows is what a reader gets: the sentence it follows ends in the rows that it prints."""

import asyncio
import re
import sqlite3
from pathlib import Path

from docs.screenshots import choose_shots
from flows.browse import make_site
from pipeline.ingest import IngestOptions, ingest


def test_the_pictures_are_those_that_the_script_makes(root: Path, samples_db: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]{20,}\]\((docs/images/[a-z]+\.png)\)", text)
    made = {f"docs/images/{shot.name}.png" for shot in choose_shots(samples_db)}
    assert len(shown) == text.count("![") == len(set(shown))
    assert set(shown) == made == {f"docs/images/{path.name}" for path in (root / "docs" / "images").iterdir()}
    assert all((root / name).stat().st_size < 200_000 for name in shown)


def test_the_pages_photographed_are_there(samples_db: Path) -> None:
    async def get_all() -> list[int]:
        site = make_site(samples_db)
        await site.invoke_startup()
        answers = [await site.client.get(shot.address) for shot in choose_shots(samples_db)]
        site.close()
        return [answer.status_code for answer in answers]

    assert set(asyncio.run(get_all())) == {200}


def test_the_sentence_that_the_readme_follows_ends_in_its_rows(root: Path, tmp_path: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"( {4}SELECT.*?;)\n\n((?: {4}\d\|[^\n]*\n)+)", text, flags=re.DOTALL)
    assert shown is not None
    db = tmp_path / "pesco.db"
    ingest([root / "data" / "raw" / "nip-fi-2025.pdf"], IngestOptions(db, workers=1))
    with sqlite3.connect(db) as connection:
        rows = ["|".join(map(str, row)) for row in connection.execute(shown[1])]
    assert rows == [line.strip() for line in shown[2].splitlines()]
