"""Drawn lines as rulings: pieces joined, double strokes one, groups told apart, shading and drawings refused."""

import numpy as np

from extractors.tables.painted import read_paint
from extractors.tables.rulings import (
    cluster_means,
    count_strokes,
    group_rulings,
    read_rulings,
    slanted_strokes,
)


def edges(*boxes: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def sides(x0: float, top: float, x1: float, bottom: float) -> list[tuple[float, float, float, float]]:
    return [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]


def test_pieces_and_double_strokes_become_one_ruling() -> None:
    found = read_rulings(edges((0, 10, 50, 10), (51, 10.5, 100, 10.5), (0, 11, 100, 11), (0, 40, 100, 40)))
    assert found.across.round(1).tolist() == [[10.5, 0, 100], [40, 0, 100]]


def test_specks_and_slanted_strokes_are_no_rulings() -> None:
    found = read_rulings(edges((0, 10, 2, 10), (0, 0, 50, 30), (5, 0, 5, 3)))
    assert len(found.across) == len(found.down) == 0


def test_rulings_that_do_not_touch_are_apart() -> None:
    found = group_rulings(read_rulings(edges(*sides(0, 0, 50, 50), *sides(100, 0, 150, 50))))
    assert [(len(group.across), len(group.down)) for group in found] == [(2, 2), (2, 2)]
    assert found[0].box == (0, 0, 50, 50)


def test_clusters_give_their_means() -> None:
    assert cluster_means(np.array([9.0, 1.0, 2.0]), 1.5).tolist() == [1.5, 9.0]
    assert cluster_means(np.array([]), 1.5).tolist() == []


def test_sides_of_painted_areas_are_not_drawn_but_a_line_along_one_is() -> None:
    rects = edges((0, 0, 50, 20), (0, 30, 50, 31))
    filled = np.array([True, True])
    drawn = edges(*sides(0, 0, 50, 20), *sides(0, 30, 50, 31))
    paint = read_paint(drawn, rects, filled)
    assert paint.areas.tolist() == [[0, 0, 50, 20]]
    assert len(paint.drawn) == 4
    assert paint.cells is drawn
    assert len(read_paint(np.concatenate((drawn, edges((0, 20, 50, 20)))), rects, filled).drawn) == 6


def test_shading_of_lines_inside_a_painted_cell_is_left_out() -> None:
    rects = edges((0, 0, 50, 40), (0, 5, 50, 15), (0, 15, 50, 25), (60, 0, 90, 40), (65, 5, 80, 15))
    drawn = edges(*(side for rect in rects.tolist() for side in sides(*rect)))
    paint = read_paint(drawn, rects, np.ones(5, dtype=np.bool_))
    assert len(paint.cells) == len(drawn) - 8
    assert len(paint.drawn) == 0


def test_areas_side_by_side_or_of_one_height_shade_no_cell() -> None:
    rects = edges((0, 0, 50, 40), (2, 5, 50, 15), (0, 50, 50, 60), (0, 50, 50, 60.4), (0, 30, 50, 41))
    drawn = edges(*(side for rect in rects.tolist() for side in sides(*rect)))
    assert len(read_paint(drawn, rects, np.ones(5, dtype=np.bool_)).cells) == len(drawn)


def test_rulings_that_a_later_one_connects_are_one_group_and_one_that_touches_none_is_in_none() -> None:
    lines = [(0, 10, 50, 10), (60, 20, 90, 20), (200, 25, 300, 25), (0, 40, 90, 40)]
    found = group_rulings(read_rulings(edges(*lines, (0, 10, 0, 40), (90, 20, 90, 40))))
    assert [group.across[:, 0].tolist() for group in found] == [[10, 20, 40]]
    assert found[0].down[:, 0].tolist() == [0, 90]


def test_curves_of_a_drawing_count_and_dots_do_not() -> None:
    dots = [(x, 5.0, x + 0.5, 5.5) for x in range(20)]
    curve = [(x * 3.0, 5.0 + x, x * 3.0 + 3, 6.0 + x) for x in range(12)]
    assert count_strokes(slanted_strokes(edges(*dots)), (0, 0, 100, 100)) == 0
    assert count_strokes(slanted_strokes(edges(*curve)), (0, 0, 100, 100)) == 12
    assert count_strokes(slanted_strokes(edges(*curve)), (0, 0, 20, 20)) < 12
