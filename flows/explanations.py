"""``pesco explain``: what rules make of a text, a page or a mention, with the words highlighted on a terminal."""

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from flows.terminal import add_row, make_table, open_console, plain, print_json
from models.corrections import Values
from models.errors import PescoError
from pipeline.explain import Corrected, Explanation, FoundFact, Refusal, Rule, explain_text
from pipeline.explain_job import explain_page
from pipeline.explain_mention import Origin, explain_mention
from pipeline.names import from_text
from pipeline.show import find_entity
from pipeline.store.schema import open_reader

STYLES = {
    "project": "bold magenta",
    "state": "bold blue",
    "date": "bold green",
    "commitment": "bold yellow",
    "commitment_area": "yellow",
}
_REFUSED = "underline red"
_PAGE = re.compile(r"(?P<file>.+?\.pdf)(?::(?P<page>\d+))?", re.IGNORECASE | re.DOTALL)
_ID = re.compile(r"[0-9a-f]{6,64}")


def print_explanation(target: str, db: Path, corrections: Path | None, *, as_json: bool) -> None:
    """Print why rules found what they found; raises ``PescoError`` when a file or an id leads to nothing.

    ``corrections`` is a folder of correction files.
    """
    if (match := _PAGE.fullmatch(target)) is not None:
        page = None if match["page"] is None else int(match["page"])
        _print_page(explain_page(_locate(match["file"], db), page, db, corrections), as_json=as_json)
    elif _ID.fullmatch(target) is not None:
        _print_origin(target, db, as_json=as_json)
    else:
        _print_page(explain_text(target), as_json=as_json)


def _locate(name: str, db: Path) -> Path:
    """Return the file of that name, or the one that the database knows by it; raises ``PescoError``."""
    if Path(name).is_file():
        return Path(name)
    if db.is_file():
        with closing(open_reader(db)) as connection:
            row = connection.execute(
                "SELECT path FROM files WHERE filename = ? AND status <> 'gone' ORDER BY path LIMIT 1", (name,)
            ).fetchone()
        if row is not None and from_text(row["path"]).is_file():
            return from_text(row["path"])
    raise PescoError(f"there is no file {plain(name)}")


def _print_page(found: Explanation, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(found))
        return
    console = open_console()
    for note in found.notes:
        console.print(plain(note), soft_wrap=True)
    if said := [f"{name} {value}" for name, value in found.document.items() if value]:
        console.print(plain(f"document: {', '.join(said)}"), soft_wrap=True)
    console.print(_highlighted(found, is_styled=console.is_terminal), soft_wrap=True)
    finds = make_table("found", "value", "text", "rule")
    for find in found.finds:
        add_row(finds, find.kind, ", ".join(find.values), find.text, find.rule_id)
    console.print(finds if found.finds else "Nothing is found here.")
    _print_refusals(console, found.refusals)
    _print_facts(console, found.facts)
    _print_corrections(console, found.corrections)
    _print_rules(console, found.rules)


def _highlighted(found: Explanation, *, is_styled: bool) -> Text:
    """Return the text with its finds in colour; without colours finds stand in «» and what is refused in ‹›."""
    spans = [(find.start, find.end, STYLES[find.kind], "«»") for find in found.finds]
    taken = [range(start, end) for start, end, _, _ in spans]
    for refusal in found.refusals:
        if not any(refusal.start < one.stop and one.start < refusal.end for one in taken):
            spans.append((refusal.start, refusal.end, _REFUSED, "‹›"))
            taken.append(range(refusal.start, refusal.end))
    shown = Text()
    position = 0
    for start, end, style, marks in sorted(spans):
        shown.append(_lines(found.text[position:start]))
        words = _lines(found.text[start:end])
        shown.append(words if is_styled else f"{marks[0]}{words}{marks[1]}", style=style if is_styled else "")
        position = end
    shown.append(_lines(found.text[position:]))
    return shown


def _lines(text: str) -> str:
    """Return text for the terminal, its line feeds kept."""
    return "\n".join(plain(line) for line in text.split("\n"))


def _print_refusals(console: Console, refusals: Sequence[Refusal]) -> None:
    if not refusals:
        return
    table = make_table("refused", "would be", "text", "rule", "why", "a run")
    for one in refusals:
        row = "leaves an issue" if one.is_doubt else "passes over it"
        add_row(table, one.kind, ", ".join(one.values), one.text, one.rule_id, one.reason, row)
    console.print(table)


def _print_facts(console: Console, facts: Sequence[FoundFact]) -> None:
    if not facts:
        return
    table = make_table("fact", "says", "rule", "quote")
    for fact in facts:
        says = ", ".join(f"{name} {value}" for name, value in fact.values.items())
        add_row(table, fact.table, says, fact.rule_id, fact.quote)
    console.print(table)


def _print_corrections(console: Console, corrections: Sequence[Corrected]) -> None:
    if not corrections:
        return
    table = make_table("corrected", "before", "after", "became", "who", "why", "file")
    for one in corrections:
        state = f"{one.state}: {one.reason}" if one.reason else one.state
        what = f"{one.action} {one.kind}"
        add_row(table, what, _values(one.before), _values(one.after), state, one.who, one.why, one.file)
    console.print(table)


def _values(values: Values | None) -> str:
    return ", ".join(f"{name} {value}" for name, value in (values or {}).items() if value)


def _print_rules(console: Console, rules: Sequence[Rule]) -> None:
    if not rules:
        return
    table = make_table("rule", "stands in", "about")
    for rule in rules:
        add_row(table, rule.id, rule.place, rule.about)
    console.print(table)


def _print_origin(identifier: str, db: Path, *, as_json: bool) -> None:
    """Print a mention's way, step by step; raises ``PescoError`` when the id is none of a mention."""
    entity = find_entity(db, identifier)
    if entity.kind != "mention":
        raise PescoError(f"{entity.kind} {plain(entity.id)} is no mention; `pesco show` shows it with its mentions")
    origin = explain_mention(db, entity)
    if as_json:
        print_json(asdict(origin))
        return
    console = open_console()
    console.print(f"mention {plain(entity.id)}: {plain(entity.title)}")
    _print_steps(console, origin)
    for title, rows in origin.facts.items():
        facts = make_table("id", "quote", "rule", title=title)
        for row in rows:
            add_row(facts, row["id"], row["quote"], row["rule_id"])
        console.print(facts)


def _print_steps(console: Console, origin: Origin) -> None:
    record = origin.record
    steps = make_table("step", "")
    for line in origin.glyphs:
        place = f"p. {line.page} at {line.x0:.1f},{line.top:.1f} to {line.x1:.1f},{line.bottom:.1f} points"
        add_row(steps, "glyphs", f"{line.text}  ({place})")
    if origin.glyphs:
        add_row(steps, f"text ({origin.block_kind})", f"{origin.before}«{origin.text}»{origin.after}")
    else:
        add_row(steps, "text", f"{origin.text}  (no pages are kept for the version that read it: no glyphs to show)")
    rule = origin.rule
    add_row(steps, "rule", record["rule_id"] if rule is None else f"{rule.id}: {rule.about} ({rule.place})")
    for correction in origin.corrections:
        said = f"{correction['action']} by {correction['who']}, {correction['when']}: {correction['why']}"
        add_row(steps, "correction", f"{said} ({correction['file']})")
    add_row(steps, "value", f"{record['kind']} {record['value']}")
    add_row(steps, "row", f"mentions.id {record['id']} in {record['filename']}, page {record['page']}")
    console.print(steps)
