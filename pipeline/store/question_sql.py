"""The SQL of the questions that analysts ask, one constant each. An empty parameter means: all of them.

``page`` stands beside ``document_id`` wherever a row has a place in print, and the id of a fact beside it, so that
the browser leads from the row to the words.
"""

COORDINATED_PROJECTS = """
SELECT l.state, l.project, p.name, p.wave, p.domain, l.as_of, l.filename, l.page, l.document_id, l.participation_id
FROM latest_participations l JOIN projects p ON p.slug = l.project
WHERE l.role = 'coordinator' AND (:state = '' OR l.state = upper(:state))
ORDER BY l.state, p.name
"""

PROJECT_MEMBERS = """
SELECT l.project, l.role, l.state, s.name, l.as_of, l.filename, l.page, l.document_id, l.participation_id
FROM latest_participations l JOIN states s ON s.code = l.state
WHERE :project = '' OR l.project = lower(:project)
ORDER BY l.project, instr('coordinator member observer third_state', l.role), s.name
"""

STATES_BY_PROJECTS = """
SELECT s.code AS state, s.name, count(DISTINCT l.project) AS projects,
       count(DISTINCT CASE WHEN l.role = 'coordinator' THEN l.project END) AS coordinates,
       count(DISTINCT CASE WHEN l.role = 'member' THEN l.project END) AS member_of,
       count(DISTINCT CASE WHEN l.role = 'observer' THEN l.project END) AS observes,
       count(DISTINCT CASE WHEN l.role = 'third_state' THEN l.project END) AS third_state_in
FROM latest_participations l JOIN states s ON s.code = l.state
GROUP BY s.code ORDER BY projects DESC, s.name
"""

PARTNERS = """
WITH parts AS (SELECT DISTINCT project, state FROM latest_participations WHERE role IN ('coordinator', 'member'))
SELECT a.state, b.state AS other_state, s.name, count(*) AS projects, group_concat(a.project, ' ') AS projects_shared
FROM parts a JOIN parts b ON b.project = a.project AND b.state <> a.state JOIN states s ON s.code = b.state
WHERE a.state = upper(:state)
GROUP BY b.state ORDER BY projects DESC, s.name
"""

THIRD_STATES = """
SELECT l.state, s.name, l.project, p.name AS project_name, l.as_of, l.filename, l.page, l.document_id,
       l.participation_id
FROM latest_participations l JOIN states s ON s.code = l.state JOIN projects p ON p.slug = l.project
WHERE l.role = 'third_state' ORDER BY s.name, p.name
"""

# Months as in the view milestone_slips: of two dates of one precision the months between their first days; of others
# the least and the most it can be.
SLIPS = """
WITH told AS (
    SELECT m.project, m.milestone, m.was, m.date, m.was_from, m.was_to, m.date_from, m.date_to, m.filename, m.page,
           m.document_id, m.id AS milestone_id,
           (substr(date_from, 1, 4) - substr(was_from, 1, 4)) * 12
               + substr(date_from, 6, 2) - substr(was_from, 6, 2) AS of_starts,
           (substr(date_from, 1, 4) - substr(was_to, 1, 4)) * 12
               + substr(date_from, 6, 2) - substr(was_to, 6, 2) AS least,
           (substr(date_to, 1, 4) - substr(was_from, 1, 4)) * 12
               + substr(date_to, 6, 2) - substr(was_from, 6, 2) AS most,
           abs((julianday(date_to) - julianday(date_from)) - (julianday(was_to) - julianday(was_from))) <= 3 AS is_alike
    FROM milestones m WHERE m.was IS NOT NULL
), slips AS (
    SELECT project, milestone, was, date, CASE WHEN is_alike THEN of_starts ELSE least END AS months_least,
           CASE WHEN is_alike THEN of_starts ELSE most END AS months_most, 'one document' AS told_by,
           filename, page, document_id, milestone_id
    FROM told
    UNION ALL
    SELECT project, milestone, was, date, months_least, months_most, 'two editions', filename, page, document_id,
           milestone_id
    FROM milestone_slips
)
SELECT slips.* FROM slips
WHERE (:milestone = '' OR milestone = lower(:milestone)) AND (:project = '' OR project = lower(:project))
ORDER BY coalesce(months_least, months_most) DESC, project
"""

DUE = """
SELECT l.project, p.name, l.milestone, l.date, l.was, l.as_of, l.filename, l.page, l.document_id, l.milestone_id
FROM latest_milestones l JOIN projects p ON p.slug = l.project
WHERE l.milestone <> 'phase' AND coalesce(l.date_from, l.date_to) <= :year || '-12-31'
  AND coalesce(l.date_to, l.date_from) >= :year || '-01-01'
ORDER BY coalesce(l.date_to, l.date_from), l.project
"""

OVERDUE = """
SELECT l.project, p.name, l.milestone, l.date, l.date_to AS last_day, l.as_of, l.filename, l.page, l.document_id,
       l.milestone_id
FROM latest_milestones l JOIN projects p ON p.slug = l.project
WHERE l.milestone IN ('ioc', 'foc', 'delivery_start', 'delivery_end') AND l.date_to >= l.as_of
  AND l.date_to <= coalesce(nullif(:day, ''), (SELECT max(as_of) FROM document_order))
ORDER BY l.date_to, l.project
"""

