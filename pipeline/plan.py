"""What a run has to do: which files changed, and which documents must be read or only derived again.

Compares what lies in the folders with the ledger. Nothing is read but the bytes of new and changed files, for their
hash; nothing is written.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import PurePath

from models.corrections import Entry
from pipeline.corrections.files import Corrections, corrections_mark
from pipeline.intake import Identified, KnownFile, Scan, group_by_bytes
from pipeline.reasons import Reason
from pipeline.selection import Selection
from pipeline.store.ids import document_id
from pipeline.store.ledger import FileFacts, Refusal
from pipeline.store.load import Versions


class Again(StrEnum):
    """What to do again although nothing changed: derive facts from kept pages, or read the PDFs too."""

    NOTHING = ""
    RULES = "rules"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """What the database says of a document."""

    id: str
    sha256: str
    status: str
    reason: str | None
    versions: Versions
    tried: str | None
    pages: int | None
    kind_hint: str | None = None
    kind: str | None = None
    year: int | None = None
    state: str | None = None
    corrections: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What the database says of a path."""

    path: str
    status: str
    reason: str | None
    size: int | None
    mtime_ns: int | None
    document_id: str | None


@dataclass
class Ledger:
    """All known paths and documents (by hash)."""

    files: dict[str, LedgerRow] = field(default_factory=dict)
    documents: dict[str, KnownDocument] = field(default_factory=dict)

    @cached_property
    def paths_of(self) -> dict[str, list[str]]:
        """The paths of each document, by its id."""
        paths: dict[str, list[str]] = {}
        for row in self.files.values():
            if row.document_id is not None:
                paths.setdefault(row.document_id, []).append(row.path)
        return paths

    @property
    def hashes(self) -> dict[str, KnownFile]:
        """The hashes of files that were read before, by path."""
        by_id = {document.id: document.sha256 for document in self.documents.values()}
        return {
            row.path: KnownFile(row.size, row.mtime_ns, by_id[row.document_id])
            for row in self.files.values()
            if row.size is not None and row.mtime_ns is not None and row.document_id is not None
        }


@dataclass(frozen=True, slots=True)
class ToRead:
    """A document to read; ``is_fresh`` tells that kept pages will not do. ``kind`` is what a manifest says it is,
    ``corrections`` are the entries on it, ``digest`` that of its rows, which stay when it gives the same."""

    sha256: str
    files: tuple[Identified, ...]
    known: KnownDocument | None
    is_fresh: bool
    kind: str | None = None
    corrections: tuple[Entry, ...] = ()
    digest: str | None = None


