"""When a resident would like to come, in the words of a line: 下周三上午, 后天, 12月3号下午两点."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from casework.booking_slots import Wish
from casework.working_calendar import CHINA

_WEEK = 7
_SATURDAY = 5
_NOON = 12
_OPENS = 7  # an hour before this one, said without a part of the day, is of the afternoon
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")
_ASCII_WORD = re.compile(r"[a-z' ]+")

Number = Callable[[str], int | None]
"""Reads a numeral, in figures or in words; None when it is none."""


@dataclass(frozen=True, slots=True)
class WhenWords:
    """The words that say when. ``parts`` are words with the hours they mean, ``numeral`` the
    pattern of a number."""

    days: Mapping[int, tuple[str, ...]]
    weekdays: tuple[tuple[str, ...], ...]
    next: tuple[str, ...]
    next_week: tuple[str, ...]
    weekend: tuple[str, ...]
    parts: tuple[tuple[tuple[str, ...], time, time | None], ...]
    month: tuple[str, ...]
    day: tuple[str, ...]
    hour: tuple[str, ...]
    half: tuple[str, ...]


def wished(text: str, now: datetime, words: WhenWords, numeral: str, number: Number) -> Wish:
    """What the line wishes; nothing where it says nothing of the kind. ``text`` is normalised."""
    today = now.astimezone(CHINA).date()
    days = (
        _dates(text, today, words, numeral, number)
        or _near(text, today, words)
        or _weekdays(text, today, words)
    )
    earliest, latest = _part(text, words)
    clock = _clock(text, words, numeral, number, afternoon=_is_late(earliest))
    if clock is not None:
        earliest, latest = clock, time(clock.hour + 1, 0) if clock.hour < 23 else None
    return Wish(frozenset(days), earliest or None, latest)


def _dates(text: str, today: date, words: WhenWords, numeral: str, number: Number) -> set[date]:
    """12月3号, 3号: the next one there is."""
    month, day = _one_of(words.month), _one_of(words.day)
    found = set()
    for match in re.finditer(rf"(?:({numeral})\s*{month}\s*)?({numeral})\s*{day}", text):
        of_month = number(match[1]) if match[1] else None
        of_day = number(match[2])
        if of_day is not None:
            found |= _coming(today, of_month, of_day)
    return found


def _coming(today: date, month: int | None, day: int) -> set[date]:
    """The next day of this number (of this month); empty when there is no such day."""
    for ahead in range(366):
        at = today + timedelta(days=ahead)
        if at.day == day and month in {None, at.month}:
            return {at}
    return set()


def _near(text: str, today: date, words: WhenWords) -> set[date]:
    named = sorted(
        ((word, ahead) for ahead, each in words.days.items() for word in each),
        key=lambda pair: -len(pair[0]),
    )
    found = set()
    for word, ahead in named:
        if _at(word, text) is not None:
            found.add(today + timedelta(days=ahead))
            text = text.replace(word, " ")
    return found


def _weekdays(text: str, today: date, words: WhenWords) -> set[date]:
    monday = today - timedelta(days=today.weekday())
    found = set()
    for weekday, names in enumerate(words.weekdays):
        for name in names:
            at = _at(name, text)
            if at is None:
                continue
            following = text[:at].rstrip().endswith(words.next)
            day = monday + timedelta(days=weekday + _WEEK * following)
            found.add(day if day >= today else day + timedelta(days=_WEEK))
    if any(_at(word, text) is not None for word in words.weekend):
        weekend = (monday + timedelta(days=_SATURDAY), monday + timedelta(days=_SATURDAY + 1))
        found |= {day for day in weekend if day >= today}
    if not found and any(_at(word, text) is not None for word in words.next_week):
        found = {monday + timedelta(days=_WEEK + each) for each in range(_WEEK)}
    return found


def _part(text: str, words: WhenWords) -> tuple[time | None, time | None]:
    for named, earliest, latest in words.parts:
        if any(_at(word, text) is not None for word in named):
            return earliest, latest
    return None, None


def _is_late(earliest: time | None) -> bool:
    return earliest is not None and earliest.hour >= _NOON


def _clock(
    text: str, words: WhenWords, numeral: str, number: Number, *, afternoon: bool
) -> time | None:
    """9点, 九点半, 14:30, 3pm; 三点 alone is three in the afternoon: nobody receives at night."""
    plain = _CLOCK.search(text)
    spoken = re.search(rf"({numeral})\s*{_one_of(words.hour)}({_one_of(words.half)})?", text)
    if plain is not None:
        hour, minute = int(plain[1]), int(plain[2])
    elif spoken is not None:
        read = number(spoken[1])
        hour, minute = (read if read is not None else -1), 30 if spoken[2] else 0
    else:
        return None
    if 0 < hour < _NOON and (afternoon or hour < _OPENS):
        hour += _NOON
    return time(hour, minute) if 0 <= hour < 24 else None


def _one_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _at(word: str, text: str) -> int | None:
    """Where the word stands; an English one only by itself."""
    if _ASCII_WORD.fullmatch(word) is None:
        at = text.find(word)
        return at if at >= 0 else None
    found = re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text)
    return found.start() if found else None
