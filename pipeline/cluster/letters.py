"""What travels between the run and the workers: a document to read, and what came of it.

A document goes by its path where the worker finds the very bytes there, else with its bytes. Kept pages stay in their
folder where the worker sees it, else they travel too, both ways: a rerun after a change of rules opens no PDF then.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline.versions import current_versions, modules_version
from pipeline.work import Job, Outcome

# What makes two programs the same to one another: what facts depend on, and the language that they talk.
Program = dict[str, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A job on its way to a worker. ``mark`` is a file that whoever sees the folder of kept pages sees too; ``pdf`` and
    ``pages`` are the document's bytes and its kept pages, for a worker that can't get at them by path."""

    job: Job
    mark: str
    pdf: bytes | None = None
    pages: bytes | None = None

    @property
    def has_content(self) -> bool:
        """Whether the document travels in the letter."""
        return self.pdf is not None or self.pages is not None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker made of a letter. ``outcome`` is ``None`` when it could not get at the bytes; ``pages`` are those
    to keep, from a worker that does not see their folder."""

    sha256: str
    outcome: Outcome | None
    pages: bytes | None = None


@dataclass(frozen=True, slots=True)
class PartReply:
    """A part of a long document: the pickled stretch of pages, or ``None`` when the document must be read whole."""

    stretch: bytes | None
    seconds: float


@cache
def describe_program() -> Program:
    """Return what must be equal between the run and each of its workers."""
    ours = current_versions()
    return {
        "reader": ours.reader,
        "rules": ours.rules,
        "code": ours.code,
        "program": modules_version("pipeline.cluster.worker", "pipeline.document_job"),
        "distributed": version("distributed"),
    }


def name_differences(ours: Program, theirs: Program) -> str:
    """Return in words what another program has otherwise, or an empty text.

    >>> name_differences({"rules": "a", "code": "b"}, {"rules": "a", "code": "c"})
    'code c instead of b'
    """
    different = [name for name in ours if ours[name] != theirs.get(name)]
    return ", ".join(f"{name} {theirs.get(name, 'none')} instead of {ours[name]}" for name in different)


def read_bytes(location: str, sha256: str) -> bytes | None:
    """Return the bytes of a file if they are those that are meant, else ``None``."""
    try:
        data = Path(location).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def holds(location: str, sha256: str) -> bool:
    """Tell whether a path holds the very bytes that are meant."""
    try:
        with Path(location).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        return False


def sees(mark: str) -> bool:
    """Tell whether the folder of kept pages in which a run left its mark is seen here."""
    return Path(mark).is_file()


def cut(jobs: Sequence[Job], sizes: Sequence[int], max_jobs: int, max_bytes: int) -> list[tuple[Job, ...]]:
    """Return jobs in bundles, in order, each of at most so many jobs and bytes; a larger file goes alone."""
    bundles: list[tuple[Job, ...]] = []
    bundle: list[Job] = []
    total = 0
    for job, size in zip(jobs, sizes, strict=True):
        if bundle and (len(bundle) >= max_jobs or total + size > max_bytes):
            bundles.append(tuple(bundle))
            bundle, total = [], 0
        bundle.append(job)
        total += size
    return [*bundles, tuple(bundle)] if bundle else bundles
