"""Commitments and their areas by number, in prose and tables, and paraphrases without a number."""
