"""The views over the output contract, as SQL: the latest state of each project, contradictions, overviews by thing.

Documents are ordered by ``document_order``: own date, else the end of the reporting year. A view never changes its
meaning; a better question gets a new view.
"""

ORDER = """
CREATE VIEW document_order AS
SELECT id AS document_id, filename, kind, year, date,
       coalesce(date_to, date_from, CASE WHEN year IS NOT NULL THEN year || '-12-31' END, '') AS as_of
FROM documents WHERE status <> 'quarantined';
"""

LATEST = """
CREATE VIEW latest_participations AS
WITH dated AS (
    SELECT p.*, o.as_of, o.kind AS document_kind, o.as_of || ' ' || o.document_id AS source
    FROM participations p JOIN document_order o USING (document_id)
), lists AS (
    SELECT project, max(source) AS last_list FROM dated WHERE document_kind IS NOT 'nip' GROUP BY project
), standing AS (
    -- A plan speaks of its own state only: it adds to the last list of all states, and does not replace it.
    SELECT dated.*, dense_rank() OVER (PARTITION BY dated.project, dated.state ORDER BY dated.source DESC) AS rank
    FROM dated LEFT JOIN lists ON lists.project = dated.project
    WHERE last_list IS NULL OR source = last_list OR (document_kind = 'nip' AND source > last_list)
)
SELECT project, state, role, as_of, document_id, filename, page, quote, id AS participation_id
FROM standing WHERE rank = 1;
CREATE VIEW latest_milestones AS
WITH dated AS (
    SELECT m.*, o.as_of,
           row_number() OVER (PARTITION BY m.project, m.milestone
                              ORDER BY o.as_of DESC, o.document_id DESC, m.position DESC, m.id) AS rank
    FROM milestones m JOIN document_order o USING (document_id)
)
SELECT project, milestone, date, date_from, date_to, phase, was, as_of, document_id, filename, page, quote,
       id AS milestone_id
FROM dated WHERE rank = 1;
CREATE VIEW latest_commitment_statuses AS
WITH dated AS (
    SELECT s.*, o.as_of,
           row_number() OVER (PARTITION BY s.state, s.commitment
                              ORDER BY o.as_of DESC, o.document_id DESC, s.position DESC, s.id) AS rank
    FROM commitment_statuses s JOIN document_order o USING (document_id)
)
SELECT state, commitment, status, as_of, document_id, filename, page, quote, id AS commitment_status_id
FROM dated WHERE rank = 1;
CREATE VIEW latest_projects AS
WITH people AS (
    SELECT project, max(as_of) AS members_as_of,
           group_concat(CASE WHEN role = 'coordinator' THEN state END, ' ') AS coordinators,
           group_concat(CASE WHEN role = 'member' THEN state END, ' ') AS members,
           group_concat(CASE WHEN role = 'observer' THEN state END, ' ') AS observers,
           group_concat(CASE WHEN role = 'third_state' THEN state END, ' ') AS third_states
    FROM (SELECT DISTINCT project, state, role, as_of FROM latest_participations ORDER BY project, state)
    GROUP BY project
), steps AS (
    SELECT project, max(as_of) AS milestones_as_of,
           max(CASE WHEN milestone = 'phase' THEN phase END) AS phase,
           max(CASE WHEN milestone = 'launch' THEN date END) AS launch,
           max(CASE WHEN milestone = 'ioc' THEN date END) AS ioc,
           max(CASE WHEN milestone = 'foc' THEN date END) AS foc,
           max(CASE WHEN milestone = 'closure' THEN date END) AS closure
    FROM latest_milestones GROUP BY project
)
SELECT p.slug AS project, p.name, p.wave, p.status AS listed_status, steps.phase, coordinators, members, observers,
       third_states, launch, ioc, foc, closure, members_as_of, milestones_as_of
FROM projects p LEFT JOIN people ON people.project = p.slug LEFT JOIN steps ON steps.project = p.slug;
"""

