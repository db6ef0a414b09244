"""The way of one mention from the glyphs on its page to its row: glyphs, text, rule, boxes, row, facts.

An id and a database enter; glyphs and text come from the document's kept pages, when they are still there. Reads only.
"""

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from extractors.prints import find_prints
from extractors.views import TextView
from models.spans import Span
from pipeline.explain import Rule, explain_rules
from pipeline.show import Entity, Record
from pipeline.store.columns import ColumnsError
from pipeline.store.kept import KeptPages
from pipeline.store.kept_views import unpack_document
from pipeline.store.schema import open_reader

_AROUND = 200


@dataclass(frozen=True, slots=True)
class GlyphLine:
    """The glyphs of one printed line of a mention, as the page has them: their text, and the box in points."""

    page: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a mention's row comes from. ``before``, ``text`` and ``after`` are the block as rules read it, cut to 200
    characters each side; they and ``glyphs`` are empty when no pages are kept for the version that read it.
    ``corrections`` are the rows of entries that made or changed it."""

    record: Record
    glyphs: tuple[GlyphLine, ...]
    block_kind: str
    before: str
    text: str
    after: str
    rule: Rule | None
    facts: dict[str, list[Record]] = field(default_factory=dict)
    corrections: tuple[Record, ...] = ()


def explain_mention(db: Path, mention: Entity) -> Origin:
    """Return the way of a mention, which ``find_entity`` found in that database."""
    record = mention.record
    rules = explain_rules([str(record["rule_id"])])
    facts = {title: rows for title, rows in mention.sections.items() if title.endswith("that rest on it")}
    corrections = tuple(mention.sections.get("corrections", ()))
    rule = rules[0] if rules else None
    view = _kept_view(db, mention)
    if view is None:
        return Origin(record, (), "", "", str(record["text"]), "", rule, facts, corrections)
    span = Span(int(str(record["span_start"])), int(str(record["span_end"])))
    block = view.block_at(span.start)
    return Origin(
        record=record,
        glyphs=_glyph_lines(view, span),
        block_kind=block.kind.value,
        before=view.text[max(block.span.start, span.start - _AROUND) : span.start],
        text=view.text[span.start : span.end],
        after=view.text[span.end : min(block.span.end, span.end + _AROUND)],
        rule=rule,
        facts=facts,
        corrections=corrections,
    )


def _kept_view(db: Path, mention: Entity) -> TextView | None:
    """Return the text of the mention's document from its kept pages, or ``None``."""
    with closing(open_reader(db)) as connection:
        document = connection.execute(
            "SELECT sha256, reader_version FROM documents WHERE id = ?", (mention.record["document_id"],)
        ).fetchone()
    kept = KeptPages(str(db.parent / "pages"), str(document["reader_version"]))
    data = kept.read(str(document["sha256"]))
    if data is None:
        return None
    try:
        return unpack_document(data).view
    except ColumnsError:
        return None


def _glyph_lines(view: TextView, span: Span) -> tuple[GlyphLine, ...]:
    """Return the glyphs behind a span by the boxes of its lines, in the order of the text."""
    indices = view.glyph_indices(span)
    glyphs = view.glyphs
    (found,) = find_prints(view, [span])
    lines = []
    for box in () if found is None else found.boxes:
        inside = [
            int(index)
            for index in indices
            if glyphs.page[index] == box.page
            and box.top <= (glyphs.top[index] + glyphs.bottom[index]) / 2 <= box.bottom
        ]
        text = "".join(glyphs.text[index] for index in inside)
        lines.append(GlyphLine(box.page, text, box.x0, box.top, box.x1, box.bottom))
    return tuple(lines)
