"""A throttle lets a burst through, gives back over time, and never grows without end."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.throttle import Throttle

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def tries(throttle: Throttle, key: str, count: int, now: datetime) -> int:
    """How many of so many tries get through."""
    passed = 0
    for _ in range(count):
        if not throttle.wait(key, now):
            throttle.count(key, now)
            passed += 1
    return passed


def test_a_burst_passes_and_comes_back_evenly() -> None:
    throttle = Throttle(5, 5 * MINUTE)
    assert tries(throttle, "a", 10, NOON) == 5
    assert tries(throttle, "b", 10, NOON) == 5
    assert throttle.wait("a", NOON) == MINUTE
    assert tries(throttle, "a", 10, NOON + MINUTE) == 1
    assert tries(throttle, "a", 10, NOON + 60 * MINUTE) == 5


def test_forgetting_gives_everything_back() -> None:
    throttle = Throttle(3, MINUTE)
    assert tries(throttle, "a", 5, NOON) == 3
    throttle.forget("a")
    throttle.forget("never seen")
    assert tries(throttle, "a", 5, NOON) == 3


def test_memory_is_bounded_by_forgetting_the_oldest() -> None:
    throttle = Throttle(1, MINUTE, most_keys=2)
    for key in ("a", "b", "c"):
        throttle.count(key, NOON)
    assert not throttle.wait("a", NOON)
    assert throttle.wait("b", NOON)
    assert throttle.wait("c", NOON)


@pytest.mark.parametrize(("burst", "period"), [(0, MINUTE), (1, timedelta())])
def test_a_throttle_that_lets_nothing_through_is_refused(burst: int, period: timedelta) -> None:
    with pytest.raises(ValueError, match="throttle"):
        Throttle(burst, period)
