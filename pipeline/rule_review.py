"""What is wrong or idle in the rule files: proofs that fail, entries that say the same or that another one takes first,
names that two things claim, and what never fired over a database.

A broken file stops everything when it is read (``RuleError``); this review is for what can be read. Writes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from extractors.nlp import fold
from extractors.projects.finder import find_projects
from extractors.projects.rules import load_project_rules
from extractors.rulebook import list_phrases
from extractors.states.finder import find_states
from extractors.states.rules import load_state_rules
from extractors.views import plain_view
from pipeline.rule_check import check_rules
from pipeline.rule_proofs import PESCO_LINE, Proof, prove_rules
from pipeline.store.schema import open_reader

_LETTERS = re.compile(r"[\W_]+")
_FACTS = ("mentions", "candidates", "participations", "milestones", "commitment_statuses")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at.

    ``what``: ``duplicate`` (an entry stands twice), ``shadowed`` (another entry is found in its place), ``clash`` (two
    things share a form), ``idle`` (a rule or name never fired over the database).
    """

    what: str
    file_name: str
    entry: str
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """The proofs (how many, and those that fail) and the remarks; without ``database`` idle rules were not sought."""

    n_proofs: int
    failed: tuple[Proof, ...]
    remarks: tuple[Remark, ...]
    database: str | None

    @property
    def is_good(self) -> bool:
        """Whether every proof holds and nothing stands twice or is shadowed; clashes and idle rules may be meant."""
        return not self.failed and not any(remark.what in ("duplicate", "shadowed") for remark in self.remarks)


def review_rules(db: Path | None = None) -> Review:
    """Review all rule files; with a database, also what never fired over it. Raises ``RuleError``."""
    check_rules()
    proofs = list(prove_rules())
    remarks = [*_duplicates(), *_shadowed_forms(), *_clashes()]
    if db is not None:
        remarks += [*_idle_rules(proofs, db), *_idle_names(db)]
    failed = tuple(proof for proof in proofs if not proof.holds)
    return Review(len(proofs), failed, tuple(remarks), None if db is None else str(db))


def first_failure() -> str | None:
    """Return what is wrong with the rules in one sentence, or ``None``; what only a database shows is left out.

    Raises ``RuleError`` when a file cannot be read.
    """
    review = review_rules()
    for proof in review.failed:
        side = "the near miss" if proof.is_near_miss else "the example"
        return (
            f"{side} {proof.text!r} of {proof.rule_id} ({proof.file_name}) does not hold: it gives "
            f"{proof.found or 'nothing'}, wanted {proof.wanted or 'nothing'}"
        )
    for remark in review.remarks:
        if remark.what in ("duplicate", "shadowed"):
            return f"{remark.entry!r} in {remark.file_name} {remark.reason}"
    return None


def _duplicates() -> Iterator[Remark]:
    """Yield phrases that stand twice in one list of a rule file."""
    for phrases in list_phrases():
        seen: set[str] = set()
        for phrase in phrases.texts:
            if phrase in seen:
                place = ".".join(map(str, phrases.place))
                yield Remark("duplicate", phrases.file_name, phrase, f"stands twice in {place}, line {phrases.line}")
            seen.add(phrase)


def _shadowed_forms() -> Iterator[Remark]:
    """Yield names of projects and states that, printed alone where they count, are found as something else or not."""
    for project in load_project_rules().projects:
        for form in project.forms:
            text = f"{PESCO_LINE}The project {form} goes on"
            hits = find_projects(plain_view(text)).hits
            found = [value for hit in hits for value in hit.values]
            if project.slug not in found:
                yield Remark("shadowed", "projects.yml", form, _instead(project.slug, found))
    for state in load_state_rules().states:
        for form in (*state.names, *state.short):
            text = f"a report on {form} today"
            hits = find_states(plain_view(text)).hits
            found = [value for hit in hits for value in hit.values]
            if state.code not in found:
                yield Remark("shadowed", "states.yml", form, _instead(state.code, found))


def _instead(wanted: str, found: list[str]) -> str:
    return f"is meant for {wanted}, and gives {', '.join(found) or 'nothing'}"


def _clashes() -> Iterator[Remark]:
    """Yield forms that a project and another thing share when case, accents and signs are left out."""
    owners: dict[str, set[str]] = defaultdict(set)
    prints: dict[str, str] = {}
    for project in load_project_rules().projects:
        for form in project.forms:
            owners[_bare(form)].add(f"project {project.slug}")
            prints.setdefault(_bare(form), form)
    for state in load_state_rules().states:
        for form in (*state.names, *state.adjectives, *state.short, *state.weak, state.code, state.iso3):
            owners[_bare(form)].add(f"state {state.code}")
            prints.setdefault(_bare(form), form)
    for bare, who in sorted(owners.items()):
        if len(who) > 1 and any(owner.startswith("project") for owner in who):
            yield Remark("clash", "projects.yml", prints[bare], f"is a form of {' and of '.join(sorted(who))}")


def _bare(form: str) -> str:
    return _LETTERS.sub("", fold(form))


def _idle_rules(proofs: Iterable[Proof], db: Path) -> Iterator[Remark]:
    """Yield rules that find something in their own examples and nothing in the database."""
    able = {(proof.file_name, proof.rule_id) for proof in proofs if proof.fired and not proof.is_near_miss}
    with closing(open_reader(db)) as connection:
        union = " UNION ".join(f"SELECT DISTINCT rule_id FROM {table}" for table in _FACTS)
        fired = {str(row[0]) for row in connection.execute(union)}
        slugs = {
            str(row[0]) for row in connection.execute("SELECT DISTINCT value FROM mentions WHERE kind = 'project'")
        }
    files = ("headings.yml", "legends.yml", "identity.yml", "hyphens.yml")
    for file_name, rule_id in sorted(able):
        if file_name in files or rule_id.startswith(("state.not", "not_date", "status.")):
            continue  # they leave no row of their own
        is_project = file_name == "projects.yml" and not rule_id.startswith("project.")
        if rule_id not in (slugs if is_project else fired):
            yield Remark("idle", file_name, rule_id, "never fired over the database")


def _idle_names(db: Path) -> Iterator[Remark]:
    """Yield forms of projects that no mention of the database prints, of projects that it mentions."""
    with closing(open_reader(db)) as connection:
        rows = connection.execute("SELECT DISTINCT value, text FROM mentions WHERE kind = 'project'").fetchall()
    printed: dict[str, str] = defaultdict(str)
    for row in rows:
        printed[str(row["value"])] += f"|{_bare(str(row['text']))}"
    for project in load_project_rules().projects:
        if project.slug in printed:
            for form in project.forms[1:]:
                if _bare(form) not in printed[project.slug]:
                    yield Remark("idle", "projects.yml", form, f"no mention of {project.slug} prints it")
