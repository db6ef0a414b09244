"""What may be missing in the rules, as a queue for a person: names, headings and numbers that no rule knows.

The database enters: texts of its pages and its issues. What leaves are candidates, each with how many documents and how
often, where it stands first, what it is like (rapidfuzz), and the entry that would make it known. The most widely
spread come first. Reads only.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from extractors.nlp import fold
from extractors.projects.rules import load_project_rules
from extractors.rulebook import RuleModel, read_rules
from pipeline.relations.layouts import read_headings_file
from pipeline.relations.rules import RelationExample
from pipeline.store.schema import open_reader

FILE_NAME = "unmatched.yml"
LIKE = 78.0
"""Likeness (0 to 100, rapidfuzz's weighted ratio) from which a known name is suggested: names that share most words."""
_AROUND = 80
_SHORTEST = 3
_WORD = r"[A-Z][\w&/.-]*(?<![.-])"
_RUN = rf"{_WORD}(?:[ -](?:(?:of|for|and|in|on|the|to|with|from) )?{_WORD}|[ ]\d{{1,2}}\b)*"
_OPEN, _CLOSE = "['\"\u201c\u2018]", "['\"\u201d\u2019]"
_BRACKET = r"(?: ?\((?P<short>[A-Z][\w&/ -]{1,14})\))"
_JOIN = re.compile(r" and (?=[A-Z])|, (?=[A-Z])")
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9&/-]*[A-Z0-9][A-Za-z0-9&/-]*")


