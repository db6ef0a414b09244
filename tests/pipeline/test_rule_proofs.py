"""All examples and near misses of all rule files hold; what the review of the rules says of broken ones."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from extractors.rule_folders import RULES_FOLDER
from extractors.rulebook import list_rules
from models.extraction import Extraction
from models.mentions import MentionKind
from pipeline import rule_proofs, rule_review
from pipeline.rule_proofs import Proof, prove_rules
from pipeline.rule_review import Remark, review_rules
from pipeline.store.gazetteer_tables import fill_gazetteers
from pipeline.store.load import load_extraction
from pipeline.store.schema import open_database
from tests.pipeline.made_documents import VERSIONS, make_extraction, make_file, make_gazetteers

# Their proofs stand in tables, or are made where the rule is applied.
ELSEWHERE = {"languages.yml", "unmatched.yml"}


@cache
def proofs() -> dict[str, list[Proof]]:
    found = defaultdict(list)
    for proof in prove_rules():
        found[proof.file_name].append(proof)
    return found


@pytest.mark.parametrize("file_name", sorted({path.name for path in RULES_FOLDER.glob("*.yml")} - ELSEWHERE))
def test_examples_and_near_misses_hold(file_name: str) -> None:
    assert proofs()[file_name]
    assert [proof for proof in proofs()[file_name] if not proof.holds] == []


def test_every_entry_with_examples_is_proved() -> None:
    proved = {(proof.file_name, proof.rule_id.rpartition(".")[2]) for found in proofs().values() for proof in found}
    with_examples = {
        (rule.file_name, rule.id.rpartition(".")[2])
        for rule in list_rules()
        if rule.examples and rule.file_name not in ELSEWHERE and rule.id != "commitment.cell"
    }
    assert with_examples - proved == set()


def test_a_proof_that_fails_says_what_it_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = rule_proofs.load_state_rules()
    rule = broken.rules[0].model_copy(update={"examples": {"in Finland": "SE"}, "near_misses": ("in Latvia",)})
    monkeypatch.setattr(rule_proofs, "load_state_rules", lambda: broken.model_copy(update={"rules": (rule,)}))
    failed = [proof for proof in prove_rules() if not proof.holds]
    assert [(proof.text, proof.is_near_miss, proof.wanted, proof.found) for proof in failed] == [
        ("in Finland", False, "SE", "FI"),
        ("in Latvia", True, "", "LV"),
    ]


def test_the_review_finds_nothing_to_mend() -> None:
    review = review_rules()
    assert review.is_good, review
    assert {remark.what for remark in review.remarks} <= {"clash"}
    assert rule_review.first_failure() is None


def test_the_review_sees_duplicates_shadows_and_clashes(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = rule_review.load_project_rules()
    csip = next(project for project in rules.projects if project.slug == "csip")
    changed = csip.model_copy(update={"names": ("essor", "Finland")})
    monkeypatch.setattr(rule_review, "load_project_rules", lambda: rules.model_copy(update={"projects": (changed,)}))
    found = {(remark.what, remark.entry) for remark in review_rules().remarks}
    assert found == {("shadowed", "essor"), ("shadowed", "Finland"), ("clash", "Finland")}


def test_a_phrase_that_stands_twice_is_a_duplicate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some.yml").write_text("words:\n  last: [one, two,\n    one]\nother: [One]\n", encoding="utf-8")
    listed = rule_review.list_phrases
    monkeypatch.setattr(rule_review, "list_phrases", lambda: listed(tmp_path))
    assert [remark for remark in review_rules().remarks if remark.what == "duplicate"] == [
        Remark("duplicate", "some.yml", "one", "stands twice in words.last, line 2")
    ]


def test_what_never_fired_over_a_database_is_idle(tmp_path: Path) -> None:
    db = tmp_path / "pesco.db"
    connection = open_database(db)
    fill_gazetteers(connection, make_gazetteers())
    made: Extraction = make_extraction()
    load_extraction(connection, make_file("a.pdf"), made, VERSIONS)
    connection.close()
    assert any(mention.kind is MentionKind.PROJECT for mention in made.mentions)
    idle = {remark.entry for remark in review_rules(db).remarks if remark.what == "idle"}
    assert {"project.name", "state.name", "date.day", "harmspro"} <= idle
    assert "csip" not in idle
    assert "CSIP" not in idle
    assert "state.not.sea" not in idle
