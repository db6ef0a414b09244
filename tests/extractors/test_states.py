"""States in words and codes: what counts, and the traps that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.nlp import Finds
from extractors.states.finder import find_states
from extractors.states.rules import load_state_rules
from extractors.views import Cell, TextView, plain_view


def find(view: TextView) -> Finds:
    return find_states(view)


def codes(text: str) -> str:
    """Return the codes found in a text, joined by blanks."""
    return " ".join(value for hit in find(plain_view(text)).hits for value in hit.values)


def test_every_state_is_found_by_each_of_its_names() -> None:
    for state in load_state_rules().states:
        for name in (*state.names, *state.short):
            if name not in ("US",):
                assert codes(f"a report on {name} today") == state.code, name


def test_all_iso_states_and_kosovo_are_there() -> None:
    states = {state.code: state for state in load_state_rules().states}
    assert len(states) == 250
    assert sum(state.pesco_role == "pms" for state in states.values()) == 26
    assert states["GR"].eu_code == "EL"
    assert states["XK"].name == "Kosovo"


# The text, the codes in order, and why the case is here.
CASES = [
    ("the Netherlands / The Netherlands / Netherlands", "NL NL NL", "the article is optional"),
    ("Czechia; Czech Republic; the Czech Republic", "CZ CZ CZ", "long and short forms"),
    ("Hellenic Republic; Greece", "GR GR", "the code of the Union is another one"),
    ("AUSTRIA", "AT", "a heading in capitals"),
    ("German-led; led by Germany; Germany (coordinator)", "DE DE DE", "roles do not hide the state"),
    ("Irish participants met in Northern Ireland", "IE", "a part of another state"),
    ("all participating Member States except Malta", "MT", "an exception is a mention"),
    ("Member States that are also NATO Allies", "", "a group"),
    ("Georgia Tech; Giorgia Meloni", "", "a school and a given name"),
    ("the Turkish request; Turkey asked", "TR TR", "the old name"),
    ("done at Luxembourg, 25 June 2018; done at Brussels", "", "a place line"),
    ("Luxembourg reports that it has fulfilled 17", "LU", "the state at the start of a line"),
    ("third States (US, Canada and Norway)", "US CA NO", "an abbreviation among names"),
    ("France 24 and Frankfurt", "", "a station and a city"),
    ("CHINA AND INDIA", "CN IN", "names in capitals"),
    ("South Korea, North Korea, Papua New Guinea, Equatorial Guinea", "KR KP PG GQ", "the longest name wins"),
    ("DR Congo and the Republic of the Congo", "CD CG", "two states of one river"),
    ("the Protocol on Ireland/Northern Ireland", "IE", "both in one name"),
    ("in German and French waters", "DE FR", "adjectives before a noun are no languages"),
    ("Statistics of the Netherlands", "NL", "no office of that name"),
    ("the former Yugoslav Republic of Macedonia", "MK", "an old name"),
    ("(BG, ES, CS, DA, DE, ET, EL, EN, FR, GA, HR, IT)", "", "languages betray themselves"),
    ("members: BE-DK-EE-HR-NL-PL-RO-SI.", "BE DK EE HR NL PL RO SI", "hyphens between codes"),
    ("BE, DE, FR and NL; no later than HR allows", "BE DE FR NL", "one code in prose is no state"),
    ("IT systems, IE 11, NO smoking, AT 5 pm", "", "words in capitals"),
    ("coordinator EL, members IT and RO", "GR IT RO", "the role stands before the code"),
    ("the High Representative (HR) and Italy (IT)", "IT IT", "a code in brackets repeats its state"),
    ("DE, FR and NL agree, and the High Representative (HR) too", "DE FR NL", "initials beside a list of codes"),
    ("HR/VP Borrell; CFSP/PESC 1024 CSDP/PSDC 580; FIN 752; LIMITE EN", "", "headers of the Council"),
    ("PL = planned, NL = not listed", "", "a legend"),
    ("see https://example.eu/Finland/report and info@Ireland.ie", "", "addresses"),
    ("Poland Street, the Irish Sea, Gulf of Finland, EUTM Mali", "", "names that hold a state's name"),
    ("Statements by Mr Jordan and Chad Smith", "", "persons"),
    ("an agreement with Jordan", "JO", "a preposition before a weak name"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CASES)
def test_states_in_prose(text: str, expected: str, reason: str) -> None:
    assert codes(text) == expected, reason


def table(*cells: tuple[str, int, int, str]) -> TextView:
    """Return a view of a table's body cells given as (text, row, column, heading)."""
    return plain_view([(text, Cell(0, row, column, heading, is_header=False)) for text, row, column, heading in cells])