class UnmatchedRules(RuleModel):
    """``rules/unmatched.yml``."""

    leads: tuple[str, ...]
    cut: tuple[str, ...]
    not_names: tuple[str, ...]
    acronyms: tuple[str, ...]
    examples: tuple[RelationExample, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that no rule knows. ``kind``: ``project``, ``heading`` or ``commitment``. ``places`` holds up to three
    (filename, page, words around). ``like`` is the known name or heading nearest to it, ``owner`` whose it is (slug or
    field), ``likeness`` 0 to 100; all empty when nothing is near. ``entry`` is the command that would add it."""

    kind: str
    text: str
    documents: int
    times: int
    places: tuple[tuple[str, int | None, str], ...]
    like: str = ""
    owner: str = ""
    likeness: float = 0.0
    entry: str = ""


@dataclass(slots=True)
class _Tally:
    """Where one candidate stands."""

    kind: str
    text: str
    documents: set[str] = field(default_factory=set)
    times: int = 0
    places: list[tuple[str, int | None, str]] = field(default_factory=list)

    def add(self, document: str, filename: str, page: int | None, around: str) -> None:
        """Count one more print."""
        self.documents.add(document)
        self.times += 1
        if len(self.places) < 3:
            self.places.append((filename, page, around))


@cache
def load_unmatched_rules() -> UnmatchedRules:
    """Return the rules of the queue; raises ``RuleError``."""
    return read_rules(FILE_NAME, UnmatchedRules)


def read_queue(db: Path) -> list[Candidate]:
    """Return the candidates of a database, those in most documents first; raises ``PescoError`` when there is none."""
    tallies: dict[tuple[str, str], _Tally] = {}
    with closing(open_reader(db)) as connection:
        connection.execute("BEGIN")
        for kind, text, document, filename, page, around in (*_from_pages(connection), *_from_issues(connection)):
            tally = tallies.setdefault((kind, fold(text)), _Tally(kind, text))
            tally.add(document, filename, page, around)
    found = [_suggest(tally) for tally in tallies.values()]
    return sorted(found, key=lambda one: (-one.documents, -one.times, one.kind, one.text))


def find_names(text: str) -> Iterator[tuple[str, int]]:
    """Yield what may be names of projects in a text, and where each starts: a capitalised run behind a word that leads
    to one, or before letters in brackets that are its initials."""
    patterns = _patterns()
    for match in patterns.led.finditer(text):
        yield from _parts(match["run"], match["short"] or "", match.start("run"))
    for match in patterns.bracketed.finditer(text):
        run, short = _cut(match["run"]), match["short"]
        if run and short not in patterns.acronyms and _are_initials(short, run) and not patterns.is_other(run):
            yield f"{run} ({short})", match.start("run")


_Find = tuple[str, str, str, str, int | None, str]


def _from_pages(connection: sqlite3.Connection) -> Iterator[_Find]:
    """Yield the names that pages of documents about PESCO print and no mention there covers."""
    rows = connection.execute(
        "SELECT p.document_id, d.filename, p.page, p.text FROM pages p JOIN documents d ON d.id = p.document_id"
        " WHERE d.id IN (SELECT document_id FROM mentions WHERE kind = 'project') ORDER BY d.filename, d.id, p.page"
    )
    for row in rows:
        text = " ".join(str(row["text"]).split())
        known: tuple[str, tuple[str, ...]] | None = None
        seen: set[str] = set()
        for name, start in find_names(text):
            if known is None:
                known = _known_on(connection, str(row["document_id"]), int(row["page"]))
            bare = fold(name)
            if bare not in seen and not _is_known(bare, known):
                seen.add(bare)
                around = text[max(0, start - _AROUND) : start + len(name) + _AROUND]
                yield "project", name, str(row["document_id"]), str(row["filename"]), int(row["page"]), around


def _known_on(connection: sqlite3.Connection, document: str, page: int) -> tuple[str, tuple[str, ...]]:
    """Return the prints of all mentions of a page, one a line, and those of projects; both folded."""
    rows = connection.execute("SELECT kind, text FROM mentions WHERE document_id = ? AND page = ?", (document, page))
    prints = [(row["kind"], fold(str(row["text"]))) for row in rows]
    return "\n".join(text for _, text in prints), tuple(text for kind, text in prints if kind == "project")


def _is_known(bare: str, known: tuple[str, tuple[str, ...]]) -> bool:
    """Tell whether a name is part of a mention on its page, or holds the mention of a project."""
    prints, projects = known
    name = re.sub(r" \([^)]*\)$", "", bare)
    return name in prints or any(len(project) > _SHORTEST and project in bare for project in projects)


def _from_issues(connection: sqlite3.Connection) -> Iterator[_Find]:
    """Yield headings, numbers and names that a run has already put among the issues."""
    rows = connection.execute(
        "SELECT code, document_id, filename, page, context FROM issues WHERE document_id IS NOT NULL AND code IN"
        " ('unknown_heading', 'unmatched_project', 'unmatched_commitment') ORDER BY filename, page, position"
    )
    for row in rows:
        context = json.loads(row["context"])
        text = str(context.get("heading") or context.get("text") or "")
        kind = "heading" if row["code"] == "unknown_heading" else str(row["code"]).removeprefix("unmatched_")
        if text:
            yield kind, text, row["document_id"], row["filename"], row["page"], str(context.get("around", text))


def _suggest(tally: _Tally) -> Candidate:
    """Return a candidate with what it is like and how to add it."""
    like, owner, likeness = "", "", 0.0
    known = _known(tally.kind)
    if known:
        found = process.extractOne(fold(tally.text), list(known), scorer=fuzz.WRatio, score_cutoff=LIKE)
        if found is not None:
            like, likeness = found[0], float(found[1])
            owner = known[like]
    return Candidate(
        kind=tally.kind,
        text=tally.text,
        documents=len(tally.documents),
        times=tally.times,
        places=tuple(tally.places),
        like=like,
        owner=owner,
        likeness=round(likeness, 1),
        entry=_entry(tally, owner),
    )


def _known(kind: str) -> dict[str, str]:
    """Return what is known of a kind, folded, with its owner: a project's slug or a heading's field."""
    if kind == "project":
        return {fold(form): project.slug for project in load_project_rules().projects for form in project.forms}
    if kind == "heading":
        file = read_headings_file()
        fields = {fold(text): name for name, texts in file.fields.items() for text in texts}
        return {**fields, **{fold(text): "ignore" for text in file.ignore}}
    return {}


def _entry(tally: _Tally, owner: str) -> str:
    """Return the command that adds the entry; a commitment out of range is an error of the document, not of rules."""
    if tally.kind not in ("project", "heading"):
        return ""
    words = json.dumps(tally.text, ensure_ascii=False)
    what = "--heading" if tally.kind == "heading" else "--project"
    return f"pesco rules add {words} {what} {owner or ('FIELD' if tally.kind == 'heading' else 'SLUG')}"


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The compiled rules."""

    led: re.Pattern[str]
    bracketed: re.Pattern[str]
    acronyms: frozenset[str]
    cut: frozenset[str]
    not_names: re.Pattern[str]

    def is_other(self, run: str) -> bool:
        """Tell whether a run names a body, an office or a part of a document."""
        return self.not_names.search(run) is not None


@cache
def _patterns() -> _Patterns:
    rules = load_unmatched_rules()
    leads = "|".join(sorted(map(re.escape, rules.leads), key=lambda lead: -len(lead)))
    return _Patterns(
        led=re.compile(rf"\b(?:{leads}) (?:called |named )?{_OPEN}?(?P<run>{_RUN}(?:, {_RUN})*){_CLOSE}?{_BRACKET}?"),
        bracketed=re.compile(rf"(?<![\w-])(?P<run>{_RUN}){_CLOSE}?{_BRACKET}"),
        acronyms=frozenset(rules.acronyms),
        cut=frozenset(rules.cut),
        not_names=re.compile(rf"\b(?:{'|'.join(map(re.escape, rules.not_names))})\b"),
    )


def _parts(run: str, short: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the names of a list behind ``projects``; letters in brackets belong to the last, or to the whole run."""
    patterns = _patterns()
    if short in patterns.acronyms:
        return
    whole = _cut(run)
    if short and _are_initials(short, whole):
        if not patterns.is_other(whole):
            yield f"{whole} ({short})", start
        return
    position = 0
    for piece in _JOIN.split(run):
        place = run.find(piece, position)
        position = place + len(piece)
        name = _cut(piece)
        is_name = " " in name or _ACRONYM.fullmatch(name) is not None
        if name and is_name and name not in patterns.acronyms and not patterns.is_other(name):
            yield name, start + place


def _cut(run: str) -> str:
    """Return a run without the words at its ends that are no part of a name."""
    words = run.split(" ")
    cut = _patterns().cut
    while words and words[0] in cut:
        words.pop(0)
    while words and words[-1] in cut:
        words.pop()
    return " ".join(words)


def _are_initials(short: str, run: str) -> bool:
    """Tell whether the capitals of a short form are initials of words of a run, in their order."""
    words = [word for word in re.split(r"[ /&-]+", run) if word]
    letters = [letter.lower() for letter in short if letter.isupper()]
    place = 0
    for word in words:
        if place < len(letters) and word[0].lower() == letters[place]:
            place += 1
    return len(letters) > 1 and len(words) > 1 and place >= max(2, len(letters) - 1)


def prove_queue() -> Iterable[tuple[str, tuple[str, ...], list[str]]]:
    """Yield the examples and near misses of the queue: text, names wanted, names found."""
    rules = load_unmatched_rules()
    for text, wanted in (
        *((example.text, example.gives) for example in rules.examples),
        *((text, ()) for text in rules.near_misses),
    ):
        yield text, tuple(wanted), list(dict.fromkeys(name for name, _ in find_names(text)))
