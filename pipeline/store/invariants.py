"""What always holds of a database, also after a crash: its own integrity and the promises of the output contract.

``find_violations`` is what tests run after every kill and what a health check may run at any time. It only reads.
"""

import sqlite3

from pipeline.store.check import LINKS

_NONE_MAY_BE = {
    "a loaded document without a row for each page": """
        SELECT id FROM documents d WHERE status <> 'quarantined'
        AND pages <> (SELECT count(*) FROM pages p WHERE p.document_id = d.id)""",
    "a quarantined document with facts": """
        SELECT id FROM documents d WHERE status = 'quarantined' AND (
        EXISTS (SELECT 1 FROM mentions m WHERE m.document_id = d.id)
        OR EXISTS (SELECT 1 FROM pages p WHERE p.document_id = d.id))""",
    "a quarantined document without reason or issue": """
        SELECT id FROM documents d WHERE status = 'quarantined' AND (reason IS NULL
        OR NOT EXISTS (SELECT 1 FROM issues i WHERE i.document_id = d.id AND i.code = d.reason))""",
    "a document without a file": """
        SELECT id FROM documents d WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.document_id = d.id)""",
    "a document whose name is not that of its first path": """
        SELECT d.id FROM documents d WHERE d.filename <> (
            SELECT f.filename FROM files f WHERE f.document_id = d.id
            ORDER BY f.status IN ('gone', 'waiting'), f.path LIMIT 1)""",
    "a mention without a box": """
        SELECT id FROM mentions m WHERE NOT EXISTS (SELECT 1 FROM mention_boxes b WHERE b.mention_id = m.id)""",
    "a mention on a page that is not there": """
        SELECT id FROM mentions m WHERE NOT EXISTS (
        SELECT 1 FROM pages p WHERE p.document_id = m.document_id AND p.page = m.page)""",
    "a file that is neither loaded nor explained": """
        SELECT path FROM files WHERE (status IN ('quarantined', 'waiting', 'needs_ocr') AND reason IS NULL)
        OR (status IN ('loaded', 'needs_ocr', 'duplicate', 'gone') AND document_id IS NULL)""",
    "a correction whose row is not there": """
        SELECT id FROM corrections c WHERE state = 'applied' AND row_id IS NOT NULL AND kind <> 'document'
        AND row_id NOT IN (SELECT id FROM mentions UNION ALL SELECT id FROM participations
            UNION ALL SELECT id FROM milestones UNION ALL SELECT id FROM commitment_statuses)
        AND NOT EXISTS (SELECT 1 FROM corrections l WHERE l.document_id = c.document_id AND l.position > c.position
            AND l.kind = c.kind AND l.action <> 'add' AND l.state = 'applied')""",
    "a corrected row without its correction": """
        SELECT id FROM (SELECT id, document_id, rule_id FROM mentions UNION ALL
            SELECT id, document_id, rule_id FROM participations UNION ALL
            SELECT id, document_id, rule_id FROM milestones UNION ALL
            SELECT id, document_id, rule_id FROM commitment_statuses) r WHERE rule_id = 'correction'
        AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.document_id = r.document_id AND c.state = 'applied')""",
    "present paths of one document of which not exactly one is first": """
        SELECT document_id FROM files WHERE document_id IS NOT NULL AND status NOT IN ('gone', 'waiting')
        GROUP BY document_id HAVING sum(status <> 'duplicate') <> 1""",
}


def find_violations(connection: sqlite3.Connection) -> list[str]:
    """Return what does not hold, in words; an empty list is what one hopes for."""
    found = [f"integrity: {row[0]}" for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"foreign key: {tuple(row)}" for row in connection.execute("PRAGMA foreign_key_check")]
    for name, sql in _NONE_MAY_BE.items():
        found += [f"{name}: {row[0]}" for row in connection.execute(f"{sql} LIMIT 5")]
    found += _name_violations(connection)
    found += _evidence_violations(connection)
    return found + _search_violations(connection)


def _name_violations(connection: sqlite3.Connection) -> list[str]:
    """Find facts whose file name is not their document's."""
    found: list[str] = []
    for table in ("mentions", "candidates", *LINKS, "tables"):
        rows = connection.execute(
            f"SELECT t.id FROM {table} t JOIN documents d ON d.id = t.document_id"
            " WHERE t.filename <> d.filename LIMIT 5"
        )
        found += [f"a row of {table} under another file name than its document's: {row[0]}" for row in rows]
    return found


def _evidence_violations(connection: sqlite3.Connection) -> list[str]:
    """Find facts without evidence, or whose list of mentions is not that of their links."""
    found: list[str] = []
    for table, link in LINKS.items():
        key = connection.execute(f"SELECT name FROM pragma_table_info('{link}') LIMIT 1").fetchone()[0]
        sql = f"""
            SELECT id FROM {table} t WHERE json_array_length(mention_ids) = 0
            OR json_array_length(mention_ids) <> (SELECT count(*) FROM {link} l WHERE l.{key} = t.id)
            OR EXISTS (SELECT 1 FROM json_each(t.mention_ids) j WHERE NOT EXISTS (
                SELECT 1 FROM {link} l WHERE l.{key} = t.id AND l.mention_id = j.value)) LIMIT 5"""
        found += [f"a row of {table} without the evidence it names: {row[0]}" for row in connection.execute(sql)]
    return found


def _search_violations(connection: sqlite3.Connection) -> list[str]:
    """Find a search index that does not hold exactly the pages there are."""
    indexed = {row[0] for row in connection.execute("SELECT id FROM pages_fts_docsize")}
    stored = {row[0] for row in connection.execute("SELECT id FROM pages")}
    return [] if indexed == stored else [f"the search index has {len(indexed)} pages, the table {len(stored)}"]
