"""The view of a document: its pages' text in reading order as blocks, every character with its glyph.

Enters the pages' glyphs and the tables found on each page; leaves a ``TextView``. Running heads and feet, page numbers
and tables of contents are left out of the text and listed; footnotes follow the body of their page; a table's cells
stand where it starts, row by row; a paragraph or cell that a column or page break cuts is one block.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractors.glyphs import PageGlyphs
from extractors.grids import PageTable
from extractors.layout.assembly import assemble
from extractors.layout.block_breaks import goes_on, note_goes_on, restore_label
from extractors.layout.blocks import Draft, Rules, Style, flat_rules, learn_style, make_drafts
from extractors.layout.characters import single_codes
from extractors.layout.contents import find_contents, is_contents_heading
from extractors.layout.furniture import find_furniture, find_turned_furniture
from extractors.layout.lines import Line
from extractors.layout.narrow_digits import find_narrow_digits
from extractors.layout.notes import make_notes
from extractors.layout.page_layout import PageBody, PageFrame, Region, frame_page, lay_out_page
from extractors.layout.page_text import page_text
from extractors.layout.table_blocks import TableDrafts, draft_tables
from extractors.tables.continuation import join_tables
from extractors.views import BlockKind, TextView


def build_view(pages: Sequence[PageGlyphs], tables: Sequence[Sequence[PageTable]]) -> TextView:
    """Return the view of a document. ``tables[i]`` holds the tables of ``pages[i]``."""
    codes = [single_codes(page.text) for page in pages]
    narrow = find_narrow_digits(pages, codes)
    texts = map(page_text, pages, codes, narrow)
    frames = _without_contents_tables([frame_page(text, found) for text, found in zip(texts, tables, strict=True)])
    furniture = find_furniture([frame.outer for frame in frames])
    bodies = [lay_out_page(frame, furniture) for frame in frames]
    _place_turned(bodies)
    contents = _take_contents(bodies)
    style = learn_style([region.lines for body in bodies for region in body.regions])
    joined = join_tables(
        [table for body in bodies for table in body.frame.tables],
        {page.number: page for page in pages},
        _body_bands(bodies),
    )
    table_drafts = draft_tables(bodies, joined)
    drafts = _Sequence(style, table_drafts)
    for body in bodies:
        drafts.add_page(body)
    return assemble(pages, bodies, contents, drafts.found, table_drafts)


def _without_contents_tables(frames: Sequence[PageFrame]) -> list[PageFrame]:
    """Undo tables that are tables of contents set in columns."""
    found: list[PageFrame] = []
    is_continued = False
    for frame in frames:
        kept = frame
        if frame.tables and (is_continued or _names_contents(frame)):
            bare = frame_page(frame.shared, ())
            lines = [line for region in lay_out_page(bare, set()).regions for line in region.lines]
            numbers = find_contents(lines, is_continued=is_continued)
            tables = [table for table in frame.tables if not _is_contents(table, lines, numbers)]
            kept = frame_page(frame.shared, tables) if len(tables) < len(frame.tables) else frame
            is_continued = len(tables) < len(frame.tables)
        else:
            is_continued = False
        found.append(kept)
    return found


def _names_contents(frame: PageFrame) -> bool:
    """Tell whether a page has a heading of a table of contents near its top, or leader dots in a table."""
    if any(is_contents_heading(line.text) for row in frame.outer.top for line in row.lines):
        return True
    texts = frame.page.text
    printed = [texts[glyph] for table in frame.tables for cell in table.cells for glyph in cell.glyphs.tolist()]
    return printed.count(".") > 0.2 * max(1, len(printed))


def _is_contents(table: PageTable, lines: Sequence[Line], numbers: set[int]) -> bool:
    """Tell whether most lines inside a table are those of a table of contents."""
    inside = [
        number
        for number, line in enumerate(lines)
        if table.box.top - 2 <= (line.top + line.bottom) / 2 <= table.box.bottom + 2
    ]
    return bool(inside) and sum(number in numbers for number in inside) >= 0.6 * len(inside)


def _place_turned(bodies: Sequence[PageBody]) -> None:
    """Put sideways text after the rest of its page, or to the furniture when pages repeat it."""
    furniture = find_turned_furniture([(body.frame.page.number, body.turned) for body in bodies])
    for body in bodies:
        body.furniture.extend(line for line in body.turned if id(line) in furniture)
        rest = [line for line in body.turned if id(line) not in furniture]
        if rest:
            body.regions.append(Region(rest, is_turned=True))


def _take_contents(bodies: Sequence[PageBody]) -> list[list[Line]]:
    """Take the tables of contents out of the pages' regions; return their lines per page."""
    taken: list[list[Line]] = []
    is_continued = False
    for body in bodies:
        regions = [region for region in body.regions if not region.is_note and not region.is_turned]
        lines = [line for region in regions for line in region.lines]
        numbers = find_contents(lines, is_continued=is_continued)
        is_continued = bool(numbers) and max(numbers) >= len(lines) - 3
        chosen = {id(lines[number]) for number in numbers}
        if chosen:
            for region in regions:
                region.lines = [line for line in region.lines if id(line) not in chosen]
        taken.append([lines[number] for number in sorted(numbers)])
    return taken


def _body_bands(bodies: Sequence[PageBody]) -> Mapping[int, Sequence[tuple[float, float]]]:
    """Return (top, bottom) of the lines of body text per page, as joining tables wants them."""
    return {
        body.frame.page.number: [
            (line.top, line.bottom)
            for region in body.regions
            if not region.is_note and not region.is_turned
            for line in region.lines
        ]
        for body in bodies
    }


@dataclass(slots=True, eq=False)
class _Sequence:
    """The document's drafts in reading order, while pages are added."""

    style: Style
    tables: TableDrafts
    found: list[Draft] = field(default_factory=list)
    last: Draft | None = None
    last_note: Draft | None = None
    is_past_table: bool = False
    n_regions: int = 0

    def add_page(self, body: PageBody) -> None:
        """Add a page's regions in order."""
        rules: Rules | None = None
        for region in body.regions:
            self.n_regions += 1
            if region.table is not None:
                self.found.extend(self.tables.drafts_at(body.frame.page.number, region.table))
                self.is_past_table = True
            elif region.is_turned:
                self.found.extend(make_drafts(region.lines, self.style, (), self.n_regions))
            elif region.is_note:
                self._add_notes(make_notes(region.lines, self.n_regions))
            else:
                rules = flat_rules(body.frame.page.edges) if rules is None else rules
                self._add_text(make_drafts(region.lines, self.style, rules, self.n_regions))

    def _add_notes(self, notes: list[Draft]) -> None:
        """Add a page's footnotes; a first one without mark may go on from the page before."""
        if notes and self.last_note is not None and note_goes_on(self.last_note, notes[0]):
            self.last_note.lines.extend(notes[0].lines)
            self.last_note.cut.extend(notes[0].cut)
            notes = notes[1:]
        self.found.extend(notes)
        self.last_note = notes[-1] if notes else self.last_note

    def _add_text(self, drafts: list[Draft]) -> None:
        """Add a column's blocks; the first may go on from the one before."""
        if not drafts:
            return
        first = drafts[0]
        if self.last is not None:
            restore_label(self.last, first)
        if self.last is not None and goes_on(self.last, first, is_far=self.is_past_table):
            self.last.lines.extend(first.lines)
            self.last.cut.extend(first.cut)
            self.last.right = first.right
            drafts = drafts[1:]
        self.found.extend(drafts)
        self.is_past_table = False
        for draft in drafts:
            if draft.kind is not BlockKind.CAPTION:
                self.last = draft
