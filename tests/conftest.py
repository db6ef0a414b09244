"""What several test folders share: the project's root, its samples and the user's fact sheet as a PDF."""

from pathlib import Path

import pytest

from pipeline.ingest import IngestOptions, ingest
from tests.printing import print_pdf

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material beside the checkout; a test that asks for it is skipped where there is none."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpus").is_dir():
        pytest.skip("no folder `shared` beside the checkout")
    return folder


@pytest.fixture(scope="session")
def fact_sheet_text() -> str:
    """The text of the real fact sheet that the project's user gave."""
    return (ROOT / "tests" / "data" / "pesco-factsheet.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def fact_sheet_pdf(fact_sheet_text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's fact sheet, printed to PDF."""
    return print_pdf(fact_sheet_text, tmp_path_factory.mktemp("seed") / "pesco-factsheet.pdf")


@pytest.fixture(scope="session")
def samples_db(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped samples as a database. Tests that write make a copy."""
    db = tmp_path_factory.mktemp("samples") / "pesco.db"
    ingest([root / "data" / "raw"], IngestOptions(db, workers=2))
    return db
