"""What the reading room shows, read from the database: plain functions, a connection in, frozen dataclasses out.

Every SQL statement is a module constant in capitals with named parameters, so that a test can ask SQLite how it would
run each of them.
"""
