"""Labels of rows that are commitments, and which commitment each means: through numbers, or from 1 on in each area."""

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.commitments.numbers import HIGHEST
from extractors.commitments.rules import CommitmentTexts
from models.spans import Span


@dataclass(frozen=True, slots=True)
class Label:
    """A printed row or head label: its block, where it stands in the text, its number as printed, and the area it is
    in where the table says so."""

    block: int
    span: Span
    number: int
    area: str | None


def through_numbers(labels: Sequence[Label], texts: CommitmentTexts) -> list[int | None]:
    """Return the commitment that each label means, ``None`` where it fits neither numbering.

    Labels are either numbered through (area b begins with 6) or start at 1 again in each area; the whole table decides.
    Without areas, labels that begin again at 1 go through the areas in their order.
    """
    if labels and all(label.area is None for label in labels):
        labels = _with_areas_by_restart(labels)
    bounds = [(texts.area(label.area) if label.area else None) for label in labels]
    is_through = all(
        area is None or area.first <= label.number <= area.last for label, area in zip(labels, bounds, strict=True)
    )
    is_restart = all(
        area is not None and 1 <= label.number <= area.last - area.first + 1
        for label, area in zip(labels, bounds, strict=True)
    )
    found: list[int | None] = []
    for label, area in zip(labels, bounds, strict=True):
        if area is None or area.first <= label.number <= area.last:
            is_named = is_through or area is not None
            found.append(label.number if is_named and 1 <= label.number <= HIGHEST else None)
        elif is_restart:
            found.append(area.first + label.number - 1)
        else:
            found.append(None)
    if is_restart and not is_through:
        return [area.first + label.number - 1 if area else None for label, area in zip(labels, bounds, strict=True)]
    return found


def _with_areas_by_restart(labels: Sequence[Label]) -> Sequence[Label]:
    """Give each label the area of its group, where the numbers begin again at 1 one to four times; else leave them."""
    group, groups = 0, [0]
    for before, label in zip(labels, labels[1:], strict=False):
        if label.number < before.number:
            if label.number != 1:
                return labels
            group += 1
        groups.append(group)
    if not 1 <= group <= 4 or labels[0].number != 1:
        return labels
    return [
        Label(label.block, label.span, label.number, "abcde"[number])
        for label, number in zip(labels, groups, strict=True)
    ]
