"""What residents are told about appointments: when, what, where, and what to bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.booking import Appointment, Calendar, Mode
from casework.turn import Line
from casework.working_calendar import CHINA
from config.words import ParamValue, Words

_NOON = 12
_EVENING = 18


def when_text(at: datetime, now: datetime, words: Words) -> str:
    """A time as people say it: 明天（周三）上午9:00, 11月25日（周三）下午2:30."""
    local, today = at.astimezone(CHINA), now.astimezone(CHINA).date()
    ahead = (local.date() - today).days
    part = "morning" if local.hour < _NOON else "afternoon" if local.hour < _EVENING else "evening"
    clock = words.text(
        f"booking_{part}", {"hour": (local.hour - 1) % 12 + 1, "minute": f"{local.minute:02}"}
    )
    weekday = words.text(f"weekday_{local.weekday()}")
    key = {0: "booking_today", 1: "booking_tomorrow"}.get(ahead, "booking_day")
    month = words.months[local.month - 1] if words.months else local.month
    params: dict[str, ParamValue] = {"clock": clock, "weekday": weekday}
    return words.text(key, {**params, "month": month, "day": local.day})


def facts(
    calendar: Calendar, host: str, starts_at: datetime, now: datetime, words: Words
) -> dict[str, ParamValue]:
    """What the texts about a time of this calendar need."""
    return {
        "when": when_text(starts_at, now, words),
        "what": what_text(calendar, host, words),
        "where": _where(calendar, words),
        "bring": bring_text(calendar, words),
    }


def what_text(calendar: Calendar, host: str, words: Words) -> str:
    """What it is, and with whom."""
    if not host:
        return calendar.title
    return words.text("booking_with", {"title": calendar.title, "host": host})


def bring_text(calendar: Calendar, words: Words) -> str:
    """What to bring; nothing is an empty text."""
    if not calendar.materials:
        return ""
    return words.text("booking_bring", {"things": words.text("between").join(calendar.materials)})


def _where(calendar: Calendar, words: Words) -> str:
    """Nobody is said to come: a visit is agreed on with the one who makes it."""
    if calendar.mode is Mode.PLACE:
        return words.text("booking_at_place", {"place": calendar.place})
    return words.text("booking_at_home" if calendar.mode is Mode.HOME else "booking_remote")


@dataclass(frozen=True, slots=True)
class AppointmentWords:
    """casework.desk.booking_due.BookingTexts, in one language's words."""

    words: Words

    def reminder(
        self, appointment: Appointment, calendar: Calendar, host: str, now: datetime
    ) -> Line:
        """Before the time."""
        told = facts(calendar, host, appointment.starts_at, now, self.words)
        return self.words.line("booking_reminder", {**told, "serial": appointment.serial})

    def called_off(
        self, appointment: Appointment, calendar: Calendar, host: str, now: datetime
    ) -> Line:
        """The other side cannot come; another time is one tap away."""
        told = facts(calendar, host, appointment.starts_at, now, self.words)
        again = self.words.button("booking_again", f"book:kind:{calendar.kind.value}")
        return Line(self.words.text("booking_called_off", told), (again,))

    def moved(self, appointment: Appointment, calendar: Calendar, host: str, now: datetime) -> Line:
        """The host has put it off; the resident may choose otherwise."""
        told = facts(calendar, host, appointment.starts_at, now, self.words)
        other = self.words.button("booking_move", f"book:move:{appointment.id}")
        return Line(self.words.text("booking_moved", told), (other,))

    def invitation(self, number: str, calendar: Calendar) -> Line:
        """A joint desk, told to one of those it is for with their own number only."""
        params: dict[str, ParamValue] = {
            "number": number,
            "title": calendar.title,
            "where": _where(calendar, self.words),
            "bring": bring_text(calendar, self.words),
        }
        button = self.words.button("booking_choose", f"book:kind:{calendar.kind.value}")
        return Line(self.words.text("booking_invitation", params), (button,))
