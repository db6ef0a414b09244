"""What results depend on: the version of the reader, of the rule files, and of the code that applies them.

Each is a hash. That of the reader covers every module that reading imports, the rule files these name, and the releases
of the libraries below; so nobody has to remember to raise a number, and kept pages are never those of another reader.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from extractors.rulebook import rule_path, rules_version
from pipeline.store.load import Versions

_ROOT = Path(__file__).resolve().parents[1]
_IMPORT = re.compile(
    r"^\s*(?:from|import)\s+((?:models|extractors|pipeline)(?:\.\w+)*)(?:\s+import\s+(.+))?", re.MULTILINE
)
_RULE_FILE = re.compile(r"""["']([\w-]+\.(?:yml|csv|txt))["']""")
_READER = "pipeline.reading"
# What finds facts, and what makes rows of them.
_CODE = ("pipeline.derive", "pipeline.store.document_row")
_LIBRARIES = ("pdfplumber", "pdfminer.six", "numpy", "rapidocr")
_LENGTH = 16


def current_versions() -> Versions:
    """Return the versions that a run of this program has; raises ``RuleError`` when a rule file is no YAML."""
    return Versions(reader=reader_version(), rules=rules_version(), code=code_version())


@cache
def reader_version() -> str:
    """Return the version of everything that turns bytes into text."""
    digest = hashlib.sha256()
    for name in _LIBRARIES:
        digest.update(f"{name}={_release(name)}\n".encode())
    rule_files: set[str] = set()
    for path in _modules_below(_READER):
        source = path.read_bytes()
        digest.update(_mark(path) + source)
        rule_files.update(_RULE_FILE.findall(source.decode("utf-8")))
    for name in sorted(rule_files):
        path = rule_path(name)
        if path.is_file():
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:_LENGTH]


@cache
def code_version() -> str:
    """Return the version of the code that finds facts in text and makes rows of them."""
    digest = hashlib.sha256()
    for path in _modules_below(*_CODE):
        digest.update(_mark(path) + path.read_bytes())
    return digest.hexdigest()[:_LENGTH]


@cache
def modules_version(*starts: str) -> str:
    """Return the version of these modules and of all of ours that they import."""
    digest = hashlib.sha256()
    for path in _modules_below(*starts):
        digest.update(_mark(path) + path.read_bytes())
    return digest.hexdigest()[:_LENGTH]


def _modules_below(*starts: str) -> list[Path]:
    """Return the files of modules and of all our modules that they import, directly or not, in a stable order."""
    found: set[Path] = set()
    pending = [*starts]
    while pending:
        path = _file_of(pending.pop())
        if path is None or path in found:
            continue
        found.add(path)
        pending.extend(_imported(path.read_text(encoding="utf-8")))
    return sorted(found)


def _imported(source: str) -> Iterator[str]:
    """Yield the names of our modules that a source imports, and of what might be modules among the names imported."""
    for module, names in _IMPORT.findall(source):
        yield module
        for name in re.findall(r"\w+", names):
            yield f"{module}.{name}"


def _file_of(module: str) -> Path | None:
    path = _ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path if path.is_file() else None


def _mark(path: Path) -> bytes:
    return path.relative_to(_ROOT).as_posix().encode() + b"\0"


def _release(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
