"""``pesco evaluate``: PDFs into a temporary database, its scores against gold, printed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from flows.progress import show_progress
from flows.terminal import add_row, make_table, open_console, plain, print_json
from models.errors import PescoError
from pipeline.ingest import IngestOptions, ingest
from pipeline.scoring.evaluate import FieldScore, Score, Scores, Slip, evaluate

SCORE_HEADINGS = ("precision#", "recall#", "F1#", "true#", "false#", "missed#")


def print_scores(
    pdfs: Path, gold: Path, db: Path | None, *, workers: int | None, with_errors: bool, as_json: bool
) -> None:
    """Print how right a database is, or what the PDFs would give; raises ``PescoError`` when something is not there."""
    with _database(pdfs, db, workers) as scored:
        scores = evaluate(scored, gold)
    if as_json:
        print_json(scores.to_json(None if with_errors else 0))
        return
    console = open_console()
    _print_all(console, scores)
    if with_errors:
        _print_slips(console, "missed", scores.misses)
        _print_slips(console, "false", scores.false_positives)


@contextmanager
def _database(pdfs: Path, db: Path | None, workers: int | None) -> Iterator[Path]:
    """Give the database to score: the one named, or a temporary one made from the PDFs."""
    if not pdfs.exists():
        raise PescoError(f"there is no file or folder {pdfs}")
    if db is not None:
        yield db
        return
    with TemporaryDirectory(prefix="pesco-evaluate-") as folder:
        made = Path(folder) / "pesco.db"
        with show_progress() as report:
            ingest([pdfs], IngestOptions(made, workers=workers), report)
        yield made


def _print_all(console: Console, scores: Scores) -> None:
    """Print the scores by kind, relation, field and document."""
    kinds = {**scores.kinds, "all": scores.all_mentions, "all, page ignored": scores.all_mentions_ignoring_page}
    _print_table(console, "mentions", kinds)
    _print_table(console, "relations", scores.relations)
    _print_fields(console, scores.document_fields)
    table = make_table("document", "kind", *SCORE_HEADINGS)
    for name, by_kind in scores.documents.items():
        for kind, score in by_kind.items():
            add_row(table, name, kind, *_cells(score))
    console.print(table)
    if scores.absent:
        console.print(f"absent: {', '.join(scores.absent)}")
    if scores.unknown_files:
        console.print(f"without gold, ignored: {plain(', '.join(scores.unknown_files))}")


def _print_table(console: Console, title: str, scores: Mapping[str, Score]) -> None:
    table = make_table(title, *SCORE_HEADINGS)
    for name, score in scores.items():
        add_row(table, name, *_cells(score))
    console.print(table)


def _cells(score: Score) -> tuple[object, ...]:
    shares = ("" if share is None else f"{share:.4f}" for share in (score.precision, score.recall, score.f1))
    return (*shares, score.tp, score.fp, score.fn)


def _print_fields(console: Console, fields: Mapping[str, FieldScore]) -> None:
    table = make_table("field of documents", "right#", "of#", "wrong")
    for name, score in fields.items():
        add_row(table, name, score.right, score.of, "; ".join(score.wrong))
    console.print(table)


def _print_slips(console: Console, title: str, slips: Sequence[Slip]) -> None:
    table = make_table(title, "document", "what", "times#", "print")
    for slip in slips:
        add_row(table, slip.kind, slip.document, slip.what, slip.n, slip.text)
    console.print(table)
