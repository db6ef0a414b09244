"""A document's own date: its adoption, issue or signature; failing these, its state of play.

What enters are the dates of a view; what leaves is the one whose place says most plainly that it is the document's own.
Publication in the Official Journal is none. Open and approximate dates, and years, are none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.dates.finder import find_dates
from extractors.identity.rules import IdentityRules, has_phrase, plain
from extractors.identity.titles import Opening, Title, page_of
from extractors.views import Block, BlockKind, TextView, plain_view
from models.mentions import Hit

_SHORTEST_YEAR = re.compile(r"\d\d")
_OWN = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d)?)(?:/\.\.)?")
_PLACE = re.compile(
    # "In March 2023, Canada ..." opens a sentence; "In" is no place
    r"(?!(?:In|On|By|Since|From|Until|Till|Before|After|During|As|At|For|To|Between|Through|Throughout|Around|About)\b)"
    r"(?:(?:The\s|Den\s|La\s)?[^\W\d_a-z][^\W\d_]+(?:[\s-][^\W\d_a-z][^\W\d_]+){0,2},?\s?(?:on|the|le|den|am|em|il|a|el)?\s?)",
    re.UNICODE,
)
_AFTER_PLACE = re.compile(r"\s?(?:\(OR\.? ?[^)]*\)|[.;]?)\s?")
# what follows the date of a line that goes on: "Stockholm, 28 January 2026. Ministry of Defence"; "May 2026 | Agency"
_AFTER_TEXT = re.compile(r"\s?(?:[.;|:(/]|[\u2013\u2014\u2022\u00b7-]\s|,\s[A-Z])")
_AFTER_PART = re.compile(r"\s?(?:$|[|/\u2022\u00b7]|\.$|\s[\u2013\u2014-]\s)")
_BEFORE_PART = re.compile(r"(?:^|.*[|/\u2022\u00b7]|.*\s[\u2013\u2014-])\s?")
_APPROVED = re.compile(r"[^.;]{0,120}\s(?:on|of)$")
_SENTENCE = re.compile(r"[.;|]\s+")
_STROKE = re.compile(r"\s?[|/\u2022\u00b7]\s?|\s[\u2013\u2014-]\s")
# "beginning of 2027" is a plan, no day on which a document was made
_VAGUE = re.compile(r"\b(?:beginning|start|end|early|mid|late|middle)\b", re.IGNORECASE)
# Who issues a document, before ", issued on": a few words, none of another document.
_ISSUER = re.compile(
    r"(?!.*\b(?:report|plan|decision|recommendation|version|edition|list|letter)s?\b)[a-z'-]+(?: [a-z'-]+){0,5}"
)
# A longer line before a capital and a date is text: "High Representative of the Union for ... Policy, Brussels,".
_LONG_ISSUER = 110
_LONG_LEAD = 80
_LONG_LINE = 200
_LAST_BLOCKS = 14
_NO_LINES = (BlockKind.FOOTNOTE, BlockKind.CAPTION)


@dataclass(frozen=True, slots=True)
class DatedPlace:
    """A date with the print around it and what stands before it in its line."""

    value: str
    page: int
    printed: str
    before: str = ""
    weight: int = 0


def read_own_date(
    view: TextView, opening: Opening, title: Title | None, dates: Sequence[Hit], rules: IdentityRules
) -> DatedPlace | None:
    """Return the date of the greatest weight, the first of equals; ``None`` when no place speaks for any."""
    candidates = [*_weigh(view, opening, title, dates, rules), *_weigh_running(opening, title, rules)]
    return max(candidates, key=lambda one: one.weight, default=None)


def _weigh(
    view: TextView, opening: Opening, title: Title | None, dates: Sequence[Hit], rules: IdentityRules
) -> Iterator[DatedPlace]:
    """Yield the dates of the first and the last blocks whose places speak for them."""
    last_first = view.blocks[max(0, len(view.blocks) - _LAST_BLOCKS)].span.start if view.blocks else 0
    opening_end = opening.blocks[-1].block.span.end if opening.blocks else 0
    is_journal = _is_journal(opening, rules)
    for hit in dates:
        match = _OWN.fullmatch(hit.values[0])
        is_opening = hit.span.end <= opening_end
        if match is None or not (is_opening or hit.span.start >= last_first):
            continue
        if _VAGUE.search(view.text[hit.span.start : hit.span.end]):
            continue
        block = view.block_at(hit.span.start)
        page = page_of(view, hit.span)
        before = view.text[block.span.start : hit.span.start] or _cell_label(view, block)
        after = view.text[hit.span.end : block.span.end]
        if title is not None and title.is_act and _is_act_date(hit, before, title):
            weight = rules.dates.act
        else:
            weight = _weight_of(before, after, block, rules, is_opening=is_opening, is_journal=is_journal)
        if weight and page is not None and not (match[1] != hit.values[0] and weight > rules.dates.approval + 1):
            yield DatedPlace(match[1], page, view.block_text(block), before, weight)


def _cell_label(view: TextView, block: Block) -> str:
    """Return the text of the cell left of a cell, else its heading: what names a value in a box; else nothing."""
    if block.cell is None:
        return ""
    index = view.block_index_at(block.span.start)
    left = view.blocks[index - 1] if index else block
    if (
        left.cell is not None
        and (left.cell.table, left.cell.row) == (block.cell.table, block.cell.row)
        and left != block
    ):
        return view.block_text(left)
    return "" if block.cell.is_header else block.cell.heading


def _is_act_date(hit: Hit, before: str, title: Title) -> bool:
    """Tell whether a date is the first that an act's title names, behind ``of``."""
    inside = any(span.contains(hit.span) for span in title.spans[:2])
    left = plain(before)
    return inside and (left == "of" or (left.endswith(" of") and left.count(" of ") < 2 and "amending" not in left))


