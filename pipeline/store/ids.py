"""Ids: hashes of few stable raw fields, so that a rerun gives the same ids whatever the order of loading.

``IdMaker`` numbers rows that would have the same id (the same words printed twice in one place), so that each row has
its own. A document's id is the beginning of its bytes' hash.
"""

import hashlib
from collections import Counter

from models.spans import Box

ID_LENGTH = 20


def document_id(sha256: str) -> str:
    """Return the id of a document from the hash of its bytes (64 hex digits)."""
    return sha256[:ID_LENGTH]


def page_id(document: str, page: int) -> int:
    """Return the id of a page: a positive integer below 2**63, which full-text search needs and VACUUM keeps."""
    return (int(document[:11], 16) << 18) + page


def box_key(box: Box | None) -> str:
    """Return a box to a hundredth of a point, so that noise in the last digit does not change an id."""
    if box is None:
        return ""
    return f"{box.page}:{box.x0:.2f}:{box.top:.2f}:{box.x1:.2f}:{box.bottom:.2f}"


class IdMaker:
    """Makes the ids of one document's rows, or of one file's."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def make(self, *fields: object) -> str:
        """Return the id for these fields; the same fields again give the next id of their own."""
        raw = "\x1f".join(map(str, fields))
        again = self._given[raw]
        self._given[raw] += 1
        if again:
            raw = f"{raw}\x1f{again}"
        return hashlib.blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=ID_LENGTH // 2).hexdigest()
