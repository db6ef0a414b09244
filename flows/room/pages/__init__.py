"""One module for each kind of page, each with its ``ROUTES``: pairs of an expression on the path and a view."""
