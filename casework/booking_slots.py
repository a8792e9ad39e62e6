"""Which slots a calendar has, which are free, and which few of them are offered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from casework.booking import BookingRule, Calendar
from casework.working_calendar import CHINA, WorkingCalendar, midnight_after

_DAY = timedelta(days=1)
_NOON = 12

Taken = Mapping[tuple[str, datetime], int]
"""How many places are taken, by calendar and start."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of a calendar."""

    calendar_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """When a resident would like to come: on one of ``days`` (any where there are none), not
    before ``earliest`` and before ``latest`` on the clock of China. A wish without anything fits
    every time."""

    days: frozenset[date] = field(default_factory=frozenset)
    earliest: time | None = None
    latest: time | None = None

    def __bool__(self) -> bool:
        return bool(self.days) or self.earliest is not None or self.latest is not None

    def fits(self, slot: Slot) -> bool:
        """Whether the slot is as wished."""
        local = slot.starts_at.astimezone(CHINA)
        if self.days and local.date() not in self.days:
            return False
        early = self.earliest is not None and local.time() < self.earliest
        return not early and (self.latest is None or local.time() < self.latest)


def is_open(calendar: Calendar, day: date, working: WorkingCalendar) -> bool:
    """Whether the calendar has slots on this day: never on a public holiday unless it is dated."""
    if day in calendar.closed_days or calendar.closed_at is not None:
        return False
    if day in calendar.days:
        return True
    begun = calendar.first_day <= day
    ended = calendar.last_day is not None and day > calendar.last_day
    weekly = day.weekday() in calendar.weekdays and day not in working.holidays
    return begun and not ended and weekly


def is_over(calendar: Calendar, today: date) -> bool:
    """Whether no day of it is left, from ``today`` on."""
    if calendar.closed_at is not None:
        return True
    weekly = calendar.weekdays and (calendar.last_day is None or today <= calendar.last_day)
    return not weekly and all(day < today for day in calendar.days)


def slots(calendar: Calendar, day: date, working: WorkingCalendar) -> tuple[Slot, ...]:
    """All slots of a day, in order."""
    if not is_open(calendar, day, working):
        return ()
    midnight = datetime.combine(day, time(), CHINA)
    length = calendar.slot_minutes
    return tuple(
        Slot(
            calendar.id,
            midnight + timedelta(minutes=start),
            midnight + timedelta(minutes=start + length),
        )
        for opens, closes in calendar.spans
        for start in range(opens, closes - length + 1, length)
    )


def slot_at(calendar: Calendar, starts_at: datetime, working: WorkingCalendar) -> Slot | None:
    """The slot that begins at this moment, if the calendar has one."""
    found = slots(calendar, starts_at.astimezone(CHINA).date(), working)
    return next((slot for slot in found if slot.starts_at == starts_at), None)


def has_room(calendar: Calendar, slot: Slot, taken: Taken, *, released: int = 0) -> bool:
    """Whether one more fits into the slot and into its day.

    ``released`` is 1 when the one who asks gives up another place on that day. ``taken`` holds
    that day at least.
    """
    if taken.get((calendar.id, slot.starts_at), 0) >= calendar.capacity:
        return False
    if calendar.day_cap is None:
        return True
    day = slot.starts_at.astimezone(CHINA).date()
    return of_day(calendar, day, taken) - released < calendar.day_cap


def of_day(calendar: Calendar, day: date, taken: Taken) -> int:
    """How many places of a day are taken, whatever slots the day has by now."""
    first, last = day_of(day)
    return sum(
        count
        for (calendar_id, starts_at), count in taken.items()
        if calendar_id == calendar.id and first <= starts_at < last
    )


def day_of(day: date) -> tuple[datetime, datetime]:
    """The day's first moment and the first one after it."""
    return datetime.combine(day, time(), CHINA), midnight_after(day)


def free(
    calendar: Calendar,
    taken: Taken,
    working: WorkingCalendar,
    now: datetime,
    rule: BookingRule,
    days: Collection[date] = (),
) -> Iterator[Slot]:
    """The slots that can still be booked (on these ``days``, on any where there are none), in
    order: never past, never too soon to come."""
    earliest, day = now + rule.ahead, now.astimezone(CHINA).date()
    last = day + timedelta(days=rule.horizon.days)
    while day <= last:
        for slot in slots(calendar, day, working) if not days or day in days else ():
            if slot.starts_at >= earliest and has_room(calendar, slot, taken):
                yield slot
        day += _DAY


def offer(
    found: Iterable[Slot], most: int, *, wish: Wish, seen: Collection[str] = ()
) -> tuple[Slot, ...]:
    """A few of them to choose from: those wished for, not offered before, of different half-days
    where there are enough. ``found`` is in order, and read no further than needed."""
    first_of: dict[tuple[date, bool], Slot] = {}
    rest: list[Slot] = []
    for slot in found:
        if not wish.fits(slot) or key_of(slot) in seen:
            continue
        local = slot.starts_at.astimezone(CHINA)
        half = (local.date(), local.hour < _NOON)
        if half in first_of:
            rest.append(slot)
        first_of.setdefault(half, slot)
        if len(first_of) == most:
            break
    chosen = [*first_of.values(), *rest[: most - len(first_of)]]
    return tuple(sorted(chosen, key=by_time))


def by_time(slot: Slot) -> tuple[datetime, str]:
    """The order in which slots are offered."""
    return slot.starts_at, slot.calendar_id


def key_of(slot: Slot) -> str:
    """The slot as a short text: the calendar and the minute it begins."""
    return key(slot.calendar_id, slot.starts_at)


def key(calendar_id: str, starts_at: datetime) -> str:
    """As ``key_of``."""
    return f"{calendar_id}:{int(starts_at.timestamp()) // 60}"


def read_key(text: str) -> tuple[str, datetime] | None:
    """The calendar and the moment; None for what is no key."""
    calendar_id, colon, minute = text.rpartition(":")
    if not colon or not minute.isdigit() or not minute.isascii() or len(minute) > _LONGEST:
        return None
    return calendar_id, datetime.fromtimestamp(int(minute) * 60, CHINA)


_LONGEST = 9  # digits of a minute since 1970
