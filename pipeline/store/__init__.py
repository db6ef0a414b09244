"""The database: schema, checked rows, loading, kept pages, what is kept and forgotten."""
