"""References to a commitment without its number, by phrases of the rule file: candidates, never numbered references.

In go a spaCy ``Doc`` and its view, out come hits with rule ids ``paraphrase.<number>.<phrase>``. Of phrases of one
commitment that overlap, the longest stays.
"""

from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from extractors.commitments.rules import load_commitment_texts
from extractors.nlp import make_doc, make_matcher
from extractors.views import TextView
from models.mentions import Hit, MentionKind
from models.spans import Span


@cache
def load_paraphrase_matcher() -> PhraseMatcher:
    """Return the matcher of all phrases, keyed by rule id; made once."""
    matcher = make_matcher()
    for text in load_commitment_texts().commitments:
        for paraphrase in text.paraphrases:
            matcher.add(
                f"paraphrase.{text.number}.{paraphrase.id}", [make_doc(phrase) for phrase in paraphrase.phrases]
            )
    return matcher


def find_paraphrases(doc: Doc, view: TextView) -> tuple[Hit, ...]:
    """Return the candidates of a document in text order; a phrase that runs over two blocks is none."""
    found: list[tuple[int, int, str]] = []
    for key, first, last in load_paraphrase_matcher()(doc):
        start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
        if "\n" not in view.text[start:end]:
            found.append((start, -end, doc.vocab.strings[key]))
    hits: list[Hit] = []
    ends: dict[str, int] = {}
    for start, minus_end, rule_id in sorted(found):
        number = rule_id.split(".")[1]
        if start >= ends.get(number, 0):
            hits.append(Hit(MentionKind.COMMITMENT, Span(start, -minus_end), (number,), rule_id))
            ends[number] = -minus_end
    return tuple(hits)
