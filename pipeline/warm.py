"""Loaded once by the process from which reading processes are forked, so that each starts with everything ready.

Importing this module is its work: it loads the rules and their matchers. Only ``pipeline.pool`` names it, as a string.
A broken rule file is left for the run to report.
"""

import contextlib
import gc

from extractors.views import plain_view
from models.errors import PescoError
from models.extraction import Extraction
from pipeline.derive import derive_facts
from pipeline.reading import ReadDocument

_TEXT = "PESCO annual report 2024: CSIP, led by Italy, reached commitments 6 to 9 by the end of 2025."


def warm_up() -> Extraction | None:
    """Run the rules over one sentence, which loads them; return what they found, or ``None`` when rules are broken."""
    with contextlib.suppress(PescoError):
        return derive_facts(ReadDocument(plain_view(_TEXT), 1))
    return None


if __name__ == "pipeline.warm":
    warm_up()
    gc.freeze()
