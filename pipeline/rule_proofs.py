"""Every rule proves itself: its examples must be found, its near misses must not.

The rule files enter, one ``Proof`` for each example and near miss leaves. The tests run them all, and so does
``pesco rules check`` after an edit. How an example is read depends on its file, so each file has a function here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from extractors.commitments.finder import find_commitments, find_paraphrases
from extractors.commitments.rules import load_commitment_rules, load_commitment_texts
from extractors.dates.finder import find_dates, ignored_numbers
from extractors.dates.words import load_date_words
from extractors.identity.facts import read_identity
from extractors.identity.rules import load_identity_rules
from extractors.layout.healing import Joint, join_at, load_hyphen_rules, make_lexicon
from extractors.mentions import find_mentions
from extractors.nlp import Finds
from extractors.projects.finder import find_projects
from extractors.projects.rules import load_project_rules
from extractors.states.finder import find_states
from extractors.states.rules import load_state_rules
from extractors.views import TableView, plain_view
from models.facts import DocumentFacts, DocumentKind, Milestone, Participation
from models.mentions import Hit, MentionKind
from models.spans import Box
from pipeline.relations.layouts import map_table, read_headings_file
from pipeline.relations.legends import Legends, read_legend_texts, read_legends_file
from pipeline.relations.milestones import relate_milestones
from pipeline.relations.participations import relate_participations
from pipeline.relations.rules import read_milestones_file, read_roles_file
from pipeline.relations.status_rules import load_status_phrases, load_status_rules
from pipeline.relations.statuses import relate_statuses

PESCO_LINE = "The PESCO projects are assessed.\n"
"""What makes a text one that speaks of PESCO, where weak forms count."""
_PLAN = DocumentFacts(kind=DocumentKind.NIP, state="FI", year=2025)
_REPORT = DocumentFacts(kind=DocumentKind.ANNUAL_REPORT, year=2025)


@dataclass(frozen=True, slots=True)
class Proof:
    """An example or near miss of a rule: ``wanted`` is what must be found in ``text`` (what must not, for a near miss),
    ``found`` what was. ``fired`` tells that the rule itself found something."""

    file_name: str
    rule_id: str
    text: str
    is_near_miss: bool
    wanted: str
    found: str
    holds: bool
    fired: bool


def prove_rules() -> Iterator[Proof]:
    """Yield the proofs of all rule files; raises ``RuleError`` when one is broken."""
    for prove in (
        _prove_projects,
        _prove_states,
        _prove_dates,
        _prove_commitments,
        _prove_paraphrases,
        _prove_roles,
        _prove_milestones,
        _prove_statuses,
        _prove_headings,
        _prove_legends,
        _prove_kinds,
        _prove_hyphens,
    ):
        yield from prove()


def _hits(find: Callable[..., Finds], text: str) -> tuple[Hit, ...]:
    view = plain_view(text)
    return find(view).hits


def _values(hits: Iterable[Hit], between: str = " ") -> str:
    return between.join(value for hit in hits for value in hit.values)


def _fires(hits: Iterable[Hit], rule_id: str) -> bool:
    return rule_id in {hit.rule_id for hit in hits}


def _prove_projects() -> Iterator[Proof]:
    """Yield the proofs of the rules on names, then those of each project, which are read where PESCO is spoken of."""
    rules = load_project_rules()
    for rule in rules.rules:
        for text, wanted in (*rule.examples.items(), *((text, "") for text in rule.near_misses)):
            hits = _hits(find_projects, text)
            found = _values(hits)
            yield Proof(
                "projects.yml", rule.id, text, not wanted, wanted, found, found == wanted, _fires(hits, rule.id)
            )
    for project in rules.projects:
        slug = project.slug
        for text in (project.name, *project.examples):
            found = _values(_hits(find_projects, PESCO_LINE + text))
            yield Proof("projects.yml", slug, text, False, slug, found, slug in found.split(), slug in found.split())
        for text in project.near_misses:
            found = _values(_hits(find_projects, PESCO_LINE + text))
            yield Proof("projects.yml", slug, text, True, slug, found, slug not in found.split(), False)


def _prove_states() -> Iterator[Proof]:
    for rule in load_state_rules().rules:
        for text, wanted in (*rule.examples.items(), *((text, "") for text in rule.near_misses)):
            hits = _hits(find_states, text)
            found = _values(hits)
            yield Proof("states.yml", rule.id, text, not wanted, wanted, found, found == wanted, _fires(hits, rule.id))


def _prove_dates() -> Iterator[Proof]:
    """Yield the proofs of forms and triggers, then of vetoes, whose examples are no dates and whose misses are."""
    rules = load_date_words().rules
    for rule in (*rules.forms, *rules.triggers):
        for text, wanted in rule.examples.items():
            hits = _hits(find_dates, text)
            found, fired = _values(hits), _fires(hits, rule.id)
            holds = found == wanted and (fired or not wanted)
            yield Proof("dates.yml", rule.id, text, False, wanted, found, holds, fired)
        for text in rule.near_misses:
            hits = _hits(find_dates, text)
            fired = _fires(hits, rule.id)
            yield Proof("dates.yml", rule.id, text, True, rule.id, _values(hits), not fired, fired)
    for veto in rules.vetoes:
        for text in veto.examples:
            found = _values(_hits(find_dates, text))
            fired = veto.id in {ignored for _, ignored in ignored_numbers(plain_view(text))}
            yield Proof("dates.yml", veto.id, text, False, "", found, not found and fired, fired)
        for text in veto.near_misses:
            found = _values(_hits(find_dates, text))
            yield Proof("dates.yml", veto.id, text, True, "no date", found, bool(found), False)


def _prove_commitments() -> Iterator[Proof]:
    """Yield the proofs of numbers and areas; those of cells stand in tables and are left to the tests."""
    rules = load_commitment_rules()
    for rule in (*rules.numbers, *rules.areas):
        family = rule.id.split(".")[0]
        for text, wanted in rule.examples.items():
            hits = _hits(find_commitments, text)
            is_alone = rule.id.endswith("alone")  # several rules may find the areas that such an example names
            own = [
                hit for hit in hits if (hit.kind is MentionKind.COMMITMENT_AREA if is_alone else hit.rule_id == rule.id)
            ]
            found = _values(own, ",")
            yield Proof("commitments.yml", rule.id, text, False, wanted, found, found == wanted, bool(own))
        for text in rule.near_misses:
            hits = _hits(find_commitments, text)
            is_hit = any(hit.rule_id.split(".")[0] == family for hit in hits)
            yield Proof("commitments.yml", rule.id, text, True, family, _values(hits), not is_hit, is_hit)


def _prove_paraphrases() -> Iterator[Proof]:
    for commitment in load_commitment_texts().commitments:
        for paraphrase in commitment.paraphrases:
            rule_id = f"paraphrase.{commitment.number}.{paraphrase.id}"
            cases = [(text, False) for text in paraphrase.examples] + [(text, True) for text in paraphrase.near_misses]
            for text, is_near_miss in cases:
                hits = find_paraphrases(plain_view(text))
                fired = _fires(hits, rule_id)
                is_right = all(hit.values == (hit.rule_id.split(".")[1],) for hit in hits)
                number = str(commitment.number)
                holds = is_right and fired is not is_near_miss
                yield Proof("commitment_texts.yml", rule_id, text, is_near_miss, number, _values(hits), holds, fired)


def _participations(text: str, document: DocumentFacts) -> tuple[Participation, ...]:
    view = plain_view(text)
    return relate_participations(view, find_mentions(view).mentions, document, ())[0]


def _prove_roles() -> Iterator[Proof]:
    for rule in read_roles_file().rules:
        for example in rule.examples:
            facts = _participations(example.text, _PLAN if rule.filer else _REPORT)
            given = sorted({f"{fact.project} {fact.state} {fact.role}" for fact in facts})
            fired = rule.id in {fact.rule_id for fact in facts}
            holds = set(example.gives) <= set(given) and (fired or not example.gives)
            wanted = ", ".join(example.gives)
            yield Proof("roles.yml", rule.id, example.text, False, wanted, ", ".join(given), holds, fired)
        for text in rule.near_misses:
            facts = (*_participations(text, _PLAN), *_participations(text, _REPORT))
            given = sorted({f"{fact.project} {fact.state} {fact.role}" for fact in facts})
            fired = rule.id in {fact.rule_id for fact in facts}
            yield Proof("roles.yml", rule.id, text, True, rule.id, ", ".join(given), not fired, fired)


def _milestones(text: str) -> tuple[Milestone, ...]:
    view = plain_view(text)
    return relate_milestones(view, find_mentions(view).mentions, _REPORT, ())[0]


def _prove_milestones() -> Iterator[Proof]:
    for term in read_milestones_file().terms:
        for example in term.examples:
            facts = _milestones(example.text)
            given = sorted({f"{fact.project} {fact.milestone} {fact.date}" for fact in facts})
            holds = set(given) == set(example.gives)
            fired = term.id in {fact.rule_id for fact in facts}
            wanted = ", ".join(sorted(example.gives))
            yield Proof("milestones.yml", term.id, example.text, False, wanted, ", ".join(given), holds, fired)
        for text in term.near_misses:
            facts = _milestones(text)
            given = sorted({f"{fact.project} {fact.milestone} {fact.date}" for fact in facts})
            is_hit = term.milestone in {fact.milestone for fact in facts}
            yield Proof("milestones.yml", term.id, text, True, term.milestone, ", ".join(given), not is_hit, is_hit)


def _prove_statuses() -> Iterator[Proof]:
    """Yield the proofs of what cells may say, then those of sentences."""
    rules = load_status_rules()
    read = load_status_phrases().of_cell
    for phrase in rules.phrases:
        cases = [(text, False) for text in phrase.examples] + [(text, True) for text in phrase.near_misses]
        for text, is_near_miss in cases:
            found = read(text)
            is_read = found == phrase.status
            yield Proof(
                "statuses.yml", phrase.id, text, is_near_miss, phrase.status, found or "", is_read is not is_near_miss,
                is_read,
            )  # fmt: skip
    for rule in rules.sentences:
        for text, wanted in (*rule.examples.items(), *((text, "") for text in rule.near_misses)):
            view = plain_view(text)
            facts, _ = relate_statuses(view, find_mentions(view).mentions, _REPORT)
            found_facts = ", ".join(sorted(f"{fact.state} {fact.commitment} {fact.status}" for fact in facts))
            holds = found_facts == ", ".join(sorted(filter(None, wanted.split(", "))))
            fired = rule.id in {fact.rule_id for fact in facts}
            yield Proof("statuses.yml", rule.id, text, not wanted, wanted, found_facts, holds, fired)


def _prove_headings() -> Iterator[Proof]:
    file = read_headings_file()
    view = plain_view("text")
    for printed, wanted in (*file.examples.items(), *((printed, "unknown") for printed in file.near_misses)):
        table = TableView(0, "", (printed,), ((None,),), 1, (), (Box(1, 0.0, 0.0, 1.0, 1.0),))
        mapped = map_table(table, view)
        found = "unknown" if mapped.unknown else mapped.fields[0] or "ignore"
        rule_id = f"headings.{wanted}"
        yield Proof("headings.yml", rule_id, printed, wanted == "unknown", wanted, found, found == wanted, True)


def _prove_legends() -> Iterator[Proof]:
    file = read_legends_file()
    for example in file.examples:
        found = sorted(_said(read_legend_texts([example.text])))
        holds = set(example.gives) <= set(found)
        wanted = ", ".join(example.gives)
        yield Proof("legends.yml", "legend", example.text, False, wanted, ", ".join(found), holds, True)
    for text in file.near_misses:
        legends = read_legend_texts([text])
        said = ", ".join(sorted(_said(legends)))
        yield Proof("legends.yml", "legend", text, True, "", said, legends == Legends(), True)


def _said(legends: Legends) -> set[str]:
    """Return what legends say, as their examples write it."""
    marks = {f"{mark} {role}" for mark, role in legends.marks.items()}
    phases = {f"{letter} {phase}" for letter, phase in legends.phases.items()}
    roles = {f"{letter} {role}" for letter, role in legends.roles.items()}
    return marks | phases | roles | ({"first coordinator"} if legends.is_first_coordinator else set())


def _prove_kinds() -> Iterator[Proof]:
    for rule in load_identity_rules().kinds:
        cases = [(text, False) for text in rule.examples] + [(text, True) for text in rule.near_misses]
        for text, is_near_miss in cases:
            view = plain_view(text)
            kind = read_identity(view, find_dates(view).hits, find_states(view).hits).kind
            is_kind = kind is rule.kind
            yield Proof(
                "identity.yml", f"kind.{rule.kind}", text, is_near_miss, rule.kind, kind, is_kind is not is_near_miss,
                is_kind,
            )  # fmt: skip


def _prove_hyphens() -> Iterator[Proof]:
    rule = load_hyphen_rules().true_hyphen
    lexicon = make_lexicon([])
    cases = [(*item, False) for item in rule.examples.items()] + [(*item, True) for item in rule.near_misses.items()]
    for text, wanted, is_near_miss in cases:
        before, after = text.split("|")
        joint = join_at(before, after, lexicon)
        healed = {
            Joint.BLANK: f"{before} {after}",
            Joint.GLUE: before + after,
            Joint.DROP_HYPHEN: before[:-1] + after,
        }
        found = healed[joint]
        yield Proof("hyphens.yml", rule.id, text, is_near_miss, wanted, found, found == wanted, joint is Joint.GLUE)
