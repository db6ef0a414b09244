"""Refresh ``projects.yml`` from a table of facts: ``python -m extractors.rules.make_projects facts/projects.csv``.

Enters a CSV with a row per project; leaves the same rule file with what each project is (name, wave, act, status,
domain, confidence) brought up to date. What its names need (``names``, ``acronyms``, ``weak``, ``risky``, the words
that speak against it, examples) is kept where people wrote it, and proposed for a project that is new.
"""

import csv
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from extractors.rules.make_states import to_yaml

TARGET = Path(__file__).with_name("projects.yml")
KEPT = ("names", "acronyms", "weak", "risky", "not_before", "not_after", "not_near")
HEADER = """\
# What projects are and what they are called; the facts are refreshed by make_projects.py, the rest is kept by hand.
# `names` count anywhere, `acronyms` in their own case, `weak` forms in a PESCO document only, `risky` forms only beside
# words that speak of a project. Hyphens, blanks, brackets, plurals and spellings vary by algorithm: list none of these.
"""


def propose_forms(row: dict[str, str]) -> dict[str, list[str]]:
    """Return the forms of a new project: its names without brackets, its acronyms by how ambiguous they are."""
    plain = re.sub(r"\s*\([^()]*\)$", "", row["official_name"])
    names = [
        name for name in (plain, *split(row["other_names"])) if " " in name and not re.search(r"\([^)]*\bis\b", name)
    ]
    short = [name for name in split(row["short_names"]) if name not in names]
    ambiguity = row["ambiguity"].lower()
    field = "risky" if ambiguity.startswith("high") else "weak" if ambiguity.startswith("medium") else "acronyms"
    return {"names": list(dict.fromkeys(names)), field: short}


def split(cell: str) -> list[str]:
    """Return the parts of a cell that holds a list."""
    return [part.strip() for part in cell.split("|") if part.strip()]


def unverified(row: dict[str, str]) -> list[str]:
    """Return the fields of a project that nothing official confirmed."""
    notes = row["notes"].lower()
    fields = []
    if row["members_confidence"] in ("low", "none") or row["members_unverified"]:
        fields.append("members")
    if "coordinator not found" in notes or not row["coordinators"]:
        fields.append("coordinator")
    if "domain inferred" in notes:
        fields.append("domain")
    if row["status"] == "ongoing" and int(row["wave"]) < 6:
        fields.append("status")
    if "closing act date not seen" in notes:
        fields.append("status_date")
    return fields


def refresh(row: dict[str, str], old: dict[str, Any]) -> dict[str, Any]:
    """Return a project's entry with its facts brought up to date."""
    entry: dict[str, Any] = {"slug": row["slug"], "name": row["official_name"], "wave": int(row["wave"])}
    for field in ("adopted", "act", "status", "status_date", "domain", "name_confidence", "members_confidence"):
        if row[field]:
            entry[field] = row[field]
    entry["unverified"] = unverified(row)
    forms = {field: old[field] for field in KEPT if old.get(field)} if old else propose_forms(row)
    entry |= forms
    if row["notes"]:
        entry["notes"] = row["notes"]
    return entry | {field: old[field] for field in ("examples", "near_misses") if old.get(field)}


def regenerate(text: str, path: Path) -> str:
    """Return the text of the rule file brought up to date with a table of facts."""
    rules = yaml.safe_load(text)
    known = {project["slug"]: project for project in rules["projects"]}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = {row["slug"] for row in rows}
    rules["projects"] = [refresh(row, known.get(row["slug"], {})) for row in rows]
    rules["projects"] += [project for slug, project in known.items() if slug not in listed]
    return HEADER + to_yaml(rules)


if __name__ == "__main__":
    TARGET.write_text(regenerate(TARGET.read_text(encoding="utf-8"), Path(sys.argv[1])), encoding="utf-8")
