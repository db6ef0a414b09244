"""The lock of requirements pins what the project asks for, with hashes, and names no host to get it from."""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def lock(root: Path) -> str:
    return (root / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pins(lock: str) -> dict[str, list[str]]:
    """The versions of each package; two where one version does not run on every Python."""
    found = defaultdict(list)
    for name, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, flags=re.MULTILINE):
        found[canonicalize_name(name)].append(version)
    return found


# Where a package of an extra is imported under another name; the extras need not be installed for tests.
DISTRIBUTIONS = {"cv2": ["opencv-python"]}
OURS = ("models", "extractors", "pipeline", "flows")


def project_table(root: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def asked_for(root: Path) -> list[Requirement]:
    project = project_table(root)
    return [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]]


def imports(path: Path) -> Iterator[str]:
    """The top-level packages that a module imports, ours and Python's left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from {name.split(".")[0] for name in names} - set(OURS) - set(sys.stdlib_module_names)


def test_what_the_code_imports_is_what_a_run_installs(root: Path) -> None:
    project = project_table(root)
    extras = project["optional-dependencies"]
    for_runs = project["dependencies"] + extras["ocr"] + extras["dask"] + extras["parquet"]
    for_makers = for_runs + project["optional-dependencies"]["dev"]
    distributions = {**packages_distributions(), **DISTRIBUTIONS}
    missing = []
    for path in sorted(path for package in OURS for path in (root / package).rglob("*.py")):
        lines = for_makers if path.name.startswith("make_") else for_runs
        declared = {canonicalize_name(Requirement(line).name) for line in lines}
        for name in imports(path):
            if not declared & {canonicalize_name(one) for one in distributions.get(name, [name])}:
                missing.append(f"{path.relative_to(root)}: {name}")
    assert missing == [], "\n".join(missing)


def test_every_direct_dependency_is_pinned_as_asked_for(pins: dict[str, list[str]], root: Path) -> None:
    wrong = [
        str(wanted)
        for wanted in asked_for(root)
        if not (versions := pins[canonicalize_name(wanted.name)])
        or not all(wanted.specifier.contains(version) for version in versions)
    ]
    assert wrong == []


def test_every_pin_has_a_hash(lock: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_no_host_is_named(lock: str) -> None:
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", lock) == []


def test_the_reader_is_pinned_to_the_pdfminer_it_was_verified_with(pins: dict[str, list[str]]) -> None:
    assert pins["pdfminer-six"] == ["20260107"]


def test_every_direct_dependency_has_its_paragraph(root: Path) -> None:
    text = (root / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    assert [wanted.name for wanted in asked_for(root) if f"**{wanted.name.lower()}**" not in text] == []
