"""What was not understood, as rows that one can browse and count."""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much an issue costs: nothing (info), perhaps a fact (warning), a page or a document (error)."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing a person should know. ``code`` is snake_case and stable; ``page`` is ``None`` for the whole document.

    ``context`` holds the payload as JSON-ready values: the printed words, the candidates, the record that failed.
    """

    code: str
    severity: Severity
    page: int | None
    message: str
    context: dict[str, object] = field(default_factory=dict)
