"""Commitments that tables number without the word: row labels ``7`` or ``C7``, head labels, bare lists under a heading.

In goes a view, out come hits in cells. A table counts as one of commitments where its heading, caption, section rows or
the headings it stands under say so, and where no other column names what else its rows are. Labels that start at 1
again in each area give the through number; where the printed numbers fit neither way, a doubt says so.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from extractors.commitments.footnote_marks import end_of_digits
from extractors.commitments.labels import Label, through_numbers
from extractors.commitments.numbers import HIGHEST, NumberGrammar, alternatives
from extractors.commitments.parts import table_parts
from extractors.commitments.rules import CommitmentTexts, CommitmentWords
from extractors.nlp import fold
from extractors.views import Block, BlockKind, TableView, TextView
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

_COMMITMENT = re.compile(r"\b(?:commitments?|mbcs?|cmts?)\b")
_HAS_WORD = re.compile(r"\bcommitments?\b", re.IGNORECASE)
_LABEL = re.compile(r"\(?(?P<prefix>(?:[Cc]|MBC|Cmt)\s?\.?\s?|(?:No|Nr)\.?\s?)?(?P<number>\d{1,2})\s?[.):]?")
_LABEL_TEXT = re.compile(
    r"\(?(?P<prefix>(?:C|MBC|Cmt)\s?\.?\s?)?(?P<number>\d{1,2})\s?(?:[.):]\s?|[-\u2013\u2014]\s|\s)\s*(?=[^\W\da-z])"
)
_AREA_LABEL = re.compile(r"\(?(?P<area>[a-e])\s?[.)-]?\s?(?P<number>\d)\)?[.)]?")
_CELL_PREFIX = re.compile(r"(?<![A-Za-z])(?:C|MBC|Cmt)\s?\.?\s?(?=\d)")
_DIGITS = re.compile(r"\d{2,}")
_AREA = re.compile(r"\bareas?\s+\(?(?P<letter>[a-e])\b\)?(?!\s+(?:to|and|or)\b)", re.IGNORECASE)
_AREA_CELL = re.compile(r"(?:area\s+)?\(?(?P<letter>[a-e])\)?(?:[.:)\s-].*)?", re.IGNORECASE)
_AREA_HEADING = re.compile(r"(?:commitment )?areas?(?: of commitments?)?")
_HOW_FAR = re.compile(r"\b(?:met|fulfilled|achieved|planned|open|reached|done|implemented)\b")
_HEADINGS = (BlockKind.TITLE, BlockKind.HEADING)
_MIN_LABELS = 2
_MIN_HEAD_LABELS = 3
_MAX_OTHERS = 0.2
_HEADINGS_BACK = 40


class CommitmentTables:
    """Finds commitments in the cells of a view's tables; one object per document."""

    def __init__(self, view: TextView, words: CommitmentWords, texts: CommitmentTexts, grammar: NumberGrammar) -> None:
        """Keep what is needed; reads nothing yet."""
        self._view = view
        self._words = words
        self._texts = texts
        self._grammar = grammar
        self._counting = re.compile(rf"(?<!\w)(?:{alternatives(words.counting_headings)})(?!\w)")
        self._company = re.compile(rf"(?<!\w)(?:{alternatives(words.label_company)})(?!\w)")
        self._label_headings = frozenset(words.label_headings)
        self._status_headings = frozenset(words.status_headings)
        self._subjects = frozenset(words.other_subjects)

    def find(self) -> Iterator[Hit | Doubt]:
        """Yield hits and doubts of all tables, table by table."""
        for table in self._view.tables:
            for part in table_parts(table, self._view):
                yield from self._find_in_table(part)

    def _find_in_table(self, table: TableView) -> Iterator[Hit | Doubt]:
        headings = [fold(heading).strip() for heading in table.headings]
        columns = [column for column, heading in enumerate(headings) if self._says_commitments(heading)]
        label_column = self._label_column(table, headings, columns)
        if label_column is not None:
            yield from self._find_labels(table, label_column)
        lists = [column for column in columns if column != label_column]
        # beside lists of commitments a lone number is a list of one; counts stand beside counts
        are_lists = any(self._has_list(table, column) for column in lists)
        for column in lists:
            yield from self._find_lists(table, column, headings[column], are_lists=are_lists)
        if label_column is None:
            yield from self._find_head_labels(table)
        if label_column is None and not columns:
            yield from self._find_status_lists(table, headings)
            yield from self._find_status_rows(table)

    def _says_commitments(self, heading: str) -> bool:
        """Tell whether cells under a heading name commitments: it says so, counts nothing, has no number itself."""
        return (
            bool(_COMMITMENT.search(heading))
            and not self._counting.search(heading)
            and not any(character.isdigit() for character in heading)
        )

    # --- row labels

    def _label_column(self, table: TableView, headings: Sequence[str], columns: Sequence[int]) -> int | None:
        """Return the column whose cells label rows by commitment, or ``None``."""
        for column in range(min(3, len(headings))):
            heading = headings[column].split(" / ")[-1]
            is_said = column in columns
            if not is_said and (heading not in self._label_headings or self._has_other_subject(headings)):
                continue
            if column and _HOW_FAR.search(heading):
                continue  # "State | Commitments fulfilled" holds lists or counts, no labels
            if not is_said and not self._may_be_about_commitments(table):
                continue
            labels = list(self._labels(table, column, allow_text=is_said))
            others = sum(1 for block in self._body_cells(table, column)) - len(labels)
            if others <= _MAX_OTHERS * len(labels) and self._are_labels(table, labels, is_said=is_said):
                return column
        return None

    def _has_other_subject(self, headings: Sequence[str]) -> bool:
        return any(part in self._subjects for heading in headings for part in heading.split(" / "))

    def _are_labels(self, table: TableView, labels: Sequence[Label], *, is_said: bool) -> bool:
        """Tell whether the labels number commitments: never falling but to 1, none above 20, and the table says so."""
        if not labels or any(not 1 <= label.number <= HIGHEST for label in labels):
            return False
        falls = [after for before, after in zip(labels, labels[1:], strict=False) if after.number < before.number]
        if any(label.number != 1 and label.area is None for label in falls):
            return False
        has_areas = any(label.area for label in labels)
        enough = len(labels) >= _MIN_LABELS or has_areas or is_said
        return enough and (is_said or self.is_about_commitments(table, labels))

    def _labels(self, table: TableView, column: int, *, allow_text: bool) -> Iterator[Label]:
        """Yield the labels of a column in row order, with the area their row stands in."""
        area = self._area_of_table(table)
        seen: set[int] = set()
        for row, cells in enumerate(table.rows):
            if row < table.n_header_rows or row in table.repeated_rows:
                continue
            area = self._area_of_section(cells) or self._area_of_column(table, cells) or area
            block = cells[column]
            if block is None or block in seen:
                continue
            seen.add(block)
            label = self._read_label(block, area, allow_text=allow_text)
            if label is not None:
                yield label

    def _read_label(self, block: int, area: str | None, *, allow_text: bool) -> Label | None:
        """Return the label that a cell holds: alone, or before its text where the heading says commitment."""
        start = self._view.blocks[block].span.start
        text = self._without_mark(block)
        found = _LABEL.fullmatch(text) or (_LABEL_TEXT.match(text) if allow_text else None)
        if found is not None:
            begin = found.start("prefix") if found["prefix"] else found.start("number")
            span = Span(start + begin, start + found.end("number"))
            return Label(block, span, int(found["number"]), area)
        by_area = _AREA_LABEL.fullmatch(text)
        if by_area is None:
            return None
        span = Span(start + by_area.start("area"), start + by_area.end("number"))
        return Label(block, span, int(by_area["number"]), by_area["area"])

    def _without_mark(self, block: int) -> str:
        """Return a cell's text without a footnote mark glued to its first number."""
        text = self._view.block_text(self._view.blocks[block])
        digits = _DIGITS.search(text)
        if digits is None:
            return text
        start = self._view.blocks[block].span.start
        end = end_of_digits(self._view, start + digits.start(), start + digits.end()) - start
        return text[:end] + text[digits.end() :]

    def _find_labels(self, table: TableView, column: int) -> Iterator[Hit | Doubt]:
        is_said = self._says_commitments(fold(table.headings[column]).strip())
        labels = list(self._labels(table, column, allow_text=is_said))
        for label, number in zip(labels, through_numbers(labels, self._texts), strict=True):
            if number is None:
                reason = f"the label {label.number} does not fit area {label.area}"
                yield Doubt(MentionKind.COMMITMENT, label.span, (), "commitment.label", reason)
            else:
                yield Hit(MentionKind.COMMITMENT, label.span, (str(number),), "commitment.label")

    def _area_of_section(self, cells: Sequence[int | None]) -> str | None:
        """Return the area that a row names which holds one cell only."""
        blocks = {cell for cell in cells if cell is not None}
        if len(blocks) != 1:
            return None
        text = self._view.block_text(self._view.blocks[blocks.pop()])
        found = _AREA.search(text) or re.match(r"\(?(?P<letter>[a-e])[.)]\s", text)
        return found["letter"].lower() if found else None

    def _area_of_column(self, table: TableView, cells: Sequence[int | None]) -> str | None:
        """Return the area that a row's cell under a heading ``Area`` names."""
        for heading, cell in zip(table.headings, cells, strict=False):
            if cell is not None and _AREA_HEADING.fullmatch(fold(heading).strip()):
                found = _AREA_CELL.fullmatch(self._view.block_text(self._view.blocks[cell]))
                if found:
                    return found["letter"].lower()
        return None

    def _area_of_table(self, table: TableView) -> str | None:
        """Return the one area that the caption, or else the nearest heading above the table, names."""
        for text in (table.caption, *self._headings_above(table)[:1]):
            letters = {found["letter"].lower() for found in _AREA.finditer(text)}
            if len(letters) == 1:
                return letters.pop()
        return None

    # --- lists under a heading, labels in the head

    def _has_list(self, table: TableView, column: int) -> bool:
        """Tell whether a cell of a column holds several commitments: ``1, 3, 6-9``."""
        hits = (hit for block in self._body_cells(table, column) for hit in self._read_list(block))
        return any(isinstance(hit, Hit) and len(hit.values) > 1 for hit in hits)

    def _find_lists(self, table: TableView, column: int, heading: str, *, are_lists: bool) -> Iterator[Hit | Doubt]:
        """Yield the bare numbers of cells under a heading that says commitments."""
        cells = list(self._body_cells(table, column))
        if not are_lists and self._are_counts(table, column, cells, heading):
            for block in cells[:1]:
                reason = "numbers under this heading may be counts of commitments"
                yield Doubt(MentionKind.COMMITMENT, self._view.blocks[block].span, (), "commitment.cell", reason)
            return
        for block in cells:
            yield from self._read_list(block)

    def _find_status_lists(self, table: TableView, headings: Sequence[str]) -> Iterator[Hit | Doubt]:
        """Yield the lists of numbers below headings that are statuses; nothing where each cell may be a count."""
        columns = [column for column, head in enumerate(headings) if head.split(" / ")[-1] in self._status_headings]
        if len(columns) < _MIN_LABELS or not self.is_about_commitments(table):
            return
        blocks = [block for column in columns for block in self._body_cells(table, column)]
        found = [hit for block in blocks for hit in self._read_list(block)]
        hits = [hit for hit in found if isinstance(hit, Hit)]
        if len(hits) == len(found) and any(len(hit.values) > 1 for hit in hits):
            yield from hits

    def _find_status_rows(self, table: TableView) -> Iterator[Hit]:
        """Yield the lists of numbers beside labels that are statuses (``Fulfilled | 1, 5-7``), in a document about
        commitments; nothing where each cell may be a count, or where one holds more than a list."""
        if any(len(row) != 2 for row in table.rows) or len(table.rows) < _MIN_LABELS:
            return
        text_of = [fold(self._view.block_text(block)).strip(" :") if block else "" for block in self._blocks(table)]
        pairs = list(zip(text_of[::2], [row[1] for row in table.rows], strict=True))
        values = [block for text, block in pairs if text in self._status_headings and block is not None]
        if len(values) < _MIN_LABELS or not _HAS_WORD.search(self._view.text):
            return
        listed = [
            block for block in values if any(c.isdigit() for c in self._view.block_text(self._view.blocks[block]))
        ]
        found = [hit for block in listed for hit in self._read_list(block)]
        hits = [hit for hit in found if isinstance(hit, Hit)]
        if len(hits) == len(found) == len(listed) and any(len(hit.values) > 1 for hit in hits):
            yield from hits

    def _blocks(self, table: TableView) -> list[Block | None]:
        """Return the cells of a table, row by row."""
        return [None if index is None else self._view.blocks[index] for row in table.rows for index in row]

    def _body_cells(self, table: TableView, column: int) -> Iterator[int]:
        seen: set[int] = set()
        for row, cells in enumerate(table.rows):
            block = cells[column]
            if row < table.n_header_rows or row in table.repeated_rows or block is None or block in seen:
                continue
            seen.add(block)
            text = self._view.block_text(self._view.blocks[block])
            is_section = len(cells) > 1 and len({cell for cell in cells if cell is not None}) == 1
            if not _HAS_WORD.search(text) and not (is_section and _LABEL.fullmatch(text) is None):
                yield block

    def _are_counts(self, table: TableView, column: int, cells: Sequence[int], heading: str) -> bool:
        """Tell whether a column counts: its heading says how far, and its cells are single plain numbers."""
        texts = [self._view.block_text(self._view.blocks[block]) for block in cells]
        numbers = [int(text) for text in texts if text.isdigit() and len(text) < 4]
        if not numbers or len(numbers) < sum(any(c.isdigit() for c in text) for text in texts):
            return False
        if any(not 1 <= number <= HIGHEST for number in numbers):
            return True
        return bool(_HOW_FAR.search(heading)) and len(table.headings) > _MIN_LABELS

    def _read_list(self, block: int) -> Iterator[Hit | Doubt]:
        start = self._view.blocks[block].span.start
        text = self._view.block_text(self._view.blocks[block])
        plain = _CELL_PREFIX.sub(lambda found: " " * len(found.group()), text)
        lead = len(plain) - len(plain.lstrip())
        start_of = self._view.blocks[block].span.start
        found = self._grammar.read(
            plain,
            lead,
            digits_end=lambda first, last: end_of_digits(self._view, start_of + first, start_of + last) - start_of,
        )
        if found is None:
            return
        rest = plain[found.end :].lstrip("0123456789").strip()  # digits here can only be a footnote mark
        begin = len(text) - len(text.lstrip())
        if rest and not re.match(r"[).;,*]|\(|\[|[-:\u2013\u2014]\s", rest):
            return
        span = Span(start + begin, start + found.end)
        if found.values:
            yield Hit(MentionKind.COMMITMENT, span, tuple(map(str, found.values)), "commitment.cell")
        if found.outside:
            reason = f"no commitment has the number {found.outside[0]}"
            yield Doubt(MentionKind.COMMITMENT, span, tuple(map(str, found.values)), "commitment.cell", reason)

    def _find_head_labels(self, table: TableView) -> Iterator[Hit | Doubt]:
        """Yield the labels of a head such as ``C1 | C2 | C3``, repeated heads included, in a table of commitments."""
        rows = [*range(table.n_header_rows), *table.repeated_rows]
        for row in rows if self._may_be_about_commitments(table) else ():
            blocks = list(dict.fromkeys(cell for cell in table.rows[row] if cell is not None))
            labels = [label for block in blocks if (label := self._read_label(block, None, allow_text=False))]
            numbers = [label.number for label in labels]
            rises = all(before < after for before, after in zip(numbers, numbers[1:], strict=False))
            if len(labels) < _MIN_HEAD_LABELS or not rises or not all(1 <= number <= HIGHEST for number in numbers):
                continue
            if not self.is_about_commitments(table, labels):
                continue
            for label in labels:
                yield Hit(MentionKind.COMMITMENT, label.span, (str(label.number),), "commitment.head")

    # --- what surrounds a table

    def is_about_commitments(self, table: TableView, labels: Sequence[Label] = ()) -> bool:
        """Tell whether a table is about commitments: its own words or the headings above say so, or else the text right
        before it does, and its labels are like ``C7`` or a column is about how far something is."""
        if _HAS_WORD.search(self._own_context(table)):
            return True
        is_lettered = bool(labels) and all(self._view.text[label.span.start].isalpha() for label in labels)
        has_company = any(self._company.search(fold(heading)) for heading in table.headings)
        return (is_lettered or has_company) and bool(_HAS_WORD.search(self._text_before(table)))

    def _may_be_about_commitments(self, table: TableView) -> bool:
        """Tell whether any words that could make a table one about commitments name them; of most tables none do."""
        return bool(_HAS_WORD.search(self._own_context(table)) or _HAS_WORD.search(self._text_before(table)))

    def _own_context(self, table: TableView) -> str:
        """Return a table's own words on what it is about, and the headings above it."""
        parts = [table.caption, *table.headings, *self._headings_above(table)]
        for cells in table.rows[table.n_header_rows :]:
            blocks = {cell for cell in cells if cell is not None}
            if len(blocks) == 1:
                parts.append(self._view.block_text(self._view.blocks[blocks.pop()]))
        return "\n".join(parts)

    def _first_block(self, table: TableView) -> int:
        return min((cell for row in table.rows for cell in row if cell is not None), default=0)

    def _text_before(self, table: TableView) -> str:
        """Return the paragraph or caption right before a table, over footnotes."""
        for index in range(self._first_block(table) - 1, -1, -1):
            block = self._view.blocks[index]
            if block.kind is not BlockKind.FOOTNOTE:
                return self._view.block_text(block) if block.kind in (BlockKind.PARAGRAPH, BlockKind.CAPTION) else ""
        return ""

    def _headings_above(self, table: TableView) -> list[str]:
        return self.headings_above(self._first_block(table))

    def headings_above(self, block: int) -> list[str]:
        """Return up to four headings that a block stands under, nearest first, ranks rising."""
        found: list[str] = []
        size, depth = 0.0, 99
        headings = self._view.headings()
        end = bisect_left(headings, block)
        for index in reversed(headings[max(0, end - _HEADINGS_BACK) : end]):
            heading = self._view.blocks[index]
            text = self._view.block_text(heading)
            level = _depth(heading.marker or text)
            if not found or heading.size > size + 0.3 or 0 < level < depth:
                found.append(text)
                size, depth = max(size, heading.size), min(depth, level or depth)
            if len(found) == 4 or depth == 1:
                break
        return found


def _depth(heading: str) -> int:
    """Return the depth that a heading's number shows: 2 for ``2.1 Area a``, 0 without a number."""
    found = re.match(r"(\d+(?:\.\d+)*)[.)]?(?:\s|$)", heading)
    return found[1].count(".") + 1 if found else 0
