"""Fetching public documents that a sources file lists, into a folder with its manifest."""
