"""Loaded once, beside ``pipeline.warm``, where PDFs will be opened: the PDF libraries and all rules of facts.

Importing this module is its work.
"""

import gc
import importlib

from pipeline.warm import warm_up

_TEXT = "PESCO annual report 2024: CSIP, led by Italy, reached commitments 6 to 9 by the end of 2025."

if __name__ == "pipeline.warm_pdf":
    gc.disable()
    importlib.import_module("pipeline.pdf_job")
    warm_up(_TEXT)
    gc.freeze()
    gc.enable()