def _is_journal(opening: Opening, rules: IdentityRules) -> bool:
    """Tell whether the first page is one of the Official Journal."""
    lines = [plain(line) for line in opening.running] + [plain(one.text) for one in opening.blocks[:3]]
    return any(word in line for line in lines for word in rules.dates.journal)


def _weight_of_words(left: str, after: str, block: Block, rules: IdentityRules, *, is_opening: bool) -> int:
    """Return how much the words right before a date say, or the label of its cell; 0 for nothing."""
    if block.kind is BlockKind.FOOTNOTE:
        return 0
    sentence = _SENTENCE.split(left)[-1]
    is_own = len(sentence) < _LONG_LEAD and sentence.startswith(rules.dates.subjects)
    leads = rules.dates.leads
    weights = [lead.weight for lead in leads if any(_is_led(sentence, word, is_own=is_own) for word in lead.words)]
    issuer, comma, last = sentence.partition(", ")
    if is_opening and comma and _ISSUER.fullmatch(issuer):
        weights += [lead.weight for lead in leads if last in lead.words]
    if block.kind is BlockKind.CELL and not after.strip(" ."):
        weights += [lead.weight for lead in rules.dates.labels if left.rstrip(" :") in lead.words]
    if _is_signed(sentence, rules):
        weights.append(rules.dates.signed)
    return max(weights, default=0)


def _weight_of_line(
    before: str, after: str, block: Block, rules: IdentityRules, *, is_opening: bool, is_journal: bool
) -> int:
    """Return how much a line says that is a place and a date, or has its date between strokes; 0 for nothing."""
    left = plain(before)
    if block.kind in (BlockKind.CELL, BlockKind.LIST_ITEM) or any(
        left.startswith(word) for word in rules.dates.journal
    ):
        return 0
    is_place = _PLACE.fullmatch(before) is not None or (is_opening and _ends_with_capital(before, rules))
    if is_place and _AFTER_PLACE.fullmatch(after) is not None:
        return rules.dates.place_line if is_opening else rules.dates.end_line
    if not is_opening:
        return 0
    if is_place and _AFTER_TEXT.match(after) is not None:
        return rules.dates.place_text
    is_part = _BEFORE_PART.fullmatch(before) is not None and _AFTER_PART.match(after) is not None
    return rules.dates.part if is_part and not is_journal and len(before) + len(after) <= _LONG_LINE else 0


