"""All rule files read and checked at once, before the first document, in a process of its own.

Every argument-less ``load_*`` function of the modules that derive facts is called, so that a mistake in any file stops
the run at its start. The rows of the gazetteers come back on the way.
"""

import inspect
import sys
from collections.abc import Callable, Iterator

from pipeline.pdf_job import read_pdf
from pipeline.store.gazetteer_tables import Gazetteers
from pipeline.store.gazetteers import read_gazetteers

CHECK_RULES = "pipeline.rule_check:check_rules"
_PACKAGES = ("extractors.", "pipeline.")
# Loads no rules, and needs an extra.
_NOT_RULES = ("load_engine",)


def check_rules() -> Gazetteers:
    """Load every rule file; return the gazetteers. Raises ``RuleError`` naming file, line and reason."""
    for load in find_loaders():
        load()
    return read_gazetteers()


def find_loaders() -> list[Callable[[], object]]:
    """Return the ``load_*`` functions of all modules that reading and deriving need."""
    assert read_pdf.__module__ in sys.modules  # importing it has loaded all others
    return list(_loaders())


def _loaders() -> Iterator[Callable[[], object]]:
    for name, module in sorted(sys.modules.items()):
        if not name.startswith(_PACKAGES):
            continue
        for attribute, value in sorted(vars(module).items()):
            if attribute in _NOT_RULES:
                continue
            if attribute.startswith("load_") and getattr(value, "__module__", None) == name and _takes_nothing(value):
                yield value


def _takes_nothing(value: object) -> bool:
    return callable(value) and not inspect.signature(value).parameters
