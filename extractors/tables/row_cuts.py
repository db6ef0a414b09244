"""Whether the first row after a page break is the rest of the row before it.

Enter the texts of rows on both sides; leaves yes or no. Evidence, any of which is enough: the ruling is open at the
break; the row lacks its label, or most of what every other row has; its label lacks the number every other label has;
a text breaks off in the middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

USUAL = 0.9
"""A column that this share of the rows fill is one that each row fills."""
MIN_ROWS = 3
"""So many whole rows must be seen before what is usual counts."""
PROSE = 40
"""From this many characters on, a cell's text is a sentence, which begins with a capital."""
_BREAKS_OFF = (",", "-", "‐", "\u00ad", "–", "(", "/", "&", ";")


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a row by column number. ``is_title`` marks one text over the whole width."""

    texts: dict[int, str]
    is_title: bool = False

    @property
    def key(self) -> tuple[tuple[int, str], ...]:
        """Return what two rows share that say the same, whatever their blanks and case."""
        return tuple((column, "".join(text.split()).casefold()) for column, text in sorted(self.texts.items()))

    def with_rest(self, rest: "Row") -> "Row":
        """Return this row with the texts of its second half added."""
        texts = dict(self.texts)
        for column, text in rest.texts.items():
            texts[column] = f"{texts[column]} {text}" if column in texts else text
        return replace(self, texts=texts)


def is_cut_row(before: Sequence[Row], after: Sequence[Row], n_columns: int, *, is_open: bool) -> bool:
    """Tell whether ``after[0]`` goes on with ``before[-1]``; ``is_open`` says that no ruling closes the table there."""
    first, last = after[0], before[-1]
    if not first.texts or not last.texts or first.is_title or last.is_title:
        return False
    if is_open:
        return True
    whole = [row for row in (*before, *after[1:]) if row.texts and not row.is_title]
    if len(whole) >= MIN_ROWS:
        usual = _usual_columns(whole, n_columns)
        if _lacks_usual(first, usual) or _lacks_number(first, whole):
            return True
    return any(_breaks_off(last.texts.get(column, ""), text) for column, text in first.texts.items()) or any(
        _goes_on_small(column, last, first, whole) for column in first.texts
    )


def _usual_columns(rows: Sequence[Row], n_columns: int) -> list[int]:
    return [column for column in range(n_columns) if sum(column in row.texts for row in rows) >= USUAL * len(rows)]


def _lacks_usual(first: Row, usual: Sequence[int]) -> bool:
    """Tell whether the label, or at least half of the other usual columns, is empty."""
    if 0 in usual and 0 not in first.texts:
        return True
    others = [column for column in usual if column > 0]
    return bool(others) and sum(column not in first.texts for column in others) * 2 >= len(others)


def _lacks_number(first: Row, rows: Sequence[Row]) -> bool:
    """Tell whether all other labels hold a number near their start and this one has none."""
    return 0 in first.texts and not _is_numbered(first) and all(_is_numbered(row) for row in rows)


def _is_numbered(row: Row) -> bool:
    label = row.texts.get(0, "")
    return any(character.isdigit() for character in label[:4])


def _breaks_off(above: str, below: str) -> bool:
    """Tell whether a text stops where no text ends: after a comma or inside brackets that the next one closes."""
    if above.endswith(_BREAKS_OFF):
        return len(above) > 1
    return above.count("(") > above.count(")") and below.count(")") > below.count("(")


def _goes_on_small(column: int, last: Row, first: Row, rows: Sequence[Row]) -> bool:
    """Tell whether a column of sentences, which begin with capitals, goes on with a small letter."""
    above, below = last.texts.get(column, ""), first.texts[column]
    if len(above) < PROSE or not below[:1].islower() or above.rstrip().endswith((".", "!", "?", ":")):
        return False
    starts = [row.texts[column][:1] for row in rows if column in row.texts]
    return not any(start.islower() for start in starts)
