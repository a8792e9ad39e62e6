"""What a resident is told of a period that is their own: the day, where to apply, nothing more."""

from __future__ import annotations

from datetime import date, datetime

from casework.reminders import Reminder
from casework.statutory import Statutes
from casework.turn import Line
from config.words import ParamValue, Words, in_a_row


def told(words: Words, statutes: Statutes, reminder: Reminder, now: datetime) -> Line:
    """Once the countdown itself, later how long is left, with what ends it."""
    row = statutes.rows[reminder.rule]
    days = reminder.days_left(now)
    params: dict[str, ParamValue] = {
        "what": row.name,
        "where": row.to,
        "since": _day(words, reminder.since, exact=reminder.exact),
        "due": _day(words, reminder.last_day, exact=True),
        "days": days,
    }
    text = words.text(_key(reminder, days), params)
    later = statutes.before(reminder.last_day, reminder.since)
    if reminder.told_at is None and any(each > now for each in later):
        text = in_a_row([text, words.text("countdown_again")])
    buttons = (
        words.button("countdown_done", f"countdown:done:{reminder.id}"),
        words.button("countdown_stop", f"countdown:unwanted:{reminder.id}"),
    )
    return Line(text, buttons)


def _key(reminder: Reminder, days: int) -> str:
    """A day that is only known by its month is never called the last one."""
    if reminder.told_at is None or (days <= 0 and not reminder.exact):
        return "countdown" if reminder.exact else "countdown_about"
    if days <= 0:
        return "countdown_today"
    return "countdown_left" if reminder.exact else "countdown_left_about"


def _day(words: Words, day: date, *, exact: bool) -> str:
    month = words.months[day.month - 1] if words.months else day.month
    params: dict[str, ParamValue] = {"year": day.year, "month": month, "day": day.day}
    return words.text("date_day" if exact else "date_month", params)
