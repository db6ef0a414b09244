"""Scores table finding against the ICDAR 2013 table competition's gold, beside pdfplumber's defaults.

Per file: the share of gold cell texts found on their page (a multiset; blanks, dash and quote forms ignored), and the
competition's adjacency relations (pairs of neighbouring cells, right and down, blanks skipped) with precision, recall
and F1. Run as ``python -m benchmarks.tables FOLDER``, where FOLDER holds ``x.pdf`` with ``x-str.xml``.
"""

import argparse
import re
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pdfplumber

from extractors.glyphs import PageGlyphs
from extractors.grids import GridCell
from extractors.reader.pages import read_pages
from extractors.tables.finder import find_tables

_SAME = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"'})
_NO_WORD = re.compile(r"[^\w]|_")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of any source: rows and columns it covers, and its text."""

    row: int
    column: int
    last_row: int
    last_column: int
    text: str


@dataclass(slots=True)
class Score:
    """Counts of one file."""

    gold_cells: int = 0
    found_cells: int = 0
    gold_pairs: int = 0
    found_pairs: int = 0
    right_pairs: int = 0
    missed: list[tuple[int, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Return the share of gold cell texts that were found."""
        return self.found_cells / max(1, self.gold_cells)

    @property
    def rates(self) -> tuple[float, float, float]:
        """Return precision, recall and F1 of the adjacency relations."""
        precision = self.right_pairs / max(1, self.found_pairs)
        recall = self.right_pairs / max(1, self.gold_pairs)
        return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


Tables = dict[int, list[list[Place]]]


def plain(text: str) -> str:
    """Return a cell's text without blanks and with one form of dash and quote."""
    return "".join(text.translate(_SAME).split())


def words_only(text: str) -> str:
    """Return a cell's letters and digits, as the competition compares them."""
    return _NO_WORD.sub("", text).lower()


def read_gold(path: Path) -> Tables:
    tables: Tables = {}
    for table in ET.parse(path).getroot().iter("table"):
        for region in table.iter("region"):
            cells = [_gold_place(cell) for cell in region.iter("cell")]
            tables.setdefault(int(region.get("page", "0")), []).append(cells)
    return tables


def _gold_place(cell: ET.Element) -> Place:
    row, column = int(cell.get("start-row", "0")), int(cell.get("start-col", "0"))
    content = cell.find("content")
    text = "" if content is None or content.text is None else content.text
    return Place(row, column, int(cell.get("end-row", row)), int(cell.get("end-col", column)), text)


def read_ours(path: Path) -> tuple[Tables, float]:
    """Return our tables and the seconds that finding them took, reading left out."""
    tables: Tables = {}
    seconds = 0.0
    for page in read_pages(path):
        start = time.process_time()
        found = find_tables(page)
        seconds += time.process_time() - start
        for table in found:
            cells = [_our_place(cell, page) for cell in table.cells]
            tables.setdefault(page.number, []).append(cells)
    return tables, seconds


def _our_place(cell: GridCell, page: PageGlyphs) -> Place:
    last_row, last_column = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
    return Place(cell.row, cell.column, last_row, last_column, spell(page, cell))


def spell(page: PageGlyphs, cell: GridCell) -> str:
    """Return a cell's glyphs in pdfplumber's order of words."""
    inside = set(cell.glyphs.tolist())
    return "".join(page.text[glyph] for glyph in page.word_glyphs.tolist() if glyph in inside)


def read_defaults(path: Path) -> Tables:
    tables: Tables = {}
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            for table in page.extract_tables():
                cells = [
                    Place(r, c, r, c, text)
                    for r, row in enumerate(table)
                    for c, text in enumerate(row)
                    if text is not None
                ]
                tables.setdefault(page.page_number, []).append(cells)
            page.close()
    return tables


def pairs(tables: Iterable[Sequence[Place]]) -> Counter[tuple[str, str, str]]:
    """Return the adjacency relations of tables: (text, neighbour's text, direction)."""
    found: Counter[tuple[str, str, str]] = Counter()
    for table in tables:
        grid = {
            (row, column): cell
            for cell in table
            if words_only(cell.text)
            for row in range(cell.row, cell.last_row + 1)
            for column in range(cell.column, cell.last_column + 1)
        }
        n_rows = max((cell.last_row for cell in table), default=-1) + 1
        n_columns = max((cell.last_column for cell in table), default=-1) + 1
        neighbours: set[tuple[int, int, str]] = set()
        cells = {id(cell): cell for cell in grid.values()}
        for (row, column), cell in grid.items():
            right = next((grid[row, c] for c in range(cell.last_column + 1, n_columns) if (row, c) in grid), None)
            below = next((grid[r, column] for r in range(cell.last_row + 1, n_rows) if (r, column) in grid), None)
            neighbours |= {(id(cell), id(right), "right")} if right else set()
            neighbours |= {(id(cell), id(below), "down")} if below else set()
        found.update((words_only(cells[a].text), words_only(cells[b].text), way) for a, b, way in neighbours)
    return found


def score(gold: Tables, found: Tables) -> Score:
    result = Score()
    for page in sorted({*gold, *found}):
        wanted = Counter(plain(c.text) for table in gold.get(page, []) for c in table if plain(c.text))
        have = Counter(plain(c.text) for table in found.get(page, []) for c in table if plain(c.text))
        result.gold_cells += wanted.total()
        result.found_cells += (wanted & have).total()
        result.missed += [(page, text) for text in (wanted - have).elements()]
        gold_pairs, our_pairs = pairs(gold.get(page, [])), pairs(found.get(page, []))
        result.gold_pairs += gold_pairs.total()
        result.found_pairs += our_pairs.total()
        result.right_pairs += (gold_pairs & our_pairs).total()
    return result


def _line(name: str, ours: Score, theirs: Score) -> str:
    ours_rates = " ".join(f"{rate:.2f}" for rate in ours.rates)
    theirs_rates = " ".join(f"{rate:.2f}" for rate in theirs.rates)
    return f"{name:<10} {ours.share:6.3f} {theirs.share:6.3f}   {ours_rates}   {theirs_rates}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--missed", action="store_true", help="list the gold cells that were not found")
    options = parser.parse_args()
    print("file        ours   dflt    P    R    F1     dflt P R F1")
    all_ours: list[Score] = []
    all_theirs: list[Score] = []
    seconds = 0.0
    for gold_path in sorted(options.folder.glob("*-str.xml")):
        name = gold_path.name.removesuffix("-str.xml")
        pdf = options.folder / f"{name}.pdf"
        # A letter b marks a second reading of the same pages.
        pdf = pdf if pdf.exists() else options.folder / f"{name[:-1]}a.pdf"
        gold = read_gold(gold_path)
        found, took = read_ours(pdf)
        seconds += took
        all_ours.append(score(gold, found))
        all_theirs.append(score(gold, read_defaults(pdf)))
        print(_line(name, all_ours[-1], all_theirs[-1]))
        if options.missed:
            for page, text in all_ours[-1].missed:
                print(f"    p{page} {text}")
    for label, scores in (("ours", all_ours), ("defaults", all_theirs)):
        n = max(1, len(scores))
        means = [sum(s.rates[i] for s in scores) / n for i in range(3)]
        print(
            f"{label:<9} mean share {sum(s.share for s in scores) / n:.3f}, "
            f"adjacency P {means[0]:.3f} R {means[1]:.3f} F1 {means[2]:.3f}"
        )
    print(f"finding took {seconds:.3f} s CPU")


if __name__ == "__main__":
    main()