WITHOUT_MILESTONES = """
WITH newest AS (
    SELECT document_id, filename, as_of FROM document_order
    WHERE kind IN ('annual_report', 'progress_report') AND (:kind = '' OR kind = :kind)
    ORDER BY as_of DESC, document_id DESC LIMIT 1
)
SELECT p.slug AS project, p.name, p.status AS listed_status, newest.as_of, newest.filename, newest.document_id,
       (SELECT max(o.as_of) FROM milestones m JOIN document_order o USING (document_id) WHERE m.project = p.slug)
           AS last_milestone_as_of
FROM projects p CROSS JOIN newest
WHERE coalesce(p.status, '') <> 'closed'
  AND NOT EXISTS (SELECT 1 FROM milestones m WHERE m.project = p.slug AND m.document_id = newest.document_id)
ORDER BY last_milestone_as_of, p.name
"""

MET_BY_YEAR = """
SELECT e.state, e.year, e.commitment, c.summary, e.status, e.kind, e.filename, e.page, e.document_id,
       e.commitment_status_id
FROM state_editions e JOIN commitments c ON c.number = CAST(e.commitment AS INTEGER)
WHERE (:state = '' OR e.state = upper(:state)) AND (:status = '' OR e.status = lower(:status))
ORDER BY e.state, e.year DESC, c.number, e.as_of DESC
"""

COMMITMENTS_BY_STATUS = """
SELECT c.number AS commitment, c.area, c.summary,
       count(CASE WHEN l.status = 'met' THEN 1 END) AS met,
       count(CASE WHEN l.status = 'partly' THEN 1 END) AS partly,
       count(CASE WHEN l.status = 'not_met' THEN 1 END) AS not_met,
       count(CASE WHEN l.status = 'planned' THEN 1 END) AS planned
FROM commitments c
LEFT JOIN latest_commitment_statuses l ON l.commitment = CAST(c.number AS TEXT) AND l.state <> 'ALL'
GROUP BY c.number ORDER BY c.number
"""

STATUS_CONTRADICTIONS = """
SELECT a.state, a.commitment, a.status, a.filename, a.as_of, a.page, a.document_id, a.commitment_status_id,
       b.status AS other_status, b.filename AS other_filename, b.as_of AS other_as_of, b.page AS other_page,
       b.document_id AS other_document_id
FROM state_editions a JOIN state_editions b ON b.state = a.state AND b.commitment = a.commitment
    AND b.status <> a.status AND (b.as_of, b.document_id) > (a.as_of, a.document_id)
WHERE :state = '' OR a.state = upper(:state)
ORDER BY a.state, CAST(a.commitment AS INTEGER), a.as_of
"""

CONTRADICTIONS = """
SELECT about, project, state, value, filename, as_of, page, document_id, other_value, other_filename, other_as_of,
       other_page, other_document_id
FROM contradictions
WHERE (:project = '' OR project = lower(:project)) AND (:about = '' OR about = lower(:about))
ORDER BY project, about, as_of, other_as_of
"""

MOST_MENTIONED = """
WITH counted AS (
    SELECT kind, value, count(*) AS mentions, count(DISTINCT document_id) AS documents
    FROM mentions WHERE kind = coalesce(nullif(lower(:kind), ''), 'project')
    GROUP BY kind, value ORDER BY mentions DESC, value LIMIT 200
)
SELECT kind, value, coalesce((SELECT name FROM projects WHERE kind = 'project' AND slug = value),
       (SELECT name FROM states WHERE kind = 'state' AND code = value),
       (SELECT summary FROM commitments WHERE kind = 'commitment' AND number = CAST(value AS INTEGER)), value) AS name,
       mentions, documents
FROM counted ORDER BY mentions DESC, value
"""

PROJECT_MENTIONS = """
SELECT m.value AS project, m.text, o.as_of, m.filename, m.page, m.document_id, m.rule_id, m.id AS mention_id
FROM mentions m JOIN document_order o ON o.document_id = m.document_id
WHERE m.kind = 'project' AND m.value = lower(:project)
ORDER BY o.as_of DESC, m.document_id, m.span_start
"""

NAMES_IN_PRINT = """
SELECT value AS project, text, count(*) AS mentions, count(DISTINCT document_id) AS documents
FROM mentions WHERE kind = 'project' AND value = lower(:project)
GROUP BY text ORDER BY mentions DESC, text
"""

DOCUMENT_DATES = """
SELECT CASE WHEN date IS NOT NULL THEN 'own date' WHEN year IS NOT NULL THEN 'year only' ELSE 'none' END AS dated_by,
       date, year, kind, title, filename, id AS document_id
FROM documents WHERE status <> 'quarantined'
ORDER BY date IS NOT NULL, year IS NOT NULL, filename
"""

ISSUES = """
SELECT d.filename, d.id AS document_id, i.code, i.severity, count(i.id) AS issues, min(i.page) AS page,
       min(i.message) AS example
FROM documents d LEFT JOIN issues i ON i.document_id = d.id AND (:code = '' OR i.code = lower(:code))
GROUP BY d.id, i.code, i.severity
ORDER BY instr('error warning info', i.severity), issues DESC, i.code, d.filename
"""

CANDIDATES = """
SELECT filename, page, kind, value, text, rule_id, document_id
FROM candidates WHERE (:filename = '' OR filename = :filename) AND (:page = '' OR page = CAST(:page AS INTEGER))
ORDER BY filename, page, span_start, part
"""

RULES = """
SELECT rule_id, substr(rule_id, 1, instr(rule_id, '.') - 1) AS kind, count(*) AS mentions
FROM mentions WHERE :kind = '' OR rule_id LIKE lower(:kind) || '.%'
GROUP BY rule_id ORDER BY mentions DESC, rule_id
"""
