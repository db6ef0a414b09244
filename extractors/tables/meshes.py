"""A group of rulings as a mesh: column and row borders, merged cells, and the glyphs that stand in each.

Enter rulings that hang together and the page; leaves first a ``Frame``, which tells where the mesh would stand, then a
``Mesh``. Whether it is a table is decided elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from extractors.glyphs import Bools, Floats, Indices, Ints, PageGlyphs
from extractors.runs import run_starts
from extractors.tables.rulings import REACH, Rulings, cluster_means

BORDER_SHARE = 0.5
"""A border counts as drawn when rulings cover this share of it."""
SLIVER_ROW = 6.0
SLIVER_COLUMN = 9.0
"""An empty row or column thinner than this, in points, is the gap between two borders."""
GLUE = 0.15
"""Neighbouring glyphs closer than this share of their size are one run, which never lies in two cells."""
OUTSIDE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """``xs`` (C + 1) and ``ys`` (R + 1) are borders in points. ``owners`` (R, C) numbers the cell that covers each
    place; a number always covers a rectangle. ``is_open_top`` and ``is_open_bottom``: no ruling is drawn there."""

    xs: Floats
    ys: Floats
    owners: Ints
    is_open_top: bool
    is_open_bottom: bool

    @property
    def n_rows(self) -> int:
        """Return the number of rows."""
        return len(self.ys) - 1

    @property
    def n_columns(self) -> int:
        """Return the number of columns."""
        return len(self.xs) - 1

    def rectangles(self) -> Ints:
        """Return each cell once as (row, column, row_span, column_span, owner), row by row."""
        found = _hulls(self.owners)[:, :5]
        return found[np.lexsort((found[:, 1], found[:, 0]))]


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """The printed glyphs of a page, those that belong to a word, sorted by the height of their middles: left and right
    edges, middles, and the glyph's index on the page."""

    x0: Floats
    x1: Floats
    x: Floats
    y: Floats
    glyph: Indices


