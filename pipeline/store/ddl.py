"""The tables that a database is born with, as SQL: STRICT, with foreign keys and the indexes that pages and joins need.

A record of the first steps of ``pipeline.store.migrations``: nothing here is changed any more, what came later stands
in ``pipeline.store.ddl_later``. The meaning of each column stands once, in ``pipeline.store.records``.
"""

GAZETTEERS = """
CREATE TABLE projects (
    slug TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    wave INTEGER,
    adopted TEXT,
    act TEXT,
    domain TEXT,
    status TEXT,
    status_date TEXT,
    name_confidence TEXT,
    members_confidence TEXT,
    unverified TEXT,
    notes TEXT
) STRICT;
CREATE TABLE project_names (
    project TEXT NOT NULL REFERENCES projects(slug) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_ambiguous INTEGER NOT NULL CHECK (is_ambiguous IN (0, 1)),
    PRIMARY KEY (project, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX project_names_name ON project_names(name);
CREATE TABLE states (
    code TEXT PRIMARY KEY NOT NULL CHECK (length(code) = 2),
    name TEXT NOT NULL,
    code3 TEXT,
    eu_code TEXT,
    pesco_role TEXT NOT NULL,
    pms_since TEXT
) STRICT;
CREATE TABLE commitments (
    number INTEGER PRIMARY KEY NOT NULL CHECK (number BETWEEN 1 AND 20),
    area TEXT NOT NULL CHECK (area IN ('a', 'b', 'c', 'd', 'e')),
    area_label TEXT,
    summary TEXT NOT NULL,
    confidence TEXT
) STRICT;
"""

