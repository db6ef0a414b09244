"""The median of a few numbers, at a tenth of what numpy's takes: it is asked for some forty times a page."""

from collections.abc import Iterable

import numpy as np

from extractors.glyphs import Floats


def median(values: Floats) -> float:
    """Return the median as ``np.median`` gives it, to the last bit; nan where there is nothing.

    >>> median(np.array([3.0, 1.0, 2.0, 10.0]))
    2.5
    """
    ordered = np.sort(values, axis=None)
    half = len(ordered) >> 1
    if len(ordered) == 0:
        return float("nan")
    return float(ordered[half]) if len(ordered) & 1 else float((ordered[half - 1] + ordered[half]) / 2)


def median_of(values: Iterable[float]) -> float:
    """Return the same for plain numbers, of which there is at least one.

    >>> median_of([3.0, 1.0, 2.0, 10.0])
    2.5
    """
    ordered = sorted(values)
    half = len(ordered) >> 1
    return ordered[half] if len(ordered) & 1 else (ordered[half - 1] + ordered[half]) / 2
