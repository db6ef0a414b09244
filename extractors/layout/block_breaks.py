"""Blocks over breaks: whether what stands at the head of a column or page continues the block before.

Enters two ``Draft`` objects; leaves the decision.
"""

from extractors.layout.blocks import ITEM_END, Draft
from extractors.layout.entries import ends_sentence
from extractors.views import BlockKind

_TEXT_KINDS = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)


def restore_label(last: Draft, following: Draft) -> None:
    """Give a block at the head of a column its label back when it is none: ``(15) and 16`` after an open sentence."""
    line, before = following.lines[0], last.lines[-1].text
    if following.uncut is None or following.kind is BlockKind.HEADING or not before or not _is_text(last):
        return
    if line.lead_gap > 0.55 * line.size or following.marker[-1:] not in (")", ".") or ITEM_END.search(before):
        return
    line.text, line.origins = following.uncut
    following.marker, following.cut, following.kind = "", [], BlockKind.PARAGRAPH


def note_goes_on(last: Draft, following: Draft) -> bool:
    """Tell whether a note without mark at the head of a page's notes continues the last one of the pages before."""
    one, two = last.lines[-1], following.lines[0]
    if following.marker or not one.text or not two.text:
        return False
    return one.page < two.page <= one.page + 1 and not ends_sentence(one.text)


def goes_on(last: Draft, following: Draft, *, is_far: bool = False) -> bool:
    """Tell whether a block at the head of a column or page continues the one before.

    ``is_far`` tells that a table stands between: then the text must plainly go on.
    """
    if following.marker or not (_is_text(last) and _is_text(following)):
        return False
    if abs(last.size - following.size) > 0.06 * last.size + 0.2:
        return False
    one, two = last.lines[-1], following.lines[0]
    if not one.text or not two.text:
        return False
    if one.text.endswith("-") and two.text[0].isalnum():
        return True
    if one.ends_bold != two.starts_bold and following.is_bold:
        return False
    if BlockKind.HEADING in (last.kind, following.kind) and not (
        last.is_bold and two.starts_bold and two.text[0].islower()
    ):
        return False
    if is_far:
        return two.text[0].islower() and not ends_sentence(one.text)
    return _runs_on(last, following)


def _is_text(draft: Draft) -> bool:
    """Tell whether a block may be part of a broken paragraph; one in bold may have been taken for a heading."""
    return draft.kind in _TEXT_KINDS or (draft.kind is BlockKind.HEADING and draft.is_bold and len(draft.lines) > 1)


def _runs_on(last: Draft, following: Draft) -> bool:
    """Tell whether the last line breaks off, by its end, its length and the start of the next."""
    one, two = last.lines[-1], following.lines[0]
    room = last.right - one.x1 - 0.3 * two.size
    is_full = two.first_width >= room - 1.0
    if ends_sentence(one.text):
        is_flush = last.right - one.x1 < 1.5 and len(last.lines) >= 2
        return is_flush and one.text[-1] not in ":;" and two.text[0].isalnum() and not _is_first_indent(following)
    if two.text[0].islower():
        return True
    return is_full and not _is_first_indent(following)


def _is_first_indent(draft: Draft) -> bool:
    return len(draft.lines) > 1 and draft.lines[0].x0 > draft.lines[1].x0 + 0.5 * draft.lines[0].size
