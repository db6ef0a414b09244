"""Finds that want the same words agree before they become facts."""

from hypothesis import given
from hypothesis import strategies as st

from extractors.mentions import find_mentions, keep_strongest, to_mentions
from extractors.views import plain_view
from models.mentions import Hit, MentionKind
from models.spans import Span


def hit(kind: MentionKind, start: int, end: int, value: str = "x") -> Hit:
    return Hit(kind, Span(start, end), (value,), "test")


def test_a_state_inside_a_project_is_no_state() -> None:
    project, state = hit(MentionKind.PROJECT, 0, 20), hit(MentionKind.STATE, 5, 9)
    assert keep_strongest([state, project]) == [project]


def test_the_longer_find_of_a_kind_wins() -> None:
    short, long = hit(MentionKind.DATE, 3, 7), hit(MentionKind.DATE, 0, 7)
    assert keep_strongest([short, long]) == [long]


HITS = st.lists(
    st.builds(
        lambda kind, start, length: hit(kind, start, start + length),
        st.sampled_from(list(MentionKind)),
        st.integers(0, 60),
        st.integers(1, 12),
    ),
    max_size=30,
)


@given(HITS)
def test_kept_hits_are_ordered_and_apart_and_every_other_lost_to_one(hits: list[Hit]) -> None:
    kept = keep_strongest(hits)
    assert all(first.span.end <= second.span.start for first, second in zip(kept, kept[1:], strict=False))
    for other in hits:
        assert other in kept or any(other.span.overlaps(keeper.span) for keeper in kept)


def test_a_mention_over_two_lines_has_two_boxes() -> None:
    view = plain_view("by the end of\n2026")
    (mention,) = to_mentions(view, [Hit(MentionKind.DATE, Span(7, 18), ("2026-12",), "date.end")])
    assert mention.page == 1
    assert [(box.x0, box.top) for box in mention.boxes] == [(42.0, 0.0), (0.0, 12.0)]


def test_what_lies_outside_one_to_twenty_stays_visible() -> None:
    found = find_mentions(plain_view("It speaks of commitments 18-25."))
    assert [mention.values for mention in found.mentions] == [("18", "19", "20")]
    assert [issue.message for issue in found.issues if "25" in issue.message]
