"""Baselines of the scores: which corpora, and how each is read and scored. Run as a module to write them anew:

``python -m tests.eval.scoring`` after a change that wins more than it loses; commit what it writes with the change.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest import IngestOptions, ingest
from pipeline.scoring.baseline import compare_with_baseline, write_baseline
from pipeline.scoring.evaluate import Scores, evaluate

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of PDFs with its gold, and the file that holds its baseline. ``use_ocr`` reads scans too."""

    name: str
    pdfs: Path
    gold: Path
    use_ocr: bool = False

    @property
    def baseline(self) -> Path:
        """The committed baseline."""
        return Path(__file__).with_name(f"{self.name}.json")


CORPORA = {
    "baseline": Corpus("baseline", ROOT / "data" / "raw", ROOT / "tests" / "gold"),
    "baseline_dev": Corpus(
        "baseline_dev", ROOT.parent / "shared" / "corpus" / "dev", ROOT.parent / "shared" / "corpus" / "dev"
    ),
    "baseline_real": Corpus(
        "baseline_real", ROOT.parent / "shared" / "corpus" / "real", ROOT.parent / "shared" / "corpus" / "real"
    ),
}


def score_corpus(corpus: Corpus, folder: Path) -> Scores:
    """Read a corpus into a database in ``folder`` and score it."""
    db = folder / f"{corpus.name}.db"
    ingest([corpus.pdfs], IngestOptions(db=db, use_ocr=corpus.use_ocr))
    return evaluate(db, corpus.gold)


def main() -> None:
    """Write the baselines of all corpora that are here, saying what was lost and won."""
    for corpus in CORPORA.values():
        if not corpus.pdfs.is_dir():
            continue
        with tempfile.TemporaryDirectory() as folder:
            scores = score_corpus(corpus, Path(folder))
        if corpus.baseline.exists():
            sys.stdout.write("\n".join([corpus.name, *compare_with_baseline(scores, corpus.baseline).lines(), ""]))
        write_baseline(scores, corpus.baseline)


if __name__ == "__main__":
    main()
