"""What runs changed: read from ``changes``, taken together over several runs, and told as a report.

``read_diff`` and ``markdown_report`` are stable. Texts of documents are data in the report: what Markdown or HTML would
act on is escaped.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from models.errors import PescoError
from pipeline.store.change_rows import SPECS, Said, pair_up
from pipeline.store.schema import open_reader

WHATS = ("gained", "lost", "changed")
_BY_KIND = {spec.kind: spec for spec in SPECS.values()}
_SHOWN_PER_RULE = 50
_ABOUT = {
    "mention": ("kind", "value"),
    "candidate": ("kind", "value"),
    "participation": ("project", "state", "role"),
    "milestone": ("project", "milestone", "date", "phase"),
    "commitment_status": ("state", "commitment", "status"),
    "table": ("caption",),
    "issue": ("message",),
    "document": ("kind", "year", "state", "message"),
}
_PRINTS = {"mention": "text", "candidate": "text"}
_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~>])")


@dataclass(frozen=True, slots=True)
class Change:
    """A fact, mention, issue or document field gained, lost or changed; ``before`` and ``after`` are what it said."""

    run_id: int
    document_id: str
    filename: str
    page: int | None
    kind: str
    key: str
    what: str
    rule_id: str
    before: Said | None
    after: Said | None

    @property
    def words(self) -> str:
        """The change in one line of words; of a change, each value that differs."""
        one = self.after or self.before or {}
        said = " ".join(str(one[name]) for name in _ABOUT[self.kind] if one.get(name) is not None)
        if self.before is not None and self.after is not None:
            names = sorted({*self.before, *self.after}.difference(("id", "found", "context")))
            moved = [name for name in names if self.before.get(name) != self.after.get(name)]
            said += ": " + ", ".join(
                f"{n} {_value(self.before, n)} -> {_value(self.after, n)}" for n in _that_matter(moved)
            )
        found = one.get("found")
        if isinstance(found, Mapping):
            said += " with " + ", ".join(_counted(number, kind) for kind, number in found.items())
        return said.strip(" :") or self.kind

    @property
    def quote(self) -> str:
        """The print it was read from, if it has one."""
        one = self.after or self.before or {}
        return str(one.get(_PRINTS.get(self.kind, "quote")) or "")


@dataclass(frozen=True, slots=True)
class Diff:
    """What the runs from ``first`` to ``last`` changed, in the order of rules, documents and pages."""

    first: int
    last: int
    changes: tuple[Change, ...]

    def counts(self) -> dict[str, int]:
        """Return how many changes there are of each sort."""
        return {what: sum(one.what == what for one in self.changes) for what in WHATS}

    def by_rule(self) -> dict[str, list[Change]]:
        """Return the changes by rule, rules in order of their names."""
        rules: dict[str, list[Change]] = {}
        for one in self.changes:
            rules.setdefault(one.rule_id, []).append(one)
        return rules


def read_diff(db: Path, run: int | None = None, until: int | None = None) -> Diff:
    """Return what a run changed (``None``: the last one), or everything after ``run`` up to ``until``.

    Raises ``PescoError`` when there is no such database or run. Changes of the last 50 runs that changed something are
    kept.
    """
    with closing(open_reader(db)) as connection:
        connection.execute("BEGIN")
        last = connection.execute("SELECT max(id) FROM runs").fetchone()[0]
        if last is None:
            raise PescoError(f"{db} has no run yet")
        for wanted in (run, until):
            if (
                wanted is not None
                and connection.execute("SELECT 1 FROM runs WHERE id = ?", (wanted,)).fetchone() is None
            ):
                raise PescoError(f"there is no run {wanted}; the last one is {last}")
        if run is None or until is None:
            number = last if run is None else run
            return Diff(number, number, _sorted(_read(connection, number, number)))
        first, end = sorted((run, until))
        return Diff(first + 1, end, _sorted(_taken_together(_read(connection, first + 1, end))))


def markdown_report(db: Path, run: int | None = None, until: int | None = None) -> str:
    """Return what a run changed as Markdown: a table of rules, then each rule's changes; as for ``read_diff``.

    This is what a run keeps beside itself, as an artifact of Prefect; name and arguments are stable.
    """
    return report_of(read_diff(db, run, until))


def report_of(diff: Diff, title: str | None = None) -> str:
    """Return changes as Markdown."""
    runs = f"run {diff.first}" if diff.first == diff.last else f"runs {diff.first} to {diff.last}"
    counts = diff.counts()
    lines = [f"# {title or f'Changes of {runs}'}", ""]
    if not diff.changes:
        return "\n".join([*lines, "Nothing changed.", ""])
    lines += [", ".join(f"{counts[what]} {what}" for what in WHATS) + ".", ""]
    lines += ["| rule | gained | lost | changed |", "|---|---:|---:|---:|"]
    for rule, changes in diff.by_rule().items():
        numbers = [str(sum(one.what == what for one in changes)) for what in WHATS]
        lines.append(f"| {_escaped(rule)} | {' | '.join(numbers)} |")
    for rule, changes in diff.by_rule().items():
        lines += ["", f"## {_escaped(rule)}", "", "| | document | page | what | print |", "|---|---|---:|---|---|"]
        for one in changes[:_SHOWN_PER_RULE]:
            cells = (one.what, one.filename, "" if one.page is None else str(one.page), one.words, one.quote)
            lines.append("| " + " | ".join(map(_escaped, cells)) + " |")
        if len(changes) > _SHOWN_PER_RULE:
            lines += ["", f"{len(changes) - _SHOWN_PER_RULE} more are in the table `changes`."]
    return "\n".join([*lines, ""])


def _counted(number: int, kind: str) -> str:
    """Return a number of rows of a kind in words.

    >>> _counted(1, "mention"), _counted(2, "commitment_status")
    ('1 mention', '2 commitment statuses')
    """
    name = kind.replace("_", " ")
    return f"{number} {name}" if number == 1 else f"{number} {name}{'es' if name.endswith('s') else 's'}"


def _that_matter(names: list[str]) -> list[str]:
    """Return the names of what changed; place and print only when nothing else did."""
    minor = {"x0", "top", "x1", "bottom", "boxes", "page", "quote", "rule_id"}
    return [name for name in names if name not in minor] or names


def _value(said: Said, name: str) -> str:
    value = said.get(name)
    return "nothing" if value is None else str(value)


def _escaped(text: str) -> str:
    """Return text of one line in which nothing is Markdown or HTML."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return _MARKS.sub(r"\\\1", "".join(letter for letter in line if letter.isprintable()))


