"""How much time and memory a document may take, by its size and number of pages."""

from dataclasses import dataclass

MIB = 1 << 20
# What a page takes on disk when nothing else tells how many there are.
_BYTES_PER_PAGE = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Settings: seconds for any document and for each page, at most ``max_seconds``; memory for any document and for
    each byte of its file, at most ``max_memory``. ``max_bytes`` is the size from which a file is not read at all.
    ``ocr_seconds`` and ``ocr_memory`` is what the recognition of pictures may take beyond that."""

    seconds: float = 30.0
    seconds_per_page: float = 1.0
    max_seconds: float = 1800.0
    memory: int = 800 * MIB
    memory_per_byte: float = 4.0
    max_memory: int = 1600 * MIB
    max_bytes: int = 500 * MIB
    ocr_seconds: float = 3600.0
    ocr_memory: int = 1200 * MIB

    def seconds_for(self, size: int, pages: int | None) -> float:
        """Return the time limit of a document of that size in bytes; without ``pages`` their number is guessed."""
        guessed = size / _BYTES_PER_PAGE if pages is None else pages
        return min(self.seconds + self.seconds_per_page * guessed, max(self.max_seconds, self.seconds))

    def memory_for(self, size: int) -> int:
        """Return the memory limit, in bytes of address space, of a document of that size."""
        return min(self.memory + int(self.memory_per_byte * size), max(self.max_memory, self.memory))