@pytest.mark.parametrize(
    ("text", "heading", "expected"),
    [
        ("IT", "Coordinator", "IT"),
        ("IT", "Coord.", "IT"),
        ("NO", "Third State", "NO"),
        ("IT", "Topic", ""),
        ("NO", "Answer", ""),
        ("DE, FR, CY", "", "DE FR CY"),
        ("EL*/IT/RO", "Participating Member States", "GR IT RO"),
        ("BE, HR, ES (o), FI (o)", "States", "BE HR ES FI"),
        ("EN, FR, DE", "Language", ""),
        ("HU, IE, PL*, FI (o)", "Participating Member States", "HU IE PL FI"),
        ("Italy*, Greece", "Participating Member States", "IT GR"),
    ],
)
def test_states_in_cells(text: str, heading: str, expected: str) -> None:
    hits = find(table((text, 1, 1, heading))).hits
    assert " ".join(value for hit in hits for value in hit.values) == expected


def test_a_legend_turns_codes_of_a_status_column_into_words() -> None:
    view = table(("PL = planned, ME = met", 0, 0, ""), ("PL", 1, 1, "Status"), ("PL, ES", 1, 2, "Members"))
    assert [hit.values for hit in find(view).hits] == [("PL",), ("ES",)]


@pytest.mark.parametrize(
    ("heading", "expected"), [("Participating States together", ""), ("Status", ""), ("Coordinator", "PL")]
)
def test_a_legend_beats_a_heading_that_is_not_sure(heading: str, expected: str) -> None:
    view = table(("M: met, PL: planned", 0, 0, ""), ("PL", 1, 1, heading))
    assert " ".join(value for hit in find(view).hits for value in hit.values) == expected


def test_codes_set_below_each_other_in_a_cell() -> None:
    assert [hit.values[0] for hit in find(table(("DE FR", 1, 1, ""), ("IT NO", 2, 1, ""))).hits] == [
        "DE",
        "FR",
        "IT",
        "NO",
    ]


def test_shared_names_and_bare_pairs_become_doubts() -> None:
    found = find(plain_view("Korea and Congo. Systems of IT and HR."))
    assert not found.hits
    assert [doubt.candidates for doubt in found.doubts] == [("KP", "KR"), ("CD", "CG"), ("IT",), ("HR",)]
    assert all(doubt.reason for doubt in found.doubts)


def test_spans_cover_the_print() -> None:
    text = "the Kingdom of Spain and DE, FR"
    spans = [text[hit.span.start : hit.span.end] for hit in find(plain_view(text)).hits]
    assert spans == ["Kingdom of Spain", "DE", "FR"]


WORDS = st.sampled_from(
    [
        "Georgia",
        "Jordan",
        "the",
        "Netherlands",
        "DE",
        "FR",
        "(HR)",
        "(o)",
        "*",
        ",",
        "/",
        "and",
        "in",
        "French",
        "English",
        "EN",
        "Bank",
        "of",
        "Sea",
        "US",
        "KOREA",
        "\n",
        ".",
        "coordinator",
        "PL",
        "=",
        "é",
    ]
)


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_any_text_gives_hits_inside_it_in_order_and_apart(text: str) -> None:
    hits = find(plain_view(text.strip())).hits
    spans = [hit.span for hit in hits]
    assert all(span.end <= len(text.strip()) for span in spans)
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    assert all(len(value) == 2 and value.isupper() for hit in hits for value in hit.values)