def _read(connection: sqlite3.Connection, first: int, last: int) -> list[Change]:
    rows = connection.execute(
        "SELECT run_id, document_id, filename, page, kind, key, what, rule_id, before, after FROM changes"
        " WHERE run_id BETWEEN ? AND ? ORDER BY id",
        (first, last),
    )
    return [Change(**{**dict(row), "before": _json(row["before"]), "after": _json(row["after"])}) for row in rows]


def _json(text: str | None) -> Said | None:
    return None if text is None else json.loads(text)


def _sorted(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda one: (one.rule_id, one.filename, one.document_id, one.page or 0)))


def _taken_together(changes: Iterable[Change]) -> list[Change]:
    """Return what is left of the changes of several runs: what went and came again is none."""
    net: dict[tuple[str, str, object], Change] = {}
    for one in changes:
        old = (one.before or {}).get("id", one.key)
        before = net.pop((one.document_id, one.kind, old), None)
        whole = one if before is None else replace(one, before=before.before)
        gone = net.get((one.document_id, one.kind, one.key))
        if gone is not None and whole.before is None:
            whole = replace(whole, before=gone.before)
        if whole.before is not None or whole.after is not None:
            net[one.document_id, one.kind, one.key] = whole
    groups: dict[tuple[str, str], list[Change]] = {}
    for one in net.values():
        groups.setdefault((one.document_id, one.kind), []).append(one)
    return [one for group in groups.values() for one in _paired_again(group)]


def _paired_again(changes: list[Change]) -> list[Change]:
    """Return the changes of one kind in one document with what one run lost and a later one gained as one."""
    spec = _BY_KIND.get(changes[0].kind)
    both = [one for one in changes if one.before is not None and one.after is not None]
    lost = {id(one.before): one for one in changes if one.after is None}
    gained = {id(one.after): one for one in changes if one.before is None}
    found = [_named(one) for one in both if {**(one.before or {}), "id": 0} != {**(one.after or {}), "id": 0}]
    if spec is None:
        return [*found, *map(_named, [*lost.values(), *gained.values()])]
    pairs = pair_up(
        spec,
        [one.before for one in lost.values() if one.before is not None],
        [one.after for one in gained.values() if one.after is not None],
    )
    for old, new in pairs:
        base = gained[id(new)] if new is not None else lost[id(old)]
        found.append(_named(replace(base, before=old, after=new)))
    return found


def _named(one: Change) -> Change:
    """Return a change with the sort that follows from what stands on its two sides."""
    what = "gained" if one.before is None else "lost" if one.after is None else "changed"
    return replace(one, what=what)
