"""PESCO projects by name, acronym and the document's own short forms."""
