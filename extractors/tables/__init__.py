"""Tables found by their rules or their alignments, joined over pages."""
