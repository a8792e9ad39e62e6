"""Offers, questions and refusals about appointments, as replies with their buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.requests import ParamValue, Reply
from bot.dialogue.scene import Scene
from casework.booking import Appointment, Calendar
from casework.booking_slots import Slot, Wish, key_of
from casework.turn import Button
from casework.wishes import wished
from config.booking_words import bring_text, facts, what_text, when_text
from config.load import Book
from nlu.extract.numbers import NUMERAL, parse
from nlu.normalize import normalize


@dataclass(frozen=True, slots=True)
class Time:
    """A slot with its calendar and the name of its host, as it is told."""

    slot: Slot
    calendar: Calendar
    host: str


def wish_of(scene: Scene) -> Wish:
    """When the line would like it to be."""
    words = scene.book.booking.when
    text = normalize(scene.said.text).text
    return wished(text, scene.now, words, NUMERAL, whole_number)


def whole_number(words: str) -> int | None:
    """A numeral in figures or words, where it is whole."""
    number = parse(words)
    whole = number is not None and number.value == int(number.value)
    return int(number.value) if number is not None and whole else None


def offered(lead: str, times: Sequence[Time], now: datetime, book: Book) -> Reply:
    """Up to three times to choose from, and another look."""
    words = book.words
    lines = [
        words.text(
            "booking_line",
            {
                "number": number,
                "when": when_text(each.slot.starts_at, now, words),
                "what": what_text(each.calendar, each.host, words),
            },
        )
        for number, each in enumerate(times, 1)
    ]
    buttons = [
        Button(when_text(each.slot.starts_at, now, words), f"book:at:{key_of(each.slot)}")
        for each in times
    ]
    other = words.button("booking_other", "book:more")
    return Reply(lead, {"lines": "\n".join(lines)}, (*buttons, other))


def asked(time: Time, now: datetime, book: Book) -> Reply:
    """This one? Nothing is taken before the resident says so."""
    told = facts(time.calendar, time.host, time.slot.starts_at, now, book.words)
    buttons = (
        book.words.button("booking_yes", "book:yes"),
        book.words.button("booking_other", "book:more"),
        book.words.button("booking_drop", "book:drop"),
    )
    return Reply("booking_check", told, buttons)


def receipt(
    appointment: Appointment, calendar: Calendar, host: str, now: datetime, book: Book
) -> dict[str, ParamValue]:
    """What the receipt says."""
    told = facts(calendar, host, appointment.starts_at, now, book.words)
    return {**told, "serial": appointment.serial}


def mine(
    lead: str, booked: Sequence[tuple[Appointment, Calendar, str]], now: datetime, book: Book
) -> Reply:
    """What the resident has booked, with what can be done about it."""
    words = book.words
    lines = [
        words.text(
            "booking_mine_line",
            {
                "when": when_text(each.starts_at, now, words),
                "what": what_text(calendar, host, words),
                "serial": each.serial,
                "bring": bring_text(calendar, words),
            },
        )
        for each, calendar, host in booked
    ]
    buttons = _doing(booked, book) if len(booked) == 1 else ()
    return Reply(lead, {"lines": "\n".join(lines)}, buttons)


def _doing(booked: Sequence[tuple[Appointment, Calendar, str]], book: Book) -> tuple[Button, ...]:
    appointment, _, _ = booked[0]
    return (
        book.words.button("booking_move", f"book:move:{appointment.id}"),
        book.words.button("booking_cancel", f"book:cancel:{appointment.id}"),
    )


def which(
    act: str, booked: Sequence[tuple[Appointment, Calendar, str]], now: datetime, book: Book
) -> Reply:
    """Several: which one is to be moved or cancelled?"""
    buttons = tuple(
        Button(when_text(each.starts_at, now, book.words), f"book:{act}:{each.id}")
        for each, _, _ in booked
    )
    return Reply("booking_which", {}, buttons)


def hosts(named: Sequence[tuple[Calendar, str]], most: int, book: Book) -> Reply:
    """Whom one may ask for by name."""
    words = book.words
    lines = [
        words.text("booking_host_line", {"host": name, "title": calendar.title})
        for calendar, name in named
    ]
    buttons = [Button(name, f"book:host:{calendar.host_id}") for calendar, name in named[:most]]
    return Reply("booking_hosts", {"lines": "\n".join(lines)}, tuple(buttons))
