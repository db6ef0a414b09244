"""Scores of a committed baseline against those of now: a change may not lose more than it wins.

A baseline holds every miss and every false find of a corpus, so that a comparison can name what was lost and won.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from models.errors import PescoError
from pipeline.scoring.evaluate import Scores, Slip

_FORMAT = 1
Fault = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was lost and won since the baseline: faults that are new, and faults that are gone, each as often as it
    occurs. A fault is a miss, a false find or a wrong field of a document."""

    lost: Counter[Fault]
    won: Counter[Fault]

    @property
    def is_worse(self) -> bool:
        """Whether more was lost than won."""
        return self.lost.total() > self.won.total()

    def lines(self) -> list[str]:
        """Return lost and won items in words, one a line."""
        found = [f"lost {self.lost.total()}, won {self.won.total()}"]
        for name, faults in (("lost", self.lost), ("won", self.won)):
            for (what, kind, document, item), number in sorted(faults.items()):
                found.append(f"{name}: {what}, {kind} in {document}: {item}" + (f" x{number}" if number > 1 else ""))
        return found


def compare_with_baseline(scores: Scores, path: Path) -> Comparison:
    """Compare scores with a committed baseline; raises ``PescoError`` when it cannot be read."""
    before, now = read_baseline(path), faults_of(scores)
    return Comparison(lost=now - before, won=before - now)


def faults_of(scores: Scores) -> Counter[Fault]:
    """Return everything that is wrong, counted."""
    found: Counter[Fault] = Counter()
    for what, slips in (("miss", scores.misses), ("false find", scores.false_positives)):
        for slip in slips:
            found[_fault(what, slip)] += slip.n
    for name, field in scores.document_fields.items():
        for wrong in field.wrong:
            document, _, said = wrong.partition(": ")
            found["wrong field", name, document, said] += 1
    return found


def write_baseline(scores: Scores, path: Path) -> None:
    """Write the scores as a baseline to commit."""
    f1 = {kind: score.f1 for kind, score in {**scores.kinds, **scores.relations}.items()}
    faults = [[*fault, number] for fault, number in sorted(faults_of(scores).items())]
    lines = ",\n  ".join(json.dumps(fault, ensure_ascii=False) for fault in faults)
    head = json.dumps({kind: None if value is None else round(value, 4) for kind, value in f1.items()})
    path.write_text(f'{{"format": {_FORMAT},\n "f1": {head},\n "faults": [\n  {lines}\n ]}}\n', encoding="utf-8")


def read_baseline(path: Path) -> Counter[Fault]:
    """Return the faults of a committed baseline; raises ``PescoError``."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["format"] != _FORMAT:
            raise ValueError(f"format {value['format']!r}")
        return Counter({(what, kind, document, item): n for what, kind, document, item, n in value["faults"]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PescoError(f"{path} is no baseline: {error}") from error


def _fault(what: str, slip: Slip) -> Fault:
    return what, slip.kind, slip.document, slip.what
