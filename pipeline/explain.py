"""What rules make of a text or of a page: what was found by which rule, and what was refused and why.

A ``ReadDocument`` or plain text enters, an ``Explanation`` leaves, ready for JSON. It does the work of a run again,
with the kind that a manifest gives and what people set right, and writes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from extractors.refusals import find_refusals
from extractors.rulebook import list_rules
from extractors.views import Block, TextView, plain_view
from models.corrections import NO_CORRECTIONS, Addition, CorrectionRecord, DocumentCorrections, Values
from models.facts import DocumentKind, Fact
from models.mentions import Doubt, Mention
from models.spans import Span
from pipeline.corrections.apply import document_values
from pipeline.derive import derive_facts
from pipeline.document import ReadDocument


@dataclass(frozen=True, slots=True)
class Find:
    """A mention: ``start`` and ``end`` are offsets in ``Explanation.text``."""

    kind: str
    values: tuple[str, ...]
    text: str
    start: int
    end: int
    rule_id: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What looks like a mention and is none. ``values`` are those it would have had.

    ``is_doubt`` tells that a run leaves it as an issue row; the rest is refused in silence.
    """

    kind: str
    values: tuple[str, ...]
    text: str
    start: int
    end: int
    rule_id: str
    reason: str
    is_doubt: bool


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact: its ``table`` in the database, its values by column, and the words it rests on."""

    table: str
    values: dict[str, str]
    rule_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that took part: where it stands, and what it says of itself (``""`` when nothing)."""

    id: str
    place: str
    about: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """An entry of a correction file and what became of it; values ``before`` and ``after`` by name."""

    action: str
    kind: str
    id: str | None
    state: str
    reason: str
    before: Values | None
    after: Values | None
    file: str
    who: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What rules make of a text. ``page`` is ``None`` for plain text. ``text`` is the text as rules read it: one line a
    block. ``rules`` has those that took part and stand in a rule file. ``document`` is what the document is, empty for
    plain text; ``corrections`` are the entries on what is shown; ``notes`` say in what the database is older."""

    source: str
    page: int | None
    text: str
    finds: tuple[Find, ...]
    refusals: tuple[Refusal, ...]
    facts: tuple[FoundFact, ...]
    rules: tuple[Rule, ...]
    document: Values = field(default_factory=dict)
    corrections: tuple[Corrected, ...] = ()
    notes: tuple[str, ...] = ()


def explain_text(text: str) -> Explanation:
    """Explain plain text, each line of it a paragraph; raises ``RuleError`` when rules are broken."""
    view = plain_view("\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    return replace(explain_document(ReadDocument(view, 1), "text", None), document={})


def explain_document(
    read: ReadDocument,
    source: str,
    page: int | None,
    hint: DocumentKind | None = None,
    corrections: DocumentCorrections = NO_CORRECTIONS,
) -> Explanation:
    """Explain one page (from 1) of a document, or all of it; what the rest of the document says counts all the same.

    ``hint`` is the kind that its keeper gives. Raises ``RuleError`` when rules are broken.
    """
    view = read.view
    extraction = derive_facts(read, hint, corrections)
    blocks = [block for block in view.blocks if page is None or _stands_on(view, block, page)]
    placed = _Placed(view, blocks)
    finds = tuple(placed.finds(extraction.mentions))
    refusals = tuple(placed.refusals(find_refusals(view), {issue.message for issue in extraction.issues}))
    facts = tuple(
        _to_found(table, fact)
        for table, found in (
            ("participations", extraction.participations),
            ("milestones", extraction.milestones),
            ("commitment_statuses", extraction.statuses),
        )
        for fact in found
        if page is None or fact.page == page
    )
    used = {*(one.rule_id for one in finds), *(one.rule_id for one in refusals), *(one.rule_id for one in facts)}
    said = document_values(extraction.document)
    set_right = tuple(_to_corrected(record) for record in extraction.corrections if _is_about(record, page))
    return Explanation(source, page, placed.text, finds, refusals, facts, explain_rules(used), said, set_right)


def explain_rules(rule_ids: Iterable[str]) -> tuple[Rule, ...]:
    """Return what rule files say of rules; ids of algorithms, which stand in no file, are left out.

    A paraphrase's id is ``paraphrase.NUMBER.ENTRY``, where only the entry is in the file.
    """
    entries = {entry.id: entry for entry in list_rules()}
    found = []
    for rule_id in sorted(set(rule_ids)):
        entry = entries.get(rule_id) or entries.get(rule_id.rpartition(".")[2])
        if entry is not None:
            about = entry.about or "; ".join(f"e.g. {example!r}" for example in entry.examples[:2])
            found.append(Rule(rule_id, f"{entry.file_name}, line {entry.line}", about))
    return tuple(found)


class _Placed:
    """The blocks that are shown, one a line, and the offsets of what stands in them."""

    def __init__(self, view: TextView, blocks: list[Block]) -> None:
        self._view = view
        self._starts: list[tuple[Span, int]] = []
        lines = []
        position = 0
        for block in blocks:
            line = view.block_text(block)
            lines.append(line)
            self._starts.append((block.span, position))
            position += len(line) + 1
        self.text = "\n".join(lines)

    def finds(self, mentions: Iterable[Mention]) -> Iterable[Find]:
        """Yield the mentions that stand in the blocks."""
        for mention in mentions:
            start = self._start_of(mention.span)
            if start is not None:
                end = start + len(mention.span)
                yield Find(mention.kind.value, mention.values, mention.text, start, end, mention.rule_id)

    def refusals(self, doubts: Iterable[Doubt], issues: set[str]) -> Iterable[Refusal]:
        """Yield the refusals that stand in the blocks; ``issues`` holds the messages that a run would leave."""
        for doubt in doubts:
            start = self._start_of(doubt.span)
            if start is not None:
                text = self._view.text[doubt.span.start : doubt.span.end]
                is_doubt = f"{text!r}: {doubt.reason}" in issues
                end = start + len(doubt.span)
                yield Refusal(
                    doubt.kind.value, doubt.candidates, text, start, end, doubt.rule_id, doubt.reason, is_doubt
                )

    def _start_of(self, span: Span) -> int | None:
        """Return where a span of the view stands in the text that is shown."""
        for block, position in self._starts:
            if block.start <= span.start < block.end:
                return position + span.start - block.start
        return None


def _stands_on(view: TextView, block: Block, page: int) -> bool:
    """Tell whether a glyph of a block stands on a page."""
    indices = view.glyph_indices(block.span)
    return bool((view.glyphs.page[indices] == page).any())


def _to_found(table: str, fact: Fact) -> FoundFact:
    """Return a fact as it is shown: the columns that have a value."""
    hidden = {"page", "rule_id", "quote", "evidence"}
    values = {name: str(value) for name, value in fact.model_dump(mode="json").items() if name not in hidden and value}
    return FoundFact(table, values, fact.rule_id, fact.quote)


def _is_about(record: CorrectionRecord, page: int | None) -> bool:
    """Tell whether an entry is about a page; one on the document, or on a row that is gone, is about all of them."""
    said = record.entry.said
    values = record.after or record.before or {}
    place = said.page if isinstance(said, Addition) else values.get("page") or said.was.get("page")
    return page is None or place is None or str(place) == str(page)


def _to_corrected(record: CorrectionRecord) -> Corrected:
    """Return what became of an entry as it is shown."""
    entry, said = record.entry, record.entry.said
    return Corrected(
        action=said.action,
        kind=entry.row_kind.value,
        id=record.row_id or entry.target,
        state=record.state.value,
        reason=record.reason,
        before=record.before,
        after=record.after,
        file=entry.file,
        who=said.who,
        when=said.when,
        why=said.why,
    )