DOCUMENTS = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY NOT NULL,
    filename TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    kind TEXT,
    title TEXT,
    language TEXT,
    state TEXT REFERENCES states(code),
    year INTEGER,
    date TEXT,
    date_from TEXT,
    date_to TEXT,
    pages INTEGER,
    status TEXT NOT NULL CHECK (status IN ('loaded', 'quarantined', 'needs_ocr')),
    reason TEXT,
    size INTEGER NOT NULL,
    evidence TEXT,
    reader_version TEXT NOT NULL,
    rules_version TEXT,
    code_version TEXT,
    tried TEXT
) STRICT;
CREATE INDEX documents_filename ON documents(filename);
CREATE INDEX documents_kind_year ON documents(kind, year);
CREATE INDEX documents_state ON documents(state);
CREATE INDEX documents_status ON documents(status);
CREATE TABLE files (
    path TEXT PRIMARY KEY NOT NULL,
    filename TEXT NOT NULL,
    document_id TEXT REFERENCES documents(id) ON DELETE SET NULL,
    status TEXT NOT NULL
        CHECK (status IN ('loaded', 'quarantined', 'needs_ocr', 'duplicate', 'waiting', 'gone')),
    reason TEXT,
    advice TEXT,
    seen TEXT NOT NULL,
    size INTEGER,
    mtime_ns INTEGER
) STRICT;
CREATE INDEX files_document_id ON files(document_id);
CREATE INDEX files_status ON files(status);
CREATE TABLE pages (
    id INTEGER PRIMARY KEY NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    text TEXT NOT NULL,
    needs_ocr INTEGER NOT NULL CHECK (needs_ocr IN (0, 1)),
    UNIQUE (document_id, page)
) STRICT;
"""

MENTIONS = """
CREATE TABLE mentions (
    id TEXT PRIMARY KEY NOT NULL,
    print_id TEXT NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    page INTEGER NOT NULL,
    part INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('project', 'state', 'date', 'commitment', 'commitment_area')),
    value TEXT NOT NULL,
    text TEXT NOT NULL,
    x0 REAL NOT NULL,
    top REAL NOT NULL,
    x1 REAL NOT NULL,
    bottom REAL NOT NULL,
    date_from TEXT,
    date_to TEXT,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    is_ocr INTEGER NOT NULL CHECK (is_ocr IN (0, 1)),
    rule_id TEXT NOT NULL,
    rules_version TEXT NOT NULL
) STRICT;
CREATE INDEX mentions_document_page ON mentions(document_id, page, span_start, part);
CREATE INDEX mentions_kind_value ON mentions(kind, value, document_id);
CREATE INDEX mentions_print_id ON mentions(print_id);
CREATE INDEX mentions_rule_id ON mentions(rule_id);
CREATE TABLE mention_boxes (
    mention_id TEXT NOT NULL REFERENCES mentions(id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    page INTEGER NOT NULL,
    x0 REAL NOT NULL,
    top REAL NOT NULL,
    x1 REAL NOT NULL,
    bottom REAL NOT NULL,
    PRIMARY KEY (mention_id, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE candidates (
    id TEXT PRIMARY KEY NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    page INTEGER NOT NULL,
    part INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    text TEXT NOT NULL,
    x0 REAL NOT NULL,
    top REAL NOT NULL,
    x1 REAL NOT NULL,
    bottom REAL NOT NULL,
    boxes TEXT NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    is_ocr INTEGER NOT NULL CHECK (is_ocr IN (0, 1)),
    rule_id TEXT NOT NULL,
    rules_version TEXT NOT NULL
) STRICT;
CREATE INDEX candidates_document_page ON candidates(document_id, page, span_start, part);
CREATE INDEX candidates_kind_value ON candidates(kind, value);
"""


def _links(fact: str, facts: str) -> str:
    """Return the table of the mentions that facts rest on."""
    return f"""\
CREATE TABLE {fact}_mentions (
    {fact}_id TEXT NOT NULL REFERENCES {facts}(id) ON DELETE CASCADE,
    mention_id TEXT NOT NULL REFERENCES mentions(id) ON DELETE CASCADE,
    PRIMARY KEY ({fact}_id, mention_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX {fact}_mentions_mention_id ON {fact}_mentions(mention_id);
"""


FACTS = """
CREATE TABLE participations (
    id TEXT PRIMARY KEY NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    page INTEGER NOT NULL,
    position INTEGER NOT NULL,
    project TEXT NOT NULL REFERENCES projects(slug),
    state TEXT NOT NULL REFERENCES states(code),
    role TEXT NOT NULL CHECK (role IN ('coordinator', 'member', 'observer', 'third_state')),
    quote TEXT NOT NULL,
    mention_ids TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    rules_version TEXT NOT NULL
) STRICT;
CREATE INDEX participations_document_page ON participations(document_id, page);
CREATE INDEX participations_project ON participations(project, state, role);
CREATE INDEX participations_state ON participations(state, role);
CREATE TABLE milestones (
    id TEXT PRIMARY KEY NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    page INTEGER NOT NULL,
    position INTEGER NOT NULL,
    project TEXT NOT NULL REFERENCES projects(slug),
    milestone TEXT NOT NULL
        CHECK (milestone IN ('launch', 'ioc', 'foc', 'delivery_start', 'delivery_end', 'closure', 'phase')),
    date TEXT,
    date_from TEXT,
    date_to TEXT,
    phase TEXT CHECK (phase IN ('ideation', 'incubation', 'execution', 'closing')),
    was TEXT,
    was_from TEXT,
    was_to TEXT,
    quote TEXT NOT NULL,
    mention_ids TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    rules_version TEXT NOT NULL
) STRICT;
CREATE INDEX milestones_document_page ON milestones(document_id, page);
CREATE INDEX milestones_project ON milestones(project, milestone);
CREATE TABLE commitment_statuses (
    id TEXT PRIMARY KEY NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    page INTEGER NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_code TEXT GENERATED ALWAYS AS (nullif(state, 'ALL')) STORED REFERENCES states(code),
    commitment TEXT NOT NULL REFERENCES commitments(number),
    status TEXT NOT NULL CHECK (status IN ('met', 'partly', 'not_met', 'planned')),
    quote TEXT NOT NULL,
    mention_ids TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    rules_version TEXT NOT NULL
) STRICT;
CREATE INDEX commitment_statuses_document_page ON commitment_statuses(document_id, page);
CREATE INDEX commitment_statuses_state ON commitment_statuses(state, commitment);
CREATE INDEX commitment_statuses_state_code ON commitment_statuses(state_code);
CREATE INDEX commitment_statuses_commitment ON commitment_statuses(commitment, status);
"""

FACTS += _links("participation", "participations")
FACTS += _links("milestone", "milestones")
FACTS += _links("commitment_status", "commitment_statuses")

TABLES = """
CREATE TABLE tables (
    id TEXT PRIMARY KEY NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    number INTEGER NOT NULL,
    page INTEGER NOT NULL,
    pages TEXT NOT NULL,
    caption TEXT NOT NULL,
    headings TEXT NOT NULL,
    n_rows INTEGER NOT NULL,
    n_columns INTEGER NOT NULL,
    is_ruled INTEGER NOT NULL CHECK (is_ruled IN (0, 1)),
    layout TEXT NOT NULL
) STRICT;
CREATE INDEX tables_document_id ON tables(document_id, number);
CREATE TABLE cells (
    table_id TEXT NOT NULL REFERENCES tables(id) ON DELETE CASCADE,
    row INTEGER NOT NULL,
    "column" INTEGER NOT NULL,
    row_span INTEGER NOT NULL,
    column_span INTEGER NOT NULL,
    is_header INTEGER NOT NULL CHECK (is_header IN (0, 1)),
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    page INTEGER,
    boxes TEXT NOT NULL,
    PRIMARY KEY (table_id, row, "column")
) STRICT, WITHOUT ROWID;
"""

RUNS = """
CREATE TABLE marks (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE issues (
    id TEXT PRIMARY KEY NOT NULL,
    document_id TEXT REFERENCES documents(id) ON DELETE CASCADE,
    path TEXT REFERENCES files(path) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    page INTEGER,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    message TEXT NOT NULL,
    context TEXT NOT NULL
) STRICT;
CREATE INDEX issues_document_id ON issues(document_id, page);
CREATE INDEX issues_path ON issues(path);
CREATE INDEX issues_code ON issues(code, severity);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'completed_with_quarantine', 'failed')),
    folders TEXT NOT NULL,
    options TEXT NOT NULL,
    reader_version TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    files INTEGER,
    documents INTEGER,
    quarantined INTEGER,
    pages INTEGER,
    mentions INTEGER,
    issues INTEGER,
    seconds REAL,
    message TEXT
) STRICT;
CREATE TABLE run_files (
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    document_id TEXT,
    outcome TEXT NOT NULL,
    reason TEXT,
    source TEXT,
    pages INTEGER,
    mentions INTEGER,
    seconds REAL,
    PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_files_document_id ON run_files(document_id);
"""

# A document's name is written beside each of its facts, for readers; the trigger keeps them one.
FILENAME_TRIGGER = """
CREATE TRIGGER documents_filename_follows AFTER UPDATE OF filename ON documents WHEN old.filename <> new.filename
BEGIN
    UPDATE mentions SET filename = new.filename WHERE document_id = new.id;
    UPDATE candidates SET filename = new.filename WHERE document_id = new.id;
    UPDATE participations SET filename = new.filename WHERE document_id = new.id;
    UPDATE milestones SET filename = new.filename WHERE document_id = new.id;
    UPDATE commitment_statuses SET filename = new.filename WHERE document_id = new.id;
    UPDATE tables SET filename = new.filename WHERE document_id = new.id;
    UPDATE issues SET filename = new.filename WHERE document_id = new.id;
END;
"""
