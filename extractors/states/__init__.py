"""States by name, adjective and code."""
