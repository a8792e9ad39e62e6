"""Slots, places, reminders: pure, with time passed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import booking as rules
from casework import receptions
from casework.booking import (
    Appointment,
    BookingKind,
    BookingRule,
    Calendar,
    Due,
    Mode,
    Standing,
)
from casework.booking_slots import (
    Slot,
    Wish,
    free,
    has_room,
    is_open,
    key_of,
    offer,
    read_key,
    slot_at,
    slots,
)
from casework.errors import Incomplete, NotAllowed
from casework.receptions import Reception
from casework.working_calendar import CHINA, WorkingCalendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEDNESDAY = date(2026, 4, 29)
HOLIDAY = date(2026, 5, 6)  # a Wednesday that is free, made up for on a Saturday
WORKING = WorkingCalendar(
    holidays=frozenset({HOLIDAY}), workdays=frozenset({date(2026, 5, 9)}), years=frozenset({2026})
)
NOW = datetime(2026, 4, 27, 1, 0, tzinfo=UTC)  # Monday, nine in the morning in China
RULE = BookingRule((DAY, 2 * HOUR), 3, 21 * DAY, 2 * HOUR, 30 * DAY, 20)
CALENDAR = Calendar(
    id="c",
    kind=BookingKind.RECEPTION,
    title="领导接访日",
    unit_id="s",
    spans=((540, 690), (840, 960)),
    slot_minutes=60,
    opened_by="o",
    opened_at=NOW,
    first_day=date(2026, 4, 1),
    weekdays=(2,),
    place="接待室",
)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), CHINA)


def test_spans_are_cut_into_whole_slots() -> None:
    starts = [slot.starts_at for slot in slots(CALENDAR, WEDNESDAY, WORKING)]
    assert starts == [at(WEDNESDAY, hour) for hour in (9, 10, 14, 15)]
    assert slots(CALENDAR, WEDNESDAY + DAY, WORKING) == ()


@pytest.mark.parametrize(
    ("changed", "day", "opens"),
    [
        ({}, WEDNESDAY, True),
        ({}, HOLIDAY, False),
        ({"days": (HOLIDAY,)}, HOLIDAY, True),
        ({"weekdays": (5,)}, date(2026, 5, 9), True),
        ({"closed_days": (WEDNESDAY,)}, WEDNESDAY, False),
        ({"closed_days": (HOLIDAY,), "days": (HOLIDAY,)}, HOLIDAY, False),
        ({"first_day": date(2026, 5, 1)}, WEDNESDAY, False),
        ({"last_day": date(2026, 4, 28)}, WEDNESDAY, False),
        ({"last_day": WEDNESDAY}, WEDNESDAY, True),
        ({"closed_at": NOW}, WEDNESDAY, False),
        ({"weekdays": (), "days": (WEDNESDAY + DAY,)}, WEDNESDAY + DAY, True),
    ],
)
def test_which_days_are_open(changed: dict[str, object], day: date, opens: bool) -> None:
    calendar = replace(CALENDAR, **changed)  # type: ignore[arg-type]
    assert is_open(calendar, day, WORKING) is opens


def test_nothing_is_free_too_soon_or_too_late() -> None:
    now = at(WEDNESDAY, 8)  # nine is one hour ahead, ten two hours
    found = [slot.starts_at for slot in free(CALENDAR, {}, WORKING, now, RULE)]
    assert found[0] == at(WEDNESDAY, 10)
    assert found[-1] == at(WEDNESDAY + 21 * DAY, 15)
    assert not [each for each in found if each.date() == HOLIDAY]


def test_a_day_is_full_at_its_cap() -> None:
    calendar = replace(CALENDAR, capacity=2, day_cap=3)
    first, second, third, fourth = slots(calendar, WEDNESDAY, WORKING)
    taken = {("c", first.starts_at): 2, ("c", third.starts_at): 1}
    assert not has_room(calendar, first, taken)
    assert not has_room(calendar, second, taken)
    assert has_room(calendar, fourth, taken, released=1)
    assert not has_room(calendar, first, taken, released=1)


def test_the_offer_is_spread_over_half_days() -> None:
    found = list(free(CALENDAR, {}, WORKING, NOW, RULE))
    offered = [slot.starts_at for slot in offer(found, 3, wish=Wish())]
    nth = WEDNESDAY + 14 * DAY
    assert offered == [at(WEDNESDAY, 9), at(WEDNESDAY, 14), at(nth, 9)]
    one_day = [slot for slot in found if slot.starts_at.date() == WEDNESDAY]
    assert len(offer(one_day, 3, wish=Wish())) == 3
    seen = tuple(key_of(slot) for slot in offer(found, 3, wish=Wish()))
    again = offer(found, 3, wish=Wish(), seen=seen)
    assert not set(seen) & {key_of(slot) for slot in again}


def test_a_wish_narrows_the_offer() -> None:
    found = list(free(CALENDAR, {}, WORKING, NOW, RULE))
    wish = Wish(frozenset({WEDNESDAY}), earliest=time(12))
    assert [slot.starts_at for slot in offer(found, 3, wish=wish)] == [
        at(WEDNESDAY, 14),
        at(WEDNESDAY, 15),
    ]
    assert offer(found, 3, wish=Wish(latest=time(9))) == ()


def test_a_key_names_its_slot_and_nothing_else_does() -> None:
    slot = slots(CALENDAR, WEDNESDAY, WORKING)[1]
    calendar_id, starts_at = read_key(key_of(slot)) or ("", NOW)
    assert (calendar_id, starts_at) == ("c", slot.starts_at)
    assert slot_at(CALENDAR, starts_at, WORKING) == slot
    assert slot_at(CALENDAR, starts_at + timedelta(minutes=1), WORKING) is None
    for wrong in ("", "c", "c:", "c:x", "c:-5", "c:٣٤", "c:" + "9" * 30):
        assert read_key(wrong) is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"weekdays": (7,)}, "weekdays"),
        ({"weekdays": ()}, "days"),
        ({"slot_minutes": 4}, "slot_minutes"),
        ({"spans": ()}, "spans"),
        ({"spans": ((600, 630),)}, "spans"),
        ({"spans": ((600, 700), (690, 800))}, "spans"),
        ({"spans": ((1400, 1500),)}, "spans"),
        ({"capacity": 0}, "capacity"),
        ({"day_cap": 0}, "day_cap"),
        ({"last_day": date(2026, 3, 1)}, "last_day"),
        ({"place": ""}, "place"),
        ({"named": True}, "host_id"),
        ({"kind": BookingKind.JOINT_DESK}, "case_number"),
    ],
)
def test_a_wrong_calendar_names_what_is_wrong(changed: dict[str, object], field: str) -> None:
    assert rules.checked(CALENDAR) == CALENDAR
    with pytest.raises(Incomplete) as refused:
        rules.checked(replace(CALENDAR, **changed))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_who_meets_elsewhere_needs_no_place() -> None:
    assert rules.checked(replace(CALENDAR, place="", mode=Mode.REMOTE)).mode is Mode.REMOTE


def booked(**changed: object) -> Appointment:
    made = Appointment(
        "a", "c", BookingKind.RECEPTION, "talk", at(WEDNESDAY, 9), at(WEDNESDAY, 10), 1, NOW
    )
    return rules.scheduled(replace(made, **changed), NOW, RULE)  # type: ignore[arg-type]


def test_the_life_of_an_appointment_in_time() -> None:
    each, done = booked(name="李"), []
    while each.next_at is not None:
        now = each.next_at
        due = rules.due(each, now, RULE)
        done.append((now, due))
        if due is Due.CLOSE:
            each = replace(each, standing=Standing.PASSED)
        each = replace(each, name="" if due is Due.FORGET else each.name)
        each = rules.scheduled(each, now, RULE)
    assert done == [
        (at(WEDNESDAY - DAY, 9), Due.REMIND),
        (at(WEDNESDAY, 7), Due.REMIND),
        (at(WEDNESDAY, 10), Due.CLOSE),
        (at(WEDNESDAY, 10) + 30 * DAY, Due.FORGET),
    ]


def test_a_clock_that_slept_reminds_once() -> None:
    each = booked()
    late = at(WEDNESDAY, 8, 30)
    assert rules.due(each, late, RULE) is Due.REMIND
    assert rules.scheduled(each, late, RULE).next_at == at(WEDNESDAY, 10)
    assert rules.due(each, NOW, RULE) is None


def test_who_is_called_off_hears_of_it_once_and_then_is_forgotten() -> None:
    off = rules.called_off(booked(name="李"), "o", NOW)
    assert rules.due(off, NOW, RULE) is Due.APOLOGISE
    told = rules.scheduled(off, NOW, RULE)
    assert told.next_at is not None
    assert rules.due(told, told.next_at, RULE) is Due.FORGET


def test_what_is_settled_stays_settled() -> None:
    gone = rules.settled(booked(), Standing.CANCELLED, None, NOW, RULE)
    for standing in Standing:
        if standing not in {Standing.BOOKED, Standing.PASSED}:
            with pytest.raises(NotAllowed):
                rules.settled(gone, standing, "o", NOW, RULE)
    came = rules.settled(booked(), Standing.ATTENDED, "o", NOW, RULE)
    assert rules.settled(came, Standing.ABSENT, "o", NOW, RULE).standing is Standing.ABSENT
    with pytest.raises(NotAllowed):
        rules.settled(came, Standing.CANCELLED, None, NOW, RULE)


def test_parties_and_people_are_counted_apart() -> None:
    made = Reception("1", "s", "o", WEDNESDAY, "consumer", 3, "退款", "o", NOW)
    tally = receptions.tallied([made, replace(made, id="2", people=1)])
    assert (tally.parties, tally.people) == (2, 4)
    for changed, field in (
        ({"people": 0}, "people"),
        ({"decision": " "}, "decision"),
        ({"due_at": NOW}, "due_at"),
        ({"due_at": NOW + DAY}, "case_number"),
    ):
        with pytest.raises(Incomplete) as refused:
            receptions.checked(replace(made, **changed))
        assert refused.value.field == field


MINUTES = st.integers(0, 24 * 60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar that can be opened."""
    length = draw(st.integers(15, 240))
    edges = sorted(draw(st.lists(MINUTES, min_size=2, max_size=6, unique=True)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    spans = tuple((start, stop) for start, stop in pairs if stop - start >= length)
    calendar = replace(
        CALENDAR,
        spans=spans or ((0, length),),
        slot_minutes=length,
        weekdays=tuple(draw(st.sets(st.integers(0, 6)))),
        days=tuple(draw(st.sets(st.dates(WEDNESDAY, WEDNESDAY + 20 * DAY), min_size=1))),
        capacity=draw(st.integers(1, 3)),
        day_cap=draw(st.none() | st.integers(1, 5)),
    )
    return rules.checked(calendar)


@given(calendars(), st.datetimes(datetime(2026, 4, 1), datetime(2026, 5, 30)))  # noqa: DTZ001
def test_every_free_slot_lies_ahead_within_the_horizon_and_can_be_named(
    calendar: Calendar, local: datetime
) -> None:
    now = local.replace(tzinfo=CHINA)
    found = list(free(calendar, {}, WORKING, now, RULE))
    assert found == sorted(found, key=lambda slot: slot.starts_at)
    for slot in found:
        assert now + RULE.ahead <= slot.starts_at < now + RULE.horizon + DAY
        assert slot.ends_at - slot.starts_at == timedelta(minutes=calendar.slot_minutes)
        day = slot.starts_at.astimezone(CHINA).date()
        assert day not in WORKING.holidays or day in calendar.days
    for slot in (*found[:3], *found[-3:]):
        assert slot_at(calendar, slot.starts_at, WORKING) == slot
        named = read_key(key_of(slot))
        assert named is not None
        assert named[1] == slot.starts_at


@given(calendars(), st.lists(st.integers(0, 400), max_size=40))
def test_taking_whatever_has_room_never_takes_too_much(
    calendar: Calendar, wishes: list[int]
) -> None:
    taken: dict[tuple[str, datetime], int] = {}
    everything: list[Slot] = list(free(calendar, {}, WORKING, NOW, RULE))
    for wish in wishes:
        if not everything:
            break
        slot = everything[wish % len(everything)]
        if has_room(calendar, slot, taken):
            where = ("c", slot.starts_at)
            taken[where] = taken.get(where, 0) + 1
    assert all(count <= calendar.capacity for count in taken.values())
    days: dict[date, int] = {}
    for (_, starts_at), count in taken.items():
        days[starts_at.date()] = days.get(starts_at.date(), 0) + count
    assert all(count <= (calendar.day_cap or count) for count in days.values())
    left = {slot.starts_at for slot in free(calendar, taken, WORKING, NOW, RULE)}
    full = {at for (_, at), count in taken.items() if count >= calendar.capacity}
    assert not left & full


@given(calendars(), st.integers(1, 3), st.booleans())
def test_an_offer_is_short_in_order_and_of_what_is_free(
    calendar: Calendar, most: int, later: bool
) -> None:
    found = list(free(calendar, {}, WORKING, NOW, RULE))
    wish = Wish(earliest=time(12)) if later else Wish()
    offered = offer(found, most, wish=wish)
    assert len(offered) == min(most, len([slot for slot in found if wish.fits(slot)]))
    assert list(offered) == sorted(set(offered), key=lambda slot: slot.starts_at)
    assert set(offered) <= set(found)
