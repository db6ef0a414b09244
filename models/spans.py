"""Where something stands: offsets in a text, boxes on a page.

Offsets are half-open and count characters of a ``TextView``'s text. Boxes are in points with the origin at the
top left, as pdfplumber gives them, on physical pages counted from 1.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open offsets ``[start, end)``; never empty.

    >>> Span(3, 7).overlaps(Span(6, 9))
    True
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse empty and negative spans: raises ``ValueError``."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"no span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        """Return the number of characters covered."""
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Tell whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle on a page, in points from the top left corner; ``page`` counts from 1."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