def _weight_of(
    before: str, after: str, block: Block, rules: IdentityRules, *, is_opening: bool, is_journal: bool
) -> int:
    """Return how much the words around a date say that it is the document's own; 0 for nothing."""
    left = plain(before)
    said = _weight_of_words(left, after, block, rules, is_opening=is_opening)
    if said:
        return said
    if block.kind in _NO_LINES:
        return 0
    if not left and not after.strip(" ."):
        return 0 if is_journal or not is_opening or block.kind is BlockKind.CELL else rules.dates.alone
    line = _weight_of_line(before, after, block, rules, is_opening=is_opening, is_journal=is_journal)
    if line:
        return line
    if is_opening and block.kind in (BlockKind.TITLE, BlockKind.HEADING) and not after.strip(" .)"):
        return rules.dates.heading
    if is_opening and _is_issue(left, rules):
        return rules.dates.signed
    return rules.dates.approval if _is_approval(left, rules) else 0


def _is_led(sentence: str, phrase: str, *, is_own: bool) -> bool:
    """Tell whether a sentence up to its date is the phrase, alone or said of the document itself (``is_own``)."""
    return sentence == phrase or (is_own and sentence.endswith(" " + phrase))


def _ends_with_capital(before: str, rules: IdentityRules) -> bool:
    """Tell whether a short line up to its date ends with a capital: ``Department of Defence, Dublin,``, or has one
    behind a stroke: ``Press factsheet | Brussels,``."""
    left = plain(_STROKE.sub(", ", before))
    last = left.rstrip(" ,").rpartition(", ")[2]
    return len(left) < _LONG_ISSUER and any(last in capitals for capitals in rules.states.capitals.values())


def _is_signed(sentence: str, rules: IdentityRules) -> bool:
    """Tell whether a sentence up to its date is ``signed in Riga on`` or the like."""
    for words in rules.dates.signed_at:
        rest = sentence[len(words) :] if sentence.startswith(words + " ") else ""
        if rest and re.fullmatch(r"\s(?:the\s)?[a-z'-]+(?:\s[a-z'-]+)?,?(?:\s(?:on|the|this))?", rest):
            return True
    return False


def _is_approval(left: str, rules: IdentityRules) -> bool:
    """Tell whether a date is that on which somebody approved the document: ``approved by the government on``."""
    for phrase in rules.dates.approvals:
        at = left.rfind(phrase)
        if at >= 0 and _APPROVED.fullmatch(left, at + len(phrase)):
            ahead = left[:at].rstrip(" (*")
            return not ahead or any(word in left for word in rules.dates.approved) or ahead.endswith("it was")
    return False


def _is_issue(left: str, rules: IdentityRules) -> bool:
    """Tell whether a sentence up to its date is nothing but who issued the document: ``Issued by X on``."""
    sentence = _SENTENCE.split(left)[-1]
    return any(
        sentence.startswith(phrase + " ") and _APPROVED.fullmatch(sentence, len(phrase)) is not None
        for phrase in rules.dates.issues
    )


def _weigh_running(opening: Opening, title: Title | None, rules: IdentityRules) -> Iterator[DatedPlace]:
    """Yield a date that the pages repeat, alone in its line; not in an act, nor in the Official Journal."""
    if _is_journal(opening, rules) or (title is not None and title.is_act):
        return
    for line in filter(_SHORTEST_YEAR.search, opening.running):
        for hit in find_dates(plain_view(line)).hits:
            match = _OWN.fullmatch(hit.values[0])
            rest = (line[: hit.span.start] + line[hit.span.end :]).strip(" .,|-0123456789")
            if match is not None and not has_phrase(plain(rest), "page") and not rest:
                yield DatedPlace(match[1], 1, line, "", rules.dates.running)
