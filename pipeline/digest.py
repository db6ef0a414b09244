"""A hash of all that the rows of a document are made from, apart from its file name and the code that makes them.

A document whose digest is that of the rows in the database need not be sent to the writer, nor its rows be made again.
What its pages alone decide (their texts, the cells of tables, the boxes behind a span) is in the key of its kept pages,
and is made only when the digest is another one. What is equal may hash differently (``1`` and ``1.0``), which costs
work and nothing else; what differs never hashes the same.
"""

import hashlib
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from extractors.commitments.rules import load_commitment_texts
from extractors.projects.rules import load_project_rules
from extractors.states.rules import load_state_rules
from models.mentions import Mention
from pipeline.derive import Said, complete
from pipeline.document import ReadDocument
from pipeline.work import Derived, Job

_BYTES = 16
_PROTOCOL = 5
# The rest of a mention follows from its span and the pages.
_OF_MENTIONS = ("kind", "values", "span.start", "span.end", "rule_id")


def compare(job: Job, read: ReadDocument, said: Said) -> Derived:
    """Return what a document says with its digest, or the digest alone when it is that of the job; raises
    ``RuleError``."""
    digest = digest_of(read.key, said)
    return Derived(digest, None if digest == job.digest else complete(read, said))


def digest_of(key: str, said: Said) -> str:
    """Return the digest (32 hex digits) of what is said in pages with this key, under the rules of this process.

    Facts are checked against the names in the gazetteers when they are stored, so those are part of it. Raises
    ``RuleError``, and ``ValueError`` for pages whose key is not known.
    """
    if not key:
        raise ValueError("pages without a key")
    digest = hashlib.blake2b(digest_size=_BYTES)
    digest.update(repr((_known_names(), key, [table_map.layout for table_map in said.maps])).encode())
    _Hasher(_Sink(digest)).dump(said.extraction)
    return digest.hexdigest()


@cache
def _known_names() -> tuple[object, ...]:
    """Return the keys of the gazetteers' rows."""
    return (
        sorted(entry.slug for entry in load_project_rules().projects),
        sorted(entry.code for entry in load_state_rules().states),
        sorted(text.number for area in load_commitment_texts().areas for text in area.commitments),
    )


class _Sink:
    """Takes bytes and keeps only their hash."""

    def __init__(self, digest: "hashlib.blake2b") -> None:
        self._digest = digest

    def write(self, data: bytes, /) -> int:
        """Hash some bytes."""
        self._digest.update(data)
        return len(data)


class _Hasher(pickle.Pickler):
    """Spells values out, each as often as it occurs, by types and fields; nothing is ever unpickled from it."""

    def __init__(self, sink: _Sink) -> None:
        super().__init__(sink, protocol=_PROTOCOL)
        # Without memory: what is spelled must not depend on which equal values are one object.
        self.fast = True
        self._getters: dict[type, attrgetter[Any] | None] = {}

    def reducer_override(self, value: object) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Spell a dataclass or a model as its name and fields; leave all other values to pickle."""
        if isinstance(value, BaseModel):
            return tuple, (type(value).__name__, *value.__dict__.items())
        get = None if isinstance(value, type) else self._getter(type(value))
        return NotImplemented if get is None else (tuple, (type(value).__name__, get(value)))

    def _getter(self, kind: type) -> "attrgetter[Any] | None":
        """Return what gets the fields of a dataclass, or ``None`` for any other type."""
        if kind not in self._getters:
            names = (
                _OF_MENTIONS if kind is Mention else [one.name for one in fields(kind)] if is_dataclass(kind) else ()
            )
            self._getters[kind] = attrgetter(*names) if names else None
        return self._getters[kind]
