"""Explanations: what was found by which rule, what was refused and why, and a mention's way from glyphs to row."""

import shutil
from pathlib import Path

import pytest

from models.corrections import RowKind
from models.errors import PescoError
from pipeline.corrections.writing import Print, Signature, Writer
from pipeline.explain import Explanation, explain_rules, explain_text
from pipeline.explain_job import explain_page
from pipeline.explain_mention import explain_mention
from pipeline.ingest import IngestOptions, ingest
from pipeline.show import find_entity
from pipeline.store.schema import open_reader

RAW = Path(__file__).parents[2] / "data" / "raw"
PLAN = RAW / "nip-fi-2025.pdf"
FACT_COLUMNS = {
    "participations": ("project", "state", "role"),
    "milestones": ("project", "milestone", "date", "phase", "was"),
    "commitment_statuses": ("state", "commitment", "status"),
}


@pytest.fixture(scope="module")
def plan_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("plan") / "pesco.db"
    ingest([PLAN], IngestOptions(db=db, workers=1))
    return db


def refused(found: Explanation) -> dict[str, tuple[str, bool]]:
    return {one.text: (one.rule_id, one.is_doubt) for one in found.refusals}


def test_a_text_shows_finds_facts_and_their_rules() -> None:
    found = explain_text("The PESCO project Military Mobility is led by the Netherlands;\n\n IOC in  2026.")
    assert [(one.kind, one.values, one.rule_id) for one in found.finds] == [
        ("project", ("military-mobility",), "project.name"),
        ("state", ("NL",), "state.name"),
        ("date", ("2026",), "date.year"),
    ]
    assert [found.text[one.start : one.end] for one in found.finds] == [one.text for one in found.finds]
    (lead,) = [fact for fact in found.facts if fact.table == "participations"]
    assert lead.values == {"project": "military-mobility", "state": "NL", "role": "coordinator"}
    assert {rule.id for rule in found.rules} >= {"project.name", "state.name", lead.rule_id}
    assert all(rule.place.split(",")[0].endswith(".yml") for rule in found.rules)


@pytest.mark.parametrize(
    ("text", "words", "rule", "is_doubt"),
    [
        ("PESCO: the Sea of Japan", "Japan", "state.not.sea", False),
        ("Translated from Portuguese", "Portuguese", "state.not.language", False),
        ("Chad Smith spoke.", "Chad", "state.weak", True),
        ("see www.germany.de/Germany for it", "Germany", "state.not.address", False),
        ("Decision (CFSP) 2017/2315 says so", "2017", "not_date.number", False),
        ("commitment 23 is none", "commitment 23", "commitment.number", True),
        ("the Action Plan on Military Mobility under PESCO", "Military Mobility", "project.weak", False),
        ("QUEST was there", "QUEST", "project.weak", False),
    ],
)
def test_what_is_refused_names_its_rule(text: str, words: str, rule: str, is_doubt: bool) -> None:
    found = explain_text(text)
    assert refused(found).get(words) == (rule, is_doubt), found.refusals


def test_a_find_whose_words_another_has_says_whose() -> None:
    (refusal,) = explain_text("commitment 10.10.2024").refusals
    assert (refusal.text, refusal.kind, refusal.values) == ("10.10.2024", "date", ("2024-10-10",))
    assert refusal.reason == "its words belong to the commitment 10 in 'commitment 10' (commitment.number)"


def test_a_page_is_explained_with_the_rest_of_its_document(plan_db: Path) -> None:
    found = explain_page(PLAN, 3, plan_db)
    with open_reader(plan_db) as connection:
        rows = connection.execute("SELECT DISTINCT print_id, text FROM mentions WHERE page = 3").fetchall()
        facts = connection.execute("SELECT count(*) FROM commitment_statuses WHERE page = 3").fetchone()[0]
    assert sorted(one.text for one in found.finds) == sorted(row["text"] for row in rows)
    assert len([fact for fact in found.facts if fact.table == "commitment_statuses"]) == facts
    assert found.page == 3


def said_by(db: Path) -> list[tuple[str, ...]]:
    """All mentions, facts and what the one document is, as a database has them."""
    with open_reader(db) as connection:
        mentions = connection.execute("SELECT kind, value, text, rule_id FROM mentions")
        rows: list[tuple[str, ...]] = [("mentions", *map(str, row)) for row in mentions]
        for table, columns in FACT_COLUMNS.items():
            facts = connection.execute(f"SELECT {', '.join(columns)}, rule_id, quote FROM {table}")
            rows += [(table, *(str(value or "") for value in row)) for row in facts]
        (document,) = connection.execute("SELECT kind, title, language, state, year, date FROM documents")
    return sorted([*rows, ("document", *(str(value or "") for value in document))])


def said_in(found: Explanation) -> list[tuple[str, ...]]:
    """The same as an explanation has it."""
    rows = [("mentions", one.kind, value, one.text, one.rule_id) for one in found.finds for value in one.values]
    facts = [
        (one.table, *(one.values.get(name, "") for name in FACT_COLUMNS[one.table]), one.rule_id, one.quote)
        for one in found.facts
    ]
    return sorted([*rows, *facts, ("document", *(value or "" for value in found.document.values()))])


