"""The mentions of a document by place: which of them stand inside a span, asked thousands of times per document."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from models.mentions import Mention, MentionKind
from models.spans import Span


class MentionIndex:
    """Finds mentions by span. Mentions are named by their index in the document's mentions, which facts cite."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        """Keep mentions, which stand in text order and do not overlap."""
        self.mentions = mentions
        self.starts = [mention.span.start for mention in mentions]

    def within(self, span: Span, kind: MentionKind) -> Iterator[int]:
        """Yield the indexes of the mentions of a kind that stand wholly inside a span, in text order."""
        for index in range(bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)):
            if self.mentions[index].kind == kind and self.mentions[index].span.end <= span.end:
                yield index

    def of_kind(self, kind: MentionKind) -> Iterator[int]:
        """Yield the indexes of all mentions of a kind, in text order."""
        return (index for index, mention in enumerate(self.mentions) if mention.kind == kind)

    def has(self, span: Span, kind: MentionKind) -> bool:
        """Tell whether a mention of a kind stands inside a span."""
        return next(self.within(span, kind), None) is not None