def read_prints(page: PageGlyphs) -> Prints:
    """Return the printed glyphs of a page."""
    glyph = page.word_glyphs.astype(np.int64)
    y = (page.top.take(glyph) + page.bottom.take(glyph)) / 2
    order = y.argsort(kind="stable")
    glyph = glyph.take(order)
    x0, x1 = page.x0.take(glyph), page.x1.take(glyph)
    return Prints(x0, x1, (x0 + x1) / 2, y.take(order), glyph)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The borders that rulings which hang together give, ``all_xs`` and ``all_ys``, and those that are left, ``xs`` and
    ``ys``, without the columns and rows that are only gaps between double borders, ``is_gap_column`` and
    ``is_gap_row``."""

    rulings: Rulings
    all_xs: Floats
    all_ys: Floats
    is_gap_column: Bools
    is_gap_row: Bools
    xs: Floats
    ys: Floats


def read_frame(rulings: Rulings, prints: Prints, *, reach: float = REACH) -> Frame | None:
    """Return the frame of rulings that hang together, those within ``reach`` points taken as one border; ``None`` when
    it would have no inside."""
    x0, top, x1, bottom = rulings.box
    xs = cluster_means(np.concatenate((rulings.down[:, 0], (x0, x1))), reach)
    ys = cluster_means(np.concatenate((rulings.across[:, 0], (top, bottom))), reach)
    if len(xs) < 2 or len(ys) < 2:
        return None
    is_gap_column = xs[1:] - xs[:-1] < SLIVER_COLUMN
    is_gap_row = ys[1:] - ys[:-1] < SLIVER_ROW
    if is_gap_column.any() or is_gap_row.any():
        _, rows, columns = _places(xs, ys, prints)
        is_gap_column &= np.bincount(columns, minlength=len(xs) - 1) == 0
        is_gap_row &= np.bincount(rows, minlength=len(ys) - 1) == 0
        if not (is_gap_column.all() or is_gap_row.all()):
            left = _without(xs, is_gap_column), _without(ys, is_gap_row)
            return Frame(rulings, xs, ys, is_gap_column, is_gap_row, *left)
    return Frame(rulings, xs, ys, np.zeros_like(is_gap_column), np.zeros_like(is_gap_row), xs, ys)


def build_mesh(frame: Frame) -> Mesh | None:
    """Return the mesh in a frame; ``None`` when its rulings part no cells."""
    is_wall = _covered(frame.rulings.down, frame.all_xs, frame.all_ys)
    is_floor = _covered(frame.rulings.across, frame.all_ys, frame.all_xs)
    owners = _merge(is_wall[1:-1].T, is_floor[1:-1])
    if owners.max() == owners.min():
        return None
    return Mesh(
        xs=frame.xs,
        ys=frame.ys,
        owners=owners[~frame.is_gap_row][:, ~frame.is_gap_column],
        is_open_top=not bool(is_floor[0].any()),
        is_open_bottom=not bool(is_floor[-1].any()),
    )


def place_glyphs(mesh: Mesh, page: PageGlyphs, prints: Prints) -> Ints:
    """Return for each glyph of the page the owner number of its cell, or ``OUTSIDE``; blanks are outside. A run of
    touching glyphs that crosses a border stays whole, in the cell that holds most of it."""
    placed = np.full(len(page), OUTSIDE, dtype=np.int32)
    if page.n_words == 0:
        return placed
    inside, rows, columns = _places(mesh.xs, mesh.ys, prints)
    placed[prints.glyph[inside]] = mesh.owners[rows, columns]
    order = page.word_glyphs
    owners = placed[order]
    starts = page.word_starts[:-1]
    is_torn = np.minimum.reduceat(owners, starts) != np.maximum.reduceat(owners, starts)
    for word in is_torn.nonzero()[0].tolist():
        members = order[page.word_starts[word] : page.word_starts[word + 1]]
        for run in _runs(page, members):
            placed[run] = _most(placed[run].tolist())
    return placed


def _most(numbers: list[int]) -> int:
    """Return the number that comes most often, of several the least."""
    return min(set(numbers), key=lambda number: (-numbers.count(number), number))


def _without(borders: Floats, is_gone: Bools) -> Floats:
    """Return borders with the two sides of each gap replaced by their middle; gaps at the rim give their inner side."""
    kept = borders.copy()
    for gap in np.flatnonzero(is_gone):
        if gap == 0:
            kept[gap] = kept[gap + 1]
        elif gap == len(is_gone) - 1:
            kept[gap + 1] = kept[gap]
        else:
            kept[gap + 1] = kept[gap] = (kept[gap] + kept[gap + 1]) / 2
    remaining: Floats = kept[np.append(True, ~is_gone)]
    return remaining


def _covered(rulings: Floats, places: Floats, steps: Floats) -> Bools:
    """Return (places, steps - 1): whether rulings at a place cover the stretch between two steps."""
    cover = np.zeros((len(places), len(steps) - 1))
    nearest = np.abs(rulings[:, :1] - places[None, :]).argmin(axis=1)
    overlap = np.minimum(rulings[:, 2:3], steps[None, 1:]) - np.maximum(rulings[:, 1:2], steps[None, :-1])
    np.add.at(cover, nearest, np.maximum(overlap, 0.0))
    is_covered: Bools = cover >= BORDER_SHARE * (steps[1:] - steps[:-1])
    return is_covered


def _merge(is_wall: Bools, is_floor: Bools) -> Ints:
    """Return cell numbers (R, C) from inner walls (R, C - 1) and floors (R - 1, C): places with no border between are
    one cell, and a cell that is no rectangle takes what it needs to become one."""
    n_rows, n_columns = is_wall.shape[0], is_floor.shape[1]
    owners = np.arange(n_rows * n_columns, dtype=np.int32).reshape(n_rows, n_columns)
    if is_wall.all() and is_floor.all():
        return owners
    while True:
        _level_runs(owners, is_wall, is_floor)
        if not _square(owners):
            return owners
        # What became one rectangle has no borders inside.
        is_wall = is_wall & (owners[:, 1:] != owners[:, :-1])
        is_floor = is_floor & (owners[1:] != owners[:-1])


def _level_runs(owners: Ints, is_wall: Bools, is_floor: Bools) -> None:
    """Give places with no border between their least number, in place."""
    of_row, of_column = _find_runs(is_wall), _find_runs(is_floor.T)
    is_changed = True
    while is_changed:
        before = owners.copy()
        owners[:] = _level(owners, *of_row)
        owners[:] = _level(owners.T, *of_column).T
        is_changed = bool((owners != before).any())


def _find_runs(is_parted: Bools) -> tuple[Indices, Indices]:
    """Return where, along the rows of a matrix one after another, runs of places start that nothing parts, and how long
    they are."""
    is_start = np.ones((is_parted.shape[0], is_parted.shape[1] + 1), dtype=np.bool_)
    is_start[:, 1:] = is_parted
    starts = np.flatnonzero(is_start)
    return starts, np.append(starts[1:], is_start.size) - starts


def _level(numbers: Ints, starts: Indices, lengths: Indices) -> Ints:
    """Return a matrix with the least number of each run."""
    least = np.minimum.reduceat(numbers.ravel(), starts)
    return np.repeat(least, lengths).reshape(numbers.shape)


def _square(owners: Ints) -> bool:
    """Give each cell that is no rectangle its hull, in place; tell whether any needed it."""
    cells = _hulls(owners)
    torn = cells[cells[:, 2] * cells[:, 3] > cells[:, 5], 4]
    is_changed = False
    # A cell loses its places all at once, so that one that is a rectangle now stays one or goes.
    for number in torn:
        rows, columns = np.nonzero(owners == number)
        if len(rows) == 0:
            continue
        hull = owners[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        owners[np.isin(owners, hull)] = number
        is_changed = True
    return is_changed


def _hulls(owners: Ints) -> Ints:
    """Return for each cell (row, column, row_span, column_span, owner, number of places), by owner."""
    order = np.argsort(owners, axis=None, kind="stable")
    numbers = owners.ravel()[order]
    first = run_starts(numbers)
    rows, columns = np.divmod(order, owners.shape[1])
    row, column = np.minimum.reduceat(rows, first), np.minimum.reduceat(columns, first)
    row_span = np.maximum.reduceat(rows, first) - row + 1
    column_span = np.maximum.reduceat(columns, first) - column + 1
    counts = np.append(first[1:], len(numbers)) - first
    return np.column_stack((row, column, row_span, column_span, numbers[first], counts)).astype(np.int32)


def _places(xs: Floats, ys: Floats, prints: Prints) -> tuple[Indices, Indices, Indices]:
    """Return the printed glyphs whose centre is inside borders, as indices, with their rows and columns."""
    first, last = prints.y.searchsorted((ys[0], ys[-1])).tolist()
    rows = ys.searchsorted(prints.y[first:last], side="right") - 1
    columns = xs.searchsorted(prints.x[first:last], side="right") - 1
    inside = ((columns >= 0) & (columns < len(xs) - 1)).nonzero()[0]
    return inside + first, rows[inside], columns[inside]


def _runs(page: PageGlyphs, members: Ints) -> list[Ints]:
    """Split a word's glyphs where a gap is wider than touching letters leave."""
    gaps = page.x0[members[1:]] - page.x1[members[:-1]]
    return np.split(members, np.flatnonzero(gaps > GLUE * page.size[members[1:]]) + 1)
