"""Carries out what residents want of appointments, inside the turn's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.booking_facts import (
    host_in,
    name_at_the_door,
    names_of,
    times_of,
    told_apart,
    with_calendars,
)
from bot.dialogue import booking as dialogue
from bot.dialogue import booking_words as words
from bot.dialogue import requests
from bot.dialogue.requests import AskBooking, Reply
from bot.dialogue.state import Booking
from casework.booking import Appointment, BookingKind, Calendar
from casework.booking_slots import Slot, Wish, key_of, offer, read_key, slot_at
from casework.desk import bookable
from casework.desk import booking as desk
from casework.errors import NotFound

if TYPE_CHECKING:
    from bot.requests_desk import Progress

_MOST_SEEN = 30
_MOST_UNITS = 6  # beyond these one asks where the resident lives, instead of offering all there are
_TOLD = "booking_looking"


def told(on: Progress, number: str) -> None:
    """A matter was filed: what was booked before it was told is about it."""
    desk.link(on.tx, number, on.now)


def _ask(on: Progress, request: AskBooking) -> None:
    _DOES[request.act](on, request)


def _held(on: Progress) -> Booking:
    return on.state.booking or Booking("")


def _find(on: Progress, request: AskBooking) -> None:
    """Offer times; somebody who has one of this kind hears of it first."""
    held = _held(on)
    kind = BookingKind(held.kind)
    mine = bookable.standing(on.tx, on.conversation.id, on.now, kind)
    if mine and not held.moving:
        _end(on, _told_of(on, "booking_twice", mine), mine[0].id)
        return
    calendars = bookable.calendars_for(on.tx, on.conversation, kind, request.unit or None)
    if len({each.unit_id for each in calendars}) > _MOST_UNITS:
        on.state = replace(on.state, asking=_asking(on))
        _say(on, Reply("booking_where"))
        return
    host = held.host or host_in(on, calendars, request.words)
    if host:
        calendars = [each for each in calendars if each.host_id == host]
    _offer(on, calendars, request.wish, replace(held, host=host))


def _offer(
    on: Progress, calendars: Sequence[Calendar], wish: Wish, held: Booking, lead: str = ""
) -> None:
    """What is free, as wished where that can be; nothing at all is said honestly."""
    seen = held.seen
    chosen = _chosen(on, calendars, wish, seen)
    if not chosen and (wish or seen):
        lead = lead or ("booking_nearest" if wish else "booking_no_more")
        chosen, seen = _chosen(on, calendars, Wish(), ()), ()
    if not chosen:
        _end(on, Reply(f"booking_none_{held.kind}"))
        return
    keys = tuple(key_of(slot) for slot in chosen)
    held = replace(held, offered=keys, chosen="", seen=(*seen, *keys)[-_MOST_SEEN:])
    on.state = replace(on.state, booking=held, asking=_asking(on))
    times = times_of(on, told_apart(on, calendars), chosen)
    _say(on, words.offered(lead or "booking_offer", times, on.now, on.book))


def _chosen(
    on: Progress, calendars: Sequence[Calendar], wish: Wish, seen: Sequence[str]
) -> tuple[Slot, ...]:
    free = bookable.free_slots(on.tx, calendars, on.book.booker, on.now, wish.days)
    return offer(free, on.book.booking.rule.offered, wish=wish, seen=seen)


def _hosts(on: Progress, request: AskBooking) -> None:
    """点名接访: who can be asked for, or the times of the one who was."""
    held = _held(on)
    calendars = bookable.calendars_for(on.tx, on.conversation, BookingKind(held.kind))
    names = names_of(on, calendars)
    if host_in(on, calendars, request.words):
        _find(on, request)
        return
    named = {c.host_id: (c, names[c.host_id]) for c in calendars if c.named and c.host_id}
    if not named:
        _end(on, Reply("booking_no_hosts"))
        return
    known = tuple(f"{host}:{name}" for host, (_, name) in named.items() if host)
    on.state = replace(on.state, booking=replace(held, hosts=known), asking=_asking(on))
    _say(on, words.hosts(list(named.values()), on.book.booking.rule.offered, on.book))


def _check(on: Progress, request: AskBooking) -> None:
    """A time was chosen: it is read back before anything is taken."""
    held = _held(on)
    found = read_key(request.key)
    try:
        calendar = on.tx.booking.calendar(found[0] if found else "")
    except NotFound:
        calendar = None
    slot = slot_at(calendar, found[1], on.book.calendar) if calendar and found else None
    if calendar is None or slot is None:
        _end(on, Reply("booking_gone"))
        return
    held = replace(held, kind=calendar.kind.value)
    mine = bookable.standing(on.tx, on.conversation.id, on.now, calendar.kind)
    if mine and not held.moving:
        _end(on, _told_of(on, "booking_twice", mine), mine[0].id)
        return
    mine_too = bookable.may_book(on.tx, on.conversation, calendar)
    if not mine_too or not bookable.is_free(on.tx, calendar, slot, on.book.booker, on.now):
        offered = bookable.calendars_for(on.tx, on.conversation, calendar.kind)
        _offer(on, offered, Wish(), replace(held, seen=()), "booking_lost")
        return
    chosen = replace(held, chosen=request.key)
    on.state = replace(on.state, booking=chosen, asking=_asking(on))
    _say(on, words.asked(times_of(on, [calendar], [slot])[0], on.now, on.book))


def _book(on: Progress, request: AskBooking) -> None:
    """Taken, or gone to somebody who was faster: then the next ones are offered at once."""
    held = _held(on)
    done = desk.book(
        on.tx,
        on.conversation,
        request.key,
        on.book.booker,
        on.now,
        name=name_at_the_door(on),
        moving=held.moving or None,
    )
    if done.why == desk.TWICE and done.appointment is not None:
        _end(on, _told_of(on, "booking_twice", [done.appointment]))
    elif done.appointment is None:
        calendars = bookable.calendars_for(on.tx, on.conversation, BookingKind(held.kind))
        lead = "booking_lost" if done.why == desk.FULL else "booking_gone_next"
        on.replies = ()  # nor is the question repeated that waits behind it
        _offer(on, calendars, Wish(), replace(held, seen=()), lead)
    else:
        _booked(on, done.appointment)


def _booked(on: Progress, appointment: Appointment) -> None:
    calendar, host = with_calendars(on, [appointment])[0][1:]
    on.facts.update(words.receipt(appointment, calendar, host, on.now, on.book))
    made = Booking(appointment.kind.value, made=appointment.id)
    on.state = replace(on.state, booking=made)
    if appointment.case_number is None and on.state.draft is None:
        on.replies = (*on.replies, Reply("booking_tell"))


def _cancel(on: Progress, request: AskBooking) -> None:
    found = _meant(on, request)
    if found is None:
        return
    gone = desk.cancel(on.tx, on.conversation, found.id, on.book.booking.rule, on.now)
    if gone is None:
        _end(on, Reply("booking_mine_none"))
        return
    told = with_calendars(on, [gone])[0]
    params = words.receipt(gone, told[1], told[2], on.now, on.book)
    _end(on, Reply("booking_cancelled", params))


def _move(on: Progress, request: AskBooking) -> None:
    found = _meant(on, request)
    if found is not None:
        held = Booking(found.kind.value, moving=found.id)
        on.state = replace(on.state, booking=held)
        _find(on, request)


def _meant(on: Progress, request: AskBooking) -> Appointment | None:
    """Which appointment it is about; None when there is none, or it has to be asked."""
    mine = bookable.standing(on.tx, on.conversation.id, on.now)
    kind = _held(on).kind
    found = [each for each in mine if request.key in {"", each.id} and kind in {"", each.kind}]
    if request.key and not found:
        found = [each for each in mine if each.id == request.key]
    if len(found) == 1:
        return found[0]
    if found:
        _end(on, words.which(request.act, with_calendars(on, found), on.now, on.book))
    else:
        _end(on, Reply("booking_mine_none"))
    return None


def _mine(on: Progress, _: AskBooking) -> None:
    mine = bookable.standing(on.tx, on.conversation.id, on.now)
    if not mine:
        _end(on, Reply("booking_mine_none"))
        return
    _end(on, _told_of(on, "booking_mine", mine), mine[0].id)


def _also(on: Progress, _: AskBooking) -> None:
    """With everything else that is kept of the resident (PIPL §45): what they have booked."""
    mine = bookable.standing(on.tx, on.conversation.id, on.now)
    if mine:
        told = replace(_told_of(on, "booking_mine", mine), buttons=())
        keys = [each.key for each in on.replies]
        at = keys.index("info_rights") if "info_rights" in keys else len(keys)
        on.replies = (*on.replies[:at], told, *on.replies[at:])


def _told_of(on: Progress, lead: str, mine: Sequence[Appointment]) -> Reply:
    return words.mine(lead, with_calendars(on, mine), on.now, on.book)


def _say(on: Progress, reply: Reply) -> None:
    """In place of the words that only bridged the looking."""
    kept = tuple(each for each in on.replies if each.key != _TOLD)
    on.replies = (*kept, reply)


def _end(on: Progress, reply: Reply, made: str = "") -> None:
    """Nothing about times is asked any more; what was asked before is open again. ``made`` is the
    appointment that was told of: 去不了了 is about it."""
    before = (on.state.asking or "").partition(":")
    asking = before[2] or None if before[0] == dialogue.ASKING else on.state.asking
    on.replies = tuple(each for each in on.replies if each.key != "booking_booked")
    _say(on, reply)
    held = Booking("", made=made) if made else None
    on.state = replace(on.state, booking=held, asking=asking)


def _asking(on: Progress) -> str:
    kind, _, _ = (on.state.asking or "").partition(":")
    if kind == dialogue.ASKING:
        return on.state.asking or dialogue.ASKING
    return f"{dialogue.ASKING}:{on.state.asking}" if on.state.asking else dialogue.ASKING


_DOES: dict[str, Callable[[Progress, AskBooking], None]] = {
    "find": _find,
    "hosts": _hosts,
    "check": _check,
    "book": _book,
    "cancel": _cancel,
    "move": _move,
    "mine": _mine,
    "also": _also,
}

RUN: dict[type[requests.Request], Callable[[Progress, Any], None]] = {requests.AskBooking: _ask}
