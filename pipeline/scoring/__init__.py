"""Precision and recall against gold files, and the baseline that changes are held to."""