CONTRADICTIONS = """
CREATE VIEW role_contradictions AS
WITH said AS (
    SELECT p.project, p.state, p.role, p.document_id, min(p.page) AS page, min(p.id) AS fact_id
    FROM participations p GROUP BY p.project, p.state, p.role, p.document_id
)
SELECT a.project, a.state, a.role AS role, oa.filename AS filename, oa.as_of AS as_of, a.page AS page,
       a.document_id AS document_id, a.fact_id AS fact_id,
       b.role AS other_role, ob.filename AS other_filename, ob.as_of AS other_as_of, b.page AS other_page,
       b.document_id AS other_document_id, b.fact_id AS other_fact_id
FROM said a JOIN said b ON b.project = a.project AND b.state = a.state AND b.role <> a.role
JOIN document_order oa ON oa.document_id = a.document_id
JOIN document_order ob ON ob.document_id = b.document_id
WHERE (oa.as_of, oa.document_id) < (ob.as_of, ob.document_id)
  AND NOT EXISTS (SELECT 1 FROM said c WHERE c.project = a.project AND c.state = a.state AND c.role = b.role
                  AND c.document_id = a.document_id);
CREATE VIEW milestone_contradictions AS
WITH said AS (
    SELECT m.project, m.milestone, coalesce(m.phase, m.date, '') AS value, m.date_from, m.date_to, m.phase,
           m.document_id, min(m.page) AS page, min(m.id) AS fact_id
    FROM milestones m GROUP BY m.project, m.milestone, coalesce(m.phase, m.date, ''), m.document_id
)
SELECT a.project, a.milestone, a.value AS value, oa.filename AS filename, oa.as_of AS as_of, a.page AS page,
       a.document_id AS document_id, a.fact_id AS fact_id,
       b.value AS other_value, ob.filename AS other_filename, ob.as_of AS other_as_of, b.page AS other_page,
       b.document_id AS other_document_id, b.fact_id AS other_fact_id
FROM said a JOIN said b ON b.project = a.project AND b.milestone = a.milestone AND b.value <> a.value
JOIN document_order oa ON oa.document_id = a.document_id
JOIN document_order ob ON ob.document_id = b.document_id
WHERE (oa.as_of, oa.document_id) < (ob.as_of, ob.document_id)
  AND (a.phase IS NOT NULL OR a.date_from IS NOT b.date_from OR a.date_to IS NOT b.date_to);
CREATE VIEW contradictions AS
SELECT 'role' AS about, project, state, role AS value, filename, as_of, page, document_id, fact_id,
       other_role AS other_value, other_filename, other_as_of, other_page, other_document_id, other_fact_id
FROM role_contradictions
UNION ALL
SELECT milestone, project, NULL, value, filename, as_of, page, document_id, fact_id,
       other_value, other_filename, other_as_of, other_page, other_document_id, other_fact_id
FROM milestone_contradictions;
"""

OVERVIEWS = """
CREATE VIEW project_overview AS
SELECT p.slug AS project, p.name, p.wave, p.status AS listed_status,
       (SELECT count(*) FROM mentions m WHERE m.kind = 'project' AND m.value = p.slug) AS mentions,
       (SELECT count(DISTINCT document_id) FROM mentions m WHERE m.kind = 'project' AND m.value = p.slug) AS documents,
       (SELECT count(DISTINCT state) FROM participations q WHERE q.project = p.slug) AS states,
       (SELECT count(*) FROM milestones s WHERE s.project = p.slug) AS milestones
FROM projects p;
CREATE VIEW state_overview AS
SELECT s.code AS state, s.name, s.pesco_role,
       (SELECT count(*) FROM mentions m WHERE m.kind = 'state' AND m.value = s.code) AS mentions,
       (SELECT count(DISTINCT project) FROM participations p WHERE p.state = s.code AND p.role = 'coordinator')
           AS coordinates,
       (SELECT count(DISTINCT project) FROM participations p WHERE p.state = s.code AND p.role = 'member') AS member_of,
       (SELECT count(DISTINCT project) FROM participations p WHERE p.state = s.code AND p.role = 'observer')
           AS observes,
       (SELECT count(DISTINCT project) FROM participations p WHERE p.state = s.code AND p.role = 'third_state')
           AS third_state_in,
       (SELECT count(*) FROM documents d WHERE d.state = s.code AND d.kind = 'nip') AS plans,
       (SELECT count(*) FROM commitment_statuses c WHERE c.state = s.code) AS commitment_statuses
FROM states s;
CREATE VIEW commitment_overview AS
SELECT c.number AS commitment, c.area, c.summary,
       (SELECT count(*) FROM mentions m WHERE m.kind = 'commitment' AND m.value = CAST(c.number AS TEXT)) AS mentions,
       (SELECT count(*) FROM latest_commitment_statuses s WHERE s.commitment = CAST(c.number AS TEXT)
            AND s.status = 'met') AS met,
       (SELECT count(*) FROM latest_commitment_statuses s WHERE s.commitment = CAST(c.number AS TEXT)
            AND s.status = 'partly') AS partly,
       (SELECT count(*) FROM latest_commitment_statuses s WHERE s.commitment = CAST(c.number AS TEXT)
            AND s.status = 'not_met') AS not_met,
       (SELECT count(*) FROM latest_commitment_statuses s WHERE s.commitment = CAST(c.number AS TEXT)
            AND s.status = 'planned') AS planned
FROM commitments c;
CREATE VIEW year_overview AS
SELECT d.year, count(*) AS documents, sum(d.pages) AS pages,
       sum((SELECT count(*) FROM mentions m WHERE m.document_id = d.id)) AS mentions,
       sum((SELECT count(*) FROM participations p WHERE p.document_id = d.id)) AS participations,
       sum((SELECT count(*) FROM milestones m WHERE m.document_id = d.id)) AS milestones,
       sum((SELECT count(*) FROM commitment_statuses s WHERE s.document_id = d.id)) AS commitment_statuses,
       sum((SELECT count(*) FROM issues i WHERE i.document_id = d.id)) AS issues
FROM documents d GROUP BY d.year;
CREATE VIEW quarantine AS
SELECT f.path, f.filename, f.status, f.reason, f.advice, f.seen, f.size, f.document_id
FROM files f WHERE f.status IN ('quarantined', 'needs_ocr', 'waiting');
"""

VIEWS = (ORDER, LATEST, CONTRADICTIONS, OVERVIEWS)
