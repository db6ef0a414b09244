"""A change may not lose more than it wins: scores of now against those committed."""

from pathlib import Path

import pytest

from pipeline.scoring.baseline import compare_with_baseline
from tests.eval.scoring import CORPORA, score_corpus


@pytest.mark.parametrize("name", CORPORA)
def test_no_more_is_lost_than_won(name: str, tmp_path: Path) -> None:
    corpus = CORPORA[name]
    if not corpus.pdfs.is_dir():
        pytest.skip("no folder `shared` beside the checkout")
    comparison = compare_with_baseline(score_corpus(corpus, tmp_path), corpus.baseline)
    assert not comparison.is_worse, "\n".join(comparison.lines())


def test_the_samples_reach_what_is_promised(tmp_path: Path) -> None:
    scores = score_corpus(CORPORA["baseline"], tmp_path)
    low = {kind: score.f1 for kind, score in scores.kinds.items() if score.f1 is not None and score.f1 < 0.98}
    low |= {kind: score.f1 for kind, score in scores.relations.items() if score.f1 is not None and score.f1 < 0.95}
    assert low == {}
    assert scores.all_mentions.tp > 500
