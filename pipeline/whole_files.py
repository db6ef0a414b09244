"""Files that are there whole or not at all: written beside their place, and put there when they are complete."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A name must leave room for what is put around it.
_MAX_NAME = 100


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty hidden file beside ``target``, which only its owner can read. It takes the target's place, and that
    of a file there, when the block ends; it goes when the block raises. Raises ``OSError``."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:_MAX_NAME]}.")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file; raises ``OSError``."""
    with replacing(path) as part:
        part.write_bytes(data)
