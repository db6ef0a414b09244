"""What a document says of itself, as columns of its row, and what is to be said about it as a whole.

Together with ``pipeline.store.check``, which this module imports, it decides what rows an extraction becomes: both are
part of the version of the program's code (``pipeline.versions``).
"""

from collections.abc import Sequence
from dataclasses import replace

from models.errors import EdtfError
from models.extraction import Extraction
from models.issues import Issue, Severity
from pipeline.reasons import Reason
from pipeline.store.bounds import Bounds
from pipeline.store.check import Known
from pipeline.store.rows import RawRow, bounds_of, clean, to_json


def document_row(extraction: Extraction, known: Known) -> tuple[RawRow, list[Issue]]:
    """Return what a document says of itself as columns of its row, and issues about values that cannot be stored."""
    facts = extraction.document
    issues: list[Issue] = []
    state, day = facts.state, facts.date
    bounds: Bounds = (None, None)
    try:
        bounds = bounds_of(day)
    except EdtfError as error:
        issues.append(_unfit_field("date", day, str(error)))
        day = None
    if state is not None and state not in known.states:
        issues.append(_unfit_field("state", state, "it is in no rule file"))
        state = None
    row: RawRow = {
        "kind": facts.kind,
        "title": None if facts.title is None else clean(facts.title),
        "language": facts.language,
        "state": state,
        "year": facts.year,
        "date": day,
        "date_from": bounds[0],
        "date_to": bounds[1],
        "pages": len(extraction.page_texts),
        "evidence": to_json(facts.evidence),
        "kind_hint": facts.kind_hint,
    }
    return row, issues


def _unfit_field(name: str, value: str | None, reason: str) -> Issue:
    message = f"a record for documents does not fit its schema and was left out: {name}: {reason}"
    return Issue("invalid_record", Severity.ERROR, None, message, {"table": "documents", name: value, "reason": reason})


def with_issues(extraction: Extraction, extra: Sequence[Issue]) -> Extraction:
    """Return the extraction with further issues; one that says nothing at all is told so."""
    found = [*extraction.issues, *extra]
    if not extraction.needs_ocr and not any(text.strip() for text in extraction.page_texts):
        found.append(Issue("no_text", Severity.WARNING, None, "no page has any text and none is a picture", {}))
    if len(found) == len(extraction.issues):
        return extraction
    return replace(extraction, issues=tuple(found))


def scan_reason(extraction: Extraction) -> Reason | None:
    """Return why a document counts as one that needs OCR: no page has usable text and at least one is a picture."""
    if not extraction.needs_ocr:
        return None
    pictures = frozenset(extraction.needs_ocr)
    if any(text.strip() for page, text in enumerate(extraction.page_texts, 1) if page not in pictures):
        return None
    garbled = {issue.page for issue in extraction.issues if issue.code == Reason.UNREADABLE_TEXT}
    return Reason.UNREADABLE_TEXT if pictures <= garbled else Reason.NEEDS_OCR
