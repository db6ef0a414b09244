"""Runs of equal numbers in a column: where each starts. It is asked for some hundred times a page."""

import numpy as np
from numpy.typing import NDArray

from extractors.glyphs import Indices


def run_starts(numbers: NDArray[np.generic]) -> Indices:
    """Return where the runs of equal neighbours start.

    >>> run_starts(np.array([4, 4, 7, 4])).tolist()
    [0, 2, 3]
    """
    is_first = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=is_first[1:])
    return is_first.nonzero()[0]
