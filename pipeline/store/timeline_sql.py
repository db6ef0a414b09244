"""The views over time, as SQL: what each document says of a project or state, and how far dates slip between editions.

An edition is one of a series of documents: those of the same kind, for plans those of the same state. Documents are in
the order of ``document_order``.
"""

from collections.abc import Sequence

# Columns of ``project_editions``: the states in each role, and the last date of each milestone.
_ROLES = ("coordinator", "member", "observer", "third_state")
_DATED = ("launch", "ioc", "foc", "delivery_start", "delivery_end", "closure")


def _columns(template: str, names: Sequence[str], indent: int) -> str:
    """Return a column for each name, filled into the template, one a line."""
    return f",\n{' ' * indent}".join(template.format(name=name) for name in names)


_GROUPED_STATES = "group_concat(CASE WHEN role = '{name}' THEN state END, ' ') AS {name}s"
_GROUPED_DATE = "max(CASE WHEN milestone = '{name}' THEN date END) AS {name}"
PROJECT_EDITIONS = f"""
CREATE VIEW project_editions AS
WITH people AS (
    SELECT project, document_id,
           {_columns(_GROUPED_STATES, _ROLES, 11)}
    FROM (SELECT DISTINCT project, document_id, state, role FROM participations ORDER BY project, state)
    GROUP BY project, document_id
), last_said AS (
    SELECT project, document_id, milestone, date, phase,
           row_number() OVER (PARTITION BY project, document_id, milestone ORDER BY position DESC, id) AS rank
    FROM milestones
), steps AS (
    SELECT project, document_id,
           max(CASE WHEN milestone = 'phase' THEN phase END) AS phase,
           {_columns(_GROUPED_DATE, _DATED, 11)}
    FROM last_said WHERE rank = 1 GROUP BY project, document_id
), spoken_of AS (
    SELECT project, document_id FROM people UNION SELECT project, document_id FROM steps
)
SELECT s.project, o.year, o.as_of, o.kind, d.state, o.filename, s.document_id,
       {", ".join(f"{role}s" for role in _ROLES)}, phase, {", ".join(_DATED)}
FROM spoken_of s
JOIN document_order o USING (document_id) JOIN documents d ON d.id = s.document_id
LEFT JOIN people USING (project, document_id) LEFT JOIN steps USING (project, document_id);
"""

_STATES_IN_ROLE = """(SELECT group_concat(state, ' ') FROM (
            SELECT DISTINCT p.state FROM participations p
            WHERE p.project = s.project AND p.document_id = s.document_id AND p.role = '{name}' ORDER BY p.state
        )) AS {name}s"""
_LAST_DATE = """(SELECT m.date FROM milestones m
        WHERE m.project = s.project AND m.document_id = s.document_id AND m.milestone = '{name}'
        ORDER BY m.position DESC, m.id LIMIT 1) AS {name}"""
# One look-up for each column of each row that is asked for: a page of rows, or the rows of one project, cost no more
# than they hold.
QUICK_PROJECT_EDITIONS = f"""
DROP VIEW project_editions;
CREATE VIEW project_editions AS
WITH spoken_of AS (
    SELECT project, document_id FROM participations UNION SELECT project, document_id FROM milestones
)
SELECT s.project, o.year, o.as_of, o.kind, d.state, o.filename, s.document_id,
       {_columns(_STATES_IN_ROLE, _ROLES, 7)},
       {_LAST_DATE.replace("m.date", "m.phase").format(name="phase")},
       {_columns(_LAST_DATE, _DATED, 7)}
FROM spoken_of s JOIN document_order o USING (document_id) JOIN documents d ON d.id = s.document_id;
"""

STATE_EDITIONS = """
CREATE VIEW state_editions AS
WITH last_said AS (
    SELECT state, commitment, status, document_id, page, quote, id,
           row_number() OVER (PARTITION BY document_id, state, commitment ORDER BY position DESC, id) AS rank
    FROM commitment_statuses
)
SELECT l.state, l.commitment, o.year, o.as_of, o.kind, o.filename, l.document_id, l.status, l.page, l.quote,
       l.id AS commitment_status_id
FROM last_said l JOIN document_order o USING (document_id) WHERE l.rank = 1;
"""

# Of two dates of the same precision (their lengths differ by three days at most) the months between their first days
# are the slip; of others only the least and the most it can be are known. An open end leaves its bound unknown.
MILESTONE_SLIPS = """
CREATE VIEW milestone_slips AS
WITH last_said AS (
    SELECT m.project, m.milestone, m.date, m.date_from, m.date_to, m.page, m.id, m.document_id, o.filename, o.as_of,
           o.kind, CASE WHEN o.kind = 'nip' THEN d.state END AS plan_of,
           row_number() OVER (PARTITION BY m.project, m.milestone, m.document_id ORDER BY m.position DESC, m.id) AS rank
    FROM milestones m JOIN document_order o USING (document_id) JOIN documents d ON d.id = m.document_id
    WHERE m.date IS NOT NULL
), paired AS (
    SELECT *, lag(id) OVER series AS was_id, lag(date) OVER series AS was, lag(date_from) OVER series AS was_from,
           lag(date_to) OVER series AS was_to, lag(filename) OVER series AS was_filename,
           lag(page) OVER series AS was_page, lag(document_id) OVER series AS was_document_id,
           lag(as_of) OVER series AS was_as_of
    FROM last_said WHERE rank = 1
    WINDOW series AS (PARTITION BY project, milestone, kind, plan_of ORDER BY as_of, document_id)
), measured AS (
    SELECT *,
           (substr(date_from, 1, 4) - substr(was_from, 1, 4)) * 12
               + substr(date_from, 6, 2) - substr(was_from, 6, 2) AS months_of_starts,
           (substr(date_from, 1, 4) - substr(was_to, 1, 4)) * 12
               + substr(date_from, 6, 2) - substr(was_to, 6, 2) AS least,
           (substr(date_to, 1, 4) - substr(was_from, 1, 4)) * 12
               + substr(date_to, 6, 2) - substr(was_from, 6, 2) AS most,
           abs((julianday(date_to) - julianday(date_from)) - (julianday(was_to) - julianday(was_from))) <= 3 AS is_alike
    FROM paired WHERE was_id IS NOT NULL
)
SELECT project, milestone, was, date, CASE WHEN is_alike THEN months_of_starts END AS months,
       CASE WHEN is_alike THEN months_of_starts ELSE least END AS months_least,
       CASE WHEN is_alike THEN months_of_starts ELSE most END AS months_most,
       kind, was_filename, was_page, was_as_of, filename, page, as_of, was_document_id, document_id,
       was_id AS was_milestone_id, id AS milestone_id
FROM measured
WHERE date_from IS NOT was_from OR date_to IS NOT was_to;
"""

TIMELINE_VIEWS = (PROJECT_EDITIONS, STATE_EDITIONS, MILESTONE_SLIPS)
