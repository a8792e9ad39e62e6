"""Token buckets with a clock of one's own."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import Limits, Pacing, Rate, telegram_limits

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def sent_at(pacing: Pacing, count: int, *, chats: int = 1, group: bool = False) -> list[datetime]:
    """When ``count`` messages leave that are all ready at noon, dealt to so many chats."""
    now, times = NOON, []
    waiting = [f"{'-' if group else ''}{n % chats}" for n in range(count)]
    while waiting:
        if pacing.room(now) < 1:
            now = max(now + timedelta(microseconds=1), pacing.room_at(now))
            continue
        refused = [pacing.take(chat, now, group=group) for chat in waiting]
        times += [now for again in refused if again is None]
        waiting = [chat for chat, again in zip(waiting, refused, strict=True) if again]
        if waiting:
            now = min(again for again in refused if again is not None)
    return times


def most_within(times: list[datetime], seconds: float) -> int:
    """The most that left in any window of this length."""
    window = timedelta(seconds=seconds)
    return max(sum(1 for other in times if each <= other < each + window) for each in times)


def test_without_limits_everything_leaves_at_once() -> None:
    pacing = Pacing(telegram_limits(0))
    assert sent_at(pacing, 500) == [NOON] * 500


def test_thirty_a_second_over_all_chats() -> None:
    pacing, now, times = Pacing(telegram_limits(30)), NOON, []
    for chat in range(200):
        while pacing.room(now) < 1:
            now = pacing.room_at(now)
        assert pacing.take(str(chat), now) is None
        times.append(now)
    assert most_within(times, 1) <= 30
    assert times[-1] <= at(9)  # and not much slower than allowed


def test_one_a_second_in_a_chat_after_a_short_burst() -> None:
    times = sent_at(Pacing(telegram_limits(30)), 8)
    assert times[:3] == [NOON] * 3
    assert most_within(times[3:], 1) <= 2
    assert at(4.9) <= times[-1] <= at(5.1)


def test_twenty_a_minute_in_a_group() -> None:
    times = sent_at(Pacing(telegram_limits(30)), 60, group=True)
    assert most_within(times, 60) <= 20


def test_retry_after_holds_its_chat_only() -> None:
    pacing = Pacing(telegram_limits(30))
    pacing.hold("1", at(40), NOON)
    assert pacing.take("1", at(39)) == at(40)
    assert pacing.take("2", at(1)) is None
    assert pacing.take("1", at(40)) is None


def test_retry_after_for_two_chats_means_the_bot() -> None:
    pacing = Pacing()
    pacing.hold("1", at(40), NOON)
    pacing.hold("2", at(30), at(1))
    assert pacing.room(at(29)) == 0
    assert pacing.room_at(at(29)) == at(30)
    assert pacing.room(at(30)) > 0


def test_quiet_chats_are_forgotten() -> None:
    pacing = Pacing(Limits(chat=Rate(1, 3)))
    for second in range(1000):
        pacing.take(str(second), at(second))
    assert len(pacing._chats) < 130


@given(st.lists(st.floats(0, 5), max_size=60))
def test_a_chat_never_gets_more_than_its_burst_and_flow(waits: list[float]) -> None:
    pacing, now, times = Pacing(telegram_limits(30)), NOON, []
    for wait in waits:
        now += timedelta(seconds=wait)
        if pacing.take("1", now) is None:
            times.append(now)
    for each in times:
        assert sum(1 for other in times if each <= other <= each + timedelta(seconds=10)) <= 13
