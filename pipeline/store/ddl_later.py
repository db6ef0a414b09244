"""What later steps of ``pipeline.store.migrations`` added to the tables of ``pipeline.store.ddl``, in their order.

A released table or column is a promise: a change is a new step with its SQL at the end, and an older one stays as it
is. The meaning of each column stands once, in ``pipeline.store.records``.
"""

# What is restricted stays so: a changed file below a restricted path, and another path with the same bytes, are too.
# A path may be marked before any run met it. (No OR IGNORE in a trigger: the statement that fires it overrides it.)
RESTRICTED = """
ALTER TABLE documents ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1));
CREATE TABLE restricted_paths (
    path TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER restricted_path_marks_document AFTER INSERT ON restricted_paths
BEGIN
    UPDATE documents SET restricted = 1
    WHERE restricted = 0 AND id = (SELECT document_id FROM files WHERE path = new.path);
END;
CREATE TRIGGER restricted_document_marks_paths AFTER UPDATE OF restricted ON documents
WHEN new.restricted = 1 AND old.restricted = 0
BEGIN
    INSERT INTO restricted_paths (path)
    SELECT path FROM files WHERE document_id = new.id EXCEPT SELECT path FROM restricted_paths;
END;
CREATE TRIGGER restricted_follows_new_file AFTER INSERT ON files WHEN new.document_id IS NOT NULL
BEGIN
    INSERT INTO restricted_paths (path)
    SELECT new.path FROM documents WHERE id = new.document_id AND restricted = 1
    EXCEPT SELECT path FROM restricted_paths;
    UPDATE documents SET restricted = 1 WHERE id = new.document_id AND restricted = 0
        AND new.path IN (SELECT path FROM restricted_paths);
END;
CREATE TRIGGER restricted_follows_changed_file AFTER UPDATE OF document_id ON files
WHEN new.document_id IS NOT NULL AND new.document_id IS NOT old.document_id
BEGIN
    INSERT INTO restricted_paths (path)
    SELECT new.path FROM documents WHERE id = new.document_id AND restricted = 1
    EXCEPT SELECT path FROM restricted_paths;
    UPDATE documents SET restricted = 1 WHERE id = new.document_id AND restricted = 0
        AND new.path IN (SELECT path FROM restricted_paths);
END;
"""

# What manifests say of files. A path may be named before any run met it, so it refers to nothing.
SOURCES = """
ALTER TABLE documents ADD COLUMN kind_hint TEXT;
CREATE TABLE sources (
    path TEXT PRIMARY KEY NOT NULL,
    url TEXT,
    retrieved TEXT,
    licence TEXT,
    kind TEXT,
    restricted INTEGER NOT NULL CHECK (restricted IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE VIEW document_sources AS
SELECT documents.id AS document_id, documents.filename, files.path, files.status, sources.url, sources.retrieved,
    sources.licence, sources.kind AS kind_hint, documents.kind, documents.restricted
FROM files
JOIN documents ON documents.id = files.document_id
LEFT JOIN sources ON sources.path = files.path
ORDER BY files.path;
"""

# How many projects a state takes part in, without looking at a row.
ROOM_INDEXES = """
CREATE INDEX participations_state_project ON participations(state, project, role);
"""

# Indexes by hash, whose entries fall anywhere, cost more per row the more rows there are: so boxes of mentions stand in
# their rows, and only what nobody could find otherwise has such an index. The values of one print stand together by
# document, page and span.
LOCAL_ROWS = """
DROP TABLE mention_boxes;
CREATE VIEW mention_boxes AS
SELECT m.id AS mention_id, j.key AS line,
       CASE WHEN m.boxes IS NULL THEN m.page ELSE json_extract(j.value, '$[0]') END AS page,
       CASE WHEN m.boxes IS NULL THEN m.x0 ELSE json_extract(j.value, '$[1]') END AS x0,
       CASE WHEN m.boxes IS NULL THEN m.top ELSE json_extract(j.value, '$[2]') END AS top,
       CASE WHEN m.boxes IS NULL THEN m.x1 ELSE json_extract(j.value, '$[3]') END AS x1,
       CASE WHEN m.boxes IS NULL THEN m.bottom ELSE json_extract(j.value, '$[4]') END AS bottom
FROM mentions m, json_each(coalesce(m.boxes, '[0]')) j;
DROP INDEX mentions_print_id;
DROP INDEX mentions_kind_value;
CREATE INDEX mentions_kind_value ON mentions(kind, value);
"""

CHANGES = """
CREATE TABLE changes (
    id INTEGER PRIMARY KEY NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    document_id TEXT NOT NULL,
    filename TEXT NOT NULL,
    page INTEGER,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('gained', 'lost', 'changed')),
    rule_id TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX changes_run_id ON changes(run_id);
CREATE INDEX changes_document_id ON changes(document_id);
"""

# What became of the entries of correction files. Those whose document is not there stand without one.
CORRECTIONS = """
ALTER TABLE documents ADD COLUMN corrections_version TEXT;
CREATE TABLE corrections (
    id TEXT PRIMARY KEY NOT NULL,
    document_id TEXT REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    file TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('reject', 'set', 'add')),
    kind TEXT NOT NULL CHECK (kind IN ('mention', 'participation', 'milestone', 'commitment_status', 'document')),
    target_id TEXT,
    row_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('applied', 'stale', 'unknown_target')),
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    "when" TEXT NOT NULL,
    why TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX corrections_document_id ON corrections(document_id, position);
CREATE INDEX corrections_target_id ON corrections(target_id);
CREATE INDEX corrections_row_id ON corrections(row_id);
CREATE INDEX corrections_state ON corrections(state);
CREATE INDEX corrections_entry_id ON corrections(entry_id);
"""
