"""Freed memory goes back to the system at the two moments when much of it was freed: after reading and after layout.

The C library keeps what small objects leave behind, so the next stage's would come on top: a hundred megabytes for a
document of 300 pages.
"""

import ctypes
import gc
from collections.abc import Callable
from functools import cache

# What fewer pages leave behind is not worth the time.
_MIN_PAGES = 100


def give_back(n_pages: int) -> None:
    """Give back to the system what a document of so many pages has left free, where the C library can."""
    trim = _load_trim()
    if n_pages >= _MIN_PAGES and trim is not None:
        # An open PDF refers to itself in many ways and waits to be collected.
        gc.collect()
        trim(0)


@cache
def _load_trim() -> Callable[[int], object] | None:
    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # not glibc
        return None
    return trim
