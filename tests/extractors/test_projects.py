"""Projects by name, acronym and short form: what counts, and the policies, bodies and words that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.nlp import Finds
from extractors.projects.finder import find_projects
from extractors.projects.forms import MAX_VARIANTS, variants
from extractors.projects.rules import load_project_rules
from extractors.views import Cell, TextView, plain_view
from models.errors import RuleError

PESCO = "This document is about PESCO.\n"
RULES = load_project_rules()


def find(view: TextView) -> Finds:
    return find_projects(view)


def slugs(text: str) -> str:
    """Return the slugs found in a text, joined by blanks."""
    return " ".join(value for hit in find(plain_view(text)).hits for value in hit.values)


def test_the_official_list_is_complete() -> None:
    waves = [sum(project.wave == wave for project in RULES.projects) for wave in range(1, 7)]
    assert waves == [17, 17, 13, 14, 11, 11]
    assert sum(project.status == "closed" for project in RULES.projects) == 6


# The text after a line that speaks of PESCO, the slugs in order, and why the case is here.
CASES = [
    ("Network of logistic Hubs in Europe and support to Operations", "netloghubs", "odd capitals"),
    ("NETWORK OF LOGISTICS HUBS IN EUROPE AND SUPPORT TO OPERATIONS", "netloghubs", "a heading in capitals"),
    ("military mobility, its corridors and the Action Plan", "", "a policy"),
    ("the new Action Plan on Military Mobility 2.0", "", "a policy with capitals"),
    ("the EU policy on Military Mobility and Military Mobility corridors", "", "a policy with capitals"),
    ("Military Mobility, led by the Netherlands", "military-mobility", "the project"),
    ("European Medical Command (EMC); the EMC met", "european-medical-command european-medical-command", "short form"),
    ("EUFOR CROC; CROC; EUFOR ALTHEA", "eufor-croc eufor-croc", "an operation is no project"),
    ("AIFV/AAV/LAV", "aifv-aav-lav", "slashes inside a name"),
    ("CSIP/HARMSPRO and MUSAS/MSV", "csip harmspro musas msv", "slashes between names"),
    (
        "EuroArtillery; Euro Artillery; Euro-Artillery; Indirect Fire Support Capability",
        "euroartillery " * 4,
        "spelling",
    ),
    ("iUGS 2 beside UGS", "iugs-2 ugs", "the longest name wins"),
    ("iUGS2, UGS 2, UGS-2, IUGS 2", "iugs-2 iugs-2 iugs-2 iugs-2", "blanks and hyphens"),
    ("ROLE 2F; MTF R2F-CD; a Role 2 facility; Role 2", "role-2f mtf-r2f-cd", "NATO's level is no project"),
    ("EDA-TA; EDA supported the project; the EDA tool", "eda-ta", "the agency"),
    ("common rules for ACCESS and for NGMH; access to markets; ACCESS TO FILES", "access ngmh", "a common word"),
    ("a quest for; des armees; Mr Choi; Article 4e", "", "common words"),
    ("C-UAS; counter-UAS systems; C-UAS systems", "", "a generic term"),
    ("UMS, HARMSPRO, C-UAS & MAS MCM", "ums harmspro c-uas mas-mcm", "a list lends its sense"),
    ("Defense of Space Assets; DoSA; DOSA", "dosa dosa dosa", "two spellings"),
    ("Cyber Ranges Federation / Cyber Range Federations (CRF)", "crf crf", "number"),
    ("TIGER Mark III; Tiger Mk III; Tiger Mark 3; TIGER MKIII; Tiger Mk. III", "tiger-mk-iii " * 4, "numerals"),
    ("Geo-Meteorological and Oceanographic Support Coordination Element", "gmsce", "brackets left out"),
    ("EU-SSA-N, EU SSA-N, EU SST", "eu-ssa-n eu-ssa-n", "a civil programme"),
    ("JISR or, with a slip, JSIR", "ew-jisr ew-jisr", "a slip seen in print"),
    ("one of the two Greek-coordinated training projects", "", "cannot be resolved"),
    ('"SATOC", \'M-SASV\', "NGSR"', "satoc m-sasv ngsr", "quotation marks"),
    ("project no. 14 / project 3.4", "", "list positions"),
    ("The EPC leaders met, that is the European Political Community", "", "another body"),
    ("the patent convention (EPC); EPC rules", "", "another body"),
    (
        "European Patrol Corvette (EPC) sails. EPC is late. The EPC, a political forum, met.",
        "european-patrol-corvette " * 2,
        "",
    ),
    ("Indirect fire support is needed; small scalable weapons; a deployable command post", "", "lower case is generic"),
    ("OPEN ACCESS; Ministere DES ARMEES", "", "words in capitals beside other words in capitals"),
    ("Co-Basing and TIGER MK-III", "co-basing tiger-mk-iii", "capitals and hyphens"),
    ("the end of file (EOF); EOF", "", "the document defines it otherwise"),
    ("Arms Trade Treaty (ATT); the ATT report", "", "the document defines it otherwise"),
    ("non-project words: Gloria, Twister, Essor", "", "names in another case"),
    ("Strategic Command and Control (C2) System for CSDP Missions and Operations (Strategic C2)", "strategic-c2", ""),
    ("Critical Seabed Infrastructure Protection (CSIP)", "csip", "name and acronym are one mention"),
    ("CSIP (Critical Seabed Infrastructure Protection)", "csip", "acronym and name are one mention"),
    ("European Patrol Corvete (EPC)", "european-patrol-corvette", "a slip before the acronym"),
    ("Integrated Unmanned Ground Systems 3 (iUGS 3)", "", "a later project of that line"),
    ("Integrated Unmaned Ground Systems 3", "", "a slip in the name of a later project"),
    ("Medical Treatment Facility Role 3 Forward-Capability Development", "", "another level of the same facility"),
    ("Medical Treatment Facility Role 3 ForwardCapability Development", "", "the same with a slip"),
    ("Critical Seabed Infrastructure Protection 2", "", "a later project of that line"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CASES)
def test_projects_in_prose(text: str, expected: str, reason: str) -> None:
    assert slugs(PESCO + text) == expected.strip(), reason


def test_a_name_with_its_acronym_is_one_span() -> None:
    text = "see European Secure Software defined Radio (ESSOR), now"
    (hit,) = find(plain_view(text)).hits
    assert text[hit.span.start : hit.span.end] == "European Secure Software defined Radio (ESSOR)"


def test_quotation_marks_stay_outside() -> None:
    text = 'the "NGSR" list'
    (hit,) = find(plain_view(text)).hits
    assert text[hit.span.start : hit.span.end] == "NGSR"


def column(heading: str, *texts: str) -> TextView:
    """Return a view of a table with one column."""
    return plain_view([(text, Cell(0, row, 0, heading, is_header=False)) for row, text in enumerate(texts, 1)])


def test_a_column_of_projects_lends_its_sense() -> None:
    assert [hit.values for hit in find(column("Project", "EPC", "4. ATT")).hits] == [
        ("european-patrol-corvette",),
        ("att",),
    ]
    assert not find(column("Treaty", "EPC", "ATT")).hits


def test_what_is_announced_as_a_project_and_unknown_becomes_a_doubt() -> None:
    doubts = find(plain_view("Seven States run the PESCO project Sky Harbour Shield since May.")).doubts
    assert [(doubt.candidates, doubt.span.start) for doubt in doubts] == [((), 35)]
    (doubt,) = find(plain_view("The new project Arctic Shield Network (ASN) begins.")).doubts
    assert (doubt.candidates, len(doubt.span)) == ((), len("Arctic Shield Network (ASN)"))


def test_meanings_left_open_become_doubts_with_candidates() -> None:
    (doubt,) = find(plain_view(PESCO + "The EPC met in May.")).doubts
    assert doubt.candidates == ("european-patrol-corvette",)
    assert not find(plain_view("The EPC met in May.")).doubts


def test_variants_stay_few_and_start_with_the_print() -> None:
    for project in RULES.projects:
        for form in project.forms:
            assert len(variants(form, RULES, is_acronym=False)) < MAX_VARIANTS
    assert variants("MAS MCM", RULES, is_acronym=True) == ["mas mcm", "mas - mcm", "masmcm"]


def test_a_clash_names_file_and_line(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    twice = RULES.model_copy(update={"projects": (*RULES.projects, RULES.projects[0].model_copy(update={"slug": "x"}))})
    monkeypatch.setattr("extractors.projects.rules.read_rules", lambda *_: twice)
    load_project_rules.cache_clear()
    try:
        with pytest.raises(RuleError, match=r"projects\.yml, line \d+: .*clashes"):
            load_project_rules()
    finally:
        monkeypatch.undo()
        load_project_rules.cache_clear()


WORDS = st.sampled_from(
    [
        "EPC",
        "(",
        ")",
        "CSIP",
        "Military",
        "Mobility",
        '"',
        "project",
        "PESCO",
        "Critical",
        "Seabed",
        "Infrastructure",
        "Protection",
        "2",
        ",",
        "/",
        "and",
        "ATT",
        "\n",
        ".",
        "iUGS",
        "é",
        "-",
        "EW",
    ]
)


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_any_text_gives_hits_inside_it_in_order_and_apart(text: str) -> None:
    found = find(plain_view(text.strip()))
    spans = [hit.span for hit in found.hits]
    assert all(span.end <= len(text.strip()) for span in spans)
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    assert not any(doubt.span.overlaps(span) for doubt in found.doubts for span in spans)


def test_one_sure_project_makes_the_doubts_of_a_document_visible() -> None:
    found = find(plain_view("UMS: closure planned in 2026.\nCSIP has gained two members."))
    assert [hit.values for hit in found.hits] == [("csip",)]
    assert [doubt.candidates for doubt in found.doubts] == [("ums",)]


def test_a_document_without_projects_has_no_doubts_about_them() -> None:
    found = find(plain_view("UMS: closure planned in 2026."))
    assert not found.hits
    assert not found.doubts
