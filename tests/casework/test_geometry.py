"""Points, boundaries and distances."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.geometry import Areas, Boundary, contains, distance, middle, overlap
from tests.casework.places import square

UNIT = square(0, 0)
HOLED: Boundary = (*square(0, 0, 4), *square(1, 1, 2))


def star(count: int, radii: list[float]) -> Boundary:
    """A boundary around (0, 0) with a corner at each angle."""
    ring = [
        (
            radii[at] * math.sin(2 * math.pi * at / count),
            radii[at] * math.cos(2 * math.pi * at / count),
        )
        for at in range(count)
    ]
    return (tuple(ring),)


def test_a_square() -> None:
    assert contains(UNIT, (0.5, 0.5))
    assert not contains(UNIT, (1.5, 0.5))
    assert not contains(UNIT, (0.5, -0.5))
    assert middle(UNIT) == (0.5, 0.5)


def test_a_hole_is_outside() -> None:
    assert contains(HOLED, (0.5, 0.5))
    assert not contains(HOLED, (2, 2))


@given(
    st.lists(st.floats(0.5, 2), min_size=3, max_size=12),
    st.floats(0, 2 * math.pi),
    st.floats(0, 3),
)
def test_a_point_is_inside_exactly_the_drawn_boundary(
    radii: list[float], angle: float, far: float
) -> None:
    """In a star the border is crossed once from its middle: where, is worked out by itself."""
    count = len(radii)
    step = 2 * math.pi / count
    at = int(angle / step) % count
    a, b = radii[at], radii[(at + 1) % count]
    alpha, beta = angle - at * step, (at + 1) * step - angle
    assume(step < math.pi)
    border = a * b * math.sin(step) / (a * math.sin(alpha) + b * math.sin(beta))
    assume(abs(far - border) > 1e-6)
    point = (far * math.sin(angle), far * math.cos(angle))
    assert contains(star(count, radii), point) is (far < border)


@given(
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5, unique=True),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
)
def test_a_point_of_a_divided_area_is_in_one_part(
    cuts: list[float], lat: float, lng: float
) -> None:
    edges = [0.0, *sorted(cuts), 1.0]
    parts = {
        str(at): (((0.0, west), (0.0, east), (1.0, east), (1.0, west)),)
        for at, (west, east) in enumerate(pairwise(edges))
    }
    assert len(Areas(parts).at((lat, lng))) == 1


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_the_net_finds_what_looking_everywhere_finds(lat: float, lng: float) -> None:
    areas = {f"{row} {column}": square(row, column) for row in (-2, 0, 1) for column in (-2, 0, 1)}
    areas["large"] = square(-50, -50, 100)
    found = set(Areas(areas).at((lat, lng)))
    assert found == {key for key, each in areas.items() if contains(each, (lat, lng))}


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        (square(0, 0), square(0, 1), False),
        (square(0, 0), square(1, 1), False),
        (square(0, 0), square(0.5, 0.5), True),
        (square(0, 0), square(0, 0), True),
        (square(0, 0, 4), square(1, 1), True),
        (square(0, 0, 4), square(0, 0), True),
        (square(0, 0), square(5, 5), False),
        (HOLED, square(1.5, 1.5), False),
        (square(0, 0), (((0.0, 0.5), (0.0, 1.5), (1.0, 1.5), (1.0, 0.5)),), True),
    ],
)
def test_a_common_border_is_no_overlap(a: Boundary, b: Boundary, shared: bool) -> None:
    assert overlap(a, b) is shared
    assert overlap(b, a) is shared
    assert Areas({"a": a, "b": b}).overlaps() == ([("a", "b")] if shared else [])


def test_distances_are_metres() -> None:
    assert distance((30.0, 104.0), (30.0, 104.0)) == 0
    assert distance((0.0, 0.0), (1.0, 0.0)) == pytest.approx(111_195, rel=1e-3)
    assert distance((30.0, 104.0), (30.0, 105.0)) == pytest.approx(96_297, rel=1e-3)
