"""Tables that say what they mean in other places than a head: a second head in the middle, labels beside values."""

from extractors.mentions import find_mentions
from extractors.views import Cell, TableView, TextView, plain_view
from models.facts import DocumentFacts, DocumentKind
from models.spans import Box
from pipeline.relations.layouts import map_table
from pipeline.relations.milestones import relate_milestones
from pipeline.relations.participations import relate_participations

REPORT = DocumentFacts(kind=DocumentKind.PROGRESS_REPORT, year=2025)
PLAN = DocumentFacts(kind=DocumentKind.NIP, state="RO", year=2025)


def view_of(above: list[str], rows: list[list[str]], *, n_header_rows: int) -> TextView:
    """Return a view of some paragraphs and one table below them."""
    columns = len(rows[0])
    cells = [
        (text, Cell(0, number, column, rows[0][column] if n_header_rows else "", number < n_header_rows))
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
    ]
    plain = plain_view([(text, None) for text in above] + [(text or "-", cell) for text, cell in cells])
    first = len(above)
    grid = tuple(tuple(first + r * columns + c for c in range(columns)) for r in range(len(rows)))
    headings = tuple(rows[0]) if n_header_rows else ("",) * columns
    table = TableView(0, "", headings, grid, n_header_rows, (), (Box(1, 0.0, 0.0, 1.0, 1.0),))
    return TextView(plain.text, plain.origins, plain.glyphs, plain.blocks, (table,))


def facts_of(view: TextView, document: DocumentFacts) -> set[str]:
    mentions = find_mentions(view).mentions
    maps = [map_table(table, view) for table in view.tables]
    found = {f"{f.project} {f.state} {f.role}" for f in relate_participations(view, mentions, document, maps)[0]}
    return found | {
        f"{f.project} {f.milestone} {f.phase or f.date}" for f in relate_milestones(view, mentions, document, maps)[0]
    }


def test_labels_beside_values_are_one_row_about_the_project_above() -> None:
    rows = [
        ["Lead nation", "Italy"],
        ["Participants", "France, Spain"],
        ["Current phase", "incubation"],
        ["IOC", "2027"],
    ]
    view = view_of(["The PESCO projects follow.", "European Patrol Corvette (EPC)"], rows, n_header_rows=0)
    slug = "european-patrol-corvette"
    assert facts_of(view, REPORT) == {
        f"{slug} IT coordinator",
        f"{slug} FR member",
        f"{slug} ES member",
        f"{slug} phase incubation",
        f"{slug} ioc 2027",
    }


def test_two_columns_of_other_things_are_no_box() -> None:
    rows = [["Ship type", "corvette"], ["Radar", "Italy"], ["Weather", "2027"]]
    view = view_of(["The PESCO projects follow.", "European Patrol Corvette (EPC)"], rows, n_header_rows=0)
    assert facts_of(view, REPORT) == set()


def test_a_second_head_in_the_middle_gives_the_rows_below_their_meaning() -> None:
    rows = [
        ["Commitment", "Done", "Status", "Remark"],
        ["1", "more money", "met", "-"],
        ["Project", "Role", "IOC", "FOC"],
        ["European Patrol Corvette (EPC)", "Member", "2027", "2030"],
    ]
    facts = facts_of(view_of(["PESCO projects are below."], rows, n_header_rows=1), PLAN)
    slug = "european-patrol-corvette"
    assert {f"{slug} RO member", f"{slug} ioc 2027", f"{slug} foc 2030"} == facts


def test_a_plain_first_row_of_known_headings_is_a_head() -> None:
    rows = [["Project", "Coordinator", "Other members"], ["European Patrol Corvette (EPC)", "Italy", "France, Spain"]]
    facts = facts_of(view_of(["PESCO projects are below."], rows, n_header_rows=0), REPORT)
    slug = "european-patrol-corvette"
    assert facts == {f"{slug} IT coordinator", f"{slug} FR member", f"{slug} ES member"}


def test_lines_of_labels_and_values_are_a_box_without_a_table() -> None:
    lines = ["The PESCO projects follow.", "European Patrol Corvette (EPC)", "Lead nation", "Italy", "Current phase"]
    view = plain_view("\n".join([*lines, "incubation", "FOC", "2031"]))
    mentions = find_mentions(view).mentions
    slug = "european-patrol-corvette"
    assert {f"{f.project} {f.state} {f.role}" for f in relate_participations(view, mentions, REPORT, ())[0]} == {
        f"{slug} IT coordinator"
    }
    assert {(f.milestone.value, f.phase or f.date) for f in relate_milestones(view, mentions, REPORT, ())[0]} == {
        ("phase", "incubation"),
        ("foc", "2031"),
    }


def test_a_row_of_a_time_line_has_its_date_from_the_cell_beside_it() -> None:
    rows = [["05/2021", "EUROSIM fully operational"], ["July 2024", "ESSOR was closed"], ["2025", "SATOC is adopted"]]
    view = view_of(["The PESCO projects follow."], rows, n_header_rows=0)
    assert facts_of(view, REPORT) == {"eurosim foc 2021-05", "essor closure 2024-07"}
