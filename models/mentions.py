"""What a rule finds: a kind of fact, its values, and the print it rests on.

A ``Hit`` is a find in the text of a ``TextView`` (offsets only); a ``Mention`` is the same find brought back to the
page: printed text, page and boxes. A range such as ``commitments 6 to 9`` is one mention with four values.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.spans import Box, Span


class MentionKind(StrEnum):
    """The kinds of mention, with the names that gold files use."""

    PROJECT = "project"
    STATE = "state"
    DATE = "date"
    COMMITMENT = "commitment"
    COMMITMENT_AREA = "commitment_area"


@dataclass(frozen=True, slots=True)
class Hit:
    """A find in a text.

    ``values`` holds one value or more, in the order printed: a project slug, an ISO 3166-1 alpha-2 code, an EDTF
    string, a commitment number ``"1"`` to ``"20"`` or an area ``"a"`` to ``"e"``. ``rule_id`` is written by hand in a
    rule file or beside the algorithm, and never changes its meaning.
    """

    kind: MentionKind
    span: Span
    values: tuple[str, ...]
    rule_id: str

    def __post_init__(self) -> None:
        """Refuse a hit that says nothing: raises ``ValueError``."""
        if not self.values or not self.rule_id:
            raise ValueError("a hit needs a value and a rule id")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A find that is no fact: two readings are open, or the context a rule asks for is missing.

    ``candidates`` holds the values it might have, ``reason`` says in one sentence what was missing. Doubts become
    issue rows, so that what was not understood is visible.
    """

    kind: MentionKind
    span: Span
    candidates: tuple[str, ...]
    rule_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A hit on its page. ``text`` is the print, healed; ``boxes`` has one box per printed line, in reading order.

    ``page`` is the page of the first glyph. ``is_ocr`` is true when the glyphs come from optical character recognition.
    """

    kind: MentionKind
    values: tuple[str, ...]
    text: str
    page: int
    span: Span
    boxes: tuple[Box, ...]
    rule_id: str
    is_ocr: bool = False

    def __post_init__(self) -> None:
        """Refuse a mention without evidence: raises ``ValueError``."""
        if not self.values or not self.text or not self.boxes:
            raise ValueError("a mention needs values, text and boxes")
