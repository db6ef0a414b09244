"""Loaded once by the process from which reading processes are forked, so that each starts with everything ready.

Importing this module is its work: it loads the rules and their matchers. Only ``pipeline.pool`` names it, as a string.
A broken rule file is left for the run to report.
"""

import contextlib
import gc
import sys
from collections.abc import Iterator
from types import ModuleType

from models.errors import PescoError
from models.extraction import Extraction

_TEXT = "PESCO annual report 2024: CSIP, led by Italy, reached commitments 6 to 9 by the end of 2025."
# What `import spacy` loads beside what is used of it: a third of the time it takes.
_COMMAND_LINE = ("spacy.cli", "spacy.cli.info")


@contextlib.contextmanager
def without_command_line() -> Iterator[None]:
    """Let spaCy be imported without its command line, which nobody types here; it stays importable afterwards."""
    absent = [name for name in _COMMAND_LINE if name not in sys.modules]
    for name in absent:
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__dict__["info"] = None
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def warm_up() -> Extraction | None:
    """Run the rules over one sentence, which loads them; return what they found, or ``None`` when rules are broken."""
    with without_command_line():
        from extractors.views import plain_view  # noqa: PLC0415 - not before spaCy's command line is out of the way
        from pipeline.derive import derive_facts  # noqa: PLC0415
        from pipeline.reading import ReadDocument  # noqa: PLC0415
    with contextlib.suppress(PescoError):
        return derive_facts(ReadDocument(plain_view(_TEXT), 1))
    return None


if __name__ == "pipeline.warm":
    warm_up()
    gc.freeze()
