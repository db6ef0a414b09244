"""References to a commitment without its number, by phrases of the rule file: candidates, never numbered references.

In goes a view, out come hits with rule ids ``paraphrase.<number>.<phrase>``. Of phrases of one
commitment that overlap, the longest stays.
"""

from functools import cache

from extractors.commitments.rules import load_commitment_texts
from extractors.nlp import Phrases, load_vocab
from extractors.views import TextView
from models.mentions import Hit, MentionKind
from models.spans import Span


@cache
def load_paraphrases() -> Phrases:
    """Return all phrases, keyed by rule id; made once."""
    phrases = Phrases()
    for text in load_commitment_texts().commitments:
        for paraphrase in text.paraphrases:
            phrases.add(f"paraphrase.{text.number}.{paraphrase.id}", paraphrase.phrases)
    return phrases


def find_paraphrases(view: TextView) -> tuple[Hit, ...]:
    """Return the candidates of a document in text order; a phrase that runs over two blocks is none."""
    strings = load_vocab().strings
    found = [(start, -end, strings[key]) for key, start, end in load_paraphrases().find(view.pieces())]
    hits: list[Hit] = []
    ends: dict[str, int] = {}
    for start, minus_end, rule_id in sorted(found):
        number = rule_id.split(".")[1]
        if start >= ends.get(number, 0):
            hits.append(Hit(MentionKind.COMMITMENT, Span(start, -minus_end), (number,), rule_id))
            ends[number] = -minus_end
    return tuple(hits)
