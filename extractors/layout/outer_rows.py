"""The outer rows of a page: the printed rows near its upper and lower edge, where heads and feet stand."""

from dataclasses import dataclass, field

from extractors.layout.lines import Line

OUTER_ROWS = 6
OUTER_SHARE = 0.22  # of the page's height


@dataclass(slots=True, eq=False)
class OuterRow:
    """A printed row near the upper or lower edge; ``depth`` is its distance from that edge in points, ``gap`` the white
    between it and the next row inwards. ``is_ruled`` tells that a rule is drawn in that white."""

    is_top: bool
    depth: float
    lines: list[Line]
    gap: float
    is_ruled: bool = False


@dataclass(slots=True, eq=False)
class OuterPage:
    """The outer rows of a page from the edge inwards. ``body_size`` is the usual size of its print, ``largest`` the
    size of its largest, in points."""

    number: int
    height: float
    body_size: float
    top: list[OuterRow] = field(default_factory=list)
    bottom: list[OuterRow] = field(default_factory=list)
    largest: float = 0.0
