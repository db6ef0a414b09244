"""Readers of PDFs beside ours on the same pages in the same run; what is not installed is named.

The floor is PDFium's plain text. No peer is part of the lock: install them into a virtual environment of their own and
name its ``site-packages`` by ``--peers``; it is looked into last, so what both have is ours.
"""

import importlib.util
import logging
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter

import pdfplumber

from benchmarks.reader import Tool, read_ours, read_pdfium, read_pdfminer, read_pdfplumber, read_playa, read_pymupdf
from benchmarks.report import Section, load_files
from pipeline.derive import derive_document
from pipeline.reading import ReadOptions

_FLOOR = "pypdfium2"


def derive_ours(path: Path, count: int) -> int:
    """Everything: words, tables, layout, mentions with boxes, relations."""
    return min(count, len(derive_document(path, ReadOptions(use_ocr=False)).page_texts))


def read_plumber_words(path: Path, count: int) -> int:
    """Pdfplumber's words alone."""
    with pdfplumber.open(path, pages=list(range(1, count + 1))) as pdf:
        for page in pdf.pages:
            page.extract_words()
            page.close()
        return len(pdf.pages)


def read_pdftotext(path: Path, count: int) -> int:
    """Poppler's words with boxes."""
    subprocess.run(["pdftotext", "-bbox", "-l", str(count), str(path), "-"], capture_output=True, check=True)
    return count


def read_unstructured(path: Path, count: int) -> int:
    """Elements by unstructured's fast strategy, which needs a model from the network; without it there are none."""
    from unstructured.partition.pdf import partition_pdf  # type: ignore[import-not-found]

    return count if partition_pdf(str(path), strategy="fast") else 0


def read_kreuzberg(path: Path, count: int) -> int:
    """Kreuzberg's text, read anew each time."""
    import kreuzberg  # type: ignore[import-not-found]

    result = kreuzberg.extract_file_sync(str(path), config=kreuzberg.ExtractionConfig(use_cache=False))
    return count if result.content else 0


TOOLS = (
    Tool(_FLOOR, "pypdfium2", "text", read_pdfium),
    Tool("pymupdf", "pymupdf", "words", read_pymupdf),
    Tool("pdftotext -bbox", "", "words", read_pdftotext),
    Tool("kreuzberg", "kreuzberg", "text", read_kreuzberg),
    Tool("playa-pdf", "playa", "glyphs", read_playa),
    Tool("ours, reading", "", "glyphs, words, edges", read_ours),
    Tool("ours, all", "", "text, tables, mentions, relations", derive_ours),
    Tool("pdfminer.six", "pdfminer", "text", read_pdfminer),
    Tool("pdfplumber words", "pdfplumber", "words", read_plumber_words),
    Tool("pdfplumber", "pdfplumber", "glyphs, words, edges", read_pdfplumber),
    Tool("unstructured fast", "unstructured", "elements", read_unstructured),
)


def add_peers(folder: Path) -> None:
    """Let modules be found in a folder, after all others."""
    sys.path.append(str(folder))


def measure_peers(rounds: int, most_pages: int = 40) -> Section:
    """Time all tools on the documents of the load corpus with at most so many pages, in one process after the other."""
    logging.disable(logging.ERROR)
    warnings.simplefilter("ignore")
    files = [(path, n) for path in load_files() if (n := _count(path)) <= most_pages]
    here = [tool for tool in TOOLS if _is_here(tool)]
    # The first call, not timed, also loads what a tool needs; one that gives nothing then has no time worth showing.
    tools = [tool for tool in here if tool.read(*files[0])]
    seconds: dict[str, list[float]] = {tool.name: [] for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            seconds[tool.name].append(sum(_time(tool.read, path, n) for path, n in files))
    pages = sum(n for _, n in files)
    section = Section(
        f"Peers, {len(files)} documents, {pages} pages", ("tool", "gives", "ms per page", "cost, pypdfium2 text = 1")
    )
    for tool in tools:
        each = median(seconds[tool.name]) / pages * 1000
        times = median(a / b for a, b in zip(seconds[tool.name], seconds[_FLOOR], strict=True))
        section.add(_describe(tool), tool.gives, each, times)
    section.notes.append(
        f"Wall time. Not installed: {_names(tool for tool in TOOLS if tool not in here)}. "
        f"Installed, but gives nothing: {_names(tool for tool in here if tool not in tools)}."
    )
    return section


def _names(tools: Iterable[Tool]) -> str:
    return ", ".join(tool.name for tool in tools) or "none"


def _count(path: Path) -> int:
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    return len(pypdfium2.PdfDocument(path))


def _is_here(tool: Tool) -> bool:
    if tool.read is read_pdftotext:
        return shutil.which("pdftotext") is not None
    return not tool.package or importlib.util.find_spec(tool.package) is not None


def _describe(tool: Tool) -> str:
    name = {"playa": "playa-pdf", "pdfminer": "pdfminer.six"}.get(tool.package, tool.package)
    try:
        return f"{tool.name} {version(name)}" if name else tool.name
    except PackageNotFoundError:
        return tool.name


def _time(read: Callable[[Path, int], int], path: Path, count: int) -> float:
    start = perf_counter()
    read(path, count)
    return perf_counter() - start
