"""What the store knows of a time: its calendar, its host, and what the resident is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.dialogue.booking_words import Time
from casework.booking import Appointment, Calendar
from casework.booking_slots import Slot
from casework.intake import has

if TYPE_CHECKING:
    from bot.requests_desk import Progress


def times_of(on: Progress, calendars: Sequence[Calendar], slots: Sequence[Slot]) -> list[Time]:
    """Slots with what is told of them."""
    by_id = {each.id: each for each in calendars}
    names = names_of(on, calendars)
    return [
        Time(slot, by_id[slot.calendar_id], names.get(by_id[slot.calendar_id].host_id or "", ""))
        for slot in slots
    ]


def told_apart(on: Progress, calendars: Sequence[Calendar]) -> list[Calendar]:
    """With the unit's name where they are of several: nobody knows yet where the resident lives."""
    ids = {each.unit_id for each in calendars}
    if len(ids) < 2:
        return list(calendars)
    names = {each.id: each.name for each in on.tx.people.units(ids)}
    return [
        replace(
            each,
            title=on.book.words.text(
                "booking_of_unit", {"unit": names[each.unit_id], "title": each.title}
            ),
        )
        for each in calendars
    ]


def with_calendars(
    on: Progress, appointments: Sequence[Appointment]
) -> list[tuple[Appointment, Calendar, str]]:
    """Each with its calendar and the name of its host."""
    calendars = {
        each: on.tx.booking.calendar(each) for each in {a.calendar_id for a in appointments}
    }
    names = names_of(on, list(calendars.values()))
    return [
        (each, calendar, names.get(calendar.host_id or "", ""))
        for each in appointments
        for calendar in [calendars[each.calendar_id]]
    ]


def names_of(on: Progress, calendars: Sequence[Calendar]) -> dict[str, str]:
    """The hosts' names by id."""
    hosts = {each.host_id for each in calendars if each.host_id}
    return {each.id: each.name for each in on.tx.people.officers(hosts)}


def host_in(on: Progress, calendars: Sequence[Calendar], text: str) -> str:
    """The host whose name is in the words, of those who may be asked for by name."""
    if not text:
        return ""
    names = names_of(on, [each for each in calendars if each.named])
    return next((host for host, name in names.items() if name and name in text), "")


def name_at_the_door(on: Progress) -> str:
    """What the resident is called at the door, where they have given a name and mean it to be
    known; never the name of a chat's account."""
    draft = on.state.draft
    told = [draft.slots] if draft else []
    if on.conversation.has_cases:
        cases = on.tx.cases.of_conversation(on.conversation.id)
        told += [case.slots for case in reversed(cases) if not case.restricted]
    for slots in told:
        if has(slots, "name"):
            return str(slots["name"].value)
    return ""
