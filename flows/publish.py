"""``pesco publish`` and ``pesco restrict``: a copy for others, and what stays out of it."""

import json
import shutil
from pathlib import Path

from flows.terminal import open_console, plain
from models.errors import PescoError
from pipeline.store.catalogue import metadata
from pipeline.store.failures import storage_errors
from pipeline.store.publish import copy_files, write_public_copy
from pipeline.store.restrict import restrict

DATABASE = "pesco.db"
METADATA = "metadata.json"
READ_ME = "README.md"
DOCUMENTS = "documents"
_OWN = frozenset({DATABASE, METADATA, READ_ME, DOCUMENTS, "pictures"})
_WORDS = """# PESCO facts, a read-only copy

Projects, states, dates and commitments in PESCO documents, each with its place on the page.

- `{database}`: the database, a file of SQLite. Any program that knows SQLite opens it.
- `documents/`, if it is there: the documents, for pages with their words highlighted.
- `{metadata}`: what its tables, columns and questions mean, for Datasette.

With pesco-pipeline, on this machine:

    pesco browse --db {database}

With [Datasette](https://datasette.io) alone, also for others:

    datasette serve --immutable {database} --metadata {metadata}
"""


def publish_copy(db: Path, folder: Path, *, with_files: bool = False) -> None:
    """Write the copy, its metadata and how to serve it into a folder, and say what stayed out; raises ``PescoError``.

    A folder with other files in it is refused, as whoever gets the folder would get them as well. What an older copy
    left there goes first: it may be restricted by now. ``with_files`` adds the PDFs of the public documents.
    """
    copied = missing = 0
    with storage_errors(folder):
        if folder.is_dir() and (others := sorted({path.name for path in folder.iterdir()} - _OWN)):
            raise PescoError(f"{folder} holds other files ({others[0]}); name an empty folder, or an older copy")
        if (folder / DATABASE).exists() and (folder / DATABASE).samefile(db):
            raise PescoError(f"{folder} holds the database itself; name another folder for the copy")
        folder.mkdir(parents=True, exist_ok=True)
        for name in (DOCUMENTS, "pictures"):
            shutil.rmtree(folder / name, ignore_errors=True)
        copy = write_public_copy(db, folder / DATABASE)
        if with_files:
            copied, missing = copy_files(db, folder / DATABASE)
        about = json.dumps(metadata(Path(DATABASE).stem), indent=1, ensure_ascii=False)
        (folder / METADATA).write_text(about + "\n", encoding="utf-8")
        (folder / READ_ME).write_text(_WORDS.format(database=DATABASE, metadata=METADATA), encoding="utf-8")
    console = open_console()
    console.print(f"{plain(folder)}: {copy.documents} documents, {copy.pages} pages, {copy.mentions} mentions")
    console.print(f"left out: {copy.restricted} restricted, {copy.quarantined} that could not be read")
    if with_files:
        console.print(f"files: {copied} copied, {missing} no longer where they were read, or changed")
    console.print(f"Next: pesco browse --db {plain(copy.path)}", soft_wrap=True)


def restrict_document(identifier: str, db: Path, wait_seconds: float, *, is_off: bool) -> None:
    """Mark a document as restricted, or no longer, and say so; raises ``PescoError`` when there is none."""
    done = restrict(db, identifier, is_off=is_off, wait_seconds=wait_seconds)
    state = "restricted: it stays out of copies made from now on" if done.is_restricted else "no longer restricted"
    was = "" if done.has_changed else ", as it was before"
    open_console().print(f"document {done.document_id}, {plain(done.filename)}, is {state}{was}", soft_wrap=True)