@dataclass(slots=True)
class Plan:
    """``to_read`` goes to the reading processes; ``to_attach`` are paths of documents that need no reading but whose
    rows in ``files`` change; ``gone`` are paths that have vanished. ``in_reach`` are all paths met."""

    to_read: list[ToRead] = field(default_factory=list)
    to_attach: list[tuple[str, tuple[FileFacts, ...]]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    in_reach: list[str] = field(default_factory=list)
    unchanged: int = 0


def read_ledger(connection: sqlite3.Connection) -> Ledger:
    """Return what the database knows of paths and documents."""
    ledger = Ledger()
    for row in connection.execute("SELECT path, status, reason, size, mtime_ns, document_id FROM files"):
        ledger.files[row["path"]] = LedgerRow(*row)
    columns = "id, sha256, status, reason, reader_version, rules_version, code_version, tried, pages, kind_hint"
    columns += ", kind, year, state, corrections_version, digest"
    for row in connection.execute(f"SELECT {columns} FROM documents"):
        versions = Versions(row["reader_version"], row["rules_version"] or "", row["code_version"] or "")
        ledger.documents[row["sha256"]] = KnownDocument(
            row["id"], row["sha256"], row["status"], row["reason"], versions, row["tried"], row["pages"],
            row["kind_hint"], row["kind"], row["year"], row["state"], row["corrections_version"], row["digest"],
        )  # fmt: skip
    return ledger


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run wants: its versions, whether to retry what failed, what to do again, its password file's mark, the
    kinds that manifests give, by path, which documents it is about, and what people set right."""

    versions: Versions
    retry: bool = False
    again: Again = Again.NOTHING
    passwords_mark: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    selection: Selection = Selection()
    corrections: Corrections = field(default_factory=Corrections)


def make_plan(
    scanned: Scan, files: Sequence[Identified], refusals: Iterable[Refusal], ledger: Ledger, wish: Wish
) -> Plan:
    """Decide for each file what to do.

    With a selection, other documents are as if they had not been met, and no path counts as gone. Raises ``PescoError``
    for a name in it that nothing has.
    """
    if wish.selection:
        files, refusals = _select(scanned, files, refusals, ledger, wish.selection)
        scanned = Scan()
    plan = Plan(refusals=sorted([*scanned.refusals, *refusals], key=lambda one: one.path))
    for sha256, group in group_by_bytes(files).items():
        known = ledger.documents.get(sha256)
        kind = _kind_of(sha256, group, ledger, wish.kinds)
        entries = _entries_on(sha256, group, ledger, wish.corrections)
        reading = _reading_needed(known, wish, kind, corrections_mark(entries))
        if reading is not None:
            digest = None if reading else _digest_to_match(known, group, ledger, wish)
            plan.to_read.append(ToRead(sha256, tuple(group), known, reading, kind, entries, digest))
        elif any(_is_news(file, ledger.files, sha256) for file in group):
            plan.to_attach.append((sha256, tuple(file.facts for file in group)))
        else:
            plan.unchanged += len(group)
    plan.in_reach = [*(file.facts.path for file in files), *(refusal.path for refusal in plan.refusals)]
    met = set(plan.in_reach)
    plan.gone = sorted(
        path for path, row in ledger.files.items() if row.status != "gone" and path not in met and scanned.covers(path)
    )
    return plan


def _select(
    scanned: Scan, files: Sequence[Identified], refusals: Iterable[Refusal], ledger: Ledger, selection: Selection
) -> tuple[list[Identified], list[Refusal]]:
    """Return the files of the documents that a selection chooses, and the refused paths that it names."""
    refused = [*scanned.refusals, *refusals]
    selection.check_names([*((file.sha256, file.facts.path) for file in files), *(("", one.path) for one in refused)])
    chosen = {
        sha256
        for sha256, group in group_by_bytes(files).items()
        if selection.fits(sha256, [file.facts.path for file in group], ledger.documents.get(sha256))
    }
    return [file for file in files if file.sha256 in chosen], [
        one for one in refused if selection.only and selection.fits("", [one.path], None)
    ]


def _kind_of(sha256: str, group: Sequence[Identified], ledger: Ledger, kinds: Mapping[str, str]) -> str | None:
    """Return the kind that manifests give a document: that of the first of all its paths that has one."""
    if not kinds:
        return None
    paths = {file.facts.path for file in group} | set(ledger.paths_of.get(document_id(sha256), ()))
    return next((kinds[path] for path in sorted(paths) if path in kinds), None)


def _entries_on(
    sha256: str, group: Sequence[Identified], ledger: Ledger, corrections: Corrections
) -> tuple[Entry, ...]:
    """Return the entries on a document, by its hash or the names of its files: those met, and others that hold it."""
    if not corrections.entries:
        return ()
    others = (ledger.files[path] for path in ledger.paths_of.get(document_id(sha256), ()))
    names = [PurePath(row.path).name for row in others if row.status != "gone"]
    return corrections.for_document(sha256, [*(file.facts.filename for file in group), *names])


def _reading_needed(known: KnownDocument | None, wish: Wish, kind: str | None, corrections: str | None) -> bool | None:
    """Return ``True`` when the PDF must be opened, ``False`` when kept pages will do, ``None`` for neither."""
    if known is None or wish.again is Again.PAGES or known.versions.reader != wish.versions.reader:
        return True
    if known.status != "loaded" and _deserves_retry(known, wish):
        return True
    if known.status == "quarantined":
        return None
    is_stale = (known.versions.rules, known.versions.code, known.kind_hint, known.corrections) != (
        wish.versions.rules,
        wish.versions.code,
        kind,
        corrections,
    )
    return False if is_stale or wish.again is Again.RULES else None


def _digest_to_match(
    known: KnownDocument | None, group: Sequence[Identified], ledger: Ledger, wish: Wish
) -> str | None:
    """Return the digest of the rows that stay when the document gives the same again, or ``None`` when anything else
    that rows are made from may have changed.

    The digest covers what was found in the document, what was corrected in it and the names that the gazetteers hold
    (``pipeline.digest``). Left are the code that makes rows and the document's file name: its paths must be the very
    ones that the database has. Whoever lets anything else decide about rows adds it to the digest or here.
    """
    if known is None or known.versions.code != wish.versions.code:
        return None
    paths = ledger.paths_of.get(known.id, [])
    is_settled = all(ledger.files[path].status not in ("gone", "waiting") for path in paths)
    return known.digest if is_settled and sorted(paths) == sorted(file.facts.path for file in group) else None


def _deserves_retry(known: KnownDocument, wish: Wish) -> bool:
    """Tell whether bytes that failed before may do better now, with the same reader."""
    if wish.retry:
        return True
    if known.reason == Reason.ENCRYPTED:
        return wish.passwords_mark is not None and wish.passwords_mark != known.tried
    if known.reason in (Reason.UNKNOWN_LAYOUT, Reason.NOT_LOADABLE):
        return known.versions.code != wish.versions.code
    return False


def _is_news(file: Identified, rows: Mapping[str, LedgerRow], sha256: str) -> bool:
    """Tell whether a path's row does not say yet what the path holds."""
    row = rows.get(file.facts.path)
    if row is None or row.status in ("gone", "waiting") or row.document_id != document_id(sha256):
        return True
    return (row.size, row.mtime_ns) != (file.facts.size, file.facts.mtime_ns)
