"""One document in, mentions out: pdfplumber, spaCy and the rule files. No database, no Prefect, no network."""
