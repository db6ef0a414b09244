"""What looks like a find and is none, each with the rule and the reason: the other half of an explanation.

A ``TextView`` enters, refusals in text order leave. Slower than ``find_mentions``, whose finds it repeats, and only run
when a person asks.
"""

from extractors.dates.finder import ignored_numbers
from extractors.mentions import FINDERS, keep_strongest, open_doubts
from extractors.views import TextView
from models.mentions import Doubt, Hit, MentionKind

_IGNORED_DATE = "what stands beside it makes it no date"


def find_refusals(view: TextView) -> tuple[Doubt, ...]:
    """Return what every finder refused, doubts, and hits whose words a stronger find has; ``candidates`` are the values
    it would have had. Raises ``RuleError`` when a rule file is broken."""
    finds = [find(view) for find in FINDERS]
    hits = [hit for found in finds for hit in found.hits]
    kept = keep_strongest(hits)
    dates = (Doubt(MentionKind.DATE, span, (), rule, _IGNORED_DATE) for span, rule in ignored_numbers(view))
    found = [
        *(refusal for one in finds for refusal in one.refused),
        *open_doubts(finds, kept),
        *(refusal for refusal in dates if not any(hit.span.overlaps(refusal.span) for hit in kept)),
        *(_outdone(view, hit, kept) for hit in hits if hit not in kept),
    ]
    return tuple(sorted(found, key=lambda doubt: (doubt.span, doubt.kind, doubt.rule_id)))


def _outdone(view: TextView, hit: Hit, kept: list[Hit]) -> Doubt:
    """Return a hit as refused in favour of the one that has its words."""
    winner = next(one for one in kept if one.span.overlaps(hit.span))
    text = view.text[winner.span.start : winner.span.end]
    values = ", ".join(winner.values)
    reason = f"its words belong to the {winner.kind} {values} in {text!r} ({winner.rule_id})"
    return Doubt(hit.kind, hit.span, hit.values, hit.rule_id, reason)
