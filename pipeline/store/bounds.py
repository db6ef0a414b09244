"""First and last day of an EDTF value, as ``YYYY-MM-DD``: what makes dates comparable and sortable in SQL."""

from functools import lru_cache

from models.dates import EdtfDate

Bounds = tuple[str | None, str | None]


@lru_cache(maxsize=8192)
def date_bounds(value: str) -> Bounds:
    """Return first and last day of an EDTF value, ``None`` where it is open; raises ``EdtfError``.

    >>> date_bounds("2024-35")
    ('2024-07-01', '2024-09-30')
    >>> date_bounds("../2025")
    (None, '2025-12-31')
    """
    parsed = EdtfDate.parse(value)
    return (
        None if parsed.first is None else parsed.first.isoformat(),
        None if parsed.last is None else parsed.last.isoformat(),
    )
