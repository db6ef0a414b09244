"""The folders of a run with their manifests: what these say goes into the database, and they are kept true."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.intake import Scan
from pipeline.manifest import Manifest, read_manifest, settle_manifests
from pipeline.names import from_text
from pipeline.store.restrict import mark_restricted
from pipeline.store.sources import Source, merge_sources, read_sources, write_sources


@dataclass(slots=True)
class Inbox:
    """What manifests say: ``known`` stands in the database, ``sources`` is what holds now; ``present`` are the files
    that are there."""

    manifests: list[Manifest] = field(default_factory=list)
    known: dict[str, Source] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    present: list[Path] = field(default_factory=list)

    @property
    def kinds(self) -> dict[str, str]:
        """The kinds that manifests give, by path."""
        return {path: source.kind for path, source in self.sources.items() if source.kind is not None}

    def store(self, connection: sqlite3.Connection) -> bool:
        """Write what manifests say, inside ``writing``; return whether anything changed. A mark as restricted stays
        when it is taken out of a manifest: ``pesco restrict --off`` takes it away."""
        has_changed = write_sources(connection, self.known, self.sources)
        restricted = sorted(path for path, source in self.sources.items() if source.restricted)
        return bool(mark_restricted(connection, restricted)) or has_changed

    def settle(self) -> list[str]:
        """Keep the manifests true; return in words what could not be written."""
        return settle_manifests(self.manifests, self.present)


def open_inbox(connection: sqlite3.Connection, scanned: Scan) -> Inbox:
    """Read the manifests of the folders that were walked; raises ``PescoError`` when one says what means nothing."""
    folders = [from_text(folder) for folder in scanned.folders]
    manifests = [manifest for folder in folders if (manifest := read_manifest(folder)) is not None]
    said: dict[str, Source] = {}
    for manifest in manifests:
        said |= manifest.sources()
    known = read_sources(connection)
    present = [file.location for file in scanned.files]
    return Inbox(manifests, known, merge_sources(known, said, scanned.covers), present)