class Home:
    """An inbox of one sample, a database and a folder of corrections."""

    def __init__(self, folder: Path, sample: Path) -> None:
        self.file, self.db, self.folder = folder / "raw" / sample.name, folder / "pesco.db", folder / "corrections"
        self.file.parent.mkdir()
        shutil.copy(sample, self.file)

    def ingest(self) -> None:
        ingest([self.file.parent], IngestOptions(self.db, workers=1, use_ocr=False, corrections=self.folder))

    def explain(self, page: int | None = None) -> Explanation:
        return explain_page(self.file, page, self.db, self.folder)

    def id_of(self, table: str, where: str) -> str:
        with open_reader(self.db) as connection:
            return str(connection.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id LIMIT 1").fetchone()[0])


def test_the_kind_of_a_manifest_decides_what_is_explained(tmp_path: Path) -> None:
    home = Home(tmp_path, PLAN)
    (home.file.parent / "manifest.csv").write_text(f"filename,kind\n{home.file.name},other\n")
    unknown = home.explain()
    home.ingest()
    assert unknown.document["kind"] == "other"
    assert said_in(home.explain()) == said_in(unknown) == said_by(home.db)
    shutil.copy(home.file, elsewhere := tmp_path / "copy.pdf")
    assert said_in(explain_page(elsewhere, None, home.db)) == said_by(home.db)
    assert said_in(explain_page(elsewhere, None, tmp_path / "none.db")) != said_by(home.db)


def test_what_people_set_right_is_explained_as_it_is_in_the_database(tmp_path: Path) -> None:
    home = Home(tmp_path, RAW / "factsheet.pdf")
    home.ingest()
    assert home.explain().notes == ()
    writer = Writer(home.db, home.folder, Signature("Ada Quuxley", "so it is"))
    canada = home.id_of("mentions", "page = 1 AND value = 'CA'")
    writer.reject(canada)
    writer.set_values(home.id_of("milestones", "project = 'cidcc' AND milestone = 'ioc'"), {"date": "2025-04"})
    values: dict[str, str | None] = {"project": "essor", "state": "NO", "role": "third_state"}
    writer.add(RowKind.PARTICIPATION, home.file.name, Print(1, "Canada, Norway and Switzerland"), values)
    writer.set_document(home.file.name, {"kind": "annual_report", "year": "2024"})
    (note,) = home.explain().notes
    assert note.startswith("corrections of it have changed since it was loaded")
    home.ingest()

    found = home.explain()
    assert said_in(found) == said_by(home.db)
    assert found.notes == ()
    assert [(one.action, one.kind, one.state) for one in found.corrections] == [
        ("reject", "mention", "applied"),
        ("set", "milestone", "applied"),
        ("add", "participation", "applied"),
        ("set", "document", "applied"),
    ]
    assert {one.who for one in found.corrections} == {"Ada Quuxley"}
    assert ("reject", canada) not in {(one.action, one.id) for one in home.explain(2).corrections}
    milestone = home.id_of("milestones", "rule_id = 'correction'")
    assert milestone in {one.id for one in found.corrections}


def test_a_mention_that_was_set_right_says_by_whom(tmp_path: Path) -> None:
    home = Home(tmp_path, RAW / "factsheet.pdf")
    home.ingest()
    writer = Writer(home.db, home.folder, Signature("Ada Quuxley", "so it is"))
    writer.set_values(home.id_of("mentions", "page = 1 AND value = 'CA'"), {"value": "NO"})
    home.ingest()
    changed = home.id_of("mentions", "rule_id = 'correction'")
    (row,) = explain_mention(home.db, find_entity(home.db, changed)).corrections
    assert (row["action"], row["who"], row["why"]) == ("set", "Ada Quuxley", "so it is")


def test_a_page_that_is_not_there_is_said_so(plan_db: Path) -> None:
    with pytest.raises(PescoError, match="has pages 1 to"):
        explain_page(PLAN, 99, plan_db)


def test_a_file_that_is_no_pdf_is_said_so(tmp_path: Path) -> None:
    fake = tmp_path / "fake.pdf"
    fake.write_bytes(b"no PDF at all")
    with pytest.raises(PescoError, match="cannot be read"):
        explain_page(fake, 1, tmp_path / "none.db")


def test_a_mention_leads_back_to_its_glyphs(plan_db: Path) -> None:
    with open_reader(plan_db) as connection:
        row = connection.execute(
            "SELECT id, text, page FROM mentions WHERE text = 'commitments 1 to 4' AND part = 0 AND page = 3"
        ).fetchone()
    origin = explain_mention(plan_db, find_entity(plan_db, row["id"]))
    assert "".join(line.text for line in origin.glyphs) == "commitments1to4"
    assert origin.text == row["text"]
    assert origin.before.endswith("review of ")
    assert origin.rule is not None
    assert origin.rule.id == "commitment.number"
    assert all(line.page == row["page"] for line in origin.glyphs)


def test_a_mention_without_kept_pages_still_has_rule_and_row(plan_db: Path, tmp_path: Path) -> None:
    lonely = tmp_path / "pesco.db"
    lonely.write_bytes(plan_db.read_bytes())
    with open_reader(lonely) as connection:
        row = connection.execute("SELECT id, text FROM mentions ORDER BY id LIMIT 1").fetchone()
    origin = explain_mention(lonely, find_entity(lonely, row["id"]))
    assert (origin.glyphs, origin.text) == ((), row["text"])
    assert origin.rule is not None


def test_every_rule_id_of_the_rule_files_can_be_explained() -> None:
    rules = explain_rules(["state.not.sea", "paraphrase.1.real_terms", "role.cell.member"])
    assert [(rule.id, rule.place.split(",")[0]) for rule in rules] == [
        ("paraphrase.1.real_terms", "commitment_texts.yml"),
        ("state.not.sea", "states.yml"),
    ]
