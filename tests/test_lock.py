"""The lock of requirements pins what the project asks for, with hashes, and names no host to get it from."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

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


def asked_for(root: Path) -> list[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]]


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
