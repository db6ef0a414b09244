"""Tables of the sample documents, of real pages with gold, and of prose pages that have none."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.tables import plain, read_gold, read_ours, score
from extractors.layout.builder import build_view
from extractors.reader.pages import read_pages
from extractors.tables.continuation import join_tables
from extractors.tables.finder import find_tables
from tests.extractors.printed_tables import joined_rows

# Tables of the samples by document: pages, rows and columns of each, repeated heads counted.
SAMPLES = {
    "annual-report-2023": [
        ([4], 6, 4),
        ([4], 7, 4),
        ([4], 4, 4),
        ([5], 4, 4),
        ([5], 4, 4),
        ([11, 12, 13], 74, 6),
        ([13, 14], 28, 4),
    ],
    "annual-report-2024": [
        ([4], 6, 4),
        ([4], 7, 4),
        ([4], 4, 4),
        ([5], 4, 4),
        ([5], 4, 4),
        ([11, 12, 13], 71, 6),
        ([13, 14], 28, 4),
    ],
    "factsheet": [([2], 10, 3)],
    "list-decision": [([6, 7, 8], 71, 2)],
    "nip-fi-2025": [([1, 2, 3, 4, 5, 6], 26, 4), ([6, 7], 11, 5), ([8], 15, 3)],
    "nip-ie-2024": [([1, 2, 3, 4, 5], 25, 4), ([6], 10, 4), ([7], 14, 3)],
    "nip-pt-2025": [([1, 2, 3, 4, 5, 6, 7], 27, 4), ([7, 8], 17, 5), ([9, 10], 16, 3)],
    "recommendation": [],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_tables_of_the_samples(shared: Path, name: str) -> None:
    pages = list(read_pages(shared / "corpus" / "dev" / f"{name}.pdf"))
    tables = build_view(pages, [find_tables(page) for page in pages]).tables
    found = [([box.page for box in table.boxes], len(table.rows), len(table.headings)) for table in tables]
    assert found == SAMPLES[name]
    assert all(table.n_header_rows == 1 and all(table.headings) for table in tables)


def test_rows_cut_by_the_page_are_whole(shared: Path) -> None:
    pages = list(read_pages(shared / "corpus" / "dev" / "annual-report-2025.pdf"))
    tables = [table for page in pages[11:14] for table in find_tables(page)]
    rows = [row for table in join_tables(tables, {p.number: p for p in pages}) for row in joined_rows(table, pages)]
    (cut,) = [row for row in rows if "(EW JISR)" in row[0]]
    assert cut[1] == "CZ | "
    assert cut[5] == "no later than 2028 (was end | of 2027)"


def test_share_of_gold_cells_on_real_pages(shared: Path) -> None:
    folder = shared / "corpus" / "tables"
    scores = []
    for gold in sorted(folder.glob("*-str.xml")):
        name = gold.name.removesuffix("-str.xml").replace("009b", "009a")
        scores.append(score(read_gold(gold), read_ours(folder / f"{name}.pdf")[0]))
    assert len(scores) == 15
    assert sum(result.share for result in scores) / len(scores) >= 0.99
    assert sum(result.rates[2] for result in scores) / len(scores) >= 0.98


@pytest.mark.parametrize("name", ["afir_note", "cie_working", "gdpr_oj", "nl_necp_policy", "spain_fiche"])
def test_real_pages_of_prose_have_no_table(shared: Path, name: str) -> None:
    for page in read_pages(shared / "corpus" / "real" / f"{name}.pdf"):
        assert find_tables(page) == ()


def test_score_counts_each_cell_once() -> None:
    assert plain("a – b ‘c’") == "a-b'c'"
    assert Counter(plain("x y")) == Counter("xy")
