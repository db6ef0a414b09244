"""``pesco rules`` and ``pesco unmatched``: what the rules miss, an entry more, and whether all of them hold."""

import sys
from dataclasses import asdict
from pathlib import Path

import typer

from extractors.projects.rules import FORM_FIELDS, load_project_rules
from flows.terminal import add_row, make_table, open_console, plain, print_json
from models.errors import PescoError
from pipeline.pool import ReaderPool
from pipeline.relations.layouts import read_headings_file
from pipeline.rule_edit import Edit, apply_edits, heading_edits, project_edits
from pipeline.rule_review import Review, review_rules
from pipeline.unmatched import Candidate, read_queue

NOT_GOOD = 1
_FIRST_FAILURE = "pipeline.rule_review:first_failure"


def print_queue(db: Path, *, kind: str | None, limit: int, as_json: bool) -> None:
    """Print what no rule knows, the most widely spread first; raises ``PescoError`` when there is no database."""
    queue = [one for one in read_queue(db) if kind is None or one.kind == kind]
    if as_json:
        print_json([asdict(one) for one in queue])
        return
    console = open_console()
    if not queue:
        console.print("Nothing waits: every name, heading and number that looks like one of ours is known.")
        return
    table = make_table("kind", "text", "documents#", "times#", "like", "likeness#", "first seen")
    for one in queue[:limit]:
        add_row(table, one.kind, one.text, one.documents, one.times, _like(one), one.likeness or None, _place(one))
    console.print(table)
    if len(queue) > limit:
        console.print(f"{len(queue) - limit} more; --limit shows them, --json all.")
    if entry := next((one.entry for one in queue if one.entry), None):
        console.print(f"To make one known: {plain(entry)}", soft_wrap=True)


def _like(one: Candidate) -> str:
    return f"{one.like} ({one.owner})" if one.like else ""


def _place(one: Candidate) -> str:
    filename, page, _ = one.places[0]
    return filename if page is None else f"{filename}, p. {page}"


def print_review(db: Path | None, *, with_idle: bool, as_json: bool) -> int:
    """Review all rules and print what is to be said; return the exit code. Raises ``RuleError``."""
    review = review_rules(db)
    if as_json:
        print_json(asdict(review))
    else:
        _print_review(review, with_idle=with_idle)
    return 0 if review.is_good else NOT_GOOD


def _print_review(review: Review, *, with_idle: bool) -> None:
    console = open_console()
    if review.failed:
        table = make_table("file", "rule", "text", "", "wanted", "found", title="Proofs that fail")
        for proof in review.failed:
            side = "near miss" if proof.is_near_miss else "example"
            add_row(table, proof.file_name, proof.rule_id, proof.text, side, proof.wanted, proof.found)
        console.print(table)
    remarks = [remark for remark in review.remarks if with_idle or remark.what != "idle"]
    if remarks:
        table = make_table("remark", "file", "entry", "reason")
        for remark in remarks:
            add_row(table, remark.what, remark.file_name, remark.entry, remark.reason)
        console.print(table)
    hold = review.n_proofs - len(review.failed)
    idle = len(review.remarks) - len([remark for remark in review.remarks if remark.what != "idle"])
    console.print(f"{hold} of {review.n_proofs} examples and near misses hold.")
    if idle and not with_idle:
        console.print(f"{idle} rules and names never fired over the database; --idle lists them.")


def add_rule(
    text: str, *, project: str | None, form: str, heading: str | None, example: str | None, is_sure: bool
) -> None:
    """Add a name of a project or a heading of a field to the rules, after a yes, and prove all rules.

    Raises ``PescoError`` when the entry is refused; nothing is changed then.
    """
    text = " ".join(text.split())
    if (project is None) == (heading is None):
        raise PescoError("say what it is: --project SLUG or --heading FIELD")
    edits = _heading_edits(text, heading) if heading is not None else _project_edits(text, project or "", form, example)
    console = open_console()
    for edit in edits:
        place = ".".join(map(str, edit.place if edit.key is None else (*edit.place, edit.key)))
        console.print(f"{edit.file_name}, {plain(place)}: + {plain(edit.text)}", soft_wrap=True)
    if not is_sure and not _is_confirmed():
        raise PescoError("nothing is added")
    console.print("Proving all rules with it ...")
    apply_edits(edits, _first_failure)
    console.print("Added. `pesco ingest` finds what it changes, without opening a PDF.")


def _heading_edits(text: str, field: str) -> list[Edit]:
    fields = (*read_headings_file().fields, "ignore")
    if field not in fields:
        raise PescoError(f"there is no field {plain(field)}; the fields are {', '.join(fields)}")
    return heading_edits(text, field)


def _project_edits(text: str, slug: str, form: str, example: str | None) -> list[Edit]:
    slugs = [project.slug for project in load_project_rules().projects]
    if slug not in slugs:
        raise PescoError(f"there is no project {plain(slug)}; `pesco show NAME` finds a project's slug")
    if form not in FORM_FIELDS:
        raise PescoError(f"there is no form {plain(form)}; the forms are {', '.join(FORM_FIELDS)}")
    return project_edits(slugs.index(slug), text, form, example or f"The project {text} goes on")


def _is_confirmed() -> bool:
    """Ask for a yes; without a terminal there is none."""
    return sys.stdin.isatty() and typer.confirm("Add this?", default=False)


def _first_failure() -> str | None:
    """Return what does not hold, found in a fresh process, which reads the files as they are now."""
    with ReaderPool(1) as pool:
        found = pool.call(_FIRST_FAILURE)
    return None if found is None else str(found)
