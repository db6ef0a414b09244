"""Takes away the guard that ``BREAK_GUARD`` names, when it names one; see ``broken_guards.py``."""

import os

if os.environ.get("BREAK_GUARD"):
    import tests.pipeline.broken_guards  # noqa: F401 - importing it throws the switch
