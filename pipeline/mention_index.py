"""The mentions of a document by place: which of them stand inside a span, asked thousands of times per document."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from models.mentions import Mention, MentionKind
from models.spans import Span


class MentionIndex:
    """Finds mentions by span. Mentions are named by their index in the document's mentions, which facts cite."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        """Sort the mentions by their start; they need not come in order."""
        self.mentions = mentions
        self._order = sorted(range(len(mentions)), key=lambda index: mentions[index].span)
        self._starts = [mentions[index].span.start for index in self._order]

    def within(self, span: Span, kind: MentionKind) -> Iterator[int]:
        """Yield the indexes of the mentions of a kind that stand wholly inside a span, in text order."""
        for place in range(bisect_left(self._starts, span.start), len(self._order)):
            index = self._order[place]
            mention = self.mentions[index]
            if mention.span.start >= span.end:
                return
            if mention.kind == kind and mention.span.end <= span.end:
                yield index

    def has(self, span: Span, kind: MentionKind) -> bool:
        """Tell whether a mention of a kind stands inside a span."""
        return next(self.within(span, kind), None) is not None
