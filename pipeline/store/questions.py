"""The questions that analysts of European defence cooperation ask, as queries with parameters, titles and columns.

``QUESTIONS`` is what the browser offers, the README's cookbook lists, and ``metadata`` turns into Datasette's canned
queries. Names are stable: they are addresses. Every parameter has an example that gives rows over the samples.
"""

from dataclasses import dataclass

from pipeline.store import question_sql as sql

_STATE = "ISO 3166-1 code of a state, as FI"
_ALL_STATES = f"{_STATE}; empty: all"
_PROJECT = "slug of a project, as essor"
_ALL_PROJECTS = f"{_PROJECT}; empty: all"
_KINDS = "project, state, date, commitment or commitment_area"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A blank in a question: what to put in, and an example."""

    name: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its name in addresses, whom or what it is about, its words, its SQL and its parameters."""

    name: str
    about: str
    title: str
    description: str
    sql: str
    parameters: tuple[Parameter, ...] = ()


def _of_state(meaning: str = _ALL_STATES) -> Parameter:
    return Parameter("state", meaning, "FI")


def _of_project(example: str, meaning: str = _ALL_PROJECTS) -> Parameter:
    return Parameter("project", meaning, example)


QUESTIONS = (
    Question(
        "coordinated-projects",
        "States",
        "Which projects does a state coordinate?",
        "As the latest document on each project says.",
        sql.COORDINATED_PROJECTS,
        (_of_state(),),
    ),
    Question(
        "states-by-projects",
        "States",
        "Which states take part in how many projects?",
        "By role, as the latest document on each project says.",
        sql.STATES_BY_PROJECTS,
    ),
    Question(
        "partners",
        "States",
        "With whom does a state work most?",
        "Other states by the number of projects in which both are coordinator or member.",
        sql.PARTNERS,
        (_of_state(_STATE),),
    ),
    Question(
        "third-states",
        "States",
        "Which third states take part in which projects?",
        "States outside PESCO, as the latest document on each project says.",
        sql.THIRD_STATES,
    ),
    Question(
        "project-members",
        "Projects",
        "Who takes part in a project, in which role?",
        "As the latest list of its states says, with what newer national plans add.",
        sql.PROJECT_MEMBERS,
        (_of_project("essor"),),
    ),
    Question(
        "slips",
        "Projects",
        "Whose date slipped, and by how many months?",
        "Dates of which one document gives the earlier as well, and dates that differ between two editions of a series."
        " Where the two prints are not equally precise, the least and the most it can be; below zero: brought forward.",
        sql.SLIPS,
        (
            Parameter("milestone", "ioc, foc, launch, delivery_start, delivery_end or closure; empty: all", "ioc"),
            _of_project(""),
        ),
    ),
    Question(
        "due",
        "Projects",
        "What is due in a year?",
        "Milestones whose date, as last known, may fall into the year.",
        sql.DUE,
        (Parameter("year", "four digits", "2026"),),
    ),
    Question(
        "overdue",
        "Projects",
        "What should have been reached by a day?",
        "Capabilities and deliveries that still lay ahead in the document that last spoke of them.",
        sql.OVERDUE,
        (Parameter("day", "as 2026-12-31; empty: the day of the newest document", "2026-12-31"),),
    ),
    Question(
        "projects-without-milestone",
        "Projects",
        "Which projects have no milestone in the newest report?",
        "Projects not known to be closed, and when a document last gave one of their milestones.",
        sql.WITHOUT_MILESTONES,
        (Parameter("kind", "annual_report or progress_report; empty: the newer of both", "progress_report"),),
    ),
    Question(
        "project-mentions",
        "Projects",
        "Where is a project spoken of?",
        "Every mention, the newest document first.",
        sql.PROJECT_MENTIONS,
        (_of_project("essor", _PROJECT),),
    ),
    Question(
        "names-in-print",
        "Projects",
        "By which names do documents call a project?",
        "Each wording as printed.",
        sql.NAMES_IN_PRINT,
        (_of_project("essor", _PROJECT),),
    ),
    Question(
        "met-by-year",
        "Commitments",
        "Which commitments did a state meet, by year?",
        "What each document says; ALL stands for all participating states together.",
        sql.MET_BY_YEAR,
        (_of_state(), Parameter("status", "met, partly, not_met or planned; empty: all", "met")),
    ),
    Question(
        "commitments-by-status",
        "Commitments",
        "How many states met each commitment?",
        "By the latest word on each state; what is only said of all states together is not counted.",
        sql.COMMITMENTS_BY_STATUS,
    ),
    Question(
        "candidate-words",
        "Commitments",
        "Which words may speak of a commitment without its number?",
        "Candidates, on which no fact rests, of a document and page.",
        sql.CANDIDATES,
        (
            Parameter("filename", "name of a document's file; empty: all", "nip-fi-2025.pdf"),
            Parameter("page", "a page; empty: all", ""),
        ),
    ),
    Question(
        "contradicting-documents",
        "Documents",
        "Where do two documents contradict each other?",
        "Another role of a state or another date or phase of a project, with both sources, the earlier first.",
        sql.CONTRADICTIONS,
        (
            _of_project(""),
            Parameter("about", "role, phase, ioc, foc, launch, closure, ...; empty: all", "foc"),
        ),
    ),
    Question(
        "status-contradictions",
        "Documents",
        "Where do two documents judge a commitment differently?",
        "The same state and commitment with another status in a later document.",
        sql.STATUS_CONTRADICTIONS,
        (_of_state(),),
    ),
    Question(
        "most-mentioned",
        "Documents",
        "What is mentioned most?",
        "The 200 most frequent values of a kind.",
        sql.MOST_MENTIONED,
        (Parameter("kind", f"{_KINDS}; empty: project", "project"),),
    ),
    Question(
        "document-dates",
        "Documents",
        "Which documents bear no date?",
        "All documents that could be read, those without a date first.",
        sql.DOCUMENT_DATES,
    ),
    Question(
        "issues-by-document",
        "Documents",
        "What was not understood, by document and code?",
        "Documents without any issue stand last, with 0.",
        sql.ISSUES,
        (Parameter("code", "a code of issues; empty: all", ""),),
    ),
    Question(
        "rules",
        "Documents",
        "Which rule found how much?",
        "How many mentions each rule accounts for.",
        sql.RULES,
        (Parameter("kind", f"{_KINDS}; empty: all", "commitment"),),
    ),
)


def queries() -> dict[str, dict[str, object]]:
    """Return the questions as canned queries of Datasette."""
    return {
        question.name: {
            "sql": question.sql.strip(),
            "title": question.title,
            "description": question.description,
            "params": [parameter.name for parameter in question.parameters],
            "hide_sql": True,
        }
        for question in QUESTIONS
    }
