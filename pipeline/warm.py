"""Loaded once by the process from which reading processes are forked, so that each starts with everything ready.

Importing this module is its work: it loads what finding facts in kept pages needs, and the names that every text is
searched for. Patterns that only a document about projects needs are made when one comes. ``pipeline.warm_pdf`` loads
the rest. Only ``pipeline.processes`` names the two, as strings. A broken rule file is left for the run to report.
"""

import contextlib
import gc
import importlib
import importlib.util
import sys

from models.errors import PescoError
from models.extraction import Extraction

# What is used of spaCy; `import spacy` loads pipelines, languages and a command line beside, which takes as long again.
_PARTS = ("spacy.tokens", "spacy.vocab", "spacy.matcher")
_TEXT = "The report of Italy is due by the end of 2025."


def load_parts_of_spacy() -> None:
    """Load the parts of spaCy that finding needs, without the package around them.

    For the moment a module that is empty but for its path stands for the package, whose own code would load all of it;
    ``import spacy`` still gives the whole package afterwards.
    """
    spec = importlib.util.find_spec("spacy")
    if "spacy" in sys.modules or spec is None:
        return
    sys.modules["spacy"] = importlib.util.module_from_spec(spec)
    try:
        for part in _PARTS:
            importlib.import_module(part)
    finally:
        del sys.modules["spacy"]


def warm_up(text: str) -> Extraction | None:
    """Run the rules over a text, which loads what they need for it; return what they found, or ``None`` when rules are
    broken."""
    load_parts_of_spacy()
    from extractors.views import plain_view  # noqa: PLC0415 - not before spaCy's parts are loaded
    from pipeline.derive import derive_facts  # noqa: PLC0415 - likewise
    from pipeline.document import ReadDocument  # noqa: PLC0415 - likewise

    importlib.import_module("pipeline.document_job")  # what jobs name

    with contextlib.suppress(PescoError):
        return derive_facts(ReadDocument(plain_view(text), 1))
    return None


if __name__ == "pipeline.warm":
    gc.disable()  # nothing of what is loaded here is ever dropped; looking for it takes a tenth of the time
    warm_up(_TEXT)
    importlib.import_module("pebble.pool.process")  # what a new process of the pool runs
    gc.freeze()
    gc.enable()
