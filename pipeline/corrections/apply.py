"""Corrections applied to what rules found in one document, stage by stage, before any row is made.

Mentions come first, so that relations are found from corrected ones; then what the document is, which relations ask
for; then facts. Within a stage entries are applied in their order, each to what the ones before it left: ids are those
that a reader sees. An entry whose row has gone or changed is not applied; it leaves a record and an issue.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.mentions import to_mentions
from extractors.views import TextView
from models.corrections import (
    DOCUMENT_FIELDS,
    FACTS,
    RULE_ID,
    Addition,
    CorrectionRecord,
    CorrectionState,
    DocumentCorrections,
    Entry,
    Rejection,
    RowKind,
    Setting,
    Values,
    check_mention_value,
    make_fact,
)
from models.facts import DocumentFacts, Fact
from models.issues import Issue, Severity
from models.mentions import Hit, Mention, MentionKind
from models.spans import Span
from pipeline.corrections.found import Related, difference, fact_ids, fact_values, mention_ids, mention_values
from pipeline.corrections.quotes import find_quote

STALE_CODE = "stale_correction"
Mentions = tuple[Mention, ...]
# The kinds of mention that a fact's values stand for.
_EVIDENCE = {
    "project": MentionKind.PROJECT,
    "state": MentionKind.STATE,
    "commitment": MentionKind.COMMITMENT,
    "date": MentionKind.DATE,
    "was": MentionKind.DATE,
}


class _NotApplied(Exception):
    """An entry cannot be applied."""

    def __init__(
        self, reason: str, state: CorrectionState = CorrectionState.STALE, before: Values | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.state, self.before = reason, state, before

    def record(self, entry: Entry) -> CorrectionRecord:
        """Return what became of the entry."""
        return CorrectionRecord(entry, self.state, self.reason, before=self.before)


def _applied(entry: Entry, row_id: str | None, before: Values | None, after: Values | None) -> CorrectionRecord:
    return CorrectionRecord(entry, CorrectionState.APPLIED, "", row_id, before, after)


def correct_mentions(
    view: TextView, mentions: Mentions, corrections: DocumentCorrections
) -> tuple[Mentions, list[CorrectionRecord]]:
    """Return the mentions as corrected, in text order, and what became of the entries on mentions."""
    records = []
    for entry in _on(corrections, (RowKind.MENTION,)):
        try:
            mentions, record = _correct_mention(view, mentions, entry, corrections.document)
        except _NotApplied as reason:
            record = reason.record(entry)
        records.append(record)
    return mentions, records


def correct_document(
    document: DocumentFacts, corrections: DocumentCorrections
) -> tuple[DocumentFacts, list[CorrectionRecord]]:
    """Return what the document is, as corrected, and what became of the entries on it.

    A corrected value has no print.
    """
    records = []
    for entry in _on(corrections, (RowKind.DOCUMENT,)):
        if not isinstance(entry.said, Setting):
            raise TypeError(f"a document can only be set: {entry}")
        before = document_values(document)
        changed = difference(entry.said.was, before)
        if changed is not None:
            records.append(CorrectionRecord(entry, CorrectionState.STALE, changed, before=before))
            continue
        values = entry.said.values
        evidence = {name: print_ for name, print_ in document.evidence.items() if name not in values}
        document = DocumentFacts.model_validate({**document.model_dump(), **values, "evidence": evidence}, strict=False)
        records.append(_applied(entry, corrections.document, before, document_values(document)))
    return document, records


def document_values(document: DocumentFacts) -> Values:
    """Return what can be corrected of a document, as text."""
    said = document.model_dump(mode="json")
    return {name: None if said[name] is None else str(said[name]) for name in DOCUMENT_FIELDS}


def correct_facts(
    view: TextView, related: Related, corrections: DocumentCorrections
) -> tuple[Related, list[CorrectionRecord]]:
    """Return mentions and facts as corrected, and what became of the entries on facts.

    A fact that is added rests on the mentions of its values within its quote. Where there is none, the quote becomes
    one.
    """
    records = []
    for entry in _on(corrections, tuple(FACTS)):
        try:
            if isinstance(entry.said, Addition):
                related, record = _add_fact(view, related, entry, entry.said, corrections.document)
            else:
                related, record = _correct_fact(related, entry, corrections.document)
        except _NotApplied as reason:
            record = reason.record(entry)
        records.append(record)
    return related, records


def in_order(corrections: DocumentCorrections, records: Iterable[CorrectionRecord]) -> tuple[CorrectionRecord, ...]:
    """Return what became of entries in the order of the entries, not of the stages."""
    by_entry = {record.entry.id: record for record in records}
    return tuple(by_entry[entry.id] for entry in corrections.entries)


def stale_issues(records: Iterable[CorrectionRecord]) -> tuple[Issue, ...]:
    """Return an issue for each entry that was not applied."""
    return tuple(
        Issue(
            STALE_CODE,
            Severity.WARNING,
            record.entry.said.page if isinstance(record.entry.said, Addition) else None,
            f"a correction in {record.entry.file} is not applied: {record.reason}",
            {
                "correction": record.entry.id,
                "kind": record.entry.row_kind.value,
                "id": record.entry.target,
                "was": record.entry.said.was,
                "now": record.before,
            },
        )
        for record in records
        if record.state is not CorrectionState.APPLIED
    )


def _on(corrections: DocumentCorrections, kinds: Sequence[RowKind]) -> list[Entry]:
    return [entry for entry in corrections.entries if entry.row_kind in kinds]


# --- mentions ------------------------------------------------------------------------------------------------------


def _correct_mention(
    view: TextView, mentions: Mentions, entry: Entry, document: str
) -> tuple[Mentions, CorrectionRecord]:
    """Return the mentions with an entry applied, and its record; raises ``_NotApplied``."""
    said = entry.said
    if isinstance(said, Addition):
        added = _printed(
            view, _quote_span(view, said), MentionKind(str(said.values["kind"])), str(said.values["value"])
        )
        _refuse_overlap(added, mentions)
        mentions, index = _insert(mentions, added)
        return mentions, _applied(entry, _id_of_mention(document, mentions, index, 0), None, mention_values(added, 0))
    place = mention_ids(document, mentions).get(str(said.id_))
    if place is None:
        raise _NotApplied(f"no mention has the id {said.id_} any more", CorrectionState.UNKNOWN_TARGET)
    index, part = place
    mention = mentions[index]
    before = mention_values(mention, part)
    if changed := difference(said.was, before):
        raise _NotApplied(changed, before=before)
    if isinstance(said, Rejection):
        left = mention.values[:part] + mention.values[part + 1 :]
        kept = (replace(mention, values=left),) if left else ()
        return (*mentions[:index], *kept, *mentions[index + 1 :]), _applied(entry, None, before, None)
    new = _with_value(mention, part, said.values, before)
    mentions = (*mentions[:index], new, *mentions[index + 1 :])
    return mentions, _applied(entry, _id_of_mention(document, mentions, index, part), before, mention_values(new, part))


def _with_value(mention: Mention, part: int, values: Values, before: Values) -> Mention:
    """Return a mention with another kind or value; raises ``_NotApplied`` when the two do not go together."""
    kind = MentionKind(values.get("kind") or mention.kind)
    value = values.get("value") or mention.values[part]
    if kind is not mention.kind and len(mention.values) > 1:
        raise _NotApplied(f"it is one of {len(mention.values)} values of a print, which have one kind", before=before)
    try:
        check_mention_value(kind, value)
    except ValueError as error:
        raise _NotApplied(str(error), before=before) from error
    return replace(
        mention, kind=kind, values=(*mention.values[:part], value, *mention.values[part + 1 :]), rule_id=RULE_ID
    )


def _quote_span(view: TextView, said: Addition) -> Span:
    span = find_quote(view, said.page, said.quote, said.occurrence)
    if span is None:
        raise _NotApplied(f"the quote does not stand on page {said.page}{_times(said.occurrence)}")
    return span


def _times(occurrence: int) -> str:
    return "" if occurrence == 1 else f" {occurrence} times"


def _printed(view: TextView, span: Span, kind: MentionKind, value: str) -> Mention:
    """Return a mention of words that stand on their page; raises ``_NotApplied`` when they do not."""
    found = to_mentions(view, [Hit(kind, span, (value,), RULE_ID)])
    if not found:
        raise _NotApplied("no glyph stands behind the quote")
    return found[0]


def _refuse_overlap(added: Mention, mentions: Mentions) -> None:
    """Raise ``_NotApplied`` when words of a mention are those of another one."""
    for other in mentions:
        if other.span.overlaps(added.span):
            raise _NotApplied(f"its words are a {other.kind} already ({other.text!r}); reject that one first")


def _insert(mentions: Mentions, added: Mention) -> tuple[Mentions, int]:
    """Return mentions with one more in its place, and that place."""
    index = bisect_left(mentions, added.span, key=lambda mention: mention.span)
    return (*mentions[:index], added, *mentions[index:]), index


def _id_of_mention(document: str, mentions: Mentions, index: int, part: int) -> str | None:
    places = mention_ids(document, mentions)
    return next((row_id for row_id, place in places.items() if place == (index, part)), None)


# --- facts ---------------------------------------------------------------------------------------------------------


def _correct_fact(related: Related, entry: Entry, document: str) -> tuple[Related, CorrectionRecord]:
    """Return what was found with one fact rejected or changed, and the record; raises ``_NotApplied``."""
    kind, said = entry.row_kind, entry.said
    found, index = fact_ids(document, related).get(str(entry.target), (None, 0))
    if found is not kind:
        raise _NotApplied(f"no {kind} has the id {entry.target} any more", CorrectionState.UNKNOWN_TARGET)
    own = related.facts(kind)
    before = fact_values(kind, own[index])
    if changed := difference(said.was, before):
        raise _NotApplied(changed, before=before)
    if not isinstance(said, Setting):
        return related.with_facts(kind, (*own[:index], *own[index + 1 :])), _applied(entry, None, before, None)
    new = type(own[index]).model_validate({**own[index].model_dump(), **said.values, "rule_id": RULE_ID}, strict=False)
    related = related.with_facts(kind, (*own[:index], new, *own[index + 1 :]))
    return related, _applied(entry, _id_of_fact(document, related, kind, index), before, fact_values(kind, new))


def _add_fact(
    view: TextView, related: Related, entry: Entry, said: Addition, document: str
) -> tuple[Related, CorrectionRecord]:
    """Return what was found with one fact more, and the record; raises ``_NotApplied``."""
    kind = entry.row_kind
    span = _quote_span(view, said)
    related, evidence = _with_evidence(view, related, span, said.values)
    fact = make_fact(said, evidence, " ".join(view.text[span.start : span.end].split()))
    own = related.facts(kind)
    if any(_says_the_same(fact, other) for other in own):
        raise _NotApplied(f"page {said.page} says so without it")
    related = related.with_facts(kind, (*own, fact))
    return related, _applied(entry, _id_of_fact(document, related, kind, len(own)), None, fact_values(kind, fact))


def _with_evidence(view: TextView, related: Related, span: Span, values: Values) -> tuple[Related, tuple[int, ...]]:
    """Return the indices of the mentions of values within a span, after making one when there is none."""
    wanted = [(_EVIDENCE[name], value) for name, value in values.items() if name in _EVIDENCE and value != "ALL"]
    evidence = tuple(
        index
        for index, mention in enumerate(related.mentions)
        if span.contains(mention.span) and any(mention.kind is k and v in mention.values for k, v in wanted)
    )
    if evidence:
        return related, evidence
    kind, value = wanted[0]
    mentions, index = _insert(related.mentions, _printed(view, span, kind, str(value)))
    related = replace(related, mentions=mentions)
    for fact_kind in FACTS:
        related = related.with_facts(fact_kind, [_shifted(fact, index) for fact in related.facts(fact_kind)])
    return related, (index,)


def _says_the_same(one: Fact, other: Fact) -> bool:
    own = {"evidence", "rule_id", "quote"}
    return one.model_dump(exclude=own) == other.model_dump(exclude=own)


def _shifted(fact: Fact, index: int) -> Fact:
    """Return a fact whose mentions from an index on stand one place later."""
    if all(place < index for place in fact.evidence):
        return fact
    return fact.model_copy(update={"evidence": tuple(place + (place >= index) for place in fact.evidence)})


def _id_of_fact(document: str, related: Related, kind: RowKind, index: int) -> str | None:
    places = fact_ids(document, related)
    return next((row_id for row_id, place in places.items() if place == (kind, index)), None)
