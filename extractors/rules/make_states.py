"""Refresh ``states.yml`` from library data: ``python -m extractors.rules.make_states [facts/states.csv]``.

Enter CLDR (babel) and ISO 3166-1 (pycountry) names and, when given, the PESCO roles of a states table; leaves the same
file with names, codes and roles brought up to date. What people wrote there (further names, adjectives, rules, weak
forms) is kept.
"""

import csv
import re
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pycountry
import yaml
from babel import Locale

TARGET = Path(__file__).with_name("states.yml")
ROLES = {
    "pMS": "pms",
    "not participating": "not_participating",
    "third state in project": "third_state",
    "third state invited to project": "invited",
    "applied, not admitted": "applied",
    "encouraged, no project found": "encouraged",
    "interest only": "interest",
    "openness mentioned": "openness",
    "no role found": "none",
}
HAND_KEPT = ("adjectives", "short", "weak", "behind_noun", "before_noun")
HEADER = """\
# What states are called. `names`, `iso3` and `code` are refreshed by make_states.py from library data; the rest is
# kept by hand: `names` and `adjectives` count when capitalised, `short` in exactly this case, `weak` only with a cue,
# `behind_noun` and `before_noun` are adjectives in other languages and count beside a common noun.
"""


def library_names(code: str) -> list[str]:
    """Return the CLDR name and the ISO names of a state, without brackets, inversions and repeats."""
    names = [str(Locale("en").territories[code])]
    country = pycountry.countries.get(alpha_2=code)
    if country is not None:
        names += [country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")]
    plain: list[str] = []
    for name in names:
        name = re.sub(r"^the ", "", name.replace("’", "'"))
        if not name or "(" in name or "," in name or " - " in name or " SAR " in name:
            continue
        for form in (name, name.replace(" & ", " and "), name.replace("St. ", "Saint ")):
            if form not in plain and not form.startswith("St. "):
                plain.append(form)
    return plain


def refresh(state: dict[str, Any], facts: dict[str, dict[str, str]], shared: list[str]) -> dict[str, Any]:
    """Return a state's entry with library names and roles brought up to date; ``shared`` forms belong to nobody."""
    code = state["code"]
    country = pycountry.countries.get(alpha_2=code)
    taken = shared + [form for field in ("adjectives", "short", "weak") for form in state.get(field, [])]
    names = [name for name in library_names(code) if name not in taken]
    names += [name for name in state.get("names", []) if name not in names]
    entry: dict[str, Any] = {"code": code, "name": state.get("name") or names[0]}
    entry["iso3"] = country.alpha_3 if country is not None else "XKX"
    if "eu_code" in state:
        entry["eu_code"] = state["eu_code"]
    row = facts.get(code, {})
    role = ROLES[row["pesco_status"]] if row else state.get("pesco_role", "none")
    if role != "none":
        entry["pesco_role"] = role
    since = row.get("pms_since") or str(state.get("pms_since") or "")
    if since:
        entry["pms_since"] = since
    entry["names"] = names
    return entry | {field: state[field] for field in HAND_KEPT if state.get(field)}


def regenerate(text: str, paths: Sequence[Path]) -> str:
    """Return the text of the rule file brought up to date with the libraries and with tables of PESCO roles."""
    old = yaml.safe_load(text)
    facts: dict[str, dict[str, str]] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            facts |= {row["iso2"]: row for row in csv.DictReader(file)}
    known = {state["code"]: state for state in old["states"]}
    shared = [item["form"] for item in old["ambiguous"]]
    codes = sorted({country.alpha_2 for country in pycountry.countries} | {"XK"})
    old["names_from"] = f"babel {version('babel')} (CLDR) and pycountry {version('pycountry')} (ISO 3166-1)"
    old["states"] = [refresh(known.get(code, {"code": code}), facts, shared) for code in codes]
    return HEADER + to_yaml(old)


def to_yaml(data: dict[str, Any]) -> str:
    """Return YAML with short lists on one line, so that an entry reads like a row."""

    class Dumper(yaml.SafeDumper):
        """A dumper for which only lists of plain words are in flow style."""

    def present(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
        flat = all(isinstance(item, str) for item in items)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flat)

    Dumper.add_representer(list, present)
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=116)


if __name__ == "__main__":
    TARGET.write_text(
        regenerate(TARGET.read_text(encoding="utf-8"), [Path(path) for path in sys.argv[1:]]), encoding="utf-8"
    )
