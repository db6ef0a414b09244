"""Pages per CPU second of the reader beside its peers, on the same pages in the same run.

Rounds are interleaved: each tool reads every file once per round, and its figure is the median over the rounds; a ratio
is the median of the ratios within a round, so a machine that slows down slows all alike. Tools that are not installed
are left out. Run as ``python -m benchmarks.reader FILE_OR_FOLDER... [--pages N] [--rounds N]``.
"""

import argparse
import gc
import importlib.util
import logging
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

import pdfplumber
from pdfminer.high_level import extract_text

from extractors.reader.pages import ReadReport, read_pages


@dataclass(frozen=True, slots=True)
class Tool:
    """A reader: ``read`` takes a file and a number of pages and returns how many pages it has read."""

    name: str
    package: str
    gives: str
    read: Callable[[Path, int], int]


def read_ours(path: Path, count: int) -> int:
    """Read by the project's reader, its comparison of one page with pdfplumber included."""
    return sum(1 for _ in read_pages(path, pages=range(1, count + 1), report=ReadReport()))


def read_pdfplumber(path: Path, count: int) -> int:
    """Pdfplumber's characters, words and edges, each page flushed."""
    with pdfplumber.open(path, pages=list(range(1, count + 1))) as pdf:
        for page in pdf.pages:
            page.extract_words(return_chars=True)
            len(page.edges)
            page.close()
        return len(pdf.pages)


def read_pdfminer(path: Path, count: int) -> int:
    """pdfminer.six's text with its own layout analysis."""
    return extract_text(path, maxpages=count).count("\f")


def read_pdfium(path: Path, count: int) -> int:
    """PDFium's text of each page."""
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    pdf = pypdfium2.PdfDocument(path)
    count = min(count, len(pdf))
    for number in range(count):
        page = pdf[number]
        text = page.get_textpage()
        text.get_text_bounded()
        text.close()
        page.close()
    pdf.close()
    return count


def read_pymupdf(path: Path, count: int) -> int:
    """MuPDF's words with boxes."""
    import pymupdf  # type: ignore[import-not-found,unused-ignore]

    with pymupdf.open(path) as pdf:
        count = min(count, pdf.page_count)
        for number in range(count):
            pdf[number].get_text("words")
    return count


def read_playa(path: Path, count: int) -> int:
    """Playa's glyphs with boxes."""
    import playa  # type: ignore[import-not-found,unused-ignore]

    with playa.open(path) as pdf:
        count = min(count, len(pdf.pages))
        for number in range(count):
            for glyph in pdf.pages[number].glyphs:
                _ = (glyph.text, glyph.bbox)
    return count


TOOLS = (
    Tool("ours", "", "glyphs, words, edges", read_ours),
    Tool("pdfplumber", "pdfplumber", "glyphs, words, edges", read_pdfplumber),
    Tool("pypdfium2", "pypdfium2", "text", read_pdfium),
    Tool("pymupdf", "pymupdf", "words", read_pymupdf),
    Tool("playa-pdf", "playa", "glyphs", read_playa),
    Tool("pdfminer.six", "pdfminer", "text", read_pdfminer),
)


def find_files(places: Iterable[Path]) -> list[Path]:
    """Return the PDFs named or lying in the folders named."""
    files: list[Path] = []
    for place in places:
        files += sorted(place.glob("*.pdf")) if place.is_dir() else [place]
    return files


def run(tools: Iterable[Tool], files: list[Path], pages: int, rounds: int) -> dict[str, tuple[int, list[float]]]:
    """Return per tool the pages read in a round and the CPU seconds of each round."""
    chosen = list(tools)
    results: dict[str, tuple[int, list[float]]] = {tool.name: (0, []) for tool in chosen}
    for _ in range(rounds):
        counts = dict.fromkeys(results, 0)
        seconds = dict.fromkeys(results, 0.0)
        for path in files:
            for tool in chosen:
                gc.collect()
                start = time.process_time()
                counts[tool.name] += tool.read(path, pages)
                seconds[tool.name] += time.process_time() - start
        for tool in chosen:
            results[tool.name] = (counts[tool.name], [*results[tool.name][1], seconds[tool.name]])
    return results


def describe(tool: Tool) -> str:
    """Return a tool's name with its version."""
    if not tool.package:
        return tool.name
    name = {"playa": "playa-pdf", "pdfminer": "pdfminer.six"}.get(tool.package, tool.package)
    try:
        return f"{tool.name} {version(name)}"
    except PackageNotFoundError:
        return tool.name


def table(tools: Iterable[Tool], results: dict[str, tuple[int, list[float]]]) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| tool | gives | pages | pages per CPU second | ms per page | speed, pdfplumber = 1 | cost, pypdfium2 = 1 |",
        "|---|---|---|---|---|---|---|",
    ]
    for tool in tools:
        count, seconds = results[tool.name]
        each = median(seconds) / count
        plain, floor = (_ratio(results, tool.name, other) for other in ("pdfplumber", "pypdfium2"))
        lines.append(
            f"| {describe(tool)} | {tool.gives} | {count} | {1 / each:.1f} | {each * 1000:.2f} | {1 / plain:.1f}"
            f" | {floor:.2f} |"
        )
    return "\n".join(lines)


def _ratio(results: dict[str, tuple[int, list[float]]], one: str, other: str) -> float:
    """Return the median over rounds of the CPU time of one tool over that of another, nan where one is missing."""
    if other not in results:
        return float("nan")
    return median(a / b for a, b in zip(results[one][1], results[other][1], strict=True))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=10, help="pages per file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", help="names of tools")
    options = parser.parse_args()
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    tools = [
        tool
        for tool in TOOLS
        if (not tool.package or importlib.util.find_spec(tool.package))
        and (not options.only or tool.name in options.only)
    ]
    files = find_files(options.places)
    print(f"{len(files)} files, up to {options.pages} pages each, {options.rounds} rounds, CPU time,", end=" ")
    print(f"Python {platform.python_version()}, {platform.machine()}")
    print(table(tools, run(tools, files, options.pages, options.rounds)))


if __name__ == "__main__":
    main()
